package stacks

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"tcpclose/internal/tier"
	"tcpclose/stacks/adapter"
)

// Each stack that can be started here is built, started, opens and is reset.
func TestAll(t *testing.T) {
	for _, s := range All {
		t.Run(s.Name, func(t *testing.T) {
			if err := s.Missing(".."); err != nil {
				t.Skipf("skipped: %s cannot be started here: %v", s.Name, err)
			}
			if s.prepares && tier.Leaves(t, s.Name) {
				return
			}
			file := filepath.Join(t.TempDir(), s.Name)
			require.NoError(t, s.Build("..", file))
			p, err := adapter.Start(s.Command(file))
			require.NoError(t, err)
			events, err := adapter.ParseSchedule("open passive; in S 0 0 8000 0 mss=1460; in . 1 1 8000 0; in R 1 0 0 0")
			require.NoError(t, err)
			results, err := p.Run(adapter.Setup{Seed: 1}, events)
			require.NoError(t, err)
			var states []string
			for _, r := range results {
				require.Empty(t, r.Err)
				states = append(states, r.State)
			}
			require.Equal(t, []string{"LISTEN", "SYN-RECEIVED", "ESTABLISHED", "CLOSED"}, states)
			require.NoError(t, p.Close())
		})
	}
}

func TestFind(t *testing.T) {
	s, err := Find("own")
	require.NoError(t, err)
	require.Equal(t, "own", s.Name)
	_, err = Find("bsd")
	require.EqualError(t, err, `stack "bsd": want one of [gvisor kernel linux-6.1 linux-6.12 lneto own]`)
}

func TestMissing(t *testing.T) {
	s, err := Find("own")
	require.NoError(t, err)
	require.ErrorContains(t, s.Missing(t.TempDir()), "want the sources of tcpclose")
}

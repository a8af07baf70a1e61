package stacks

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"tcpclose/internal/tier"
	"tcpclose/stacks/adapter"
	"tcpclose/stacks/adapter/adaptertest"
)

// Each stack that can be started here is built, started, opens and is reset.
func TestAll(t *testing.T) {
	tier.SkipToCI(t)
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

// exceptions has what a library in C does otherwise than the smoke test expects.
var exceptions = map[string]map[string]string{
	"libslirp": {
		"simultaneous close": `event 4, in F. 1 1 8000 0: sent "F. 1 2 0": want ". 2 2 0"`, // the FIN again, as 4.4BSD
		"reset":              `event 5, call receive 9: told "eof": want "reset"`,          // its socket is shut, not reset
	},
	"lwip": {"active close": `event 4, in . 1 1 8000 3: sent "": want ". 1 4 0"`}, // the ACK is delayed
}

// Libraries in C give the same twice, and agree with other stacks where all should.
func TestLibraries(t *testing.T) {
	for _, s := range All {
		if s.Library == "" {
			continue
		}
		t.Run(s.Name, func(t *testing.T) {
			if err := s.Missing(".."); err != nil {
				t.Skipf("skipped: %s cannot be started here: %v", s.Name, err)
			}
			file := filepath.Join(t.TempDir(), s.Name)
			require.NoError(t, s.Build("..", file))
			p, err := adapter.Start(s.Command(file))
			require.NoError(t, err)
			adaptertest.Smoke(t, p.Run, exceptions[s.Name])
			adaptertest.Exact(t, p.Run, 300)
			require.NoError(t, p.Close())
		})
	}
}

func TestFind(t *testing.T) {
	s, err := Find("own")
	require.NoError(t, err)
	require.Equal(t, "own", s.Name)
	_, err = Find("bsd")
	require.EqualError(t, err, `stack "bsd": want one of [gvisor kernel libslirp linux-6.1 linux-6.12 lneto lwip own]`)
}

func TestMissing(t *testing.T) {
	s, err := Find("own")
	require.NoError(t, err)
	require.ErrorContains(t, s.Missing(t.TempDir()), "want the sources of tcpclose")
}

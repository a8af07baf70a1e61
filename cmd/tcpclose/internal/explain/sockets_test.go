package explain

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"tcpclose/claims"
	"tcpclose/cmd/tcpclose/internal/screen"
	_ "tcpclose/internal/tier" // the seed of rapid
	"tcpclose/model"
	"tcpclose/profile"
	"tcpclose/sockets"
)

// What ss and /proc/net/tcp wrote of the same sockets on a Linux machine is told alike,
// as far as each says it.
func TestSockets_Real(t *testing.T) {
	for name, want := range map[string][]string{
		"ss.txt":   {"Held by no program: 2. They end by themselves", "1  ESTABLISHED, FIN_WAIT1"}, // of 'ss -tanopie'
		"proc.txt": {"Held by no program: 1. Each ends with the first timeout more than 102 s", "4  FIN_WAIT2, CLOSE_WAIT"},
	} {
		text, err := os.ReadFile("testdata/" + name)
		require.NoError(t, err)
		out, err := explained(t, Teller{Linux: profile.Defaults()}, strings.NewReader(string(text)))
		require.NoError(t, err)
		require.True(t, strings.HasPrefix(out, "16 sockets: 4 CLOSE_WAIT, 1 FIN_WAIT1, 4 FIN_WAIT2, 3 TIME_WAIT, 3 ESTABLISHED,\n1 LISTEN\n"), out)
		for _, w := range append(want, "each stays until the program calls close() or ends", "Not accepted yet: 1.", "Both ends are in the list: 6 connections.") {
			assert.Contains(t, out, w, name)
		}
		for _, l := range []claims.Language{claims.English, claims.Chinese} {
			out, err := explained(t, Teller{Linux: profile.Defaults(), Lang: l, All: true}, strings.NewReader(string(text)))
			require.NoError(t, err)
			for line := range strings.Lines(out) {
				assert.LessOrEqual(t, screen.Width(strings.TrimSuffix(line, "\n")), screen.Columns, line)
			}
			assert.Equal(t, 15, strings.Count(out, "127.0.0.1:8080 > ")+strings.Count(out, " > 127.0.0.1:8080"), "each but the one that listens")
		}
		out, err = explained(t, Teller{Linux: profile.Defaults(), Form: JSON}, strings.NewReader(string(text)))
		require.NoError(t, err)
		var got struct{ Rows []socketRow }
		require.NoError(t, json.Unmarshal([]byte(out), &got))
		require.Len(t, got.Rows, 15)
		pairs := 0
		for _, r := range got.Rows {
			if r.Other != "" {
				pairs++
			}
		}
		assert.Equal(t, 12, pairs)
	}
}

// A socket that retransmits gives up as Linux does: with the timeout that comes long
// enough after the first retransmission.
func TestGivesUp(t *testing.T) {
	l := profile.Defaults()
	fresh := sockets.Socket{State: model.FinWait1, Orphan: sockets.Yes, RTO: 200 * time.Millisecond, Timer: sockets.Timer{Kind: sockets.Retransmit, Left: 200 * time.Millisecond}}
	e := endingOf(fresh, l)
	// 0.2 s to the first retransmission, then 0.4, 0.8, ... 102.4: after 102.0 s the limit
	// of 102.2 s is not reached.
	assert.Equal(t, ending{by: byOrphanRetries, known: true, in: 204600 * time.Millisecond}, e)
	usual := fresh
	usual.RTO, usual.Timer.Left = 204*time.Millisecond, 204*time.Millisecond
	assert.Equal(t, ending{by: byOrphanRetries, known: true, in: 511 * 204 * time.Millisecond}, endingOf(usual, l))
	fresh.Orphan = sockets.No
	assert.Equal(t, ending{by: byRetries2, known: true, in: 1044600 * time.Millisecond}, endingOf(fresh, l))

	rapid.Check(t, func(t *rapid.T) {
		rto := time.Duration(rapid.Int64Range(0, int64(2*time.Hour)).Draw(t, "rto"))
		s := sockets.Socket{
			State: model.LastAck, Orphan: sockets.Yes, RTO: rto, Retries: rapid.IntRange(0, 300).Draw(t, "retries"),
			Timer: sockets.Timer{Kind: sockets.Retransmit, Left: time.Duration(rapid.Int64Range(0, 1<<62).Draw(t, "left"))},
		}
		e := endingOf(s, l)
		require.GreaterOrEqual(t, e.in, time.Duration(0))
		if e.known {
			require.Less(t, e.in, l.OrphanGiveUp()+3*longest)
		}
	})

	// One retransmission later it ends at the same time.
	s := fresh
	s.Orphan = sockets.Yes
	first := endingOf(s, l).in
	passed := time.Duration(0)
	for range 8 {
		passed += s.Timer.Left
		s.Retries++
		s.RTO *= 2
		s.Timer.Left = s.RTO
		assert.Equal(t, first, passed+endingOf(s, l).in, "after %d retransmissions", s.Retries)
	}
}

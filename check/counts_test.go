package check

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/internal/naive"
	"tcpclose/model"
)

// alone is common to the configurations of the last independent model.
const alone = "msl=1 rto=1 r2=1 a-octets=0 b-octets=0 reopen=1 capacity=1 "

// Configurations in which independent models, written from docs/model.md, once had
// other counts, each with the heading under which the page now decides it.
var decided = []struct {
	section, words string
	counts         string
}{
	{"The network", "a-octets=0 b-octets=0 delay=2 loss=unlimited duplicate=2 reorder=off",
		"68051 distinct states, 359757 generated, depth 23"},
	{"The network", "a-octets=0 b-octets=1 loses=b-ack rto=2 msl=2 r2=1",
		"72813 distinct states, 562828 generated, depth 23 (incomplete: capacity)"},
	{"The longest delay", "a-octets=0 b-octets=0 delay=2",
		"79397 distinct states, 772158 generated, depth 27"},
	{"Windows", "a-octets=1 b-octets=0 b-buffer=1 msl=2 rto=1 r2=1",
		"108811 distinct states, 1080037 generated, depth 19"},
	{"Waiting for the window", "a-octets=0 b-octets=1 capacity=1 b-buffer=0 out-of-order=held msl=1 rto=1 r2=1 time-wait=1",
		"2443 distinct states, 10699 generated, depth 17"},
	{"Out of order", "out-of-order=held b-buffer=1 a-octets=0 b-octets=1 msl=1 rto=1 r2=1 capacity=1",
		"4742 distinct states, 21651 generated, depth 16"},
	{"Out of order", "msl=2 rto=1 r2=off capacity=1 out-of-order=held stray=<SEQ=302><ACK=101><CTL=FIN,ACK>",
		"37953 distinct states, 227414 generated, depth 16"},
	{"A segment arrives", "a-octets=1 b-octets=0 msl=1 rto=1 r2=1 capacity=1 off-sequence-ack=read time-wait-kept=no",
		"3105 distinct states, 14254 generated, depth 13"},
	{"A segment arrives", "a-octets=0 b-octets=0 off-sequence-ack=read time-wait-kept=no",
		"35109 distinct states, 325920 generated, depth 21"},
	{"What outlives a connection", "reopen=1 a-octets=0 b-octets=0 msl=1 rto=1 r2=off capacity=1 b-fails=crash a-isn=same b-isn=same loss=off duplicate=off reorder=off",
		"196 distinct states, 452 generated, depth 18 (incomplete: capacity)"},
	{"What outlives a connection", alone + "time-wait-reuse=may-2-no-return",
		"3886 distinct states, 19083 generated, depth 28"},
	{"What outlives a connection", alone + "connect-reuse=at-once",
		"3999 distinct states, 19872 generated, depth 28"},
	{"Timestamps", alone + "time-wait-reuse=may-2 b-isn=same timestamps=on",
		"10848 distinct states, 52570 generated, depth 26"},
}

// The page names them, and the counts are those of both.
func TestDecided(t *testing.T) {
	page, err := os.ReadFile("../docs/model.md")
	require.NoError(t, err)
	for _, d := range decided {
		c, err := model.ParseConfig(d.words)
		require.NoError(t, err, d.words)
		r, err := Check(context.Background(), c, nil, Options{})
		require.NoError(t, err, d.words)
		assert.Equal(t, d.counts, r.Result.String(), d.words)
		assert.True(t, strings.Contains(string(page), d.section), "docs/model.md: no section %q", d.section)
	}
}

// A host that keeps no mini-socket keeps none when a whole one would shrink either.
func TestDecided_NoMini(t *testing.T) {
	c, err := model.ParseConfig("a-octets=0 b-octets=0 msl=1 rto=1 r2=off capacity=1 loss=off duplicate=off reorder=off " +
		"a-close-is=full fin-wait-2=1 fin-wait-2-first=1 fin-wait-2-kept=mini time-wait-kept=no")
	require.NoError(t, err)
	sys, err := model.NewSystem(c)
	require.NoError(t, err)
	minis := 0
	(&naive.Search{System: sys, State: func(n naive.Node, _ int) {
		if n.Ends[model.A].Mini {
			minis++
		}
	}}).Run()
	assert.Zero(t, minis)
}

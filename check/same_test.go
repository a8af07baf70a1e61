package check

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/internal/naive"
	"tcpclose/model"
)

// small and roomy are configurations that are searched at once, and by naive code, too.
const (
	small = "a-octets=0 b-octets=0 msl=1 rto=1 r2=1 capacity=1 "
	roomy = "a-octets=0 b-octets=0 msl=1 rto=1 r2=1 capacity=4 "
)

// What has no effect is told, and nothing else: what a naive comparison of every step
// finds to be the same in all reachable states.
func TestSame(t *testing.T) {
	for _, c := range []struct {
		words, old string
		same       bool
	}{
		{small + "fin-wait-2=60", "fin-wait-2=off", true},
		{small + "fin-wait-2=2 a-close-is=full", "fin-wait-2=off", false},
		{small + "fin-wait-2=60 fin-wait-2-timer=all", "fin-wait-2=off", false},
		{small + "time-wait-rst=ignored", "time-wait-rst=obeyed", false},
		{small + "late-data=ack", "late-data=rst", true},
		{small + "a-isn=same", "a-isn=larger", true},
		{small + "a-buffer=1", "a-buffer=unlimited", false},
		{small + "time-wait-reuse=may-2", "time-wait-reuse=off", true},
		{small + "reopen=1 time-wait-reuse=may-2", "time-wait-reuse=off", false},
		{roomy + "loss=off duplicate=off reorder=off", "loss=unlimited", false},
		{roomy + "loss=off duplicate=off reorder=off", "loss=1", false},
		{roomy + "duplicate=off reorder=off", "loss=100", false},
		{roomy + "loss=1 duplicate=off reorder=off", "loss=unlimited", false},
		{roomy + "loss=off duplicate=off reorder=100", "reorder=99", true},
		{small + "stray=<SEQ=101><CTL=RST>", "stray=off", false},
		{small + "b-rto=2", "b-rto=1", false},
		{small + "keepalive-probes=5", "keepalive-probes=2", true},
		{small + "keepalive=3 keepalive-probes=5", "keepalive-probes=2", false},
		{small + "out-of-order=held", "out-of-order=dropped", true},
		{"a-octets=1 b-octets=0 msl=1 rto=1 r2=1 capacity=2 out-of-order=held", "out-of-order=dropped", false},
	} {
		config, err := model.ParseConfig(c.words)
		require.NoError(t, err, c.words)
		other := otherwise(t, config, c.old)
		r, err := Check(context.Background(), config, nil, Options{Otherwise: []model.Config{other, config}})
		require.NoError(t, err, c.words)
		assert.Equal(t, []bool{c.same, true}, r.Same, c.words)
		if c.same {
			assert.True(t, sameNaively(t, config, other), c.words)
		}
	}
}

func otherwise(t *testing.T, c model.Config, word string) model.Config {
	t.Helper()
	for _, f := range model.Fields {
		if len(word) > len(f.Name) && word[:len(f.Name)+1] == f.Name+"=" {
			require.NoError(t, f.Set(&c, word[len(f.Name)+1:]))
		}
	}
	return c
}

// sameNaively compares the steps from every reachable state.
func sameNaively(t *testing.T, c, other model.Config) bool {
	t.Helper()
	mine, err := model.NewSystem(c)
	require.NoError(t, err)
	its, err := model.NewSystem(other)
	require.NoError(t, err)
	same := true
	(&naive.Search{System: mine, State: func(n naive.Node, _ int) {
		same = same && assert.ObjectsAreEqual(steps(mine, n.State), steps(its, n.State))
	}}).Run()
	return same
}

// steps returns what can happen in a state, and what comes of it but for clauses.
func steps(y *model.System, s model.State) (list []model.Outcome) {
	y.Outcomes(s, func(_ model.Action, o *model.Outcome) {
		o.Effect.Clauses, o.Toll = model.Clauses{}, model.Toll{}
		list = append(list, *o)
	})
	return list
}

// A search that was cut short does not tell.
func TestSame_Incomplete(t *testing.T) {
	config, err := model.ParseConfig(small + "late-data=ack")
	require.NoError(t, err)
	o := Options{Otherwise: []model.Config{otherwise(t, config, "late-data=rst")}}
	o.Limits.States = 100
	r, err := Check(context.Background(), config, nil, o)
	require.NoError(t, err)
	assert.Equal(t, []bool{false}, r.Same)
}

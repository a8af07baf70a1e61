package check

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/internal/naive"
	"tcpclose/model"
)

const tiny = "msl=1 capacity=1 "

// The shortest run after which two configurations part, and which of them does something
// then.
func TestAgainst(t *testing.T) {
	const none = "a-octets=0 b-octets=0 "
	for _, c := range []struct {
		words, other string
		events       int // that the longer run has; -1 if the two never part
		does         [2]bool
	}{
		{none, none, -1, [2]bool{}},
		{none + "late-data=ack", none, -1, [2]bool{}},
		{none + "time-wait-rst=ignored", none, 11, [2]bool{true, false}},
		{none, none + "time-wait-rst=ignored", 11, [2]bool{false, true}},
		{none + "r2=1", none + "r2=2", 7, [2]bool{true, true}},
		{none + "fin-wait-2=60", none, -1, [2]bool{}},
		{"a-octets=1 b-octets=0 ", none, 1, [2]bool{true, false}},
		{none + "closed-answer=nothing", none, 7, [2]bool{true, true}},
		{none + "clock=leaps", none, -1, [2]bool{}},
		{none + "time-wait=1", none, 7, [2]bool{true, false}},
	} {
		r, err := Against(context.Background(), naive.Parse(t, tiny+c.words), naive.Parse(t, tiny+c.other), MostPairs)
		require.NoError(t, err, c.words)
		assert.Empty(t, r.Incomplete)
		assert.NotZero(t, r.Pairs)
		if c.events < 0 {
			assert.Nil(t, r.Split, c.words)
			continue
		}
		if !assert.NotNil(t, r.Split, c.words) {
			continue
		}
		assert.Equal(t, c.does, r.Split.Does, c.words)
		longer := max(len(r.Split.Runs[0].Events), len(r.Split.Runs[1].Events))
		assert.Equal(t, c.events, longer, c.words)
		for i, run := range r.Split.Runs {
			naive.AssertReplays(t, run)
			if !r.Split.Does[i] {
				continue
			}
			// The other cannot do the last event, or does it otherwise.
			last := run.Events[len(run.Events)-1]
			other := r.Split.Runs[1-i]
			y, err := model.NewSystem(other.Config)
			require.NoError(t, err)
			at := other.States[len(other.States)-1]
			if r.Split.Does[1-i] {
				at = other.States[len(other.States)-2]
			}
			o, ok := y.Step(at, last.Action)
			assert.False(t, ok && sameSeen(&o, &last.Outcome), c.words)
		}
	}
}

// No search is endless: what was not compared is said.
func TestAgainst_Incomplete(t *testing.T) {
	c := naive.Parse(t, tiny+"a-octets=0 b-octets=0")
	r, err := Against(context.Background(), c, c, 10)
	require.NoError(t, err)
	assert.Equal(t, "states", r.Incomplete)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	r, err = Against(ctx, c, c, MostPairs)
	require.NoError(t, err)
	assert.Equal(t, "interrupt", r.Incomplete)
	_, err = Against(context.Background(), c, naive.Parse(t, tiny+"start=closed a-octets=0 b-octets=0"), MostPairs)
	assert.ErrorIs(t, err, ErrApart)
}

package replay

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	_ "tcpclose/internal/tier" // the seed of rapid
	"tcpclose/model"
	"tcpclose/stacks/adapter/adaptertest"
	"tcpclose/stacks/own"
	"tcpclose/stacks/packetdrill"
	"tcpclose/trace"
)

// runner returns one end of a configuration on the bench.
func runner(t require.TestingT, c model.Config, side model.Side) packetdrill.Runner {
	c.Ends[model.A] = c.Ends[side]
	s, err := own.New(c, own.Tick)
	require.NoError(t, err)
	return packetdrill.Runner(adaptertest.Of(s))
}

// walk returns a run of some steps, as draw chooses them.
func walk(t require.TestingT, c model.Config, steps int, draw func(n int) int) *trace.Trace {
	y, err := model.NewSystem(c)
	require.NoError(t, err)
	s := y.Init()
	run := &trace.Trace{Config: c, States: []model.State{s}, Loop: -1}
	for range steps {
		actions := y.Actions(nil, s)
		if len(actions) == 0 {
			break
		}
		a := actions[draw(len(actions))]
		o, ok := y.Step(s, a)
		require.True(t, ok)
		s = o.To
		run.Events = append(run.Events, trace.Event{Action: a, Outcome: o})
		run.States = append(run.States, s)
	}
	return run
}

// tied reports whether something happens to the end at an instant at which a timer of it
// is due: the run has an order there that no stack can be given.
func tied(t require.TestingT, run *trace.Trace, side model.Side) bool {
	y, err := model.NewSystem(run.Config)
	require.NoError(t, err)
	for i, e := range run.Events {
		if e.Outcome.Moved && e.Outcome.Mover == side && e.Action.Kind != model.Timeouts && len(y.Stack(side).Due(nil, run.States[i].Ends[side])) > 0 {
			return true
		}
	}
	return false
}

const words = "a-octets=1 b-octets=2 msl=20 delay=3 rto=10 loss=2 duplicate=1 reorder=1 capacity=4"

// The model repeats its own runs, whichever end is played. Acknowledgements are not
// delayed: one that tells of the window would come before.
func TestScript_Own(t *testing.T) {
	played := 0
	rapid.Check(t, func(t *rapid.T) {
		c, err := model.ParseConfig(words + rapid.SampledFrom([]string{"", " a-close-is=full", " fin-wait-2=40", " a-fails=abort"}).Draw(t, "words"))
		require.NoError(t, err)
		run := walk(t, c, rapid.IntRange(1, 60).Draw(t, "steps"), func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "step") })
		for _, side := range model.Sides {
			if tied(t, run, side) {
				continue
			}
			script, err := Script(run, side, own.Tick, Slack{})
			if _, ok := errors.AsType[*UnplayableError](err); ok {
				continue
			}
			require.NoError(t, err)
			o, err := script.Run(runner(t, c, side), own.Tick)
			require.NoError(t, err)
			require.Nil(t, o.Difference, "%s\n%s", run, o.Events)
			played++
		}
	})
	require.Positive(t, played)
}

// A stack with a fault does not repeat the run of one without: it is told where.
func TestScript_Differs(t *testing.T) {
	c, err := model.ParseConfig(words)
	require.NoError(t, err)
	differ := 0
	for seed := range 200 {
		n := uint32(seed)
		run := walk(t, c, 40, func(most int) int { n = n*1664525 + 1013904223; return int(n>>8) % most })
		script, err := Script(run, model.A, own.Tick, Slack{})
		if err != nil {
			continue
		}
		faulty := c
		faulty.Fault = model.FinNotAcked
		o, err := script.Run(runner(t, faulty, model.A), own.Tick)
		require.NoError(t, err)
		if o.Difference != nil {
			differ++
		}
	}
	require.Positive(t, differ)
}

func TestScript_Unplayable(t *testing.T) {
	c, err := model.ParseConfig(words + " b-buffer=1 b-reads=slowly")
	require.NoError(t, err)
	run := walk(t, c, 30, func(int) int { return 0 })
	_, err = Script(run, model.A, own.Tick, Slack{})
	if err != nil {
		assert.ErrorContains(t, err, "a window of a few octets")
	}
	_, err = Script(run, model.A, 0*time.Second, Slack{})
	assert.EqualError(t, err, "tick: 0s: want a time above 0")
}

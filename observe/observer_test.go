package observe

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"tcpclose/internal/tier"
	"tcpclose/model"
	"tcpclose/stacks/own"
)

// realTimers returns the rules of a real stack that has every timer.
func realTimers() Rules {
	r := Real()
	r.Config.EachEnd(func(e *model.Endpoint) { e.UserTimeout, e.KeepAlive, e.Probes = 100, 100, 20 })
	r.Timing.Spans[model.KeepAlive] = Span{time.Second, Forever}
	r.Timing.Spans[model.UserTimeout] = Span{time.Second, Forever}
	return r
}

// The model behind an adapter does nothing that the observer does not expect of it,
// whatever is known of its decisions and times.
func TestObserve_OwnModelConforms(t *testing.T) {
	c := testConfig()
	a, err := own.New(c, own.Tick)
	require.NoError(t, err)
	named := Known(c, own.Tick)
	named.States = true
	for name, rules := range map[string]Rules{"known": named, "open": Open(c, own.Tick), "real": realTimers()} {
		o, err := New(rules)
		require.NoError(t, err)
		t.Run(name, rapid.MakeCheck(func(t *rapid.T) {
			run := draw(t, a, func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "pick") })
			report := o.Observe(run)
			require.NoError(t, report.Err)
			require.Emptyf(t, report.Deviations, "%s", run.Name)
			for d, choice := range c.Ends[model.A].Choices {
				require.Truef(t, report.Options.Has(model.Decision(d), choice), "%s: %s: %s", run.Name, model.Decision(d), report.Options)
			}
		}))
	}
}

// Nor does it with other decisions, which are drawn at random.
func TestObserve_AnyDecisionsConform(t *testing.T) {
	random := rand.New(rand.NewPCG(13, 14))
	for range tier.Choose(10, 30) {
		c := randomDecisions(random, testConfig())
		a, err := own.New(c, own.Tick)
		require.NoError(t, err)
		known := Known(c, own.Tick)
		known.States = true
		for name, rules := range map[string]Rules{"known": known, "real": realTimers()} {
			o, err := New(rules)
			require.NoError(t, err)
			for range tier.Choose(50, 1000) {
				run := draw(t, a, random.IntN)
				d, ok, err := o.First(run)
				require.NoError(t, err)
				require.Falsef(t, ok, "%s: %s\n%s\n%s", name, c.Against(testConfig()), run.Name, d)
			}
		}
	}
}

// indistinguishable has the faults that an adapter cannot show, and why.
var indistinguishable = map[model.Fault]string{
	model.LastAckUntold:      "sockets do not tell their user when CLOSE is complete",
	model.SynInTimeWaitAcked: "runs have one connection",
	model.FinWait2Reused:     "runs have one connection",
}

// A fault of the model behind an adapter is found.
func TestObserve_FindsFaults(t *testing.T) {
	schedules := 3000
	if tier.Large() {
		schedules = 10000
	}
	for _, f := range model.Faults()[1:] {
		t.Run(f.String(), func(t *testing.T) {
			c := testConfig()
			c.EachEnd(func(e *model.Endpoint) {
				switch f {
				case model.FinLostInReassembly:
					e.Choices[model.OutOfOrder] = model.SegmentHeld
				case model.RSTEndsTimeWait, model.RSTRestartsTimeWait:
					e.Choices[model.TimeWaitRST] = model.RSTIgnored
				}
			})
			bad := c
			bad.Fault = f
			a, err := own.New(bad, own.Tick)
			require.NoError(t, err)
			l, err := NewLearner(Known(c, own.Tick))
			require.NoError(t, err)
			random := rand.New(rand.NewPCG(1, 2))
			for range schedules {
				run := draw(t, a, random.IntN)
				report, err := l.Observe(run)
				require.NoError(t, err)
				if len(report.Deviations) > 0 {
					d := report.Deviations[0]
					assert.NotContains(t, indistinguishable, f)
					t.Log(run.Name, "\n", d, "\n", d.Answer, "\n", d.Causes)
					return
				}
			}
			assert.Contains(t, indistinguishable, f)
		})
	}
}

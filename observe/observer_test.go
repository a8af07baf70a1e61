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

// The model behind an adapter does nothing that the observer does not expect of it,
// whatever is known of its decisions and times.
func TestObserve_OwnModelConforms(t *testing.T) {
	c := testConfig()
	a, err := own.New(c, own.Tick)
	require.NoError(t, err)
	named := Known(c, own.Tick)
	named.States = true
	real := Real()
	real.Config.EachEnd(func(e *model.Endpoint) { e.UserTimeout, e.KeepAlive, e.Probes = 100, 100, 20 })
	real.Timing.Spans[model.KeepAlive] = Span{time.Second, Forever}
	real.Timing.Spans[model.UserTimeout] = Span{time.Second, Forever}
	for name, rules := range map[string]Rules{"known": named, "open": Open(c, own.Tick), "real": real} {
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

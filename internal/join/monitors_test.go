package join

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"tcpclose/explore"
	"tcpclose/explore/product"
	"tcpclose/internal/naive"
	"tcpclose/internal/tier"
	"tcpclose/invariants"
	"tcpclose/model"
)

// Monitors watch and do not interfere: with whatever is remembered left out, the
// states and the steps are those of the model.
func TestMemory(t *testing.T) {
	tier.SkipToCI(t)
	for i, small := range naive.SmallConfigs() {
		t.Run(small.Name, func(t *testing.T) {
			if i%3 > 0 {
				tier.Skip(t)
			}
			c := naive.Parse(t, small.Words)
			assertMemory(t, c, allNeeds, tier.Choose(5, 7))
		})
	}
	// Each set of monitors, or one in seven.
	for n := invariants.Monitors(0); n <= allNeeds; n += tier.Choose[invariants.Monitors](7, 1) {
		assertMemory(t, naive.Parse(t, "b-octets=0 msl=1 rto=1 r2=1 capacity=1"), n, tier.Choose(4, 6))
	}
	// To the end.
	assertMemory(t, naive.Parse(t, "a-octets=0 b-octets=0 msl=2 rto=2 r2=1 capacity=1"), allNeeds, 0)
	assertMemory(t, naive.Parse(t, "a-octets=0 b-octets=0 msl=1 rto=1 r2=1 capacity=1 closing-timer=absent"), allNeeds, 0)
}

func TestMemory_Rapid(t *testing.T) {
	tier.Draws(t, 30)
	rapid.Check(t, func(t *rapid.T) {
		n := invariants.Monitors(rapid.Uint16Range(0, uint16(allNeeds)).Draw(t, "needs"))
		assertMemory(t, naive.AnyConfig().Draw(t, "config"), n, rapid.IntRange(1, 7).Draw(t, "limit"))
	})
}

// assertMemory asserts that the product with monitors has the model's states at
// the model's distances, and remembers what a slow search does.
func assertMemory(t require.TestingT, c model.Config, n invariants.Monitors, limit int) {
	y := naive.SystemOf(t, c)
	plain := (&naive.Search{System: y, Limit: limit}).Run()
	slow := (&naive.Search{System: y, Needs: n, Limit: limit}).Run()
	p := New(y, []invariants.Pattern{{Kind: explore.States, Needs: n, Self: func(*invariants.End) bool { return false }}})
	require.Equal(t, n, p.Monitors)

	sys := p.System()
	distance := map[naive.Node]int{}
	projected := map[model.State]int{}
	seen := map[product.Tuple]bool{}
	level := sys.Init()
	for steps := 0; len(level) > 0; steps++ {
		var next []product.Tuple
		for _, tuple := range level {
			if seen[tuple] || tuple == (product.Tuple{}) {
				continue
			}
			seen[tuple] = true
			s, records := p.State(tuple)
			distance[naive.Node{State: s, Records: records}] = steps
			if _, known := projected[s]; !known {
				projected[s] = steps
			}
			if limit > 0 && steps >= limit {
				continue
			}
			for _, step := range sys.Steps(nil, tuple) {
				next = append(next, step.To)
				if step.To == (product.Tuple{}) {
					continue // it was cut
				}
				a := p.action(s, step.Action)
				o, ok := y.Step(s, a)
				require.True(t, ok, "a step that the model has not: %v", a)
				if to, _ := p.State(step.To); to != o.To {
					require.Equal(t, o.To, to)
				}
			}
		}
		level = next
	}
	require.Equal(t, len(plain.Distance), len(projected))
	for at, steps := range plain.Distance {
		if got, ok := projected[at.State]; !ok || got != steps || at.Records != ([2]invariants.Record{}) {
			require.Fail(t, "projected", "%+v: after %d steps (%v): want %d", at, got, ok, steps)
		}
	}
	require.Equal(t, len(slow.Distance), len(distance))
	for at, steps := range slow.Distance {
		if got, ok := distance[at]; !ok || got != steps {
			require.Fail(t, "with memory", "%+v: after %d steps (%v): want %d", at, got, ok, steps)
		}
	}
	if n == 0 {
		require.Equal(t, len(plain.Distance), len(distance))
	}
}

const allNeeds = invariants.MonitorClock | invariants.MonitorRole | invariants.MonitorTold | invariants.MonitorDelivery | invariants.MonitorFin | invariants.MonitorProbe | invariants.MonitorAlone

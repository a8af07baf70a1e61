package invariants

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"tcpclose/explore"
	"tcpclose/model"
)

// Monitors watch and do not interfere: with whatever is remembered left out, the
// states and the steps are those of the model.
func TestMemory(t *testing.T) {
	for _, small := range smallConfigs() {
		t.Run(small.name, func(t *testing.T) {
			c := parse(t, small.words)
			limit := 7
			if testing.Short() {
				limit = 5
			}
			assertMemory(t, c, allNeeds, limit)
		})
	}
	for n := Monitors(0); n <= allNeeds; n++ {
		assertMemory(t, parse(t, "b-octets=0 msl=1 rto=1 r2=1 capacity=1"), n, 6)
	}
	// To the end.
	assertMemory(t, parse(t, "a-octets=0 b-octets=0 msl=2 rto=2 r2=1 capacity=1"), allNeeds, 0)
	assertMemory(t, parse(t, "a-octets=0 b-octets=0 msl=1 rto=1 r2=1 capacity=1 closing-timer=absent"), allNeeds, 0)
}

func TestMemory_Rapid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := Monitors(rapid.Uint8Range(0, uint8(allNeeds)).Draw(t, "needs"))
		assertMemory(t, anyConfig().Draw(t, "config"), n, rapid.IntRange(1, 7).Draw(t, "limit"))
	})
}

// assertMemory asserts that the product with monitors has the model's states at
// the model's distances, and remembers what a slow search does.
func assertMemory(t require.TestingT, c model.Config, n Monitors, limit int) {
	y := systemOf(t, c)
	plain := (&naive{system: y, limit: limit}).run()
	slow := (&naive{system: y, needs: n, limit: limit}).run()
	p := New(y, []Pattern{{Kind: explore.States, Needs: n, Self: func(*End) bool { return false }}})
	require.Equal(t, n, p.Monitors)

	sys := p.System()
	distance := map[node]int{}
	projected := map[model.State]int{}
	seen := map[explore.Tuple]bool{}
	level := sys.Init()
	for steps := 0; len(level) > 0; steps++ {
		var next []explore.Tuple
		for _, tuple := range level {
			if seen[tuple] || tuple == (explore.Tuple{}) {
				continue
			}
			seen[tuple] = true
			s, memory := p.State(tuple)
			distance[node{s, memory}] = steps
			if _, known := projected[s]; !known {
				projected[s] = steps
			}
			if limit > 0 && steps >= limit {
				continue
			}
			for _, step := range sys.Steps(nil, tuple) {
				next = append(next, step.To)
				if step.To == (explore.Tuple{}) {
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
	require.Equal(t, len(plain.distance), len(projected))
	for at, steps := range plain.distance {
		if got, ok := projected[at.State]; !ok || got != steps || at.memory != ([2]Memory{}) {
			require.Fail(t, "projected", "%+v: after %d steps (%v): want %d", at, got, ok, steps)
		}
	}
	require.Equal(t, len(slow.distance), len(distance))
	for at, steps := range slow.distance {
		if got, ok := distance[at]; !ok || got != steps {
			require.Fail(t, "with memory", "%+v: after %d steps (%v): want %d", at, got, ok, steps)
		}
	}
	if n == 0 {
		require.Equal(t, len(plain.distance), len(distance))
	}
}

const allNeeds = MonitorClock | MonitorRole | MonitorTold | MonitorDelivery | MonitorFin

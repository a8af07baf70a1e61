package explore_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"tcpclose/explore"
	"tcpclose/explore/internal/naive"
	"tcpclose/internal/tier"
)

// A timed graph is a weighted one in which an interval begins and ends in states,
// or on steps to them.
type timed struct {
	weighted
	begins, ends, free   map[int]bool
	beginsStep, endsStep bool
}

// The watches of a timed graph, after those of what steps cost.
const (
	timedFrom  = 2
	timedUntil = 4
	timedFree  = 6
)

func (w timed) watches() []explore.Watch[int, int] {
	cost := func(bit int) explore.Watch[int, int] {
		return explore.Watch[int, int]{Kind: explore.Steps, Step: func(s, a, _ int) bool { return w.edges[s][a].cost>>bit&1 != 0 }}
	}
	both := func(in map[int]bool) []explore.Watch[int, int] {
		return []explore.Watch[int, int]{
			{Kind: explore.States, State: func(s int) bool { return in[s] }},
			{Kind: explore.Steps, Step: func(_, _, to int) bool { return in[to] }},
		}
	}
	list := []explore.Watch[int, int]{cost(0), cost(1)}
	list = append(append(list, both(w.begins)...), both(w.ends)...)
	return append(list, explore.Watch[int, int]{Kind: explore.Steps, Step: func(_, _, to int) bool { return w.free[to] }})
}

func (w timed) interval() explore.Interval {
	i := explore.Interval{From: []int{timedFrom}, Until: []int{timedUntil}, Free: []int{timedFree}, Prices: []explore.Price{{Step: 0, Cost: 1}, {Step: 1, Cost: 2}}}
	if w.beginsStep {
		i.From[0]++
	}
	if w.endsStep {
		i.Until[0]++
	}
	return i
}

// entered returns the states where intervals begin.
func (w timed) entered() map[int]bool {
	reached := map[int]bool{0: true}
	for range w.edges {
		for s := range w.edges {
			for _, e := range w.edges[s] {
				reached[e.to] = reached[e.to] || reached[s]
			}
		}
	}
	in := map[int]bool{}
	if !w.beginsStep && w.begins[0] {
		in[0] = true
	}
	for s := range w.edges {
		for _, e := range w.edges[s] {
			if reached[s] && w.begins[e.to] && (w.beginsStep || !w.begins[s]) {
				in[e.to] = true
			}
		}
	}
	return in
}

const nowhere = -1

// walks returns, of the walks of at most so many steps from s, the length of the
// shortest and the longest to an end, and of the longest that meets none; and
// whether one rests. By all walks together: slow, and obvious.
func (w timed) walks(steps int) (least, greatest, waiting []int, rests []bool) {
	n := len(w.edges)
	least, greatest, waiting, rests = make([]int, n), make([]int, n), make([]int, n), make([]bool, n)
	for s := range n {
		least[s], greatest[s] = nowhere, nowhere
	}
	for range steps {
		for s := range n {
			if !w.endsStep && w.ends[s] {
				least[s], greatest[s] = 0, 0
				continue
			}
			idle := true
			for _, e := range w.edges[s] {
				idle = idle && w.free[e.to]
			}
			rests[s] = rests[s] || idle
			for _, e := range w.edges[s] {
				if w.endsStep && w.ends[e.to] {
					greatest[s] = max(greatest[s], e.cost)
					if least[s] == nowhere || e.cost < least[s] {
						least[s] = e.cost
					}
					continue
				}
				rests[s] = rests[s] || rests[e.to]
				waiting[s] = max(waiting[s], e.cost+waiting[e.to])
				if greatest[e.to] != nowhere {
					greatest[s] = max(greatest[s], e.cost+greatest[e.to])
				}
				if l := e.cost + least[e.to]; least[e.to] != nowhere && (least[s] == nowhere || l < least[s]) {
					least[s] = l
				}
			}
		}
	}
	return least, greatest, waiting, rests
}

func (w timed) cost(p explore.Path[int, int], from int) (sum int) {
	for i, a := range p.Actions {
		if i >= from {
			sum += w.edges[p.States[i]][a].cost
		}
	}
	return sum
}

// A span is as long as the shortest and the longest of all walks, and endless
// where longer walks are longer or come to rest.
func TestLengths_Rapid(t *testing.T) {
	kinds := map[string]int{}
	tier.CheckUntil(t, func() bool { return len(kinds) >= 3 }, func(t *rapid.T) {
		n := rapid.IntRange(1, 9).Draw(t, "states")
		w := timed{weighted: weighted{edges: make([][]edge, n)}, begins: map[int]bool{}, ends: map[int]bool{}, free: map[int]bool{},
			beginsStep: rapid.Bool().Draw(t, "begins on a step"), endsStep: rapid.Bool().Draw(t, "ends on a step")}
		for s := range n {
			for range rapid.IntRange(1, 3).Draw(t, "edges") {
				to := rapid.IntRange(0, n-1).Draw(t, "to")
				cost := 0
				if to > s {
					cost = rapid.IntRange(0, 3).Draw(t, "cost")
				} else if rapid.IntRange(0, 5).Draw(t, "time passes") == 0 {
					cost = 1
				}
				w.edges[s] = append(w.edges[s], edge{to, cost})
			}
			w.begins[s] = rapid.IntRange(0, 2).Draw(t, "begins") == 0
			w.ends[s] = rapid.IntRange(0, 2).Draw(t, "ends") == 0
			w.free[s] = rapid.IntRange(0, 3).Draw(t, "free") == 0
		}
		if rapid.Bool().Draw(t, "can rest") {
			w.edges[n-1] = nil
		}
		e := naive.MustExplore[int, int](context.Background(), w, w.watches(), explore.Options{Workers: 1})
		runs, err := e.Runs(context.Background(), []int{0, 1, 2, 3, 4, 5, 6})
		require.NoError(t, err)
		got, err := runs.Lengths(context.Background(), w.interval())
		require.NoError(t, err)

		in := w.entered()
		require.Equal(t, len(in) > 0, got.Begins)
		least, greatest, waiting, rests := w.walks(n)
		_, _, longer, _ := w.walks(3 * n)
		wantLeast, wantGreatest, endless := nowhere, nowhere, false
		for s := range in {
			if least[s] != nowhere && (wantLeast == nowhere || least[s] < wantLeast) {
				wantLeast = least[s]
			}
			wantGreatest = max(wantGreatest, greatest[s])
			endless = endless || rests[s] || longer[s] > waiting[s]
		}
		require.Equal(t, wantLeast != nowhere, got.Ends)
		require.Equal(t, endless, got.Endless != nil)
		if got.Ends {
			require.Equal(t, wantLeast, got.Least)
			require.Equal(t, got.Least, w.cost(got.Soonest, got.SoonestFrom))
			require.True(t, in[got.Soonest.States[got.SoonestFrom]])
		}
		switch {
		case endless:
			kinds["endless"]++
		case !got.Ends:
			kinds["never"]++
		default:
			kinds["bounded"]++
			require.Equal(t, wantGreatest, got.Greatest)
			require.Equal(t, got.Greatest, w.cost(got.Latest, got.LatestFrom))
			require.True(t, in[got.Latest.States[got.LatestFrom]])
			require.True(t, w.ends[got.Latest.States[len(got.Latest.States)-1]])
		}
	})
	naive.RequireOccur(t, kinds, 3)
}

func TestLengths_Refused(t *testing.T) {
	w := timed{weighted: weighted{edges: [][]edge{{{0, 1}}}}}
	e := naive.MustExplore[int, int](context.Background(), w, w.watches(), explore.Options{})
	runs, err := e.Runs(context.Background(), []int{0, 1, 2, 6})
	require.NoError(t, err)
	_, err = runs.Lengths(context.Background(), explore.Interval{From: []int{2}, Until: []int{5}})
	assert.EqualError(t, err, "explore: the runs were made without watch 5")
	_, err = runs.Lengths(context.Background(), explore.Interval{From: []int{2}, Until: []int{0}, Prices: []explore.Price{{Step: 0, Cost: -1}}})
	assert.Error(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = runs.Lengths(ctx, w.interval())
	assert.Error(t, err)
}

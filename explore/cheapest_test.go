package explore_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"tcpclose/explore"
	"tcpclose/explore/internal/naive"
)

// A weighted graph: a step from s is an index into its edges.
type weighted struct {
	edges [][]edge
	goal  map[int]bool
}

type edge struct{ to, cost int }

func (w weighted) Init() []int { return []int{0} }

func (w weighted) Steps(dst []explore.Step[int, int], s int) []explore.Step[int, int] {
	for i, e := range w.edges[s] {
		dst = append(dst, explore.Step[int, int]{Action: i, To: e.to})
	}
	return dst
}

// The cheapest way is as cheap as Bellman and Ford's, as short as any of that
// cost, and costs what it says.
func TestCheapest_Rapid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 9).Draw(t, "states")
		w := weighted{make([][]edge, n), map[int]bool{}}
		for s := range n {
			for range rapid.IntRange(0, 3).Draw(t, "edges") {
				w.edges[s] = append(w.edges[s], edge{rapid.IntRange(0, n-1).Draw(t, "to"), rapid.IntRange(0, 3).Draw(t, "cost")})
			}
			w.goal[s] = rapid.IntRange(0, 3).Draw(t, "goal") == 0
		}
		onStep := rapid.Bool().Draw(t, "goal on a step")
		cost := func(bit int) func(s int, a int, to int) bool {
			return func(s, a, _ int) bool { return w.edges[s][a].cost>>bit&1 != 0 }
		}
		watches := []explore.Watch[int, int]{
			{Kind: explore.States, State: func(s int) bool { return w.goal[s] }},
			{Kind: explore.Steps, Step: func(_, _, to int) bool { return w.goal[to] }},
			{Kind: explore.Steps, Step: cost(0)},
			{Kind: explore.Steps, Step: cost(1)},
		}
		e := naive.MustExplore[int, int](context.Background(), w, watches, explore.Options{Workers: 1})
		runs, err := e.Runs(context.Background(), []int{0, 1, 2, 3})
		require.NoError(t, err)
		goal := 0
		if onStep {
			goal = 1
		}
		got, err := runs.Cheapest(context.Background(), []int{goal}, []explore.Price{{Step: 2, Cost: 1}, {Step: 3, Cost: 2}})
		require.NoError(t, err)

		// By cost, then by length, as often as there can be something to improve.
		type way struct{ cost, steps int }
		const far = 1 << 20
		best := make([]way, n)
		for s := range best {
			best[s] = way{far, far}
		}
		best[0] = way{}
		less := func(x, y way) bool { return x.cost < y.cost || x.cost == y.cost && x.steps < y.steps }
		want := way{far, far}
		for range n * 40 {
			for s := range n {
				for _, e := range w.edges[s] {
					if by := (way{best[s].cost + e.cost, best[s].steps + 1}); best[s].cost < far {
						if less(by, best[e.to]) {
							best[e.to] = by
						}
						if onStep && w.goal[e.to] && less(by, want) {
							want = by
						}
					}
				}
			}
		}
		if !onStep {
			for s := range n {
				if w.goal[s] && less(best[s], want) {
					want = best[s]
				}
			}
		}
		if want.cost == far {
			require.Nil(t, got)
			return
		}
		require.NotNil(t, got)
		require.Equal(t, want, way{got.Cost, len(got.Path.Actions)})
		require.False(t, got.AtMost)
		sum := 0
		for i, a := range got.Path.Actions {
			step := w.edges[got.Path.States[i]][a]
			sum += step.cost
			require.Equal(t, step.to, got.Path.States[i+1])
		}
		require.Equal(t, got.Cost, sum)
		require.True(t, w.goal[got.Path.States[len(got.Path.States)-1]])
	})
}

func TestCheapest_Refused(t *testing.T) {
	w := weighted{[][]edge{{{0, 1}}}, nil}
	watches := []explore.Watch[int, int]{
		{Kind: explore.States, State: func(int) bool { return true }},
		{Kind: explore.Steps, Step: func(_, _, _ int) bool { return true }},
	}
	e := naive.MustExplore[int, int](context.Background(), w, watches, explore.Options{})
	runs, err := e.Runs(context.Background(), []int{0, 1})
	require.NoError(t, err)
	ctx := context.Background()
	_, err = runs.Cheapest(ctx, []int{2}, nil)
	assert.ErrorContains(t, err, "watch 2")
	_, err = runs.Cheapest(ctx, []int{0}, []explore.Price{{Step: 0, Cost: 1}})
	assert.ErrorContains(t, err, "watch 0 does not see steps")
	_, err = runs.Cheapest(ctx, []int{0}, []explore.Price{{Step: 1, Cost: -1}})
	assert.ErrorContains(t, err, "costs -1: want 0 or more")
	c, err := runs.Cheapest(ctx, []int{0}, []explore.Price{{Step: 1, Cost: 1}})
	require.NoError(t, err)
	assert.Zero(t, c.Cost)
	assert.Empty(t, c.Path.Actions)
}

package explore_test

import (
	"cmp"
	"context"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"tcpclose/explore"
	"tcpclose/explore/internal/naive"
	"tcpclose/internal/tier"
)

// A mesh is a random system: the steps from a state lead to states, and each has a
// weight.
type mesh struct {
	init    []int
	to      [][]int
	weights [][]explore.Weight
	cut     [2]int // one step that is cut
}

func drawMesh(t *rapid.T) *mesh {
	n := rapid.IntRange(1, 12).Draw(t, "states")
	state := rapid.IntRange(0, n-1)
	w := &mesh{
		init: rapid.SliceOfNDistinct(state, 1, min(2, n), rapid.ID).Draw(t, "init"),
		to:   rapid.SliceOfN(rapid.SliceOfN(state, 0, 4), n, n).Draw(t, "to"),
		cut:  [2]int{state.Draw(t, "cut"), rapid.IntRange(0, 3).Draw(t, "nth")},
	}
	weight := rapid.Custom(func(t *rapid.T) explore.Weight {
		return explore.Weight{Cost: rapid.IntRange(0, 2).Draw(t, "cost"), Actor: rapid.IntRange(0, 2).Draw(t, "actor")}
	})
	for _, to := range w.to {
		w.weights = append(w.weights, rapid.SliceOfN(weight, len(to), len(to)).Draw(t, "weights"))
	}
	return w
}

func (w *mesh) Init() []int { return w.init }

func (w *mesh) Steps(dst []explore.Step[int, int], s int) []explore.Step[int, int] {
	for nth, to := range w.to[s] {
		dst = append(dst, explore.Step[int, int]{Action: nth, To: to})
	}
	return dst
}

func (w *mesh) Within(from, nth, _ int) bool { return w.cut != [2]int{from, nth} }

func (w *mesh) weigh(from int, step *explore.Step[int, int]) explore.Weight {
	return w.weights[from][step.Action]
}

// load returns what a run weighs.
func (w *mesh) load(p explore.Path[int, int]) (l explore.Load) {
	actor := 0
	for i, nth := range p.Actions {
		weight := w.weights[p.States[i]][nth]
		l.Cost += weight.Cost
		if weight.Actor != 0 {
			if actor != 0 && actor != weight.Actor {
				l.Turns++
			}
			actor = weight.Actor
		}
	}
	return l
}

// The lightest run is the first of the lightest among all runs of its length,
// whatever the number of workers.
func TestLightest(t *testing.T) {
	found, turned := 0, 0
	tier.CheckUntil(t, func() bool { return turned > 0 }, func(t *rapid.T) {
		w := drawMesh(t)
		goal := rapid.IntRange(0, len(w.to)-1).Draw(t, "goal")
		watches := []explore.Watch[int, int]{
			{Kind: explore.States, State: func(s int) bool { return s == goal }},
			{Kind: explore.Steps, Step: func(from, nth, to int) bool { return nth == 1 && to == goal }},
			{Kind: explore.Terminals, State: func(s int) bool { return s%2 == goal%2 }},
		}
		shows := func(i int, p explore.Path[int, int]) bool {
			last := p.States[len(p.States)-1]
			if i != 1 {
				return watches[i].State(last) && (i == 0 || len(w.to[last]) == 0)
			}
			n := len(p.Actions)
			return n > 0 && watches[1].Step(p.States[n-1], p.Actions[n-1], last)
		}
		for _, workers := range naive.WorkerCounts {
			e := naive.MustExplore(context.Background(), w, watches, explore.Options{Workers: workers})
			for i := range watches {
				steps, ok := e.Found(i)
				got, also := e.Lightest([]int{i}, w.weigh)[i]
				assert.Equal(t, ok, also)
				if !ok {
					continue
				}
				found++
				var best *explore.Path[int, int]
				compare := func(p, q explore.Path[int, int]) int {
					return cmp.Or(w.load(p).Compare(w.load(q)),
						cmp.Compare(slices.Index(w.init, p.States[0]), slices.Index(w.init, q.States[0])), slices.Compare(p.Actions, q.Actions))
				}
				var all func(p explore.Path[int, int])
				all = func(p explore.Path[int, int]) {
					if len(p.Actions) == steps {
						if shows(i, p) && (best == nil || compare(p, *best) < 0) {
							best = &p
						}
						return
					}
					last := p.States[len(p.States)-1]
					for _, step := range w.Steps(nil, last) {
						if w.Within(last, step.Action, step.To) {
							all(explore.Path[int, int]{States: append(slices.Clip(p.States), step.To), Actions: append(slices.Clip(p.Actions), step.Action)})
						}
					}
				}
				for _, s := range w.init {
					all(explore.Path[int, int]{States: []int{s}})
				}
				assert.Equal(t, *best, got.Path, "%d workers, watch %d", workers, i)
				assert.Equal(t, w.load(*best), got.Load)
				if first, _ := e.Path(i); !assert.ObjectsAreEqual(first, got.Path) {
					turned++
				}
			}
		}
	})
	assert.NotZero(t, found)
	assert.NotZero(t, turned, "the first run was always the lightest")
}

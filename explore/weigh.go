package explore

import (
	"tcpclose/explore/internal/search"
)

// A Weight is the weight of one step.
type Weight struct {
	Cost  int // 0 or more
	Actor int // who makes it: 1 or 2, or 0 for somebody else
}

// A Load is the weight of a run. The lighter of two costs less, or costs as much and
// changes actors less often.
type Load struct{ Cost, Turns int }

// Compare orders loads, the lightest first.
func (l Load) Compare(m Load) int {
	return search.Load(l).Compare(search.Load(m))
}

// Weigh says what a step from a state weighs.
type Weigh[S comparable, A any] func(from S, step *Step[S, A]) Weight

// A Light is a run with its load.
type Light[S comparable, A any] struct {
	Path Path[S, A]
	Load Load
}

// weights returns the function that weighs the steps from a key.
func weights[S comparable, A any, K comparable](sys System[S, A], state func(K) S, weigh Weigh[S, A]) func(K) func(int) (search.Weight, bool) {
	return func(k K) func(int) (search.Weight, bool) {
		s := state(k)
		steps := sys.Steps(nil, s)
		return func(nth int) (w search.Weight, ok bool) {
			if nth >= len(steps) {
				return w, false
			}
			return search.Weight(weigh(s, &steps[nth])), true
		}
	}
}

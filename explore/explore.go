package explore

import (
	"context"
	"fmt"
)

// Explored is the outcome of the search of an opaque system.
type Explored[S comparable, A any] struct {
	Result
	search *search[S]
	space  *opaqueSpace[S, A]
}

// Explore visits every reachable state of sys, looking out for watches.
func Explore[S comparable, A any](ctx context.Context, sys System[S, A], watches []Watch[S, A], o Options) *Explored[S, A] {
	kinds := make([]Kind, len(watches))
	for i, w := range watches {
		kinds[i] = w.Kind
	}
	if len(watches) > MaxWatches {
		panic(fmt.Sprintf("explore: %d watches: at most %d", len(watches), MaxWatches))
	}
	sp := &opaqueSpace[S, A]{sys: sys, watches: watches, states: newStateSet[S](), of: kindSets(kinds), maxMemory: o.MaxMemory}
	sp.bounded, _ = sys.(Bounded[S, A])
	s := newSearch(sp, kinds, o)
	s.run(ctx)
	return &Explored[S, A]{s.result, s, sp}
}

// Found is the least number of steps after which watch i sees something; ok is
// false if it saw nothing.
func (e *Explored[S, A]) Found(i int) (steps int, ok bool) {
	steps, ok = e.search.found[i]
	return steps, ok
}

// Path is the run to what watch i sees: of the shortest ones, that whose steps
// come first. ok is false if it saw nothing.
func (e *Explored[S, A]) Path(i int) (path Path[S, A], ok bool) {
	run, ok := e.search.paths([]int{i})[i]
	if !ok {
		return path, false
	}
	return follow(e.space.sys, run.start, run.picks), true
}

// Lightest is the lightest of the shortest runs to what watch i sees. It reports
// not ok if that saw nothing.
func (e *Explored[S, A]) Lightest(i int, weigh Weigh[S, A]) (l Light[S, A], ok bool) {
	run, ok := e.search.lightest([]int{i}, weights(e.space.sys, func(s S) S { return s }, weigh))[i]
	if !ok {
		return l, false
	}
	return Light[S, A]{follow(e.space.sys, run.start, run.picks), run.load}, true
}

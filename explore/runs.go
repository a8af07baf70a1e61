package explore

import (
	"context"
	"fmt"
)

// Runs is all runs of a system that was explored, as a graph of its states and
// steps, with what some watches see in them. It is made once and answers any
// number of questions.
type Runs[S comparable, A any] struct {
	// Incomplete names why the graph is not all of the system; see
	// Result.Incomplete. Nothing is then said to hold.
	Incomplete []string

	graph   *stepGraph
	columns *columns
	// replay is the run from initial state number start by the picked steps, each
	// counted among those that are not cut.
	replay func(start int, picks []int) Path[S, A]
}

// Runs is the runs of the system, as seen by watches. No other method may be
// called at the same time. If ctx is done, the graph is empty and incomplete.
func (e *Explored[S, A]) Runs(ctx context.Context, watches []int) (*Runs[S, A], error) {
	kinds := make([]Kind, len(e.space.watches))
	for i, w := range e.space.watches {
		kinds[i] = w.Kind
	}
	r, err := newRuns[S, A](ctx, e.search, kinds, watches)
	if err != nil {
		return nil, err
	}
	r.replay = func(start int, picks []int) Path[S, A] {
		return replay(e.space.sys, e.search.initial[start], picks)
	}
	return r, nil
}

func newRuns[S comparable, A any, K comparable](ctx context.Context, s *search[K], kinds []Kind, watches []int) (*Runs[S, A], error) {
	if s.cut[BoundMemory] {
		return nil, fmt.Errorf("explore: the search had too little memory: its runs need more")
	}
	c, err := newColumns(kinds, watches)
	if err != nil {
		return nil, err
	}
	if s.result.Distinct > maxNodes {
		return nil, fmt.Errorf("explore: a graph of %d states: at most %d", s.result.Distinct, uint32(maxNodes))
	}
	r := &Runs[S, A]{Incomplete: s.result.Incomplete, columns: c}
	if r.graph = s.graph(ctx, c); r.graph == nil {
		r.graph = &stepGraph{}
		r.Incomplete = also(r.Incomplete, incompleteBy(ctx))
	}
	return r, nil
}

// labelled says what is wrong if watch i, which should be one of steps or not,
// cannot be asked for.
func (r *Runs[S, A]) labelled(i int, step bool) error {
	switch has, other := r.columns.states, r.columns.steps; {
	case i < 0 || i >= MaxWatches:
		return fmt.Errorf("explore: no watch %d", i)
	case step && r.columns.steps.Has(i), !step && r.columns.states.Has(i):
		return nil
	case has.Or(other).Has(i) && step:
		return fmt.Errorf("explore: watch %d does not see steps", i)
	case has.Or(other).Has(i):
		return fmt.Errorf("explore: watch %d sees steps", i)
	}
	return fmt.Errorf("explore: the runs were made without watch %d", i)
}

// path is the run along steps of the graph.
func (r *Runs[S, A]) path(start uint32, steps []uint64) Path[S, A] {
	var picks []int
	s := start
	for _, step := range steps {
		picks = append(picks, int(step-r.graph.first[s]))
		s = r.graph.to[step]
	}
	return r.replay(int(start), picks)
}

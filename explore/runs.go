package explore

import (
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

package explore

import (
	"context"
	"tcpclose/explore/internal/stategraph"
)

// Runs is all runs of a system that was explored, as a graph of its states and
// steps, with what some watches see in them. It is made once and answers any
// number of questions.
type Runs[S comparable, A any] struct {
	// Incomplete names why the graph is not all of the system; see
	// Result.Incomplete. Nothing is then said to hold.
	Incomplete []string

	graph   *stategraph.Graph
	columns *stategraph.Columns
	// replay is the run from initial state number start by the picked steps, each
	// counted among those that are not cut.
	replay func(start int, picks []int) (Path[S, A], error)
}

// path returns the run along steps of the graph.
func (r *Runs[S, A]) path(start uint32, steps []uint64) (Path[S, A], error) {
	var picks []int
	s := start
	for _, step := range steps {
		picks = append(picks, int(step-r.graph.First[s]))
		s = r.graph.To[step]
	}
	return r.replay(int(start), picks)
}

// CanAlwaysReach finds out whether from every reachable state there is a way to
// something that the watch sees: a state, or a step. In CTL this is AG EF p. It
// says that the way is there, not that a run takes it: what always can be reached
// need not be reached eventually.
//
// If there is no way from some state, stuck is the run to such a state: of the
// shortest ones, that whose steps come first.
func (r *Runs[S, A]) CanAlwaysReach(ctx context.Context, watch int) (v Verdict, stuck Path[S, A], err error) {
	goal, err := r.letter([]int{watch})
	if err != nil {
		return Unknown, stuck, err
	}
	s, found, ok := r.graph.CannotReach(ctx, goal)
	switch {
	case !ok:
		return Unknown, stuck, nil
	case found:
		stuck, err = r.path(r.graph.PathTo(s))
		return Violated, stuck, err
	case len(r.Incomplete) > 0:
		return Unknown, stuck, nil
	}
	return Holds, stuck, nil
}

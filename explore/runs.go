package explore

import (
	"context"

	"tcpclose/explore/internal/stategraph"
	"tcpclose/explore/ltl"
)

// Runs is all runs of a system that was explored, as a graph of its states and
// steps, with what some watches see in them. It answers any number of questions.
type Runs[S comparable, A any] struct {
	// Incomplete names why the graph is not all of the system; see
	// Result.Incomplete. Nothing is then said to hold.
	Incomplete []string

	// graph is made when a question needs all of it: build makes it.
	graph   *stategraph.Graph
	build   func(ctx context.Context) (*stategraph.Graph, error)
	columns *stategraph.Columns
	cycles  cycles // nil if questions need the graph
	// replay is the run from initial state number start by the picked steps, each
	// counted among those that are not cut.
	replay func(start int, picks []int) (Path[S, A], error)
}

// cycles is stategraph.Cycles, whatever the keys are.
type cycles interface {
	FairRun(ctx context.Context, a *ltl.Automaton, f stategraph.Fairness) (run *stategraph.FairRun, known bool)
	MayBeStuck(ctx context.Context, goal ltl.Letter) (may, known bool)
	FirstStuck(ctx context.Context, goal ltl.Letter) (start int, picks []int, found, known bool)
}

// WholeGraph reports whether a question has needed the graph of all states. Many do not,
// if the system is a product: see product.Explored.Runs.
func (r *Runs[S, A]) WholeGraph() bool { return r.graph != nil }

// complete makes the graph, if it is not there.
func (r *Runs[S, A]) complete(ctx context.Context) (err error) {
	if r.graph == nil {
		r.graph, err = r.build(ctx)
	}
	return err
}

// path returns the run along steps of the graph.
func (r *Runs[S, A]) path(start uint32, steps []uint64) (Path[S, A], error) {
	return r.replay(int(start), r.graph.Along(start, steps))
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
	if r.cycles != nil {
		may, known := r.cycles.MayBeStuck(ctx, goal)
		if known && !may {
			return Holds, stuck, nil
		}
		if start, picks, found, known := r.cycles.FirstStuck(ctx, goal); known && found {
			stuck, err = r.replay(start, picks)
			return Violated, stuck, err
		} else if known {
			return Holds, stuck, nil
		}
	}
	if err := r.complete(ctx); err != nil {
		if ctx.Err() != nil {
			err = nil
		}
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

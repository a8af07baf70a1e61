package explore

import (
	"tcpclose/explore/internal/search"
	"tcpclose/explore/internal/stategraph"
)

// A Lasso is a run that goes on forever: States[Loop:] again and again, by
// Actions[Loop:]. The last state is States[Loop]. If no action is left to repeat,
// the run rests there: the state is terminal.
type Lasso[S comparable, A any] struct {
	Path[S, A]
	Loop int
	run  *stategraph.FairRun
}

// Rests reports whether the run comes to rest in a terminal state.
func (l *Lasso[S, A]) Rests() bool { return l.Loop == len(l.Actions) }

// String returns the run in lines, as that of a Path, and says where it repeats itself or
// comes to rest.
func (l Lasso[S, A]) String() string { return l.text(l.Loop) }

// lasso returns the run as a lasso.
func (r *Runs[S, A]) lasso(run *stategraph.FairRun) (*Lasso[S, A], error) {
	path, err := r.replay(run.Start, run.Picks)
	if err == nil && path.States[run.Loop] != path.States[len(path.Actions)] {
		err = search.ErrUnseen
	}
	if err != nil {
		return nil, err
	}
	return &Lasso[S, A]{Path: path, Loop: run.Loop, run: run}, nil
}

// Unfair returns the conditions that a lasso that Check found certainly does not satisfy:
// each of them, had it been assumed, would have ruled the lasso out.
func (r *Runs[S, A]) Unfair(l *Lasso[S, A], conditions []Fairness) (unfair []int, err error) {
	for i, c := range conditions {
		f, err := r.fairness(Liveness{Fair: []Fairness{c}})
		if err != nil {
			return nil, err
		}
		if l.run != nil && len(l.run.Cycle) > 0 && !l.run.Graph.Fair(l.run.Cycle, f) {
			unfair = append(unfair, i)
		}
	}
	return unfair, nil
}

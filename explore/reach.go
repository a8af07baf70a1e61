package explore

import "context"

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
		return Violated, r.path(r.graph.PathTo(s)), nil
	case len(r.Incomplete) > 0:
		return Unknown, stuck, nil
	}
	return Holds, stuck, nil
}

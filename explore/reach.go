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
	goal, err := r.sight([]int{watch})
	if err != nil {
		return Unknown, stuck, err
	}
	s, found, ok := r.graph.cannotReach(ctx, goal)
	switch {
	case !ok:
		return Unknown, stuck, nil
	case found:
		return Violated, r.path(r.graph.way(s)), nil
	case len(r.Incomplete) > 0:
		return Unknown, stuck, nil
	}
	return Holds, stuck, nil
}

// cannotReach is the first state from which no letter of goal can be reached, as
// far as is known. It reports not ok if ctx is done.
//
// Components are found after those to which they lead, so one search is enough,
// and the graph need not be turned round.
func (g *stepGraph) cannotReach(ctx context.Context, goal letter) (s uint32, found, ok bool) {
	can := make([]bool, g.states())
	c := newComponents(&pairing{g, [][]move{{{}}}, 1})
	ok = c.search(ctx, everything, c.roots(), func(nodes []uint32, _ uint32) {
		for _, v := range nodes {
			if can[v] = g.reaches(v, goal, can); can[v] {
				for _, v := range nodes {
					can[v] = true
				}
				return
			}
		}
	})
	if !ok || ctx.Err() != nil {
		return 0, false, false
	}
	for s := range can {
		if !can[s] {
			return uint32(s), true, true
		}
	}
	return 0, false, true
}

// reaches reports whether goal is in s, on a step from s, or in reach of a state
// next to it that can reach it; or whether that is not known.
func (g *stepGraph) reaches(s uint32, goal letter, can []bool) bool {
	in := g.at(s)
	if g.in[s]&open != 0 || in&goal != 0 {
		return true
	}
	first, end := g.steps(s)
	for step := first; step < end; step++ {
		if letter(g.on[step])&goal != 0 || can[g.to[step]] {
			return true
		}
	}
	return false
}

package stategraph

import (
	"context"

	"tcpclose/explore/ltl"
)

// CannotReach returns the first state from which no letter of goal can be reached, as
// far as is known. It reports not ok if ctx is done.
//
// Components are found after those to which they lead, so one search is enough,
// and the graph need not be turned round.
func (g *Graph) CannotReach(ctx context.Context, goal ltl.Letter) (s uint32, found, ok bool) {
	can := make([]bool, g.States())
	if !g.reach(ctx, goal, g.Roots(), can) {
		return 0, false, false
	}
	for s := range can {
		if !can[s] {
			return uint32(s), true, true
		}
	}
	return 0, false, true
}

// reach adds to can the states from which goal can be reached, or a state that is in can
// already, of those that can be reached from roots. It reports false if ctx is done.
func (g *Graph) reach(ctx context.Context, goal ltl.Letter, roots []uint32, can []bool) bool {
	c := newComponents(&pairing{g, [][]ltl.Move{{{}}}, 1})
	ok := c.search(ctx, everything, roots, func(nodes []uint32, _ uint32) {
		for _, v := range nodes {
			if can[v] = can[v] || g.reaches(v, goal, can); can[v] {
				for _, v := range nodes {
					can[v] = true
				}
				return
			}
		}
	})
	return ok && ctx.Err() == nil
}

// reaches reports whether goal is in s, on a step from s, or in reach of a state
// next to it that can reach it; or whether that is not known.
func (g *Graph) reaches(s uint32, goal ltl.Letter, can []bool) bool {
	in := g.at(s)
	if g.in[s]&open != 0 || in&goal != 0 {
		return true
	}
	first, end := g.Steps(s)
	for step := first; step < end; step++ {
		if ltl.Letter(g.on[step])&goal != 0 || can[g.To[step]] {
			return true
		}
	}
	return false
}

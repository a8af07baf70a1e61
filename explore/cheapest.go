package explore

import (
	"context"
	"fmt"

	"tcpclose/explore/internal/stategraph"
	"tcpclose/explore/ltl"
)

// A Price is the cost of a step that a watch sees. The prices of all watches that see a
// step add up.
type Price struct {
	Step int // a watch of steps
	Cost int // 0 or more
}

// A Cheapest is a run to a goal that costs least.
type Cheapest[S comparable, A any] struct {
	Cost int
	Path Path[S, A]
	// AtMost: not everything was explored, and there may be a cheaper one.
	AtMost bool
}

// Cheapest returns the cheapest run to a state or step that a watch of goals sees; of
// the cheapest runs the shortest, and of these the one whose steps
// come first from the goal backwards. It returns nil if there is none; if the
// runs are incomplete, none is known. Costs are added along runs, so they are no
// part of the states.
func (r *Runs[S, A]) Cheapest(ctx context.Context, goals []int, prices []Price) (*Cheapest[S, A], error) {
	goal, err := r.letter(goals)
	if err != nil {
		return nil, err
	}
	costs, err := r.stepCosts(prices)
	if err != nil {
		return nil, err
	}
	if err := r.complete(ctx); err != nil {
		return nil, err
	}
	g := r.graph
	starts := g.Roots()
	least := g.LeastCosts(ctx, costs, starts)
	if least == nil {
		return nil, ctx.Err()
	}
	best := g.Best(least, costs, goal)
	if best == stategraph.Unreached {
		return nil, nil
	}
	start, steps := g.Shortest(least, costs, best, goal, starts)
	path, err := r.path(start, steps)
	if err != nil {
		return nil, err
	}
	return &Cheapest[S, A]{int(best), path, len(r.Incomplete) > 0}, nil
}

// letter returns what the watches see, of states or of steps, as a letter of which one
// bit is enough.
func (r *Runs[S, A]) letter(watches []int) (l ltl.Letter, err error) {
	for _, w := range watches {
		step := w >= 0 && w < MaxWatches && r.columns.Steps.Has(w)
		if err := r.columns.Labelled(w, step); err != nil {
			return 0, err
		}
		bit := ltl.Letter(r.columns.Of[w])
		if !step {
			bit <<= 32
		}
		l |= bit
	}
	return l, nil
}

// stepCosts returns the prices, by labels.
func (r *Runs[S, A]) stepCosts(prices []Price) (f stategraph.StepCosts, err error) {
	for _, p := range prices {
		if err := r.columns.Labelled(p.Step, true); err != nil {
			return nil, err
		}
		if p.Cost < 0 {
			return nil, fmt.Errorf("explore: a step of watch %d costs %d: want 0 or more", p.Step, p.Cost)
		}
		f.Add(r.columns.Of[p.Step], uint32(p.Cost))
	}
	return f, nil
}

package explore

import (
	"context"
	"fmt"
	"math/bits"
	"slices"
)

// A Price is what a step costs for being seen by a watch; the prices of all that
// see it add up.
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

// Cheapest is the run to what one of goals sees, states or steps, whose steps
// cost least together; of those the shortest, and of these the one whose steps
// come first from the goal backwards. It returns nil if there is none; if the
// runs are incomplete, none is known. Costs are added along runs, so they are no
// part of the states.
func (r *Runs[S, A]) Cheapest(ctx context.Context, goals []int, prices []Price) (*Cheapest[S, A], error) {
	var atStates, onSteps uint32
	for _, w := range goals {
		step := w >= 0 && w < MaxWatches && r.columns.steps.Has(w)
		if err := r.labelled(w, step); err != nil {
			return nil, err
		}
		if step {
			onSteps |= r.columns.of[w]
		} else {
			atStates |= r.columns.of[w]
		}
	}
	fare := fare{}
	for _, p := range prices {
		if err := r.labelled(p.Step, true); err != nil {
			return nil, err
		}
		if p.Cost < 0 {
			return nil, fmt.Errorf("explore: a step of watch %d costs %d: want 0 or more", p.Step, p.Cost)
		}
		fare.add(r.columns.of[p.Step], uint32(p.Cost))
	}
	g := r.graph
	least := g.leastCosts(ctx, fare)
	if least == nil {
		return nil, ctx.Err()
	}
	// The shortest of the cheapest: breadth first along steps that are on some
	// cheapest way, to the goals that are cheapest.
	best := unreached
	for s := range g.states() {
		if least[s] == unreached {
			continue
		}
		if g.in[s]&atStates != 0 {
			best = min(best, least[s])
		}
		first, end := g.steps(uint32(s))
		for step := first; step < end; step++ {
			if g.on[step]&onSteps != 0 {
				best = min(best, least[s]+fare.of(g.on[step]))
			}
		}
	}
	if best == unreached {
		return nil, nil
	}
	start, steps := g.shortest(least, fare, best, atStates, onSteps)
	return &Cheapest[S, A]{int(best), r.path(start, steps), len(r.Incomplete) > 0}, nil
}

// A fare is what steps cost, by their labels: each bit of a mask costs the same.
type fare []struct{ mask, cost uint32 }

func (f *fare) add(bit, cost uint32) {
	for i := range *f {
		if p := &(*f)[i]; p.cost == cost && p.mask&bit == 0 {
			p.mask |= bit
			return
		}
	}
	*f = append(*f, struct{ mask, cost uint32 }{bit, cost})
}

func (f fare) of(label uint32) (cost uint32) {
	for _, p := range f {
		cost += p.cost * uint32(bits.OnesCount32(label&p.mask))
	}
	return cost
}

// unreached is the cost of a state to which there is no way.
const unreached = ^uint32(0)

// leastCosts is what the cheapest way to each state costs: Dijkstra's search with
// a bucket for each cost (Dial, 1969). It is nil if ctx is done.
func (g *stepGraph) leastCosts(ctx context.Context, f fare) []uint32 {
	least := slices.Repeat([]uint32{unreached}, g.states())
	buckets := [][]uint32{nil}
	for s := range g.initial {
		least[s] = 0
		buckets[0] = append(buckets[0], uint32(s))
	}
	for cost := 0; cost < len(buckets); cost++ {
		for i := 0; i < len(buckets[cost]); i++ {
			if i%(1<<16) == 0 && ctx.Err() != nil {
				return nil
			}
			s := buckets[cost][i]
			if least[s] != uint32(cost) {
				continue // a cheaper way was found since
			}
			first, end := g.steps(s)
			for step := first; step < end; step++ {
				to, c := g.to[step], uint32(cost)+f.of(g.on[step])
				if c >= least[to] {
					continue
				}
				least[to] = c
				for int(c) >= len(buckets) {
					buckets = append(buckets, nil)
				}
				buckets[c] = append(buckets[c], to)
			}
		}
		buckets[cost] = nil
	}
	return least
}

// shortest is the start and the steps of a shortest way to a goal that costs
// best.
func (g *stepGraph) shortest(least []uint32, f fare, best, atStates, onSteps uint32) (start uint32, steps []uint64) {
	by := slices.Repeat([]uint64{0}, g.states()) // the step by which it was reached, plus one
	seen := make([]bool, g.states())
	var queue []uint32
	back := func(s uint32, last ...uint64) (uint32, []uint64) {
		way := last
		for by[s] != 0 {
			way = append(way, by[s]-1)
			s = g.source(by[s] - 1)
		}
		slices.Reverse(way)
		return s, way
	}
	for s := range g.initial {
		seen[s] = true
		queue = append(queue, uint32(s))
	}
	for _, s := range queue {
		if least[s] == best && g.in[s]&atStates != 0 {
			return back(s)
		}
	}
	for i := 0; i < len(queue); i++ {
		s := queue[i]
		first, end := g.steps(s)
		for step := first; step < end; step++ {
			to, cost := g.to[step], least[s]+f.of(g.on[step])
			if cost == best && g.on[step]&onSteps != 0 {
				return back(s, step)
			}
			if cost != least[to] || seen[to] {
				continue
			}
			seen[to] = true
			by[to] = step + 1
			if cost == best && g.in[to]&atStates != 0 {
				return back(to)
			}
			queue = append(queue, to)
		}
	}
	panic("explore: a cheapest way was found and is not there")
}

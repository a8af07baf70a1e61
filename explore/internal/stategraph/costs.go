package stategraph

import (
	"context"
	"math/bits"
	"slices"

	"tcpclose/explore/ltl"
)

// StepCosts has the costs of steps, by their labels: each bit of a mask costs the same.
type StepCosts []struct{ mask, cost uint32 }

// Add adds a cost for steps whose labels have bit.
func (f *StepCosts) Add(bit, cost uint32) {
	for i := range *f {
		if p := &(*f)[i]; p.cost == cost && p.mask&bit == 0 {
			p.mask |= bit
			return
		}
	}
	*f = append(*f, struct{ mask, cost uint32 }{bit, cost})
}

func (f StepCosts) of(label uint32) (cost uint32) {
	for _, p := range f {
		cost += p.cost * uint32(bits.OnesCount32(label&p.mask))
	}
	return cost
}

// Unreached is the cost of a state to which there is no way.
const Unreached = ^uint32(0)

// LeastCosts returns, for each state, the cost of the cheapest path from one of starts:
// Dijkstra's search with a bucket for each cost (Dial, 1969). It is nil if ctx is
// done.
func (g *Graph) LeastCosts(ctx context.Context, f StepCosts, starts []uint32) []uint32 {
	least := slices.Repeat([]uint32{Unreached}, g.States())
	buckets := [][]uint32{nil}
	for _, s := range starts {
		least[s] = 0
		buckets[0] = append(buckets[0], s)
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
			first, end := g.Steps(s)
			for step := first; step < end; step++ {
				to, c := g.To[step], uint32(cost)+f.of(g.on[step])
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

// Best returns the cost of the cheapest path to a goal.
func (g *Graph) Best(least []uint32, f StepCosts, goal ltl.Letter) uint32 {
	best := Unreached
	for s := range g.States() {
		if least[s] == Unreached {
			continue
		}
		if g.at(uint32(s))&goal != 0 {
			best = min(best, least[s])
		}
		first, end := g.Steps(uint32(s))
		for step := first; step < end; step++ {
			if ltl.Letter(g.on[step])&goal != 0 {
				best = min(best, least[s]+f.of(g.on[step]))
			}
		}
	}
	return best
}

// Shortest returns the shortest path from one of starts to a goal that costs best:
// breadth first along steps that are on some cheapest path.
func (g *Graph) Shortest(least []uint32, f StepCosts, best uint32, goal ltl.Letter, starts []uint32) (start uint32, steps []uint64) {
	by := slices.Repeat([]uint64{0}, g.States()) // the step by which it was reached, plus one
	seen := make([]bool, g.States())
	var queue []uint32
	back := func(s uint32, last ...uint64) (uint32, []uint64) {
		way := last
		for by[s] != 0 {
			way = append(way, by[s]-1)
			s = g.Source(by[s] - 1)
		}
		slices.Reverse(way)
		return s, way
	}
	for _, s := range starts {
		seen[s] = true
		queue = append(queue, s)
	}
	for _, s := range queue {
		if least[s] == best && g.at(s)&goal != 0 {
			return back(s)
		}
	}
	for i := 0; i < len(queue); i++ {
		s := queue[i]
		first, end := g.Steps(s)
		for step := first; step < end; step++ {
			to, cost := g.To[step], least[s]+f.of(g.on[step])
			if cost == best && ltl.Letter(g.on[step])&goal != 0 {
				return back(s, step)
			}
			if cost != least[to] || seen[to] {
				continue
			}
			seen[to] = true
			by[to] = step + 1
			if cost == best && g.at(to)&goal != 0 {
				return back(to)
			}
			queue = append(queue, to)
		}
	}
	panic("explore: a cheapest way was found and is not there")
}

package stategraph

import (
	"context"
	"slices"

	"tcpclose/explore/ltl"
)

// IntervalStarts is the states where intervals begin, in order, and how runs reach
// them.
type IntervalStarts struct {
	States []uint32
	By     map[uint32]uint64 // the first step that begins an interval there; none if it is initial
}

// IntervalStarts returns the states where intervals begin that from begins.
func (g *Graph) IntervalStarts(from ltl.Letter) IntervalStarts {
	e := IntervalStarts{By: map[uint32]uint64{}}
	met := make([]bool, g.States())
	for _, s := range g.Roots() {
		met[s] = g.at(s)&from != 0
	}
	for s := range g.States() {
		outside := g.at(uint32(s))&from == 0
		first, end := g.Steps(uint32(s))
		for step := first; step < end; step++ {
			to := g.To[step]
			if !met[to] && (ltl.Letter(g.on[step])&from != 0 || outside && g.at(to)&from != 0) {
				met[to] = true
				e.By[to] = step
			}
		}
	}
	for s, ok := range met {
		if ok {
			e.States = append(e.States, uint32(s))
		}
	}
	return e
}

// none is the length of no interval at all.
const none = -1

// Longest returns, for each state that starts reach, the longest time from there to what
// until sees, or none if until never sees anything. There must be
// no cycle on which time passes before. It is nil if ctx is done.
//
// A state's component is found after those to which it leads, and within a
// component no time passes, so all its states take equally long.
func (g *Graph) Longest(ctx context.Context, f StepCosts, until ltl.Letter, starts []uint32) []int32 {
	longest := slices.Repeat([]int32{none}, g.States())
	before := ltl.Move{Without: until}
	c := newComponents(&pairing{g, [][]ltl.Move{{before}}, 1})
	ok := c.search(ctx, everything, starts, func(nodes []uint32, _ uint32) {
		most := int32(none)
		for _, v := range nodes {
			if g.at(v)&until != 0 {
				most = max(most, 0)
				continue
			}
			first, end := g.Steps(v)
			for step := first; step < end; step++ {
				most = max(most, g.wait(longest, f, until, step))
			}
		}
		for _, v := range nodes {
			longest[v] = most
		}
	})
	if !ok || ctx.Err() != nil {
		return nil
	}
	return longest
}

// wait returns the longest time to what until sees, beginning with a step.
func (g *Graph) wait(longest []int32, f StepCosts, until ltl.Letter, step uint64) int32 {
	cost := int32(f.of(g.on[step]))
	switch after := longest[g.To[step]]; {
	case ltl.Letter(g.on[step])&until != 0:
		return cost
	case after != none:
		return cost + after
	}
	return none
}

// Idle returns the shortest path from one of starts, before what until sees, to a state
// with no steps but those that free sees.
func (g *Graph) Idle(until, free ltl.Letter, starts []uint32) (start uint32, steps []uint64, ok bool) {
	if free == 0 {
		return 0, nil, false
	}
	by := map[uint32]uint64{} // the step by which a state was met; none of starts
	met := map[uint32]bool{}
	queue := slices.Clone(starts)
	for _, s := range starts {
		met[s] = true
	}
	for i := 0; i < len(queue); i++ {
		s := queue[i]
		if g.at(s)&until != 0 {
			continue
		}
		first, end := g.Steps(s)
		rests := g.in[s]&open == 0
		for step := first; step < end; step++ {
			rests = rests && ltl.Letter(g.on[step])&free != 0
			if to := g.To[step]; !met[to] && ltl.Letter(g.on[step])&until == 0 {
				met[to] = true
				by[to] = step
				queue = append(queue, to)
			}
		}
		if !rests {
			continue
		}
		for step, ok := by[s]; ok; step, ok = by[s] {
			steps = append(steps, step)
			s = g.Source(step)
		}
		slices.Reverse(steps)
		return s, steps, true
	}
	return 0, nil, false
}

// Latest returns the steps of the shortest path from start that takes longest.
func (g *Graph) Latest(longest []int32, f StepCosts, until ltl.Letter, start uint32) (steps []uint64) {
	type visit struct {
		state uint32
		from  int // the visit before
		by    uint64
	}
	back := func(visits []visit, i int, last ...uint64) []uint64 {
		for ; i > 0; i = visits[i].from {
			last = append(last, visits[i].by)
		}
		slices.Reverse(last)
		return last
	}
	visits := []visit{{state: start}}
	seen := map[uint32]bool{start: true}
	for i := 0; i < len(visits); i++ {
		s := visits[i].state
		if g.at(s)&until != 0 {
			return back(visits, i)
		}
		first, end := g.Steps(s)
		for step := first; step < end; step++ {
			switch to := g.To[step]; {
			case g.wait(longest, f, until, step) != longest[s]:
			case ltl.Letter(g.on[step])&until != 0:
				return back(visits, i, step)
			case !seen[to]:
				seen[to] = true
				visits = append(visits, visit{to, i, step})
			}
		}
	}
	panic("explore: a longest way was found and is not there")
}

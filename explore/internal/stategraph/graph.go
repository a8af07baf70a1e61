package stategraph

import (
	"slices"

	"tcpclose/explore/ltl"
)

// A Graph is the reachable states and steps as arrays: states are numbers,
// the steps from one lie next to each other in their order. Numbers are those of
// a breadth-first discovery by one worker, so the graph does not depend on how
// many there were, and a smaller number is never farther from the initial
// states. It takes 8 bytes for a step and 16 for a state.
//
// A terminal state has one step more, on which it rests: to itself, and seen by
// no watch.
type Graph struct {
	Initial int      // the states below are initial
	levels  []int    // where each level begins, and where the last one ends
	First   []uint64 // by state: its first step; and the number of steps
	To      []uint32 // by step
	on      []uint32 // by step: what step watches see, or resting
	in      []uint32 // by state: what state watches see, and perhaps open
	enabled []uint32 // by state: what step watches see on its steps
}

const (
	// resting, on a step, is the bit of no watch.
	resting = 1 << 31
	// open, in a state: some of its steps are not in the graph. It is not
	// terminal, but that a watch sees none of its steps cannot be said.
	open = 1 << 31
	// MaxColumns limits the watches of states, and those of steps, of one graph.
	MaxColumns = 31
	maxNodes   = 1<<32 - 2
)

// States returns the number of states.
func (g *Graph) States() int { return len(g.in) }

// Steps returns the range of the steps from s.
func (g *Graph) Steps(s uint32) (first, end uint64) { return g.First[s], g.First[s+1] }

// Roots returns the initial states.
func (g *Graph) Roots() (list []uint32) {
	for s := range g.Initial {
		list = append(list, uint32(s))
	}
	return list
}

// rests reports whether s is terminal.
func (g *Graph) rests(s uint32) bool {
	first, end := g.Steps(s)
	return end == first+1 && g.on[first]&resting != 0
}

// at returns the letter of what state watches see in s.
func (g *Graph) at(s uint32) ltl.Letter { return ltl.Letter(g.in[s]) << 32 }

// mayTake returns the step watches that may see a step from s.
func (g *Graph) mayTake(s uint32) uint32 {
	if g.in[s]&open != 0 {
		return ^uint32(resting)
	}
	return g.enabled[s]
}

// Source returns the state that a step leaves: the last one with a first step no
// later.
func (g *Graph) Source(step uint64) uint32 {
	lo, hi := 0, g.States()
	for hi-lo > 1 {
		if mid := (lo + hi) / 2; g.First[mid] <= step {
			lo = mid
		} else {
			hi = mid
		}
	}
	return uint32(lo)
}

// PathTo returns the start and the steps of the path on which a breadth-first search
// first reaches s.
func (g *Graph) PathTo(s uint32) (start uint32, steps []uint64) {
	depth, met := slices.BinarySearch(g.levels, int(s))
	if !met {
		depth--
	}
	for ; depth > 0; depth-- {
		first := g.First[g.levels[depth-1]]
		step := first + uint64(slices.Index(g.To[first:], s))
		steps = append(steps, step)
		s = g.Source(step)
	}
	slices.Reverse(steps)
	return s, steps
}

// Along returns the places of the steps of a path among those from the same state.
func (g *Graph) Along(s uint32, steps []uint64) (picks []int) {
	for _, step := range steps {
		picks = append(picks, int(step-g.First[s]))
		s = g.To[step]
	}
	return picks
}

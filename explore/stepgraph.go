package explore

import (
	"context"
	"math/bits"
	"slices"
)

// A stepGraph is the reachable states and steps as arrays: states are numbers,
// the steps from one lie next to each other in their order. Numbers are those of
// a breadth-first discovery by one worker, so the graph does not depend on how
// many there were, and a smaller number is never farther from the initial
// states. It takes 8 bytes for a step and 16 for a state.
//
// A terminal state has one step more, on which it rests: to itself, and seen by
// no watch.
type stepGraph struct {
	initial int      // the states below are initial
	levels  []int    // where each level begins, and where the last one ends
	first   []uint64 // by state: its first step; and the number of steps
	to      []uint32 // by step
	on      []uint32 // by step: what step watches see, or resting
	in      []uint32 // by state: what state watches see, and perhaps open
	enabled []uint32 // by state: what step watches see on its steps
}

const (
	// resting, on a step, is what no watch has.
	resting = 1 << 31
	// open, in a state: some of its steps are not in the graph. It is not
	// terminal, but that a watch sees none of its steps cannot be said.
	open = 1 << 31
	// maxColumns is how many watches of states, and how many of steps, can be
	// seen in a graph.
	maxColumns = 31
	maxNodes   = 1<<32 - 2
)

func (g *stepGraph) states() int { return len(g.in) }

// steps is the range of the steps from s.
func (g *stepGraph) steps(s uint32) (first, end uint64) { return g.first[s], g.first[s+1] }

// roots is the initial states.
func (g *stepGraph) roots() (list []uint32) {
	for s := range g.initial {
		list = append(list, uint32(s))
	}
	return list
}

// at is what state watches see in s.
func (g *stepGraph) at(s uint32) letter { return letter(g.in[s]) << 32 }

// mayTake is which step watches see, for all that is known, a step from s.
func (g *stepGraph) mayTake(s uint32) uint32 {
	if g.in[s]&open != 0 {
		return ^uint32(resting)
	}
	return g.enabled[s]
}

// source is the state that a step leaves: the last one with a first step no
// later.
func (g *stepGraph) source(step uint64) uint32 {
	lo, hi := 0, g.states()
	for hi-lo > 1 {
		if mid := (lo + hi) / 2; g.first[mid] <= step {
			lo = mid
		} else {
			hi = mid
		}
	}
	return uint32(lo)
}

// way is the start and the steps of the way on which a breadth-first search first
// comes to s.
func (g *stepGraph) way(s uint32) (start uint32, steps []uint64) {
	depth, met := slices.BinarySearch(g.levels, int(s))
	if !met {
		depth--
	}
	for ; depth > 0; depth-- {
		first := g.first[g.levels[depth-1]]
		step := first + uint64(slices.Index(g.to[first:], s))
		steps = append(steps, step)
		s = g.source(step)
	}
	slices.Reverse(steps)
	return s, steps
}

// columns is which bits of a graph's labels belong to which watches.
type columns struct {
	of        [MaxWatches]uint32 // by watch; 0 has none
	states    Bits               // watches of states and terminal states
	steps     Bits
	terminals uint32
}

// label is the bits of the watches in b.
func (c *columns) label(b Bits) (l uint32) {
	for half, word := range b {
		for ; word != 0; word &= word - 1 {
			l |= c.of[half*64+bits.TrailingZeros64(word)]
		}
	}
	return l
}

// A batch is what a chunk of states brings to the graph.
type batch[K comparable] struct {
	in      []uint32
	degrees []uint32
	places  []uint32
	keys    []K
	on      []uint32
}

// batches is how many chunks are expanded before they are numbered.
const batches = 1024

// A builder turns the levels of a search into a graph.
type builder[K comparable] struct {
	*search[K]
	columns *columns
	graph   *stepGraph
	number  []uint32 // by place: the state's number plus one
	warm    uint32   // see stateSet.touch
}

// graph is the graph of what s has seen. If ctx is done it returns nil.
func (s *search[K]) graph(ctx context.Context, c *columns) *stepGraph {
	n := s.result.Distinct
	steps := s.result.Generated + s.result.Terminals
	b := &builder[K]{search: s, columns: c, graph: &stepGraph{
		first:   make([]uint64, 1, n+1),
		to:      make([]uint32, 0, steps),
		on:      make([]uint32, 0, steps),
		in:      make([]uint32, 0, n),
		enabled: make([]uint32, 0, n),
	}}
	if len(s.levels) == 0 {
		return b.graph
	}
	explorer := s.workers[0]
	b.number = make([]uint32, explorer.room())
	b.graph.initial = len(s.initial)
	for i, at := range explorer.places(nil, s.initial) {
		b.number[at] = uint32(i + 1)
	}
	b.graph.levels = append(b.graph.levels, 0)
	at := b.graph.initial
	level := s.initial
	for d := range s.levels {
		b.graph.levels = append(b.graph.levels, at)
		if s.open && d == len(s.levels)-1 {
			b.close(level)
			break
		}
		var next []K
		if d+1 < len(s.levels) {
			next = make([]K, 0, s.levels[d+1].states())
		}
		next, ok := b.level(ctx, level, next, at)
		if !ok {
			return nil
		}
		level = next
		at += len(next)
	}
	return b.graph
}

// close enters states whose steps are not known.
func (b *builder[K]) close(level []K) {
	w := b.workers[0]
	w.explorer.heed(b.columns.states)
	for _, k := range level {
		b.graph.in = append(b.graph.in, b.columns.label(w.seen(k))&^b.columns.terminals|open)
		b.graph.enabled = append(b.graph.enabled, 0)
		b.graph.first = append(b.graph.first, uint64(len(b.graph.to)))
	}
}

// level enters the states of a level and their steps. It appends the states that
// are met for the first time to next; the first one gets number at.
func (b *builder[K]) level(ctx context.Context, level, next []K, at int) (_ []K, ok bool) {
	all := make([]batch[K], min(batches, len(level)/chunkStates+1))
	for len(level) > 0 {
		if ctx.Err() != nil {
			return nil, false
		}
		block := level[:min(len(level), len(all)*chunkStates)]
		level = level[len(block):]
		b.expandBlock(block, all)
		for i := 0; i*chunkStates < len(block); i++ {
			next = b.enter(&all[i], next, at)
		}
	}
	return next, true
}

// expandBlock has all workers fill the batches with the chunks of block.
func (b *builder[K]) expandBlock(block []K, all []batch[K]) {
	eachBlock((len(block)+chunkStates-1)/chunkStates, len(b.workers), func(worker, i int) bool {
		lo := i * chunkStates
		b.expandChunk(b.workers[worker], block[lo:min(lo+chunkStates, len(block))], &all[i])
		return true
	})
}

func (b *builder[K]) expandChunk(w *worker[K], chunk []K, out *batch[K]) {
	out.in, out.degrees = out.in[:0], out.degrees[:0]
	out.places, out.keys, out.on = out.places[:0], out.keys[:0], out.on[:0]
	w.explorer.heed(b.columns.steps)
	for _, k := range chunk {
		steps := w.steps(k)
		had, in := len(out.keys), uint32(0)
		for i := range steps {
			if step := &steps[i]; step.cut {
				in = open
			} else {
				out.keys = append(out.keys, step.to)
				out.on = append(out.on, b.columns.label(step.seen))
			}
		}
		if len(steps) > 0 {
			in |= b.columns.terminals // to be taken off
		}
		out.in = append(out.in, in)
		out.degrees = append(out.degrees, uint32(len(out.keys)-had))
	}
	w.explorer.heed(b.columns.states)
	for i, k := range chunk {
		in := out.in[i]
		out.in[i] = b.columns.label(w.seen(k))&^in | in&open
	}
	out.places = w.places(out.places, out.keys)
}

// enter numbers the states to which the steps of a batch lead, and appends the
// batch to the graph.
func (b *builder[K]) enter(in *batch[K], next []K, at int) []K {
	for _, at := range in.places {
		b.warm ^= b.number[at]
	}
	n := 0
	for i, label := range in.in {
		s := uint32(len(b.graph.in))
		enabled := uint32(0)
		for range in.degrees[i] {
			number := &b.number[in.places[n]]
			if *number == 0 {
				*number = uint32(at + len(next) + 1)
				next = append(next, in.keys[n])
			}
			b.graph.to = append(b.graph.to, *number-1)
			b.graph.on = append(b.graph.on, in.on[n])
			enabled |= in.on[n]
			n++
		}
		if in.degrees[i] == 0 && label&open == 0 {
			b.graph.to = append(b.graph.to, s)
			b.graph.on = append(b.graph.on, resting)
		}
		b.graph.in = append(b.graph.in, label)
		b.graph.enabled = append(b.graph.enabled, enabled)
		b.graph.first = append(b.graph.first, uint64(len(b.graph.to)))
	}
	return next
}

package stategraph

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"tcpclose/explore/internal/search"
)

// A batch is the share of a chunk of states in the graph.
type batch[K comparable] struct {
	in      []uint32
	degrees []uint32
	places  []uint32
	known   bool // all keys have places
	keys    []K
	on      []uint32
}

// batches is the number of chunks that are expanded before they are numbered.
const batches = 1024

// A Builder turns the levels of a search into a graph, the first ones first: as far as
// a question needs it. A state has its number for good, whatever comes after it.
type Builder[K comparable] struct {
	*search.Search[K]
	columns *Columns

	graph  *Graph   // nil before the first level
	number []uint32 // by place: the state's number plus one
	keys   []K      // by number; those that the graph does not have yet are the next level
	sink   uint32   // see StateSet.Touch
}

// NewBuilder returns a builder of the graph of what s has seen.
func NewBuilder[K comparable](s *search.Search[K], c *Columns) *Builder[K] {
	return &Builder[K]{Search: s, columns: c}
}

// All returns the graph with all levels, or an error: that of ctx if it is done.
func (b *Builder[K]) All(ctx context.Context) (*Graph, error) {
	for {
		if b.graph != nil {
			b.reserve()
		}
		more, err := b.Grow(ctx)
		if err != nil {
			return nil, err
		}
		if !more {
			return b.graph, nil
		}
	}
}

// reserve makes room for all of the graph.
func (b *Builder[K]) reserve() {
	g, n := b.graph, b.Result.Distinct-b.graph.States()
	steps := b.Result.Generated + b.Result.Terminals - len(g.To)
	g.First, g.in, g.enabled = slices.Grow(g.First, n), slices.Grow(g.in, n), slices.Grow(g.enabled, n)
	g.To, g.on = slices.Grow(g.To, steps), slices.Grow(g.on, steps)
	b.keys = slices.Grow(b.keys, b.Result.Distinct-len(b.keys))
}

// Grow adds the next level to the graph. It reports false if there was none. After an
// error it begins with the first level again.
func (b *Builder[K]) Grow(ctx context.Context) (more bool, err error) {
	defer func() {
		if err != nil {
			b.graph, b.number, b.keys = nil, nil, nil
		}
	}()
	if b.graph == nil {
		if err := b.begin(); err != nil {
			return false, err
		}
	}
	d := len(b.graph.levels) - 1
	if d == len(b.Levels) {
		if b.graph.States() != b.Result.Distinct {
			return false, search.ErrUnseen
		}
		return false, nil
	}
	level := b.keys[b.graph.States():]
	b.graph.levels = append(b.graph.levels, len(b.keys))
	if b.Open && d == len(b.Levels)-1 {
		b.close(level)
		return true, nil
	}
	if d+1 < len(b.Levels) {
		b.keys = slices.Grow(b.keys, b.Levels[d+1].States())
	}
	return true, b.level(ctx, level)
}

// begin numbers the initial states.
func (b *Builder[K]) begin() error {
	s := b.Search
	if s.Cut[search.BoundMemory] {
		return errors.New("explore: the search had too little memory: its runs need more")
	}
	if s.Result.Distinct > maxNodes {
		return fmt.Errorf("explore: a graph of %d states: at most %d", s.Result.Distinct, uint32(maxNodes))
	}
	b.graph = &Graph{First: []uint64{0}, levels: []int{0}, Initial: len(s.Initial)}
	if len(s.Levels) == 0 {
		return nil
	}
	b.number = make([]uint32, s.Workers[0].NumPlaces())
	places, ok := s.Workers[0].Places(nil, s.Initial)
	if !ok {
		return search.ErrUnseen
	}
	for i, at := range places {
		b.number[at] = uint32(i + 1)
	}
	b.keys = append(b.keys, s.Initial...)
	return nil
}

// close enters states whose steps are not known.
func (b *Builder[K]) close(level []K) {
	w := b.Workers[0]
	w.Explorer.Observe(b.columns.states)
	for _, k := range level {
		b.graph.in = append(b.graph.in, b.columns.label(w.Seen(k))&^b.columns.terminals|open)
		b.graph.enabled = append(b.graph.enabled, 0)
		b.graph.First = append(b.graph.First, uint64(len(b.graph.To)))
	}
}

// level enters the states of a level and their steps, and numbers the states that are
// met for the first time.
func (b *Builder[K]) level(ctx context.Context, level []K) error {
	all := make([]batch[K], min(batches, len(level)/search.ChunkStates+1))
	for len(level) > 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		block := level[:min(len(level), len(all)*search.ChunkStates)]
		level = level[len(block):]
		b.expandBlock(block, all)
		for i := 0; i*search.ChunkStates < len(block); i++ {
			if !all[i].known {
				return search.ErrUnseen
			}
			b.enter(&all[i])
		}
	}
	return nil
}

// expandBlock has all workers fill the batches with the chunks of block.
func (b *Builder[K]) expandBlock(block []K, all []batch[K]) {
	search.EachBlock((len(block)+search.ChunkStates-1)/search.ChunkStates, len(b.Workers), func(worker, i int) bool {
		lo := i * search.ChunkStates
		b.expandChunk(b.Workers[worker], block[lo:min(lo+search.ChunkStates, len(block))], &all[i])
		return true
	})
}

func (b *Builder[K]) expandChunk(w *search.Worker[K], chunk []K, out *batch[K]) {
	out.in, out.degrees = out.in[:0], out.degrees[:0]
	out.places, out.keys, out.on = out.places[:0], out.keys[:0], out.on[:0]
	w.Explorer.Observe(b.columns.Steps)
	for _, k := range chunk {
		steps := w.Steps(k)
		had, in := len(out.keys), uint32(0)
		for i := range steps {
			if step := &steps[i]; step.Cut {
				in = open
			} else {
				out.keys = append(out.keys, step.To)
				out.on = append(out.on, b.columns.label(step.Seen))
			}
		}
		if len(steps) > 0 {
			in |= b.columns.terminals // to be taken off
		}
		out.in = append(out.in, in)
		out.degrees = append(out.degrees, uint32(len(out.keys)-had))
	}
	w.Explorer.Observe(b.columns.states)
	for i, k := range chunk {
		in := out.in[i]
		out.in[i] = b.columns.label(w.Seen(k))&^in | in&open
	}
	out.places, out.known = w.Places(out.places, out.keys)
}

// enter numbers the states to which the steps of a batch lead, and appends the
// batch to the graph.
func (b *Builder[K]) enter(in *batch[K]) {
	for _, at := range in.places {
		b.sink ^= b.number[at]
	}
	n := 0
	for i, label := range in.in {
		s := uint32(len(b.graph.in))
		enabled := uint32(0)
		for range in.degrees[i] {
			number := &b.number[in.places[n]]
			if *number == 0 {
				b.keys = append(b.keys, in.keys[n])
				*number = uint32(len(b.keys))
			}
			b.graph.To = append(b.graph.To, *number-1)
			b.graph.on = append(b.graph.on, in.on[n])
			enabled |= in.on[n]
			n++
		}
		if in.degrees[i] == 0 && label&open == 0 {
			b.graph.To = append(b.graph.To, s)
			b.graph.on = append(b.graph.on, resting)
		}
		b.graph.in = append(b.graph.in, label)
		b.graph.enabled = append(b.graph.enabled, enabled)
		b.graph.First = append(b.graph.First, uint64(len(b.graph.To)))
	}
}

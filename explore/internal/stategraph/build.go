package stategraph

import (
	"context"
	"errors"
	"fmt"

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

// A builder turns the levels of a search into a graph.
type builder[K comparable] struct {
	*search.Search[K]
	columns *Columns
	graph   *Graph
	number  []uint32 // by place: the state's number plus one
	sink    uint32   // see StateSet.Touch
}

// BuildGraph returns the graph of what s has seen, or an error: that of ctx if it is done.
func BuildGraph[K comparable](ctx context.Context, s *search.Search[K], c *Columns) (*Graph, error) {
	if s.Cut[search.BoundMemory] {
		return nil, errors.New("explore: the search had too little memory: its runs need more")
	}
	if s.Result.Distinct > maxNodes {
		return nil, fmt.Errorf("explore: a graph of %d states: at most %d", s.Result.Distinct, uint32(maxNodes))
	}
	n := s.Result.Distinct
	steps := s.Result.Generated + s.Result.Terminals
	b := &builder[K]{Search: s, columns: c, graph: &Graph{
		First:   make([]uint64, 1, n+1),
		To:      make([]uint32, 0, steps),
		on:      make([]uint32, 0, steps),
		in:      make([]uint32, 0, n),
		enabled: make([]uint32, 0, n),
	}}
	if len(s.Levels) == 0 {
		return b.graph, nil
	}
	explorer := s.Workers[0]
	b.number = make([]uint32, explorer.NumPlaces())
	b.graph.Initial = len(s.Initial)
	places, ok := explorer.Places(nil, s.Initial)
	if !ok {
		return nil, search.ErrUnseen
	}
	for i, at := range places {
		b.number[at] = uint32(i + 1)
	}
	b.graph.levels = append(b.graph.levels, 0)
	at := b.graph.Initial
	level := s.Initial
	for d := range s.Levels {
		b.graph.levels = append(b.graph.levels, at)
		if s.Open && d == len(s.Levels)-1 {
			b.close(level)
			break
		}
		var next []K
		if d+1 < len(s.Levels) {
			next = make([]K, 0, s.Levels[d+1].States())
		}
		next, err := b.level(ctx, level, next, at)
		if err != nil {
			return nil, err
		}
		level = next
		at += len(next)
	}
	if b.graph.States() != s.Result.Distinct {
		return nil, search.ErrUnseen
	}
	return b.graph, nil
}

// close enters states whose steps are not known.
func (b *builder[K]) close(level []K) {
	w := b.Workers[0]
	w.Explorer.Observe(b.columns.states)
	for _, k := range level {
		b.graph.in = append(b.graph.in, b.columns.label(w.Seen(k))&^b.columns.terminals|open)
		b.graph.enabled = append(b.graph.enabled, 0)
		b.graph.First = append(b.graph.First, uint64(len(b.graph.To)))
	}
}

// level enters the states of a level and their steps. It appends the states that
// are met for the first time to next; the first one gets number at.
func (b *builder[K]) level(ctx context.Context, level, next []K, at int) (_ []K, err error) {
	all := make([]batch[K], min(batches, len(level)/search.ChunkStates+1))
	for len(level) > 0 {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		block := level[:min(len(level), len(all)*search.ChunkStates)]
		level = level[len(block):]
		b.expandBlock(block, all)
		for i := 0; i*search.ChunkStates < len(block); i++ {
			if !all[i].known {
				return nil, search.ErrUnseen
			}
			next = b.enter(&all[i], next, at)
		}
	}
	return next, nil
}

// expandBlock has all workers fill the batches with the chunks of block.
func (b *builder[K]) expandBlock(block []K, all []batch[K]) {
	search.EachBlock((len(block)+search.ChunkStates-1)/search.ChunkStates, len(b.Workers), func(worker, i int) bool {
		lo := i * search.ChunkStates
		b.expandChunk(b.Workers[worker], block[lo:min(lo+search.ChunkStates, len(block))], &all[i])
		return true
	})
}

func (b *builder[K]) expandChunk(w *search.Worker[K], chunk []K, out *batch[K]) {
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
func (b *builder[K]) enter(in *batch[K], next []K, at int) []K {
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
				*number = uint32(at + len(next) + 1)
				next = append(next, in.keys[n])
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
	return next
}

package product

import (
	"context"

	"tcpclose/explore"
	"tcpclose/explore/internal/search"
)

// A NumberedStep is a step to a state that has a number.
type NumberedStep struct {
	Route int    // in Product.Routes
	Label uint32 // Move.Label
	To    int
}

// Each calls visit with every state that the search has kept, in the order of a
// breadth-first discovery by one worker, in which they are numbered from 0, and with
// the steps from it, in their order. open says that these are not all; steps is good
// until visit returns. It ends with the first error of visit, or when ctx is done. No
// other method may be called at the same time.
func (e *Explored) Each(ctx context.Context, visit func(number int, s Tuple, open bool, steps []NumberedStep) error) error {
	if e.space.mirror != nil {
		return ErrSymmetry
	}
	if e.far != nil {
		return ErrShared
	}
	if len(e.search.Levels) == 0 {
		return ctx.Err()
	}
	x := e.space.explorers[0]
	x.Observe(Bits{})
	defer x.Observe(All)
	numbers := make([]uint32, x.NumPlaces()) // by place: the number plus one
	named := 0
	name := func(place uint32) (number int, fresh bool) {
		if fresh = numbers[place] == 0; fresh {
			named++
			numbers[place] = uint32(named)
		}
		return int(numbers[place]) - 1, fresh
	}
	level := e.search.Initial
	places, ok := x.Places(nil, level)
	if !ok {
		return search.ErrUnseen
	}
	for _, place := range places {
		name(place)
	}
	var steps []NumberedStep
	visited := 0
	for d := range e.search.Levels {
		last := e.search.Open && d == len(e.search.Levels)-1
		var next []uint64
		for _, w := range level {
			if err := ctx.Err(); err != nil {
				return err
			}
			open := last
			steps = steps[:0]
			if !last {
				succs := x.Steps(w)
				for i := range succs {
					if succs[i].Cut {
						open = true
						continue
					}
					if places, ok = x.Places(places[:0], []uint64{succs[i].To}); !ok {
						return search.ErrUnseen
					}
					to, fresh := name(places[0])
					if fresh {
						next = append(next, succs[i].To)
					}
					steps = append(steps, NumberedStep{succs[i].Route, succs[i].Label, to})
				}
			}
			if err := visit(visited, e.space.unpack(w), open, steps); err != nil {
				return err
			}
			visited++
		}
		level = next
	}
	return nil
}

// Sightings calls visit for every state that watch i sees or, if it sees steps, for
// every state to which one leads that it sees; those after fewer steps first. The
// order of those after equally many is not defined, and one may come more than
// once. It stops when visit says that it has seen enough. Watch i is not one of
// terminal states.
func (e *Explored) Sightings(i int, visit func(steps int, t Tuple) (enough bool)) {
	x := e.space.explorers[0]
	ofSteps := e.space.Watches[i].Kind == explore.Steps
	x.Observe(Bit(i))
	for d, level := range e.search.Levels {
		if ofSteps && e.search.Open && d == len(e.search.Levels)-1 {
			return
		}
		for _, w := range search.Keys(level) {
			if !ofSteps {
				if x.Seen(w).Has(i) && visit(d, e.space.unpack(w)) {
					return
				}
				continue
			}
			for _, step := range x.Steps(w) {
				if !step.Cut && step.Seen.Has(i) && visit(d+1, e.space.unpack(step.To)) {
					return
				}
			}
		}
	}
}

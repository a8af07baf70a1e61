package product

import (
	"context"
	"fmt"

	"tcpclose/explore/internal/search"
	"tcpclose/explore/internal/store"
)

// A Quotient has the states of each class of a product as one: the number of states in
// each class, and of the steps of each kind from one class to another.
type Quotient struct {
	// Incomplete names why there may be more; see Result.Incomplete.
	Incomplete []string

	States map[Class]ClassStates
	Steps  map[StepClass]ClassSteps
}

// A Class of states.
type Class uint16

// ClassStates is the states of a class.
type ClassStates struct {
	Count     int
	Least     int  // steps to the nearest of them
	Initial   int  // of them
	Terminals int  // no step leaves them
	Open      int  // not all steps from them were seen
	Seen      Bits // state and terminal watches that see one of them
}

// A StepClass is steps that a Quotient does not tell apart.
type StepClass struct {
	From, To Class
	Route    int    // in Product.Routes
	Label    uint32 // Move.Label
}

// ClassSteps is the steps of a class.
type ClassSteps struct {
	Count int
	Seen  Bits // step watches that see one of them
}

// Quotient counts the states and steps that the search has seen, in one pass over
// all steps. The class of a state is the sum of class(part, value) over its parts;
// class is called from several goroutines. No other method may be called at the same
// time.
func (e *Explored) Quotient(ctx context.Context, class func(part int, v Value) Class) (*Quotient, error) {
	if e.space.mirror != nil {
		return nil, ErrSymmetry
	}
	if n := len(e.space.Routes); n > maxQuotientRoutes {
		return nil, fmt.Errorf("product: a quotient with %d routes: at most %d", n, maxQuotientRoutes)
	}
	q := &Quotient{Incomplete: e.Incomplete, States: map[Class]ClassStates{}, Steps: map[StepClass]ClassSteps{}}
	found := e.search.Sighted() // no need to search again for what the search did not find
	var counters []*classCounter
	for _, x := range e.space.explorers {
		counters = append(counters, &classCounter{
			productExplorer: x, class: class,
			states: map[Class]*ClassStates{}, steps: map[uint64]*ClassSteps{}, found: found,
		})
	}
	for d, level := range e.search.Levels {
		e.countLevel(ctx, counters, level, d, e.search.Open && d == len(e.search.Levels)-1)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
	}
	for _, c := range counters {
		c.Observe(All)
		for class, n := range c.states {
			all, known := q.States[class]
			if !known || n.Least < all.Least {
				all.Least = n.Least
			}
			all.Count += n.Count
			all.Initial += n.Initial
			all.Terminals += n.Terminals
			all.Open += n.Open
			all.Seen = all.Seen.Or(n.Seen)
			q.States[class] = all
		}
		for key, n := range c.steps {
			class := StepClass{Class(key >> 48), Class(key >> 32), int(key>>24) & (maxQuotientRoutes - 1), uint32(key) & maxLabel}
			all := q.Steps[class]
			all.Count += n.Count
			all.Seen = all.Seen.Or(n.Seen)
			q.Steps[class] = all
		}
	}
	return q, nil
}

// countLevel has all counters share the states of a level. Levels come in their order.
func (e *Explored) countLevel(ctx context.Context, counters []*classCounter, l search.Level[uint64], depth int, open bool) {
	keys := make([][]uint64, len(counters))
	search.EachBlock(l.Blocks(), len(counters), func(i, block int) bool {
		keys[i] = l.Keys(keys[i], block)
		for _, k := range keys[i] {
			counters[i].count(k, depth, open)
		}
		return ctx.Err() == nil
	})
}

const (
	maxQuotientRoutes = 1 << 8
	maxLabel          = 1<<24 - 1
)

// A classCounter is one worker's share of a quotient. A key of steps is a StepClass:
// From, To, Route and Label from the top, of 16, 16, 8 and 24 bits.
type classCounter struct {
	*productExplorer
	class  func(part int, v Value) Class
	known  [2][]int32 // by half and value: 1 + its class; 0 was not asked for
	states map[Class]*ClassStates
	steps  map[uint64]*ClassSteps
	found  Bits
}

func (c *classCounter) count(w uint64, depth int, open bool) {
	from := c.classOf(w)
	n := c.states[from]
	if n == nil {
		n = &ClassStates{Least: depth}
		c.states[from] = n
	}
	n.Count++
	if depth == 0 {
		n.Initial++
	}
	terminal := false
	if !open {
		c.Observe(c.found.Without(c.standing))
		steps := c.productExplorer.Steps(w)
		terminal = len(steps) == 0
		for i := range steps {
			step := &steps[i]
			if step.Cut {
				open = true
				continue
			}
			if step.Label > maxLabel {
				panic(fmt.Sprintf("product: label %d of a step: at most %d in a quotient", step.Label, maxLabel))
			}
			key := uint64(from)<<48 | uint64(c.classOf(step.To))<<32 | uint64(step.Route)<<24 | uint64(step.Label)
			n := c.steps[key]
			if n == nil {
				n = &ClassSteps{}
				c.steps[key] = n
			}
			n.Count++
			n.Seen = n.Seen.Or(step.Seen)
		}
	}
	c.Observe(c.found.And(c.standing))
	seen := c.Seen(w)
	switch {
	case open:
		n.Open++
	case terminal:
		n.Terminals++
	}
	if !terminal {
		seen = seen.Without(c.terminal)
	}
	n.Seen = n.Seen.Or(seen)
}

// classOf returns the class of a state.
func (c *classCounter) classOf(k uint64) (sum Class) {
	for side, v := range store.Sides(k) {
		known := &c.known[side]
		for int(v) >= len(*known) {
			*known = append(*known, 0)
		}
		if (*known)[v] == 0 {
			of := Class(0)
			value := c.half[side].values.Value(v)
			for _, part := range c.half[side].parts {
				of += c.class(part, value[part])
			}
			(*known)[v] = 1 + int32(of)
		}
		sum += Class((*known)[v] - 1)
	}
	return sum
}

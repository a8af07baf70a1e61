package stategraph

import (
	"context"

	"tcpclose/explore/internal/search"
	"tcpclose/explore/ltl"
)

// FirstStuck returns the run to the first state, by its number in the graph of all states,
// from which no letter of goal can be reached. It reports not known if it has given up.
//
// It looks from state after state for a way to goal, and the first that has none ends it.
// What was met on the way is decided then, so no state is expanded twice; and the graph,
// which has the numbers, grows only as far as that state.
func (y *Cycles[K]) FirstStuck(ctx context.Context, goal ltl.Letter) (start int, picks []int, found, known bool) {
	b := y.builder
	if b.graph == nil {
		if _, err := b.Grow(ctx); err != nil {
			return 0, nil, false, false
		}
	}
	w := &wayOut[K]{columns: y.columns, worker: y.search.Workers[0], goal: goal, met: make([]uint32, len(b.number))}
	for n := 0; ; n++ {
		for n == len(b.keys) {
			more, err := b.Grow(ctx)
			if err != nil || !more {
				return 0, nil, false, err == nil
			}
		}
		switch is, ok := w.missing(ctx, b.keys[n]); {
		case !ok:
			return 0, nil, false, false
		case is:
			first, steps := b.graph.PathTo(uint32(n))
			return int(first), b.graph.Along(first, steps), true, true
		}
	}
}

// A wayOut looks for ways to a goal, by Tarjan's algorithm: a component that is left, and
// has no way, has none for good. Where a way is found, it is one for all that the search
// has not left, which leads to where it was found.
type wayOut[K comparable] struct {
	columns *Columns
	worker  *search.Worker[K]
	goal    ltl.Letter
	met     []uint32 // by place: in the order of discovery, from 1; or what is decided
	count   uint32
	stack   []uint32 // the places of what is not decided yet
	calls   []wayCall
	ahead   []located[K] // where the steps lead of all that are being searched
	found   bool
	unseen  bool // a step leads to a state that the search does not have
	keys    []K
	places  []uint32
}

// What is decided of a state.
const (
	hasWay uint32 = ^uint32(0)
	hasNot uint32 = ^uint32(0) - 1
)

// A located is a state, and where the search keeps it.
type located[K comparable] struct {
	key   K
	place uint32
}

// A wayCall is the stack frame that recursion would have for a state.
type wayCall struct {
	place, low  uint32
	first, next int // of ahead
}

// missing reports whether there is no way from k. It reports not ok if ctx is done, or if
// the steps are not those that the search has taken.
func (w *wayOut[K]) missing(ctx context.Context, k K) (is, ok bool) {
	if w.locate([]K{k}); w.unseen {
		return false, false
	}
	at := w.places[0]
	if w.met[at] == 0 {
		w.count, w.found = 0, false
		w.meet(located[K]{k, at})
		for len(w.calls) > 0 && !w.found && !w.unseen {
			if w.count%checkEvery == 0 && ctx.Err() != nil {
				return false, false
			}
			w.next()
		}
		if w.unseen {
			return false, false
		}
		if w.found {
			for _, place := range w.stack {
				w.met[place] = hasWay
			}
			w.stack, w.calls, w.ahead = w.stack[:0], w.calls[:0], w.ahead[:0]
		}
	}
	return w.met[at] == hasNot, true
}

// locate finds the places of the states.
func (w *wayOut[K]) locate(keys []K) {
	var ok bool
	w.places, ok = w.worker.Places(w.places[:0], keys)
	w.unseen = w.unseen || !ok
}

// next follows the next step of the last call, or ends the call.
func (w *wayOut[K]) next() {
	c := &w.calls[len(w.calls)-1]
	if c.next == len(w.ahead) {
		w.leave()
		return
	}
	to := w.ahead[c.next]
	c.next++
	switch at := w.met[to.place]; at {
	case 0:
		w.meet(to)
	case hasNot:
	default:
		c.low = min(c.low, at)
	}
}

// meet begins a call for a state, or finds a way from it.
func (w *wayOut[K]) meet(s located[K]) {
	w.count++
	w.met[s.place] = w.count
	w.stack = append(w.stack, s.place)
	w.calls = append(w.calls, wayCall{place: s.place, low: w.count, first: len(w.ahead), next: len(w.ahead)})
	w.worker.Explorer.Observe(w.columns.Steps)
	steps := w.worker.Steps(s.key)
	w.keys = w.keys[:0]
	for i := range steps {
		w.found = w.found || w.goal&ltl.Letter(w.columns.label(steps[i].Seen)) != 0
		w.keys = append(w.keys, steps[i].To)
	}
	w.worker.Explorer.Observe(w.columns.states)
	in := w.columns.label(w.worker.Seen(s.key))
	if len(steps) > 0 {
		in &^= w.columns.terminals
	}
	w.found = w.found || w.goal&(ltl.Letter(in)<<32) != 0
	w.locate(w.keys)
	for i, place := range w.places {
		switch w.met[place] {
		case hasWay:
			w.found = true
		case hasNot:
		default:
			w.ahead = append(w.ahead, located[K]{w.keys[i], place})
		}
	}
}

// leave ends the last call.
func (w *wayOut[K]) leave() {
	c := w.calls[len(w.calls)-1]
	w.calls, w.ahead = w.calls[:len(w.calls)-1], w.ahead[:c.first]
	if c.low < w.met[c.place] {
		up := &w.calls[len(w.calls)-1]
		up.low = min(up.low, c.low)
		return
	}
	at := len(w.stack) - 1
	for w.stack[at] != c.place {
		at--
	}
	for _, place := range w.stack[at:] {
		w.met[place] = hasNot
	}
	w.stack = w.stack[:at]
}

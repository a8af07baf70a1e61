package product

import (
	"context"
	"errors"
	"maps"
	"slices"

	"tcpclose/explore"
	"tcpclose/explore/internal/search"
	"tcpclose/explore/internal/store"
)

// ErrNoCovering is the error if no part of a product is Covering.
var ErrNoCovering = errors.New("product: no part is Covering: want one")

// Maximal is the maximal states of a product: of those that differ in Covering parts only,
// those that no other covers. It tells which watches see something in a state that is
// reached, or in one that such a state covers.
type Maximal struct {
	Bases    int // different states, without their Covering parts
	States   int // maximal ones
	Expanded int // states that were expanded, also those that a later one covers
	Steps    int // from these, and from those that steps make larger
	// Incomplete names what kept the search from seeing everything.
	Incomplete []string

	space    *productSpace
	explorer *productExplorer
	covering covering
	bases    map[Tuple]*base
	order    *baseOrder
	options  Options
	seen     Bits
}

// A base is a state without its Covering parts, and the maximal states of which it is one.
type base struct {
	tuple    Tuple
	order    int // of discovery
	progress int // the sum of the ranks of the values of its parts
	rank     int // steps lead to higher ranks, or to the same
	maximal  antichain
	waiting  []*maximalState // to be expanded
	queued   bool
	leads    map[*base]bool // the bases to which steps lead
	ahead    []int32        // these, by their order
	seen     Bits           // by watches of states, in one of the states
	onStep   Bits           // by watches of steps, on a step from one of them
}

// A maximalState is a state that was maximal when it was found.
type maximalState struct {
	kept
	key  uint64
	base *base
}

// ExploreMaximal explores a product with Covering parts. Of the states that differ in these
// only, it expands one that covers others instead of them. A step that leads to a state that
// covers the one before is taken at once, and alone. A state waits until the steps that lead
// to its base have been taken, as far as the order of bases is known; so nearly all states
// that are expanded are maximal.
//
// Watches of terminal states look at states in which the Covering parts have their least
// values. Options are those that have a meaning here: Workers, Progress, Spill,
// Checkpoint, Enough and a limit of the depth have none. Limits.States limits the states that are expanded.
func ExploreMaximal(ctx context.Context, p *Product, o Options) (*Maximal, error) {
	if err := p.validate(); err != nil {
		return nil, err
	}
	m := &Maximal{space: newProductSpace(p), covering: newCovering(p), bases: map[Tuple]*base{}, options: o}
	if len(m.covering.places) == 0 {
		return nil, ErrNoCovering
	}
	m.order = newBaseOrder(p, m.covering.places)
	m.explorer = m.space.NewExplorer().(*productExplorer)
	m.run(ctx)
	m.Incomplete = slices.Sorted(maps.Keys(m.explorer.Bounds()))
	m.Bases = len(m.bases)
	for _, b := range m.order.all {
		m.States += b.maximal.size
	}
	return m, nil
}

// Found reports whether watch i has seen something.
func (m *Maximal) Found(i int) bool { return m.seen.Has(i) }

// Result returns the numbers as those of another search.
func (m *Maximal) Result() explore.Result {
	return explore.Result{Distinct: m.States, Generated: m.Steps, Incomplete: m.Incomplete}
}

// Interrupt says that ctx has stopped what comes after the search, without which its numbers
// are not those of all states.
func (m *Maximal) Interrupt(ctx context.Context) {
	if why := search.IncompleteBy(ctx); !slices.Contains(m.Incomplete, why) {
		m.Incomplete = slices.Sorted(slices.Values(append(m.Incomplete, why)))
	}
}

// run expands bases in the order of their ranks.
func (m *Maximal) run(ctx context.Context) {
	for i := range m.space.Init {
		m.enter(m.space.pack(&m.space.Init[i]), nil)
	}
	for b := m.order.pop(); b != nil; b = m.order.pop() {
		waiting := b.waiting
		b.waiting = nil
		for _, s := range waiting {
			if why := stopped(ctx, m.options, m.Expanded); why != "" {
				m.explorer.cut[why] = true
				return
			}
			if !s.covered {
				m.expand(s)
			}
		}
	}
}

// stopped returns why no more states are to be expanded; "" if some are.
func stopped(ctx context.Context, o Options, expanded int) string {
	const often = 1024 // memory is looked at once in so many states
	switch {
	case ctx.Err() != nil:
		return search.IncompleteBy(ctx)
	case o.Limits.States > 0 && expanded >= o.Limits.States:
		return explore.BoundStates
	case o.MaxMemory > 0 && expanded%often == 0 && store.MemoryInUse() > o.MaxMemory/20*19:
		return explore.BoundMemory
	}
	return ""
}

// baseOf returns the base of a state.
func (m *Maximal) baseOf(t Tuple) (b *base, fresh bool) {
	for _, i := range m.covering.places {
		t[i] = 0
	}
	b, ok := m.bases[t]
	if !ok {
		b = &base{tuple: t, leads: map[*base]bool{}}
		m.bases[t] = b
	}
	return b, !ok
}

// enter keeps a state to which a step leads, unless one that is kept covers it.
func (m *Maximal) enter(key uint64, from *base) {
	t := m.space.unpack(key)
	b, fresh := m.baseOf(t)
	if fresh {
		m.order.enter(b, from)
		m.lookAtTerminal(t, b)
	}
	if from != nil {
		m.order.step(from, b)
	}
	if b.maximal.covers(m.covering, &t, 0) {
		return
	}
	if closed := m.close(key); closed != key {
		key, t = closed, m.space.unpack(closed)
		if b.maximal.covers(m.covering, &t, 0) {
			return
		}
	}
	s := &maximalState{kept: kept{tuple: t}, key: key, base: b}
	b.maximal.add(m.covering, &s.kept)
	b.seen = b.seen.Or(m.explorer.Seen(key).Without(m.space.terminal))
	m.seen = m.seen.Or(b.seen)
	b.waiting = append(b.waiting, s)
	m.order.push(b)
}

// close takes steps to states that cover the one before, as long as there are any: the last
// can do, and shows, all that those before can.
func (m *Maximal) close(key uint64) uint64 {
	for t := m.space.unpack(key); ; {
		next := m.larger(key, &t)
		if next == key {
			return key
		}
		key, t = next, m.space.unpack(next)
	}
}

// larger returns a state to which a step leads and that covers the one before.
func (m *Maximal) larger(key uint64, t *Tuple) uint64 {
	for _, step := range m.explorer.Steps(key) {
		if step.Cut || step.To == key {
			continue
		}
		u := m.space.unpack(step.To)
		if m.covering.sameBase(t, &u) && m.covering.covers(t, &u) && !m.covering.covers(&u, t) {
			m.Steps++
			return step.To
		}
	}
	return key
}

// lookAtTerminal looks at the base of t where its Covering parts have their least values.
func (m *Maximal) lookAtTerminal(t Tuple, b *base) {
	if m.space.terminal.Empty() {
		return
	}
	for _, i := range m.covering.places {
		t[i] = m.space.Parts[i].(Covering).Least()
	}
	key := m.space.pack(&t)
	if seen := m.explorer.Seen(key).And(m.space.terminal); !seen.Empty() && len(m.explorer.Steps(key)) == 0 {
		b.seen = b.seen.Or(seen)
		m.seen = m.seen.Or(seen)
	}
}

// expand takes the steps from a state.
func (m *Maximal) expand(s *maximalState) {
	m.Expanded++
	for _, step := range slices.Clone(m.explorer.Steps(s.key)) { // which enter may overwrite
		m.Steps++
		if step.Cut {
			continue
		}
		s.base.onStep = s.base.onStep.Or(step.Seen.And(m.explorer.watched[step.Route]))
		m.enter(step.To, s.base)
	}
	m.seen = m.seen.Or(s.base.onStep)
}

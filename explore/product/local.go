package product

import (
	"slices"

	"tcpclose/explore/internal/search"
	"tcpclose/explore/internal/store"
)

// A productExplorer is a worker, with what it remembers of the halves' moves.
type productExplorer struct {
	*productSpace
	view     store.RowView
	mirror   *mirror  // if the product has an exchange
	images   []uint64 // of states that were packed
	packer   store.BlockPacker
	sides    [2]sideMoves
	kinds    []moveKind // kindTable.all, as far as this worker needed it
	cut      map[string]bool
	observed Bits // the watches in use
	sorted   Bits // the watches of steps for which starts are sorted
	succs    []search.Step[uint64]

	// What parts do, by which the moves of halves are found.
	offers    map[offerKey][]Move
	reactions []reactions
	react     func(part int, v Value, in Message) *Move

	// What the expansion of a row needs; see expand.go.
	buffer     []byte
	ys         []uint32
	own        []uint32
	batch      []uint32
	rowAnswers []rowAnswer // by what is told
	answered   []uint32    // the places in rowAnswers that are not empty
	hasStep    []bool
	targets    store.RowView
	met        bool // something that is sought
	one        [1]uint32
}

// sideMoves has the moves of a half that one worker remembers.
type sideMoves struct {
	of      []startsOf     // by value
	all     []start        // those of a value together, in their order
	alone   []uint32       // the values to which those lead that are the whole step and that no watch sees
	others  []start        // the others
	on      []Bits         // the sets of step watches that may see steps which starts begin
	answers []answerColumn // by relay: what of answers this worker has met
	states  []Bits         // by value: what no part's State rules out
	stays   []Bits         // and Stay
}

// A start is a move with which a half starts a step.
type start struct {
	localMove
	out   uint32 // moveKind.out
	on    uint32 // in sideMoves.on, if it is watched
	route uint16
	flags uint16
}

const (
	watched = 1 << iota // a step watch may see the step
	idle                // Route.Idle
	stops               // moveKind.stops
)

// An answerColumn is a column of answers, as far as a worker has met its pages.
type answerColumn struct {
	*column
	pages []*page
}

// startsOf is where in sideMoves the starts of a value are.
type startsOf struct {
	known              bool
	all, alone, others span
}

type span struct{ from, to uint32 }

func (x *productExplorer) startsOf(side int, v uint32) *startsOf {
	m := &x.sides[side]
	if int(v) >= len(m.of) || !m.of[v].known {
		x.start(side, v)
	}
	return &m.of[v]
}

type offerKey struct {
	route int
	v     Value
}

// start computes the moves with which value v of a half can start a step.
func (x *productExplorer) start(side int, v uint32) {
	m := &x.sides[side]
	for int(v) >= len(m.of) {
		m.of = append(m.of, startsOf{})
	}
	at := startsOf{known: true}
	at.all.from = uint32(len(m.all))
	tuple := x.half[side].values.Value(v)
	for _, r := range x.routes[side] {
		route := &x.Routes[r]
		key := offerKey{r, tuple[route.Lead]}
		offers, ok := x.offers[key]
		if !ok {
			offers = x.Parts[route.Lead].Offer(nil, r, key.v)
			x.offers[key] = offers
		}
		for i := range offers {
			s := x.lead(r, &tuple, &offers[i], x.react)
			next := start{localMove: x.localMove(&s), out: s.kind.out, route: uint16(r)}
			if route.Idle {
				next.flags |= idle
			}
			if s.kind.stops {
				next.flags |= stops
			}
			m.all = append(m.all, next)
		}
	}
	at.all.to = uint32(len(m.all))
	x.sortOf(m, &at)
	m.of[v] = at
}

// kind returns the kind of a move.
func (x *productExplorer) kind(m localMove) *moveKind {
	n := m.kind()
	if int(n) >= len(x.kinds) {
		x.kinds = x.halves.kinds.list()
	}
	return &x.kinds[n]
}

// answerOf returns the move of a half's value that receives a relay.
func (x *productExplorer) answerOf(side int, relayed, v uint32) localMove {
	m := &x.sides[side]
	if int(relayed) < len(m.answers) {
		if pages := m.answers[relayed].pages; int(v>>pageBits) < len(pages) {
			if p := pages[v>>pageBits]; p != nil {
				if move := p.load(v); move != 0 {
					return move
				}
			}
		}
	}
	return x.answer(side, relayed, v)
}

// answer computes what answerOf looks up.
func (x *productExplorer) answer(side int, relayed, v uint32) localMove {
	m := &x.sides[side]
	for int(relayed) >= len(m.answers) {
		m.answers = append(m.answers, answerColumn{})
	}
	c := &m.answers[relayed]
	for int(v>>pageBits) >= len(c.pages) {
		c.pages = append(c.pages, nil)
	}
	p := &c.pages[v>>pageBits]
	if *p == nil {
		c.column, *p = x.half[side].page(relayed, v)
	}
	move := (*p).load(v)
	if move == 0 {
		tuple := x.half[side].values.Value(v)
		s := x.halves.answer(side, &tuple, relayed, x.react)
		move = x.localMove(&s)
		c.store(*p, v, move, s.kind.step)
	}
	return move
}

func (x *productExplorer) reactionOf(part int, v Value, in Message) *Move {
	t := &x.reactions[part]
	m, ok := t.find(v, in)
	if !ok {
		move := x.Parts[part].React(v, in)
		m = &move
		t.add(v, in, m)
	}
	return m
}

// A followed is one step across the halves.
type followed struct {
	to    [2]uint32
	seen  Bits // by step watches
	label uint32
	cut   bool
}

// follow takes the step from (v[0], v[1]) that begins with a start of side. It reports
// false if there is none.
func (x *productExplorer) follow(side int, v [2]uint32, s *start) (p followed, ok bool) {
	kind := x.kind(s.localMove)
	if kind.stops {
		return x.stop(kind)
	}
	p.to = v
	p.to[side] = s.to()
	p.label = kind.label
	allStill := kind.still
	on := kind.step
	if kind.out == 0 && s.flags&watched != 0 {
		on = on.And(x.stay(1-side, v[1-side]))
	}
	for at := 1 - side; kind.out != 0; at = 1 - at {
		m := x.answerOf(at, kind.out, p.to[at])
		if kind = x.kind(m); kind.stops {
			return x.stop(kind)
		}
		p.to[at] = m.to()
		if p.label == 0 {
			p.label = kind.label
		}
		allStill = allStill && kind.still
		on = on.And(kind.step)
	}
	if s.flags&idle != 0 && (allStill || p.to == v) {
		return p, false
	}
	if s.flags&watched != 0 {
		p.seen = on.And(x.watched[s.route]).And(x.observed)
	}
	return p, true
}

// stop returns the step that a move of this kind stops. It reports false if the move is
// refused, and there is no step.
func (x *productExplorer) stop(kind *moveKind) (p followed, ok bool) {
	if kind.refuse {
		return p, false
	}
	x.cut[kind.bound] = true
	p.cut = true
	return p, true
}

// Steps returns the steps from a state one by one.
func (x *productExplorer) Steps(k uint64) []search.Step[uint64] {
	x.sortIfDue()
	x.succs = x.succs[:0]
	v := store.Sides(k)
	var spans [2]span
	for side := range spans {
		spans[side] = x.startsOf(side, v[side]).all
	}
	a, b := x.sides[0].all[spans[0].from:spans[0].to], x.sides[1].all[spans[1].from:spans[1].to]
	for len(a)+len(b) > 0 {
		side, s := 0, (*start)(nil)
		if len(b) == 0 || len(a) > 0 && a[0].route < b[0].route {
			s, a = &a[0], a[1:]
		} else {
			side, s, b = 1, &b[0], b[1:]
		}
		if p, ok := x.follow(side, v, s); ok {
			x.succs = append(x.succs, search.Step[uint64]{To: store.Pair(p.to[0], p.to[1]), Seen: p.seen, Cut: p.cut, Route: int(s.route), Label: p.label})
		}
	}
	if x.observed.And(x.standing).Empty() {
		return x.succs
	}
	for i := range x.succs {
		if step := &x.succs[i]; !step.Cut {
			step.Seen = step.Seen.Or(x.Seen(step.To).Without(x.terminal))
		}
	}
	return x.succs
}

// Widen is never called: rows grow by themselves.
func (x *productExplorer) Widen() string { return "" }

// Bounds returns the bounds that cut steps.
func (x *productExplorer) Bounds() map[string]bool { return x.cut }

// Observe sets the watches in use.
func (x *productExplorer) Observe(watches Bits) { x.observed = watches }

// sortIfDue sorts if other watches of steps are in use than when it sorted last. Watches
// of states make no difference, so using the ones and the others in turn costs nothing.
func (x *productExplorer) sortIfDue() {
	observed := x.observed.Without(x.standing)
	if observed == x.sorted {
		return
	}
	x.sorted = observed
	for side := range x.sides {
		m := &x.sides[side]
		m.alone, m.others, m.on = m.alone[:0], m.others[:0], m.on[:0]
		for v := range m.of {
			if m.of[v].known {
				x.sortOf(m, &m.of[v])
			}
		}
	}
}

// sortOf tells those starts apart that are the whole step and that no watch sees.
func (x *productExplorer) sortOf(m *sideMoves, at *startsOf) {
	at.alone.from, at.others.from = uint32(len(m.alone)), uint32(len(m.others))
	for i := at.all.from; i < at.all.to; i++ {
		s := &m.all[i]
		s.flags &^= watched
		if on := x.watched[s.route].And(x.observed).And(x.kind(s.localMove).step); !on.Empty() {
			s.flags |= watched
			s.on = m.numberOn(on)
		}
		if s.flags == 0 && s.out == 0 {
			m.alone = append(m.alone, s.to())
		} else {
			m.others = append(m.others, *s)
		}
	}
	at.alone.to, at.others.to = uint32(len(m.alone)), uint32(len(m.others))
}

// numberOn returns the index of on in the list, which is short.
func (m *sideMoves) numberOn(on Bits) uint32 {
	i := slices.Index(m.on, on)
	if i < 0 {
		i = len(m.on)
		m.on = append(m.on, on)
	}
	return uint32(i)
}

// reactions is an open hash table from value and message to move.
type reactions struct {
	slots []reaction
	used  int
}

type reaction struct {
	v    Value // 0 is a free slot
	in   Message
	move *Move
}

func (t *reactions) find(v Value, in Message) (m *Move, ok bool) {
	mask := len(t.slots) - 1
	for i := int(spread(v, in)); mask >= 0; i++ {
		slot := &t.slots[i&mask]
		if slot.v == v && slot.in == in {
			return slot.move, true
		}
		if slot.v == 0 {
			return nil, false
		}
	}
	return nil, false
}

// spread returns the slot where the search for a value and a message begins. It is enough for
// numbers that are small.
func spread(v Value, in Message) uint64 {
	return (uint64(v)<<32 | uint64(in)) * 0x9e3779b97f4a7c15 >> 32
}

func (t *reactions) add(v Value, in Message, m *Move) {
	if t.used >= len(t.slots)/2 {
		old := t.slots
		t.slots = make([]reaction, max(64, 2*len(old)))
		for _, r := range old {
			if r.v != 0 {
				*t.free(r.v, r.in) = r
			}
		}
	}
	t.used++
	*t.free(v, in) = reaction{v, in, m}
}

func (t *reactions) free(v Value, in Message) *reaction {
	mask := uint64(len(t.slots) - 1)
	i := spread(v, in) & mask
	for t.slots[i].v != 0 {
		i = (i + 1) & mask
	}
	return &t.slots[i]
}

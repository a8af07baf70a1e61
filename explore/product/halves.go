package product

import (
	"encoding/binary"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"tcpclose/explore/internal/store"
)

// A product is explored as two halves: a state is a pair of numbers, each of which
// stands for what the parts of one half are together. That is exact, as a half has as
// many numbers as it has different values. Where the parts of a half go together, as
// an end of a connection and the channel into which it sends, these are few: tens of
// thousands for tens of millions of states. So what a half does is computed once for
// each of its values, from what its parts do, and the states are a matrix of bits
// (rows.go).

// halves is a product, cut in two.
type halves struct {
	*Product
	of   [MaxParts]uint8 // by part: its half
	half [2]half
	// relays numbers the messages between halves; 0 is none.
	relays Numbering[string]
	kinds  kindTable
}

type half struct {
	parts  []int
	mask   uint16           // of its parts
	values Numbering[Tuple] // its parts' values; the others are 0
	answers
}

func newHalves(p *Product) *halves {
	h := &halves{Product: p}
	for i := range p.Parts {
		side := p.side(i)
		h.of[i] = uint8(side)
		h.half[side].parts = append(h.half[side].parts, i)
		h.half[side].mask |= 1 << i
	}
	h.kinds.number = map[moveKind]uint32{}
	h.kinds.of(moveKind{})
	return h
}

// side returns the half that part i is in.
func (p *Product) side(i int) int {
	first := i < len(p.Parts)/2
	switch {
	case p.Halves != nil:
		first = slices.Contains(p.Halves, i)
	case p.Exchange != nil:
		first = slices.ContainsFunc(p.Exchange.Parts, func(pair [2]int) bool { return pair[0] == i })
	}
	if first {
		return 0
	}
	return 1
}

func (h *halves) pack(t *Tuple) uint64 {
	var v [2]uint32
	for side := range h.half {
		v[side] = h.half[side].number(t)
	}
	return store.Pair(v[0], v[1])
}

func (h *halves) unpack(k uint64) (t Tuple) {
	for side, v := range store.Sides(k) {
		value := h.half[side].values.Value(v)
		for _, i := range h.half[side].parts {
			t[i] = value[i]
		}
	}
	return t
}

// number returns the number of the half's value in t.
func (h *half) number(t *Tuple) uint32 {
	var own Tuple
	for _, i := range h.parts {
		own[i] = t[i]
	}
	return h.values.Number(own)
}

// A relay is the message from one half to the other when it has made its moves of a step
// and the next part to receive something is in the other half: the hops that are left. It is as short
// as it can be, so that different routes tell the same where they go on in the same
// way.
type relay struct {
	// moved is which parts have moved, of those halves that have not ended their moves.
	moved uint16
	// waits: who tells has to be told, too, even if it is nothing.
	waits bool
	hops  []pendingHop
}

// A pendingHop is a Hop of which it is known what it is told, or that an earlier one
// of the relay will say so.
type pendingHop struct {
	part int
	in   Message // if from is its own place
	from int
	port Port
}

const relayHeader, relayHop = 3, 7

func (r *relay) encode() string {
	text := binary.LittleEndian.AppendUint16(nil, r.moved)
	waits := byte(0)
	if r.waits {
		waits = 1
	}
	text = append(text, waits)
	for _, h := range r.hops {
		text = append(text, byte(h.part), byte(h.from), byte(h.port))
		text = binary.LittleEndian.AppendUint32(text, uint32(h.in))
	}
	return string(text)
}

func decodeRelay(text string) (r relay) {
	b := []byte(text)
	r.moved, r.waits = binary.LittleEndian.Uint16(b), b[2] == 1
	for b = b[relayHeader:]; len(b) > 0; b = b[relayHop:] {
		r.hops = append(r.hops, pendingHop{int(b[0]), Message(binary.LittleEndian.Uint32(b[3:])), int(b[1]), Port(b[2])})
	}
	return r
}

// A segment is the moves of one half, from when it is told something to when it
// tells the other.
type segment struct {
	*halves
	side  int
	tuple Tuple // of the half
	kind  moveKind
	moved uint16
}

// A moveKind describes a move of a half, except for the value after it.
type moveKind struct {
	out    uint32 // the relay to the other half
	stops  bool   // the step ends here: it is refused, or cut for a bound
	still  bool   // no move counts as a change
	step   Bits   // what no part of it rules out; of parts that stay, once it has ended
	label  uint32
	bound  string
	refuse bool
}

// take makes a move of a part.
func (s *segment) take(part int, m *Move) (goes bool) {
	if m.Refuse || m.Bound != "" {
		s.kind = moveKind{stops: true, refuse: m.Refuse, bound: m.Bound}
		if m.Refuse {
			s.kind.bound = ""
		}
		return false
	}
	if m.To == 0 {
		panic(fmt.Sprintf("product: part %d moves from value %d to none", part, s.tuple[part]))
	}
	s.kind.still = s.kind.still && (m.Still || m.To == s.tuple[part])
	s.kind.step = s.kind.step.And(m.Step)
	if s.kind.label == 0 {
		s.kind.label = m.Label
	}
	s.tuple[part] = m.To
	s.moved |= 1 << part
	return true
}

// advance makes the half's moves along hops, and says what is left of them. told is
// whether the other half waits to be told.
func (s *segment) advance(hops []pendingHop, told bool, react func(part int, v Value, in Message) *Move) {
	says := make([][2]Message, len(hops))
	in := func(i int) Message {
		if h := &hops[i]; h.from != i {
			return says[h.from][h.port]
		}
		return hops[i].in
	}
	left := 0
	for ; left < len(hops); left++ {
		m := in(left)
		if m == 0 {
			continue
		}
		part := hops[left].part
		if int(s.of[part]) != s.side {
			break
		}
		move := react(part, s.tuple[part], m)
		if !s.take(part, move) {
			return
		}
		says[left] = [2]Message{move.Out, move.Note}
	}
	rest, waits := s.rest(hops, left, in)
	if !waits {
		for _, part := range s.half[s.side].parts {
			if s.moved>>part&1 == 0 {
				s.kind.step = s.kind.step.And(s.Parts[part].Stay(s.tuple[part]))
			}
		}
	}
	if len(rest) == 0 && !told {
		return
	}
	r := relay{moved: s.moved & s.half[1-s.side].mask, waits: waits, hops: rest}
	if waits {
		r.moved = s.moved
	}
	s.kind.out = s.relays.Number(r.encode())
}

// rest returns the hops from the left-th on that may be told something, and whether one
// of them is in this half.
func (s *segment) rest(hops []pendingHop, left int, in func(int) Message) (rest []pendingHop, own bool) {
	at := make([]int, len(hops)) // where in rest a hop is, plus one
	for i := left; i < len(hops); i++ {
		h := hops[i]
		switch {
		case h.from == i || h.from < left:
			h.in = in(i)
			if h.in == 0 {
				continue
			}
			h.from, h.port = len(rest), 0
		case at[h.from] == 0:
			continue
		default:
			h.from = at[h.from] - 1
		}
		rest = append(rest, h)
		at[i] = len(rest)
		own = own || int(s.of[h.part]) == s.side
	}
	return rest, own
}

// lead returns the segment with which a step on the route starts.
func (h *halves) lead(r int, t *Tuple, m *Move, react func(part int, v Value, in Message) *Move) (s segment) {
	route := &h.Routes[r]
	s = segment{halves: h, side: int(h.of[route.Lead]), tuple: *t, kind: moveKind{still: true, step: All}}
	if !s.take(route.Lead, m) {
		return s
	}
	// The lead's move is the first of the moves, and the hops' follow: as if it were
	// two hops that say what it says.
	hops := make([]pendingHop, len(route.Hops))
	for i, hop := range route.Hops {
		p := pendingHop{part: hop.Part, from: hop.From - 1, port: hop.Port}
		if hop.From == 0 {
			p.from, p.in = i, m.Out
			if hop.Port == Note {
				p.in = m.Note
			}
		}
		hops[i] = p
	}
	s.advance(hops, false, react)
	return s
}

// answer returns the segment of a half that is told something.
func (h *halves) answer(side int, t *Tuple, relayed uint32, react func(part int, v Value, in Message) *Move) (s segment) {
	r := decodeRelay(h.relays.Value(relayed))
	s = segment{halves: h, side: side, tuple: *t, kind: moveKind{still: true, step: All}, moved: r.moved}
	s.advance(r.hops, r.waits, react)
	return s
}

// A kindTable numbers kinds of moves. 0 is that of a half that is told nothing.
type kindTable struct {
	mu     sync.RWMutex
	number map[moveKind]uint32
	all    []moveKind
}

func (t *kindTable) of(k moveKind) uint32 {
	t.mu.Lock()
	defer t.mu.Unlock()
	n, ok := t.number[k]
	if !ok {
		n = uint32(len(t.all))
		t.number[k] = n
		t.all = append(t.all, k)
	}
	return n
}

// list returns all kinds so far.
func (t *kindTable) list() []moveKind {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.all
}

// A localMove is the value of a half after a move, with its kind above. Marks say what
// has to be looked at.
type localMove uint64

const (
	// special: the step ends here, or goes on in the other half.
	special localMove = 1 << 63
	// still: moveKind.still.
	still localMove = 1 << 62
)

func (m localMove) to() uint32   { return uint32(m) }
func (m localMove) kind() uint32 { return uint32(m >> 32 &^ (3 << 30)) }

func (h *halves) localMove(s *segment) localMove {
	m := localMove(h.kinds.of(s.kind))<<32 | localMove(h.half[s.side].values.Number(s.tuple))
	if s.kind.stops || s.kind.out != 0 {
		m |= special
	}
	if s.kind.still {
		m |= still
	}
	return m
}

// answers has the answers of a half: for each relay a column of moves, by value. Several workers read and fill it; all would write the same.
type answers struct {
	mu      sync.Mutex
	columns []*column // by relay
}

type column struct {
	pages []*page // by value
	// steps is the step watches that at least one of the moves lets pass. It never has
	// fewer than these.
	steps [2]atomic.Uint64
}

const pageBits = 9

type page [1 << pageBits]localMove

func (p *page) load(v uint32) localMove {
	return localMove(atomic.LoadUint64((*uint64)(&p[v&(1<<pageBits-1)])))
}

func (c *column) store(p *page, v uint32, m localMove, step Bits) {
	for i, word := range step {
		c.steps[i].Or(word)
	}
	atomic.StoreUint64((*uint64)(&p[v&(1<<pageBits-1)]), uint64(m))
}

func (c *column) step() Bits { return Bits{c.steps[0].Load(), c.steps[1].Load()} }

// page returns the page with the answer of value v to the relay, and its column.
func (a *answers) page(relayed, v uint32) (*column, *page) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for int(relayed) >= len(a.columns) {
		a.columns = append(a.columns, new(column))
	}
	c := a.columns[relayed]
	for int(v>>pageBits) >= len(c.pages) {
		c.pages = append(c.pages, nil)
	}
	p := &c.pages[v>>pageBits]
	if *p == nil {
		*p = new(page)
	}
	return c, *p
}

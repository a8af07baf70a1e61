// Package termbench is TERM-BENCH, a small model of closing by which engines are
// timed: two endpoints that send a few units of data each and a FIN, over a network
// that loses, repeats and reorders. It is written once, as rules of one endpoint and
// of one direction of the network, and put together twice: as an opaque system and
// as a product.
package termbench

import (
	"fmt"

	"tcpclose/explore"
	"tcpclose/explore/product"
)

// Model is TERM-BENCH. Each side sends D units of data, at most 2, and sends what is not
// acknowledged after RTO ticks again, R times.
type Model struct{ D, RTO, R uint8 }

const (
	capacity = 2 // segments in transit in each direction
	msl      = 2 // Ticks
)

type endState uint8

const (
	estab endState = iota
	finWait1
	finWait2
	closing
	timeWait
	closeWait
	lastAck
	closed
)

type endpoint struct {
	State                       endState
	Una, Nxt, Rcv, Rtx, RTO, TW uint8
}

// A segment is its kind, sequence number, acknowledgment and age, from the high
// bits to the low ones. 0 is no segment.
type segment uint8

type segmentKind uint8

const (
	noSegment segmentKind = iota
	pureAck
	dataUnit
	finUnit
	aTick // not a segment: what a product's part hears when time passes
)

const ageBits segment = 1 // all of them: ages are 0 and 1

func newSegment(kind segmentKind, seq, ack uint8) segment {
	return segment(uint8(kind)<<5 | seq<<3 | ack<<1)
}

func (s segment) kind() segmentKind { return segmentKind(s >> 5) }
func (s segment) seq() uint8        { return uint8(s>>3) & 3 }
func (s segment) ack() uint8        { return uint8(s>>1) & 3 }

func (e endpoint) outstanding() bool { return e.Una < e.Nxt }

// due reports whether a timer has run down, so that time cannot pass.
func (e endpoint) due() bool {
	return e.outstanding() && e.RTO == 0 || e.State == timeWait && e.TW == 0
}

// unit is the segment with which e sends a unit of data or its FIN.
func (d Model) unit(e endpoint, seq uint8) segment {
	kind := finUnit
	if seq < d.D {
		kind = dataUnit
	}
	return newSegment(kind, seq, e.Rcv)
}

// call is SendData or Close.
func (d Model) call(e endpoint) (to endpoint, out segment, ok bool) {
	if e.State != estab && e.State != closeWait {
		return e, out, false
	}
	out = d.unit(e, e.Nxt)
	if !e.outstanding() {
		e.RTO = d.RTO
	}
	e.Nxt++
	if out.kind() == finUnit {
		if e.State == estab {
			e.State = finWait1
		} else {
			e.State = lastAck
		}
	}
	return e, out, true
}

// expire is Timeout or TwExpire.
func (d Model) expire(e endpoint) (to endpoint, out segment, ok bool) {
	if !e.due() {
		return e, out, false
	}
	if e.State == timeWait || e.Rtx == d.R {
		return endpoint{State: closed}, out, true
	}
	e.Rtx++
	e.RTO = d.RTO
	return e, d.unit(e, e.Una), true
}

// tick is the endpoint a tick later.
func (e endpoint) tick() endpoint {
	if e.outstanding() {
		e.RTO--
	}
	if e.State == timeWait {
		e.TW--
	}
	return e
}

// receive takes s; the reply may be none.
func (d Model) receive(e endpoint, s segment) (to endpoint, reply segment) {
	if e.State == closed {
		return e, 0
	}
	if e.Una < s.ack() && s.ack() <= e.Nxt {
		e.Una, e.Rtx, e.RTO = s.ack(), 0, 0
		if e.outstanding() {
			e.RTO = d.RTO
		}
		if e.Una == d.D+1 {
			switch e.State {
			case finWait1:
				e.State = finWait2
			case closing:
				e.State, e.TW = timeWait, 2*msl
			case lastAck:
				return endpoint{State: closed}, 0
			}
		}
	}
	if s.kind() == pureAck {
		return e, 0
	}
	if s.seq() == e.Rcv {
		e.Rcv++
		if s.kind() == finUnit {
			switch e.State {
			case estab:
				e.State = closeWait
			case finWait1:
				e.State = closing
			case finWait2:
				e.State, e.TW = timeWait, 2*msl
			}
		}
	} else if s.kind() == finUnit && e.State == timeWait {
		e.TW = 2 * msl
	}
	return e, newSegment(pureAck, e.Nxt, e.Rcv)
}

// A channel is the multiset of segments in transit in one direction, the largest
// first and the free places last.
type channel [capacity]segment

func (c channel) full() bool { return c[capacity-1] != 0 }

// add is c with s, or c if it is full. To add none changes nothing.
func (c channel) add(s segment) channel {
	if c.full() {
		return c
	}
	i := capacity - 1
	for ; i > 0 && s > c[i-1]; i-- {
		c[i] = c[i-1]
	}
	c[i] = s
	return c
}

// remove is c without its i-th segment.
func (c channel) remove(i int) channel {
	copy(c[i:], c[i+1:])
	c[capacity-1] = 0
	return c
}

// repeats reports whether the i-th place is free or has what the one before it has.
func (c channel) repeats(i int) bool { return c[i] == 0 || i > 0 && c[i] == c[i-1] }

// tick is the channel a tick later.
func (c channel) tick() (to channel) {
	for _, s := range c {
		if s != 0 && s&ageBits+1 < msl {
			to = to.add(s + 1)
		}
	}
	return to
}

// As an opaque system.

// A State of the model.
type State struct {
	End [2]endpoint
	Net [2]channel
}

// An Action of the model.
type Action struct {
	Kind Kind
	Who  uint8 // whose call or timer, or who has sent
	Nth  uint8 // which segment
}

// Kind says what a step is.
type Kind uint8

const (
	Calls Kind = iota
	Expires
	Delivers
	Loses
	Repeats
	Ticks
)

// Init is the initial state.
func (Model) Init() []State { return []State{{}} }

// Steps appends the steps from s.
func (d Model) Steps(dst []explore.Step[State, Action], s State) []explore.Step[State, Action] {
	for e := range uint8(2) {
		if to, out, ok := d.call(s.End[e]); ok {
			dst = append(dst, explore.Step[State, Action]{Action: Action{Calls, e, 0}, To: s})
			next := &dst[len(dst)-1].To
			next.End[e], next.Net[e] = to, next.Net[e].add(out)
		}
		if to, out, ok := d.expire(s.End[e]); ok {
			dst = append(dst, explore.Step[State, Action]{Action: Action{Expires, e, 0}, To: s})
			next := &dst[len(dst)-1].To
			next.End[e] = to
			next.Net[e] = next.Net[e].add(out)
		}
		for i := range capacity {
			if s.Net[e].repeats(i) {
				continue
			}
			nth := uint8(i)
			without := s.Net[e].remove(i)

			dst = append(dst, explore.Step[State, Action]{Action: Action{Delivers, e, nth}, To: s})
			next := &dst[len(dst)-1].To
			next.Net[e] = without
			end, reply := d.receive(s.End[1-e], s.Net[e][i])
			next.End[1-e], next.Net[1-e] = end, next.Net[1-e].add(reply)

			dst = append(dst, explore.Step[State, Action]{Action: Action{Loses, e, nth}, To: s})
			dst[len(dst)-1].To.Net[e] = without

			if !s.Net[e].full() {
				dst = append(dst, explore.Step[State, Action]{Action: Action{Repeats, e, nth}, To: s})
				dst[len(dst)-1].To.Net[e] = s.Net[e].add(s.Net[e][i])
			}
		}
	}
	if !s.End[0].due() && !s.End[1].due() {
		dst = append(dst, explore.Step[State, Action]{Action: Action{Kind: Ticks}, To: s})
		next := &dst[len(dst)-1].To
		for e := range 2 {
			next.End[e], next.Net[e] = s.End[e].tick(), s.Net[e].tick()
		}
	}
	return dst
}

// As a product.

type parts struct {
	Model
	ends     product.Numbering[endpoint]
	channels product.Numbering[channel]
	segments product.Numbering[segment]
}

// Product is the model as a product: endpoints are parts 0 and 1, what they have
// sent 2 and 3.
func (d Model) Product() *product.Product {
	t := &parts{Model: d}
	end, net := product.Value(t.ends.Number(endpoint{})), product.Value(t.channels.Number(channel{}))
	p := &product.Product{
		Parts: []product.Part{endPart{t}, endPart{t}, netPart{t}, netPart{t}},
		Init:  []product.Tuple{{end, end, net, net}},
		// The side that sends, with what is in transit.
		Halves: []int{0, 2},
	}
	for e := range 2 {
		own, peer, others := 2+e, 1-e, 3-e
		p.Routes = append(p.Routes,
			product.Route{Name: fmt.Sprint("call ", e), Lead: e, Hops: []product.Hop{{Part: own}}},
			product.Route{Name: fmt.Sprint("expire ", e), Lead: e, Hops: []product.Hop{{Part: own}}},
			product.Route{Name: fmt.Sprint("deliver ", e), Lead: own, Hops: []product.Hop{{Part: peer}, {Part: others, From: 1}}},
			product.Route{Name: fmt.Sprint("lose ", e), Lead: own},
			product.Route{Name: fmt.Sprint("repeat ", e), Lead: own},
		)
	}
	p.Routes = append(p.Routes, product.Route{Name: "tick", Hops: []product.Hop{{Part: 2}, {Part: 1}, {Part: 3}}})
	return p
}

// KindOf returns the kind of a step on a route of the product.
func KindOf(route int) Kind {
	if route == 10 {
		return Ticks
	}
	return Kind(route % 5)
}

func (t *parts) message(s segment) product.Message {
	if s == 0 {
		return 0
	}
	return product.Message(t.segments.Number(s))
}

// State and Stay say that nothing is watched.
func (*parts) State(product.Value) (b product.Bits) { return b }
func (*parts) Stay(product.Value) (b product.Bits)  { return b }

type endPart struct{ *parts }

func (t endPart) move(to endpoint, out segment) product.Move {
	return product.Move{To: product.Value(t.ends.Number(to)), Out: t.message(out)}
}

func (t endPart) Offer(dst []product.Move, route int, v product.Value) []product.Move {
	e := t.ends.Value(uint32(v))
	switch KindOf(route) {
	case Calls:
		if to, out, ok := t.call(e); ok {
			dst = append(dst, t.move(to, out))
		}
	case Expires:
		if to, out, ok := t.expire(e); ok {
			dst = append(dst, t.move(to, out))
		}
	case Ticks:
		if !e.due() {
			dst = append(dst, t.move(e.tick(), newSegment(aTick, 0, 0)))
		}
	}
	return dst
}

func (t endPart) React(v product.Value, in product.Message) product.Move {
	e, s := t.ends.Value(uint32(v)), t.segments.Value(uint32(in))
	if s.kind() != aTick {
		return t.move(t.receive(e, s))
	}
	if e.due() {
		return product.Move{Refuse: true}
	}
	return t.move(e.tick(), 0)
}

type netPart struct{ *parts }

func (t netPart) move(to channel, out segment) product.Move {
	return product.Move{To: product.Value(t.channels.Number(to)), Out: t.message(out)}
}

func (t netPart) Offer(dst []product.Move, route int, v product.Value) []product.Move {
	c := t.channels.Value(uint32(v))
	for i := range capacity {
		if c.repeats(i) {
			continue
		}
		switch k := KindOf(route); {
		case k == Delivers:
			dst = append(dst, t.move(c.remove(i), c[i]&^ageBits)) // nobody looks at the age
		case k == Loses:
			dst = append(dst, t.move(c.remove(i), 0))
		case k == Repeats && !c.full():
			dst = append(dst, t.move(c.add(c[i]), 0))
		}
	}
	return dst
}

func (t netPart) React(v product.Value, in product.Message) product.Move {
	s := t.segments.Value(uint32(in))
	return t.move(after(t.channels.Value(uint32(v)), s), 0)
}

// A content is a channel or a crowd: what it is a tick later, and with a segment more.
type content[C any] interface {
	tick() C
	add(segment) C
}

var (
	_ content[channel] = channel{}
	_ content[crowd]   = crowd{}
)

// after returns a content after a tick, or with a segment more.
func after[C content[C]](c C, s segment) C {
	if s.kind() == aTick {
		return c.tick()
	}
	return c.add(s)
}

// A Size is a model with the numbers that it must have.
type Size struct {
	Name                  string
	Model                 Model
	Distinct, Transitions int
}

// Sizes are those by which engines are timed, with their numbers.
var Sizes = []Size{
	{"small", Model{0, 1, 1}, 13_795, 85_411},
	{"medium", Model{1, 1, 1}, 1_212_700, 8_728_869},
	{"large", Model{2, 1, 1}, 21_460_335, 167_467_895},
}

// Further are sizes at which the numbers of others are compared with ours, and no times.
var Further = []Size{
	{"0-1-0", Model{0, 1, 0}, 3_791, 22_122},
	{"0-1-3", Model{0, 1, 3}, 44_293, 279_389},
	{"0-2-1", Model{0, 2, 1}, 10_040, 55_999},
	{"0-3-2", Model{0, 3, 2}, 16_083, 83_896},
	{"1-1-0", Model{1, 1, 0}, 245_023, 1_699_236},
	{"1-1-2", Model{1, 1, 2}, 2_263_086, 16_427_259},
	{"1-2-1", Model{1, 2, 1}, 841_537, 5_671_042},
	{"1-3-2", Model{1, 3, 2}, 1_456_589, 9_555_905},
	{"2-1-0", Model{2, 1, 0}, 3_872_598, 29_383_873},
	{"2-2-1", Model{2, 2, 1}, 15_843_966, 117_879_323},
}

// Closed reports whether v, of part 0 or 1 of a product, is an endpoint in CLOSED.
func Closed(part product.Part, v product.Value) bool {
	return part.(endPart).ends.Value(uint32(v)).State == closed
}

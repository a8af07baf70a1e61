package model

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// What is held: text and a FIN once each, the lowest FIN, the largest ACK.
func TestHold(t *testing.T) {
	bits := func(numbers ...Seq) (set uint32) {
		for _, n := range numbers {
			set |= 1 << n
		}
		return set
	}
	for _, c := range []struct {
		name string
		has  TCB
		g    Segment
		want TCB
	}{
		{"text", TCB{RcvNxt: 1}, Segment{Seq: 3, Len: 2, Ack: 4, Ctl: ACK}, TCB{RcvNxt: 1, Held: bits(3, 4), HeldAck: 4}},
		{"an ACK field that is not read", TCB{RcvNxt: 1}, Segment{Seq: 3, Len: 1, Ack: 4}, TCB{RcvNxt: 1, Held: bits(3)}},
		{"a lower ACK", TCB{RcvNxt: 1, HeldAck: 5}, Segment{Seq: 3, Len: 1, Ack: 4, Ctl: ACK}, TCB{RcvNxt: 1, Held: bits(3), HeldAck: 5}},
		{"a FIN behind text", TCB{RcvNxt: 1, Held: bits(2)}, Segment{Seq: 3, Len: 1, Ctl: FIN}, TCB{RcvNxt: 1, Held: bits(2, 3, 4), HeldFin: true}},
		{"a FIN before text that is held", TCB{RcvNxt: 1, Held: bits(2, 5)}, Segment{Seq: 3, Ctl: FIN}, TCB{RcvNxt: 1, Held: bits(2, 3), HeldFin: true}},
		{"a FIN where text is held", TCB{RcvNxt: 1, Held: bits(2, 3)}, Segment{Seq: 3, Ctl: FIN}, TCB{RcvNxt: 1, Held: bits(2, 3)}},
		{"text up to a FIN", TCB{RcvNxt: 1, Held: bits(4), HeldFin: true}, Segment{Seq: 2, Len: 3}, TCB{RcvNxt: 1, Held: bits(2, 3, 4), HeldFin: true}},
		{"text behind a FIN", TCB{RcvNxt: 1, Held: bits(3), HeldFin: true}, Segment{Seq: 4, Len: 1}, TCB{RcvNxt: 1, Held: bits(3), HeldFin: true}},
		{"a lower FIN", TCB{RcvNxt: 1, Held: bits(5), HeldFin: true}, Segment{Seq: 3, Ctl: FIN}, TCB{RcvNxt: 1, Held: bits(3), HeldFin: true}},
		{"the FIN again", TCB{RcvNxt: 1, Held: bits(3), HeldFin: true}, Segment{Seq: 3, Ctl: FIN}, TCB{RcvNxt: 1, Held: bits(3), HeldFin: true}},
		{"a higher FIN", TCB{RcvNxt: 1, Held: bits(3), HeldFin: true}, Segment{Seq: 5, Ctl: FIN}, TCB{RcvNxt: 1, Held: bits(3), HeldFin: true}},
	} {
		assert.Equal(t, c.want, c.has.hold(c.g), c.name)
	}
	for _, c := range []struct {
		name string
		has  TCB
		rest TCB
		g    Segment
		ok   bool
	}{
		{"nothing", TCB{RcvNxt: 2, HeldAck: 3}, TCB{RcvNxt: 2}, Segment{}, false},
		{"a hole", TCB{RcvNxt: 2, Held: bits(3), HeldAck: 3}, TCB{RcvNxt: 2, Held: bits(3), HeldAck: 3}, Segment{}, false},
		{"a FIN that was passed", TCB{RcvNxt: 4, Held: bits(2, 3), HeldFin: true, HeldAck: 3}, TCB{RcvNxt: 4}, Segment{}, false},
		{"text", TCB{RcvNxt: 2, Held: bits(1, 2, 3), HeldAck: 3}, TCB{RcvNxt: 2}, Segment{Seq: 2, Len: 2, Ack: 3, Ctl: ACK}, true},
		{"text up to a hole", TCB{RcvNxt: 2, Held: bits(2, 4), HeldFin: true, HeldAck: 3},
			TCB{RcvNxt: 2, Held: bits(4), HeldFin: true, HeldAck: 3}, Segment{Seq: 2, Len: 1, Ack: 3, Ctl: ACK}, true},
		{"text and the FIN", TCB{RcvNxt: 2, Held: bits(2, 3), HeldFin: true, HeldAck: 3}, TCB{RcvNxt: 2}, Segment{Seq: 2, Len: 1, Ack: 3, Ctl: FIN | ACK}, true},
		{"the FIN", TCB{RcvNxt: 2, Held: bits(2), HeldFin: true, HeldAck: 3}, TCB{RcvNxt: 2}, Segment{Seq: 2, Ack: 3, Ctl: FIN | ACK}, true},
	} {
		rest, g, ok := c.has.unhold()
		assert.Equal(t, c.rest, rest, c.name)
		assert.Equal(t, c.g, g, c.name)
		assert.Equal(t, c.ok, ok, c.name)
	}
	// A mini-socket keeps none of it, nor an acknowledgement that is owed.
	mini := TCB{State: FinWait2, Held: bits(3), HeldFin: true, HeldAck: 2, Owes: true, AckDelay: 1, Orphan: true, RcvNxt: 1}
	assert.Equal(t, TCB{State: FinWait2, Orphan: true, RcvNxt: 1, Mini: true}, mini.toMini())
}

// What is left of a segment that is acknowledged in part is sent again from there.
func TestAdvance_InPart(t *testing.T) {
	s := Default().Stack(A)
	end := s.advance(TCB{State: Established, SndUna: 0, SndNxt: 2, Written: 2, Cuts: 1, Rtx: 1, Rto: 1}, 1)
	assert.Equal(t, TCB{State: Established, SndUna: 1, SndNxt: 2, Written: 2, Cuts: 1 << 1, Rto: s.RTO}, end)
	assert.Equal(t, Segment{Seq: 1, Len: 1, Ctl: ACK}, s.head(end))
	end = s.advance(TCB{State: Established, SndUna: 0, SndNxt: 2, Written: 2, Cuts: 1, Rto: 1}, 2)
	assert.Equal(t, TCB{State: Established, SndUna: 2, SndNxt: 2, Written: 2}, end)
}

// A segment reaches a mini-socket at the edges of what it looks at.
func TestMini_Edges(t *testing.T) {
	s := newSystem(t, "a-close-is=full fin-wait-2=2 fin-wait-2-kept=mini b-buffer=3 a-buffer=3").Stack(A)
	end := TCB{State: FinWait2, Mini: true, Orphan: true, SndUna: 1, SndNxt: 1, RcvNxt: 2, Wait: 1}
	for _, c := range []struct {
		g    Segment
		want Clause
	}{
		{Segment{Seq: 2, Ctl: SYN}, MiniResets},
		{Segment{Seq: 1, Len: 1, Ctl: SYN | ACK}, MiniResets},
		{Segment{Seq: 2, Len: 1, Ctl: FIN}, MiniDrops},
		{Segment{Seq: 2, Ctl: FIN | ACK}, MiniFin},
		{Segment{Seq: 2, Len: 1, Ctl: ACK}, MiniResets},
		{Segment{Seq: 2, Ctl: ACK}, MiniDrops},
		{Segment{Seq: 1, Len: 1, Ctl: ACK}, MiniAnswers},
	} {
		_, e := s.SegmentArrives(end, c.g)
		assert.Equal(t, ClausesOf(c.want), e.Clauses, "%+v", c.g)
	}
}

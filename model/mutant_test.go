package model

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/box"
)

// Each test here kills a mutant of one operator that no other test noticed.

// A FIN without text is no text after the peer's FIN, also for a stack that takes
// such text. (g.Len >= 0 in ignoreText.)
func TestMutant_FinAfterFinIsNoText(t *testing.T) {
	c := Default()
	c.Fault = TextAfterFin
	s := c.Stack(A)
	end := TCB{State: CloseWait, RcvNxt: 2}
	to, e := s.SegmentArrives(end, Segment{Seq: 2, Ctl: FIN | ACK})
	assert.Equal(t, end, to)
	assert.Equal(t, Effect{Clauses: ClausesOf(AfterFin)}, e)
	to, e = s.SegmentArrives(end, Segment{Seq: 2, Len: 1, Ctl: ACK})
	assert.Equal(t, Seq(3), to.RcvNxt, "text is taken, by the fault")
	assert.Equal(t, ACK, e.Sent.Ctl)
}

// Where acknowledgements wait for something to ride on, however long that takes, an
// old segment without text or FIN is answered at once all the same: its sender has
// nothing that is repeated until it is answered. (g.SpaceLen() >= 0 in
// outOfSequence.)
func TestMutant_OldAckAnsweredAtOnce(t *testing.T) {
	c := Default()
	c.Ends[A].AckDelay = Unlimited
	s := c.Stack(A)
	end := TCB{State: Established, RcvNxt: 1}
	to, e := s.SegmentArrives(end, Segment{Seq: 0, Ctl: ACK})
	assert.Equal(t, end, to)
	assert.Equal(t, Segment{Ack: 1, Ctl: ACK}, e.Sent)
	to, e = s.SegmentArrives(end, Segment{Seq: 0, Len: 1, Ctl: ACK})
	assert.True(t, to.Owes)
	assert.Zero(t, e.Sent)
}

// Of a segment that is delivered while a copy stays, the new copy replaces older
// copies of it, and no other. (|| for one && or the other in DeliverCopy.)
func TestMutant_CopyReplacesItsOwn(t *testing.T) {
	y := newSystem(t, "msl=3 delay=1")
	m := y.Medium()
	require.True(t, m.subsumes() && m.marks())
	fin, ack := Segment{Ctl: FIN | ACK}, Segment{Ack: 1, Ctl: ACK}
	old := Packet{Segment: fin, Age: 1, Spare: true}
	c := m.with(m.with(Channel{}, old), Packet{Segment: ack})
	c, _ = m.DeliverCopy(c, 1)
	assert.Equal(t, []Packet{old, {Segment: ack, Spare: true}}, c.List())
	c = m.with(m.with(Channel{}, old), Packet{Segment: fin})
	c, _ = m.DeliverCopy(c, 1)
	assert.Equal(t, []Packet{{Segment: fin, Spare: true}}, c.List())
}

// ABORT where it leaves TIME-WAIT takes the user away, with what it has not read. (removed:
// t.Orphan, t.Unread = true, 0.)
func TestMutant_AbortLeavesOrphan(t *testing.T) {
	c := Default()
	c.Ends[A].Choices[TimeWaitAbort] = AbortLeavesTimeWait
	end := TCB{State: TimeWait, Wait: 3, Unread: 1}
	to, e := c.Stack(A).Call(end, Abort)
	assert.True(t, to.Orphan)
	assert.Zero(t, to.Unread)
	assert.Equal(t, TimeWait, to.State)
	assert.True(t, e.Clauses.Has(AbortLeaves))
}

// What both have is what is left, decision by decision. (result zero: o in Intersect.)
func TestMutant_Intersect(t *testing.T) {
	one := AllOptions()
	one[RSTAck] = 1
	both, ok := AllOptions().Intersect(one)
	require.True(t, ok)
	assert.Equal(t, one, both)
	other := AllOptions()
	other[RSTAck] = 2
	_, ok = one.Intersect(other)
	assert.False(t, ok)
}

// An error has its parts. (result zero: e.args in Message.)
func TestMutant_Message(t *testing.T) {
	var e *InvalidError
	require.ErrorAs(t, invalid("%s: want %d", "rto", 2), &e)
	format, args := e.Message()
	assert.Equal(t, "%s: want %d", format)
	assert.Equal(t, []any{"rto", 2}, args)
}

// Without a box nothing is done by one, and with one only what it can do. (or for and in
// System.enabled.)
func TestMutant_NoBox(t *testing.T) {
	y := newSystem(t, "")
	_, ok := y.Step(y.Init(), Action{Kind: Boxes})
	assert.False(t, ok)
	y = newSystem(t, "box=conntrack capacity=1")
	_, ok = y.Step(y.Init(), Action{Kind: Boxes})
	assert.False(t, ok, "it knows no connection yet that could expire")
}

// What is not said of a box's time is as its fields say. (LongestCounted returned nothing.)
func TestMutant_BoxTime(t *testing.T) {
	var b Between
	assert.Equal(t, 10*time.Second, b.TickLength())
	assert.Equal(t, 1000*time.Second, b.LongestCounted())
	assert.EqualValues(t, 24, b.LingerLimit())
	b = Between{Tick: time.Second, Counted: 7, Linger: 3}
	assert.Equal(t, 7*time.Second, b.LongestCounted())
	assert.EqualValues(t, 3, b.LingerLimit())
}

// A box sees whether a window is shut, and its RST has an ACK where it says so. (negated in
// view and made.)
func TestMutant_BoxSegments(t *testing.T) {
	assert.True(t, view(A, Segment{Ctl: ACK, Wnd: WindowOf(0)}).Closed)
	assert.False(t, view(A, Segment{Ctl: ACK, Wnd: WindowOf(1)}).Closed)
	assert.False(t, view(A, Segment{Ctl: ACK}).Closed, "it is unlimited")
	assert.False(t, view(A, Segment{Ctl: RST, Wnd: WindowOf(0)}).Closed, "an RST has none")
	assert.Equal(t, RST|ACK, made(box.Segment{Ctl: box.RST | box.ACK}).Ctl)
	assert.Equal(t, RST, made(box.Segment{Ctl: box.RST}).Ctl)
	assert.Equal(t, Segment{}, made(box.Segment{}))
}

package model

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
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

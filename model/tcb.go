package model

import "math/bits"

// A TCB is what an endpoint knows of its connection (RFC 9293, 3.3.1). In CLOSED
// there is none: it is the zero TCB, whatever was before, so that nothing dead
// tells two states apart.
type TCB struct {
	State  ConnState
	SndUna Seq // oldest number not acknowledged
	SndNxt Seq // next number to be sent
	RcvNxt Seq // next number expected
	// Written is how many octets the user has sent. Once it has called CLOSE it
	// is the number of the FIN.
	Written Seq
	// Cuts has bit n set if a segment that was sent begins at number n and n is
	// at or above SndUna: a retransmission repeats the segment as it was.
	Cuts uint8
	Rtx  uint8 // how often the oldest unacknowledged segment was retransmitted
	Rto  uint8 // ticks until it is retransmitted; meaningless if nothing is outstanding
	Wait uint8 // ticks until TIME-WAIT ends; Never if no timer runs
}

// Never is the Wait of a TIME-WAIT in which no timer runs.
const Never = 255

// MaxOctets is how many octets a side can write: with the FIN, one bit each in
// TCB.Cuts.
const MaxOctets = 7

var _ [8 - MaxOctets - 1]struct{} // Cuts has room

// Outstanding reports whether something is sent and not acknowledged.
func (t TCB) Outstanding() bool { return t.SndUna < t.SndNxt }

// FinSent reports whether the FIN has been sent.
func (t TCB) FinSent() bool { return t.SndNxt > t.Written }

// FinAcked reports whether the FIN has been acknowledged.
func (t TCB) FinAcked() bool { return t.SndUna > t.Written }

// FinReceived reports whether the peer's FIN has been consumed.
func (t TCB) FinReceived() bool {
	switch t.State {
	case CloseWait, Closing, LastAck, TimeWait:
		return true
	}
	return false
}

// acceptable is the test of the first step of SEGMENT ARRIVES (RFC 9293,
// 3.10.7.4, table 6). The receive window is larger than all numbers there are,
// so nothing lies beyond it.
func (t TCB) acceptable(g Segment) bool {
	if g.SpaceLen() == 0 {
		return g.Seq >= t.RcvNxt
	}
	return g.Seq+g.SpaceLen() > t.RcvNxt
}

// ack is the segment that acknowledges: <SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK>.
func (t TCB) ack() Segment { return Segment{Seq: t.SndNxt, Ack: t.RcvNxt, Ctl: ACK} }

// transmit sends numbers SND.NXT to end-1 in one segment and starts the
// retransmission timer if it does not run (RFC 6298, 5.1).
func (s Stack) transmit(t TCB, end Seq) (TCB, Segment) {
	if !t.Outstanding() {
		t.Rto = s.RTO
	}
	t.Cuts |= 1 << t.SndNxt
	g := t.segment(t.SndNxt, end)
	t.SndNxt = end
	return t, g
}

// segment is the one of numbers from to end-1.
func (t TCB) segment(from, end Seq) Segment {
	g := Segment{Seq: from, Ack: t.RcvNxt, Len: uint8(end - from), Ctl: ACK}
	if end > t.Written {
		g.Len--
		g.Ctl |= FIN
	}
	return g
}

// head is the oldest unacknowledged segment, with the acknowledgement of now.
func (t TCB) head() Segment {
	end := t.SndNxt
	if later := t.Cuts &^ (1<<(t.SndUna+1) - 1); later != 0 {
		end = Seq(bits.TrailingZeros8(later))
	}
	return t.segment(t.SndUna, end)
}

// advance takes the acknowledgement of everything below ack: the retransmission
// timer starts anew for what is left (RFC 6298, 5.2 and 5.3).
func (s Stack) advance(t TCB, ack Seq) TCB {
	t.SndUna = ack
	t.Cuts &^= 1<<ack - 1
	t.Rtx, t.Rto = 0, 0
	if t.Outstanding() {
		t.Rto = s.RTO
		t.Cuts |= 1 << ack // what is left of a segment begins here now
	}
	return t
}

// startTimeWait starts the time-wait timer, or starts it again.
func (s Stack) startTimeWait(t TCB) TCB {
	t.Wait = s.TimeWait
	return t
}

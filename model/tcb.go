package model

import "math/bits"

// A TCB is what an endpoint knows of its connection (RFC 9293, 3.3.1). In CLOSED
// there is none: it is the zero TCB, whatever was before, so that nothing dead
// tells two states apart. Only text that the user has not read outlives it.
type TCB struct {
	State ConnState
	// First is the number of the first octet that the user may write.
	First  Seq
	SndUna Seq // oldest number not acknowledged
	SndNxt Seq // next number to be sent
	RcvNxt Seq // next number expected
	// Written is the number after the last octet that the user has sent. Once it
	// has called CLOSE it is that of the FIN.
	Written Seq
	// Queued: numbers from SndNxt to Queued-1 are to be sent as soon as the
	// window has room; 0 if there are none. If it is Written+1 the FIN is among
	// them. What a SEND holds back is not.
	Queued Seq
	// Cuts has bit n set if a segment that was sent begins at number n and n is
	// at or above SndUna: a retransmission repeats the segment as it was.
	Cuts uint32

	SndWnd Window // SND.WND, counted from SndUna
	SndWl1 Seq    // SND.WL1, SEG.SEQ of the last window update; 0 while the window is Wide
	SndWl2 Seq    // SND.WL2, SEG.ACK of it

	// Unread counts the octets in the receive buffer, in order.
	Unread uint8
	// Broken: there is no connection any more, and after what is unread the user is
	// told of a reset.
	Broken bool
	// Held has bit n set if number n, above RcvNxt, has arrived.
	Held    uint32
	HeldFin bool // the highest number in Held is the FIN's
	HeldAck Seq  // the largest SEG.ACK of what is held

	Owes   bool // an acknowledgement is delayed
	Orphan bool // the user has closed for good, or has died: nobody reads
	Mini   bool // an orphan in FIN-WAIT-2 of which the numbers alone are kept

	Passive bool     // SYN-RECEIVED was entered from LISTEN
	Reused  Replaced // the TIME-WAIT that SYN-RECEIVED was entered from, if it may return
	Recent  uint8    // the timestamp of the peer's SYN; 0 without timestamps

	Host

	Rtx    uint8 // how often the oldest unacknowledged segment was retransmitted
	Probes uint8 // keep-alive probes that have not been answered

	// Timers, in ticks. What does not run is 0, or Never if it runs in such a
	// state and is off.
	Rto      uint16 // until the oldest segment is retransmitted, or the window is probed
	Wait     uint16 // until TIME-WAIT, or FIN-WAIT-2, ends
	AckDelay uint16 // until what is owed is acknowledged
	Idle     uint16 // until a keep-alive probe is sent
	User     uint16 // until the user timeout
	Throttle uint16 // until a challenge ACK may be sent again
}

// Never is the time left of a timer that is off.
const Never = 1<<16 - 1

// MaxOctets limits the octets that a side can write in a connection, and MaxLives the
// connections that it can have.
const (
	MaxOctets = 7
	MaxLives  = 3
)

// maxSeq is the highest number: each connection has a SYN and a FIN besides.
const maxSeq = MaxLives * (MaxOctets + 2)

var _ [32 - maxSeq - 1]struct{} // each has a bit in TCB.Cuts and TCB.Held

// Outstanding reports whether something is sent and not acknowledged.
func (t TCB) Outstanding() bool { return t.SndUna < t.SndNxt }

// Blocked reports whether something is queued that the window has no room for.
func (t TCB) Blocked() bool { return t.Queued > t.SndNxt }

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

// CloseCalled reports whether the user has called CLOSE. Its FIN may still wait
// for the window.
func (t TCB) CloseCalled() bool {
	switch t.State {
	case Closed, Listen, SynSent, SynReceived:
		return false
	case Established, CloseWait:
		return t.Queued > t.Written
	}
	return true
}

// ack returns the segment that acknowledges: <SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK>.
func (s Stack) ack(t TCB) Segment {
	return Segment{Seq: t.SndNxt, Ack: t.RcvNxt, Wnd: s.window(t), Ctl: ACK}
}

// acknowledgeNow sends an acknowledgement, and with it what was owed.
func (s Stack) acknowledgeNow(t TCB, e Effect) (TCB, Effect) {
	e.Sent = s.ack(t)
	if t.State == Closing && t.FinSent() && s.ask(ClosingFin) == FinOnEachAck {
		e.Sent = s.segment(t, t.Written, t.Written+1)
		e = e.by(FinRepeated)
	}
	return t.ackSent(), e
}

// ackSent returns t when an acknowledgement has been sent.
func (t TCB) ackSent() TCB {
	t.Owes, t.AckDelay = false, 0
	return t
}

// transmit sends numbers SND.NXT to end-1 in one segment and starts the
// retransmission timer if it does not run (RFC 6298, 5.1).
func (s Stack) transmit(t TCB, end Seq) (TCB, Segment) {
	if !t.Outstanding() {
		t.Rto, t.Rtx = s.RTO, 0
	}
	t.Cuts |= 1 << t.SndNxt
	g := s.segment(t, t.SndNxt, end)
	t.SndNxt = end
	return t.ackSent(), g
}

// segment returns the one of numbers from to end-1.
func (s Stack) segment(t TCB, from, end Seq) Segment {
	g := Segment{Seq: from, Ack: t.RcvNxt, Wnd: s.window(t), Len: uint8(end - from), Ctl: ACK}
	if end > t.Written {
		g.Len--
		g.Ctl |= FIN
	}
	return g
}

// head returns the oldest unacknowledged segment, with the acknowledgement of now.
func (s Stack) head(t TCB) Segment {
	if t.SndUna < t.First {
		return s.syn(t)
	}
	end := t.SndNxt
	if later := t.Cuts &^ (1<<(t.SndUna+1) - 1); later != 0 && s.ask(ResendSize) == ResendApart {
		end = Seq(bits.TrailingZeros32(later))
	}
	return s.segment(t, t.SndUna, end)
}

// tail returns the newest segment that was sent.
func (s Stack) tail(t TCB) Segment {
	if t.SndUna < t.First {
		return s.syn(t)
	}
	return s.segment(t, Seq(bits.Len32(t.Cuts))-1, t.SndNxt)
}

// advance takes the acknowledgement of everything below ack: the retransmission
// timer restarts for what is left (RFC 6298, 5.2 and 5.3).
func (s Stack) advance(t TCB, ack Seq) TCB {
	t.SndUna = ack
	t.Cuts &^= 1<<ack - 1
	t.Rtx, t.Rto = 0, 0
	if t.Outstanding() {
		t.Cuts |= 1 << ack // what is left of a segment begins here now
	}
	if t.Outstanding() || t.Blocked() {
		t.Rto = s.RTO
	}
	return t
}

// closed returns what is left of t when the connection has come to its end in good
// order: text that the user may still read.
func (s Stack) closed(t TCB) TCB {
	if s.readable(t) && !t.Orphan {
		return TCB{Unread: t.Unread}
	}
	return TCB{}
}

package model

import "fmt"

// A Call is what the user does to its connection, or what happens to the user.
type Call uint8

const (
	// Send: one octet, to be sent at once.
	Send Call = iota
	// SendHeld: one octet, which TCP keeps until there is more to send, as it
	// may without PUSH (RFC 9293, 3.9.1.2). It goes out with the next SEND or,
	// in one segment with the FIN, with CLOSE.
	SendHeld
	// Close: the user has no more data to send. It goes on reading: CLOSE is
	// simplex (RFC 9293, 3.6), as shutdown for writing is in sockets.
	Close
	// Receive: the user reads an octet.
	Receive
	// Release: the user closes for good; it will not read any more (RFC 9293,
	// 3.6.1, MAY-1), as with close in sockets.
	Release
	// Abort: RFC 9293, 3.10.5; in sockets, close with SO_LINGER of 0.
	Abort
	// Die: the process ends, and the host closes for it.
	Die
	// Crash: the host fails, and is back at once without its connections (RFC
	// 9293, 3.5.1). What arrives while it is down may be lost as well in the
	// network.
	Crash
	// Open: OPEN, active, with the address of the peer.
	Open
	// OpenPassive: OPEN, passive; the user waits to be called.
	OpenPassive

	numCalls
)

func (c Call) String() string {
	names := [numCalls]string{"SEND", "SEND (held)", "CLOSE", "RECEIVE", "CLOSE (for good)", "ABORT", "process dies", "host crashes",
		"OPEN", "OPEN (passive)"}
	if c >= numCalls {
		return fmt.Sprintf("Call(%d)", uint8(c))
	}
	return names[c]
}

// Refusal returns the error that TCP returns to a call (RFC 9293, 3.10.2 to 3.10.5),
// or "". A call that is refused changes nothing.
func (s Stack) Refusal(t TCB, c Call) string {
	const (
		none    = "connection does not exist"
		closing = "connection closing"
		exists  = "connection already exists"
	)
	switch {
	case c == Open && t.State == Listen, (c == Open || c == OpenPassive) && t.State == Closed, c == Open && s.connects(t):
		if t.Host.Quiet > 0 {
			return "insufficient resources" // it is the quiet time
		}
		return ""
	case c == Open, c == OpenPassive:
		return exists
	case c == Receive && s.readable(t), c == Die, c == Crash:
		return ""
	case t.State == Closed:
		return none
	}
	switch c {
	case Send, SendHeld, Close:
		if t.CloseCalled() {
			return closing
		}
	case Receive:
		if t.FinReceived() {
			return closing
		}
		return "nothing to read" // the call would wait
	case Release:
		if t.Orphan {
			return closing
		}
	}
	return ""
}

// readable reports whether the user can be given text that is on hand. Read
// literally, RECEIVE is an error in CLOSING, LAST-ACK and TIME-WAIT, and where there
// is no connection any more, whatever is on hand (RFC 9293, 3.10.3).
func (s Stack) readable(t TCB) bool {
	if t.Unread == 0 {
		return false
	}
	switch t.State {
	case Closing, LastAck, TimeWait, Closed:
		return s.ask(ReadAfterFin) == DataReadable
	}
	return true
}

// Calls appends the calls that the user may make now. A user that can get
// nothing but an error from a call does not make it.
func (s Stack) Calls(dst []Call, t TCB) []Call {
	add := func(c Call) {
		if s.Refusal(t, c) == "" {
			dst = append(dst, c)
		}
	}
	gone := t.State == Closed || t.State == TimeWait && !s.deletedByClose(t)
	if (t.State == Established || t.State == CloseWait) && t.Written-t.First < Seq(s.App.Octets) && s.mayWrite(t) {
		add(Send)
		add(SendHeld)
	}
	if s.wantsClose(t) {
		if s.App.Parting == ForGood {
			add(Release)
		} else {
			add(Close)
		}
	}
	if s.App.Reads == ReadSlowly && !t.Orphan {
		add(Receive)
	}
	if s.App.Parting == HalfThenGood && t.CloseCalled() && !gone {
		add(Release)
	}
	switch {
	case t.State == Closed:
	case s.App.Fails == FailAbort && !t.Orphan:
		add(Abort)
	case s.App.Fails == FailDie && !t.Orphan && !gone:
		add(Die)
	case s.App.Fails == FailCrash:
		add(Crash)
	}
	return s.opensNow(dst, t)
}

// opensNow appends the calls that open a connection.
func (s Stack) opensNow(dst []Call, t TCB) []Call {
	switch {
	case t.Host.Quiet > 0:
	case t.State == Closed && s.may(t.Host) && t.Unread == 0:
		if s.App.Opens != OpensPassively {
			dst = append(dst, Open)
		}
		if s.App.Opens != OpensActively {
			dst = append(dst, OpenPassive)
		}
	case t.State == Listen && s.App.Opens == OpensEither, s.connects(t):
		dst = append(dst, Open)
	}
	return dst
}

// wantsClose reports whether this is a time at which the user closes.
func (s Stack) wantsClose(t TCB) bool {
	if t.Orphan || t.CloseCalled() || t.State == Closed {
		return false
	}
	switch s.App.Close {
	case CloseAnyTime:
		return true
	case CloseAfterPeer: // when it has read to the end of file
		return t.State == CloseWait && t.Unread == 0
	}
	return false
}

// Call returns the effect of a call that Calls offers.
func (s Stack) Call(t TCB, c Call) (TCB, Effect) {
	to, e := s.call(t, c)
	return s.finish(t, to, e, false)
}

func (s Stack) call(t TCB, c Call) (TCB, Effect) {
	var e Effect
	switch c {
	case Send:
		return s.send(t)
	case SendHeld:
		t.Written++
		return t, e.by(SendQueues)
	case Close:
		return s.close(t)
	case Receive:
		return s.receive(t)
	case Release, Die:
		return s.release(t)
	case Abort:
		return s.abort(t)
	case Open, OpenPassive:
		return s.open(t, c == Open)
	default: // Crash
		return TCB{}, e.by(HostCrashes)
	}
}

// send implements RFC 9293, 3.10.2, for ESTABLISHED and CLOSE-WAIT: "Segmentize the
// buffer and send it with a piggybacked acknowledgment". What the window has no
// room for waits.
func (s Stack) send(t TCB) (TCB, Effect) {
	var e Effect
	t.Written++
	t.Queued = t.Written
	t, e = s.output(t, e)
	if t.Blocked() {
		e = e.by(SendWaits)
	}
	if e.Sent != (Segment{}) {
		e = e.by(SendTransmits)
	}
	return t, e
}

// close implements RFC 9293, 3.10.4: what is queued goes before the FIN. In ESTABLISHED
// the state changes "in any case", in CLOSE-WAIT when the FIN is sent.
func (s Stack) close(t TCB) (TCB, Effect) {
	var e Effect
	clause := CloseEstablished
	switch t.State {
	case Listen, SynSent:
		e.Told = ToldAborted
		return TCB{}, e.by(CloseUnopened)
	case CloseWait:
		clause = CloseCloseWait
	case SynReceived:
		clause = CloseSynReceived
		t.Passive, t.Reused = false, Replaced{}
	}
	switch t.State {
	case SynReceived:
		t.State = FinWait1
	case Established:
		if s.ask(FinWait1Entry) == EnterWithClose {
			t.State = FinWait1
		}
	case CloseWait:
		if s.ask(LastAckEntry) == EnterEarly {
			t.State = LastAck
		}
	}
	e = e.by(clause)
	t, e = s.output(s.queueFin(t), e)
	if t.Blocked() {
		e = e.by(CloseWaits)
	}
	return t, e
}

// receive implements RFC 9293, 3.10.3: an octet that is on hand is given to the user. If
// it is the last before the peer's FIN, the user comes to the end of file.
func (s Stack) receive(t TCB) (TCB, Effect) {
	var e Effect
	shut := s.window(t).Size() == 0
	t.Unread--
	e.Delivered = 1
	e = e.by(ReceiveDelivers)
	switch {
	case t.Unread > 0:
	case t.Broken:
		t.Broken = false
		e.Told |= ToldReset
		e = e.by(ReceiveResets)
	case t.FinReceived(), t.State == Closed:
		e.Told |= ToldEOF
		e = e.by(ReceiveEnds)
	}
	open := t.State != Closed && !t.FinReceived() // the peer may have more to send
	if shut && open && s.ask(WindowUpdate) == UpdateSent {
		t, e = s.acknowledgeNow(t, e)
		e = e.by(WindowOpens)
	}
	return t, e
}

// release closes for good: by the user's call, or because its process has died.
// Text that nobody will read is a reason for RST (RFC 9293, 3.6.1, SHLD-3).
func (s Stack) release(t TCB) (TCB, Effect) {
	var e Effect
	kept := uint8(0)
	if t.Unread > 0 {
		switch s.ask(UnreadClose) {
		case UnreadResets:
			e.Sent = s.rst(t)
			e.Told = ToldAborted
			e = e.by(ReleaseResets)
			return s.afterUnreadRST(t), e
		case UnreadKept:
			kept = t.Unread
		}
	}
	if s.deletedByClose(t) {
		return TCB{}, e.by(Releases)
	}
	if t.State > SynSent && t.State != TimeWait && s.ask(OrphanKept) == OrphanRefused { // before there is nobody to reset (3.10.4)
		e.Sent = s.rst(t)
		e.Told = ToldAborted
		return TCB{}, e.by(OrphanResetsAll)
	}
	t.Orphan, t.Unread = true, kept
	if !t.CloseCalled() {
		t, e = s.close(t)
	}
	return t, e.by(Releases)
}

// abort implements RFC 9293, 3.10.5.
func (s Stack) abort(t TCB) (TCB, Effect) {
	e := Effect{Told: ToldAborted}
	if s.abortCloses(t) {
		t.Unread = 0
		return s.release(t)
	}
	switch t.State {
	case Closing, LastAck:
		if !t.FinSent() && s.ask(AbortUnsent) == UnsentResets {
			e.Sent = s.rst(t)
			return TCB{}, e.by(AbortResetsLate)
		}
		return TCB{}, e.by(AbortSilent)
	case TimeWait:
		if s.ask(TimeWaitAbort) == AbortLeavesTimeWait {
			t.Orphan, t.Unread = true, 0
			return t, Effect{}.by(AbortLeaves)
		}
		return TCB{}, e.by(AbortSilent)
	case Listen, SynSent:
		return TCB{}, e.by(AbortUnopened)
	}
	e.Sent = s.rst(t)
	e = e.by(AbortResets)
	if t.State != SynReceived && s.ask(AbortState) == AbortTimeWait {
		e.TimeWait = true
		return s.startTimeWait(TCB{State: TimeWait, First: t.First, SndUna: t.SndNxt, SndNxt: t.SndNxt, RcvNxt: t.RcvNxt, Written: t.SndNxt, Recent: t.Recent, Host: t.Host}), e // no FIN was exchanged
	}
	return TCB{}, e
}

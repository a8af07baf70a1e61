package model

// rst returns the RST by which a connection ends by itself: for ABORT, for
// text that is unread at a full close, or because it is given up (RFC 9293, 3.10.5
// and 3.6.1).
func (s Stack) rst(t TCB) Segment {
	g := Segment{Seq: t.SndNxt, Ctl: RST}
	if own, _ := s.acksInRST(); own {
		g.Ack, g.Ctl = t.RcvNxt, RST|ACK
	}
	return g
}

// lateRST returns the RST that answers g, text that nobody will read any more.
func (s Stack) lateRST(t TCB, g Segment) Segment {
	r := Segment{Seq: t.SndNxt, Ctl: RST}
	if s.ask(RSTNumber) == NumberAcked && g.Ctl.Has(ACK) {
		r.Seq = g.Ack
	}
	if _, late := s.acksInRST(); late {
		r.Ack, r.Ctl = t.RcvNxt, RST|ACK
	}
	return r
}

// acksInRST reports whether a connection's own RST acknowledges, and whether the one
// for late text does.
func (s Stack) acksInRST() (own, late bool) {
	switch s.ask(RSTAck) {
	case AckOwn:
		return true, false
	case AckAll:
		return true, true
	}
	return false, false
}

// flush returns what an acceptable RST leaves of t: nothing, or the text that is on
// hand. Of the reset the user is told after that, except in CLOSE-WAIT, where
// nothing but SEND would tell it later.
func (s Stack) flush(t TCB, e Effect) (TCB, Effect) {
	rest := TCB{Unread: t.Unread, Broken: t.State != CloseWait}
	if t.Orphan || !s.readable(rest) || s.ask(ResetText) == TextFlushed {
		e.Told = ToldReset
		return TCB{}, e
	}
	if !rest.Broken {
		e.Told = ToldReset
	}
	return rest, e.by(ResetKeepsText)
}

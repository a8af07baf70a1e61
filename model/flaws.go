package model

// The rules that a fault replaces, in the order in which the RFC comes to them, so
// that the text of 3.10 stands elsewhere without interruption. Each is the RFC's
// rule if the stack has not the fault, and each fault is asked for at one place.

// fault reports whether the stack has f.
func (s Stack) fault(f Fault) bool { return s.flaw == f }

// queueFin returns t with its FIN queued behind all SENDs (RFC 9293, 3.10.4).
func (s Stack) queueFin(t TCB) TCB {
	if t.Blocked() && s.fault(FinLostBehindText) {
		return t
	}
	if t.Blocked() && s.fault(FinBeforeQueuedText) {
		t.Written = t.SndNxt
	}
	t.Queued = t.Written + 1
	return t
}

// enterLastAck returns t in LAST-ACK: its FIN is sent (RFC 9293, 3.10.4).
func (s Stack) enterLastAck(t TCB) TCB {
	t.State = LastAck
	if s.fault(LastAckSkipped) {
		return s.closed(t)
	}
	return t
}

// afterUnreadRST returns what is left of t when a full close has sent RST for
// text that is unread: nothing (RFC 9293, 3.6.1).
func (s Stack) afterUnreadRST(t TCB) TCB {
	if !t.CloseCalled() && s.fault(RSTTakesNumber) {
		t, _ = s.close(t)
		t.Orphan, t.Unread = true, 0
		return t
	}
	return TCB{}
}

// deletedByClose reports whether a full close deletes t because it is in TIME-WAIT or
// LAST-ACK. By the RFC no call but ABORT does.
func (s Stack) deletedByClose(t TCB) bool {
	return t.State == TimeWait && s.fault(CloseDeletesTimeWait) || t.State == LastAck && s.fault(CloseDeletesLastAck)
}

// abortCloses reports whether ABORT is taken for a full close (RFC 9293, 3.10.5).
func (s Stack) abortCloses(t TCB) bool {
	return (t.State == Established || t.State == CloseWait) && s.fault(AbortSendsFin)
}

// reads reports whether t looks at g at all (RFC 9293, 3.10.7.4, second and fourth).
func (s Stack) reads(t TCB, g Segment) bool {
	switch {
	case g.Ctl.Has(SYN):
		return !s.fault(SynIgnored)
	case g.Ctl.Has(RST):
		return t.State != Established || !s.fault(RSTUnheard)
	}
	return true
}

// dropRST drops an RST that is outside the window (RFC 9293, 3.10.7.4, first).
func (s Stack) dropRST(t TCB, e Effect) (TCB, Effect) {
	if s.fault(RSTAnswered) {
		return s.acknowledgeNow(t, e)
	}
	return t, e
}

// challenge answers an RST or a SYN that is in the window (RFC 5961, 3.2 and 4.2),
// but for a time after it has done so (section 7).
func (s Stack) challenge(t TCB, g Segment, e Effect) (TCB, Effect) {
	if t.Throttle > 0 {
		return t, e.by(ChallengeLimited)
	}
	t.Throttle = s.ChallengeInterval
	t, e = s.acknowledgeNow(t, e)
	if g.Ctl.Has(RST) && s.fault(RSTWar) {
		e.Sent.Ack = g.Seq
	}
	return t, e
}

// readAck reads the ACK field of a segment in its turn (RFC 9293, 3.10.7.4, fifth).
func (s Stack) readAck(t TCB, g Segment, e Effect) (TCB, Effect, afterAck) {
	if t.State == Established && g.Ctl.Has(FIN) && s.fault(FinAckUnread) {
		return t, e, goOn
	}
	return s.acknowledge(t, g, e)
}

// tellsClosed reports whether the user is told that its FIN is acknowledged.
func (s Stack) tellsClosed(t TCB) bool { return t.State != LastAck || !s.fault(LastAckUntold) }

// missesFin reports whether a FIN is acknowledged, and nothing else is done about it.
func (s Stack) missesFin(t TCB) bool {
	return t.State == Established && t.Unread > 0 && s.fault(FinUnheard)
}

// moveOverOld returns t when it has seen g, which is out of sequence: as it is.
func (s Stack) moveOverOld(t TCB, g Segment, why Clause) TCB {
	if t.State == FinWait1 && why == SeqAnswers && s.fault(TextAckedTwice) {
		t.RcvNxt += Seq(g.Len)
	}
	return t
}

// acknowledgeText acknowledges what has been taken of g.
func (s Stack) acknowledgeText(t TCB, g Segment, e Effect) (TCB, Effect) {
	t, e = s.acknowledgeNow(t, e)
	if t.State == FinWait2 && g.Len > 0 && s.fault(TextResendsFin) {
		e.Sent = s.segment(t, t.Written, t.Written+1)
	}
	return t, e
}

// limitsRetransmission reports whether t is given up after R2 (RFC 9293, 3.8.3).
func (s Stack) limitsRetransmission(t TCB) bool {
	return !(t.FinSent() && t.SndUna == t.Written && s.fault(FinWithoutLimit))
}

// restartsFinWait2 reports whether a segment restarts the timer of FIN-WAIT-2.
func (s Stack) restartsFinWait2() bool { return s.fault(FinWait2Restarts) }

// neverAcksFin reports whether a FIN after its own is not acknowledged, ever.
func (s Stack) neverAcksFin() bool { return s.fault(FinNeverAcked) }

// considersReuse reports whether a SYN in TIME-WAIT may open the next connection.
func (s Stack) considersReuse() bool { return !s.fault(SynInTimeWaitAcked) }

// replaceable reports whether an active OPEN may replace a connection in that
// state, if in any.
func (s Stack) replaceable(state ConnState) bool {
	return state == TimeWait || state == FinWait2 && s.fault(FinWait2Reused)
}

// answers reports whether t answers a segment that it does not take (RFC 9293,
// 3.10.7.4, first).
func (s Stack) answers(t TCB) bool {
	switch t.State {
	case CloseWait:
		return !s.fault(NoAckInCloseWait)
	case TimeWait:
		return !s.fault(TimeWaitDeaf) && !s.neverAcksFin()
	case Closing:
		return !s.neverAcksFin()
	}
	return true
}

// finAtEdge returns g as it is, also if its FIN has the last number of the window,
// before beyond (RFC 9293, 3.10.7.4, first).
func (s Stack) finAtEdge(g Segment, beyond Seq) Segment {
	if g.Ctl.Has(FIN) && g.Seq+g.SpaceLen() == beyond && s.fault(FinDroppedAtWindowEdge) {
		g.Ctl &^= FIN
	}
	return g
}

// ahead reports whether g begins after RCV.NXT, so that it is not processed now.
func (s Stack) ahead(t TCB, g Segment) bool {
	return g.Seq > t.RcvNxt && !(g.Ctl.Has(FIN) && s.fault(FinBeforeHole))
}

// reassembled processes what was held, as any segment (RFC 9293, 3.10.7.4, first).
func (s Stack) reassembled(t TCB, held Segment, e Effect) (TCB, Effect, ackDue) {
	if !held.Ctl.Has(FIN) || !s.fault(FinLostInReassembly) {
		return s.inSequence(t, held, e)
	}
	held.Ctl &^= FIN
	t, e, due := s.inSequence(t, held, e)
	if t.State != Closed {
		t.RcvNxt++
	}
	return t, e, due
}

// ignoreRST ignores an RST in TIME-WAIT (RFC 1337, 4, F1).
func (s Stack) ignoreRST(t TCB, e Effect) (TCB, Effect) {
	if s.fault(RSTRestartsTimeWait) {
		t, e.TimeWait = s.startTimeWait(t), true
	}
	return t, e
}

// closedByRST enters CLOSED from a state in which both sides have closed (RFC 9293,
// 3.10.7.4, second).
func (s Stack) closedByRST(t TCB, e Effect) (TCB, Effect) {
	if t.State == Closing && s.fault(RSTStuckInClosing) {
		t.Rto = Never
		return t, Effect{}
	}
	return s.closed(t), e
}

// dropsOldAck reports whether g is dropped for its ACK field. By the RFC the
// acknowledgement alone is ignored (RFC 9293, 3.10.7.4, fifth).
func (s Stack) dropsOldAck(t TCB, g Segment) bool {
	return g.Ack < t.SndUna && t.State != Established && s.fault(OldAckDropsFin)
}

// finAcked reports whether t's FIN "is now acknowledged", so that FIN-WAIT-1,
// CLOSING or LAST-ACK ends (RFC 9293, 3.10.7.4, fifth).
func (s Stack) finAcked(t TCB) bool {
	switch {
	case t.State == FinWait1 && !t.Outstanding() && s.fault(FinWait2TooEarly):
		return true
	case t.State == FinWait1 && t.FinSent() && t.Written > t.First && t.SndUna == t.Written && s.fault(FinWait2ByTextAck):
		return true
	case t.State == LastAck && s.fault(LastAckAnyAck):
		return true
	}
	return t.FinAcked()
}

// stayInLastAck returns what an acknowledgement does in LAST-ACK that is not of
// the FIN: nothing.
func (s Stack) stayInLastAck(t TCB, e Effect) Effect {
	if s.fault(StaleAckResendsFin) {
		e.Sent = s.head(t)
	}
	return e
}

// ignoreText ignores what comes after the peer's FIN: "this should not occur" (RFC
// 9293, 3.10.7.4, seventh).
func (s Stack) ignoreText(t TCB, g Segment, e Effect) (TCB, Effect, ackDue) {
	if g.Len > 0 && s.fault(TextAfterFin) {
		t, e = s.text(t, g, e)
		return t, e, ackNow
	}
	return t, e, noAck
}

// afterFin returns what a FIN has done that was taken in state from: t, which
// acknowledges it as due says (RFC 9293, 3.10.7.4, eighth).
func (s Stack) afterFin(from ConnState, t TCB, e Effect, due ackDue) (TCB, Effect, ackDue) {
	if from != FinWait1 && from != FinWait2 {
		return t, e, due
	}
	switch {
	case from == FinWait1 && !t.FinSent() && s.fault(FinUnsentInClosing):
		t.Queued = 0
	case s.fault(PassiveAfterClose):
		t.State, t.Wait, e.TimeWait = LastAck, 0, false
	case s.fault(FinNotAcked), s.neverAcksFin():
		due = noAck
	}
	return t, e, due
}

// resent returns the segment that a retransmission timeout sends again (RFC 9293,
// 3.10.8).
func (s Stack) resent(t TCB, first bool) Segment {
	g := s.head(t)
	if first && s.ask(FirstResend) == ResendNewest {
		g = s.tail(t)
	}
	if g.Ctl.Has(FIN) {
		switch {
		case s.fault(ResentFinMoves):
			g.Seq++
		case t.State == Closing && s.fault(ClosingResendsNoFin):
			g.Ctl &^= FIN
		}
	}
	return g
}

// retransmits reports whether t has a retransmission timer, as it has wherever
// something is outstanding (RFC 6298, 5.1).
func (s Stack) retransmits(t TCB) bool {
	switch t.State {
	case FinWait1:
		return !s.fault(NoRetransmitInFinWait1) && !(t.SndUna < t.Written && s.fault(TextNotResent))
	case CloseWait:
		return !s.fault(NoRetransmitInCloseWait)
	case Closing:
		return !s.fault(NoRetransmitInClosing)
	case LastAck:
		return !s.fault(NoRetransmitInLastAck)
	}
	return true
}

// timeWaitLength returns how long TIME-WAIT lasts from now on (RFC 9293, 3.10.7.4,
// eighth).
func (s Stack) timeWaitLength() uint16 {
	switch {
	case s.fault(TimeWaitClockStops):
		return Never
	case s.fault(TimeWaitTooShort):
		return 1
	}
	return s.timeWait
}

// hasFinWait2Timer reports whether there is a timer for FIN-WAIT-2.
func (s Stack) hasFinWait2Timer() bool { return s.FinWait2 > 0 && !s.fault(FinWait2ForEver) }

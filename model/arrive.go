package model

// SegmentArrives is RFC 9293, 3.10.7.
func (s Stack) SegmentArrives(t TCB, g Segment) (TCB, Effect) {
	switch t.State {
	case Closed:
		return s.arrivesInClosed(t, g)
	case Listen, SynSent, SynReceived: // opening is not modelled
		return t, Effect{}
	}
	return s.arrivesInOtherStates(t, g)
}

// arrivesInClosed is RFC 9293, 3.10.7.1.
func (s Stack) arrivesInClosed(t TCB, g Segment) (TCB, Effect) {
	var e Effect
	if g.Ctl.Has(RST) {
		e.Clauses = e.Clauses.with(ClosedDropsRST)
		return t, e
	}
	if s.ask(ClosedAnswer) == AnswerNothing {
		e.Clauses = e.Clauses.with(ClosedSilent)
		return t, e
	}
	e.Sent[0] = Segment{Seq: g.Ack, Ctl: RST}
	if !g.Ctl.Has(ACK) {
		e.Sent[0] = Segment{Ack: g.Seq + g.SpaceLen(), Ctl: RST | ACK}
	}
	e.Clauses = e.Clauses.with(ClosedSendsRST)
	return t, e
}

// arrivesInOtherStates is RFC 9293, 3.10.7.4, for the synchronized states.
func (s Stack) arrivesInOtherStates(t TCB, g Segment) (TCB, Effect) {
	var e Effect

	// First, check sequence number.
	if !t.acceptable(g) {
		if g.Ctl.Has(RST) {
			e.Clauses = e.Clauses.with(SeqDropsRST)
			return t, e
		}
		return s.outOfSequence(t, g, SeqAnswers)
	}

	// Second, check the RST bit (with RFC 5961, section 3.2).
	if g.Ctl.Has(RST) {
		return s.reset(t, g)
	}

	// Third, check security: not modelled.

	// Fourth, check the SYN bit (RFC 5961, section 4.2): nobody sends one, since
	// opening is not modelled.

	// From here on the RFC assumes that the segment begins at RCV.NXT. A later
	// one is not held (SHLD-31) but dropped; if it has text or a FIN the sender
	// is told at once what is missing (RFC 5681, 4.2).
	if g.Seq > t.RcvNxt {
		return s.outOfSequence(t, g, SeqAhead)
	}
	if t.RcvNxt > g.Seq { // old octets are trimmed
		g.Len -= uint8(t.RcvNxt - g.Seq)
		e.Clauses = e.Clauses.with(SeqTrims)
	}

	// Fifth, check the ACK field.
	if !g.Ctl.Has(ACK) {
		e.Clauses = e.Clauses.with(AckOff)
		return t, e
	}
	if g.Ack > t.SndNxt {
		e.Sent[0] = t.ack()
		e.Clauses = e.Clauses.with(AckUnsent)
		return t, e
	}
	t, e, done := s.acknowledge(t, g, e)
	if done {
		return t, e
	}

	// Sixth, check the URG bit: not modelled.

	// Seventh, process the segment text. In the other states the peer has sent
	// its FIN, and there can be none.
	switch t.State {
	case Established, FinWait1, FinWait2:
		if g.Len > 0 {
			t.RcvNxt += Seq(g.Len)
			e.Delivered = g.Len
			e.Sent[0] = t.ack()
			e.Clauses = e.Clauses.with(TextDelivered)
		}
	case CloseWait, Closing, LastAck, TimeWait:
		if g.SpaceLen() > 0 {
			e.Clauses = e.Clauses.with(AfterFin)
		}
	}

	// Eighth, check the FIN bit.
	if !g.Ctl.Has(FIN) {
		return t, e
	}
	switch t.State {
	case Established:
		t.State = CloseWait
		e.Clauses = e.Clauses.with(FinEstablished)
	case FinWait1: // the own FIN is not acknowledged: the fifth step would have left this state
		t.State = Closing
		e.Clauses = e.Clauses.with(FinFinWait1)
	case FinWait2:
		t.State = TimeWait
		t = s.startTimeWait(t)
		e.TimeWait = true
		e.Clauses = e.Clauses.with(FinFinWait2)
	case CloseWait, Closing, LastAck, TimeWait: // a second FIN, which no peer sends
		return t, e
	}
	t.RcvNxt++
	e.Told |= ToldEOF
	e.Sent[0] = t.ack()
	return t, e
}

// outOfSequence is what happens to a segment that is not acceptable, or begins
// after RCV.NXT: it is dropped, and answered with an acknowledgement if its
// sender may need one.
func (s Stack) outOfSequence(t TCB, g Segment, why Clause) (TCB, Effect) {
	var e Effect
	e.Clauses = e.Clauses.with(why)
	readable := t.State != TimeWait && g.Ctl.Has(ACK) && g.Ack <= t.SndNxt // in TIME-WAIT all is acknowledged
	if readable && s.ask(OffSequenceAck) == AckRead {
		if t, e, _ = s.acknowledge(t, g, e); t.State == Closed {
			return t, e
		}
	}
	if why == SeqAnswers || g.SpaceLen() > 0 {
		e.Sent[0] = t.ack()
	}
	if t.State == TimeWait && why == SeqAnswers {
		restart := false
		switch s.ask(TimeWaitRestart) {
		case RestartOnFin:
			restart = g.Ctl.Has(FIN) && g.FinSeq()+1 == t.RcvNxt
		case RestartOnAnswer:
			restart = true
		case RestartNever:
		}
		if restart {
			t = s.startTimeWait(t)
			e.TimeWait = true
			e.Clauses = e.Clauses.with(FinTimeWait)
		}
	}
	return t, e
}

// reset is the second step of RFC 9293, 3.10.7.4, for an RST that is in the
// window.
func (s Stack) reset(t TCB, g Segment) (TCB, Effect) {
	var e Effect
	if t.State == TimeWait && s.ask(TimeWaitRST) == RSTIgnored {
		e.Clauses = e.Clauses.with(TimeWaitIgnoresRST)
		return t, e
	}
	if g.Seq != t.RcvNxt && s.ask(RSTCheck) == RSTExact {
		e.Sent[0] = t.ack()
		e.Clauses = e.Clauses.with(RSTChallenged)
		return t, e
	}
	switch t.State {
	case Established, FinWait1, FinWait2, CloseWait:
		e.Told = ToldReset
		e.Clauses = e.Clauses.with(RSTResets)
	case Closing, LastAck:
		if s.ask(LateReset) == ResetTold {
			e.Told = ToldReset
		}
		e.Clauses = e.Clauses.with(RSTClosesLate)
	case TimeWait: // the user was told of both ends before
		e.Clauses = e.Clauses.with(RSTClosesTimeWait)
	}
	return TCB{}, e
}

// acknowledge is the fifth step of RFC 9293, 3.10.7.4, for SEG.ACK =< SND.NXT.
// done means that nothing else of the segment is looked at.
func (s Stack) acknowledge(t TCB, g Segment, e Effect) (_ TCB, _ Effect, done bool) {
	finAcked := t.FinAcked()
	if g.Ack > t.SndUna {
		t = s.advance(t, g.Ack)
		e.Clauses = e.Clauses.with(AckAdvances)
	} else if g.SpaceLen() == 0 && t.State != TimeWait {
		e.Clauses = e.Clauses.with(AckDuplicate) // all that there is to say of the segment
	}
	if t.FinAcked() && !finAcked {
		e.Told |= ToldClosed
	}
	switch t.State {
	case Established, CloseWait, FinWait2:
	case FinWait1:
		if t.FinAcked() {
			t.State = FinWait2
			e.Clauses = e.Clauses.with(AckFinWait1)
		}
	case Closing:
		if t.FinAcked() {
			t.State = TimeWait
			t.Wait = Never
			if s.ask(ClosingTimer) == TimerStarted {
				t = s.startTimeWait(t)
				e.TimeWait = true
			}
			e.Clauses = e.Clauses.with(AckClosing)
		}
		return t, e, true
	case LastAck:
		if t.FinAcked() {
			e.Clauses = e.Clauses.with(AckLastAck)
			return TCB{}, e, true
		}
	case TimeWait:
		// A retransmitted FIN is not acceptable and was dropped in the first
		// step. What comes here is an acknowledgement that was late.
		if s.ask(TimeWaitAck) == AckAnswered {
			t = s.startTimeWait(t)
			e.TimeWait = true
			e.Sent[0] = t.ack()
			e.Clauses = e.Clauses.with(AckTimeWait)
		} else {
			e.Clauses = e.Clauses.with(AckTimeWaitIgnored)
		}
		return t, e, true
	}
	return t, e, false
}

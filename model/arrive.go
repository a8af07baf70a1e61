package model

// SegmentArrives implements RFC 9293, 3.10.7.
func (s Stack) SegmentArrives(t TCB, g Segment) (TCB, Effect) {
	switch t.State {
	case Closed:
		return s.arrivesInClosed(t, g)
	}
	var to TCB
	var e Effect
	switch t.State {
	case Listen:
		to, e = s.arrivesInListen(t, g)
	case SynSent:
		to, e = s.arrivesInSynSent(t, g)
	default:
		to, e = s.arrivesInOtherStates(t, g)
	}
	if to.State != Closed {
		to, e = s.output(to, e) // the window may have opened; an acknowledgement rides on what is sent
	}
	if to.State == TimeWait && t.State != TimeWait && s.timeWaitFull() {
		to, e.TimeWait = s.closed(to), false
	}
	return s.finish(t, to, e, true)
}

// arrivesInClosed implements RFC 9293, 3.10.7.1.
func (s Stack) arrivesInClosed(t TCB, g Segment) (TCB, Effect) {
	var e Effect
	if g.Ctl.Has(RST) {
		return t, e.by(ClosedDropsRST)
	}
	if s.ask(ClosedAnswer) == AnswerNothing {
		return t, e.by(ClosedSilent)
	}
	e.Sent = resetFor(g)
	return t, e.by(ClosedSendsRST)
}

// resetFor returns the RST that answers g where there is nothing else to say.
func resetFor(g Segment) Segment {
	if !g.Ctl.Has(ACK) {
		return Segment{Ack: g.Seq + g.SpaceLen(), Ctl: RST | ACK}
	}
	return Segment{Seq: g.Ack, Ctl: RST}
}

// arrivesInOtherStates implements RFC 9293, 3.10.7.4.
func (s Stack) arrivesInOtherStates(t TCB, g Segment) (TCB, Effect) {
	if t.Mini {
		return s.arrivesInMini(t, g)
	}
	var e Effect
	if !s.reads(t, g) {
		return t, e
	}

	// "Unless the segment is a SYN that reopens from TIME-WAIT."
	if t.State == TimeWait && g.Ctl.Has(SYN) {
		if to, e, ok := s.reuse(t, g); ok {
			return to, e
		}
	}

	// First, check sequence number; before it, the timestamp.
	if t.older(g) {
		return s.outOfSequence(t, g, TimestampOld)
	}
	if !s.acceptable(t, g) {
		if g.Ctl.Has(RST) {
			if g.Seq < t.RcvNxt && s.validRST(t, g) {
				return s.reset(t, g)
			}
			return s.dropRST(t, e.by(SeqDropsRST))
		}
		return s.outOfSequence(t, g, SeqAnswers)
	}

	// Second, check the RST bit (with RFC 5961, section 3.2).
	if g.Ctl.Has(RST) {
		return s.reset(t, g)
	}

	// Third, check security: not modelled.

	// Fourth, check the SYN bit (with RFC 5961, section 4.2).
	if g.Ctl.Has(SYN) {
		if t.State == SynReceived && t.Passive {
			return s.revert(t, e)
		}
		return s.challenge(t, g, e.by(SynChallenged))
	}

	// From here on the RFC assumes that the segment begins at RCV.NXT. A later
	// one is held or dropped; if it has text or a FIN the sender is told at once
	// what is missing (RFC 5681, 4.2).
	g, e = s.trim(t, g, e)
	if s.ahead(t, g) {
		trimmed, before := e.Clauses, t
		t, e = s.outOfSequence(t, g, SeqAhead)
		if t.Orphan && !t.FinReceived() && g.SpaceLen() > 0 && s.resetsBehindHole(before, g) {
			t, e = s.resetByLateData(t, g, e)
		}
		e.Clauses = e.Clauses.Union(trimmed)
		return t, e
	}

	t, e, due := s.inSequence(t, g, e)
	if t.State == Established || t.State == FinWait1 || t.State == FinWait2 {
		rest, held, ok := t.unhold()
		t = rest
		if ok {
			held.Wnd = t.SndWnd // what is held tells of no window: the edge stays
			if n := held.Ack - t.SndUna; n > 0 && held.Wnd != Wide {
				held.Wnd = WindowOf(uint8(max(0, held.Wnd.Size()-n)))
			}
			e = e.by(HeldTaken)
			t, e, due = s.reassembled(t, held, e)
			if s.AckDelay != Unlimited {
				due = ackNow
			}
		}
	}
	switch {
	case t.State == Closed, due == noAck:
		return t, e
	case due == ackMayWait && s.mayDelayAck(t):
		return s.delayAck(t, e)
	}
	return s.acknowledgeText(t, g, e)
}

// An ackDue says when to acknowledge a segment that was accepted.
type ackDue uint8

const (
	noAck ackDue = iota
	ackMayWait
	ackNow
)

// inSequence implements the fifth to eighth step of RFC 9293, 3.10.7.4, for a segment that
// begins at RCV.NXT and ends within the window.
func (s Stack) inSequence(t TCB, g Segment, e Effect) (TCB, Effect, ackDue) {
	// Fifth, check the ACK field.
	if !g.Ctl.Has(ACK) {
		return t, e.by(AckOff), noAck
	}
	if t.State == SynReceived && (g.Ack <= t.SndUna || g.Ack > t.SndNxt) {
		e.Sent = Segment{Seq: g.Ack, Ctl: RST}
		return t, e.by(SynReceivedAckBad), noAck
	}
	if s.tooOld(t, g) {
		return t, e.by(AckTooOld), ackNow
	}
	if g.Ack > t.SndNxt {
		return t, e.by(AckUnsent), ackNow
	}
	t, e, next := s.readAck(t, g, e)
	if next != goOn {
		return t, e, map[afterAck]ackDue{dropped: noAck, answered: ackNow}[next]
	}

	// Sixth, check the URG bit: not modelled.

	// Seventh, process the segment text. In the other states the peer has sent
	// its FIN, and there can be none.
	due := noAck
	switch t.State {
	case Established, FinWait1, FinWait2:
		if g.Len > 0 {
			due = ackMayWait
			t, e = s.text(t, g, e)
		}
	case CloseWait, Closing, LastAck, TimeWait:
		if g.SpaceLen() > 0 {
			t, e, due = s.ignoreText(t, g, e.by(AfterFin))
		}
	}
	if t.State == Closed {
		return t, e, noAck
	}

	// Eighth, check the FIN bit.
	if !g.Ctl.Has(FIN) {
		return t, e, due
	}
	from := t.State
	if s.missesFin(t) {
		t.RcvNxt++
		return t, e, ackNow
	}
	switch from {
	case Established:
		t.State = CloseWait
		due = ackMayWait
		e = e.by(FinEstablished)
	case FinWait1: // its own FIN is not acknowledged: the fifth step would have left this state
		t.State = Closing
		due = ackNow
		e = e.by(FinFinWait1)
	case FinWait2:
		t.State = TimeWait
		t = s.startTimeWait(t)
		due = ackNow
		e.TimeWait = true
		e = e.by(FinFinWait2)
	case CloseWait, Closing, LastAck, TimeWait: // a second FIN, which no peer sends
		return t, e, due
	}
	t.RcvNxt++
	t.Held, t.HeldFin, t.HeldAck = 0, false, 0
	if t.Unread == 0 {
		e.Told |= ToldEOF
	}
	return s.afterFin(from, t, e, due)
}

// text implements the seventh step: what has come in order goes to the user, or into the
// receive buffer. Nobody reads what comes after a full close: it was lost, and
// the peer should know (RFC 9293, 3.6.1, SHLD-3).
func (s Stack) text(t TCB, g Segment, e Effect) (TCB, Effect) {
	t.RcvNxt += Seq(g.Len)
	switch {
	case !t.Orphan:
		if s.App.Reads == ReadAtOnce {
			e.Delivered += g.Len
		} else {
			t.Unread += g.Len
		}
		e = e.by(TextDelivered)
	default:
		if s.resetsLateData(false, false) {
			return s.resetByLateData(t, g, e)
		}
		e = e.by(TextUnread)
	}
	return t, e
}

// mayDelayAck reports whether an acknowledgement may wait for something to ride
// on, or for a second segment (RFC 9293, 3.8.6.3, MUST-40 and SHLD-19). Without a bound
// it waits for the former alone.
func (s Stack) mayDelayAck(t TCB) bool {
	return s.AckDelay == Unlimited || s.AckDelay > 0 && !t.Owes
}

// delayAck delays an acknowledgement.
func (s Stack) delayAck(t TCB, e Effect) (TCB, Effect) {
	t.Owes = true
	t.AckDelay = Never
	if s.AckDelay != Unlimited {
		t.AckDelay = uint16(s.AckDelay)
	}
	return t, e.by(AckDelayed)
}

// tooOld reports whether SEG.ACK is below RFC 5961's narrower range (section 5; RFC 9293, 3.10.7.4,
// fifth, MAY-12): not more than the largest window below SND.UNA.
func (s Stack) tooOld(t TCB, g Segment) bool {
	return s.PeerWindow != Wide && g.Ack < t.SndUna-s.PeerWindow.Size() && s.ask(AckCheck) == AckRecent
}

// outOfSequence drops or holds a segment that is not acceptable, or begins
// after RCV.NXT: it is dropped or held, and answered with an acknowledgement if
// its sender may need one.
func (s Stack) outOfSequence(t TCB, g Segment, why Clause) (TCB, Effect) {
	var e Effect
	e = e.by(why)
	t = s.moveOverOld(t, g, why)
	readable := t.State != TimeWait && g.Ctl.Has(ACK) && g.Ack <= t.SndNxt // in TIME-WAIT all is acknowledged
	answer := why != SeqAhead || g.SpaceLen() > 0
	if why == TimestampOld || t.State == SynReceived && g.Ack <= t.SndUna {
		readable = false
	}
	shut := why == SeqAnswers && s.window(t).Size() == 0 && g.Seq >= t.RcvNxt
	switch {
	case readable && shut && s.ask(ZeroWindowAck) == ValidAckTaken:
		e = e.by(ZeroWindowTakesAck)
		t, e, _ = s.acknowledge(t, g, e)
		answer = g.SpaceLen() > 0
	case readable && s.ask(OffSequenceAck) == AckRead:
		t, e, _ = s.acknowledge(t, g, e)
	}
	if t.State == Closed {
		return t, e
	}
	if why == SeqAhead && g.SpaceLen() > 0 && !t.FinReceived() && s.ask(OutOfOrder) == SegmentHeld {
		t = t.hold(g)
		e = e.by(SeqHolds)
	}
	restarts, answers := s.restartsTimeWait(t, g, why)
	if (answer || answers) && s.answers(t) {
		if s.AckDelay == Unlimited && g.SpaceLen() > 0 && (t.State == Established || t.State == CloseWait) {
			t, e = s.delayAck(t, e)
		} else {
			t, e = s.acknowledgeNow(t, e)
		}
	}
	if restarts {
		t = s.startTimeWait(t)
		e.TimeWait = true
		e = e.by(FinTimeWait)
	}
	return t, e
}

// restartsTimeWait reports whether a segment that is out of sequence restarts 2 MSL, and
// whether it is answered for that.
func (s Stack) restartsTimeWait(t TCB, g Segment, why Clause) (restarts, answers bool) {
	if t.State != TimeWait || why != SeqAnswers && why != SeqAhead {
		return false, false
	}
	switch s.ask(TimeWaitRestart) {
	case RestartOnFin:
		return why == SeqAnswers && g.Ctl.Has(FIN) && g.FinSeq()+1 == t.RcvNxt, false
	case RestartOnAnswer:
		return why == SeqAnswers, false
	case RestartOnAck:
		return g.Ctl.Has(ACK), g.Ctl.Has(ACK)
	case RestartNever:
	}
	return false, false
}

// resetsLateData reports whether text that nobody will read gets RST, in order or behind a
// hole, where its acknowledgement may be valid.
func (s Stack) resetsLateData(hole, valid bool) bool {
	switch s.ask(LateData) {
	case LateDataResets:
		return !hole
	case LateDataAnywhere:
		return true
	case LateDataValid:
		return !hole || valid
	}
	return false
}

// resetsBehindHole reports whether text or a FIN behind a hole, which nobody will read,
// gets RST. The end is as it was before the segment arrived.
func (s Stack) resetsBehindHole(t TCB, g Segment) bool {
	return s.resetsLateData(true, g.Ctl.Has(ACK) && g.Ack <= t.SndNxt && !s.tooOld(t, g))
}

// resetByLateData aborts the connection because something new has arrived that
// nobody will read.
func (s Stack) resetByLateData(t TCB, g Segment, e Effect) (TCB, Effect) {
	e.Sent = s.lateRST(t, g)
	e.Told |= ToldAborted
	return TCB{}, e.by(TextResets)
}

// validRST reports whether an RST at that number is taken for the peer's.
func (s Stack) validRST(t TCB, g Segment) bool {
	switch s.ask(RSTCheck) {
	case RSTInWindow:
		return g.Seq >= t.RcvNxt
	case RSTAtFin:
		after := t.State == CloseWait || t.State == Closing || t.State == LastAck
		return g.Seq == t.RcvNxt || after && g.Seq+1 == t.RcvNxt
	}
	return g.Seq == t.RcvNxt
}

// reset implements the second step of RFC 9293, 3.10.7.4, for an RST that is in the
// window.
func (s Stack) reset(t TCB, g Segment) (TCB, Effect) {
	var e Effect
	if t.State == TimeWait && s.ask(TimeWaitRST) == RSTIgnored {
		return s.ignoreRST(t, e.by(TimeWaitIgnoresRST))
	}
	if !s.validRST(t, g) {
		return s.challenge(t, g, e.by(RSTChallenged))
	}
	switch t.State {
	case SynReceived:
		if t.Passive {
			return s.revert(t, e)
		}
		e.Told = ToldRefused
		return TCB{}, e.by(SynReceivedRefused)
	case Established, FinWait1, FinWait2, CloseWait: // "all segment queues should be flushed"
		return s.flush(t, e.by(RSTResets))
	case Closing, LastAck:
		if s.ask(LateReset) == ResetTold {
			e.Told = ToldReset
		}
		e = e.by(RSTClosesLate)
	case TimeWait: // the user was told of both ends before
		e = e.by(RSTClosesTimeWait)
	}
	return s.closedByRST(t, e)
}

// An afterAck is what becomes of a segment after its ACK field was read.
type afterAck uint8

const (
	goOn     afterAck = iota // to the sixth step
	dropped                  // nothing else of it is looked at
	answered                 // the same, and it is acknowledged
)

// acknowledge implements the fifth step of RFC 9293, 3.10.7.4, for SEG.ACK =< SND.NXT.
func (s Stack) acknowledge(t TCB, g Segment, e Effect) (TCB, Effect, afterAck) {
	if t.State == Closing && g.Ack <= t.Written && s.ask(ClosingAck) == SegmentUnread {
		return t, e.by(ClosingDrops), dropped
	}
	if s.dropsOldAck(t, g) {
		return t, e, dropped
	}
	finAcked := t.FinAcked()
	switch {
	case g.Ack > t.SndUna:
		t = s.advance(t, g.Ack)
		t, e = t.updateWindow(g, e)
		e = e.by(AckAdvances)
	case g.Ack == t.SndUna:
		t, e = t.updateWindow(g, e)
		probed := t.Outstanding() && t.SndWnd.Size() == 0 || t.waitsForWindow()
		if probed && t.Rtx > 0 && (!t.Orphan || s.ask(OrphanProbes) == ProbesForgotten) {
			t.Rtx = 0 // the peer is there (MUST-37)
			e = e.by(ProbeAnswered)
		}
		fallthrough
	default:
		if g.SpaceLen() == 0 && t.State != TimeWait {
			e = e.by(AckDuplicate) // all that there is to say of the segment
		}
	}
	if t.FinAcked() && !finAcked && s.tellsClosed(t) {
		e.Told |= ToldClosed
	}
	switch t.State {
	case Established, CloseWait, FinWait2:
	case SynReceived:
		t, e = s.establish(t, e)
	case FinWait1:
		if s.finAcked(t) {
			t.State = FinWait2
			e = e.by(AckFinWait1)
		}
	case Closing:
		if s.finAcked(t) {
			t.State = TimeWait
			t.Wait = Never
			if s.ask(ClosingTimer) == TimerStarted {
				t = s.startTimeWait(t)
				e.TimeWait = true
			}
			e = e.by(AckClosing)
		}
		return t, e, dropped
	case LastAck:
		if s.finAcked(t) {
			return s.closed(t), e.by(AckLastAck), dropped
		}
		e = s.stayInLastAck(t, e)
	case TimeWait:
		return s.lateAck(t, g, e)
	}
	return t, e, goOn
}

// lateAck implements the fifth step in TIME-WAIT. A retransmitted FIN is not acceptable and
// was dropped in the first step. What comes here is an acknowledgement that was late.
func (s Stack) lateAck(t TCB, g Segment, e Effect) (TCB, Effect, afterAck) {
	answers := false
	switch s.ask(TimeWaitAck) {
	case AckIgnored:
		return t, e.by(AckTimeWaitIgnored), dropped
	case AckAcknowledged:
		return t, e.by(AckTimeWaitAcked), answered
	case AckAnswered:
		answers = true
	case TextAnswered:
		answers = g.SpaceLen() > 0
	case AckRestarts:
	}
	t = s.startTimeWait(t)
	e.TimeWait = true
	if answers {
		return t, e.by(AckTimeWait), answered
	}
	return t, e.by(AckTimeWaitRestarts), dropped
}

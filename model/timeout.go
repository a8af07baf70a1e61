package model

// Timeout returns the effect of a timeout that is due (RFC 9293, 3.10.8).
func (s Stack) Timeout(t TCB, which Timeout) (TCB, Effect) {
	to, e := s.timeout(t, which)
	return s.finish(t, to, e, false)
}

func (s Stack) timeout(t TCB, which Timeout) (TCB, Effect) {
	var e Effect
	switch which {
	case Retransmission:
		return s.retransmissionTimeout(t)
	case WindowProbe:
		return s.windowProbe(t)
	case AckDelayEnds:
		return s.acknowledgeNow(t, e.by(AckDelayOver))
	case KeepAlive:
		return s.keepAlive(t)
	case TimeWaitEnds: // "delete the TCB, enter the CLOSED state"
		return s.closed(t), e.by(TimeWaitCloses)
	case FinWait2Ends:
		if s.FinWait2First > 0 && t.Orphan && !t.Mini {
			return s.shrink(t, e.by(FinWait2Shrinks))
		}
		e.Told = ToldTimeout
		return TCB{}, e.by(FinWait2Closes)
	default: // UserTimeout: "flush all queues, signal the user ... delete the TCB"
		e.Told = ToldTimeout
		return TCB{}, e.by(UserTimeoutCloses)
	}
}

// retransmissionTimeout implements RFC 9293, 3.10.8: "send the segment at the front of
// the retransmission queue again, reinitialize the retransmission timer". After
// R2 retransmissions, or when R2 is a time after that, the connection is closed
// instead (3.8.3), and the peer is not told; R2 may be infinite (MUST-21).
func (s Stack) retransmissionTimeout(t TCB) (TCB, Effect) {
	if to, e, gone := s.givesUp(t, s.R2); gone {
		return to, e
	}
	var e Effect
	first := t.Rtx == 0
	t = s.backOff(t)
	e.Sent = s.resent(t, first)
	return t.ackSent(), e.by(RTOResends)
}

// givesUp reports whether t has retransmitted or probed as often as r2 lets it, or for
// as long as it may, and returns what is left of it then.
func (s Stack) givesUp(t TCB, r2 Limit) (to TCB, e Effect, gone bool) {
	if !s.limitsRetransmission(t) {
		return t, e, false
	}
	if r2 != Unlimited && int(t.Rtx) >= int(r2) {
		if t.Reused != (Replaced{}) {
			to, e = s.revert(t, e)
			return to, e, true
		}
		e.Told = ToldTimeout
		return TCB{}, e.by(R2Closes), true
	}
	if giveUp := s.giveUpTime(t); giveUp > 0 && t.Rtx > 0 && s.backoffUntil(t.Rtx) >= giveUp {
		e.Told = ToldTimeout
		return TCB{}, e.by(GivesUp), true
	}
	return t, e, false
}

// backOff counts a retransmission, or a probe that is none, and starts the timer again.
func (s Stack) backOff(t TCB) TCB {
	spent := s.backoffUntil(t.Rtx)
	if s.R2 != Unlimited {
		t.Rtx = min(t.Rtx, uint8(s.R2)) // only a fault goes further
	}
	t.Rtx = s.boundRtx(t.Rtx + 1)
	t.Rto = s.backedOff(t.Rtx)
	if giveUp := s.giveUpTime(t); giveUp > 0 && s.ask(GiveUpWhen) == GiveUpExactly {
		t.Rto = min(t.Rto, giveUp-min(spent, giveUp-1))
	}
	return t
}

// backedOff returns the timeout after so many retransmissions: it doubles with each,
// up to RTOMax (RFC 6298, 5.5). Without RTOMax it stays as it is.
func (s Stack) backedOff(rtx uint8) uint16 {
	rto := s.RTO
	for ; rtx > 0 && rto < s.RTOMax; rtx-- {
		rto = uint16(min(2*int(rto), int(s.RTOMax)))
	}
	return rto
}

// backoffUntil returns the time from the first retransmission to the timeout after so many.
func (s Stack) backoffUntil(rtx uint8) uint16 {
	ticks := 0
	for n := uint8(1); n <= rtx; n++ {
		ticks += int(s.backedOff(n))
	}
	return uint16(min(ticks, Never-1))
}

// giveUpTime returns for how long after its first retransmission t retransmits a
// segment, or 0 if that has no bound.
func (s Stack) giveUpTime(t TCB) uint16 {
	if t.Orphan && s.OrphanGiveUp > 0 {
		return s.OrphanGiveUp
	}
	return s.GiveUp
}

// boundRtx returns rtx retransmissions, or fewer if that makes no difference: they
// are counted up to R2, while the timeout grows, and for giveUpTime. The first is counted
// where it differs from the others.
func (s Stack) boundRtx(rtx uint8) uint8 {
	if s.R2 != Unlimited {
		return rtx
	}
	least := uint8(0)
	if s.asks != nil || s.Choices[FirstResend] == ResendNewest {
		least = 1
	}
	giveUp := max(s.GiveUp, s.OrphanGiveUp)
	for rtx > least && s.backedOff(rtx-1) == s.backedOff(rtx) && (giveUp == 0 || s.backoffUntil(rtx-1) >= giveUp) {
		rtx--
	}
	return rtx
}

// windowProbe sends a number into a window that has no room for it: "at least
// one octet of new data", or the FIN (RFC 9293, 3.8.6.1, MUST-36). From then on
// retransmissions probe.
func (s Stack) windowProbe(t TCB) (TCB, Effect) {
	var e Effect
	if s.probesOld() {
		return s.oldProbe(t)
	}
	t, e.Sent = s.sendUpTo(t, t.SndNxt+1)
	return t, e.by(ProbeSent)
}

// oldProbe probes the window with a number that the peer has acknowledged, as
// Linux does (tcp_write_wakeup): nothing of what waits is sent, unless some of it
// fits by now. At least one probe is sent.
func (s Stack) oldProbe(t TCB) (TCB, Effect) {
	var e Effect
	if end := min(t.Queued, t.SndWnd.from(t.SndUna)); end > t.SndNxt {
		t, e.Sent = s.sendUpTo(t, end)
		return t, e.by(ProbeFits)
	}
	r2 := s.R2
	if r2 == 0 {
		r2 = 1
	}
	if to, e, gone := s.givesUp(t, r2); gone {
		return to, e
	}
	t = s.backOff(t)
	e.Sent = s.ack(t)
	e.Sent.Seq = t.SndUna - 1
	return t.ackSent(), e.by(ProbeSentOld)
}

// keepAlive sends a segment that has nothing new, so that a peer that is there
// acknowledges (RFC 9293, 3.8.4). One that does not answer several is given up.
func (s Stack) keepAlive(t TCB) (TCB, Effect) {
	var e Effect
	if why, over := s.keepAliveOver(t); over {
		e.Told = ToldTimeout
		e = e.by(why)
		if s.ask(KeepAliveEnd) == EndResets {
			e.Sent = s.rst(t)
		}
		return TCB{}, e
	}
	t.Probes++
	t.Idle = s.probeInterval()
	e.Sent = s.ack(t)
	e.Sent.Seq-- // as if the last number were not acknowledged
	return t.ackSent(), e.by(KeepAliveProbes)
}

// mostProbes bounds the number of keep-alive probes.
const mostProbes = 200

// keepAliveOver reports whether keep-alive gives up a peer that has not answered t's
// probes, and by which clause.
func (s Stack) keepAliveOver(t TCB) (Clause, bool) {
	limit := s.keepAliveLimit()
	if limit == 0 {
		return KeepAliveCloses, t.Probes >= s.Probes
	}
	return KeepAliveTimesOut, t.Probes > 0 && s.unheard(int(t.Probes)) >= int(limit)
}

// keepAliveLimit returns after how many ticks of silence keep-alive gives up; 0 if
// probes are counted instead.
func (s Stack) keepAliveLimit() uint16 {
	switch s.ask(KeepAliveLimit) {
	case LimitUserTimeout:
		return s.UserTimeout
	case LimitGiveUp:
		return s.GiveUp
	}
	return 0
}

// unheard returns for how many ticks nothing has come when the probe after so many is
// due.
func (s Stack) unheard(probes int) int { return int(s.KeepAlive) + probes*int(s.probeInterval()) }

// probeInterval returns the ticks between two keep-alive probes.
func (s Stack) probeInterval() uint16 {
	if s.KeepAliveNext > 0 {
		return s.KeepAliveNext
	}
	return s.KeepAlive
}

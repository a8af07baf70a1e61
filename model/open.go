package model

// open implements RFC 9293, 3.10.1, in CLOSED, for an active OPEN in LISTEN, too, and
// where a decision lets a new connection replace one in TIME-WAIT.
func (s Stack) open(t TCB, active bool) (TCB, Effect) {
	var e Effect
	n := TCB{State: Listen, Host: t.Host, First: t.First}
	switch t.State {
	case Closed:
		n.Host = s.nextHost(t.Host)
		n.First = s.first(n.Host)
	case Listen:
	default: // TIME-WAIT is reused
		n.Host = s.nextHost(s.betweenConnections(t))
		n.First = s.firstBeyond(t)
		e = e.by(ConnectReuses)
	}
	n.SndUna, n.SndNxt, n.Written = n.First, n.First, n.First
	if !active {
		return n, e.by(OpenListens)
	}
	if t.State == Closed || t.State == Listen {
		n = s.selectISN(n)
	}
	n.State = SynSent
	n, e.Sent = s.synchronize(n)
	return n, e.by(OpenSends)
}

// synchronize sends the SYN, with an acknowledgement where the peer's is known.
func (s Stack) synchronize(t TCB) (TCB, Segment) {
	t.SndUna = t.First - 1
	t.SndNxt = t.First
	t.Rto = s.backedOff(t.Rtx)
	return t, s.syn(t)
}

// syn returns the SYN of t.
func (s Stack) syn(t TCB) Segment {
	g := Segment{Seq: t.First - 1, Wnd: s.window(t), Ctl: SYN}
	if t.State != SynSent {
		g.Ack, g.Ctl = t.RcvNxt, SYN|ACK
	}
	return g
}

// takeSyn takes the peer's SYN.
func (s Stack) takeSyn(t TCB, g Segment, e Effect) (TCB, Effect) {
	t.RcvNxt = g.Seq + 1
	t.Recent = g.Ts
	t.SndWnd = g.Wnd
	if g.Wnd != Wide {
		t.SndWl1, t.SndWl2 = g.Seq, g.Ack
	}
	return t, e.by(SynTaken)
}

// arrivesInListen implements RFC 9293, 3.10.7.2.
func (s Stack) arrivesInListen(t TCB, g Segment) (TCB, Effect) {
	var e Effect
	switch {
	case g.Ctl.Has(RST):
		e = e.by(ListenDropsRST)
	case g.Ctl.Has(ACK):
		e.Sent = Segment{Seq: g.Ack, Ctl: RST}
		e = e.by(ListenSendsRST)
	case g.Ctl.Has(SYN):
		return s.accept(s.selectISN(t), g)
	}
	return t, e
}

// accept implements the third step of LISTEN: the SYN is answered by one, in SYN-RECEIVED.
func (s Stack) accept(t TCB, g Segment) (TCB, Effect) {
	var e Effect
	t, e = s.takeSyn(t, g, e)
	t.State, t.Passive = SynReceived, true
	t, e.Sent = s.synchronize(t)
	return t, e.by(ListenAnswers)
}

// arrivesInSynSent implements RFC 9293, 3.10.7.3.
func (s Stack) arrivesInSynSent(t TCB, g Segment) (TCB, Effect) {
	var e Effect
	acked := g.Ctl.Has(ACK)
	// First, check the ACK bit.
	if acked && (g.Ack < t.First || g.Ack > t.SndNxt) {
		e = e.by(SynSentAckBad)
		if !g.Ctl.Has(RST) {
			e.Sent = Segment{Seq: g.Ack, Ctl: RST}
			t, e = s.synAgain(t, e)
		}
		return t, e
	}
	// Second, check the RST bit.
	if g.Ctl.Has(RST) {
		if !acked {
			return t, e.by(SynSentDropsRST)
		}
		e.Told = ToldReset
		return TCB{}, e.by(SynSentReset)
	}
	// Third, security: not modelled. Fourth, check the SYN bit. Fifth, without it
	// the segment is dropped.
	if !g.Ctl.Has(SYN) {
		return t, e.by(SynSentDrops)
	}
	t, e = s.takeSyn(t, g, e)
	if !acked {
		t.State = SynReceived
		t, e.Sent = s.synchronize(t)
		return t, e.by(OpensBothWays)
	}
	t = s.advance(t, g.Ack)
	t, e = s.establish(t, e)
	return s.acknowledgeNow(t, e)
}

// synAgain lets the SYN be retransmitted at once, if that is decided: the RST has ended
// the connection that was in its way.
func (s Stack) synAgain(t TCB, e Effect) (TCB, Effect) {
	if s.ask(ChallengedSyn) == SynAtOnce && (s.R2 == Unlimited || int(t.Rtx) < int(s.R2)) {
		t.Rto = 0
		e = e.by(SynSentAgain)
	}
	return t, e
}

// establish enters ESTABLISHED.
func (s Stack) establish(t TCB, e Effect) (TCB, Effect) {
	t.State, t.Passive, t.Reused = Established, false, Replaced{}
	e.Told |= ToldOpen
	return t, e.by(HandshakeEnds)
}

// revert returns what becomes of SYN-RECEIVED when the SYN was none of the peer's:
// LISTEN, if it came from there, or the TIME-WAIT that it has interrupted.
func (s Stack) revert(t TCB, e Effect) (TCB, Effect) {
	if old := t.Reused; old != (Replaced{}) {
		e = e.by(ReturnsToTimeWait)
		e.TimeWait = true
		return s.startTimeWait(old.timeWait()), e
	}
	e = e.by(ReturnsToListen)
	if s.byClock() {
		t.Top, t.First = min(t.Top, s.unusedFrom(t.Life-1)), s.firstEver
	}
	return TCB{State: Listen, Host: t.Host, First: t.First, SndUna: t.First, SndNxt: t.First, Written: t.First}, e
}

package model

// What Linux keeps of an orphan in FIN-WAIT-2 is a timewait mini-socket: the
// numbers, and a timer. The rules here are those of tcp_timewait_state_process
// for its substate FIN_WAIT2.

// orphaned returns what becomes of a connection that has come to FIN-WAIT-2 with nobody
// to read, or is in it when the last reader goes.
func (s Stack) orphaned(before, t TCB, e Effect) (TCB, Effect) {
	if t.State != FinWait2 || !t.Orphan || before.State == FinWait2 && before.Orphan {
		return t, e
	}
	switch {
	case s.ask(FinWait2Orphan) == OrphanResets:
		e.Sent = s.rst(t)
		e.Told |= ToldAborted
		return TCB{}, e.by(OrphanResetsFinWait2)
	case s.FinWait2First == 0 && s.ask(FinWait2Kept) == KeptMini:
		return s.shrink(t, e)
	}
	return t, e
}

// shrink returns what the host keeps of an orphan in FIN-WAIT-2 of which it is to keep the
// numbers alone, with the rest of its time.
func (s Stack) shrink(t TCB, e Effect) (TCB, Effect) {
	if s.timeWaitFull() {
		e.Told |= ToldAborted
		return TCB{}, e.by(MiniLost)
	}
	t = t.toMini()
	t.Wait = s.FinWait2
	return t, e
}

// timeWaitFull reports whether the host has no room for a connection in TIME-WAIT.
func (s Stack) timeWaitFull() bool { return s.ask(TimeWaitKept) == TimeWaitSkipped }

// toMini returns t when its numbers alone are kept. A delayed
// acknowledgement is not sent any more.
func (t TCB) toMini() TCB {
	t.Mini = true
	t.Held, t.HeldFin, t.HeldAck = 0, false, 0
	return t.ackSent()
}

// arrivesInMini returns what a segment does to an orphan in FIN-WAIT-2 of which the
// numbers alone are kept. Its ACK field is not looked at.
func (s Stack) arrivesInMini(t TCB, g Segment) (TCB, Effect) {
	var e Effect
	switch {
	case !s.acceptable(t, g):
		return s.acknowledgeNow(t, e.by(MiniAnswers))
	case g.Ctl.Has(RST):
		e.Told = ToldReset
		return TCB{}, e.by(MiniReset)
	case g.Ctl.Has(SYN) && g.Seq >= t.RcvNxt:
	case !g.Ctl.Has(ACK), g.SpaceLen() == 0, g.Seq+g.SpaceLen() <= t.RcvNxt:
		return t, e.by(MiniDrops)
	case g.Ctl.Has(FIN) && g.FinSeq() == t.RcvNxt:
		t.State, t.Mini = TimeWait, false
		t = s.startTimeWait(t)
		t.RcvNxt++
		e.TimeWait = true
		e.Told = ToldEOF
		return s.acknowledgeNow(t, e.by(MiniFin))
	}
	e.Sent = resetFor(g)
	e.Told = ToldAborted
	return TCB{}, e.by(MiniResets)
}

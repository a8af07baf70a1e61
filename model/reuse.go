package model

// Replaced is a TIME-WAIT that a new SYN has interrupted, kept in case that the
// SYN turns out to be an old duplicate (RFC 9293, 3.6.1, MAY-2).
type Replaced struct {
	First, SndNxt, RcvNxt Seq
	Recent                uint8
	Host                  Host
}

// timeWait returns the TCB that was in TIME-WAIT; its timer is still to be started.
func (r Replaced) timeWait() TCB {
	return TCB{State: TimeWait, First: r.First, SndUna: r.SndNxt, SndNxt: r.SndNxt, RcvNxt: r.RcvNxt,
		Written: r.SndNxt - 1, Recent: r.Recent, Host: r.Host}
}

// reuse processes a SYN that arrives in TIME-WAIT. ok is false if it is processed like
// any other segment.
func (s Stack) reuse(t TCB, g Segment) (to TCB, e Effect, ok bool) {
	if g.Ctl != SYN || !s.listens(t.Host) || !s.considersReuse() {
		return t, e, false
	}
	last := t.RcvNxt - 1 // the last number of the peer's, its FIN
	n := TCB{State: Listen, Host: s.nextHost(s.betweenConnections(t)), First: s.firstBeyond(t)}
	returns, selects := false, false
	switch s.ask(TimeWaitReuse) {
	case ReuseOff:
		return t, e, false
	case ReuseByNumber:
		returns = true
	case ReuseNoReturn:
	case ReuseNoISN:
		n.First, returns, selects = s.firstEver, true, true
	case ReuseBare:
		n.First, selects = s.firstEver, true
	case ReuseByTimestamp: // RFC 6191, 2
		if !t.newer(g, last) {
			return t, e.by(ReuseDrops), true
		}
		h := t.Host
		h.Top = max(h.Top, t.SndNxt)
		n.First, selects = s.first(h), true
	case ReuseLinux:
		if g.Ts < t.Recent || g.Seq <= last && g.Ts <= t.Recent {
			return t, e, false
		}
	}
	if returns {
		n.Reused = Replaced{t.First, t.SndNxt, t.RcvNxt, t.Recent, t.Host}
		n.Reused.Host.Ticked = false
	}
	n.SndUna, n.SndNxt, n.Written = n.First, n.First, n.First
	if selects {
		n = s.selectISN(n)
	}
	n, e = s.accept(n, g)
	return n, e.by(ReuseAccepts), true
}

// newer reports whether a SYN that arrives in TIME-WAIT passes RFC 6191's test.
func (t TCB) newer(g Segment, last Seq) bool {
	switch {
	case t.Recent == 0:
		return g.Ts > 0 || g.Seq > last
	case g.Ts == 0:
		return g.Seq > last
	}
	return g.Ts > t.Recent || g.Ts == t.Recent && g.Seq > last
}

// listens reports whether the user would take a connection that is offered.
func (s Stack) listens(h Host) bool { return s.App.Opens != OpensActively && s.may(h) }

// connects reports whether an active OPEN may replace t, which has closed and
// waits, as Linux does with tcp_tw_reuse.
func (s Stack) connects(t TCB) bool {
	if !s.replaceable(t.State) || s.App.Opens == OpensPassively || !s.may(t.Host) {
		return false
	}
	switch s.ask(ConnectReuse) {
	case ConnectOff:
		return false
	case ConnectAged:
		return t.Recent > 0 && t.Wait != Never && s.timeWait-min(t.Wait, s.timeWait) >= s.ReuseAge
	case ConnectAtOnce:
	}
	return true
}

// older reports whether the timestamp of g is below that of the connection
// (PAWS: RFC 7323, 5.3), which an RST is not asked for.
func (t TCB) older(g Segment) bool { return !g.Ctl.Has(RST) && g.Ts < t.Recent }

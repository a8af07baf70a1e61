package model

// A Host is what of an endpoint outlives its connections. Where no connection is
// opened it is zero.
type Host struct {
	// Life is which of its user's connections this is, or was: 1, 2 and so on.
	Life uint8
	// Top is the lowest number that no connection that has ended has used, as far
	// as the host remembers and will use it; or, if it goes by that, its clock.
	Top Seq
	// Quiet counts the ticks that are left of the quiet time after a crash.
	Quiet uint16
	// Clock is the timestamp clock, from 1; 0 without timestamps. It is read
	// once for each connection, since it is only compared between two of them.
	Clock uint8
	// Ticked: the clock has moved since the host last sent something.
	Ticked bool
	// Peer is the Life of the peer with which the connection is: history that
	// nothing in the model asks for (Tag).
	Peer uint8
}

// may reports whether the user has connections left to open.
func (s Stack) may(h Host) bool { return h.Life < s.Lives }

// nextHost returns h when it has opened a connection.
func (s Stack) nextHost(h Host) Host {
	h.Life++
	if h.Clock > 0 && (h.Ticked || s.Timestamps == TimestampsFine) {
		h.Clock++
	}
	h.Ticked, h.Peer = false, 0
	return h
}

// first returns the number of the first octet of a connection, one more than its
// initial sequence number: beyond all that was used before (RFC 9293, 3.4.1), or,
// at worst, what it was before. By the clock it is not known before the connection
// selects it.
func (s Stack) first(h Host) Seq {
	if s.ISN != ISNLarger {
		return s.firstEver
	}
	return max(s.firstEver, h.Top+1)
}

// hostAfter returns what the host keeps when the connection of t, which has sent
// sent last, is no more.
func (s Stack) hostAfter(t TCB, sent Segment) Host {
	h := s.betweenConnections(t)
	h.Peer = 0
	if t.State != Closed && s.ISN == ISNLarger {
		h.Top = max(h.Top, t.SndNxt)
		if !sent.Ctl.Has(RST) {
			h.Top = max(h.Top, sent.Seq+sent.SpaceLen())
		}
	}
	if !s.may(h) {
		return Host{Life: h.Life}
	}
	return h
}

// hostAfterCrash returns the host of t after a crash: its sequence numbers are
// forgotten (RFC 9293, 3.4.3). A clock goes on.
func (s Stack) hostAfterCrash(t TCB) Host {
	h := s.betweenConnections(t)
	if !s.may(h) {
		return Host{Life: h.Life}
	}
	h.Peer, h.Quiet = 0, s.QuietTime
	if h.Clock > 0 && s.clockRestarts() {
		h.Clock, h.Ticked = 1, false
	}
	if s.ISN == ISNLarger {
		h.Top = s.firstEver - 1
	}
	return h
}

// clockRestarts reports whether a crash lets the timestamp clock begin again.
func (s Stack) clockRestarts() bool { return s.ask(TimestampClock) == ClockRestarts }

// finish completes what has happened between before and t: timers, what outlives
// the connection, and what the segment that is sent carries of it.
func (s Stack) finish(before, t TCB, e Effect, heard bool) (TCB, Effect) {
	t, e = s.orphaned(before, t, e)
	if s.Lives == 0 {
		return s.updateTimers(before, t, heard), e
	}
	switch {
	case t.State != Closed:
	case e.Clauses.Has(HostCrashes):
		t.Host = s.hostAfterCrash(before)
	default:
		t.Host = s.hostAfter(before, e.Sent)
	}
	t = s.updateTimers(before, t, heard)
	if s.byClock() && !s.willReadClock(t) || !s.byClock() && !s.may(t.Host) {
		t.Top = 0 // nobody will ask where the next numbers begin
	}
	if e.Sent != (Segment{}) {
		if !e.Sent.Ctl.Has(RST) {
			e.Sent.Ts = max(t.Clock, before.Clock)
		}
		t.Ticked = false
		if s.tags {
			from := t.Host
			if t.State == Closed {
				from = before.Host
			}
			e.Of = Tag{from.Life, from.Peer}
		}
	}
	return t, e
}

// A Tag is to which connection a segment belongs: the Life of its sender and that
// of the end that it speaks to, 0 where there is none. It is history: segments in
// the network have one, endpoints do not see it.
type Tag struct{ From, To uint8 }

// Arrives does as SegmentArrives does, with history: of which connection the segment is, and
// of which is what is sent in answer.
func (s Stack) Arrives(t TCB, g Segment, of Tag) (TCB, Effect) {
	to, e := s.SegmentArrives(t, g)
	if !s.tags {
		return to, e
	}
	if e.Clauses.Has(SynTaken) {
		to.Peer = of.From
		e.Of.To = of.From
	}
	if e.Sent.Ctl.Has(RST) && !t.synchronized() {
		e.Of = Tag{To: of.From} // of no connection: it speaks to that of the segment
	}
	return to, e
}

// synchronized reports whether both ends have agreed on where numbers begin.
func (t TCB) synchronized() bool { return t.State >= Established }

package model

// The clock of RFC 9293, 3.4.1, is a number of the host, Host.Top: the initial
// sequence number of a connection that is opened now. A crash does not stop it. It
// goes on by ISNClock with each tick, and by two between one OPEN and the next, as
// many as a SYN and a FIN are: that takes longer than twice the 4 microseconds, or
// 64 ns in Linux, in which it goes on by one. Once past
// every number that can have been used, its exact value is irrelevant, and is left out.

// byClock reports whether initial sequence numbers are read from the clock.
func (s Stack) byClock() bool { return s.ISN.ByClock() }

// unusedFrom returns the lowest number that no connection up to life can have used.
func (s Stack) unusedFrom(life uint8) Seq { return s.firstEver - 1 + Seq(life)*Seq(s.App.Octets+2) }

// betweenConnections returns the host of t between its connection and the next.
func (s Stack) betweenConnections(t TCB) Host {
	if s.byClock() && t.State != Closed {
		t.Top += 2
	}
	return t.Host
}

// firstBeyond returns the number of the first octet of a connection that replaces
// t, where it is to be larger than all that t has used, and not below the clock.
func (s Stack) firstBeyond(t TCB) Seq {
	if s.byClock() {
		return max(t.SndNxt, s.betweenConnections(t).Top) + 1
	}
	return t.SndNxt + 1
}

// willReadClock reports whether an initial sequence number is still to be read.
func (s Stack) willReadClock(t TCB) bool {
	return s.byClock() && (s.may(t.Host) || t.State == Listen || t.State == SynReceived && t.Passive)
}

// clockEnd returns the number at which the clock of t may as well stand.
func (s Stack) clockEnd(t TCB) Seq {
	switch t.State {
	case Closed:
		return s.unusedFrom(t.Life)
	case Listen: // the number is read when a SYN comes
		return s.unusedFrom(t.Life - 1)
	}
	return s.unusedFrom(t.Life) - 2
}

// clockRuns reports whether a tick makes a difference to the clock of t.
func (s Stack) clockRuns(t TCB) bool {
	return s.ISNClock > 0 && s.willReadClock(t) && t.Top < s.clockEnd(t)
}

// advanceClock lets n ticks pass on the clock, also on that of a TIME-WAIT that may
// come back, whose host has a connection left: the one that has replaced it.
func (s Stack) advanceClock(t TCB, n uint16) TCB {
	if !s.byClock() {
		return t
	}
	on := func(top, end Seq) Seq {
		return Seq(min(int(top)+int(n)*int(s.ISNClock), max(int(top), int(end))))
	}
	if s.willReadClock(t) {
		t.Top = on(t.Top, s.clockEnd(t))
	}
	if t.Reused != (Replaced{}) {
		t.Reused.Host.Top = on(t.Reused.Host.Top, s.clockEnd(t.Reused.timeWait()))
	}
	return t
}

// selectISN returns t, for which an initial sequence number is selected now (RFC 9293,
// 3.10.1 and 3.10.7.2), where it is the clock's.
func (s Stack) selectISN(t TCB) TCB {
	if s.byClock() {
		t.Top = min(t.Top, s.unusedFrom(t.Life-1))
		t.First = t.Top + 1
		t.SndUna, t.SndNxt, t.Written = t.First, t.First, t.First
	}
	return t
}

// mayWrite reports whether the clock has passed the number that t would write
// next, if its user waits for that. After the last connection nothing comes that
// could be confused with it.
func (s Stack) mayWrite(t TCB) bool {
	return s.ISN != ISNPaced || !s.may(t.Host) || t.Written <= t.Top
}

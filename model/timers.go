package model

import "fmt"

// A Timeout names a timer (RFC 9293, 3.10.8).
type Timeout uint8

const (
	Retransmission Timeout = iota
	TimeWaitEnds
	WindowProbe // the same timer, when nothing is outstanding and something is queued
	AckDelayEnds
	FinWait2Ends
	KeepAlive
	UserTimeout

	numTimeouts
)

func (t Timeout) String() string {
	names := [numTimeouts]string{
		"RETRANSMISSION TIMEOUT", "TIME-WAIT TIMEOUT", "WINDOW PROBE", "DELAYED ACK",
		"FIN-WAIT-2 TIMEOUT", "KEEP-ALIVE", "USER TIMEOUT",
	}
	if t >= numTimeouts {
		return fmt.Sprintf("Timeout(%d)", uint8(t))
	}
	return names[t]
}

// A timer is one that runs, and where it counts.
type timer struct {
	which Timeout
	left  *uint16
}

// timers returns those of t that run, in their order.
func (s Stack) timers(t *TCB) (list []timer) {
	add := func(which Timeout, left *uint16, runs bool) {
		if runs && *left != Never {
			list = append(list, timer{which, left})
		}
	}
	add(Retransmission, &t.Rto, t.Outstanding())
	add(TimeWaitEnds, &t.Wait, t.State == TimeWait)
	add(WindowProbe, &t.Rto, t.Blocked() && !t.Outstanding())
	add(AckDelayEnds, &t.AckDelay, t.Owes)
	add(FinWait2Ends, &t.Wait, s.finWait2Runs(*t))
	add(KeepAlive, &t.Idle, s.keepAliveRuns(*t))
	user, _ := s.userTimeoutRuns(*t)
	add(UserTimeout, &t.User, user)
	return list
}

// Due appends the timeouts that are due. Time does not go on before they have
// happened; between several, and between them and what arrives at the same
// instant, there is no order.
func (s Stack) Due(dst []Timeout, t TCB) []Timeout {
	for _, r := range s.timers(&t) {
		if *r.left == 0 {
			dst = append(dst, r.which)
		}
	}
	return dst
}

// Running appends the timeouts whose timers run, whatever time is left.
func (s Stack) Running(dst []Timeout, t TCB) []Timeout {
	for _, r := range s.timers(&t) {
		dst = append(dst, r.which)
	}
	return dst
}

// Deadline returns the number of ticks until a timer of t fires or its quiet time ends; Never if none runs. The limit of challenge ACKs is no deadline: that it
// has run out shows when the next segment arrives.
func (s Stack) Deadline(t TCB) uint16 {
	next := uint16(Never)
	for _, r := range s.timers(&t) {
		next = min(next, *r.left)
	}
	if t.Quiet > 0 {
		next = min(next, t.Quiet)
	}
	return next
}

// Tick lets n ticks pass. It reports false if a timeout comes before.
func (s Stack) Tick(t TCB, n uint16) (TCB, bool) {
	from := t
	for _, r := range s.timers(&t) {
		if *r.left < n {
			return from, false
		}
		*r.left -= n
	}
	t.Quiet -= min(n, t.Quiet)
	t.Throttle -= min(n, t.Throttle)
	t.Ticked = t.Ticked || s.Timestamps == TimestampsOn && s.may(t.Host)
	return s.advanceClock(t, n), true
}

// updateTimers starts the timers that what has happened between before and t starts,
// and stops those that it stops; the retransmission timer, where it depends on
// what is sent, is transmit's and advance's. heard: a segment has arrived.
func (s Stack) updateTimers(before, t TCB, heard bool) TCB {
	if t.State == Closed {
		return t
	}
	if t.FinAcked() {
		t.SndWnd, t.SndWl1, t.SndWl2 = Wide, 0, 0 // nothing more is to be sent
	}
	if waits := (TCB).waitsForWindow; waits(t) && !waits(before) {
		t.Rto = s.RTO
	}
	if t.Outstanding() && !s.retransmits(t) {
		t.Rto = Never
	}
	switch {
	case t.State == TimeWait:
	case !s.finWait2Runs(t):
		t.Wait = 0
	case !s.finWait2Runs(before), heard && s.restartsFinWait2():
		t.Wait = s.FinWait2
		if s.FinWait2First > 0 && t.Orphan && !t.Mini {
			t.Wait = s.FinWait2First
		}
	}
	switch {
	case !s.keepAliveRuns(t):
		t.Idle, t.Probes = 0, 0
	case heard || !s.keepAliveRuns(before):
		t.Idle, t.Probes = s.KeepAlive, 0
	}
	runs, closing := s.userTimeoutRuns(t)
	ran, _ := s.userTimeoutRuns(before)
	switch {
	case !runs:
		t.User = 0
	case !ran, t.SndUna != before.SndUna, closing && t.State != before.State:
		t.User = s.UserTimeout
	}
	return t
}

// waitsForWindow reports whether all that there is to send waits for the window.
func (t TCB) waitsForWindow() bool { return t.Blocked() && !t.Outstanding() }

// startTimeWait starts the time-wait timer, or starts it again. The other timers
// are turned off (RFC 9293, 3.10.7.4, eighth).
func (s Stack) startTimeWait(t TCB) TCB {
	t.Wait = s.timeWaitLength()
	return t.ackSent()
}

// finWait2Runs reports whether FIN-WAIT-2 has a timer, which no RFC has.
func (s Stack) finWait2Runs(t TCB) bool {
	return s.hasFinWait2Timer() && t.State == FinWait2 && (t.Orphan || s.ask(FinWait2Timer) == TimerForAll)
}

// keepAliveRuns reports whether the peer is probed for being there: "only if no
// sent data is outstanding" (RFC 9293, 3.8.4, MUST-26).
func (s Stack) keepAliveRuns(t TCB) bool {
	if s.KeepAlive == 0 || t.Outstanding() || t.Blocked() || t.Mini {
		return false
	}
	return t.State == Established || t.State == CloseWait || t.State == FinWait2
}

// userTimeoutRuns reports whether the user timeout runs: while something that the
// user has submitted is not acknowledged (RFC 9293, 3.9.1.1), or in any state in
// which the connection is closing (3.10.8), which is the second result.
func (s Stack) userTimeoutRuns(t TCB) (runs, closing bool) {
	if s.UserTimeout == 0 || t.State == Closed || t.State == TimeWait || t.Mini {
		return false, false
	}
	closing = t.State != Established && s.ask(UserTimeoutRuns) == RunsInAnyState
	return closing || t.Outstanding() || t.Blocked(), closing
}

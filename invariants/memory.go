package invariants

import "tcpclose/model"

// What only properties need to know of the past is not in the model's state but
// here. A monitor watches one endpoint's steps and keeps what it must; it is run
// only while a property needs it. What it keeps is zero unless it is run.

// needs is a set of monitors.
type Monitors uint8

const (
	MonitorClock    Monitors = 1 << iota // since when TIME-WAIT has run
	MonitorRole                          // who closed first, and who has passed TIME-WAIT
	MonitorTold                          // what the user has been told
	MonitorDelivery                      // what the user has written and been given
	MonitorFin                           // which numbers were sent
	MonitorPast                          // which of the peer's connections the one before was with
	MonitorEarly                         // whether the user has written before the peer's FIN came
	MonitorClauses                       // which clauses were followed
)

// A Role is when an endpoint closed.
type Role uint8

const (
	NoRole  Role = iota
	Active       // it closed before it had received the peer's FIN
	Passive      // after
)

// An Ending is how the connection has ended for a user.
type Ending uint8

const (
	Open     Ending = iota
	Normal          // end of file from the peer, and its own CLOSE completed
	Reset           // it was told of a reset
	TimedOut        // it was told of a timeout
	Aborted         // it has aborted the connection, or its full close has
	Gone            // it was lost with its host
	Unread          // text that had arrived was taken from it
	Untold          // it was told nothing
	Refused         // it was told that the peer does not want it
)

func (e Ending) String() string {
	return [...]string{"open", "normal", "reset", "timed out", "aborted", "gone", "unread", "told nothing", "refused"}[e]
}

// A Memory is what the monitors of one endpoint keep.
type Memory struct {
	// Since is, in TIME-WAIT, 1 + the ticks since 2 MSL was last to be started;
	// it stops at 1 + 2 MSL. Elsewhere 0.
	Since uint16
	// Role is kept until CLOSED, Waited (TIME-WAIT was entered) for ever.
	Role   Role
	Waited bool
	// EOF and Done are what the user has been told, until CLOSED; then Ended.
	EOF, Done bool
	Ended     Ending
	// Spoilt: an earlier connection has ended otherwise than normally.
	Spoilt bool
	// Past is the Life of the peer in the connection before.
	Past uint8
	// Delivered and Written are octets, given to the user and taken from it.
	Delivered, Written uint8
	// Early: the user has written before the peer's FIN was received; until CLOSED.
	Early bool
	// Fin is 1 + the number of the FIN that was sent, Sent the numbers of text
	// below which all that was sent lies; until CLOSED.
	Fin, Sent uint8
	// Followed is the clauses by which it has ever acted.
	Followed model.Clauses
}

// next is the memory after a step.
func (n Monitors) Next(m Memory, s *Step, msl uint16) Memory {
	switch {
	case s.To.Life > s.From.Life: // of another connection
		m = Memory{Waited: m.Waited, Spoilt: m.Spoilt || n&MonitorTold != 0 && s.From.Life > 0 && m.Ended != Normal}
		if n&MonitorPast != 0 {
			m.Past = s.From.Peer
		}
	case s.To.Life < s.From.Life: // what has replaced TIME-WAIT was none
		if n&MonitorTold != 0 {
			m.EOF, m.Done, m.Ended = true, true, Normal
		}
	}
	closed := s.To.State == model.Closed && s.To.Unread == 0 && s.From != s.To // and nothing left to be read
	if n&MonitorClock != 0 {
		switch {
		case s.To.State != model.TimeWait:
			m.Since = 0
		case s.From.State != model.TimeWait || s.retransmittedFin():
			m.Since = 1
		case s.Kind == model.Ticks:
			m.Since = min(m.Since+s.Elapsed, 1+2*msl)
		}
	}
	if n&MonitorRole != 0 && byClose(s) && !s.From.CloseCalled() {
		m.Role = Active
		if s.From.FinReceived() {
			m.Role = Passive
		}
	}
	if n&MonitorRole != 0 {
		m.Waited = m.Waited || s.To.State == model.TimeWait
	}
	if n&MonitorTold != 0 {
		m.EOF = m.EOF || s.Effect.Told&model.ToldEOF != 0
		m.Done = m.Done || s.Effect.Told&model.ToldClosed != 0
		if m.Ended == Open {
			switch {
			case m.EOF && m.Done:
				m.Ended = Normal
			case s.Effect.Told&model.ToldReset != 0:
				m.Ended = Reset
			case s.Effect.Told&model.ToldRefused != 0:
				m.Ended = Refused
			case s.Effect.Told&model.ToldTimeout != 0:
				m.Ended = TimedOut
			case s.Effect.Told&model.ToldAborted != 0:
				m.Ended = Aborted
			case s.calls(model.Crash):
				m.Ended = Gone
			case closed && s.From.Unread > 0 && s.Effect.Delivered == 0:
				m.Ended = Unread
			case closed:
				m.Ended = Untold
			}
		}
	}
	if n&MonitorDelivery != 0 {
		m.Delivered += s.Effect.Delivered
		if s.writes() {
			m.Written++
		}
	}
	if n&MonitorClauses != 0 {
		m.Followed = m.Followed.Union(s.Effect.Clauses)
	}
	if n&MonitorEarly != 0 {
		m.Early = m.Early || s.writes() && !s.From.FinReceived()
	}
	if n&MonitorFin != 0 {
		if g := s.Effect.Sent; g != (model.Segment{}) && !g.Ctl.Has(model.RST) {
			if g.Len > 0 {
				m.Sent = max(m.Sent, uint8(g.Seq)+g.Len)
			}
			if g.Ctl.Has(model.FIN) && m.Fin == 0 {
				m.Fin = 1 + uint8(g.FinSeq())
			}
		}
	}
	if s.To.State == model.Closed {
		m.Role, m.Early, m.Fin, m.Sent = NoRole, false, 0, 0
		if s.To.Unread == 0 {
			m.EOF, m.Done = false, false
		}
	}
	return m
}

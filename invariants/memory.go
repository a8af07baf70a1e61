package invariants

import "tcpclose/model"

// What only properties need to know of the past is not in the model's state but
// here. A monitor watches one endpoint's steps and keeps what it must; it is run
// only while a property needs it. What it keeps is zero unless it is run.

// needs is a set of monitors.
type needs uint8

const (
	clock    needs = 1 << iota // since when TIME-WAIT has run
	role                       // who closed first, and who has passed TIME-WAIT
	told                       // what the user has been told
	delivery                   // what the user has written and been given
	fin                        // which numbers were sent
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
	Untold          // it was told nothing
)

func (e Ending) String() string {
	return [...]string{"open", "normal", "reset", "timed out", "told nothing"}[e]
}

// A Memory is what the monitors of one endpoint keep.
type Memory struct {
	// Since is, in TIME-WAIT, 1 + the ticks since 2 MSL was last to be started;
	// it stops at 1 + 2 MSL. Elsewhere 0.
	Since uint8
	// Role is kept until CLOSED, Waited (TIME-WAIT was entered) for ever.
	Role   Role
	Waited bool
	// EOF and Done are what the user has been told, until CLOSED; then Ended.
	EOF, Done bool
	Ended     Ending
	// Delivered and Written are octets, given to the user and taken from it.
	Delivered, Written uint8
	// Fin is 1 + the number of the FIN that was sent, Sent the numbers of text
	// below which all that was sent lies; until CLOSED.
	Fin, Sent uint8
}

// next is the memory after a step.
func (n needs) next(m Memory, s *Step, msl uint8) Memory {
	closed := s.To.State == model.Closed && s.From.State != model.Closed
	if n&clock != 0 {
		switch {
		case s.To.State != model.TimeWait:
			m.Since = 0
		case s.From.State != model.TimeWait || s.retransmittedFin():
			m.Since = 1
		case s.Kind == model.Ticks:
			m.Since = min(m.Since+1, 1+2*msl)
		}
	}
	if n&(role|told) != 0 {
		if s.Kind == model.Calls && s.Call == model.Close && n&role != 0 {
			m.Role = Active
			if m.EOF {
				m.Role = Passive
			}
		}
		m.EOF = m.EOF || s.Effect.Told&model.ToldEOF != 0
	}
	if n&role != 0 {
		m.Waited = m.Waited || s.To.State == model.TimeWait
	}
	if n&told != 0 {
		m.Done = m.Done || s.Effect.Told&model.ToldClosed != 0
		if m.Ended == Open {
			switch {
			case m.EOF && m.Done:
				m.Ended = Normal
			case s.Effect.Told&model.ToldReset != 0:
				m.Ended = Reset
			case s.Effect.Told&model.ToldTimeout != 0:
				m.Ended = TimedOut
			case closed:
				m.Ended = Untold
			}
		}
	}
	if n&delivery != 0 {
		m.Delivered += s.Effect.Delivered
		if s.Kind == model.Calls && s.Call != model.Close {
			m.Written++
		}
	}
	if n&fin != 0 {
		for _, g := range s.Effect.Sent {
			if g == (model.Segment{}) || g.Ctl.Has(model.RST) {
				continue
			}
			if g.Len > 0 {
				m.Sent = max(m.Sent, uint8(g.Seq)+g.Len)
			}
			if g.Ctl.Has(model.FIN) && m.Fin == 0 {
				m.Fin = 1 + uint8(g.FinSeq())
			}
		}
	}
	if closed || s.To.State == model.Closed {
		m.Role, m.EOF, m.Done, m.Fin, m.Sent = NoRole, false, false, 0, 0
	}
	return m
}

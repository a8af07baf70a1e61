package invariants

import (
	"strings"

	"tcpclose/model"
)

// What only properties need to know of the past is not in the model's state but
// here. A monitor watches one endpoint's steps and keeps what it must; it is run
// only while a property reads what it keeps. What it keeps is zero unless it is run.

// Monitors is a set of monitors.
type Monitors uint16

// The monitors, each with what it keeps in a [Memory].
const (
	MonitorClock    Monitors = 1 << iota // Since
	MonitorRole                          // Role, Waited
	MonitorTold                          // EOF, Done, Ended, Spoilt
	MonitorDelivery                      // Delivered, Written
	MonitorFin                           // Fin, Sent
	MonitorPast                          // Past
	MonitorEarly                         // Early
	MonitorClauses                       // Followed
	MonitorProbe                         // Answered
	MonitorAlone                         // Alone; it takes MonitorTold

	NoMonitors  Monitors = 0
	AllMonitors          = MonitorAlone<<1 - 1
)

var monitorNames = [...]string{"clock", "role", "told", "delivery", "fin", "past", "early", "clauses", "probe", "alone"}

// String lists the monitors by name.
func (n Monitors) String() string {
	var names []string
	for i, name := range monitorNames {
		if n>>i&1 != 0 {
			names = append(names, name)
		}
	}
	if names == nil {
		return "none"
	}
	return strings.Join(names, ", ")
}

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

// String returns the ending in words.
func (e Ending) String() string {
	return [...]string{"open", "normal", "reset", "timed out", "aborted", "gone", "unread", "told nothing", "refused"}[e]
}

// A Record is what the monitors of one endpoint keep. Properties read it as a
// [Memory].
type Record struct {
	since              uint16
	role               Role
	waited             bool
	eof, done          bool
	ended              Ending
	spoilt             bool
	past               uint8
	delivered, written uint8
	early              bool
	fin, sent          uint8
	followed           model.Clauses
	probe              probe
	alone              bool
}

// A probe is what has become of the last probe of a zero window.
type probe uint8

const (
	noProbe probe = iota
	probeOut
	probeAnswered
)

// A Memory is what a property can read of one endpoint's past. Each of its methods
// is of one monitor. A monitor that is read and does not run is noticed, and the
// search starts again with it.
type Memory struct {
	record  Record
	reading *Reading
	_       [0]func() // memories cannot be compared: that would be read unnoticed
}

// A Reading notes what one evaluation of a pattern reads.
type Reading struct {
	run, read, missing Monitors
}

// NewReading returns a reading of what these monitors keep.
func NewReading(run Monitors) *Reading { return &Reading{run: run} }

// Read returns the monitors of which something was read. What an evaluation reads after
// it has missed something does not count: it might not be read if that were there.
func (r *Reading) Read() Monitors { return r.read }

// Missing returns the monitor that was read first of those that do not run; none if
// there was none.
func (r *Reading) Missing() Monitors { return r.missing }

// Reset forgets what was read.
func (r *Reading) Reset() { r.read, r.missing = NoMonitors, NoMonitors }

// Memory returns the record as something to be read. What is read is noted in r; a nil
// r notes nothing.
func (k Record) Memory(r *Reading) Memory { return Memory{record: k, reading: r} }

// of returns what is kept, and notes that something of monitor n is read.
func (m *Memory) of(n Monitors) *Record {
	if r := m.reading; r != nil && r.missing == NoMonitors {
		r.read |= n
		r.missing = n &^ r.run
	}
	return &m.record
}

// Since returns, in TIME-WAIT, 1 + the ticks since 2 MSL was last to be started; it
// stops at 1 + 2 MSL. Elsewhere it is 0.
func (m Memory) Since() uint16 { return m.of(MonitorClock).since }

// Role returns when the endpoint closed, until CLOSED.
func (m Memory) Role() Role { return m.of(MonitorRole).role }

// Waited reports whether TIME-WAIT was ever entered.
func (m Memory) Waited() bool { return m.of(MonitorRole).waited }

// EOF reports whether the user was told of the end of file; not in CLOSED.
func (m Memory) EOF() bool { return m.of(MonitorTold).eof }

// Done reports whether the user was told that its CLOSE is complete; not in CLOSED.
func (m Memory) Done() bool { return m.of(MonitorTold).done }

// Ended returns how the connection has ended for the user.
func (m Memory) Ended() Ending { return m.of(MonitorTold).ended }

// Spoilt reports whether an earlier connection has ended otherwise than normally.
func (m Memory) Spoilt() bool { return m.of(MonitorTold).spoilt }

// Past returns the Life of the peer in the connection before.
func (m Memory) Past() uint8 { return m.of(MonitorPast).past }

// Delivered returns how many octets the user was given.
func (m Memory) Delivered() uint8 { return m.of(MonitorDelivery).delivered }

// Written returns how many octets the user has written.
func (m Memory) Written() uint8 { return m.of(MonitorDelivery).written }

// Early reports whether the user has written before the peer's FIN was received; not in
// CLOSED.
func (m Memory) Early() bool { return m.of(MonitorEarly).early }

// Fin returns 1 + the number of the FIN that was sent; 0 if none was, and in CLOSED.
func (m Memory) Fin() uint8 { return m.of(MonitorFin).fin }

// Sent returns the number below which all text lies that was sent; 0 in CLOSED.
func (m Memory) Sent() uint8 { return m.of(MonitorFin).sent }

// Followed returns the clauses by which the endpoint has ever acted.
func (m Memory) Followed() model.Clauses { return m.of(MonitorClauses).followed }

// Answered reports whether the peer has answered the last probe of its zero window. An
// answer behind a hole is not read, and does not count.
func (m Memory) Answered() bool { return m.of(MonitorProbe).probe == probeAnswered }

// Alone reports whether the user had closed for good when the connection ended, so that
// nobody was there to be told.
func (m Memory) Alone() bool { return m.of(MonitorAlone).alone }

// Next returns the record after a step, of which Before and After do not count.
func (n Monitors) Next(k Record, s *Step, msl uint16) Record {
	has := func(m Monitors) bool { return n&m != 0 }
	switch {
	case s.To.Life > s.From.Life: // of another connection
		k = Record{waited: k.waited, spoilt: k.spoilt || has(MonitorTold) && s.From.Life > 0 && k.ended != Normal}
		if has(MonitorPast) {
			k.past = s.From.Peer
		}
	case s.To.Life < s.From.Life && has(MonitorTold): // what has replaced TIME-WAIT was none
		k.eof, k.done, k.ended = true, true, Normal
	}
	if has(MonitorClock) {
		k.clock(s, msl)
	}
	if has(MonitorRole) {
		k.roles(s)
	}
	if has(MonitorTold) {
		open := k.ended == Open
		k.told(s)
		k.alone = k.alone || has(MonitorAlone) && open && k.ended != Open && s.From.Orphan
	}
	if has(MonitorDelivery) {
		k.delivered += s.Effect.Delivered
		if s.writes() {
			k.written++
		}
	}
	if has(MonitorClauses) {
		k.followed = k.followed.Union(s.Effect.Clauses)
	}
	if has(MonitorEarly) {
		k.early = k.early || s.writes() && !s.From.FinReceived()
	}
	if has(MonitorFin) {
		k.numbers(s.Effect.Sent)
	}
	if has(MonitorProbe) {
		k.probes(s)
	}
	if s.To.State == model.Closed {
		k.role, k.early, k.fin, k.sent = NoRole, false, 0, 0
		if s.To.Unread == 0 {
			k.eof, k.done = false, false
		}
	}
	return k
}

// clock keeps since when TIME-WAIT has run.
func (k *Record) clock(s *Step, msl uint16) {
	switch {
	case s.To.State != model.TimeWait:
		k.since = 0
	case s.From.State != model.TimeWait || s.retransmittedFin():
		k.since = 1
	case s.Kind == model.Ticks:
		k.since = min(k.since+s.Elapsed, 1+2*msl)
	}
}

// roles records which side closed first, and which has been in TIME-WAIT.
func (k *Record) roles(s *Step) {
	if byClose(s) && !s.From.CloseCalled() {
		k.role = Active
		if s.From.FinReceived() {
			k.role = Passive
		}
	}
	k.waited = k.waited || s.To.State == model.TimeWait
}

// told keeps what the user has been told.
func (k *Record) told(s *Step) {
	told := func(n model.Notice) bool { return s.Effect.Told&n != 0 }
	k.eof = k.eof || told(model.ToldEOF)
	k.done = k.done || told(model.ToldClosed)
	if k.ended != Open {
		return
	}
	closed := s.To.State == model.Closed && s.To.Unread == 0 && s.From != s.To // and nothing left to be read
	switch {
	case k.eof && k.done:
		k.ended = Normal
	case told(model.ToldReset):
		k.ended = Reset
	case told(model.ToldRefused):
		k.ended = Refused
	case told(model.ToldTimeout):
		k.ended = TimedOut
	case told(model.ToldAborted):
		k.ended = Aborted
	case s.calls(model.Crash):
		k.ended = Gone
	case closed && s.From.Unread > 0 && s.Effect.Delivered == 0:
		k.ended = Unread
	case closed:
		k.ended = Untold
	}
}

// numbers keeps which numbers were sent.
func (k *Record) numbers(g model.Segment) {
	if g == (model.Segment{}) || g.Ctl.Has(model.RST) {
		return
	}
	if g.Len > 0 {
		k.sent = max(k.sent, uint8(g.Seq)+g.Len)
	}
	if g.Ctl.Has(model.FIN) && k.fin == 0 {
		k.fin = 1 + uint8(g.FinSeq())
	}
}

// probes keeps what has become of the last probe of a zero window.
func (k *Record) probes(s *Step) {
	switch {
	case !facesZeroWindow(s.To) || s.To.SndUna != s.From.SndUna:
		k.probe = noProbe
	case s.timesOut(model.Retransmission) || s.timesOut(model.WindowProbe):
		k.probe = probeOut
	case k.probe == probeOut && arrives(s) && s.Arrived.Seq == s.From.RcvNxt && s.Arrived.Ack == s.From.SndUna:
		k.probe = probeAnswered
	}
}

// facesZeroWindow reports whether t has something to send that a zero window holds up.
func facesZeroWindow(t model.TCB) bool {
	return t.SndWnd.Size() == 0 && (t.Outstanding() || t.Blocked())
}

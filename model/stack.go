package model

// A Stack is the rules by which one endpoint works.
type Stack struct {
	App         App
	Time        TimeKind
	RTO, RTOMax uint16
	R2          Limit
	TimeWait    uint16
	AckDelay    Limit
	UserTimeout uint16
	FinWait2    uint16
	KeepAlive   uint16
	Probes      uint8
	Lives       uint8 // connections that the user may have; 0 if it opens none
	QuietTime   uint16
	ReuseAge    uint16
	tags        bool // several connections: segments are told apart
	firstEver   Seq  // where the numbers of the first begin
	timestamps  Timestamps
	clockRate   uint8 // of ISNClock

	GiveUp, OrphanGiveUp         uint16
	FinWait2First, KeepAliveNext uint16

	PeerWindow Window // the peer's whole receive buffer: the largest window it tells of
	choices    Choices
	flaw       Fault
}

// Stack is the rules of side.
func (c Config) Stack(side Side) Stack {
	s := Stack{
		App: c.Apps[side], Time: c.Time, RTO: c.RTO, RTOMax: c.RTOMax, R2: c.R2,
		TimeWait: uint16(c.TimeWait.In(c.MSL)), AckDelay: c.AckDelay, UserTimeout: c.UserTimeout,
		FinWait2: c.FinWait2, KeepAlive: c.KeepAlive, Probes: c.Probes, PeerWindow: c.Apps[side.Peer()].Buffer, choices: c.Choices,
		GiveUp: c.GiveUp, OrphanGiveUp: c.OrphanGiveUp, FinWait2First: c.FinWait2First, KeepAliveNext: c.KeepAliveNext,
	}
	if c.Start == StartClosed || c.Reopen > 0 {
		s.Lives, s.tags, s.timestamps = 1+c.Reopen, c.Reopen > 0, c.Timestamps
		s.QuietTime, s.ReuseAge, s.clockRate = c.QuietTime, c.ReuseAge, c.ISNClock
	}
	if c.Start == StartClosed {
		s.firstEver = 1
	}
	if c.Faulty.has(side) {
		s = s.seed(c.Fault)
	}
	return s
}

// begin is how an endpoint is at the start.
func (s Stack) begin(how Start) TCB {
	var h Host
	if s.timestamps != TimestampsOff {
		h.Clock = 1
	}
	if how == StartClosed {
		return TCB{Host: h}
	}
	if s.tags {
		h.Life, h.Peer = 1, 1
		if s.byClock() {
			h.Top = s.firstEver - 1 // the initial sequence number has just been read
		}
	}
	return TCB{State: Established, SndWnd: s.PeerWindow, Idle: s.KeepAlive, Host: h, Recent: h.Clock}
}

// ask is what has been chosen for d. Every decision is asked at one place.
func (s Stack) ask(d Decision) Choice { return s.choices[d] }

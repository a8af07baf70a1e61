package model

// A Stack is the rules by which one endpoint works.
type Stack struct {
	Endpoint   // but for timestamps, which take two
	App        App
	PeerWindow Window // the peer's whole receive buffer: the largest window it tells of
	Time       TimeKind
	Lives      uint8  // connections that the user may have; 0 if it opens none
	timeWait   uint16 // in ticks
	tags       bool   // several connections: segments are told apart
	firstEver  Seq    // where the numbers of the first begin
	firstClock uint8  // timestamp clock at the start, of both ends
	flaw       Fault
	asks       *branching // of Branches; nil if every choice is made
}

// Stack returns the rules of side. Nothing else makes a Stack.
func (c Config) Stack(side Side) Stack {
	s := Stack{
		Endpoint: c.Ends[side], App: c.Apps[side], PeerWindow: c.Apps[side.Peer()].Buffer, Time: c.Time,
		timeWait: uint16(c.TimeWaitOf(side)),
	}
	s.Timestamps = TimestampsOff
	if c.Start == StartClosed || c.Reopen > 0 {
		s.Lives, s.tags, s.Timestamps = 1+c.Reopen, c.Reopen > 0, c.TimestampsOf(side)
	}
	if c.Start == StartClosed {
		s.firstEver = 1
	}
	if s.Timestamps != TimestampsOff {
		s.firstClock = 1
		if c.AnyEnd(func(e Endpoint) bool { return e.Choices[TimestampClock] == ClockRestarts }) {
			s.firstClock += s.Lives // beyond all that a clock comes to that begins again
		}
	}
	if c.Faulty.has(side) {
		s = s.Seed(c.Fault)
	}
	return s
}

// begin returns how an endpoint is at the start.
func (s Stack) begin(how Start) TCB {
	var h Host
	if s.Timestamps != TimestampsOff {
		h.Clock = s.firstClock
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

// ask returns what has been chosen for d. Every decision is asked at one place.
func (s Stack) ask(d Decision) Choice {
	if s.asks != nil {
		return s.asks.choose(d)
	}
	return s.Choices[d]
}

package model

// An Endpoint is what belongs to a TCP endpoint, whatever its application and the
// network do: its timers, and what it decides where others decide otherwise.
type Endpoint struct {
	MSL      uint16 // ticks for which it takes the MSL; 0 for the network's
	TimeWait Span   // in that MSL
	RTO      uint16 // ticks
	RTOMax   uint16 // ticks up to which the RTO doubles; 0 for no back-off
	R2       Limit  // retransmissions of a segment before the connection is closed

	GiveUp       uint16 // R2 as a time: ticks from the first retransmission; 0 for none
	OrphanGiveUp uint16 // the same, once nobody reads; 0 for no other

	AckDelay    Limit  // ticks for which an acknowledgement may wait
	UserTimeout uint16 // ticks, as are the next two; 0 for none
	FinWait2    uint16

	FinWait2First uint16 // before that, as a whole connection; 0 for not
	KeepAlive     uint16
	KeepAliveNext uint16 // between probes; 0 for as long as before the first
	Probes        uint8  // keep-alive probes that go unanswered before the connection is closed

	ChallengeInterval uint16 // ticks between challenge ACKs; 0 for no limit

	Timestamps Timestamps // RFC 7323
	QuietTime  uint16     // ticks after a crash in which no connection is opened
	ReuseAge   uint16     // ticks that TIME-WAIT has lasted before an active OPEN replaces it
	ISN        ISNRule
	ISNClock   uint8 // numbers by which a clock goes on in a tick that gives where numbers begin

	Choices Choices
}

// Timestamps tells whether segments carry timestamps, and how fine their clock is.
type Timestamps uint8

const (
	TimestampsOff  Timestamps = iota
	TimestampsOn              // by a clock that moves with each tick
	TimestampsFine            // by a clock that has moved between any two connections
)

var timestampNames = [...]string{"off", "on", "fine"}

func (t Timestamps) String() string { return nameOf(timestampNames[:], t) }

// ISNRule is where the numbers of a next connection begin.
type ISNRule uint8

const (
	ISNLarger ISNRule = iota // beyond all that the host has used
	ISNSame                  // where those of the first did: all numbers stand for two things
	ISNClock                 // at a clock, whatever was used (RFC 9293, 3.4.1)
	ISNPaced                 // the same, of a user that writes no faster than the clock goes
)

var isnNames = [...]string{"larger", "same", "clock", "paced-clock"}

// ByClock reports whether it asks a clock.
func (r ISNRule) ByClock() bool { return r == ISNClock || r == ISNPaced }

func (r ISNRule) String() string { return nameOf(isnNames[:], r) }

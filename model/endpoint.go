package model

// An Endpoint is what belongs to a TCP endpoint, whatever its application and the
// network do: its timers, and what it decides where others decide otherwise.
type Endpoint struct {
	TimeWait Span
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

	Timestamps Timestamps // RFC 7323
	QuietTime  uint16     // ticks after a crash in which no connection is opened
	ReuseAge   uint16     // ticks that TIME-WAIT has lasted before an active OPEN replaces it
	ISNClock   uint8      // numbers by which a clock goes on in a tick that gives where numbers begin

	Choices Choices
}

// Timestamps is whether segments carry them.
type Timestamps uint8

const (
	TimestampsOff  Timestamps = iota
	TimestampsOn              // by a clock that moves with each tick
	TimestampsFine            // by a clock that has moved between any two connections
)

var timestampNames = [...]string{"off", "on", "fine"}

func (t Timestamps) String() string { return nameOf(timestampNames[:], t) }

package adapter

import (
	"time"

	"tcpclose/stacks/wire"
)

// An Adapter is a real stack at one end of a connection. Its methods are called
// one after the other, from one goroutine. An error is the adapter's own: that of
// the stack is in an Answer.
type Adapter interface {
	Caps() Caps
	// Reset gives a host without connections, at time 0. It comes first, and may
	// come again.
	Reset(Setup) error
	// Open calls OPEN for a connection that has no other open one beside it. The
	// peer's address is fixed. The calls that follow are on this connection.
	Open(active bool) (Answer, error)
	// Call makes a call, with a number of octets for SEND and RECEIVE.
	Call(c Call, octets int) (Answer, error)
	// Inject lets a segment of the peer arrive.
	Inject(wire.Segment) error
	// Emitted returns what the stack has sent since the last call.
	Emitted() ([]Emitted, error)
	// Advance lets time pass.
	Advance(time.Duration) error
	// Close ends what Reset has begun.
	Close() error
}

// A Stater is an Adapter that knows in which state its connection is: by the name
// of RFC 9293, and after a slash what the stack says besides, as in
// "FIN-WAIT-2/mini".
type Stater interface{ State() (string, error) }

// A Deadliner is an Adapter that knows when its next timer fires; ok is false if
// none runs.
type Deadliner interface {
	Deadline() (at time.Duration, ok bool, err error)
}

// A Burster is an Adapter that can let a segment arrive, and the next one before the
// stack gets to send anything.
type Burster interface {
	Hold(wire.Segment) error
}

// A Clock is an Adapter whose time goes on by itself.
type Clock interface {
	Now() time.Duration // since Reset
}

// A Signaller is an Adapter that knows what its user learns without making a
// call, as by poll.
type Signaller interface{ Signals() (Signals, error) }

// A Setup is how a host begins.
type Setup struct {
	Seed   uint64 // of what the stack draws by lot
	Buffer int    // octets that can wait to be read, as far as the stack follows; 0 is its own number
}

// A Call is one of the user's, as sockets have them.
type Call uint8

const (
	Send     Call = iota
	Receive       // what is there, up to a number of octets
	Shutdown      // of its own sending: CLOSE in RFC 9293
	Release       // close(): nor will it read
	Abort         // RFC 9293, 3.10.5

	numCalls
)

var callNames = [numCalls]string{"send", "receive", "shutdown", "close", "abort"}

func (c Call) String() string {
	if c >= numCalls {
		return "unknown"
	}
	return callNames[c]
}

// Counts reports whether the call has a number of octets.
func (c Call) Counts() bool { return c == Send || c == Receive }

// A Told is what a user is told when it makes a call.
type Told string

const (
	Done        Told = "done"        // so many octets, where the call counts them
	Waits       Told = "waits"       // the call would have to wait
	EOF         Told = "eof"         // the peer will send no more
	Reset       Told = "reset"       // connection reset
	Refused     Told = "refused"     // connection refused
	TimedOut    Told = "timed-out"   // connection aborted due to timeout
	Closing     Told = "closing"     // connection closing
	None        Told = "none"        // connection does not exist
	Unsupported Told = "unsupported" // the stack has no such call
	Wrong       Told = "wrong"       // octets were delivered that the peer has not sent there
	Other       Told = "other"       // what none of these says
)

// told lists them all.
var told = []Told{Done, Waits, EOF, Reset, Refused, TimedOut, Closing, None, Unsupported, Wrong, Other}

// An Answer is what a call has told the user.
type Answer struct {
	Told   Told
	Octets int
	Native string // the stack's own word for it, as ECONNRESET; "" is none
}

// An Emitted is a segment that the stack has sent, and when.
type Emitted struct {
	Segment wire.Segment
	At      time.Duration // since Reset
	Wrong   string        // what is wrong with it as a packet: its text, or a checksum; "" is nothing
}

// Signals is a set of what a user learns without making a call.
type Signals uint8

const (
	Readable Signals = 1 << iota
	Writable
	PeerDone // the peer will send no more
	Hung     // neither end will
	Failed   // there is an error to be told
)

var signalNames = []string{"readable", "writable", "peer-done", "hung", "failed"}

// Caps describes an adapter.
type Caps struct {
	Name    string
	Version string
	Virtual bool          // time is the driver's; it takes none
	Exact   bool          // a schedule that is run again gives the same to the bit
	Slack   time.Duration // times may be off by as much
	Calls   []Call
	States  bool // it is a Stater
	Signals bool // it is a Signaller
	// Deadlines: it is a Deadliner.
	Deadlines bool
	Batch     int    // the number of schedules that it plays at once; 0: it has no BatchVerb
	Bursts    bool   // it is a Burster
	Note      string // what the adapter does in the stack's place
}

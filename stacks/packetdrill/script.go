package packetdrill

import (
	"fmt"
	"time"

	"tcpclose/stacks/adapter"
	"tcpclose/stacks/wire"
)

// A Script is a packetdrill script.
type Script struct {
	Steps     []Step
	Tolerance time.Duration
	Skipped   []Skipped // what was left out
	// NoUpdates: acknowledgements that a read draws, to tell of the window, are left out.
	NoUpdates bool
	// ResetsBySEQ: of an RST the number is compared alone. Whoever takes it in a
	// synchronized state looks at nothing else (RFC 9293, 3.10.7.4, second).
	ResetsBySEQ bool
}

// A Step is a statement of a script.
type Step struct {
	Line int
	Text string
	// Earliest and Latest bound its time, since the script's start. Latest is that of a
	// segment to be sent, without the tolerance; they are equal but for a range.
	Earliest, Latest time.Duration
	Any              bool // at any time
	Kind             Kind
	Event            adapter.Event // of Acts
	Told             adapter.Told  // that the call is to give; "" is anything
	Octets           int           // that it is to count, with Done
	Counts           bool          // Octets is to be compared
	Segment          wire.Segment  // of Expects
	State            string        // of Asserts
}

// A Kind is a kind of step.
type Kind uint8

// The kinds.
const (
	Acts    Kind = iota // a call, or a segment that arrives
	Expects             // a segment that the stack sends
	Asserts             // the state
)

// A Skipped is a statement that was left out, since it cannot matter to the bench.
type Skipped struct {
	Line int
	Text string
}

// An UnreadError says why a script cannot be a schedule.
type UnreadError struct {
	Line int
	Text string
	Why  string
}

func (e *UnreadError) Error() string { return fmt.Sprintf("line %d: %.80s: %s", e.Line, e.Text, e.Why) }

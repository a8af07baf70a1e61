package schedule

import (
	"fmt"
	"strings"

	"tcpclose/stacks/adapter"
	"tcpclose/stacks/peer"
)

// What package peer has of segments.
type (
	Anchor  = peer.Anchor
	Number  = peer.Number
	Segment = peer.Segment
	Window  = peer.Window
)

const (
	Zero  = peer.Zero
	Next  = peer.Next
	Edge  = peer.Edge
	Floor = peer.Floor
	Wide  = peer.Wide
	Shut  = peer.Shut
)

// A Wait is how long nothing is done, by what should happen meanwhile.
type Wait uint8

const (
	NoWait       Wait = iota
	Settle            // what a stack delays by a moment has happened, and no retransmission
	Retransmit        // the next retransmission has happened
	MostTimeWait      // TIME-WAIT is nearly over
	RestTimeWait      // what was left of it then, and some more
	TimeWait          // TIME-WAIT has ended
	MostFinWait2      // FIN-WAIT-2 is nearly over, if a timer ends it
	RestFinWait2      // what was left of it then, and some more
	FinWait2          // FIN-WAIT-2 has ended, if a timer ends it
	GiveUp            // the stack has given up

	NumWaits
)

var waitNames = [NumWaits]string{"", "settle", "retransmit", "most-of-time-wait", "rest-of-time-wait", "time-wait", "most-of-fin-wait-2", "rest-of-fin-wait-2", "fin-wait-2", "give-up"}

func (w Wait) String() string {
	if w >= NumWaits {
		return fmt.Sprintf("Wait(%d)", uint8(w))
	}
	return waitNames[w]
}

// A Step is an event of a schedule. Fields that its kind does not use are zero.
type Step struct {
	Kind    adapter.Kind // Opens, Calls, Arrives or Advances
	Active  bool
	Call    adapter.Call
	Octets  int
	Segment Segment
	More    bool // another segment arrives before the stack can send anything
	Wait    Wait
	// Copies: the segment is one that the peer has sent before, with the same
	// numbers: so many segments of the peer back, from 1.
	Copies int
}

// A Schedule is what to do, in order.
type Schedule []Step

// Open returns the step that opens the connection.
func Open(active bool) Step { return Step{Kind: adapter.Opens, Active: active} }

// Call returns the step that the user makes a call.
func Call(c adapter.Call, octets int) Step {
	return Step{Kind: adapter.Calls, Call: c, Octets: octets}
}

// In returns the step that g arrives.
func In(g Segment) Step { return Step{Kind: adapter.Arrives, Segment: g} }

// Pass returns the step that time passes.
func Pass(w Wait) Step { return Step{Kind: adapter.Advances, Wait: w} }

// String returns the step in words, for display.
func (s Step) String() string {
	switch s.Kind {
	case adapter.Opens:
		return map[bool]string{true: "OPEN", false: "OPEN (passive)"}[s.Active]
	case adapter.Calls:
		if s.Call.Counts() {
			return fmt.Sprintf("%s %d", strings.ToUpper(s.Call.String()), s.Octets)
		}
		return strings.ToUpper(s.Call.String())
	case adapter.Arrives:
		if s.Copies > 0 {
			return fmt.Sprintf("a copy of the segment %d back", s.Copies)
		}
		return s.Segment.String()
	}
	return "wait: " + s.Wait.String()
}

// String returns the schedule in words, for display.
func (s Schedule) String() string {
	words := make([]string, len(s))
	for i, e := range s {
		words[i] = e.String()
	}
	return strings.Join(words, "; ")
}

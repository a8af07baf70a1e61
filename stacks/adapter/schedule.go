package adapter

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"tcpclose/stacks/wire"
)

// A Kind is a kind of event.
type Kind uint8

const (
	Opens    Kind = iota
	Calls         // the user makes Call, with Octets
	Arrives       // Segment arrives
	Advances      // Wait passes
	Next          // the time until the next deadline passes, if there is one

)

// An Event is what a schedule does at once. Fields that its kind does not
// use are zero.
type Event struct {
	Kind    Kind
	Active  bool
	Call    Call
	Octets  int
	Segment wire.Segment
	More    bool          // another segment arrives before the stack can send anything
	Wait    time.Duration // whole microseconds
}

// A Schedule is what to do, in order.
type Schedule []Event

// In returns the event that g arrives.
func In(g wire.Segment) Event { return Event{Kind: Arrives, Segment: g} }

// Make returns the event that the user makes a call, which counts so many octets.
func Make(c Call, octets int) Event { return Event{Kind: Calls, Call: c, Octets: octets} }

// Wait returns the event that time passes.
func Wait(d time.Duration) Event { return Event{Kind: Advances, Wait: d} }

// String returns the event as the line protocol writes it.
func (e Event) String() string {
	switch e.Kind {
	case Opens:
		if e.Active {
			return "open active"
		}
		return "open passive"
	case Calls:
		if e.Call.Counts() {
			return fmt.Sprintf("call %s %d", e.Call, e.Octets)
		}
		return fmt.Sprintf("call %s", e.Call)
	case Arrives:
		if e.More {
			return "in+ " + e.Segment.String()
		}
		return "in " + e.Segment.String()
	case Advances:
		return fmt.Sprintf("advance %d", e.Wait.Microseconds())
	case Next:
		return "next"
	}
	return fmt.Sprintf("Kind(%d)", uint8(e.Kind))
}

// String returns the schedule as the line protocol writes it.
func (s Schedule) String() string {
	words := make([]string, len(s))
	for i, e := range s {
		words[i] = e.String()
	}
	return strings.Join(words, "; ")
}

const (
	maxOctets = 1 << 20
	maxWait   = 365 * 24 * time.Hour
)

// ParseEvent reads what String writes.
func ParseEvent(text string) (e Event, err error) {
	words := strings.Fields(text)
	fail := func(want string) (Event, error) { return e, fmt.Errorf("event %q: want %s", text, want) }
	if len(words) == 0 {
		return fail("open, call, in, advance or next")
	}
	number := func(i int, high int64) (int64, bool) {
		if len(words) != i+1 {
			return 0, false
		}
		n, err := strconv.ParseInt(words[i], 10, 64)
		return n, err == nil && n >= 0 && n <= high
	}
	switch words[0] {
	case "open":
		if len(words) != 2 || words[1] != "active" && words[1] != "passive" {
			return fail("active or passive")
		}
		return Event{Kind: Opens, Active: words[1] == "active"}, nil
	case "call":
		var c int
		if len(words) > 1 {
			c = slices.Index(callNames[:], words[1])
		}
		if len(words) < 2 || c < 0 {
			return fail("one of " + strings.Join(callNames[:], ", "))
		}
		e = Event{Kind: Calls, Call: Call(c)}
		if !e.Call.Counts() {
			if len(words) != 2 {
				return fail("nothing after the call")
			}
			return e, nil
		}
		n, ok := number(2, maxOctets)
		if !ok {
			return fail(fmt.Sprintf("0 to %d octets", maxOctets))
		}
		e.Octets = int(n)
		return e, nil
	case "in", "in+":
		g, err := wire.ParseSegment(strings.Join(words[1:], " "))
		return Event{Kind: Arrives, Segment: g, More: words[0] == "in+"}, err
	case "advance":
		n, ok := number(1, maxWait.Microseconds())
		if !ok {
			return fail(fmt.Sprintf("0 to %d microseconds", maxWait.Microseconds()))
		}
		return Event{Kind: Advances, Wait: time.Duration(n) * time.Microsecond}, nil
	case "next":
		if len(words) != 1 {
			return fail("nothing after next")
		}
		return Event{Kind: Next}, nil
	}
	return fail("open, call, in, advance or next")
}

// ParseSchedule reads what String writes.
func ParseSchedule(text string) (s Schedule, err error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	for part := range strings.SplitSeq(text, ";") {
		e, err := ParseEvent(part)
		if err != nil {
			return nil, err
		}
		s = append(s, e)
	}
	return s, nil
}

package observe

import (
	"fmt"
	"strings"
	"time"

	"tcpclose/model"
)

// A Report is what observing a run has given.
type Report struct {
	Run        string
	Steps      []Step // by event
	Deviations []Deviation
	// Options is the alternatives that the run leaves, for an end by the rules.
	// What is seen from the first deviation on narrows nothing.
	Options model.Options
	// Err says why the run could not be observed to its end, or is nil.
	Err error
}

// Conforms reports whether the end has done nothing but what the rules allow.
func (r Report) Conforms() bool { return r.Err == nil && len(r.Deviations) == 0 }

// A Step is an event, and what was known after it.
type Step struct {
	Event Event
	After []State
}

// A State is a state in which the end can be, and by which alternatives.
type State struct {
	State   model.ConnState
	Mini    bool // FIN-WAIT-2, numbers alone
	Options model.Options
}

// Name returns the name of the state, as adapters give it.
func (s State) Name() string {
	if s.Mini {
		return s.State.String() + "/mini"
	}
	return s.State.String()
}

// A Deviation is something that no end by the rules can have done.
type Deviation struct {
	Run      string
	Event    int           // in the run: the event after which, or at which, it was seen
	At       time.Duration // of it
	Before   []State       // in which the end could be
	Expected []Expectation // what it could have done, each once
	Seen     string        // what it did
	Causes   []Cause       // the smallest changes of the rules, each of which makes it possible
	Answer   Alternative   // by which the observer goes on
	Known    bool          // the stack has done so before
}

// Clauses returns those that the end would have followed.
func (d Deviation) Clauses() (c model.Clauses) {
	for _, e := range d.Expected {
		c = c.Union(e.Clauses)
	}
	return c
}

// String returns the deviation in a line.
func (d Deviation) String() string {
	var want []string
	for _, e := range d.Expected {
		want = append(want, e.String())
	}
	return fmt.Sprintf("event %d: %s: want %s", d.Event, d.Seen, strings.Join(want, " or "))
}

// An Expectation is what an end can do at a time.
type Expectation struct {
	From    model.ConnState
	To      model.ConnState
	Sends   string // a segment, or "nothing"
	Told    string // what the user is told; "" is nothing
	Answer  string // what a call tells it; "" if there is none
	Timer   string // the timeout by which it does so; "" is none
	Clauses model.Clauses
}

func (e Expectation) String() string {
	text := "sends " + e.Sends
	if e.Timer != "" {
		text += " at the " + e.Timer
	}
	if e.Answer != "" {
		text += ", tells " + e.Answer
	}
	return text + ", is in " + e.To.String()
}

// A Cause is a change of the rules that makes a deviation possible.
type Cause struct {
	Kind     CauseKind
	Decision model.Decision
	Choice   model.Choice // of Decision
	Fault    model.Fault
	Against  Evidence // of a contradiction: where the alternative was excluded
}

// CauseKind names the kinds of change.
type CauseKind uint8

const (
	ByDecision      CauseKind = iota // another alternative, which the rules or earlier runs exclude
	ByFault                          // a seeded fault
	ByContradiction                  // an alternative that another run of this stack excludes
)

func (k CauseKind) String() string {
	names := []string{"decision", "fault", "contradiction"}
	if int(k) >= len(names) {
		return fmt.Sprintf("CauseKind(%d)", uint8(k))
	}
	return names[k]
}

func (c Cause) String() string {
	switch c.Kind {
	case ByDecision, ByContradiction:
		return c.Decision.String() + "=" + c.Decision.Info().Alternatives[c.Choice].Name
	case ByFault:
		return "fault " + c.Fault.String()
	}
	return c.Kind.String()
}

// An Alternative is an answer that a stack has given in a state to an event, and
// that no rule has: its own.
type Alternative struct {
	State  string
	Event  string
	Answer string
}

func (a Alternative) String() string { return fmt.Sprintf("%s, %s: %s", a.State, a.Event, a.Answer) }

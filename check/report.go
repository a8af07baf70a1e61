package check

import (
	"fmt"
	"time"

	"tcpclose/explore"
	"tcpclose/invariants"
	"tcpclose/model"
	"tcpclose/trace"
)

// A Verdict is the result of checking a property. It says nothing of runs that were not
// explored.
type Verdict uint8

const (
	// Holds: every run of the configuration was explored, and none breaks it.
	Holds Verdict = iota
	// Violated: there is a run that breaks it.
	Violated
	// Unknown: no run was found that breaks it, but not all were explored.
	Unknown
	// Vacuous: all runs were explored, and none gives the property an occasion.
	Vacuous
	// NotApplicable: the property says nothing about the configuration.
	NotApplicable
	// Reached: of a witness, that there is such a run.
	Reached
	// Unreachable: all runs were explored, and there is none.
	Unreachable
	// Zeno: of a liveness property, that all runs that break it are Zeno runs, in
	// which endlessly much happens while time stands still.
	Zeno
)

var verdictNames = [...]string{"holds", "violated", "unknown", "vacuous", "not applicable", "reached", "unreachable", "zeno"}

func (v Verdict) String() string {
	if int(v) >= len(verdictNames) {
		return fmt.Sprintf("Verdict(%d)", uint8(v))
	}
	return verdictNames[v]
}

// MarshalText returns the verdict's name.
func (v Verdict) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// A Finding is the verdict on one property.
type Finding struct {
	Property *invariants.Property
	Verdict  Verdict
	// Reason says why a verdict is Unknown or NotApplicable, or how narrowly it Holds.
	Reason string
	// Steps is the least number of steps to a violation or to the witness: in a network of
	// Capacity, where that is not 0 and was not asked for, or of any capacity in a report
	// that is Unlimited.
	Steps    int
	Capacity uint8
	// Trace is a shortest run that violates the property, or that shows the witness:
	// of all shortest ones one in which the network does least, of these one in which
	// the two ends take turns least often, and of these the first. Of a liveness property it is a run forever, and short,
	// though there may be a shorter one.
	Trace *trace.Trace
	// Assumed lists the assumptions of a verdict on a liveness property, Dropped those
	// that the property needs and that were not made.
	Assumed, Dropped []*invariants.Assumption
	// RuledOutBy is the assumptions, made by the property or not, of which each
	// would rule out Trace. There may be another run all the same.
	RuledOutBy []*invariants.Assumption
}

// A Report is the outcome of a check.
type Report struct {
	Config model.Config
	Result explore.Result
	// Remembers: some property needed monitors, so that the states are those of
	// the model and of what they remember together.
	Remembers bool
	// Whole is the number of properties checked on whole states.
	Whole int
	// Symmetry: of two states in which a and b have changed places one is counted.
	Symmetry bool
	// Unlimited: the verdicts are for the networks of all capacities.
	Unlimited bool
	Time      time.Duration
	// Same tells, of each of Options.Otherwise, whether every step that was explored is
	// the same in it. It is false, too, if that is not known.
	Same []bool
	// Unkept is why the checkpoint could not be written the last time; nil if it was.
	Unkept   error
	Findings []Finding // in the order in which the properties were given
}

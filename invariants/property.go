package invariants

import (
	"fmt"
	"slices"

	"tcpclose/explore"
	"tcpclose/model"
)

// A Property is a statement about all runs of a configuration, given by the
// patterns that must not occur in them; or, if Witness is set, the statement
// that a run exists in which one of the patterns occurs.
type Property struct {
	Name     string
	Sentence string
	Source   string // where the statement comes from
	Witness  bool
	// Applies gives the reason for which the property says nothing about a
	// configuration, or "". Nil means that it applies to all.
	Applies func(model.Config) string
	// Patterns are those that the property is about, in a configuration.
	Patterns func(model.Config) []Pattern
	// Premise returns patterns of which one must occur for the property to say
	// anything: without them it holds vacuously. Nil means that it always says
	// something.
	Premise func(model.Config) []Pattern
	// Liveness, if not nil, is what the property says of whole runs; it then has
	// neither patterns nor a premise.
	Liveness *Liveness

	// Whole, if not nil, says what the patterns say, of the whole system at once.
	// If there are no patterns it is checked by that alone.
	Whole *Whole
	// Alike, if not nil, compares the configuration with another. The property then has
	// neither patterns nor a premise.
	Alike *Alike
	// Err, if not nil, is why there is no such property; Validate returns it. What
	// makes properties can so be composed.
	Err error
}

// A Whole is a statement on the whole system in a state, or in a step: what a
// property forbids or, as a witness, wants.
type Whole struct {
	Kind  explore.Kind // States or Steps
	Needs Monitors
	Is    func(*Snapshot) bool
	// Classes, if not nil, returns what sorts the values of the parts, so that the
	// statement can be checked part by part. Each call returns a new one.
	Classes func() Classes
}

// An Alike is a statement on two configurations: what runs of the one come to, runs of the
// other come to as well.
type Alike struct {
	// Other returns the configuration to compare with.
	Other func(model.Config) model.Config
	// Kinds returns patterns of states, of the first configuration: each side of each occurs
	// in a run of both, or of neither. One search has to have room for them.
	Kinds func(model.Config) []Pattern
	// Here and There say of a run that only one of the two has that it is of the first, or
	// of the other.
	Here, There string
}

// Classes sorts what each part of the system is and does into classes, such that a Whole
// depends on the classes alone. It notes the classes of what it is shown; these methods are
// called from several goroutines.
type Classes interface {
	// End notes an end: as it is at the end of s or, if it moved, in s.
	End(side model.Side, s *Step, moved bool)
	// Net notes a direction of the network.
	Net(side model.Side, s *NetStep)
	// Box notes the box.
	Box(s *BoxStep)
	// Patterns returns patterns of which one occurs just where the Whole is true, as far
	// as the classes were noted, and those that occur where one was not. ok is false if
	// they would be more than limit.
	Patterns(limit int) (where, unnoted []Pattern, ok bool)
}

// patterns returns a property's patterns if they are the same for every
// configuration.
func patterns(list ...Pattern) func(model.Config) []Pattern {
	return func(model.Config) []Pattern { return list }
}

// Properties lists every property, in the order in which they are reported.
var Properties = slices.Concat(figure5Properties, timeWaitProperties, numberProperties, answerProperties, resetProperties, toldProperties, windowProperties, incarnationProperties, restProperties)

// Witnesses lists the runs that can be asked for.
var Witnesses = slices.Concat(closeWitnesses, windowWitnesses, leavingWitnesses)

// Find returns the property, of whatever kind, or witness with that name.
func Find(name string) (*Property, error) {
	for _, p := range slices.Concat(PropertiesOf(true), LivenessProperties, Witnesses) {
		if p.Name == name {
			return p, nil
		}
	}
	return nil, fmt.Errorf("property %q: no such property or witness", name)
}

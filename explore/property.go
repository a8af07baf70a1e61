package explore

import "fmt"

// A Property is a named statement about a system whose states are of type S: see Always,
// Never, Sometimes, EndsOnly, Eventually and LeadsTo.
type Property[S comparable] struct {
	name string
	kind propertyKind
	on   func(S) bool // the states that it is about
	then func(S) bool // of LeadsTo
}

// A propertyKind is how a property was made.
type propertyKind uint8

const (
	noProperty propertyKind = iota
	always
	never
	sometimes
	endsOnly
	eventually
	leadsTo
)

// String returns the name of the function that made the property.
func (k propertyKind) String() string {
	return [...]string{"Property{}", "Always", "Never", "Sometimes", "EndsOnly", "Eventually", "LeadsTo"}[k]
}

// Always returns the property that holds is true of every reachable state.
func Always[S comparable](name string, holds func(S) bool) Property[S] {
	return Property[S]{name: name, kind: always, on: holds}
}

// Never returns the property that bad is true of no reachable state.
func Never[S comparable](name string, bad func(S) bool) Property[S] {
	return Property[S]{name: name, kind: never, on: bad}
}

// Sometimes returns the property that good is true of some reachable state. Its verdict
// is Reached, with the path to a nearest such state, or Unreachable.
func Sometimes[S comparable](name string, good func(S) bool) Property[S] {
	return Property[S]{name: name, kind: sometimes, on: good}
}

// EndsOnly returns the property that where is true of every reachable state that no step
// leaves: any other is a deadlock.
func EndsOnly[S comparable](name string, where func(S) bool) Property[S] {
	return Property[S]{name: name, kind: endsOnly, on: where}
}

// Eventually returns the property that on every fair run good is true of some state.
// Assume says which runs are fair. A run ends only in a state that no step leaves.
func Eventually[S comparable](name string, good func(S) bool) Property[S] {
	return Property[S]{name: name, kind: eventually, on: good}
}

// LeadsTo returns the property that on every fair run each state of which from is true is
// followed by one of which to is true, or is itself one. It is vacuous if from is true of
// no reachable state.
func LeadsTo[S comparable](name string, from, to func(S) bool) Property[S] {
	return Property[S]{name: name, kind: leadsTo, on: from, then: to}
}

// String returns the name of the property.
func (p Property[S]) String() string { return p.name }

// ofRuns reports whether the property is about runs, not about states.
func (p *Property[S]) ofRuns() bool { return p.kind == eventually || p.kind == leadsTo }

// validate returns an error if the property cannot be checked; it is the nth of all.
func (p *Property[S]) validate(nth, all int) error {
	switch {
	case p.kind == noProperty:
		return fmt.Errorf("explore: property %d of %d is Property{}: want one that Always, Never, Sometimes, EndsOnly, Eventually or LeadsTo returns", nth, all)
	case p.name == "":
		return fmt.Errorf("explore: property %d of %d (%v) has no name: want one", nth, all, p.kind)
	case p.on == nil || p.kind == leadsTo && p.then == nil:
		want := "a function"
		if p.kind == leadsTo {
			want = "two functions"
		}
		return fmt.Errorf("explore: property %q (%v) has no function: want %s of a state", p.name, p.kind, want)
	}
	return nil
}

// validate returns an error if the properties cannot be checked.
func validate[S comparable](properties []Property[S]) error {
	if len(properties) == 0 {
		return fmt.Errorf("explore: no properties: want one or more")
	}
	names := map[string]bool{}
	for i := range properties {
		p := &properties[i]
		if err := p.validate(i+1, len(properties)); err != nil {
			return err
		}
		if names[p.name] {
			return fmt.Errorf("explore: two properties are named %q: want different names", p.name)
		}
		names[p.name] = true
	}
	return nil
}

package explore

import (
	"fmt"
	"tcpclose/explore/internal/stategraph"
)

// A Condition is a named assumption about the runs of a system: that some steps are not
// neglected forever. WeaklyFair and StronglyFair return one.
type Condition[S comparable, A any] struct {
	name string
	kind FairnessKind
	step func(from S, action A, to S) bool
}

// WeaklyFair returns the condition that if steps of which step is true are enabled in all
// states from some state on, such steps are taken again and again.
func WeaklyFair[S comparable, A any](name string, step func(from S, action A, to S) bool) Condition[S, A] {
	return Condition[S, A]{name, Weak, step}
}

// StronglyFair returns the condition that if steps of which step is true are enabled again
// and again, such steps are taken again and again.
func StronglyFair[S comparable, A any](name string, step func(from S, action A, to S) bool) Condition[S, A] {
	return Condition[S, A]{name, Strong, step}
}

// String returns the name of the condition.
func (c Condition[S, A]) String() string { return c.name }

// Assume returns sys with conditions on its runs: Eventually and LeadsTo are checked on
// the runs that satisfy all of them. The states and steps are the same. Every finite run
// can be continued to one that satisfies the conditions, so no property holds for lack of
// fair runs.
func Assume[S comparable, A any](sys System[S, A], conditions ...Condition[S, A]) System[S, A] {
	return &assumed[S, A]{sys, conditions}
}

// assumed is a system with conditions.
type assumed[S comparable, A any] struct {
	System[S, A]
	conditions []Condition[S, A]
}

// Within is that of the system.
func (a *assumed[S, A]) Within(from S, action A, to S) bool {
	bounded, ok := a.System.(Bounded[S, A])
	return !ok || bounded.Within(from, action, to)
}

// assumptions returns the system without conditions, and the conditions.
func assumptions[S comparable, A any](sys System[S, A]) (_ System[S, A], conditions []Condition[S, A], err error) {
	for {
		a, ok := sys.(*assumed[S, A])
		if !ok {
			break
		}
		sys, conditions = a.System, append(conditions, a.conditions...)
	}
	if sys == nil {
		return nil, nil, fmt.Errorf("explore: the system is nil: want one")
	}
	names := map[string]bool{}
	for i := range conditions {
		c := &conditions[i]
		switch {
		case c.name == "":
			return nil, nil, fmt.Errorf("explore: condition %d of %d has no name: want one", i+1, len(conditions))
		case c.step == nil:
			return nil, nil, fmt.Errorf("explore: condition %q has no function: want one of a step", c.name)
		case names[c.name]:
			return nil, nil, fmt.Errorf("explore: two conditions are named %q: want different names", c.name)
		}
		names[c.name] = true
	}
	if len(conditions) > stategraph.MaxColumns {
		return nil, nil, fmt.Errorf("explore: %d conditions: want at most %d", len(conditions), stategraph.MaxColumns)
	}
	return sys, conditions, nil
}

package join

import (
	"slices"

	"tcpclose/explore"
	"tcpclose/explore/ltl"
	"tcpclose/invariants"
	"tcpclose/model"
)

// Conditions lists what graphs of runs show, each condition with a place: its watches
// are twice that and the next, for either side as self.
type Conditions []*invariants.Condition

// With returns the conditions with those of l.
func (c Conditions) With(l *invariants.Liveness) Conditions {
	return c.add(l.Conditions()...)
}

// Assuming returns the conditions with those of the assumptions.
func (c Conditions) Assuming(assumptions []*invariants.Assumption) Conditions {
	for _, a := range assumptions {
		c = c.add(a.Step)
	}
	return c
}

func (c Conditions) add(list ...*invariants.Condition) Conditions {
	c = slices.Clip(c)
	for _, x := range list {
		if !slices.Contains(c, x) {
			c = append(c, x)
		}
	}
	return c
}

// Fits reports whether one graph of runs can show them.
func (c Conditions) Fits() bool {
	states, steps := invariants.CountConditions(c)
	return steps <= invariants.MostConditions && states <= invariants.MostConditions && c.Watchable()
}

// Watchable reports whether one search can have their watches.
func (c Conditions) Watchable() bool { return 2*len(c) <= explore.MaxWatches }

// Watches returns the watches of some of the conditions, and those that have a meaning only
// as a group.
func (c Conditions) Watches(some Conditions) (watches []int, groups [][]int) {
	var grouped []*invariants.Condition
	for _, group := range invariants.Groups(some) {
		grouped = append(grouped, group...)
		for side := range model.Sides {
			var of []int
			for _, x := range group {
				of = append(of, c.Watch(x)+side)
			}
			groups = append(groups, of)
		}
	}
	for _, x := range some {
		if !slices.Contains(grouped, x) {
			watches = append(watches, c.Watch(x), c.Watch(x)+1)
		}
	}
	return watches, groups
}

// Watch returns the watch of a condition with a as self.
func (c Conditions) Watch(x *invariants.Condition) int { return 2 * slices.Index(c, x) }

// Patterns returns their patterns, in order.
func (c Conditions) Patterns() (list []invariants.Pattern) {
	for _, x := range c {
		list = append(list, x.Pattern)
	}
	return list
}

// View returns the view of a side.
func (c Conditions) View(side model.Side) invariants.View {
	return func(x *invariants.Condition) ltl.Formula {
		if x.Kind == explore.Steps {
			return ltl.Taking(c.Watch(x) + int(side))
		}
		return ltl.State(c.Watch(x) + int(side))
	}
}

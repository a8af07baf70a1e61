package invariants

import (
	"slices"

	"tcpclose/explore"
	"tcpclose/explore/ltl"
	"tcpclose/model"
)

// runsLimit is how many conditions of states, and how many of steps, one graph of
// runs can show: each is watched with either side as self.
const MostConditions = 31 / 2

// A cast is conditions, each with a place: its watches are 2*place and the next.
type Conditions []*Condition

// with is the cast with those that l needs, and all that can be assumed: what is
// not may explain a run.
func (c Conditions) With(l *Liveness) Conditions {
	c = slices.Clip(c)
	add := func(list ...*Condition) {
		for _, x := range list {
			if !slices.Contains(c, x) {
				c = append(c, x)
			}
		}
	}
	add(l.Conditions()...)
	for _, a := range slices.Concat(l.Assumes, Assumptions) {
		add(a.Step)
	}
	return c
}

// fits reports whether one graph of runs can show them.
func (c Conditions) Fits() bool {
	steps := 0
	for _, x := range c {
		if x.Kind == explore.Steps {
			steps++
		}
	}
	return steps <= MostConditions && len(c)-steps <= MostConditions
}

func (c Conditions) Watch(x *Condition) int { return 2 * slices.Index(c, x) }

func (c Conditions) Patterns() (list []Pattern) {
	for _, x := range c {
		list = append(list, x.Pattern)
	}
	return list
}

func (c Conditions) Eye(side model.Side) Eye {
	return func(x *Condition) ltl.Formula {
		if x.Kind == explore.Steps {
			return ltl.Taking(c.Watch(x) + int(side))
		}
		return ltl.State(c.Watch(x) + int(side))
	}
}

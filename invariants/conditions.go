package invariants

import (
	"slices"

	"tcpclose/explore"
	"tcpclose/model"
)

// runsLimit is how many conditions of states, and how many of steps, one graph of
// runs can show: each is watched with either side as self.
const runsLimit = 31 / 2

// A cast is conditions, each with a place: its watches are 2*place and the next.
type cast []*Condition

// with is the cast with those that l needs, and all that can be assumed: what is
// not may explain a run.
func (c cast) with(l *Liveness) cast {
	c = slices.Clip(c)
	add := func(list ...*Condition) {
		for _, x := range list {
			if !slices.Contains(c, x) {
				c = append(c, x)
			}
		}
	}
	add(l.conditions()...)
	for _, a := range slices.Concat(l.Assumes, Assumptions) {
		add(a.Step)
	}
	return c
}

// fits reports whether one graph of runs can show them.
func (c cast) fits() bool {
	steps := 0
	for _, x := range c {
		if x.Kind == explore.Steps {
			steps++
		}
	}
	return steps <= runsLimit && len(c)-steps <= runsLimit
}

func (c cast) at(x *Condition) int { return 2 * slices.Index(c, x) }

func (c cast) patterns() (list []Pattern) {
	for _, x := range c {
		list = append(list, x.Pattern)
	}
	return list
}

func (c cast) eye(side model.Side) Eye {
	return func(x *Condition) explore.Formula {
		if x.Kind == explore.Steps {
			return explore.Taking(c.at(x) + int(side))
		}
		return explore.State(c.at(x) + int(side))
	}
}

package check

import (
	"tcpclose/explore"
	"tcpclose/internal/join"
	"tcpclose/invariants"
	"tcpclose/model"
)

// checked is a property and its patterns, as a walk checks them.
type checker struct {
	system   *model.System
	property *invariants.Property
	patterns []invariants.Pattern
	run      invariants.Monitors
	missing  invariants.Monitors // what was read beside
}

// seenIn reports whether something that is forbidden is there in a state.
func (c *checker) seenIn(kind explore.Kind, s *join.WholeState) bool {
	return c.seen(kind, func(r *invariants.Reading) *invariants.Snapshot { return s.InState(c.system, r) })
}

// seenOn reports whether something that is forbidden happens in a step.
func (c *checker) seenOn(from *join.WholeState, d *join.WholeStep, to *join.WholeState) bool {
	return c.seen(explore.Steps, func(r *invariants.Reading) *invariants.Snapshot { return d.OnStep(c.system, from, to, r) })
}

func (c *checker) seen(kind explore.Kind, show func(*invariants.Reading) *invariants.Snapshot) bool {
	r := invariants.NewReading(c.run)
	note := func() { c.missing |= r.Missing(); r.Reset() }
	n := show(r)
	if w := c.property.Whole; w != nil {
		defer note()
		return w.Kind == kind && w.Is(n)
	}
	for i := range c.patterns {
		p := &c.patterns[i]
		if p.Kind != kind {
			continue
		}
		for _, self := range model.Sides {
			matches := p.Matches(n, self)
			if note(); matches {
				return true
			}
		}
	}
	return false
}

package check

import (
	"tcpclose/explore"
	"tcpclose/internal/join"
	"tcpclose/invariants"
	"tcpclose/model"
)

// judged is a property and its patterns, as a walk judges them.
type judged struct {
	property *invariants.Property
	patterns []invariants.Pattern
	run      invariants.Monitors
	missing  invariants.Monitors // what was read beside
}

// seenIn reports whether something that is forbidden is there in a state.
func (j *judged) seenIn(kind explore.Kind, s *join.WholeState) bool {
	return j.seen(kind, s.InState)
}

// seenOn reports whether something that is forbidden happens in a step.
func (j *judged) seenOn(from *join.WholeState, d *join.WholeStep, to *join.WholeState) bool {
	return j.seen(explore.Steps, func(r *invariants.Reading) *invariants.Snapshot { return d.OnStep(from, to, r) })
}

func (j *judged) seen(kind explore.Kind, show func(*invariants.Reading) *invariants.Snapshot) bool {
	r := invariants.NewReading(j.run)
	note := func() { j.missing |= r.Missing(); r.Reset() }
	n := show(r)
	if w := j.property.Whole; w != nil {
		defer note()
		return w.Kind == kind && w.Is(n)
	}
	for i := range j.patterns {
		p := &j.patterns[i]
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

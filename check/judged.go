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
}

// seenIn reports whether something that is forbidden is there in a state.
func (j *judged) seenIn(kind explore.Kind, s *join.WholeState) bool {
	if w := j.property.Whole; w != nil {
		return w.Kind == kind && w.Is(s.InState())
	}
	for i := range j.patterns {
		p := &j.patterns[i]
		for _, self := range model.Sides {
			at := s.End(self)
			if p.Kind == kind && p.LooksAt(self) && (p.Self == nil || p.Self(&at)) && s.Fits(p, self) {
				return true
			}
		}
	}
	return false
}

// seenOn reports whether something that is forbidden happens in a step.
func (j *judged) seenOn(from *join.WholeState, d *join.WholeStep, to *join.WholeState) bool {
	if w := j.property.Whole; w != nil {
		return w.Kind == explore.Steps && w.Is(d.OnStep(from, to))
	}
	moves := d.Moves(from, to)
	for i := range j.patterns {
		p := &j.patterns[i]
		for _, self := range model.Sides {
			if m := moves[self]; p.Kind == explore.Steps && p.LooksAt(self) && m != nil && p.Step(m) && to.Fits(p, self) {
				return true
			}
		}
	}
	return false
}

package invariants

import (
	"tcpclose/explore"
	"tcpclose/model"
)

var resetProperties = []*Property{
	{
		Name:     "rst-answers-rst",
		Sentence: "An RST is never answered by an RST.",
		Source:   "RFC 9293, 3.10.7.1; 3.5.2",
		Patterns: patterns(Pattern{Kind: explore.Steps, Step: func(s *Step) bool {
			return s.Arrived.Ctl.Has(model.RST) && sendsRST(s)
		}}),
		Premise: patterns(Pattern{Kind: explore.Steps, Step: func(s *Step) bool { return s.Arrived.Ctl.Has(model.RST) }}),
	},
	{
		Name:     "rst-origin",
		Sentence: "An RST comes only from a CLOSED endpoint, in answer to a segment that is no RST.",
		Source:   "RFC 9293, 3.5.2, group 1; nobody aborts",
		Patterns: patterns(Pattern{Kind: explore.Steps, Step: func(s *Step) bool {
			answers := s.Kind == model.Deliveries && !s.Arrived.Ctl.Has(model.RST)
			return sendsRST(s) && !(s.From.State == model.Closed && answers)
		}}),
		Premise: patterns(Pattern{Kind: explore.Steps, Step: sendsRST}),
	},
	{
		Name:     "no-reset",
		Sentence: "No application is told of a reset.",
		Source:   "what one hopes for when nobody aborts; notes, L5",
		Patterns: patterns(Pattern{Kind: explore.Steps, Step: func(s *Step) bool { return s.Effect.Told&model.ToldReset != 0 }}),
		Premise:  patterns(Pattern{Kind: explore.Steps, Step: sendsRST}),
	},
}

func sendsRST(s *Step) bool {
	for _, g := range s.Effect.Sent {
		if g.Ctl.Has(model.RST) {
			return true
		}
	}
	return false
}

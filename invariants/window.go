package invariants

import (
	"tcpclose/explore"
	"tcpclose/model"
)

var windowProperties = []*Property{
	{
		Name:     "window",
		Sentence: "Nothing is sent beyond the peer's window, except a probe of one octet or of the FIN.",
		Source:   "RFC 9293, 3.8.6 and 3.8.6.1",
		Patterns: patterns(Pattern{Kind: explore.Steps, Step: func(s *Step) bool {
			return s.Arrived.SpaceLen() > 1 && s.Effect.Clauses.Has(model.WindowTrims)
		}}),
		Premise: patterns(Pattern{Kind: explore.Steps, Step: func(s *Step) bool { return s.From.Blocked() }}),
		Applies: noBufferLimited,
	},
	{
		Name:     "zero-window-kept",
		Sentence: "No timer ends a connection whose peer has answered the last probe of its zero window.",
		Source:   "RFC 9293, 3.8.6.1 (MUST-37)",
		Patterns: patterns(Pattern{Kind: explore.Steps, Needs: MonitorProbe, Step: func(s *Step) bool {
			return s.Kind == model.Timeouts && s.Effect.Told&model.ToldTimeout != 0 && s.Before.Answered()
		}}),
		Premise: patterns(Pattern{Kind: explore.States, Needs: MonitorProbe, Self: func(e *End) bool { return e.Answered() }}),
		Applies: noBufferLimited,
	},
	{
		Name:     "half-close",
		Sentence: "No timer ends FIN-WAIT-2 while the user still reads.",
		Source:   "RFC 9293, 3.6, case 1; the RFC has no such timer",
		Patterns: patterns(Pattern{Kind: explore.Steps, Step: func(s *Step) bool {
			return s.timesOut(model.FinWait2Ends) && !s.From.Orphan
		}}),
		Premise: patterns(Pattern{Kind: explore.Steps, Step: func(s *Step) bool { return s.timesOut(model.FinWait2Ends) }}),
		Applies: func(c model.Config) string {
			if !c.AnyEnd(func(e model.Endpoint) bool { return e.FinWait2 > 0 }) {
				return "FIN-WAIT-2 has no timer"
			}
			return ""
		},
	},
	{
		Name:     "fin-wait-2-ends",
		Sentence: "Nothing starts the timer of FIN-WAIT-2 again: FIN-WAIT-2 ends no later than the timer's length after it started.",
		Source:   "no RFC has the timer; Linux, tcp_fin_timeout",
		Patterns: patterns(Pattern{Kind: explore.Steps, Step: func(s *Step) bool {
			return finWait2Goes(s) && s.To.State == model.FinWait2 && s.To.Mini == s.From.Mini && s.To.Wait > s.From.Wait
		}}),
		Premise: patterns(Pattern{Kind: explore.Steps, Step: func(s *Step) bool { return finWait2Goes(s) && s.Kind != model.Ticks }}),
		Applies: func(c model.Config) string {
			if !c.AnyEnd(func(e model.Endpoint) bool { return e.FinWait2 > 0 }) {
				return "FIN-WAIT-2 has no timer"
			}
			return ""
		},
	},
}

// finWait2Goes reports whether the timer of FIN-WAIT-2 runs before the step.
func finWait2Goes(s *Step) bool {
	return s.From.State == model.FinWait2 && s.From.Wait > 0 && s.From.Wait != model.Never
}

// noBufferLimited returns the reason for which a property of windows does not apply.
func noBufferLimited(c model.Config) string {
	if c.Apps[model.A].Buffer == model.Wide && c.Apps[model.B].Buffer == model.Wide {
		return "no buffer is limited"
	}
	return ""
}

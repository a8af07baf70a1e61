package invariants

import (
	"tcpclose/explore"
	"tcpclose/model"
)

var windowProperties = []*Property{
	{
		Name:     "window",
		Sentence: "Nothing is sent that the peer's window has no room for, but a probe of one octet or of the FIN.",
		Source:   "RFC 9293, 3.8.6 and 3.8.6.1",
		Patterns: patterns(Pattern{Kind: explore.Steps, Step: func(s *Step) bool {
			return s.Arrived.SpaceLen() > 1 && s.Effect.Clauses.Has(model.WindowTrims)
		}}),
		Premise: patterns(Pattern{Kind: explore.Steps, Step: func(s *Step) bool { return s.From.Blocked() }}),
		Applies: func(c model.Config) string {
			if c.Apps[model.A].Buffer == model.Wide && c.Apps[model.B].Buffer == model.Wide {
				return "no buffer is limited"
			}
			return ""
		},
	},
	{
		Name:     "half-close",
		Sentence: "No timer ends FIN-WAIT-2 while there is somebody who reads.",
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
	{
		Name:     "no-dead-text",
		Sentence: "Text that nobody will read takes no room: who closes for good leaves nothing unread in a connection that goes on.",
		Source:   "RFC 9293, 3.6.1 (SHLD-3) and 3.8.6",
		Patterns: patterns(Pattern{Kind: explore.States, Self: func(e *End) bool {
			return e.State != model.Closed && e.Orphan && e.Unread > 0
		}}),
		Premise: patterns(Pattern{Kind: explore.Steps, Step: func(s *Step) bool { return s.To.Orphan && !s.From.Orphan || byUnread(s) }}),
		Applies: func(c model.Config) string {
			leaves := func(side model.Side) bool {
				app := c.Apps[side]
				return app.Reads != model.ReadAtOnce && c.Apps[side.Peer()].Octets > 0 && (app.Parting == model.ForGood || app.Parting == model.HalfThenGood || app.Fails == model.FailDie)
			}
			if !leaves(model.A) && !leaves(model.B) {
				return "nobody closes for good with text unread"
			}
			return ""
		},
	},
}

// finWait2Goes reports whether the timer of FIN-WAIT-2 runs before the step.
func finWait2Goes(s *Step) bool {
	return s.From.State == model.FinWait2 && s.From.Wait > 0 && s.From.Wait != model.Never
}

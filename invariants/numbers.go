package invariants

import (
	"tcpclose/explore"
	"tcpclose/model"
)

var numberProperties = []*Property{
	{
		Name:     "hole",
		Sentence: "A FIN behind a hole neither advances RCV.NXT nor counts as received.",
		Source:   "RFC 9293, 3.10.7.4, first (SHLD-31) and eighth",
		Patterns: patterns(Pattern{Kind: explore.Steps, Step: func(s *Step) bool {
			return finBehindHole(s) && s.To.State != model.Closed &&
				(s.To.RcvNxt != s.From.RcvNxt || s.To.FinReceived() != s.From.FinReceived())
		}}),
		Premise: patterns(Pattern{Kind: explore.Steps, Step: finBehindHole}),
	},
	{
		Name:     "fin-number",
		Sentence: "A FIN keeps its number across retransmissions, and follows all data.",
		Source:   "RFC 9293, 3.4 and 3.10.4",
		Patterns: patterns(Pattern{Kind: explore.Steps, Needs: MonitorFin, Step: func(s *Step) bool {
			g := s.Effect.Sent
			if g == (model.Segment{}) || g.Ctl.Has(model.RST) {
				return false
			}
			known, end := s.After.Fin(), uint8(g.Seq)+g.Len
			switch {
			case known == 0:
			case g.Ctl.Has(model.FIN) && uint8(g.FinSeq()) != known-1:
				return true
			case g.Len > 0 && end > known-1, s.Before.Sent() > known-1:
				return true
			}
			return false
		}}),
		Premise: patterns(Pattern{Kind: explore.Steps, Needs: MonitorFin, Step: func(s *Step) bool {
			return s.Before.Fin() != 0 && s.Effect.Sent.Ctl.Has(model.FIN)
		}}),
	},
	{
		Name:     "frozen",
		Sentence: "Once the peer's FIN is consumed, RCV.NXT does not change.",
		Source:   "RFC 9293, 3.10.7.4, seventh and eighth",
		Patterns: patterns(Pattern{Kind: explore.Steps, Step: func(s *Step) bool {
			return s.From.FinReceived() && s.To.State != model.Closed && !s.renewed() && s.To.RcvNxt != s.From.RcvNxt
		}}),
		Premise: patterns(Pattern{Kind: explore.Steps, Step: func(s *Step) bool {
			return s.From.FinReceived() && s.Arrived.SpaceLen() > 0
		}}),
	},
	{
		Name:     "ack-of-sent",
		Sentence: "No segment that arrives acknowledges what was never sent.",
		Source:   "RFC 9293, 3.4",
		Applies:  oneConnection,
		Patterns: patterns(Pattern{Kind: explore.Steps, Step: func(s *Step) bool {
			return s.From.State != model.Closed && s.Arrived.Ctl.Has(model.ACK) && s.Arrived.Ack > s.From.SndNxt
		}}),
		Premise: patterns(Pattern{Kind: explore.Steps, Step: func(s *Step) bool {
			return s.From.State != model.Closed && s.Arrived.Ctl.Has(model.ACK)
		}}),
	},
}

func finBehindHole(s *Step) bool {
	return s.From.State != model.Closed && s.Arrived.Ctl.Has(model.FIN) && s.Arrived.Seq > s.From.RcvNxt
}

package invariants

import (
	"tcpclose/explore"
	"tcpclose/model"
)

// What an arriving segment gets, and what is sent again. Of these a stack's bugs
// are mostly about.
var answerProperties = []*Property{
	{
		Name:     "acknowledges",
		Sentence: "Every segment but an RST is acknowledged, at once or later, if it begins before RCV.NXT, or carries text or a FIN before the peer's FIN has been received. Whatever a connection sends, even a challenge ACK, acknowledges RCV.NXT. A segment at RCV.NXT that acknowledges something new advances SND.UNA.",
		Source:   "RFC 9293, 3.10.7.4, first, fourth, fifth and eighth; 3.8.6.3; RFC 5961, 3.2",
		Applies:  oneConnection,
		Patterns: patterns(Pattern{Kind: explore.Steps, Step: func(s *Step) bool {
			g := s.Arrived
			if misstates(s) || missesAck(s) {
				return true
			}
			return arrives(s) && (g.SpaceLen() > 0 && !s.From.FinReceived() || g.Seq < s.From.RcvNxt) && s.To.State != model.Closed &&
				!s.Effect.Sent.Ctl.Has(model.ACK) && !s.To.Owes
		}}),
		Premise: patterns(somethingArrives),
	},
	{
		Name:     "keeps-trying",
		Sentence: "A timer runs as long as something submitted is unacknowledged, and a FIN that has not been sent is queued.",
		Source:   "RFC 9293, 3.6 (segments up to and including FIN will be retransmitted until acknowledged) and 3.8.6.1; RFC 6298, 5.1",
		Patterns: patterns(Pattern{Kind: explore.States, Self: func(e *End) bool {
			waits := e.Outstanding() || e.Blocked()
			switch e.State {
			case model.FinWait1, model.Closing, model.LastAck:
				return waits && e.Rto == model.Never || !waits && !e.FinAcked()
			case model.Established, model.CloseWait:
				return waits && e.Rto == model.Never
			}
			return false
		}}),
		Premise: patterns(somethingArrives),
	},
	{
		Name:     "resends",
		Sentence: "The retransmission timer retransmits the oldest unacknowledged number, no more often than R2 allows, and nothing else retransmits.",
		Source:   "RFC 9293, 3.10.8 and 3.8.3; RFC 6298, 5.4",
		Patterns: func(c model.Config) []Pattern {
			r2Of := func(side model.Side) model.Limit { return c.Ends[side].R2 }
			return byEnd(r2Of, func(r2 model.Limit) []Pattern {
				return one(onStep(func(s *Step) bool {
					sent := s.Effect.Sent
					if s.timesOut(model.Retransmission) && s.To.State != model.Closed && !s.renewed() {
						return sent.SpaceLen() == 0 || sent.Seq != s.From.SndUna || r2 != model.Unlimited && int(s.From.Rtx) >= int(r2)
					}
					return s.From.State > model.SynReceived && !s.renewed() && sent.SpaceLen() > 0 && sent.Seq < s.From.SndNxt
				}))
			})
		},
		Premise: patterns(Pattern{Kind: explore.Steps, Step: func(s *Step) bool {
			return s.timesOut(model.Retransmission) && s.To.State != model.Closed
		}}),
	},
	{
		Name:     "syn-answered",
		Sentence: "A SYN that arrives in a connection is answered, at once or later.",
		Source:   "RFC 9293, 3.10.7.4, first and fourth; RFC 5961, 4.2; 3.5.1",
		Patterns: patterns(Pattern{Kind: explore.Steps, Step: func(s *Step) bool {
			return meetsSYN(s) && s.Effect.Sent == (model.Segment{}) && !s.To.Owes
		}}),
		Premise: patterns(onStep(meetsSYN)),
		Applies: func(c model.Config) string {
			if c.Reopen == 0 && c.Start != model.StartClosed && !c.Stray.Segment.Ctl.Has(model.SYN) {
				return "no SYN is sent"
			}
			return ""
		},
	},
}

// somethingArrives is that text or a FIN meets a connection.
var somethingArrives = Pattern{name: "text or a FIN arrives", Kind: explore.Steps, Step: func(s *Step) bool {
	return arrives(s) && s.Arrived.SpaceLen() > 0
}}

// missesAck reports whether a segment that begins at RCV.NXT acknowledges something new,
// and SND.UNA does not advance.
func missesAck(s *Step) bool {
	g := s.Arrived
	isNew := arrives(s) && !g.Ctl.Has(model.SYN) && g.Seq == s.From.RcvNxt && s.From.SndUna < g.Ack && g.Ack <= s.From.SndNxt
	return isNew && s.To.State != model.Closed && s.To.SndUna < g.Ack
}

// misstates reports whether a connection acknowledges another number than RCV.NXT.
func misstates(s *Step) bool {
	return s.To.State > model.SynReceived && s.Effect.Sent.Ctl.Has(model.ACK) && !sendsRST(s) && s.Effect.Sent.Ack != s.To.RcvNxt
}

// meetsSYN reports whether a SYN arrives at a synchronized connection.
func meetsSYN(s *Step) bool {
	return s.From.State > model.SynReceived && s.Arrived.Ctl.Has(model.SYN) && !s.Arrived.Ctl.Has(model.RST)
}

// arrives reports whether a segment that acknowledges, and is no RST, meets a connection.
func arrives(s *Step) bool {
	return s.From.State > model.SynReceived && s.Arrived.Ctl.Has(model.ACK) && !s.Arrived.Ctl.Has(model.RST)
}

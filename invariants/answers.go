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
		Sentence: "What arrives before the peer's FIN was received and has text or a FIN, and whatever begins before RCV.NXT, is acknowledged, now or later, if it is no RST.",
		Source:   "RFC 9293, 3.10.7.4, first and eighth; 3.8.6.3",
		Applies:  oneConnection,
		Patterns: patterns(Pattern{Kind: explore.Steps, Step: func(s *Step) bool {
			g := s.Arrived
			return arrives(s) && (g.SpaceLen() > 0 && !s.From.FinReceived() || g.Seq < s.From.RcvNxt) && s.To.State != model.Closed &&
				!s.Effect.Sent.Ctl.Has(model.ACK) && !s.To.Owes
		}}),
		Premise: patterns(Pattern{Kind: explore.Steps, Step: func(s *Step) bool {
			return arrives(s) && s.Arrived.SpaceLen() > 0
		}}),
	},
	{
		Name:     "keeps-trying",
		Sentence: "A timer runs as long as something that was submitted is not acknowledged, and a FIN that was not sent is queued.",
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
		Premise: patterns(Pattern{Kind: explore.States, Self: func(e *End) bool { return e.Outstanding() || e.Blocked() }}),
	},
	{
		Name:     "resends",
		Sentence: "The retransmission timer sends the oldest number again that is not acknowledged, and nothing else sends anything again.",
		Source:   "RFC 9293, 3.10.8; RFC 6298, 5.4",
		Patterns: patterns(Pattern{Kind: explore.Steps, Step: func(s *Step) bool {
			sent := s.Effect.Sent
			if s.timesOut(model.Retransmission) && s.To.State != model.Closed && !s.renewed() {
				return sent.SpaceLen() == 0 || sent.Seq != s.From.SndUna
			}
			return s.From.State > model.SynReceived && !s.renewed() && sent.SpaceLen() > 0 && sent.Seq < s.From.SndNxt
		}}),
		Premise: patterns(Pattern{Kind: explore.Steps, Step: func(s *Step) bool {
			return s.timesOut(model.Retransmission) && s.To.State != model.Closed
		}}),
	},
	{
		Name:     "ack-taken",
		Sentence: "An acknowledgement of something new, in a segment that begins at RCV.NXT, advances SND.UNA.",
		Source:   "RFC 9293, 3.10.7.4, fifth",
		Patterns: patterns(Pattern{Kind: explore.Steps, Step: func(s *Step) bool {
			return acksNew(s) && s.To.State != model.Closed && s.To.SndUna < s.Arrived.Ack
		}}),
		Premise: patterns(Pattern{Kind: explore.Steps, Step: acksNew}),
	},
	{
		Name:     "acks-next",
		Sentence: "What a connection sends, and is no RST, acknowledges RCV.NXT: a challenge ACK, too.",
		Source:   "RFC 9293, 3.10.7.4, first and fourth; RFC 5961, 3.2",
		Patterns: patterns(Pattern{Kind: explore.Steps, Step: func(s *Step) bool {
			return acknowledgesInConnection(s) && s.Effect.Sent.Ack != s.To.RcvNxt
		}}),
		Premise: patterns(Pattern{Kind: explore.Steps, Step: acknowledgesInConnection}),
	},
	{
		Name:     "syn-answered",
		Sentence: "A SYN that meets a connection is answered, now or later.",
		Source:   "RFC 9293, 3.10.7.4, first and fourth; RFC 5961, 4.2; 3.5.1",
		Patterns: patterns(Pattern{Kind: explore.Steps, Step: func(s *Step) bool {
			return meetsSYN(s) && s.Effect.Sent == (model.Segment{}) && !s.To.Owes
		}}),
		Premise: patterns(Pattern{Kind: explore.Steps, Step: meetsSYN}),
		Applies: func(c model.Config) string {
			if c.Reopen == 0 && c.Start != model.StartClosed && !c.Stray.Segment.Ctl.Has(model.SYN) {
				return "no SYN is sent"
			}
			return ""
		},
	},
	{
		Name:     "within-r2",
		Sentence: "No segment is retransmitted more often than R2 allows.",
		Source:   "RFC 9293, 3.8.3 (MUST-20)",
		Patterns: func(c model.Config) []Pattern {
			return byEnd(r2Of(c), func(r2 model.Limit) []Pattern {
				return one(Pattern{Kind: explore.States, Self: func(e *End) bool {
					return r2 != model.Unlimited && e.Outstanding() && int(e.Rtx) > int(r2)
				}})
			})
		},
		Premise: func(c model.Config) []Pattern {
			return byEnd(r2Of(c), func(r2 model.Limit) []Pattern {
				return one(Pattern{Kind: explore.States, Self: func(e *End) bool {
					return r2 != model.Unlimited && e.Outstanding() && int(e.Rtx) >= int(r2)
				}})
			})
		},
		Applies: func(c model.Config) string {
			if !c.AnyEnd(func(e model.Endpoint) bool { return e.R2 != model.Unlimited }) {
				return "R2 is unlimited"
			}
			return ""
		},
	},
}

// acksNew reports whether a segment that begins at RCV.NXT acknowledges what was not
// acknowledged before.
func acksNew(s *Step) bool {
	g := s.Arrived
	return arrives(s) && !g.Ctl.Has(model.SYN) && g.Seq == s.From.RcvNxt && s.From.SndUna < g.Ack && g.Ack <= s.From.SndNxt
}

// acknowledgesInConnection reports whether a synchronized connection sends something that
// is no RST.
func acknowledgesInConnection(s *Step) bool {
	return s.To.State > model.SynReceived && s.Effect.Sent.Ctl.Has(model.ACK) && !sendsRST(s)
}

// meetsSYN reports whether a SYN arrives at a synchronized connection.
func meetsSYN(s *Step) bool {
	return s.From.State > model.SynReceived && s.Arrived.Ctl.Has(model.SYN) && !s.Arrived.Ctl.Has(model.RST)
}

func r2Of(c model.Config) func(model.Side) model.Limit {
	return func(side model.Side) model.Limit { return c.Ends[side].R2 }
}

// arrives reports whether a segment that acknowledges, and is no RST, meets a connection.
func arrives(s *Step) bool {
	return s.From.State > model.SynReceived && s.Arrived.Ctl.Has(model.ACK) && !s.Arrived.Ctl.Has(model.RST)
}

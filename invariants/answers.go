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
}

// arrives reports whether a segment that acknowledges, and is no RST, meets a connection.
func arrives(s *Step) bool {
	return s.From.State > model.SynReceived && s.Arrived.Ctl.Has(model.ACK) && !s.Arrived.Ctl.Has(model.RST)
}

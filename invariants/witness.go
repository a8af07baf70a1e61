package invariants

import (
	"slices"

	"tcpclose/explore"
	"tcpclose/model"
)

// Runs of the close that are worth seeing. An unreachable witness is itself a verdict.
var closeWitnesses = []*Property{
	{
		Name:     "normal-close",
		Sentence: "Both sides close, one after the other, and end normally.",
		Source:   "RFC 9293, figure 12",
		Witness:  true,
		Patterns: patterns(Pattern{Kind: explore.Steps, Needs: MonitorTold | MonitorRole,
			Step: func(s *Step) bool { return endsTimeWait(s) && s.Kind == model.Timeouts },
			Peer: func(e *End) bool { return e.State == model.Closed && e.Ended() == Normal && !e.Waited() },
		}),
	},
	{
		Name:     "simultaneous-close",
		Sentence: "Both sides close at the same time, and both wait in TIME-WAIT.",
		Source:   "RFC 9293, figure 13",
		Witness:  true,
		Patterns: patterns(Pattern{Kind: explore.States, Self: inTimeWait, Peer: inTimeWait}),
	},
	{
		Name:     "half-closed",
		Sentence: "One side has closed and waits in FIN-WAIT-2, the other has not, and nothing moves.",
		Source:   "RFC 9293, 3.6.1; notes, W2",
		Witness:  true,
		Patterns: patterns(Pattern{Kind: explore.States,
			Self: func(e *End) bool { return e.State == model.FinWait2 },
			Peer: func(e *End) bool { return e.State == model.CloseWait && !e.Outstanding() },
			Out:  empty, In: empty,
		}),
	},
	{
		Name:     "late-fin",
		Sentence: "A FIN arrives in CLOSED and is answered by an RST.",
		Source:   "RFC 9293, 3.10.7.1; notes, L3 and L4",
		Witness:  true,
		Patterns: patterns(Pattern{Kind: explore.Steps, Step: func(s *Step) bool {
			return s.Arrived.Ctl.Has(model.FIN) && sendsRST(s)
		}}),
	},
	{
		Name:     "two-generals",
		Sentence: "One application is told that the connection closed normally, the other is told otherwise.",
		Source:   "the negation of agreement",
		Witness:  true,
		Patterns: patterns(agreementBroken),
	},
	{
		Name:     "assassination",
		Sentence: "An RST ends TIME-WAIT.",
		Source:   "RFC 1337, 2",
		Witness:  true,
		Patterns: patterns(Pattern{Kind: explore.Steps, Step: func(s *Step) bool { return endsTimeWait(s) && byRST(s) }}),
	},
	{
		Name:     "challenge",
		Sentence: "An RST in the window but not at RCV.NXT is answered by a challenge ACK.",
		Source:   "RFC 5961, 3.2",
		Witness:  true,
		Patterns: patterns(Pattern{Kind: explore.Steps, Step: func(s *Step) bool {
			return s.Arrived.Ctl.Has(model.RST) && s.Effect.Clauses.Has(model.RSTChallenged)
		}}),
	},
	{
		Name:     "data-and-fin",
		Sentence: "Data and FIN arrive in one segment.",
		Source:   "RFC 9293, 3.4 and 3.10.7.4",
		Witness:  true,
		Patterns: patterns(Pattern{Kind: explore.Steps, Step: func(s *Step) bool {
			return s.Arrived.Ctl.Has(model.FIN) && s.To.RcvNxt > s.From.RcvNxt+1
		}}),
		Applies: func(c model.Config) string {
			if !slices.ContainsFunc(c.Apps[:], func(a model.App) bool { return a.Octets > 0 }) {
				return "nobody writes anything"
			}
			return ""
		},
	},
	{
		Name:     "note-2",
		Sentence: "FIN-WAIT-1 goes directly to TIME-WAIT: the peer's FIN carries the acknowledgement of this side's FIN.",
		Source:   "RFC 9293, 3.3.2, note 2; notes, Y2",
		Witness:  true,
		Patterns: patterns(Pattern{Kind: explore.Steps, Step: func(s *Step) bool {
			return s.From.State == model.FinWait1 && s.To.State == model.TimeWait
		}}),
	},
}

func inTimeWait(e *End) bool { return e.State == model.TimeWait }

func empty(packets []model.Packet) bool { return len(packets) == 0 }

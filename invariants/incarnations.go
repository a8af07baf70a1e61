package invariants

import (
	"tcpclose/explore"
	"tcpclose/model"
)

// What is about two connections on the same pair of ports. Which connection a
// segment belongs to is history that no endpoint sees (model.Tag).

var incarnationProperties = []*Property{
	again(&Property{
		Name:     "old-text",
		Sentence: "No octet of an earlier connection is accepted by a later one.",
		Source:   "RFC 9293, 3.4.1; RFC 1337, 1 (H1)",
		Patterns: patterns(Pattern{Kind: explore.Steps, Step: func(s *Step) bool {
			by := s.Effect.Clauses
			return s.old() && s.Arrived.Len > 0 && (by.Has(model.TextDelivered) || by.Has(model.SeqHolds))
		}}),
		Premise: patterns(Pattern{Kind: explore.Steps, Step: func(s *Step) bool { return s.old() && s.Arrived.Len > 0 }}),
	}),
	again(&Property{
		Name:     "old-fin",
		Sentence: "No FIN of an earlier connection is accepted by a later one.",
		Source:   "RFC 9293, 3.4.1",
		Patterns: patterns(Pattern{Kind: explore.Steps, Step: func(s *Step) bool {
			return s.old() && s.Arrived.Ctl.Has(model.FIN) && !s.From.FinReceived() && s.To.FinReceived()
		}}),
		Premise: patterns(Pattern{Kind: explore.Steps, Step: func(s *Step) bool {
			return s.old() && s.Arrived.Ctl.Has(model.FIN)
		}}),
	}),
	again(&Property{
		Name:     "old-syn",
		Sentence: "No connection is established with the SYN, or by an acknowledgement, of an earlier one.",
		Source:   "RFC 9293, 3.5: the three-way handshake",
		Patterns: patterns(Pattern{Kind: explore.Steps, Step: func(s *Step) bool {
			return establishes(s) && (s.Of.To != s.From.Life || s.Of.From != s.To.Peer)
		}}),
		Premise: patterns(Pattern{Kind: explore.Steps, Step: func(s *Step) bool { return establishes(s) && s.From.Life > 1 }}),
	}),
	again(&Property{
		Name:     "old-ack",
		Sentence: "No acknowledgement of an earlier connection advances SND.UNA in a later one.",
		Source:   "RFC 9293, 3.4.1",
		Patterns: patterns(Pattern{Kind: explore.Steps, Step: func(s *Step) bool {
			return s.old() && s.From.State > model.Listen && s.To.State > model.Listen && s.To.SndUna > s.From.SndUna && s.To.Life == s.From.Life
		}}),
		Premise: patterns(Pattern{Kind: explore.Steps, Step: func(s *Step) bool {
			return s.old() && s.Arrived.Ctl.Has(model.ACK)
		}}),
	}),
	again(&Property{
		Name:     "old-rst",
		Sentence: "No connection is ended by an RST of an earlier one, or by one in answer to a segment of an earlier one.",
		Source:   "RFC 9293, 3.5.2; RFC 1337, 1 (H3)",
		Patterns: patterns(Pattern{Kind: explore.Steps, Step: func(s *Step) bool {
			return s.old() && s.Arrived.Ctl.Has(model.RST) && s.changes()
		}}),
		Premise: patterns(Pattern{Kind: explore.Steps, Step: func(s *Step) bool {
			return s.old() && s.Arrived.Ctl.Has(model.RST)
		}}),
	}),
	again(&Property{
		Name:     "in-step",
		Sentence: "No segment of a connection acknowledges what the other end has not sent in it: the ends agree on their numbers.",
		Source:   "RFC 9293, 3.4; RFC 1337, 1 (H2)",
		Patterns: patterns(Pattern{Kind: explore.Steps, Step: func(s *Step) bool {
			return s.From.State >= model.Established && s.From.State != model.TimeWait && s.From.Life > 1 && !s.old() && s.Effect.Clauses.Has(model.AckUnsent)
		}}),
		Premise: patterns(Pattern{Kind: explore.Steps, Step: func(s *Step) bool {
			return s.From.State >= model.Established && s.From.Life > 1 && !s.old() && s.Arrived.Ctl.Has(model.ACK)
		}}),
	}),
	{
		Name:     "syn-taken",
		Sentence: "The SYN of a new connection that meets TIME-WAIT, where the user would listen, opens it.",
		Source:   "RFC 9293, 3.6.1 (MAY-2); RFC 6191",
		Patterns: patterns(Pattern{Kind: explore.Steps, Step: func(s *Step) bool {
			return newSYN(s) && s.To.State == model.TimeWait
		}}),
		Premise: patterns(Pattern{Kind: explore.Steps, Step: newSYN}),
		Applies: func(c model.Config) string {
			if c.Reopen == 0 || c.Choices[model.TimeWaitReuse] == model.ReuseOff {
				return "TIME-WAIT is not reused"
			}
			return ""
		},
	},
	again(&Property{
		Name:     "replaced-late",
		Sentence: "A connection is replaced by the next only in TIME-WAIT, or when it is gone.",
		Source:   "RFC 9293, 3.10.1 and 3.6.1 (MUST-13)",
		Patterns: patterns(Pattern{Kind: explore.Steps, Step: func(s *Step) bool {
			return s.To.Life > s.From.Life && s.From.State != model.Closed && s.From.State != model.TimeWait
		}}),
		Premise: patterns(Pattern{Kind: explore.Steps, Step: func(s *Step) bool { return s.To.Life > s.From.Life }}),
	}),
}

// again is p, about connections that are opened again.
func again(p *Property) *Property {
	p.Applies = func(c model.Config) string {
		if c.Reopen == 0 {
			return "no connection is opened again"
		}
		return ""
	}
	return p
}

// old reports whether a segment arrives at a connection, which is not in
// TIME-WAIT, to which it does not belong.
func (s *Step) old() bool {
	switch s.From.State {
	case model.Closed, model.Listen, model.TimeWait:
		return false
	}
	of, t := s.Of, &s.From
	return of.To != 0 && of.To < t.Life || of.From != 0 && t.Peer != 0 && of.From < t.Peer
}

// establishes: the arriving segment ends the handshake.
func establishes(s *Step) bool { return s.Effect.Clauses.Has(model.Opens) }

// newSYN: the SYN of a connection that the peer has opened since meets TIME-WAIT,
// of a user that has not opened all of its.
func newSYN(s *Step) bool {
	return s.From.State == model.TimeWait && s.Arrived.Ctl == model.SYN && s.Of.From > s.From.Peer
}

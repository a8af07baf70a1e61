package invariants

import (
	"tcpclose/explore"
	"tcpclose/model"
)

var resetProperties = []*Property{
	{
		Name:     "rst-answers-rst",
		Sentence: "An RST is never answered by an RST; one that begins before RCV.NXT and is not acceptable there is not answered at all.",
		Source:   "RFC 9293, 3.10.7.1; 3.5.2; 3.10.7.4, first",
		Patterns: byReading(func(r reading, s *Step) bool {
			old := oldNumberRST(s) && !r.accepts(s) && s.Effect.Sent != (model.Segment{})
			return s.Arrived.Ctl.Has(model.RST) && sendsRST(s) || old
		}),
		Premise: patterns(Pattern{Kind: explore.Steps, Step: func(s *Step) bool { return s.Arrived.Ctl.Has(model.RST) }}),
	},
	{
		Name:     "rst-origin",
		Sentence: "An RST is sent only by an endpoint without a connection, or before one is established, in answer to a segment other than an RST; by ABORT before both sides have closed; because nobody will read what has arrived; or by a decision about RSTs.",
		Source:   "RFC 9293, 3.5.2, group 1; 3.10.5; 3.6.1 (SHLD-3)",
		Patterns: byReading(func(r reading, s *Step) bool {
			return sendsRST(s) && !answersUnconnected(s) && !byAbortBeforeEnd(s) && !byUnread(s) && !byLateText(s) && !r.resets(s)
		}),
		Premise: patterns(anRST),
	},
	{
		Name:     "rst-ends",
		Sentence: "An endpoint that sends an RST has no connection any more, or none yet, unless ABORT leaves it in TIME-WAIT. Nor has one that receives an RST at RCV.NXT, unless in TIME-WAIT.",
		Source:   "RFC 9293, 3.10.5; 3.5.2; 3.6.1 (SHLD-3); 3.10.7.4, second",
		Patterns: patterns(Pattern{Kind: explore.Steps, Step: func(s *Step) bool {
			sent := sendsRST(s) && !answersUnconnected(s) && !(byAbort(s) && s.To.State == model.TimeWait)
			return s.To.State != model.Closed && (sent || meetsExactRST(s))
		}}),
		Premise: patterns(anRST),
	},
	{
		Name:     "no-reset",
		Sentence: "No application is told of a reset.",
		Source:   "the expected result when nobody aborts; notes, L5",
		Patterns: patterns(Pattern{Kind: explore.Steps, Step: func(s *Step) bool { return s.Effect.Told&model.ToldReset != 0 && !s.From.Orphan }}),
		Premise:  patterns(anRST),
	},
}

// oldNumberRST reports whether an RST that begins before RCV.NXT meets a connection.
func oldNumberRST(s *Step) bool {
	return s.From.State > model.SynReceived && s.Arrived.Ctl.Has(model.RST) && s.Arrived.Seq < s.From.RcvNxt
}

// meetsExactRST reports whether an RST that is acceptable by every reading meets a
// connection that it is to end: in TIME-WAIT it may be ignored.
func meetsExactRST(s *Step) bool {
	return s.From.State > model.SynReceived && s.From.State != model.TimeWait && s.Arrived.Ctl.Has(model.RST) && s.Arrived.Seq == s.From.RcvNxt
}

func answersUnconnected(s *Step) bool {
	return s.From.State <= model.SynReceived && s.Kind == model.Deliveries && !s.Arrived.Ctl.Has(model.RST)
}

func byAbortBeforeEnd(s *Step) bool {
	switch s.From.State {
	case model.Closed, model.Closing, model.LastAck, model.TimeWait:
		return false
	}
	return byAbort(s)
}

// anRST is that somebody sends an RST.
var anRST = Pattern{name: "an RST", Kind: explore.Steps, Step: sendsRST}

func sendsRST(s *Step) bool { return s.Effect.Sent.Ctl.Has(model.RST) }

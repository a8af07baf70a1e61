package invariants

import (
	"tcpclose/explore"
	"tcpclose/model"
)

// witnessStep returns the witness of a step of self.
func witnessStep(name, sentence, source string, applies func(model.Config) string, step func(*Step) bool, needs ...Monitors) *Property {
	p := Pattern{Kind: explore.Steps, Step: step}
	for _, n := range needs {
		p.Needs |= n
	}
	return &Property{Name: name, Sentence: sentence, Source: source, Witness: true, Applies: applies, Patterns: patterns(p)}
}

// Runs with windows, readers, a half close and delayed acknowledgements.
var windowWitnesses = []*Property{
	{
		Name:     "fin-waits",
		Sentence: "A FIN waits in FIN-WAIT-1 for the peer's window to open.",
		Source:   "RFC 9293, 3.10.4 (ESTABLISHED) and 3.8.6.1",
		Witness:  true,
		Applies:  onlyWithBuffer,
		Patterns: patterns(Pattern{Kind: explore.States, Self: func(e *End) bool {
			return e.State == model.FinWait1 && !e.FinSent() && e.SndWnd.Size() == 0
		}}),
	},
	{
		Name:     "fin-waits-late",
		Sentence: "CLOSE was called, and the FIN waits in CLOSE-WAIT for the peer's window to open.",
		Source:   "RFC 9293, 3.10.4 (CLOSE-WAIT) and 3.8.6.1",
		Witness:  true,
		Applies:  onlyWithBuffer,
		Patterns: patterns(Pattern{Kind: explore.States, Self: func(e *End) bool {
			return e.State == model.CloseWait && e.CloseCalled() && e.SndWnd.Size() == 0
		}}),
	},
	witnessStep("window-opens", "The window opens, and the FIN that waited for it is sent.",
		"RFC 9293, 3.10.7.4, fifth (SND.WND)", onlyWithBuffer,
		func(s *Step) bool { return s.Kind == model.Deliveries && byOwnFin(s) }),
	witnessStep("fin-probes", "The FIN itself is sent as a zero-window probe, and is refused.",
		"RFC 9293, 3.8.6.1 (MUST-36)", onlyWithBuffer,
		func(s *Step) bool {
			return s.Arrived.Ctl.Has(model.FIN) && s.Arrived.Len == 0 && s.Arrived.Seq == s.From.RcvNxt &&
				s.Effect.Clauses.Has(model.SeqAnswers)
		}),
	witnessStep("held-fin", "A FIN is held behind a hole, and accepted when the hole is filled.",
		"RFC 9293, 3.10.7.4, first (SHLD-31)", func(c model.Config) string {
			if !c.AnyEnd(func(e model.Endpoint) bool { return e.Choices[model.OutOfOrder] == model.SegmentHeld }) {
				return "what is out of order is dropped"
			}
			return ""
		},
		func(s *Step) bool { return s.From.HeldFin && !s.From.FinReceived() && s.To.FinReceived() }),
	witnessStep("half-close-data", "The passive side wrote before the peer's FIN, and continues to write in CLOSE-WAIT.",
		"RFC 9293, 3.6, case 1; notes, W2", func(c model.Config) string {
			if mostOctets(c) < 2 {
				return "nobody writes twice"
			}
			return ""
		},
		func(s *Step) bool { return s.calls(model.Send) && s.From.State == model.CloseWait && s.Before.Early() }, MonitorEarly),
	witnessStep("half-close-read", "A side that has closed receives text in FIN-WAIT-2.",
		"RFC 9293, 3.6, case 1", func(c model.Config) string {
			if mostOctets(c) == 0 {
				return "nobody writes anything"
			}
			return ""
		},
		func(s *Step) bool { return s.From.State == model.FinWait2 && s.Effect.Delivered > 0 }),
	witnessStep("three-segments", "The acknowledgement of a FIN waits and is piggybacked on the second FIN: the close takes three segments.",
		"RFC 9293, 3.3.2, note 2; 3.8.6.3; notes, Y2", onlyDelayed,
		func(s *Step) bool {
			return s.From.State == model.CloseWait && s.From.Owes && s.Effect.Sent.Ctl.Has(model.FIN)
		}),
	{
		Name:     "ack-withheld",
		Sentence: "A closer gives up while the peer, which has its FIN, withholds the acknowledgement.",
		Source:   "RFC 9293, 3.8.6.3 (MUST-40), not followed; notes, Y2",
		Witness:  true,
		Applies:  onlyDelayed,
		Patterns: patterns(Pattern{Kind: explore.Steps,
			Step: func(s *Step) bool { return byR2(s) && s.Changes() },
			Peer: func(e *End) bool { return e.State == model.CloseWait && e.Owes },
		}),
	},
}

func onlyWithBuffer(c model.Config) string {
	if c.Apps[model.A].Buffer == model.Wide && c.Apps[model.B].Buffer == model.Wide {
		return "no buffer is limited"
	}
	return ""
}

func onlyDelayed(c model.Config) string {
	if !c.AnyEnd(func(e model.Endpoint) bool { return e.AckDelay != 0 }) {
		return "no acknowledgement is delayed"
	}
	return ""
}

package invariants

import (
	"tcpclose/explore"
	"tcpclose/model"
)

var toldProperties = []*Property{
	{
		Name:     "told",
		Sentence: "When a connection ends, its end has reported how: normally, by a reset, or by a timeout.",
		Source:   "RFC 9293, 3.6 (MUST-12); 3.5.3",
		Patterns: patterns(Pattern{Kind: explore.States, Needs: MonitorTold, Self: func(e *End) bool { return e.Ended() == Untold }}),
		Premise:  patterns(Pattern{Kind: explore.States, Needs: MonitorTold, Self: func(e *End) bool { return e.Ended() != Open }}),
	},
	{
		Name:     "end-of-file",
		Sentence: "An application is told of the end of file only after it has received every octet before the FIN, in order.",
		Source:   "RFC 9293, 3.6 and 3.10.7.4, eighth",
		Applies:  oneConnection,
		Patterns: func(c model.Config) (list []Pattern) {
			for n := range mostOctets(c) + 1 {
				list = append(list, Pattern{
					Kind: explore.Steps, Needs: MonitorDelivery,
					Step: func(s *Step) bool { return tellsEOF(s) && s.After.Delivered() != n },
					Peer: func(e *End) bool { return e.Memory.Written() == n },
				})
			}
			return list
		},
		Premise: patterns(Pattern{Kind: explore.Steps, Step: tellsEOF}),
	},
	{
		Name:     "readable",
		Sentence: "Text that arrived before the peer's FIN can be read, even when both sides have closed.",
		Source:   "what one expects of a half close; RFC 9293, 3.10.3, says otherwise",
		Patterns: patterns(Pattern{Kind: explore.States, Needs: MonitorTold, Self: func(e *End) bool { return e.Ended() == Unread }}),
		Premise: patterns(Pattern{Kind: explore.States, Self: func(e *End) bool {
			return e.Unread > 0 && (e.State == model.Closing || e.State == model.LastAck || e.State == model.TimeWait)
		}}),
		Applies: func(c model.Config) string {
			if !slowReader(c, model.A) && !slowReader(c, model.B) {
				return "everything is read at once, or never"
			}
			return ""
		},
	},
	{
		Name:     "unread-kept",
		Sentence: "Text that has arrived, and been acknowledged, is not taken from a user that goes on reading, and not kept for one that has closed for good.",
		Source:   "what a client expects of a response; RFC 9293, 3.10.7.4, second, and 3.10.8 (queues are flushed), say otherwise; 3.6.1 (SHLD-3)",
		Patterns: func(c model.Config) []Pattern {
			never := func(side model.Side) bool { return c.Apps[side].Reads == model.ReadNever }
			return byEnd(never, func(never bool) []Pattern {
				return one(onStep(func(s *Step) bool {
					dead := s.To.State != model.Closed && s.To.Orphan && s.To.Unread > 0 // its window will not open
					return dead || !never && losesUnread(s) && s.Effect.Delivered == 0 && s.To.Unread < s.From.Unread
				}))
			})
		},
		Applies: func(c model.Config) string {
			if !slowReader(c, model.A) && !slowReader(c, model.B) {
				return "everything is read at once, or never"
			}
			return ""
		},
		Premise: patterns(somethingArrives),
	},
	{
		Name:     "delivered",
		Sentence: "When both ends report that the connection closed normally, each application has received every octet that the other wrote.",
		Source:   "RFC 9293, 3.6",
		Patterns: func(c model.Config) (list []Pattern) {
			for n := range mostOctets(c) + 1 {
				list = append(list, Pattern{
					Kind: explore.States, Needs: MonitorTold | MonitorDelivery,
					Self: func(e *End) bool { return e.Ended() == Normal && e.Memory.Written() == n },
					Peer: func(e *End) bool { return e.Ended() == Normal && e.Delivered() != n },
				})
			}
			return list
		},
		Premise: patterns(Pattern{Kind: explore.States, Needs: MonitorTold | MonitorDelivery,
			Self: func(e *End) bool { return e.Ended() == Normal },
			Peer: func(e *End) bool { return e.Ended() == Normal && e.Delivered() > 0 },
		}),
		Applies: func(c model.Config) string {
			if c.Apps[model.A].Octets == 0 && c.Apps[model.B].Octets == 0 {
				return "nobody writes anything"
			}
			return oneConnection(c)
		},
	},
	{
		Name:     "agreement",
		Sentence: "When one end reports that the connection closed normally, the other does not report otherwise.",
		Source:   "the two generals; notes, T1",
		Applies:  oneConnection,
		Patterns: patterns(agreementBroken),
		Premise:  patterns(Pattern{Kind: explore.States, Needs: MonitorTold, Self: endedNormally}),
	},
}

// agreementBroken is that one side is told of a normal end and the other of
// another.
var agreementBroken = Pattern{
	Kind: explore.States, Needs: MonitorTold,
	Self: endedNormally,
	Peer: func(e *End) bool { return e.Ended() == Reset || e.Ended() == TimedOut || e.Ended() == Untold },
}

// slowReader reports whether a side has text to read, and takes its time.
func slowReader(c model.Config, s model.Side) bool {
	return c.Apps[s].Reads == model.ReadSlowly && c.Apps[s.Peer()].Octets > 0
}

// losesUnread reports whether something other than its own user's call happens to a
// connection that has text for a user that reads.
func losesUnread(s *Step) bool {
	return s.Kind != model.Calls && s.From.Unread > 0 && !s.From.Orphan
}

// tellsEOF reports whether a user that reads comes to the end of file.
func tellsEOF(s *Step) bool { return s.Effect.Told&model.ToldEOF != 0 && !s.From.Orphan }

func mostOctets(c model.Config) uint8 { return max(c.Apps[model.A].Octets, c.Apps[model.B].Octets) }

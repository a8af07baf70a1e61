package invariants

import (
	"slices"

	"tcpclose/explore"
	"tcpclose/model"
)

var timeWaitProperties = []*Property{
	{
		Name:     "time-wait-2msl",
		Sentence: "Only an acceptable RST, ABORT, a crash or the next connection ends TIME-WAIT before 2 MSL have passed since it was entered or the peer's FIN last arrived again.",
		Source:   "RFC 9293, 3.6.1 (MUST-13); 3.10.7.4, fifth and eighth",
		Patterns: func(c model.Config) []Pattern {
			return []Pattern{{Kind: explore.Steps, Needs: MonitorClock, Step: func(s *Step) bool {
				return endsTimeWait(s) && !byRST(s) && !byAbort(s) && !s.calls(model.Crash) && !s.renewed() && tooSoon(s, c)
			}}}
		},
		Premise: patterns(timeWaitLeft),
	},
	{
		Name:     "time-wait-unbroken",
		Sentence: "Nothing at all ends TIME-WAIT before 2 MSL have passed.",
		Source:   "the stronger wording; RFC 1337, 2, says that it is false",
		Patterns: func(c model.Config) []Pattern {
			return []Pattern{{Kind: explore.Steps, Needs: MonitorClock, Step: func(s *Step) bool {
				return endsTimeWait(s) && tooSoon(s, c)
			}}}
		},
		Premise: patterns(timeWaitLeft),
	},
	{
		Name:     "time-wait-ends",
		Sentence: "TIME-WAIT ends, at the latest its length after it was entered or the peer's FIN last arrived again.",
		Source:   "RFC 9293, 3.6.1 (MUST-13) and 3.10.7.4, eighth; the fifth step, read literally, says otherwise (traps 2 and 9)",
		Patterns: func(c model.Config) []Pattern {
			return byEnd(c.TimeWaitOf, func(length int) []Pattern {
				return one(Pattern{Kind: explore.States, Needs: MonitorClock, Self: func(e *End) bool {
					return inTimeWait(e) && (e.Wait == model.Never || int(e.Since())-1+int(e.Wait) > length)
				}})
			})
		},
		Premise: patterns(Pattern{Kind: explore.States, Self: inTimeWait}),
	},
	{
		Name:     "quiet",
		Sentence: "When the time-wait timer fires and the peer has closed normally, no octet and no FIN of the connection is left in the network.",
		Source:   "RFC 9293, 3.4.1 and 3.6.1: what 2 MSL is for; notes, T2",
		Patterns: leftBehind(func(g model.Segment) bool { return g.Len > 0 || g.Ctl.Has(model.FIN) }),
		Premise:  patterns(timeWaitEnds),
	},
	{
		Name:     "quiet-fin",
		Sentence: "When the time-wait timer fires and the peer has closed normally, no FIN of the connection is left in the network.",
		Source:   "the weaker wording of quiet",
		Patterns: leftBehind(func(g model.Segment) bool { return g.Ctl.Has(model.FIN) }),
		Premise:  patterns(timeWaitEnds),
	},
	{
		Name:     "one-waits",
		Sentence: "When both sides have closed normally, at least one of them has been in TIME-WAIT.",
		Source:   "RFC 9293, 3.6 and figure 5; notes, N1",
		Applies:  oneConnection,
		Patterns: patterns(Pattern{
			Kind: explore.States, Needs: MonitorTold | MonitorRole,
			Self: func(e *End) bool { return e.Ended() == Normal && !e.Waited() },
			Peer: func(e *End) bool { return e.Ended() == Normal && !e.Waited() },
		}),
		Premise: patterns(Pattern{Kind: explore.States, Needs: MonitorTold, Self: endedNormally, Peer: endedNormally}),
	},
}

// endsTimeWait reports whether TIME-WAIT is left.
func endsTimeWait(s *Step) bool { return s.From.State == model.TimeWait && s.Changes() }

// tooSoon reports whether 2 MSL of the network have not passed since the time-wait timer was last to
// be started, whatever its end takes the MSL for.
func tooSoon(s *Step, c model.Config) bool { return int(s.Before.Since()) < 1+2*int(c.MSL) }

func endedNormally(e *End) bool { return e.Ended() == Normal }

// timeWaitLeft is that TIME-WAIT is left.
var timeWaitLeft = Pattern{name: "TIME-WAIT is left", Kind: explore.Steps, Step: endsTimeWait}

// timeWaitEnds matches when the time-wait timer fires and the peer has closed normally.
var timeWaitEnds = Pattern{
	name: "the time-wait timer fires",
	Kind: explore.Steps, Needs: MonitorTold,
	Step: func(s *Step) bool { return endsTimeWait(s) && s.Kind == model.Timeouts },
	Peer: endedNormally,
}

// leftBehind returns the same with a segment left in the network, in either
// direction, for which old holds.
func leftBehind(old func(model.Segment) bool) func(model.Config) []Pattern {
	left := func(packets []model.Packet) bool {
		return slices.ContainsFunc(packets, func(p model.Packet) bool { return old(p.Segment) })
	}
	out, in := timeWaitEnds, timeWaitEnds
	out.Out, in.In, out.name, in.name = left, left, "", "" // others now
	return patterns(out, in)
}

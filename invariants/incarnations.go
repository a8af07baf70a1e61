package invariants

import (
	"slices"

	"tcpclose/explore"
	"tcpclose/model"
)

// What is about two connections on the same pair of ports. Which connection a
// segment belongs to is history that no endpoint sees (model.Tag).

// The ways in which something of an earlier connection is accepted by a later one.
var (
	oldText = onStep(func(s *Step) bool {
		by := s.Effect.Clauses
		return s.old() && s.Arrived.Len > 0 && (by.Has(model.TextDelivered) || by.Has(model.SeqHolds))
	})
	oldFin = onStep(func(s *Step) bool {
		return s.old() && s.Arrived.Ctl.Has(model.FIN) && !s.From.FinReceived() && s.To.FinReceived()
	})
	oldSYN = onStep(func(s *Step) bool {
		return establishes(s) && (s.Of.To != s.From.Life || s.Of.From != s.To.Peer)
	})
	oldAck = onStep(func(s *Step) bool {
		return s.old() && s.To.State > model.Listen && s.To.SndUna > s.From.SndUna && s.To.Life == s.From.Life
	})
	// oldRST is of connections with one that the peer has opened since: a
	// SYN-RECEIVED that an old SYN has opened is to be ended.
	oldRST = Pattern{Kind: explore.Steps, Needs: MonitorPast, Step: func(s *Step) bool {
		return s.old() && s.Arrived.Ctl.Has(model.RST) && s.Changes() && (s.From.Peer == 0 || s.From.Peer > s.Before.Past())
	}}
	astray = onStep(func(s *Step) bool {
		return s.From.State >= model.Established && s.From.State != model.TimeWait && s.From.Life > 1 &&
			!s.old() && s.Effect.Clauses.Has(model.AckUnsent)
	})
	replaced = onStep(func(s *Step) bool { return s.To.Life > s.From.Life && s.From.Life > 0 })
)

var incarnationProperties = []*Property{
	again("old-text", "No octet of an earlier connection is accepted by a later one.",
		"RFC 9293, 3.4.1; RFC 1337, 1", one(oldText),
		func(s *Step) bool { return s.old() && s.Arrived.Len > 0 }),
	again("old-fin", "No FIN of an earlier connection is accepted by a later one.",
		"RFC 9293, 3.4.1", one(oldFin),
		func(s *Step) bool { return s.old() && s.Arrived.Ctl.Has(model.FIN) }),
	again("old-syn", "No connection is established by the SYN or an acknowledgement of an earlier one.",
		"RFC 9293, 3.5: the three-way handshake", one(oldSYN),
		func(s *Step) bool { return establishes(s) && s.From.Life > 1 }),
	again("old-ack", "No acknowledgement of an earlier connection advances SND.UNA in a later one.",
		"RFC 9293, 3.4.1", one(oldAck),
		func(s *Step) bool { return s.old() && s.Arrived.Ctl.Has(model.ACK) }),
	again("old-rst", "No connection is ended by an RST of an earlier one, or by an RST that answers a segment of an earlier one.",
		"RFC 9293, 3.5.2; RFC 1337, 1", one(oldRST),
		func(s *Step) bool { return s.old() && s.Arrived.Ctl.Has(model.RST) }),
	again("in-step", "No segment of a connection acknowledges what the other end has not sent in it: the ends agree on their numbers.",
		"RFC 9293, 3.4; RFC 1337, 1", one(astray),
		func(s *Step) bool {
			return s.From.State >= model.Established && s.From.Life > 1 && !s.old() && s.Arrived.Ctl.Has(model.ACK)
		}),
	hazard("hazard-1", "If the earlier connection closed normally at both ends, the next accepts none of its octets.",
		"RFC 1337, 1 (H1)", one(named("old text after a normal close", oldText))),
	hazard("hazard-2", "If the earlier connection closed normally at both ends, the ends of the next agree on their numbers.",
		"RFC 1337, 1 (H2)", one(astray)),
	hazard("hazard-3", "If the earlier connection closed normally at both ends, nothing of it ends the next.",
		"RFC 1337, 1 (H3)", one(named("old RST after a normal close", oldRST))),
	hazard("kept-out", "If a connection closed normally at both ends, the next accepts none of its octets, FINs, SYNs, acknowledgements and RSTs.",
		"RFC 9293, 3.4.1 and 3.6.1: what TIME-WAIT is for", one(named("old text after a normal close", oldText), oldFin, oldSYN, oldAck, named("old RST after a normal close", oldRST))),
	{
		Name:     "syn-taken",
		Sentence: "The SYN of a new connection that arrives in TIME-WAIT, where the user would listen, opens the connection.",
		Source:   "RFC 9293, 3.6.1 (MAY-2); RFC 6191",
		Patterns: func(c model.Config) []Pattern {
			return byEnd(reuses(c), func(reuses bool) []Pattern {
				return one(onStep(func(s *Step) bool { return reuses && newSYN(s, c) && s.To.State == model.TimeWait }))
			})
		},
		Premise: func(c model.Config) []Pattern {
			return byEnd(reuses(c), func(reuses bool) []Pattern {
				return one(onStep(func(s *Step) bool { return reuses && newSYN(s, c) }))
			})
		},
		Applies: func(c model.Config) string {
			if c.Reopen == 0 || !reuses(c)(model.A) && !reuses(c)(model.B) {
				return "TIME-WAIT is not reused"
			}
			return ""
		},
	},
	{
		Name:     "first-attempt",
		Sentence: "Where nothing is lost, and the connection before closed normally at both ends, a SYN of the next is taken at once in LISTEN, in a TIME-WAIT that is reused, and in any state before that, and nothing old ends what it opens before it is open. A TIME-WAIT that is not reused may turn it away.",
		Source:   "RFC 9293, 3.6.1 (MUST-13, MAY-2): what comes after TIME-WAIT, or replaces it",
		Patterns: func(c model.Config) []Pattern {
			list := byEnd(reuses(c), func(reuses bool) []Pattern {
				return one(Pattern{Kind: explore.Steps, Needs: MonitorTold, Peer: endedWell, Step: func(s *Step) bool {
					return attempt(s, c, reuses) && !s.Effect.Clauses.Has(model.SynTaken)
				}})
			})
			return append(list,
				Pattern{Kind: explore.Steps, Needs: MonitorTold | MonitorPast, Peer: func(e *End) bool { return endedWell(e) && e.State != model.Closed },
					Step: func(s *Step) bool {
						return oldRST.Step(s) && !s.Before.Spoilt() && s.From.State < model.Established
					}})
		},
		Premise: func(c model.Config) []Pattern {
			return byEnd(reuses(c), func(reuses bool) []Pattern {
				return one(Pattern{Kind: explore.Steps, Needs: MonitorTold, Peer: endedWell, Step: func(s *Step) bool { return attempt(s, c, reuses) }})
			})
		},
		Applies: func(c model.Config) string {
			switch {
			case c.Reopen == 0:
				return "no connection is opened again"
			case c.Loss != 0:
				return "segments may be lost"
			}
			return ""
		},
	},
	{
		Name:     "opens",
		Sentence: "Where nothing is lost or late, no user is told in SYN-SENT that its OPEN has timed out: the peer takes the SYN, or refuses it.",
		Source:   "what a client expects; RFC 9293, 3.5.1 and 3.10.7.3; RFC 1337's F1 says otherwise",
		Patterns: patterns(onStep(func(s *Step) bool {
			return s.From.State == model.SynSent && s.Effect.Told&model.ToldTimeout != 0
		})),
		Premise: patterns(onStep(func(s *Step) bool { return s.From.State == model.SynSent && s.Changes() })),
		Applies: opensInTime,
	},
	again("replaced-late", "The next connection replaces one only in TIME-WAIT, or when it is gone.",
		"RFC 9293, 3.10.1 and 3.6.1 (MUST-13)",
		one(onStep(func(s *Step) bool {
			return replaced.Step(s) && s.From.State != model.Closed && s.From.State != model.TimeWait
		})), replaced.Step),
}

func named(name string, p Pattern) Pattern {
	p.name = name
	return p
}

func one(list ...Pattern) []Pattern { return list }

func onStep(is func(*Step) bool) Pattern { return Pattern{Kind: explore.Steps, Step: is} }

// again returns a property of connections that are opened again.
func again(name, sentence, source string, bad []Pattern, premise func(*Step) bool) *Property {
	return &Property{
		Name: name, Sentence: sentence, Source: source,
		Patterns: patterns(bad...), Premise: patterns(onStep(premise)),
		Applies: func(c model.Config) string {
			if c.Reopen == 0 {
				return "no connection is opened again"
			}
			return ""
		},
	}
}

// hazard returns a property of a connection whose predecessor has closed normally at
// both ends, so that a violation is not due to a missing TIME-WAIT.
func hazard(name, sentence, source string, bad []Pattern) *Property {
	p := again(name, sentence, source, nil, nil)
	bad = slices.Clone(bad)
	for i, b := range bad {
		bad[i] = Pattern{name: b.name, Kind: explore.Steps, Needs: MonitorTold | b.Needs, Peer: endedWell,
			Step: func(s *Step) bool { return !s.Before.Spoilt() && b.Step(s) }}
	}
	p.Patterns = patterns(bad...)
	p.Premise = patterns(Pattern{name: "something old arrives after a normal close", Kind: explore.Steps, Needs: MonitorTold, Peer: endedWell,
		Step: func(s *Step) bool { return s.old() && !s.Before.Spoilt() }})
	return p
}

// opensInTime returns the reason for which an OPEN may well time out, or is none.
func opensInTime(c model.Config) string {
	late := func(e model.Endpoint) bool {
		return e.R2 != model.Unlimited && (int(e.R2)+1)*int(e.RTO) <= 2*c.Delay.In(c.MSL)
	}
	switch {
	case c.Reopen == 0 && c.Start != model.StartClosed:
		return "no connection is opened"
	case c.Loss != 0:
		return "segments may be lost"
	case c.AnyEnd(func(e model.Endpoint) bool { return e.Choices[model.ClosedAnswer] == model.AnswerNothing }):
		return "CLOSED does not answer"
	case c.AnyEnd(late):
		return "R2 may be over before an answer can come"
	}
	return ""
}

// endedWell reports whether the earlier connections of an end have ended normally; of one that has
// had no later one, the first.
func endedWell(e *End) bool { return !e.Spoilt() && (e.Life > 1 || e.Ended() == Normal) }

// oneConnection returns the reason for which a property of the two ends of a connection
// says nothing where they may be in different ones.
func oneConnection(c model.Config) string {
	if c.Reopen > 0 {
		return "connections are opened again"
	}
	return ""
}

// renewed reports whether a connection is replaced by a new one, or that has come to nothing.
func (s *Step) renewed() bool { return s.From.Life != s.To.Life }

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

// establishes reports whether the arriving segment ends the handshake.
func establishes(s *Step) bool { return s.Effect.Clauses.Has(model.HandshakeEnds) }

// newSYN reports whether the SYN of a connection that the peer has opened since meets TIME-WAIT,
// of a user that has not opened all of its.
func newSYN(s *Step, c model.Config) bool {
	return s.From.Life <= c.Reopen && s.From.State == model.TimeWait && s.Arrived.Ctl == model.SYN && s.Of.From > s.From.Peer
}

// reuses returns whether a SYN may open the next connection in an end's TIME-WAIT.
func reuses(c model.Config) func(model.Side) bool {
	return func(side model.Side) bool { return c.Ends[side].Choices[model.TimeWaitReuse] != model.ReuseOff }
}

// attempt reports whether the SYN of the peer's next connection arrives where the user
// listens or would listen, now or when the previous connection is over. A TIME-WAIT that
// its end does not reuse is not over.
func attempt(s *Step, c model.Config, reuses bool) bool {
	if s.Arrived.Ctl != model.SYN || s.Before.Spoilt() || s.Of.From < 2 || s.Of.From <= s.From.Peer {
		return false
	}
	switch s.From.State {
	case model.Closed, model.SynSent:
		return false
	case model.Listen:
		return true
	case model.TimeWait:
		return newSYN(s, c) && reuses
	}
	return s.From.Life <= c.Reopen
}

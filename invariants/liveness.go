package invariants

import (
	"slices"
	"strings"

	"tcpclose/explore"
	"tcpclose/explore/ltl"
	"tcpclose/model"
)

// A Liveness says what a property requires of whole runs: that something eventually
// happens, or does not go on forever.
type Liveness struct {
	// Formula must be true in all runs that satisfy the assumptions, as one side sees
	// it.
	Formula func(self, peer View) ltl.Formula
	// Joint: it says the same for either side.
	Joint bool
	// Assumes lists the assumptions about runs. Provided says what else must be true of
	// the configuration for the property to hold.
	Assumes  []*Assumption
	Provided string
	// Reachable, if there is no formula, is what can be reached from everywhere,
	// whether or not a run comes there.
	Reachable *Condition
	// Instant: a run that violates the property need take no time, so that it is no run as
	// assumed only because the network is as fast as it is.
	Instant bool
	// Occasion must occur for the property to say anything.
	Occasion *Condition
}

// A View is one side's view: it gives the atom that says that the condition holds
// with that side as self.
type View func(*Condition) ltl.Formula

// own returns the conditions of which the property itself speaks.
func (l *Liveness) own() (list []*Condition) {
	add := func(c *Condition) ltl.Formula {
		if !slices.Contains(list, c) {
			list = append(list, c)
		}
		return ltl.Formula{}
	}
	if l.Formula != nil {
		l.Formula(add, add)
	}
	for _, c := range []*Condition{l.Reachable, l.Occasion} {
		if c != nil {
			add(c)
		}
	}
	return list
}

// MostConditions is of how many conditions of states, and of how many of steps, a
// property of whole runs can speak, those of all assumptions included.
const MostConditions = 31 / 2

// Conditions returns those of which the property speaks, and those of all that can be
// assumed: what is not assumed may explain a run.
func (l *Liveness) Conditions() []*Condition {
	list := l.own()
	for _, a := range slices.Concat(l.Assumes, Assumptions) {
		for _, c := range append([]*Condition{a.Step}, a.Where...) {
			if !slices.Contains(list, c) {
				list = append(list, c)
			}
		}
	}
	return list
}

// Groups returns those of the conditions that say together, and only together, when
// something that is assumed is enabled.
func Groups(conditions []*Condition) (groups [][]*Condition) {
	for _, c := range conditions {
		for _, a := range Assumptions {
			if len(a.Where) > 1 && a.Where[0] == c {
				groups = append(groups, a.Where)
			}
		}
	}
	return groups
}

// CountConditions returns how many of the conditions are of states, and how many of steps;
// a group counts as one.
func CountConditions(conditions []*Condition) (states, steps int) {
	for _, c := range conditions {
		if c.Kind == explore.Steps {
			steps++
		} else {
			states++
		}
	}
	for _, group := range Groups(conditions) {
		states -= len(group) - 1
	}
	return states, steps
}

// States, and steps, that formulas be about.
var (
	bothLeft = &Condition{"both have closed", Pattern{Kind: explore.States, Self: hasLeft, Peer: hasLeft}}
	bothGone = &Condition{"both are CLOSED", Pattern{Kind: explore.States, Self: isClosed, Peer: isClosed}}
	drained  = &Condition{"nothing is in transit", Pattern{Kind: explore.States, Out: empty, In: empty}}
	finOut   = &Condition{"a FIN is not acknowledged", Pattern{Kind: explore.States,
		Self: func(e *End) bool { return e.FinSent() && !e.FinAcked() }}}
	// A user that has not opened its connection yet has not closed it either.
	unopened = &Condition{"a user has not opened yet, and its peer has", Pattern{Kind: explore.States,
		Self: func(e *End) bool { return isClosed(e) && e.Life == 0 }, Peer: func(e *End) bool { return e.Life > 0 }}}
	emptyForEmpty = StepCondition("an acknowledgement or RST is answered by one", func(s *Step) bool {
		return isEmpty(s.Arrived) && isEmpty(s.Effect.Sent)
	})
	answersOld = StepCondition("what carries nothing new is answered", func(s *Step) bool {
		return s.Arrived != model.Segment{} && s.Arrived.Seq+s.Arrived.SpaceLen() <= s.From.RcvNxt && s.Effect.Sent != model.Segment{}
	})
	timerSends = StepCondition("a timer sends something", func(s *Step) bool {
		return s.Kind == model.Timeouts && s.Effect.Sent != model.Segment{}
	})
	keepsAlive = StepCondition("a keep-alive probe is sent", func(s *Step) bool { return s.timesOut(model.KeepAlive) })
)

// isEmpty reports whether g is a segment without text, SYN and FIN.
func isEmpty(g model.Segment) bool { return pureAck(g) || isRST(g) && g.Len == 0 && !isFIN(g) }

func isClosed(e *End) bool { return e.State == model.Closed }
func hasLeft(e *End) bool  { return e.CloseCalled() || isClosed(e) }

// LivenessProperties lists the properties of whole runs, in the order in which
// they are reported.
var LivenessProperties = slices.Concat([]*Property{
	{
		Name:     "both-closed",
		Sentence: "Once both users have closed, both sides are eventually CLOSED.",
		Source:   "RFC 9293, 3.6: both sides close, and keep reading",
		Liveness: &Liveness{
			Joint:    true,
			Formula:  bothClose,
			Assumes:  []*Assumption{TimePasses, FinsArrive, AcksArrive, TextArrives, RSTsArrive, SYNsArrive, UsersRead},
			Provided: "nobody gives up or vanishes and leaves its peer in FIN-WAIT-2 without a timer; buffers have room; CLOSED answers; TIME-WAIT has its timer, and does not answer an acknowledgement; the network does not lose all of a kind; whoever opens at once reads acknowledgements out of sequence",
			Occasion: bothLeft,
		},
	},
	{
		Name:     "fin-settled",
		Sentence: "A FIN that was sent is eventually acknowledged, or the connection is given up.",
		Source:   "RFC 9293, 3.6 and 3.8.3",
		Liveness: left(finOut, answered, TimePasses, FinsArrive, AcksArrive, TextArrives, RSTsArrive, SYNsArrive, UsersRead),
	},
}, leavings(), []*Property{
	{
		Name:     "no-ack-war",
		Sentence: "The two sides do not answer segments that carry nothing new forever: neither acknowledgements and RSTs with the same, unless keep-alive probes cause it, nor old segments with anything, unless a timer does.",
		Source:   "RFC 9293, 3.10.7.4, first and fifth (TIME-WAIT); notes, traps",
		Liveness: &Liveness{
			Joint:    true,
			Formula:  noWar,
			Instant:  true,
			Assumes:  []*Assumption{TimePasses},
			Provided: "TIME-WAIT does not answer an acknowledgement; of two windows of zero one is open, or valid acknowledgements are read",
		},
	},
	{
		Name:     "network-drains",
		Sentence: "Once both sides stay CLOSED, eventually nothing is in transit any more.",
		Source:   "RFC 9293, 3.4.1: what the MSL is",
		Liveness: &Liveness{
			Joint: true,
			Formula: func(self, _ View) ltl.Formula {
				return ltl.Implies(ltl.Eventually(ltl.Always(self(bothGone))), ltl.Eventually(ltl.Always(self(drained))))
			},
			Assumes:  []*Assumption{TimePasses},
			Occasion: bothGone,
		},
	},
	{
		Name:     "can-always-close",
		Sentence: "From every reachable state, both sides can still reach CLOSED.",
		Source:   "RFC 9293, 3.6: weaker than both-closed, for nobody has to go there",
		Liveness: &Liveness{Joint: true, Reachable: bothGone,
			Provided: "as both-closed, and both users close"},
	},
})

// bothClose is both-closed.
func bothClose(self, peer View) ltl.Formula {
	return ltl.LeadsTo(ltl.And(self(bothLeft), ltl.Not(self(unopened)), ltl.Not(peer(unopened))), self(bothGone))
}

// noWar is no-ack-war. Where both sides answer empty segments with empty ones, the network
// may interrupt them, and a retransmission start them again. Of other exchanges it cannot
// be told whether an answer is what goes on or a timer, unless no timer sends anything.
func noWar(self, peer View) ltl.Formula {
	again := func(c *Condition) ltl.Formula {
		return ltl.And(ltl.Always(ltl.Eventually(self(c))), ltl.Always(ltl.Eventually(peer(c))))
	}
	unfed := func(c *Condition) ltl.Formula { return ltl.Eventually(ltl.Always(ltl.Not(ltl.Or(self(c), peer(c))))) }
	return ltl.Not(ltl.Or(
		ltl.And(again(emptyForEmpty), unfed(keepsAlive)),
		ltl.And(again(answersOld), unfed(timerSends)),
	))
}

// answered says what a FIN needs to be settled.
const answered = "buffers have room; CLOSED answers, or retransmissions are limited; an acknowledgement is not delayed forever, or both users close; TIME-WAIT does not answer an acknowledgement, or channels have room; the network does not lose all of a kind; whoever opens at once reads acknowledgements out of sequence"

// left says that no side stays forever where c holds.
func left(c *Condition, provided string, assumes ...*Assumption) *Liveness {
	return &Liveness{
		Formula:  func(self, _ View) ltl.Formula { return ltl.LeadsTo(self(c), ltl.Not(self(c))) },
		Assumes:  assumes,
		Provided: provided,
		Occasion: c,
	}
}

// leavings returns the properties that each state of the close is left.
func leavings() (list []*Property) {
	add := func(st model.ConnState, source, provided string, assumes ...*Assumption) {
		in := &Condition{st.String(), Pattern{Kind: explore.States, Self: func(e *End) bool { return e.State == st }}}
		list = append(list, &Property{
			Name:     strings.ToLower(st.String()) + "-left",
			Sentence: st.String() + " is eventually left.",
			Source:   source,
			Liveness: left(in, provided, assumes...),
		})
	}
	add(model.FinWait1, "RFC 9293, figure 5", answered,
		TimePasses, FinsArrive, AcksArrive, TextArrives, RSTsArrive, SYNsArrive, UsersRead)
	add(model.FinWait2, "RFC 9293, figure 5; it has no timer", "the peer closes, and neither gives up nor vanishes before, or a timer ends FIN-WAIT-2; buffers have room; the network does not lose all of a kind",
		TimePasses, FinsArrive, AcksArrive, TextArrives, UsersClose, UsersRead)
	add(model.CloseWait, "RFC 9293, figure 5; it has no timer", "the user closes; buffers have room, or retransmissions are limited; the network does not lose all of a kind",
		TimePasses, AcksArrive, TextArrives, UsersClose, UsersRead)
	add(model.Closing, "RFC 9293, figure 5", answered,
		TimePasses, FinsArrive, AcksArrive, TextArrives, RSTsArrive, UsersRead)
	add(model.LastAck, "RFC 9293, figure 5", answered,
		TimePasses, FinsArrive, AcksArrive, TextArrives, RSTsArrive, UsersRead)
	add(model.TimeWait, "RFC 9293, 3.6.1 (MUST-13)", "it has its timer, and does not answer an acknowledgement",
		TimePasses, AcksArrive)
	return list
}

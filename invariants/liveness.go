package invariants

import (
	"slices"
	"strings"

	"tcpclose/explore"
	"tcpclose/explore/ltl"
	"tcpclose/model"
)

// A Liveness is what a property says of whole runs: that something comes about
// some time, or does not go on forever.
type Liveness struct {
	// Formula is what is true of all runs that are as assumed, as one side sees
	// it.
	Formula func(self, peer View) ltl.Formula
	// Joint: it says the same for either side.
	Joint bool
	// Assumes is what is assumed of runs, Provided what the configuration must be
	// like besides for the property to hold.
	Assumes  []*Assumption
	Provided string
	// Reachable, if there is no formula, is what can be reached from everywhere,
	// whether or not a run comes there.
	Reachable *Condition
	// Occasion is what has to be seen for the property to say anything.
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
		if !slices.Contains(list, a.Step) {
			list = append(list, a.Step)
		}
	}
	return list
}

// States, and steps, that formulas be about.
var (
	bothLeft = &Condition{"both have closed", Pattern{Kind: explore.States, Self: hasLeft, Peer: hasLeft}}
	bothGone = &Condition{"both are CLOSED", Pattern{Kind: explore.States, Self: isClosed, Peer: isClosed}}
	drained  = &Condition{"nothing is on its way", Pattern{Kind: explore.States, Out: empty, In: empty}}
	finOut   = &Condition{"a FIN is not acknowledged", Pattern{Kind: explore.States,
		Self: func(e *End) bool { return e.FinSent() && !e.FinAcked() }}}
	ackForAck = StepCondition("an acknowledgement is answered by one", func(s *Step) bool {
		return pureAck(s.Arrived) && pureAck(s.Effect.Sent)
	})
	keepsAlive = StepCondition("a keep-alive probe is sent", func(s *Step) bool { return s.timesOut(model.KeepAlive) })
)

func isClosed(e *End) bool { return e.State == model.Closed }
func hasLeft(e *End) bool  { return e.CloseCalled() || isClosed(e) }

// LivenessProperties lists the properties of whole runs, in the order in which
// they are reported.
var LivenessProperties = slices.Concat([]*Property{
	{
		Name:     "both-closed",
		Sentence: "Once both users have closed, both sides are CLOSED some time.",
		Source:   "RFC 9293, 3.6: both sides close, and keep reading",
		Liveness: &Liveness{
			Joint:    true,
			Formula:  func(self, _ View) ltl.Formula { return ltl.LeadsTo(self(bothLeft), self(bothGone)) },
			Assumes:  []*Assumption{TimePasses, FinsArrive, AcksArrive, TextArrives, RSTsArrive, UsersRead},
			Provided: "nobody gives up or vanishes and leaves its peer in FIN-WAIT-2 without a timer; buffers have room; CLOSED answers; TIME-WAIT has its timer, and does not answer an acknowledgement",
			Occasion: bothLeft,
		},
	},
	{
		Name:     "fin-settled",
		Sentence: "A FIN that was sent is acknowledged some time, or the connection is given up.",
		Source:   "RFC 9293, 3.6 and 3.8.3",
		Liveness: left(finOut, "buffers have room; CLOSED answers, or retransmissions are limited", TimePasses, FinsArrive, AcksArrive, TextArrives, RSTsArrive, UsersRead),
	},
}, leavings(), []*Property{
	{
		Name:     "no-ack-war",
		Sentence: "The sides do not answer acknowledgements with acknowledgements again and again for ever, unless keep-alive feeds that.",
		Source:   "RFC 9293, 3.10.7.4, first and fifth (TIME-WAIT); notes, traps",
		Liveness: &Liveness{
			Joint: true,
			Formula: func(self, peer View) ltl.Formula {
				again := func(c View) ltl.Formula { return ltl.Always(ltl.Eventually(c(ackForAck))) }
				fed := ltl.Or(self(keepsAlive), peer(keepsAlive))
				return ltl.Not(ltl.And(again(self), again(peer), ltl.Eventually(ltl.Always(ltl.Not(fed)))))
			},
			Assumes:  []*Assumption{TimePasses},
			Provided: "TIME-WAIT does not answer an acknowledgement; of two windows of zero one is open, or valid acknowledgements are read",
		},
	},
	{
		Name:     "network-drains",
		Sentence: "Once both sides are CLOSED, nothing is on its way any more from some time on.",
		Source:   "RFC 9293, 3.4.1: what the MSL is",
		Liveness: &Liveness{
			Joint: true,
			Formula: func(self, _ View) ltl.Formula {
				return ltl.LeadsTo(self(bothGone), ltl.Always(self(drained)))
			},
			Assumes:  []*Assumption{TimePasses},
			Occasion: bothGone,
		},
	},
	{
		Name:     "can-always-close",
		Sentence: "Wherever the two sides are, both can still come to be CLOSED.",
		Source:   "RFC 9293, 3.6: weaker than both-closed, for nobody has to go there",
		Liveness: &Liveness{Joint: true, Reachable: bothGone,
			Provided: "as both-closed, and both users close"},
	},
})

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
			Sentence: st.String() + " is left some time.",
			Source:   source,
			Liveness: left(in, provided, assumes...),
		})
	}
	const answered = "buffers have room; CLOSED answers, or retransmissions are limited"
	add(model.FinWait1, "RFC 9293, figure 5", answered,
		TimePasses, FinsArrive, AcksArrive, TextArrives, RSTsArrive, UsersRead)
	add(model.FinWait2, "RFC 9293, figure 5; it has no timer", "the peer closes, and neither gives up nor vanishes before, or a timer ends FIN-WAIT-2; buffers have room",
		TimePasses, FinsArrive, AcksArrive, TextArrives, UsersClose, UsersRead)
	add(model.Closing, "RFC 9293, figure 5", answered,
		TimePasses, FinsArrive, AcksArrive, TextArrives, RSTsArrive, UsersRead)
	add(model.LastAck, "RFC 9293, figure 5", answered,
		TimePasses, FinsArrive, AcksArrive, TextArrives, RSTsArrive, UsersRead)
	add(model.TimeWait, "RFC 9293, 3.6.1 (MUST-13)", "it has its timer, and does not answer an acknowledgement",
		TimePasses, AcksArrive)
	return list
}

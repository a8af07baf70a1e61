package invariants

import (
	"fmt"
	"slices"

	"tcpclose/explore"
	"tcpclose/model"
)

// A Condition is a pattern with a name, for formulas and assumptions to use.
type Condition struct {
	Name string
	Pattern
}

// An Assumption is something that a liveness property takes for granted of runs.
// A property that needs it holds of those runs alone that are as it says; it is
// part of what the verdict says.
//
// One thing is assumed without being asked for: a run does not stop where
// something can still happen. In a state in which no time can pass and only a user
// call is possible the call is made, so that a user who may never make it is to be
// put into the configuration.
type Assumption struct {
	Name     string
	Sentence string
	Kind     explore.FairnessKind
	Step     *Condition // for each side as self
	Once     bool       // for the first alone, since it is the same for both
	// Where, if there are any, is conditions of states, of which one says that the
	// step counts as enabled: a segment that is in transit is, also where it cannot be
	// delivered yet because the network keeps order.
	Where []*Condition
	// Lost is the kind that the network loses of what each side sends, if it loses
	// nothing else; LosesAny if there is no such choice.
	Lost [2]model.Loses
}

// Fairness returns the assumption in terms of watches, of which a condition has two,
// from at(condition) on.
//
// Of segments that are always lost, as the configuration says, none is in transit. So
// there a step counts as enabled where there is one: nothing is demanded that cannot be.
func (a *Assumption) Fairness(c *model.Config, at func(*Condition) int) (list []explore.Fairness) {
	for i, self := range model.Sides {
		if i > 0 && a.Once {
			continue
		}
		f := explore.Fairness{Kind: a.Kind, Step: at(a.Step) + i}
		lost := a.Lost[self.Peer()]
		if c.Loss != model.Unlimited || lost == model.LosesAny || lost != c.Loses {
			for _, where := range a.Where {
				f.Enabled = append(f.Enabled, at(where)+i)
			}
		}
		list = append(list, f)
	}
	return list
}

// What is assumed. Delivery is strongly fair: the network may lose what it likes,
// but of what is in transit again and again some arrives, again and again. Weak
// fairness would say nothing, since a segment never stays in transit forever. For
// each kind of segment it is assumed by itself: a network that delivers every
// acknowledgement and no FIN is not fair. A copy that is delivered counts.
//
// Whether a run is fair does not depend on what else the network could do: a segment is
// in transit if it is in the network, behind others or not. So a network that can do less
// has no more fair runs.
//
// Timeouts need no assumption: time does not go on before one that is due.
var (
	TimePasses = &Assumption{
		Name: "time", Sentence: "Time goes on: ticks never stop, unless nothing more can happen.",
		Kind: explore.Unconditional, Once: true,
		Step: StepCondition("tick", func(s *Step) bool { return s.Kind == model.Ticks }),
	}
	FinsArrive = &Assumption{
		Name: "fin", Sentence: "If a side's FINs are in transit infinitely often, one is delivered infinitely often.",
		Kind:  explore.Strong,
		Step:  StepCondition("fin arrives", func(s *Step) bool { return isFIN(s.Arrived) }),
		Where: onItsWay("fin in transit", isFIN), Lost: [2]model.Loses{model.LosesFinOfA, model.LosesFinOfB},
	}
	AcksArrive = &Assumption{
		Name: "ack", Sentence: "The same for pure acknowledgements (no text, SYN, FIN or RST) that do not look old.",
		Kind: explore.Strong,
		// A keep-alive probe looks old. It is dropped, so that the delivery of
		// probes is no use to who waits for an acknowledgement.
		Step:  StepCondition("ack arrives", func(s *Step) bool { return pureAck(s.Arrived) && s.Arrived.Seq >= s.From.RcvNxt }),
		Where: ackOnItsWay(), Lost: [2]model.Loses{model.LosesAckOfA, model.LosesAckOfB},
	}
	TextArrives = &Assumption{
		Name: "text", Sentence: "The same for segments with text.",
		Kind:  explore.Strong,
		Step:  StepCondition("text arrives", func(s *Step) bool { return isText(s.Arrived) }),
		Where: onItsWay("text in transit", isText), Lost: [2]model.Loses{model.LosesFinOfA, model.LosesFinOfB}, // with the FIN
	}
	RSTsArrive = &Assumption{
		Name: "rst", Sentence: "The same for RSTs.",
		Kind:  explore.Strong,
		Step:  StepCondition("rst arrives", func(s *Step) bool { return isRST(s.Arrived) }),
		Where: onItsWay("rst in transit", isRST),
	}
	SYNsArrive = &Assumption{
		Name: "syn", Sentence: "The same of SYNs, alone or with an acknowledgement.",
		Kind:  explore.Strong,
		Step:  StepCondition("syn arrives", func(s *Step) bool { return isSYN(s.Arrived) }),
		Where: onItsWay("syn in transit", isSYN),
	}
	UsersClose = &Assumption{
		Name: "close", Sentence: "A user that can always call CLOSE eventually does.",
		Kind: explore.Weak,
		Step: StepCondition("close", func(s *Step) bool {
			return byClose(s) && s.Kind == model.Calls && !s.calls(model.Die) && !s.From.CloseCalled()
		}),
	}
	UsersRead = &Assumption{
		Name: "read", Sentence: "A user that can always call RECEIVE eventually does.",
		Kind: explore.Weak,
		Step: StepCondition("receive", func(s *Step) bool { return s.calls(model.Receive) }),
	}
)

// Assumptions lists all that can be assumed.
var Assumptions = []*Assumption{TimePasses, FinsArrive, AcksArrive, TextArrives, RSTsArrive, SYNsArrive, UsersClose, UsersRead}

// FindAssumption returns the assumption with that name.
func FindAssumption(name string) (*Assumption, error) {
	for _, a := range Assumptions {
		if a.Name == name {
			return a, nil
		}
	}
	return nil, fmt.Errorf("assumption %q: no such assumption", name)
}

// StepCondition returns a condition on what self does.
func StepCondition(name string, is func(*Step) bool) *Condition {
	return &Condition{name, Pattern{Kind: explore.Steps, Step: is}}
}

// pureAck reports whether g does nothing but acknowledge.
func pureAck(g model.Segment) bool { return g.Ctl == model.ACK && g.Len == 0 }

func isFIN(g model.Segment) bool  { return g.Ctl.Has(model.FIN) }
func isRST(g model.Segment) bool  { return g.Ctl.Has(model.RST) }
func isSYN(g model.Segment) bool  { return g.Ctl.Has(model.SYN) }
func isText(g model.Segment) bool { return g.Len > 0 }

// carries reports whether a segment of a kind is among the packets.
func carries(packets []model.Packet, is func(model.Segment) bool) bool {
	return slices.ContainsFunc(packets, func(p model.Packet) bool { return is(p.Segment) })
}

// onItsWay returns the condition that a segment of a kind is in transit to self.
func onItsWay(name string, is func(model.Segment) bool) []*Condition {
	return []*Condition{{name, Pattern{Kind: explore.States, In: func(packets []model.Packet) bool { return carries(packets, is) }}}}
}

// numbers is the greatest number of sequence numbers.
const numbers = 32

// ackOnItsWay returns the conditions of which one says that what arrives at self as an
// acknowledgement that does not look old is in transit. A pattern checks channel and end
// each by itself, so there is one for each RCV.NXT.
func ackOnItsWay() (list []*Condition) {
	for next := range model.Seq(numbers) {
		list = append(list, &Condition{fmt.Sprintf("ack in transit, RCV.NXT %d", next), Pattern{
			Kind: explore.States,
			Self: func(e *End) bool { return e.RcvNxt == next },
			In: func(packets []model.Packet) bool {
				return carries(packets, func(g model.Segment) bool { return pureAck(g) && g.Seq >= next })
			},
		}})
	}
	return list
}

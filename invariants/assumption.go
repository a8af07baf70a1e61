package invariants

import (
	"fmt"

	"tcpclose/explore"
	"tcpclose/model"
)

// A Condition is a pattern that has a name: what formulas and assumptions speak
// of.
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
}

// Fairness returns the assumption in terms of watches, of which a condition has two,
// from at(condition) on.
func (a *Assumption) Fairness(at func(*Condition) int) (list []explore.Fairness) {
	for i := range model.Sides {
		if i == 0 || !a.Once {
			list = append(list, explore.Fairness{Kind: a.Kind, Step: at(a.Step) + i})
		}
	}
	return list
}

// What is assumed. Delivery is strongly fair: the network may lose what it likes,
// but of what is on its way again and again some arrives, again and again. Weak
// fairness would say nothing, since a segment never stays on its way forever. For
// each kind of segment it is assumed by itself: a network that delivers every
// acknowledgement and no FIN is not fair. A copy that is delivered counts.
//
// Timeouts need no assumption: time does not go on before one that is due.
var (
	TimePasses = &Assumption{
		Name: "time", Sentence: "Time goes on: there is no end of ticks, unless nothing can happen any more.",
		Kind: explore.Unconditional, Once: true,
		Step: StepCondition("tick", func(s *Step) bool { return s.Kind == model.Ticks }),
	}
	FinsArrive = &Assumption{
		Name: "fin", Sentence: "A side whose FINs are on their way again and again gets one through again and again.",
		Kind: explore.Strong,
		Step: StepCondition("fin arrives", func(s *Step) bool { return s.Arrived.Ctl.Has(model.FIN) }),
	}
	AcksArrive = &Assumption{
		Name: "ack", Sentence: "The same of segments that do nothing but acknowledge, without text, SYN, FIN and RST, and do not look old.",
		Kind: explore.Strong,
		// A keep-alive probe looks old. It is dropped, so that the delivery of
		// probes is no use to who waits for an acknowledgement.
		Step: StepCondition("ack arrives", func(s *Step) bool { return pureAck(s.Arrived) && s.Arrived.Seq >= s.From.RcvNxt }),
	}
	TextArrives = &Assumption{
		Name: "text", Sentence: "The same of segments with text.",
		Kind: explore.Strong,
		Step: StepCondition("text arrives", func(s *Step) bool { return s.Arrived.Len > 0 }),
	}
	RSTsArrive = &Assumption{
		Name: "rst", Sentence: "The same of RSTs.",
		Kind: explore.Strong,
		Step: StepCondition("rst arrives", func(s *Step) bool { return s.Arrived.Ctl.Has(model.RST) }),
	}
	UsersClose = &Assumption{
		Name: "close", Sentence: "A user that can always call CLOSE does so some time.",
		Kind: explore.Weak,
		Step: StepCondition("close", func(s *Step) bool {
			return byClose(s) && s.Kind == model.Calls && !s.calls(model.Die) && !s.From.CloseCalled()
		}),
	}
	UsersRead = &Assumption{
		Name: "read", Sentence: "A user that can always call RECEIVE does so some time.",
		Kind: explore.Weak,
		Step: StepCondition("receive", func(s *Step) bool { return s.calls(model.Receive) }),
	}
)

// Assumptions lists all that can be assumed.
var Assumptions = []*Assumption{TimePasses, FinsArrive, AcksArrive, TextArrives, RSTsArrive, UsersClose, UsersRead}

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

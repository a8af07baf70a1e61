package invariants

import (
	"slices"

	"tcpclose/explore"
	"tcpclose/model"
)

// A Step is what one endpoint does in a step of the system.
type Step struct {
	From, To model.TCB
	Kind     model.Kind // Calls, Timeouts, Deliveries or Ticks
	Call     model.Call
	Timeout  model.Timeout
	Arrived  model.Segment // zero unless a segment arrives
	Of       model.Tag     // to which connection that belongs
	Elapsed  uint16        // ticks; 0 unless time goes on
	Effect   model.Effect
	// What is remembered before and after the step.
	Before, After Memory
}

// retransmittedFin reports whether the peer's FIN arrives once more.
func (s *Step) retransmittedFin() bool {
	return s.Arrived.Ctl.Has(model.FIN) && s.Arrived.FinSeq()+1 == s.From.RcvNxt
}

// Changes reports whether the connection state changes.
func (s *Step) Changes() bool { return s.From.State != s.To.State }

// calls reports whether the user makes that call.
func (s *Step) calls(c model.Call) bool { return s.Kind == model.Calls && s.Call == c }

// writes reports whether the user writes an octet.
func (s *Step) writes() bool { return s.calls(model.Send) || s.calls(model.SendHeld) }

// timesOut reports whether that timer fires.
func (s *Step) timesOut(t model.Timeout) bool { return s.Kind == model.Timeouts && s.Timeout == t }

// A Pattern is a combination that a property forbids, or a witness shows. It
// is about one side, self, and is looked for with each of the sides as self. A
// part that it does not mention may be anything. A Steps pattern is a step of
// self; of the other parts it speaks as they are after it.
type Pattern struct {
	name string // stands for it: those of one name are the same, and are looked for once
	Kind explore.Kind
	// Needs is a hint: the monitors that the functions read. The search starts again
	// when one is read that does not run.
	Needs Monitors
	Step  func(*Step) bool // what self does; Steps patterns only
	Self  func(*End) bool  // how self is; others only
	Peer  func(*End) bool
	Out   func([]model.Packet) bool // what self has sent that is in transit
	In    func([]model.Packet) bool // what is in transit to self
	Only  []model.Side              // which sides are self; none for both
	// Box makes a Steps pattern one of a step of the box, in which no end moves: Step is
	// nil, and Self says how self is.
	Box func(self model.Side, s *BoxStep) bool

	// Bounded, if not empty, is why the pattern is not looked for in a network without
	// capacity, where nothing is lost and each delivery leaves a copy.
	Bounded string

	// Parts, if not nil, is the pattern part by part. It is about a and b by name,
	// and the functions are nil.
	Parts Parts
}

// Parts is a pattern that is about a and b by name. It is looked for once.
type Parts interface {
	// End reports whether an end meets it: as it is at the end of s or, if it moved,
	// in s.
	End(side model.Side, s *Step, moved bool) bool
	// Net reports whether a direction of the network meets it.
	Net(side model.Side, s *NetStep) bool
	// Box reports whether the box meets it: as it is at the end of s or, if it acts, in s.
	// Without a box s is zero.
	Box(s *BoxStep) bool
}

// Same reports whether both are known to be the same, and need be looked for once.
func (p *Pattern) Same(q *Pattern) bool {
	return p.name != "" && p.name == q.name && slices.Equal(p.Only, q.Only)
}

// Matches reports whether the system is as the pattern says, with that side as self. Of
// a pattern of steps that asks whether self takes the step.
func (p *Pattern) Matches(n *Snapshot, self model.Side) bool {
	if !p.LooksAt(self) {
		return false
	}
	if p.Parts != nil {
		for _, side := range model.Sides {
			if !p.Parts.End(side, n.Ends[side], n.Moved[side]) || !p.Parts.Net(side, &n.Nets[side]) {
				return false
			}
		}
		return p.Parts.Box(n.box())
	}
	at, peer := n.Ends[self].End(), n.Ends[self.Peer()].End()
	if p.Box != nil {
		return n.box().Effect.Acts && p.Box(self, n.Box) && (p.Self == nil || p.Self(&at)) && (p.Peer == nil || p.Peer(&peer))
	}
	if p.Kind == explore.Steps && (!n.Moved[self] || !p.Step(n.Ends[self])) {
		return false
	}
	return (p.Self == nil || p.Self(&at)) && (p.Peer == nil || p.Peer(&peer)) &&
		(p.Out == nil || p.Out(n.Nets[self].Packets)) && (p.In == nil || p.In(n.Nets[self.Peer()].Packets))
}

// An End is one endpoint: its TCB, and what is remembered of its past.
type End struct {
	model.TCB
	Memory
}

// Still returns the step in which an end does nothing.
func (e *End) Still() *Step { return &Step{From: e.TCB, To: e.TCB, Before: e.Memory, After: e.Memory} }

// End returns the endpoint as it is after the step.
func (s *Step) End() End { return End{TCB: s.To, Memory: s.After} }

// A NetStep is what one direction of the network does in a step.
type NetStep struct {
	Packets      []model.Packet // in transit after it
	Lost, Copied model.Segment
}

// A Snapshot is the whole system in a state, or in a step.
type Snapshot struct {
	Ends  [2]*Step // of an end that does not move, the step in which it does nothing
	Moved [2]bool
	Nets  [2]NetStep
	Box   *BoxStep // nil if there is none
}

func (n *Snapshot) box() *BoxStep {
	if n.Box == nil {
		return &BoxStep{}
	}
	return n.Box
}

// LooksAt reports whether the pattern is looked for with self as self.
func (p *Pattern) LooksAt(self model.Side) bool {
	return len(p.Only) == 0 || slices.Contains(p.Only, self)
}

// byEnd returns the patterns that follow from what each end has: those of both if it
// is the same, or else those of each with it alone as self.
func byEnd[T comparable](has func(model.Side) T, patterns func(T) []Pattern) (list []Pattern) {
	if has(model.A) == has(model.B) {
		return patterns(has(model.A))
	}
	for _, side := range model.Sides {
		for _, p := range patterns(has(side)) {
			p.Only = []model.Side{side}
			list = append(list, p)
		}
	}
	return list
}

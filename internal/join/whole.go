package join

import (
	"tcpclose/explore"
	"tcpclose/invariants"
	"tcpclose/model"
)

// A question that does not fall into conditions on the parts is judged on whole
// states, by the search for opaque systems: slower, and for any expression.

// A whole is a state of the model, with what is remembered.
type WholeState struct {
	model.State
	memory [2]invariants.Memory
}

// A deed is an action and what comes of it, but for the state.
type WholeStep struct {
	model.Action
	Effect   model.Effect
	Elapsed  uint16
	Overflow bool
}

// wholes is a model.System as an explore.System.
type WholeSystem struct {
	Model    *model.System
	Monitors invariants.Monitors
}

func (y *WholeSystem) Init() []WholeState { return []WholeState{{State: y.Model.Init()}} }

func (y *WholeSystem) Steps(dst []explore.Step[WholeState, WholeStep], s WholeState) []explore.Step[WholeState, WholeStep] {
	y.Model.Outcomes(s.State, func(a model.Action, o *model.Outcome) {
		dst = append(dst, y.Step(&s, a, o))
	})
	return dst
}

// Within reports whether a step is not cut.
func (y *WholeSystem) Within(_ WholeState, d WholeStep, _ WholeState) bool { return !d.Overflow }

func (y *WholeSystem) Step(s *WholeState, a model.Action, o *model.Outcome) explore.Step[WholeState, WholeStep] {
	d := WholeStep{a, o.Effect, o.Elapsed, o.Overflow}
	to := WholeState{o.To, s.memory}
	if y.Monitors != 0 {
		for side, m := range d.Moves(s, &to) {
			if m != nil {
				to.memory[side] = y.Monitors.Next(m.Before, m, y.Model.Config.MSL)
			}
		}
	}
	return explore.Step[WholeState, WholeStep]{Action: d, To: to}
}

// moves is what each end does in a step; nil if it takes no part.
func (d *WholeStep) Moves(from, to *WholeState) (moves [2]*invariants.Step) {
	move := func(side model.Side, s invariants.Step) {
		s.From, s.To = from.Ends[side], to.Ends[side]
		s.Before, s.After = from.memory[side], to.memory[side]
		moves[side] = &s
	}
	switch d.Kind {
	case model.Calls:
		move(d.Side, invariants.Step{Kind: model.Calls, Call: d.Call, Effect: d.Effect})
	case model.Timeouts:
		move(d.Side, invariants.Step{Kind: model.Timeouts, Timeout: d.Timeout, Effect: d.Effect})
	case model.Deliveries, model.Copies:
		move(d.Side.Peer(), invariants.Step{Kind: model.Deliveries, Arrived: d.Packet.Segment, Of: d.Packet.Of, Effect: d.Effect})
	case model.Ticks:
		move(model.A, invariants.Step{Kind: model.Ticks, Elapsed: d.Elapsed})
		move(model.B, invariants.Step{Kind: model.Ticks, Elapsed: d.Elapsed})
	}
	return moves
}

// netMoves is what each direction of the network does in a step.
func (d *WholeStep) netMoves(to *WholeState) (moves [2]invariants.NetStep) {
	for _, side := range model.Sides {
		moves[side].To = &to.Nets[side]
	}
	switch d.Kind {
	case model.Losses:
		moves[d.Side].Lost = d.Packet.Segment
	case model.Copies:
		moves[d.Side].Copied = d.Packet.Segment
	}
	return moves
}

// end is one end of a state.
func (s *WholeState) End(side model.Side) invariants.End {
	return invariants.End{TCB: s.Ends[side], Memory: s.memory[side]}
}

// inState is the system in a state.
func (s *WholeState) InState() *invariants.Snapshot {
	var n invariants.Snapshot
	for _, side := range model.Sides {
		at := s.End(side)
		n.Ends[side], n.Nets[side].To = at.Still(), &s.Nets[side]
	}
	return &n
}

// onStep is the system in a step.
func (d *WholeStep) OnStep(from, to *WholeState) *invariants.Snapshot {
	n := invariants.Snapshot{Ends: d.Moves(from, to), Nets: d.netMoves(to)}
	for _, side := range model.Sides {
		if n.Moved[side] = n.Ends[side] != nil; !n.Moved[side] {
			at := to.End(side)
			n.Ends[side] = at.Still()
		}
	}
	return &n
}

// watch looks out for what a property says of the whole system.
func WatchWhole(w *invariants.Whole) explore.Watch[WholeState, WholeStep] {
	return explore.Watch[WholeState, WholeStep]{
		Kind:  w.Kind,
		State: func(s WholeState) bool { return w.Is(s.InState()) },
		Step:  func(from WholeState, d WholeStep, to WholeState) bool { return w.Is(d.OnStep(&from, &to)) },
	}
}

// fits is what a pattern says of the peer and the network.
func (s *WholeState) Fits(p *invariants.Pattern, self model.Side) bool {
	peer := s.End(self.Peer())
	return (p.Peer == nil || p.Peer(&peer)) &&
		(p.Out == nil || p.Out(&s.Nets[self])) &&
		(p.In == nil || p.In(&s.Nets[self.Peer()]))
}

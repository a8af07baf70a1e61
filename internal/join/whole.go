package join

import (
	"tcpclose/explore"
	"tcpclose/invariants"
	"tcpclose/model"
	"tcpclose/trace"
)

// A question that does not fall into conditions on the parts is checked on whole
// states, by the search for opaque systems: slower, and for any expression.

// A WholeState is a state of the model, with what is remembered.
type WholeState struct {
	model.State
	records [2]invariants.Record
}

// A WholeStep is an action and its result, except the state.
type WholeStep struct {
	model.Action
	Effect   model.Effect
	Elapsed  uint16
	Overflow bool
	Box      model.BoxEffect
}

// A WholeSystem is a model.System as an explore.System.
type WholeSystem struct {
	Model    *model.System
	Monitors invariants.Monitors
	// After, if it is not nil, is a run of the model: the system begins where it ends.
	After *trace.Trace
}

func (y *WholeSystem) Init() []WholeState { return []WholeState{y.begin()} }

// begin returns the state in which the system begins, with what is remembered by then.
func (y *WholeSystem) begin() WholeState {
	s := WholeState{State: y.Model.Init()}
	if y.After == nil {
		return s
	}
	for i := range y.After.Events {
		e := &y.After.Events[i]
		s = y.Step(&s, e.Action, &e.Outcome).To
	}
	return s
}

func (y *WholeSystem) Steps(dst []explore.Step[WholeState, WholeStep], s WholeState) []explore.Step[WholeState, WholeStep] {
	y.Model.Outcomes(s.State, func(a model.Action, o *model.Outcome) {
		dst = append(dst, y.Step(&s, a, o))
	})
	return dst
}

// Within reports whether a step is not cut.
func (y *WholeSystem) Within(_ WholeState, d WholeStep, _ WholeState) bool { return !d.Overflow }

func (y *WholeSystem) Step(s *WholeState, a model.Action, o *model.Outcome) explore.Step[WholeState, WholeStep] {
	d := WholeStep{a, o.Effect, o.Elapsed, o.Overflow, o.Box}
	to := WholeState{o.To, s.records}
	if y.Monitors != 0 {
		for side, m := range d.Moves(s, &to, nil) {
			if m != nil {
				to.records[side] = y.Monitors.Next(s.records[side], m, y.Model.Config.MSL)
			}
		}
	}
	return explore.Step[WholeState, WholeStep]{Action: d, To: to}
}

// Moves returns what each end does in a step; nil if it takes no part.
func (d *WholeStep) Moves(from, to *WholeState, r *invariants.Reading) (moves [2]*invariants.Step) {
	move := func(side model.Side, s invariants.Step) {
		s.From, s.To = from.Ends[side], to.Ends[side]
		s.Before, s.After = from.records[side].Memory(r), to.records[side].Memory(r)
		moves[side] = &s
	}
	switch d.Kind {
	case model.Calls:
		move(d.Side, invariants.Step{Kind: model.Calls, Call: d.Call, Effect: d.Effect})
	case model.Timeouts:
		move(d.Side, invariants.Step{Kind: model.Timeouts, Timeout: d.Timeout, Effect: d.Effect})
	case model.Deliveries, model.Copies:
		if d.Box.Acts {
			break
		}
		move(d.Side.Peer(), invariants.Step{Kind: model.Deliveries, Arrived: d.Packet.Segment, Of: d.Packet.Of, Effect: d.Effect})
	case model.Ticks:
		move(model.A, invariants.Step{Kind: model.Ticks, Elapsed: d.Elapsed})
		move(model.B, invariants.Step{Kind: model.Ticks, Elapsed: d.Elapsed})
	}
	return moves
}

// netMoves returns what each direction of the network does in a step.
func (d *WholeStep) netMoves(to *WholeState) (moves [2]invariants.NetStep) {
	for _, side := range model.Sides {
		moves[side].Packets = to.Nets[side].List()
	}
	switch d.Kind {
	case model.Losses:
		moves[d.Side].Lost = d.Packet.Segment
	case model.Copies:
		moves[d.Side].Copied = d.Packet.Segment
	}
	return moves
}

// boxMove returns what the box of y does in a step; nil without one.
func (d *WholeStep) boxMove(y *model.System, from, to *WholeState) *invariants.BoxStep {
	switch w := y.Box(); {
	case w == nil:
		return nil
	case !d.Box.Acts:
		return invariants.BoxStill(w, to.Box)
	default:
		s := &invariants.BoxStep{From: from.Box, To: to.Box, Effect: d.Box, Act: d.Act, Rules: w}
		if d.Kind != model.Boxes {
			s.Side, s.Arrived = d.Side, d.Packet.Segment
		}
		return s
	}
}

// still returns one end of a state, at which nothing happens.
func (s *WholeState) still(side model.Side, r *invariants.Reading) *invariants.Step {
	at := invariants.End{TCB: s.Ends[side], Memory: s.records[side].Memory(r)}
	return at.Still()
}

// InState returns the system y in a state, to be read by r.
func (s *WholeState) InState(y *model.System, r *invariants.Reading) *invariants.Snapshot {
	var n invariants.Snapshot
	if w := y.Box(); w != nil {
		n.Box = invariants.BoxStill(w, s.Box)
	}
	for _, side := range model.Sides {
		n.Ends[side], n.Nets[side].Packets = s.still(side, r), s.Nets[side].List()
	}
	return &n
}

// OnStep returns the system y in a step, to be read by r.
func (d *WholeStep) OnStep(y *model.System, from, to *WholeState, r *invariants.Reading) *invariants.Snapshot {
	n := invariants.Snapshot{Ends: d.Moves(from, to, r), Nets: d.netMoves(to), Box: d.boxMove(y, from, to)}
	for _, side := range model.Sides {
		if n.Moved[side] = n.Ends[side] != nil; !n.Moved[side] {
			n.Ends[side] = to.still(side, r)
		}
	}
	return &n
}

package invariants

import (
	"tcpclose/explore"
	"tcpclose/model"
)

// A question that does not fall into conditions on the parts is judged on whole
// states, by the search for opaque systems: slower, and for any expression.

// A whole is a state of the model, with what is remembered.
type whole struct {
	model.State
	memory [2]Memory
}

// A deed is an action and what comes of it, but for the state.
type deed struct {
	model.Action
	effect   model.Effect
	elapsed  uint16
	overflow bool
}

// wholes is a model.System as an explore.System.
type wholes struct {
	system *model.System
	needs  needs
}

func (y *wholes) Init() []whole { return []whole{{State: y.system.Init()}} }

func (y *wholes) Steps(dst []explore.Step[whole, deed], s whole) []explore.Step[whole, deed] {
	y.system.Outcomes(s.State, func(a model.Action, o *model.Outcome) {
		dst = append(dst, y.step(&s, a, o))
	})
	return dst
}

// Within reports whether a step is not cut.
func (y *wholes) Within(_ whole, d deed, _ whole) bool { return !d.overflow }

func (y *wholes) step(s *whole, a model.Action, o *model.Outcome) explore.Step[whole, deed] {
	d := deed{a, o.Effect, o.Elapsed, o.Overflow}
	to := whole{o.To, s.memory}
	if y.needs != 0 {
		for side, m := range d.moves(s, &to) {
			if m != nil {
				to.memory[side] = y.needs.next(m.Before, m, y.system.Config.MSL)
			}
		}
	}
	return explore.Step[whole, deed]{Action: d, To: to}
}

// moves is what each end does in a step; nil if it takes no part.
func (d *deed) moves(from, to *whole) (moves [2]*Step) {
	move := func(side model.Side, s Step) {
		s.From, s.To = from.Ends[side], to.Ends[side]
		s.Before, s.After = from.memory[side], to.memory[side]
		moves[side] = &s
	}
	switch d.Kind {
	case model.Calls:
		move(d.Side, Step{Kind: model.Calls, Call: d.Call, Effect: d.effect})
	case model.Timeouts:
		move(d.Side, Step{Kind: model.Timeouts, Timeout: d.Timeout, Effect: d.effect})
	case model.Deliveries, model.Copies:
		move(d.Side.Peer(), Step{Kind: model.Deliveries, Arrived: d.Packet.Segment, Of: d.Packet.Of, Effect: d.effect})
	case model.Ticks:
		move(model.A, Step{Kind: model.Ticks, Elapsed: d.elapsed})
		move(model.B, Step{Kind: model.Ticks, Elapsed: d.elapsed})
	}
	return moves
}

// netMoves is what each direction of the network does in a step.
func (d *deed) netMoves(to *whole) (moves [2]NetStep) {
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
func (s *whole) end(side model.Side) End { return End{s.Ends[side], s.memory[side]} }

// inState is the system in a state.
func (s *whole) inState() *Snapshot {
	var n Snapshot
	for _, side := range model.Sides {
		at := s.end(side)
		n.Ends[side], n.Nets[side].To = at.Still(), &s.Nets[side]
	}
	return &n
}

// onStep is the system in a step.
func (d *deed) onStep(from, to *whole) *Snapshot {
	n := Snapshot{Ends: d.moves(from, to), Nets: d.netMoves(to)}
	for _, side := range model.Sides {
		if n.Moved[side] = n.Ends[side] != nil; !n.Moved[side] {
			at := to.end(side)
			n.Ends[side] = at.Still()
		}
	}
	return &n
}

// watch looks out for what a property says of the whole system.
func watch(w *Whole) explore.Watch[whole, deed] {
	return explore.Watch[whole, deed]{
		Kind:  w.Kind,
		State: func(s whole) bool { return w.Is(s.inState()) },
		Step:  func(from whole, d deed, to whole) bool { return w.Is(d.onStep(&from, &to)) },
	}
}

// fits is what a pattern says of the peer and the network.
func (s *whole) fits(p *Pattern, self model.Side) bool {
	peer := s.end(self.Peer())
	return (p.Peer == nil || p.Peer(&peer)) &&
		(p.Out == nil || p.Out(&s.Nets[self])) &&
		(p.In == nil || p.In(&s.Nets[self.Peer()]))
}

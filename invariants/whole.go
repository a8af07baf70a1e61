package invariants

import (
	"context"
	"fmt"
	"slices"

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
func (d *deed) netMoves(to *whole) (moves [2]netStep) {
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

// inState is the answer in a state.
func (q *Question) inState(s *whole) bool {
	var f Facts
	for _, side := range model.Sides {
		e, n := f.of(side)
		at := s.end(side)
		e.end(side, at.still(), false)
		n.net(side, &netStep{To: &s.Nets[side]})
	}
	return holds(q.whole, &f)
}

// onStep is the answer in a step.
func (q *Question) onStep(from *whole, d *deed, to *whole) bool {
	var f Facts
	nets := d.netMoves(to)
	for side, m := range d.moves(from, to) {
		e, n := f.of(model.Side(side))
		if m != nil {
			e.end(model.Side(side), m, true)
		} else {
			at := to.end(model.Side(side))
			e.end(model.Side(side), at.still(), false)
		}
		n.net(model.Side(side), &nets[side])
	}
	return holds(q.whole, &f)
}

// watch looks out for an answer.
func (q *Question) watch(answer bool) explore.Watch[whole, deed] {
	return explore.Watch[whole, deed]{
		Kind:  q.kind,
		State: func(s whole) bool { return q.inState(&s) == answer },
		Step:  func(from whole, d deed, to whole) bool { return q.onStep(&from, &d, &to) == answer },
	}
}

// searchWhole explores the system once, state by state, and judges the tasks,
// which are those of questions.
func searchWhole(ctx context.Context, y *model.System, tasks []*task, remember needs, o Options) (explore.Result, error) {
	if len(tasks) > explore.MaxWatches {
		return explore.Result{}, fmt.Errorf("%d questions of whole states: want at most %d", len(tasks), explore.MaxWatches)
	}
	var watches []explore.Watch[whole, deed]
	for _, t := range tasks {
		watches = append(watches, t.finding.Property.asked.watch(t.finding.Property.answer))
	}
	if o.UntilFound {
		o.Enough = func(found func(int) bool) bool {
			for i := range tasks {
				if !found(i) {
					return false
				}
			}
			return true
		}
	}
	e := explore.Explore(ctx, &wholes{y, remember}, watches, o.Options)
	result := e.Result
	for i, bound := range result.Incomplete {
		if bound == explore.BoundBoundary {
			result.Incomplete[i] = BoundCapacity
		}
	}
	slices.Sort(result.Incomplete)
	for i, t := range tasks {
		f := t.finding
		var found bool
		f.Steps, found = e.Found(i)
		f.conclude(found, false, &result)
		if !found || o.NoTraces {
			continue
		}
		light, _ := e.Lightest(i, func(from whole, step *explore.Step[whole, deed]) explore.Weight {
			return weight(y, &from.State, step.Action.Action)
		})
		path := light.Path
		f.Trace = &Trace{Config: y.Config, Loop: -1}
		for i, s := range path.States {
			f.Trace.States = append(f.Trace.States, s.State)
			if i > 0 {
				a := path.Actions[i-1].Action
				o, ok := y.Step(path.States[i-1].State, a)
				if !ok || o.To != s.State {
					return explore.Result{}, fmt.Errorf("%s: event %d of the trace does not replay", f.Property.Name, i)
				}
				f.Trace.Events = append(f.Trace.Events, Event{a, o})
			}
		}
	}
	return result, nil
}

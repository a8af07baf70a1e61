package join

import (
	"fmt"

	"tcpclose/box"
	"tcpclose/explore"
	"tcpclose/explore/product"
	"tcpclose/invariants"
	"tcpclose/model"
	"tcpclose/trace"
)

// Trace returns the run along a path, from the initial state on. It is replayed through
// the model: that the fast search and the model disagree would be an error of this program.
func (p *Product) Trace(path explore.Path[product.Tuple, product.Pick]) (*trace.Trace, error) {
	t := &trace.Trace{Config: p.Model.Config, Counted: p.Model.Medium().Counted, Loop: -1}
	s, _ := p.State(path.States[0])
	t.States = append(t.States, s)
	for i, pick := range path.Actions {
		a := p.action(s, pick)
		want, _ := p.State(path.States[i+1])
		o, ok := p.Model.Step(s, a)
		if !ok || o.Overflow || o.To != want {
			return nil, fmt.Errorf("the trace does not replay: event %d, %v, leads to %+v in the search and to %+v (possible: %v) in the model", i+1, a, want, o.To, ok)
		}
		t.Events = append(t.Events, trace.Event{Action: a, Outcome: o})
		t.States = append(t.States, o.To)
		s = o.To
	}
	if s := t.States[0]; s != p.begin().State {
		return nil, fmt.Errorf("the trace does not replay: it begins in %+v", s)
	}
	return t.Behind(p.after), nil
}

// An arrival is what a step of the saturated network delivers, or the zero arrival.
type arrival struct {
	segment model.Segment
	of      model.Tag
	behind  bool // the box
}

// A plannedStep is a step of the saturated network, without what the network keeps.
type plannedStep struct {
	pick     product.Pick
	from     model.Side // whose channel delivers
	arrives  arrival
	mover    model.Side
	sends    arrival
	passes   [2]arrival // what the box sends, by who seems to send it
	toStates [2]model.TCB
	toBox    model.BoxState
}

// A keeping says of which packets a run keeps a copy when they are delivered.
type keeping uint8

const (
	keepNeeded keeping = iota // those that arrive again before they are sent again
	keepRepeat                // those that arrive again
	keepAll
)

// TraceUnlimited returns a run of the saturated network as one of a network with a capacity:
// the least, from one on, that has it with as many events, where a delivery keeps a copy
// only if it is wanted again. What watch sees at the end has to be seen there, too. ok is
// false if no capacity that a channel can have has the run.
func (p *Product) TraceUnlimited(path explore.Path[product.Tuple, product.Pick], watch int, least uint8) (*trace.Trace, bool) {
	plan := p.plan(path)
	for capacity := least; capacity <= p.Model.Config.LargestCapacity(); capacity++ {
		for _, keep := range []keeping{keepNeeded, keepRepeat, keepAll} {
			if t, ok := p.follow(plan, keep, capacity, watch); ok {
				return t, true
			}
		}
	}
	return nil, false
}

// plan returns the steps of a path.
func (p *Product) plan(path explore.Path[product.Tuple, product.Pick]) (plan []plannedStep) {
	for i, pick := range path.Actions {
		at, to := path.States[i], path.States[i+1]
		r := p.routes[pick.Route]
		s := plannedStep{pick: pick, from: r.side, mover: r.side}
		var effect model.Effect
		end := func(side model.Side) model.TCB { return p.Ends.Value(uint32(at[EndOf(side)])).TCB }
		switch r.kind {
		case model.Calls:
			stack, t := p.Model.Stack(r.side), end(r.side)
			calls := stack.Calls(nil, t)
			if pick.Move < len(calls) {
				_, effect = stack.Call(t, calls[pick.Move])
			} else {
				_, effect = stack.Timeout(t, stack.Due(nil, t)[pick.Move-len(calls)])
			}
		case model.Boxes:
			b := p.Boxes.Value(uint32(at[p.box]))
			_, does := p.Model.Box().Act(b, p.Model.Box().Acts(nil, b)[pick.Move])
			s.pass(does)
		case model.Copies:
			n := &crowdPart{Product: p, side: r.side}
			packet := n.crowded(pick.Route, p.crowds.Value(uint32(at[netOf(r.side)])).list())[pick.Move]
			s.arrives, s.mover = arrival{packet.Segment, packet.Of, packet.Behind}, r.side.Peer()
			if r.toBox {
				_, does := p.Model.Box().Arrives(p.Boxes.Value(uint32(at[p.box])), r.side, packet)
				s.pass(does)
				if does.Verdict == box.Passed {
					s.passes[r.side] = arrival{packet.Segment, packet.Of, true}
				}
				break
			}
			_, effect = p.Model.Stack(s.mover).Arrives(end(s.mover), packet.Segment, packet.Of)
		}
		s.sends = arrival{effect.Sent, effect.Of, false}
		if p.box > 0 {
			s.toBox = p.Boxes.Value(uint32(to[p.box]))
		}
		for side := range s.toStates {
			s.toStates[side] = p.Ends.Value(uint32(to[EndOf(model.Side(side))])).TCB
		}
		plan = append(plan, s)
	}
	return plan
}

// pass notes the RSTs that the box sends.
func (s *plannedStep) pass(e model.BoxEffect) {
	for side, g := range e.Resets {
		if g != (model.Segment{}) {
			s.passes[side] = arrival{g, e.Tag[side], true}
		}
	}
}

// keeps reports whether what the first of the steps delivers is to stay.
func (k keeping) keeps(steps []plannedStep) bool {
	it := &steps[0]
	if k == keepAll {
		return true
	}
	// What is sent in the same step goes the other way.
	for i := range steps[1:] {
		later := &steps[1+i]
		switch {
		case later.arrives == it.arrives && later.from == it.from:
			return true
		case k == keepNeeded && (later.sends == it.arrives && later.mover == it.from || later.passes[it.from] == it.arrives):
			return false
		}
	}
	return false
}

// follow returns the run, if a network of that capacity has it.
func (p *Product) follow(plan []plannedStep, keep keeping, capacity uint8, watch int) (*trace.Trace, bool) {
	c := p.Model.Config
	c.Capacity = capacity
	y, err := model.NewSystem(c)
	if err != nil {
		return nil, false
	}
	whole := WholeSystem{Model: y, Monitors: p.Monitors}
	s := whole.Init()[0]
	t := &trace.Trace{Config: c, States: []model.State{s.State}, Loop: -1}
	r := invariants.NewReading(p.Monitors)
	last := s.InState(y, r)
	for i := range plan {
		a, ok := p.planned(&s.State, plan[i:], keep)
		if !ok {
			return nil, false
		}
		o, ok := y.Step(s.State, a)
		if !ok || o.Overflow || o.To.Ends != plan[i].toStates || o.To.Box != plan[i].toBox {
			return nil, false
		}
		step := whole.Step(&s, a, &o)
		if p.Watches[watch].Kind == explore.Steps {
			last = step.Action.OnStep(y, &s, &step.To, r)
		} else {
			last = step.To.InState(y, r)
		}
		t.Events, t.States = append(t.Events, trace.Event{Action: a, Outcome: o}), append(t.States, o.To)
		s = step.To
	}
	return t, p.patterns[watch/2].Matches(last, model.Side(watch%2))
}

// planned returns the action that is the first of the steps in a state.
func (p *Product) planned(s *model.State, steps []plannedStep, keep keeping) (a model.Action, ok bool) {
	it := &steps[0]
	if it.arrives == (arrival{}) {
		return p.action(*s, it.pick), true
	}
	packets := s.Nets[it.from].List()
	// The last that fits is the youngest.
	for i := len(packets) - 1; i >= 0; i-- {
		if packets[i].Segment == it.arrives.segment && packets[i].Of == it.arrives.of && packets[i].Behind == it.arrives.behind {
			a = model.Action{Kind: model.Deliveries, Side: it.from, Place: uint8(i), Packet: packets[i]}
			if keep.keeps(steps) {
				a.Kind = model.Copies
			}
			return a, true
		}
	}
	return a, false
}

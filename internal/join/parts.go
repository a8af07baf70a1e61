package join

import (
	"tcpclose/explore/product"
	"tcpclose/invariants"
	"tcpclose/model"
	"tcpclose/trace"
)

// An endPart is the part of one endpoint.
type endPart struct {
	*Product
	side model.Side
}

// Offer returns the user's calls and the timeouts that are due, or a tick.
func (e endPart) Offer(dst []product.Move, r int, v product.Value) []product.Move {
	from := e.Ends.Value(uint32(v))
	stack := e.Model.Stack(e.side)
	if e.routes[r].kind == model.Ticks {
		if e.Model.Config.Time != model.TimeSteps {
			return append(dst, e.ask(v, from, model.Never))
		}
		return append(dst, e.tick(v, from, message{ask: 1}))
	}
	e.tryOffer(e.side, stack, from.TCB)
	for _, c := range stack.Calls(nil, from.TCB) {
		to, effect := stack.Call(from.TCB, c)
		dst = append(dst, e.move(from, invariants.Step{To: to, Effect: effect, Kind: model.Calls, Call: c}))
	}
	for _, t := range stack.Due(nil, from.TCB) {
		to, effect := stack.Timeout(from.TCB, t)
		dst = append(dst, e.move(from, invariants.Step{To: to, Effect: effect, Kind: model.Timeouts, Timeout: t}))
	}
	return dst
}

// React returns the arrival of a segment, or a tick.
func (e endPart) React(v product.Value, in product.Message) product.Move {
	from := e.Ends.Value(uint32(v))
	m := e.messages.Value(uint32(in))
	stack := e.Model.Stack(e.side)
	switch {
	case m.tick > 0:
		return e.tick(v, from, message{ask: m.tick})
	case m.ask > 0 && e.side == model.A: // everybody has been asked
		return e.tick(v, from, m)
	case m.ask > 0:
		return e.ask(v, from, m.ask)
	}
	to, effect := stack.Arrives(from.TCB, m.sent, m.of)
	e.tryEnd(e.side, func(other model.Stack) bool {
		its, f := other.Arrives(from.TCB, m.sent, m.of)
		return its == to && sameEffect(f, effect)
	})
	return e.move(from, invariants.Step{To: to, Effect: effect, Kind: model.Deliveries, Arrived: m.sent, Of: m.of})
}

// ask tells how far time may go, for this end and those asked before.
func (e endPart) ask(v product.Value, from End, before uint16) product.Move {
	leap := e.Model.Stack(e.side).Leap(from.TCB)
	e.tryEnd(e.side, func(other model.Stack) bool { return other.Leap(from.TCB) == leap })
	n := model.Sooner(before, leap)
	return product.Move{To: v, Out: e.message(message{ask: n}), Step: product.All}
}

// tick lets as many ticks pass as were asked for.
func (e endPart) tick(v product.Value, from End, asked message) product.Move {
	n := asked.ask
	to, ok := e.Model.Stack(e.side).Tick(from.TCB, n)
	e.tryEnd(e.side, func(other model.Stack) bool {
		its, may := other.Tick(from.TCB, n)
		return may == ok && (!ok || its == to)
	})
	if !ok {
		return product.Move{Refuse: true}
	}
	move := e.move(from, invariants.Step{To: to, Kind: model.Ticks, Elapsed: n})
	move.Note = e.message(message{tick: n, still: asked.still})
	move.Still = to == from.TCB // memory alone does not make time go on
	return move
}

// move completes a step from from.
func (e endPart) move(from End, s invariants.Step) product.Move {
	s.From = from.TCB
	to := End{s.To, e.Monitors.Next(from.Record, &s, e.Model.Config.MSL)}
	r := invariants.NewReading(e.Monitors)
	s.Before, s.After = from.Record.Memory(r), to.Record.Memory(r)
	after := s.End()
	e.note(&s, &after, r)
	return product.Move{
		To:    product.Value(e.Ends.Number(to)),
		Out:   e.message(message{sent: s.Effect.Sent, of: s.Effect.Of}),
		Label: e.label(&s),
		Step: e.watches(endParts, ofSteps, r, func(p *invariants.Pattern, self model.Side) bool {
			switch {
			case p.Parts != nil:
				return self == model.A && e.fits(p.Parts, &s, true)
			case p.Box != nil: // ends do not move then
				return false
			case self == e.side:
				return p.Step(&s)
			}
			return p.Peer == nil || p.Peer(&after)
		}),
	}
}

// fits reports whether the end meets a pattern by parts; without a box that there is none
// has to do so, too.
func (e endPart) fits(p invariants.Parts, s *invariants.Step, moved bool) bool {
	return p.End(e.side, s, moved) && (e.box > 0 || e.side == model.B || p.Box(&noBox))
}

var noBox invariants.BoxStep

// label returns what a step is counted under, if steps are.
func (e endPart) label(s *invariants.Step) uint32 {
	if e.LabelEnd == nil {
		return 0
	}
	return e.LabelEnd(e.side, s)
}

func (e endPart) State(v product.Value) product.Bits {
	value := e.Ends.Value(uint32(v))
	r := invariants.NewReading(e.Monitors)
	at := value.seen(r)
	return e.watches(endParts, ofStates, r, func(p *invariants.Pattern, self model.Side) bool {
		switch {
		case p.Parts != nil:
			return self == model.A && e.fits(p.Parts, at.Still(), false)
		case self == e.side:
			return p.Self == nil || p.Self(&at)
		}
		return p.Peer == nil || p.Peer(&at)
	})
}

func (e endPart) Stay(v product.Value) product.Bits {
	value := e.Ends.Value(uint32(v))
	r := invariants.NewReading(e.Monitors)
	at := value.seen(r)
	return e.watches(endParts, ofSteps, r, func(p *invariants.Pattern, self model.Side) bool {
		if p.Parts != nil {
			return self == model.A && e.fits(p.Parts, at.Still(), false)
		}
		if p.Box != nil && self == e.side {
			return p.Self == nil || p.Self(&at)
		}
		return self != e.side && (p.Peer == nil || p.Peer(&at))
	})
}

// A netPart is the part of the channel into which one side sends.
type netPart struct {
	*Product
	side model.Side
}

// Offer returns what the network can do with each packet.
func (n netPart) Offer(dst []product.Move, r int, v product.Value) []product.Move {
	from := n.Nets.Value(uint32(v))
	medium := n.Model.Medium().Of(n.side)
	for _, i := range n.offered(n.routes[r], &from) {
		var to model.Channel
		var toll model.Toll
		var out product.Message
		var s invariants.NetStep
		switch n.routes[r].kind {
		case model.Deliveries:
			to, toll = medium.Deliver(from, i)
		case model.Copies:
			to, toll = medium.DeliverCopy(from, i)
			s.Copied = from.Packets[i].Segment
		case model.Losses:
			to, toll = medium.Lose(from, i)
			s.Lost = from.Packets[i].Segment
		}
		s.Packets = to.List()
		n.note(&s)
		n.tryNet(func(other model.Medium) bool {
			other = other.Of(n.side)
			its := to
			switch n.routes[r].kind {
			case model.Deliveries:
				its, _ = other.Deliver(from, i)
			case model.Copies:
				its, _ = other.DeliverCopy(from, i)
			case model.Losses:
				its, _ = other.Lose(from, i)
			}
			return its == to
		})
		if n.routes[r].kind != model.Losses {
			out = n.message(message{sent: from.Packets[i].Segment, of: from.Packets[i].Of})
			if n.routes[r].toBox {
				out = n.message(packetMessage(toBox, n.side, from.Packets[i]))
			}
		}
		move := product.Move{To: product.Value(n.Nets.Number(to)), Out: out, Note: n.toBudget(toll), Step: n.seen(&s)}
		if n.routes[r].kind == model.Losses && n.LabelLoss != nil {
			move.Label = n.LabelLoss(n.side, from.Packets[i].Segment)
		}
		dst = append(dst, move)
	}
	return dst
}

// React returns that a segment is sent, or a tick.
func (n netPart) React(v product.Value, in product.Message) product.Move {
	c := n.Nets.Value(uint32(v))
	m := n.messages.Value(uint32(in))
	medium := n.Model.Medium().Of(n.side)
	n.tryNet(func(other model.Medium) bool { return sameReaction(medium, other.Of(n.side), c, m) })
	var toll model.Toll
	switch {
	case m.ask > 0:
		return product.Move{To: v, Out: n.message(message{ask: model.Sooner(m.ask, medium.Leap(c))}), Step: product.All}
	case m.tick > 0:
		c, toll = medium.Tick(c)
	default:
		c, toll = medium.Enter(c, m.packet())
	}
	s := invariants.NetStep{Packets: c.List()}
	n.note(&s)
	return product.Move{To: product.Value(n.Nets.Number(c)), Out: n.toBudget(toll), Step: n.seen(&s)}
}

func (n netPart) State(v product.Value) product.Bits {
	c := n.Nets.Value(uint32(v))
	return n.watches(netParts, ofStates, nil, func(p *invariants.Pattern, self model.Side) bool {
		return n.matches(p, self, &invariants.NetStep{Packets: c.List()})
	})
}

func (n netPart) Stay(v product.Value) product.Bits {
	c := n.Nets.Value(uint32(v))
	return n.seen(&invariants.NetStep{Packets: c.List()})
}

func (n netPart) seen(s *invariants.NetStep) product.Bits {
	return n.watches(netParts, ofSteps, nil, func(p *invariants.Pattern, self model.Side) bool { return n.matches(p, self, s) })
}

func (n netPart) matches(p *invariants.Pattern, self model.Side, s *invariants.NetStep) bool {
	switch {
	case p.Parts != nil:
		return self == model.A && p.Parts.Net(n.side, s)
	case self == n.side:
		return p.Out == nil || p.Out(s.Packets)
	}
	return p.In == nil || p.In(s.Packets)
}

// A budgetValue is what the network may still do and, if that is recorded, which faults
// there were.
type budgetValue struct {
	Left model.Budget
	Met  trace.NetFaults
}

// A budgetPart is the budgetValue.
type budgetPart struct{ *Product }

func (b budgetPart) Offer(dst []product.Move, _ int, _ product.Value) []product.Move { return dst }

func (b budgetPart) React(v product.Value, in product.Message) product.Move {
	to := b.Budgets.Value(uint32(v))
	toll := b.messages.Value(uint32(in)).toll
	b.tryNet(func(other model.Medium) bool { return samePayment(b.Model.Medium(), other, to.Left, toll) })
	var ok, overflow bool
	switch to.Left, ok, overflow = b.Model.Medium().Pay(to.Left, toll); {
	case overflow:
		return product.Move{Bound: BoundCapacity}
	case !ok:
		return product.Move{Refuse: true}
	}
	if b.recorded {
		to.Met |= trace.FaultsOf(toll)
	}
	return product.Move{To: product.Value(b.Budgets.Number(to)), Step: b.pass(ofSteps, to.Met)}
}

func (b budgetPart) State(v product.Value) product.Bits {
	return b.pass(ofStates, b.Budgets.Value(uint32(v)).Met)
}

func (b budgetPart) Stay(v product.Value) product.Bits {
	return b.pass(ofSteps, b.Budgets.Value(uint32(v)).Met)
}

// pass returns the watches that do not mind that there were these faults.
func (b budgetPart) pass(of int, met trace.NetFaults) product.Bits {
	if !b.recorded {
		return product.All
	}
	return b.watches(budgetParts, of, nil, func(p *invariants.Pattern, self model.Side) bool {
		k, is := p.Parts.(PartsOfKind)
		return self == model.A && (!is || k.Kind.Faults == met)
	})
}

// BoundCapacity is the bound that is met when a segment finds no room and its
// loss cannot be paid for.
const BoundCapacity = "capacity"

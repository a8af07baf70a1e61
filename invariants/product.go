package invariants

import (
	"tcpclose/explore"
	"tcpclose/model"
)

// This is where model and explore meet: a model.System as an explore.Product.
// The parts are the two ends, the two channels and, where something is counted,
// the budget. An end is a TCB and what the monitors that a property needs
// remember of it (memory.go); without such a property the memory is empty, and
// the product has exactly the states of the model.

// The parts, in order. The budget is there only if something is limited.
const (
	partEnds   = 0
	partNets   = 2
	partBudget = 4
)

func endOf(s model.Side) int { return partEnds + int(s) }
func netOf(s model.Side) int { return partNets + int(s) }

// An End is one endpoint: its TCB, and what is remembered of its past.
type End struct {
	model.TCB
	Memory
}

// A message is what one part tells another in a step.
type message struct {
	ask  uint16        // how far may time go, for all parts asked so far?
	tick uint16        // to all but the budget: time goes on by so much
	sent model.Segment // to a channel, or to an end
	of   model.Tag     // to which connection it belongs
	toll model.Toll    // to the budget
}

// A product is a model.System seen as an explore.Product, with patterns to be
// looked out for. Watch 2i is pattern i with a as self, watch 2i+1 with b; that of
// a question is 2i, and watch 2i+1 sees nothing.
type product struct {
	explore.Product
	system   *model.System
	needs    needs
	recorded bool
	patterns []Pattern
	always   explore.Bits // the watches that are not patterns: for ends and channels they pass
	routes   []route      // of explore.Product.Routes
	labelled bool         // moves have labels, for a quotient

	ends     explore.Numbering[End]
	nets     explore.Numbering[model.Channel]
	budgets  explore.Numbering[purse]
	messages explore.Numbering[message]
	labels   explore.Numbering[Occurrence]
	followed *explore.Numbering[model.Clauses] // labels by clauses instead, if not nil
}

// A route is the steps of one kind, led by one side.
type route struct {
	kind model.Kind // Calls stands for Timeouts, too
	side model.Side
}

func newProduct(y *model.System, patterns []Pattern) *product {
	return buildProduct(y, patterns, unpaid)
}

// newRecorded is newProduct of a system that counts everything, with a budget that
// remembers which faults there were; and ends remember which clauses they followed.
func newRecorded(y *model.System, patterns []Pattern) *product {
	p := buildProduct(y.Counted(), patterns, recorded)
	p.needs |= clauses
	return p
}

// newMetered is newProduct of a system that counts everything, without a budget:
// what steps cost is seen by watches (margin.go).
func newMetered(y *model.System, patterns []Pattern) *product {
	return buildProduct(y.Counted(), patterns, metered)
}

// An accounting is what becomes of tolls.
type accounting uint8

const (
	unpaid   accounting = iota // they are paid, if anything is limited
	metered                    // steps are seen for them
	recorded                   // they are paid, and remembered
)

func buildProduct(y *model.System, patterns []Pattern, tolled accounting) *product {
	p := &product{system: y, patterns: patterns, recorded: tolled == recorded}
	for _, pat := range patterns {
		p.needs |= pat.Needs
		for _, self := range model.Sides {
			w := explore.ProductWatch{Kind: pat.Kind}
			if pat.Kind == explore.Steps && pat.asked == nil {
				w.Movers = []int{endOf(self)}
			}
			p.Watches = append(p.Watches, w)
		}
	}
	p.Parts = []explore.Part{
		endPart{p, model.A}, endPart{p, model.B},
		netPart{p, model.A}, netPart{p, model.B},
	}
	// Who hears of tolls: a meter for each that a route may have, the budget, or
	// nobody.
	limited := y.Config.Loss != model.Unlimited || y.Config.Duplicate != model.Unlimited || y.Config.Reorder != model.Unlimited || y.Config.Loses != model.LosesAny
	switch {
	case tolled == metered:
		p.addMeters()
	case limited || tolled == recorded:
		p.Parts = append(p.Parts, budgetPart{p})
	}
	add := func(r route, lead int, idle bool, hops ...explore.Hop) {
		name := r.kind.String()
		if r.kind != model.Ticks {
			name += " " + r.side.String()
		}
		switch {
		case tolled == metered:
			hops = toMeters(hops)
		case !limited && tolled == unpaid:
			hops = untolled(hops)
		}
		p.Routes = append(p.Routes, explore.Route{Name: name, Lead: lead, Hops: hops, Idle: idle})
		p.routes = append(p.routes, r)
	}
	// An end and what it sends are a half, and so are the other and the budget. Hops
	// stay in a half as long as they can.
	p.Halves = []int{endOf(model.A), netOf(model.A)}
	for _, s := range model.Sides {
		add(route{model.Calls, s}, endOf(s), false,
			explore.Hop{Part: netOf(s), From: 0},
			explore.Hop{Part: partBudget, From: 1})
	}
	for _, kind := range []model.Kind{model.Deliveries, model.Copies} {
		for _, s := range model.Sides {
			to := s.Peer()
			add(route{kind, s}, netOf(s), false,
				explore.Hop{Part: partBudget, From: 0, Port: explore.Note},
				explore.Hop{Part: endOf(to), From: 0},
				explore.Hop{Part: netOf(to), From: 2},
				explore.Hop{Part: partBudget, From: 3})
		}
	}
	for _, s := range model.Sides {
		add(route{model.Losses, s}, netOf(s), false,
			explore.Hop{Part: partBudget, From: 0, Port: explore.Note})
	}
	// Where time leaps, all parts are asked how far before it goes on; otherwise
	// by a tick.
	var ask []explore.Hop
	if y.Config.Time == model.TimeLeaps {
		ask = []explore.Hop{
			{Part: netOf(model.A), From: 0},
			{Part: endOf(model.B), From: 1},
			{Part: netOf(model.B), From: 2},
			{Part: endOf(model.A), From: 3},
		}
	}
	n := len(ask)
	add(route{model.Ticks, model.A}, endOf(model.A), true, append(ask,
		explore.Hop{Part: netOf(model.A), From: n, Port: explore.Note},
		explore.Hop{Part: endOf(model.B), From: n, Port: explore.Note},
		explore.Hop{Part: netOf(model.B), From: n, Port: explore.Note},
		explore.Hop{Part: partBudget, From: n + 1},
		explore.Hop{Part: partBudget, From: n + 3})...)
	p.Init = []explore.Tuple{p.tuple(y.Init())}
	return p
}

// untolled is hops without those to the budget.
func untolled(hops []explore.Hop) (list []explore.Hop) {
	at := []int{0} // by hop, the lead being the first: where it is in list
	for _, h := range hops {
		at = append(at, len(list)+1)
		if h.Part != partBudget {
			h.From = at[h.From]
			list = append(list, h)
		}
	}
	return list
}

// toMeters has each hop to the budget lead to a meter of its own.
func toMeters(hops []explore.Hop) []explore.Hop {
	meter := partBudget
	for i := range hops {
		if hops[i].Part == partBudget {
			hops[i].Part = meter
			meter++
		}
	}
	return hops
}

// tuple is a state of the model, with nothing remembered.
func (p *product) tuple(s model.State) (t explore.Tuple) {
	for _, side := range model.Sides {
		t[endOf(side)] = explore.Value(p.ends.Number(End{TCB: s.Ends[side]}))
		t[netOf(side)] = explore.Value(p.nets.Number(s.Nets[side]))
	}
	for i := partBudget; i < len(p.Parts); i++ {
		t[i] = explore.Value(p.budgets.Number(purse{Left: s.Left})) // of a meter, its one value
	}
	return t
}

// state is what a tuple stands for.
func (p *product) state(t explore.Tuple) (s model.State, memory [2]Memory) {
	s.Left = p.system.Config.Budget()
	for _, side := range model.Sides {
		e := p.ends.Value(uint32(t[endOf(side)]))
		s.Ends[side], memory[side] = e.TCB, e.Memory
		s.Nets[side] = p.nets.Value(uint32(t[netOf(side)]))
	}
	if len(p.Parts) > partBudget {
		s.Left = p.budgets.Value(uint32(t[partBudget])).Left
	}
	return s, memory
}

// action is the model's name for a step from s.
func (p *product) action(s model.State, pick explore.Pick) model.Action {
	r := p.routes[pick.Route]
	switch r.kind {
	case model.Calls:
		stack, t := p.system.Stack(r.side), s.Ends[r.side]
		calls := stack.Calls(nil, t)
		if pick.Move < len(calls) {
			return model.Action{Kind: model.Calls, Side: r.side, Call: calls[pick.Move]}
		}
		return model.Action{Kind: model.Timeouts, Side: r.side, Timeout: stack.Due(nil, t)[pick.Move-len(calls)]}
	case model.Ticks:
		return model.Action{Kind: model.Ticks}
	}
	i := s.Nets[r.side].Different()[pick.Move]
	return model.Action{Kind: r.kind, Side: r.side, Place: uint8(i), Packet: s.Nets[r.side].Packets[i]}
}

func (p *product) message(m message) explore.Message {
	if m == (message{}) {
		return 0
	}
	return explore.Message(p.messages.Number(m))
}

// toBudget is the message that a toll is due.
func (p *product) toBudget(t model.Toll) explore.Message { return p.message(message{toll: t}) }

// watches is the set of watches for which keep(pattern, self) holds, among those
// of the kinds that are wanted.
func (p *product) watches(wanted func(explore.Kind) bool, keep func(*Pattern, model.Side) bool) (b explore.Bits) {
	if wanted(explore.Steps) {
		b = p.always
	}
	for i := range p.patterns {
		pat := &p.patterns[i]
		if !wanted(pat.Kind) {
			continue
		}
		for _, self := range model.Sides {
			if keep(pat, self) {
				b = b.Or(explore.Bit(2*i + int(self)))
			}
		}
	}
	return b
}

func ofSteps(k explore.Kind) bool  { return k == explore.Steps }
func ofStates(k explore.Kind) bool { return k != explore.Steps }

// An endPart is the part of one endpoint.
type endPart struct {
	*product
	side model.Side
}

// Offer is the user's calls and the timeouts that are due, or a tick.
func (e endPart) Offer(dst []explore.Move, r int, v explore.Value) []explore.Move {
	from := e.ends.Value(uint32(v))
	stack := e.system.Stack(e.side)
	if e.routes[r].kind == model.Ticks {
		if e.system.Config.Time == model.TimeLeaps {
			return append(dst, e.ask(v, from, model.Never))
		}
		return append(dst, e.tick(v, from, 1))
	}
	for _, c := range stack.Calls(nil, from.TCB) {
		to, effect := stack.Call(from.TCB, c)
		dst = append(dst, e.move(from, Step{To: to, Effect: effect, Kind: model.Calls, Call: c}))
	}
	for _, t := range stack.Due(nil, from.TCB) {
		to, effect := stack.Timeout(from.TCB, t)
		dst = append(dst, e.move(from, Step{To: to, Effect: effect, Kind: model.Timeouts, Timeout: t}))
	}
	return dst
}

// React is the arrival of a segment, or a tick.
func (e endPart) React(v explore.Value, in explore.Message) explore.Move {
	from := e.ends.Value(uint32(v))
	m := e.messages.Value(uint32(in))
	stack := e.system.Stack(e.side)
	switch {
	case m.tick > 0:
		return e.tick(v, from, m.tick)
	case m.ask > 0 && e.side == model.A: // everybody has been asked
		return e.tick(v, from, m.ask)
	case m.ask > 0:
		return e.ask(v, from, m.ask)
	}
	to, effect := stack.Arrives(from.TCB, m.sent, m.of)
	return e.move(from, Step{To: to, Effect: effect, Kind: model.Deliveries, Arrived: m.sent, Of: m.of})
}

// ask tells how far time may go, for this end and those asked before.
func (e endPart) ask(v explore.Value, from End, before uint16) explore.Move {
	n := min(before, e.system.Stack(e.side).Leap(from.TCB))
	return explore.Move{To: v, Out: e.message(message{ask: n}), Step: explore.All}
}

// tick lets n ticks pass.
func (e endPart) tick(v explore.Value, from End, n uint16) explore.Move {
	to, ok := e.system.Stack(e.side).Tick(from.TCB, n)
	if !ok {
		return explore.Move{Refuse: true}
	}
	move := e.move(from, Step{To: to, Kind: model.Ticks, Elapsed: n})
	move.Note = e.message(message{tick: n})
	move.Still = to == from.TCB // memory alone does not make time go on
	return move
}

// move completes a step from from.
func (e endPart) move(from End, s Step) explore.Move {
	s.From = from.TCB
	s.Before = from.Memory
	s.After = e.needs.next(from.Memory, &s, e.system.Config.MSL)
	to := End{s.To, s.After}
	return explore.Move{
		To:    explore.Value(e.ends.Number(to)),
		Out:   e.message(message{sent: s.Effect.Sent, of: s.Effect.Of}),
		Label: e.label(&s),
		Step: e.watches(ofSteps, func(p *Pattern, self model.Side) bool {
			switch {
			case p.asked != nil:
				return self == model.A && p.asked.end(e.side, &s, true)
			case self == e.side:
				return p.Step(&s)
			}
			return p.Peer == nil || p.Peer(&to)
		}),
	}
}

// label is what a step is counted under, if steps are.
func (e endPart) label(s *Step) uint32 {
	if e.followed != nil {
		return e.followed.Number(s.Effect.Clauses)
	}
	return e.product.label(func() Occurrence { return occurrence(e.side, s) })
}

func (e endPart) State(v explore.Value) explore.Bits {
	at := e.ends.Value(uint32(v))
	return e.watches(ofStates, func(p *Pattern, self model.Side) bool {
		switch {
		case p.asked != nil:
			return self == model.A && p.asked.end(e.side, at.still(), false)
		case self == e.side:
			return p.Self == nil || p.Self(&at)
		}
		return p.Peer == nil || p.Peer(&at)
	})
}

func (e endPart) Stay(v explore.Value) explore.Bits {
	at := e.ends.Value(uint32(v))
	return e.watches(ofSteps, func(p *Pattern, self model.Side) bool {
		if p.asked != nil {
			return self == model.A && p.asked.end(e.side, at.still(), false)
		}
		return self != e.side && (p.Peer == nil || p.Peer(&at))
	})
}

// still is the step in which an end does nothing.
func (e *End) still() *Step { return &Step{From: e.TCB, To: e.TCB, Before: e.Memory, After: e.Memory} }

// A netPart is the part of the channel into which one side sends.
type netPart struct {
	*product
	side model.Side
}

// Offer is what the network can do with each packet.
func (n netPart) Offer(dst []explore.Move, r int, v explore.Value) []explore.Move {
	from := n.nets.Value(uint32(v))
	medium := n.system.Medium().Of(n.side)
	for _, i := range from.Different() {
		var to model.Channel
		var toll model.Toll
		var out explore.Message
		s := netStep{To: &to}
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
		if n.routes[r].kind != model.Losses {
			out = n.message(message{sent: from.Packets[i].Segment, of: from.Packets[i].Of})
		}
		move := explore.Move{To: explore.Value(n.nets.Number(to)), Out: out, Note: n.toBudget(toll), Step: n.seen(&s)}
		if n.routes[r].kind == model.Losses {
			move.Label = n.label(func() Occurrence {
				return Occurrence{Kind: model.Losses, Side: n.side, Arrived: SortOf(from.Packets[i].Segment)}
			})
		}
		dst = append(dst, move)
	}
	return dst
}

// React is that a segment is sent, or a tick.
func (n netPart) React(v explore.Value, in explore.Message) explore.Move {
	c := n.nets.Value(uint32(v))
	m := n.messages.Value(uint32(in))
	medium := n.system.Medium().Of(n.side)
	var toll model.Toll
	switch {
	case m.ask > 0:
		return explore.Move{To: v, Out: n.message(message{ask: min(m.ask, medium.Leap(c))}), Step: explore.All}
	case m.tick > 0:
		c, toll = medium.Tick(c)
	default:
		c, toll = medium.Send(c, m.sent, m.of)
	}
	return explore.Move{To: explore.Value(n.nets.Number(c)), Out: n.toBudget(toll), Step: n.seen(&netStep{To: &c})}
}

func (n netPart) State(v explore.Value) explore.Bits {
	c := n.nets.Value(uint32(v))
	return n.watches(ofStates, func(p *Pattern, self model.Side) bool { return n.matches(p, self, &netStep{To: &c}) })
}

func (n netPart) Stay(v explore.Value) explore.Bits {
	c := n.nets.Value(uint32(v))
	return n.seen(&netStep{To: &c})
}

func (n netPart) seen(s *netStep) explore.Bits {
	return n.watches(ofSteps, func(p *Pattern, self model.Side) bool { return n.matches(p, self, s) })
}

func (n netPart) matches(p *Pattern, self model.Side, s *netStep) bool {
	switch {
	case p.asked != nil:
		return self == model.A && p.asked.net(n.side, s)
	case self == n.side:
		return p.Out == nil || p.Out(s.To)
	}
	return p.In == nil || p.In(s.To)
}

// A purse is what the network may still do and, if that is recorded, which faults
// there were.
type purse struct {
	Left model.Budget
	Met  NetFaults
}

// A budgetPart is the purse.
type budgetPart struct{ *product }

func (b budgetPart) Offer(dst []explore.Move, _ int, _ explore.Value) []explore.Move { return dst }

func (b budgetPart) React(v explore.Value, in explore.Message) explore.Move {
	to := b.budgets.Value(uint32(v))
	toll := b.messages.Value(uint32(in)).toll
	var ok, overflow bool
	switch to.Left, ok, overflow = b.system.Medium().Pay(to.Left, toll); {
	case overflow:
		return explore.Move{Bound: BoundCapacity}
	case !ok:
		return explore.Move{Refuse: true}
	}
	if b.recorded {
		to.Met |= faultsOf(toll)
	}
	return explore.Move{To: explore.Value(b.budgets.Number(to)), Step: b.pass(ofSteps, to.Met)}
}

func (b budgetPart) State(v explore.Value) explore.Bits {
	return b.pass(ofStates, b.budgets.Value(uint32(v)).Met)
}

func (b budgetPart) Stay(v explore.Value) explore.Bits {
	return b.pass(ofSteps, b.budgets.Value(uint32(v)).Met)
}

// pass is the watches that do not mind that there were these faults.
func (b budgetPart) pass(wanted func(explore.Kind) bool, met NetFaults) explore.Bits {
	if !b.recorded {
		return explore.All
	}
	return b.watches(wanted, func(p *Pattern, self model.Side) bool {
		return p.asked == nil || self == model.A && (p.asked.of == nil || p.asked.of.Faults == met)
	})
}

// BoundCapacity is the bound that is met when a segment finds no room and its
// loss cannot be paid for.
const BoundCapacity = "capacity"

package join

import (
	"sync/atomic"

	"tcpclose/explore"
	"tcpclose/explore/product"
	"tcpclose/invariants"
	"tcpclose/model"
)

// This is where model and explore meet: a model.System as an product.Product.
// The parts are the two ends, the two channels and, where something is counted,
// the budget. An end is a TCB and what the monitors that a property needs
// remember of it (memory.go); without such a property the memory is empty, and
// the product has exactly the states of the model.

// The parts, in order. The budget is there only if something is limited.
const (
	PartEnds   = 0
	PartNets   = 2
	PartBudget = 4
)

func EndOf(s model.Side) int { return PartEnds + int(s) }
func netOf(s model.Side) int { return PartNets + int(s) }

// A message is what one part tells another in a step.
type message struct {
	ask  uint16        // how far may time go, for all parts asked so far?
	tick uint16        // to all but the budget: time goes on by so much
	sent model.Segment // to a channel, or to an end
	of   model.Tag     // to which connection it belongs
	toll model.Toll    // to the budget
}

// A product is a model.System seen as an product.Product, with patterns to be
// looked out for. Watch 2i is pattern i with a as self, watch 2i+1 with b; that of
// a question is 2i, and watch 2i+1 sees nothing.
type Product struct {
	product.Product
	Model    *model.System
	Monitors invariants.Monitors
	recorded bool
	patterns []invariants.Pattern
	always   product.Bits // the watches that are not patterns: for ends and channels they pass
	routes   []route      // of product.Product.Routes
	// What steps of an end, and losses, are counted under, if they are.
	LabelEnd  func(model.Side, *invariants.Step) uint32
	LabelLoss func(model.Side, model.Segment) uint32

	// What each pattern has read of what monitors keep. Stop, if it is not nil, is
	// called when a monitor is read that does not run: nothing is judged then.
	read []atomic.Uint32
	Stop func()

	Ends     product.Numbering[End]
	Nets     product.Numbering[model.Channel]
	Budgets  product.Numbering[purse]
	messages product.Numbering[message]
}

// An End is a value of the part of one endpoint.
type End struct {
	model.TCB
	Record invariants.Record
}

// seen returns the end as patterns see it.
func (e *End) seen(r *invariants.Reading) invariants.End {
	return invariants.End{TCB: e.TCB, Memory: e.Record.Memory(r)}
}

// A route is the steps of one kind, led by one side.
type route struct {
	kind model.Kind // Calls stands for Timeouts, too
	side model.Side
}

// kindOf is what the steps of a route are.
func (p *Product) KindOf(route int) model.Kind { return p.routes[route].kind }

func New(y *model.System, patterns []invariants.Pattern) *Product {
	return buildProduct(y, patterns, unpaid)
}

// newRecorded is newProduct of a system that counts everything, with a budget that
// remembers which faults there were; and ends remember which clauses they followed.
func NewRecorded(y *model.System, patterns []invariants.Pattern) *Product {
	p := buildProduct(y.Counted(), patterns, recorded)
	p.Monitors |= invariants.MonitorClauses
	return p
}

// newMetered is newProduct of a system that counts everything, without a budget:
// what steps cost is seen by watches (margin.go).
func NewMetered(y *model.System, patterns []invariants.Pattern) *Product {
	return buildProduct(y.Counted(), patterns, metered)
}

// An accounting is what becomes of tolls.
type accounting uint8

const (
	unpaid   accounting = iota // they are paid, if anything is limited
	metered                    // steps are seen for them
	recorded                   // they are paid, and remembered
)

func buildProduct(y *model.System, patterns []invariants.Pattern, tolled accounting) *Product {
	p := &Product{Model: y, patterns: patterns, recorded: tolled == recorded, read: make([]atomic.Uint32, len(patterns))}
	for _, pat := range patterns {
		p.Monitors |= pat.Needs
		for _, self := range model.Sides {
			w := product.Watch{Kind: pat.Kind}
			if pat.Kind == explore.Steps && pat.Parts == nil {
				w.Movers = []int{EndOf(self)}
			}
			p.Watches = append(p.Watches, w)
		}
	}
	p.Parts = []product.Part{
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
	add := func(r route, lead int, idle bool, hops ...product.Hop) {
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
		p.Routes = append(p.Routes, product.Route{Name: name, Lead: lead, Hops: hops, Idle: idle})
		p.routes = append(p.routes, r)
	}
	// An end and what it sends are a half, and so are the other and the budget. Hops
	// stay in a half as long as they can.
	p.Halves = []int{EndOf(model.A), netOf(model.A)}
	for _, s := range model.Sides {
		add(route{model.Calls, s}, EndOf(s), false,
			product.Hop{Part: netOf(s), From: 0},
			product.Hop{Part: PartBudget, From: 1})
	}
	for _, kind := range []model.Kind{model.Deliveries, model.Copies} {
		for _, s := range model.Sides {
			to := s.Peer()
			add(route{kind, s}, netOf(s), false,
				product.Hop{Part: PartBudget, From: 0, Port: product.Note},
				product.Hop{Part: EndOf(to), From: 0},
				product.Hop{Part: netOf(to), From: 2},
				product.Hop{Part: PartBudget, From: 3})
		}
	}
	for _, s := range model.Sides {
		add(route{model.Losses, s}, netOf(s), false,
			product.Hop{Part: PartBudget, From: 0, Port: product.Note})
	}
	// Where time leaps, all parts are asked how far before it goes on; otherwise
	// by a tick.
	var ask []product.Hop
	if y.Config.Time == model.TimeLeaps {
		ask = []product.Hop{
			{Part: netOf(model.A), From: 0},
			{Part: EndOf(model.B), From: 1},
			{Part: netOf(model.B), From: 2},
			{Part: EndOf(model.A), From: 3},
		}
	}
	n := len(ask)
	add(route{model.Ticks, model.A}, EndOf(model.A), true, append(ask,
		product.Hop{Part: netOf(model.A), From: n, Port: product.Note},
		product.Hop{Part: EndOf(model.B), From: n, Port: product.Note},
		product.Hop{Part: netOf(model.B), From: n, Port: product.Note},
		product.Hop{Part: PartBudget, From: n + 1},
		product.Hop{Part: PartBudget, From: n + 3})...)
	p.Init = []product.Tuple{p.tuple(y.Init())}
	return p
}

// untolled is hops without those to the budget.
func untolled(hops []product.Hop) (list []product.Hop) {
	at := []int{0} // by hop, the lead being the first: where it is in list
	for _, h := range hops {
		at = append(at, len(list)+1)
		if h.Part != PartBudget {
			h.From = at[h.From]
			list = append(list, h)
		}
	}
	return list
}

// toMeters has each hop to the budget lead to a meter of its own.
func toMeters(hops []product.Hop) []product.Hop {
	meter := PartBudget
	for i := range hops {
		if hops[i].Part == PartBudget {
			hops[i].Part = meter
			meter++
		}
	}
	return hops
}

// tuple is a state of the model, with nothing remembered.
func (p *Product) tuple(s model.State) (t product.Tuple) {
	for _, side := range model.Sides {
		t[EndOf(side)] = product.Value(p.Ends.Number(End{TCB: s.Ends[side]}))
		t[netOf(side)] = product.Value(p.Nets.Number(s.Nets[side]))
	}
	for i := PartBudget; i < len(p.Parts); i++ {
		t[i] = product.Value(p.Budgets.Number(purse{Left: s.Left})) // of a meter, its one value
	}
	return t
}

// state is what a tuple stands for.
func (p *Product) State(t product.Tuple) (s model.State, records [2]invariants.Record) {
	s.Left = p.Model.Config.Budget()
	for _, side := range model.Sides {
		e := p.Ends.Value(uint32(t[EndOf(side)]))
		s.Ends[side], records[side] = e.TCB, e.Record
		s.Nets[side] = p.Nets.Value(uint32(t[netOf(side)]))
	}
	if len(p.Parts) > PartBudget {
		s.Left = p.Budgets.Value(uint32(t[PartBudget])).Left
	}
	return s, records
}

// action is the model's name for a step from s.
func (p *Product) action(s model.State, pick product.Pick) model.Action {
	r := p.routes[pick.Route]
	switch r.kind {
	case model.Calls:
		stack, t := p.Model.Stack(r.side), s.Ends[r.side]
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

func (p *Product) message(m message) product.Message {
	if m == (message{}) {
		return 0
	}
	return product.Message(p.messages.Number(m))
}

// toBudget is the message that a toll is due.
func (p *Product) toBudget(t model.Toll) product.Message { return p.message(message{toll: t}) }

// watches is the set of watches for which keep(pattern, self) holds, among those
// of the kinds that are wanted. What is read by r is noted; r may be nil.
func (p *Product) watches(wanted func(explore.Kind) bool, r *invariants.Reading, keep func(*invariants.Pattern, model.Side) bool) (b product.Bits) {
	if wanted(explore.Steps) {
		b = p.always
	}
	for i := range p.patterns {
		pat := &p.patterns[i]
		if !wanted(pat.Kind) {
			continue
		}
		for _, self := range model.Sides {
			if pat.LooksAt(self) && keep(pat, self) {
				b = b.Or(product.Bit(2*i + int(self)))
			}
			if r != nil {
				p.note(i, r)
			}
		}
	}
	return b
}

// note keeps what a pattern has read, and resets r.
func (p *Product) note(pattern int, r *invariants.Reading) {
	if read := uint32(r.Read()); read&^p.read[pattern].Load() != 0 {
		p.read[pattern].Or(read)
	}
	if r.Missing() != invariants.NoMonitors && p.Stop != nil {
		p.Stop()
	}
	r.Reset()
}

// Read returns the monitors that a pattern was seen to read.
func (p *Product) Read(pattern int) invariants.Monitors {
	return invariants.Monitors(p.read[pattern].Load())
}

// Missing returns the monitors that were read and did not run, and a pattern that read
// one. If there is any, what the product's exploration tells is not to be used.
func (p *Product) Missing() (missing invariants.Monitors, pattern int) {
	for i := range p.read {
		if m := p.Read(i) &^ p.Monitors; m != invariants.NoMonitors {
			missing, pattern = missing|m, i
		}
	}
	return missing, pattern
}

func ofSteps(k explore.Kind) bool  { return k == explore.Steps }
func ofStates(k explore.Kind) bool { return k != explore.Steps }

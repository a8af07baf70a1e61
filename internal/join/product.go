package join

import (
	"sync/atomic"

	"tcpclose/explore/product"
	"tcpclose/invariants"
	"tcpclose/model"
	"tcpclose/trace"
)

// This is where model and explore meet: a model.System as a product.Product.
// The parts are the two ends, the two channels and, where something is counted,
// the budget. An end is a TCB and what the monitors that a property needs
// remember of it (memory.go); without such a property the memory is empty, and
// the product has exactly the states of the model.

// PartEnds, PartNets and PartBudget are where parts begin. There is a budget
// only if something is limited. The box is the last part, if there is one.
const (
	PartEnds   = 0
	PartNets   = 2
	PartBudget = 4
)

// EndOf returns the part of an end.
func EndOf(s model.Side) int { return PartEnds + int(s) }

// netOf returns the part of the channel into which a side sends.
func netOf(s model.Side) int { return PartNets + int(s) }

// A message is what one part tells another in a step.
type message struct {
	ask  uint16 // how far may time go, for all parts asked so far?
	tick uint16 // to all but the budget: time goes on by so much
	// still, with either: it is the box alone for which time passes.
	still bool
	sent  model.Segment // to a channel, or to an end
	of    model.Tag     // to which connection it belongs
	toll  model.Toll    // to the budget

	// Of a packet that comes by the box.
	way  way
	side model.Side // whose it is
	age  uint16
	// spare: it has been delivered before.
	spare bool
}

// A way says what a message with a packet, or what a box sends, asks for.
type way uint8

const (
	onItsWay way = iota // it is sent, or it arrives at an end
	toBox               // it arrives at the box
	byBox               // it has come by the box, and is behind it
)

// packet returns the packet that a message is about.
func (m *message) packet() model.Packet {
	return model.Packet{Segment: m.sent, Of: m.of, Age: m.age, Spare: m.spare, Behind: m.way == byBox}
}

// packetMessage returns the message that a packet of side comes by the box.
func packetMessage(w way, side model.Side, packet model.Packet) message {
	return message{sent: packet.Segment, of: packet.Of, age: packet.Age, spare: packet.Spare, way: w, side: side}
}

// A Product is a model.System seen as a product.Product, with patterns to be
// searched for. Watch 2i is pattern i with a as self, watch 2i+1 with b; that of
// a question is 2i, and watch 2i+1 sees nothing.
type Product struct {
	product.Product
	Model    *model.System
	Monitors invariants.Monitors
	recorded bool
	box      int // the part of the box, or 0
	// after, if it is not nil, is the run after which the search begins.
	after *trace.Trace
	// unlimited: channels have room for whatever is sent, and keep it; see unlimited.go.
	unlimited bool
	room      int // packets in a direction, where there is no capacity
	crowds    product.Numbering[crowd]
	growths   []Growth // of patterns, over the first grown of the crowds
	grown     int
	patterns  []invariants.Pattern
	routes    []route                   // of product.Product.Routes
	relevant  [numPartKinds][2]relevant // by kind of part, of state watches and of step watches
	// What steps of an end, and losses, are counted under, if they are.
	LabelEnd  func(model.Side, *invariants.Step) uint32
	LabelLoss func(model.Side, model.Segment) uint32

	trials []*Trial
	noted  []invariants.Classes
	missed atomic.Uint32 // monitors that these have read and that do not run

	// What each pattern has read of what monitors keep. Stop, if it is not nil, is
	// called when a monitor is read that does not run: nothing is checked then.
	read []atomic.Uint32
	Stop func()

	Ends     product.Numbering[End]
	Nets     product.Numbering[model.Channel]
	Budgets  product.Numbering[budgetValue]
	Boxes    product.Numbering[model.BoxState]
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

// KindOf returns the kind of the steps of a route.
func (p *Product) KindOf(route int) model.Kind { return p.routes[route].kind }

// New returns the system as a product.
func New(y *model.System, patterns []invariants.Pattern) *Product {
	return build(y, patterns, unpaid)
}

// NewRecorded returns the product of a system that counts everything, with a budget
// that remembers which faults there were; ends remember which clauses they followed.
func NewRecorded(y *model.System, patterns []invariants.Pattern) *Product {
	p := build(y.Counted(), patterns, recorded)
	p.Monitors |= invariants.MonitorClauses
	return p
}

// NewMetered returns the product of a system that counts everything, without a budget:
// watches see what steps cost (meter.go).
func NewMetered(y *model.System, patterns []invariants.Pattern) *Product {
	return build(y.Counted(), patterns, metered)
}

// An accounting says what happens to tolls.
type accounting uint8

const (
	unpaid   accounting = iota // they are paid, if anything is limited
	metered                    // steps are seen for them
	recorded                   // they are paid, and remembered
)

func build(y *model.System, patterns []invariants.Pattern, tolls accounting) *Product {
	p := newProduct(y, patterns)
	p.recorded = tolls == recorded
	p.Parts = []product.Part{
		endPart{p, model.A}, endPart{p, model.B},
		netPart{p, model.A}, netPart{p, model.B},
	}
	p.addWatches()
	// Who is told of tolls: a meter for each that a route may have, the budget, or
	// nobody.
	c := &y.Config
	limited := c.Loss != model.Unlimited || c.Duplicate != model.Unlimited || c.Reorder != model.Unlimited || c.Loses != model.LosesAny
	switch {
	case tolls == metered:
		p.addMeters()
		p.addRoutes(toMeters)
	case limited || tolls == recorded:
		p.Parts = append(p.Parts, budgetPart{p})
		p.addRoutes(func(hops []product.Hop) []product.Hop { return hops })
	default:
		p.addRoutes(untolled)
	}
	p.addBox()
	p.Init = []product.Tuple{p.tuple(y.Init())}
	return p
}

// Begin has the search begin where a run of the model ends, with what the monitors
// remember of it. Call it when these are known; nil is the initial state.
func (p *Product) Begin(after *trace.Trace) {
	p.after = after
	begin := p.begin()
	t := p.tuple(begin.State)
	for _, side := range model.Sides {
		t[EndOf(side)] = product.Value(p.Ends.Number(End{begin.Ends[side], begin.records[side]}))
	}
	p.Init = []product.Tuple{t}
}

// begin returns the state in which the search begins.
func (p *Product) begin() WholeState {
	return (&WholeSystem{Model: p.Model, Monitors: p.Monitors, After: p.after}).begin()
}

func newProduct(y *model.System, patterns []invariants.Pattern) *Product {
	return &Product{Model: y, patterns: patterns, read: make([]atomic.Uint32, len(patterns)), Monitors: Hint(patterns)}
}

// tuple returns a state of the model as a tuple, with nothing remembered.
func (p *Product) tuple(s model.State) (t product.Tuple) {
	for _, side := range model.Sides {
		t[EndOf(side)] = product.Value(p.Ends.Number(End{TCB: s.Ends[side]}))
		t[netOf(side)] = product.Value(p.Nets.Number(s.Nets[side]))
	}
	if p.box > 0 {
		t[p.box] = product.Value(p.Boxes.Number(s.Box))
	}
	for i := PartBudget; i < len(p.Parts) && i != p.box; i++ {
		t[i] = product.Value(p.Budgets.Number(budgetValue{Left: s.Left})) // of a meter, its one value
	}
	return t
}

// State returns the state of the model that a tuple is, and what the monitors keep.
func (p *Product) State(t product.Tuple) (s model.State, records [2]invariants.Record) {
	s.Left = p.Model.Config.Budget()
	for _, side := range model.Sides {
		e := p.Ends.Value(uint32(t[EndOf(side)]))
		s.Ends[side], records[side] = e.TCB, e.Record
		s.Nets[side] = p.Nets.Value(uint32(t[netOf(side)]))
	}
	if p.box > 0 {
		s.Box = p.Boxes.Value(uint32(t[p.box]))
	}
	if len(p.Parts) > PartBudget && p.box != PartBudget {
		s.Left = p.Budgets.Value(uint32(t[PartBudget])).Left
	}
	return s, records
}

// action returns the model's name for a step from s.
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
	case model.Boxes:
		return model.Action{Kind: model.Boxes, Act: p.Model.Box().Acts(nil, s.Box)[pick.Move]}
	case model.Ticks:
		return model.Action{Kind: model.Ticks}
	}
	net := s.Nets[r.side]
	i := p.offered(r, &net)[pick.Move]
	return model.Action{Kind: r.kind, Side: r.side, Place: uint8(i), Packet: s.Nets[r.side].Packets[i]}
}

func (p *Product) message(m message) product.Message {
	if m == (message{}) {
		return 0
	}
	return product.Message(p.messages.Number(m))
}

// toBudget returns the message that a toll is due.
func (p *Product) toBudget(t model.Toll) product.Message { return p.message(message{toll: t}) }

// UseSymmetry has the search keep one of two states in which a and b have changed
// places.
func (p *Product) UseSymmetry() {
	x := &product.Exchange{Parts: [][2]int{
		{EndOf(model.A), EndOf(model.B)},
		{netOf(model.A), netOf(model.B)},
	}}
	for i := range p.patterns {
		x.Watches = append(x.Watches, [2]int{2*i + int(model.A), 2*i + int(model.B)})
	}
	p.Product.Exchange = x
}

package join

import (
	"tcpclose/explore"
	"tcpclose/explore/product"
	"tcpclose/model"
	"tcpclose/trace"
)

// meters returns the greatest number of tolls of a step: two sendings, or two channels in
// which segments come of age; with a box a delivery, and one into each channel.
func (p *Product) meters() int {
	if p.Model.Box() != nil {
		return 3
	}
	return 2
}

// A faultWatch is a watch that sees a step for one fault in it: the nth of its kind
// that one meter hears of.
type faultWatch struct {
	Watch int
	meter int
	Fault trace.NetFault
	nth   uint8
}

// faultWatches is all of them. They come after the patterns' watches.
func (p *Product) FaultWatches() (list []faultWatch) {
	next := 2 * len(p.patterns)
	atOnce := p.Model.Config.Capacity
	if p.Model.Box() != nil {
		atOnce *= 2 // it is of each hop
	}
	for meter := range p.meters() {
		for fault, most := range [trace.NumNetFaults]uint8{atOnce, 1, 1} {
			for n := range most {
				list = append(list, faultWatch{next, meter, trace.NetFault(fault), n + 1})
				next++
			}
		}
	}
	return list
}

// addMeters adds the parts that hear of tolls, and the watches that see them.
func (p *Product) addMeters() {
	for meter := range p.meters() {
		p.Parts = append(p.Parts, meterPart{p, meter})
	}
	for _, c := range p.FaultWatches() {
		p.Watches = append(p.Watches, product.Watch{Kind: explore.Steps, Movers: []int{PartBudget + c.meter}})
		p.passAll(c.Watch)
	}
}

// A meterPart hears of tolls. It has one value.
type meterPart struct {
	*Product
	meter int
}

func (m meterPart) Offer(dst []product.Move, _ int, _ product.Value) []product.Move { return dst }

func (m meterPart) React(v product.Value, in product.Message) product.Move {
	toll := m.messages.Value(uint32(in)).toll
	switch _, ok, overflow := m.Model.Medium().Pay(model.Budget{}, toll); { // what is off cannot be paid for
	case overflow:
		return product.Move{Bound: BoundCapacity}
	case !ok:
		return product.Move{Refuse: true}
	}
	count := [trace.NumNetFaults]uint8{toll.Lost, toll.Duplicated, toll.Overtaken}
	return product.Move{To: v, Step: m.pass(func(c faultWatch) bool { return c.meter != m.meter || count[c.Fault] >= c.nth })}
}

func (m meterPart) State(product.Value) product.Bits { return product.All }

// Stay lets pass what is not this meter's: where it heard nothing there is no
// fault of its.
func (m meterPart) Stay(product.Value) product.Bits {
	return m.pass(func(c faultWatch) bool { return c.meter != m.meter })
}

// pass returns every watch but the faultWatches for which keep does not hold.
func (m meterPart) pass(keep func(faultWatch) bool) product.Bits {
	b := product.All
	for _, c := range m.FaultWatches() {
		if !keep(c) {
			b = b.Without(product.Bit(c.Watch))
		}
	}
	return b
}

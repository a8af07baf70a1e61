package join

import (
	"tcpclose/explore/product"
	"tcpclose/invariants"
	"tcpclose/model"
)

// Where the network may lose, duplicate and reorder whatever it has, a channel that holds
// more packets, or younger ones, can do all that one with fewer or older ones can. So in a
// network of any capacity nothing has to be lost, and a delivery may always leave its copy:
// the saturated network reaches the same pairs of ends as those of all capacities together.
// docs/decisions.md has the proof.

// NewUnlimited returns the product of a system whose channels have no capacity, with the
// steps of the saturated network alone. The medium has to be Unlimited.
func NewUnlimited(y *model.System, patterns []invariants.Pattern) *Product {
	p := newProduct(y, patterns)
	p.unlimited, p.room = true, maxCrowd
	sets := &crowdSets{medium: y.Medium(), crowds: &p.crowds}
	p.Parts = []product.Part{
		endPart{p, model.A}, endPart{p, model.B},
		&crowdPart{Product: p, side: model.A, sets: sets},
		&crowdPart{Product: p, side: model.B, sets: sets},
	}
	p.addWatches()
	p.addRoutes(untolled)
	p.addBox()
	init := y.Init()
	t := product.Tuple{}
	for _, side := range model.Sides {
		t[EndOf(side)] = product.Value(p.Ends.Number(End{TCB: init.Ends[side]}))
		t[netOf(side)] = p.crowd(init.Nets[side].List())
	}
	if p.box > 0 {
		t[p.box] = product.Value(p.Boxes.Number(init.Box))
	}
	p.Init = []product.Tuple{t}
	return p
}

// crowd returns the value of a part that is these packets.
func (p *Product) crowd(packets []model.Packet) product.Value {
	return product.Value(p.crowds.Number(crowdOf(packets)))
}

// A crowdPart is the part of the channel into which one side sends, where that has no
// capacity.
type crowdPart struct {
	*Product
	side model.Side
	sets *crowdSets
}

var _ product.Covering = (*crowdPart)(nil)

// medium returns the rules of the channel for the copies of one segment: those have room.
func (n *crowdPart) medium() model.Medium {
	m := n.Model.Medium().Of(n.side)
	m.Capacity = model.MaxCapacity
	return m
}

// Offer returns the deliveries, each of which leaves a copy.
func (n *crowdPart) Offer(dst []product.Move, r int, v product.Value) []product.Move {
	medium, packets := n.medium(), n.crowds.Value(uint32(v)).list()
	n.tryNet(func(model.Medium) bool { return false })
	for _, p := range n.crowded(r, packets) {
		move := n.move(deliver(medium, packets, p), p.Segment)
		move.Out = n.message(message{sent: p.Segment, of: p.Of})
		if n.routes[r].toBox {
			move.Out = n.message(packetMessage(toBox, n.side, p))
		}
		dst = append(dst, move)
	}
	return dst
}

// crowded returns the packets that a route may take.
func (n *crowdPart) crowded(r int, packets []model.Packet) (list []model.Packet) {
	for _, p := range packets {
		if n.Model.Box().Meets(n.side, p) == n.routes[r].toBox {
			list = append(list, p)
		}
	}
	return list
}

// React returns that a segment is sent, or a tick.
func (n *crowdPart) React(v product.Value, in product.Message) product.Move {
	medium, packets := n.medium(), n.crowds.Value(uint32(v)).list()
	m := n.messages.Value(uint32(in))
	n.tryNet(func(model.Medium) bool { return false })
	switch {
	case m.ask > 0:
		leap := uint16(model.Never)
		if len(packets) > 0 {
			leap = 1
		}
		return product.Move{To: v, Out: n.message(message{ask: model.Sooner(m.ask, leap)}), Step: product.All}
	case m.tick > 0:
		packets = age(medium, packets)
	default:
		packets = enter(medium, packets, m.packet())
	}
	if len(packets) > n.room {
		return product.Move{Bound: BoundCapacity}
	}
	return n.move(packets, model.Segment{})
}

// move returns the move to these packets.
func (n *crowdPart) move(to []model.Packet, copied model.Segment) product.Move {
	v := n.crowd(to)
	return product.Move{To: v, Step: n.seen(v, copied)}
}

// seen returns the step watches that do not mind where a step leads.
func (n *crowdPart) seen(v product.Value, copied model.Segment) product.Bits {
	s := invariants.NetStep{Packets: n.crowds.Value(uint32(v)).list(), Copied: copied}
	return n.watches(netParts, ofSteps, nil, func(p *invariants.Pattern, self model.Side) bool { return n.matches(p, self, &s) })
}

func (n *crowdPart) matches(p *invariants.Pattern, self model.Side, s *invariants.NetStep) bool {
	return netPart{n.Product, n.side}.matches(p, self, s)
}

// State has a watch see a state if it sees that, or what is left of it when the network has
// lost everything: both are reached.
func (n *crowdPart) State(v product.Value) product.Bits {
	s, nothing := invariants.NetStep{Packets: n.crowds.Value(uint32(v)).list()}, invariants.NetStep{}
	return n.watches(netParts, ofStates, nil, func(p *invariants.Pattern, self model.Side) bool {
		return n.matches(p, self, &s) || n.matches(p, self, &nothing)
	})
}

func (n *crowdPart) Stay(v product.Value) product.Bits { return n.seen(v, model.Segment{}) }

// Covers reports whether w covers v. It may be called from one goroutine only.
func (n *crowdPart) Covers(v, w product.Value) bool {
	return v == w || n.sets.covers(v, w)
}

// Least returns the value that all others cover.
func (n *crowdPart) Least() product.Value { return n.crowd(nil) }

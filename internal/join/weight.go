package join

import (
	"slices"

	"tcpclose/explore"
	"tcpclose/explore/product"
	"tcpclose/model"
)

// What makes one run easier to read than another of as many events: that the
// network loses, duplicates and reorders less, and that the two ends take turns
// less often.

// Weigh returns what a step of the product adds to a run.
func (p *Product) Weigh(from product.Tuple, step *explore.Step[product.Tuple, product.Pick]) explore.Weight {
	s, _ := p.State(from)
	return Weight(p.Model, &s, p.action(s, step.Action))
}

// Weight returns what an action adds to a run: what the network does, even where that is
// not limited, and which end moves.
func Weight(y *model.System, s *model.State, a model.Action) (w explore.Weight) {
	o, ok := y.Step(*s, a)
	if !ok {
		return w
	}
	if o.Moved {
		w.Actor = 1 + int(o.Mover)
	}
	w.Cost = int(o.Toll.Lost) + int(o.Toll.Duplicated) + int(o.Toll.Overtaken)
	// Where packets do not keep their order, one that is older has been overtaken.
	older := func(p model.Packet) bool { return p.Age > a.Packet.Age && !p.Spare }
	if (a.Kind == model.Deliveries || a.Kind == model.Copies) && o.Toll.Overtaken == 0 && slices.ContainsFunc(s.Nets[a.Side].List(), older) {
		w.Cost++
	}
	// Where one of two equal packets stands for both, the other is as good as lost.
	same := func(c model.Channel) (n int) {
		for _, p := range c.List() {
			if p.Segment == o.Effect.Sent {
				n++
			}
		}
		return n
	}
	if o.Effect.Sent != (model.Segment{}) && o.Toll.Lost == 0 && same(o.To.Nets[o.Mover]) <= same(s.Nets[o.Mover]) {
		w.Cost++
	}
	return w
}

package join

import (
	"tcpclose/box"
	"tcpclose/explore/product"
	"tcpclose/invariants"
	"tcpclose/model"
)

// A boxPart is the part of the box: it has what comes to it, and passes it on, drops or
// answers it.
type boxPart struct{ *Product }

// BoundHorizon is the bound that is met when box-horizon is too short.
const BoundHorizon = "box-horizon"

// addBox adds the part of the box, where there is one.
func (p *Product) addBox() {
	if p.box == 0 {
		return
	}
	p.Parts = append(p.Parts, boxPart{p})
	for i := range p.patterns {
		for _, self := range model.Sides {
			if p.patterns[i].Box != nil {
				p.Watches[2*i+int(self)].Movers = []int{p.box}
			}
		}
	}
}

// BoxPart returns the part of the box, or 0 if there is none.
func (p *Product) BoxPart() int { return p.box }

// offered returns the places of the packets that a route may take: those that are where
// it begins.
func (p *Product) offered(r route, c *model.Channel) []int {
	places := c.Different()
	if p.box == 0 || r.kind == model.Losses {
		return places
	}
	n := 0
	for _, i := range places {
		if p.Model.Box().Meets(r.side, c.Packets[i]) == r.toBox {
			places[n] = i
			n++
		}
	}
	return places[:n]
}

// Offer returns what the box does of itself.
func (b boxPart) Offer(dst []product.Move, _ int, v product.Value) []product.Move {
	from, w := b.Boxes.Value(uint32(v)), b.Model.Box()
	for _, act := range w.Acts(nil, from) {
		if w.Short(from, act) {
			dst = append(dst, product.Move{Bound: BoundHorizon})
			continue
		}
		to, effect := w.Act(from, act)
		dst = append(dst, product.Move{
			To: b.value(to), Step: b.moves(&invariants.BoxStep{From: from, To: to, Effect: effect, Act: act, Rules: w}),
			Out: b.reset(&effect, model.A), Note: b.reset(&effect, model.B),
		})
	}
	return dst
}

// React returns what the box does with a segment, or a tick.
func (b boxPart) React(v product.Value, in product.Message) product.Move {
	from, w := b.Boxes.Value(uint32(v)), b.Model.Box()
	m := b.messages.Value(uint32(in))
	switch {
	case m.ask > 0:
		n, still := w.Leap(from, m.ask)
		return product.Move{To: v, Out: b.message(message{ask: n, still: still}), Step: product.All}
	case m.tick > 0:
		to, ok := w.Tick(from, m.tick, m.still)
		if !ok {
			return product.Move{Refuse: true}
		}
		return product.Move{To: b.value(to), Step: b.moves(invariants.BoxStill(w, to))}
	}
	to, effect := w.Arrives(from, m.side, m.packet())
	move := product.Move{To: b.value(to), Step: b.moves(&invariants.BoxStep{From: from, To: to, Effect: effect, Side: m.side, Arrived: m.sent, Rules: w}), Note: b.reset(&effect, m.side.Peer())}
	if effect.Verdict == box.Passed {
		m.way = byBox
		move.Out = b.message(m)
	}
	return move
}

func (b boxPart) value(s model.BoxState) product.Value {
	return product.Value(b.Boxes.Number(s))
}

// reset returns the message of an RST that the box sends and that side seems to send, or 0.
func (b boxPart) reset(e *model.BoxEffect, side model.Side) product.Message {
	if e.Resets[side] == (model.Segment{}) {
		return 0
	}
	return b.message(message{sent: e.Resets[side], of: e.Tag[side], way: byBox, side: side})
}

// still returns the step in which the box does nothing.
func (b boxPart) still(v product.Value) *invariants.BoxStep {
	return invariants.BoxStill(b.Model.Box(), b.Boxes.Value(uint32(v)))
}

func (b boxPart) State(v product.Value) product.Bits { return b.seen(ofStates, b.still(v)) }

func (b boxPart) Stay(v product.Value) product.Bits { return b.seen(ofSteps, b.still(v)) }

// moves notes what the box does, and returns the step watches that do not mind.
func (b boxPart) moves(s *invariants.BoxStep) product.Bits {
	b.noteBox(s)
	return b.seen(ofSteps, s)
}

// seen returns the watches that do not mind what the box does, or is.
func (b boxPart) seen(of int, s *invariants.BoxStep) product.Bits {
	return b.watches(boxParts, of, nil, func(p *invariants.Pattern, self model.Side) bool {
		if p.Parts != nil {
			return self == model.A && p.Parts.Box(s)
		}
		return s.Effect.Acts && p.Box(self, s)
	})
}

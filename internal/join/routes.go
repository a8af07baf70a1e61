package join

import (
	"tcpclose/explore/product"
	"tcpclose/model"
)

// A route is the steps of one kind, led by one side.
type route struct {
	kind  model.Kind // Calls stands for Timeouts, too
	side  model.Side
	toBox bool // of a delivery: it is the box that gets it
}

// atBox stands for the box's part while hops are changed: without a budget the box has the
// budget's number.
const atBox = product.MaxParts

// addRoutes adds the routes along which steps run. change changes the hops to the
// budget. An end and what it sends are a half, and so are the other and the budget;
// hops stay in a half as long as they can. Where there is no capacity nothing is lost, and
// every delivery leaves a copy.
func (p *Product) addRoutes(change func([]product.Hop) []product.Hop) {
	p.Halves = []int{EndOf(model.A), netOf(model.A)}
	if p.Model.Box() != nil {
		p.box = len(p.Parts)
	}
	add := func(r route, lead int, hops ...product.Hop) {
		name := r.kind.String()
		if r.kind != model.Ticks {
			name += " " + r.side.String()
		}
		if r.toBox {
			name += " to the box"
		}
		hops = change(hops)
		for i := range hops {
			if hops[i].Part == atBox {
				hops[i].Part = p.box
			}
		}
		p.Routes = append(p.Routes, product.Route{Name: name, Lead: lead, Hops: hops, Idle: r.kind == model.Ticks})
		p.routes = append(p.routes, r)
	}
	for _, s := range model.Sides {
		add(route{kind: model.Calls, side: s}, EndOf(s),
			product.Hop{Part: netOf(s), From: 0},
			product.Hop{Part: PartBudget, From: 1})
	}
	for _, kind := range []model.Kind{model.Deliveries, model.Copies} {
		if p.unlimited && kind == model.Deliveries {
			continue
		}
		for _, s := range model.Sides {
			to := s.Peer()
			if p.box > 0 {
				add(route{kind, s, true}, netOf(s),
					product.Hop{Part: PartBudget, From: 0, Port: product.Note},
					product.Hop{Part: atBox, From: 0},
					product.Hop{Part: netOf(s), From: 2},
					product.Hop{Part: PartBudget, From: 3},
					product.Hop{Part: netOf(to), From: 2, Port: product.Note},
					product.Hop{Part: PartBudget, From: 5})
			}
			add(route{kind: kind, side: s}, netOf(s),
				product.Hop{Part: PartBudget, From: 0, Port: product.Note},
				product.Hop{Part: EndOf(to), From: 0},
				product.Hop{Part: netOf(to), From: 2},
				product.Hop{Part: PartBudget, From: 3})
		}
	}
	for _, s := range model.Sides {
		if !p.unlimited {
			add(route{kind: model.Losses, side: s}, netOf(s),
				product.Hop{Part: PartBudget, From: 0, Port: product.Note})
		}
	}
	if p.box > 0 {
		add(route{kind: model.Boxes}, p.box,
			product.Hop{Part: netOf(model.A), From: 0},
			product.Hop{Part: PartBudget, From: 1},
			product.Hop{Part: netOf(model.B), From: 0, Port: product.Note},
			product.Hop{Part: PartBudget, From: 3})
	}
	ask := p.askHops()
	n := len(ask)
	ticks := append(ask,
		product.Hop{Part: netOf(model.A), From: n, Port: product.Note},
		product.Hop{Part: EndOf(model.B), From: n, Port: product.Note},
		product.Hop{Part: netOf(model.B), From: n, Port: product.Note},
		product.Hop{Part: PartBudget, From: n + 1},
		product.Hop{Part: PartBudget, From: n + 3})
	if p.box > 0 {
		ticks = append(ticks, product.Hop{Part: atBox, From: n, Port: product.Note})
	}
	add(route{kind: model.Ticks}, EndOf(model.A), ticks...)
}

// askHops returns the hops along which all parts are asked how far time may leap; none
// where it goes on by a tick.
func (p *Product) askHops() []product.Hop {
	if p.Model.Config.Time == model.TimeSteps {
		return nil
	}
	hops := []product.Hop{
		{Part: netOf(model.A), From: 0},
		{Part: EndOf(model.B), From: 1},
		{Part: netOf(model.B), From: 2},
	}
	if p.box > 0 {
		hops = append(hops, product.Hop{Part: atBox, From: len(hops)})
	}
	return append(hops, product.Hop{Part: EndOf(model.A), From: len(hops)})
}

// untolled returns hops without those to the budget.
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

// toMeters leads each hop to the budget to a meter of its own.
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

package join

import (
	"tcpclose/explore/product"
	"tcpclose/model"
)

// A route is the steps of one kind, led by one side.
type route struct {
	kind model.Kind // Calls stands for Timeouts, too
	side model.Side
}

// addRoutes adds the routes along which steps run. change changes the hops to the
// budget. An end and what it sends are a half, and so are the other and the budget;
// hops stay in a half as long as they can. Where there is no capacity nothing is lost, and
// every delivery leaves a copy.
func (p *Product) addRoutes(change func([]product.Hop) []product.Hop) {
	p.Halves = []int{EndOf(model.A), netOf(model.A)}
	add := func(r route, lead int, hops ...product.Hop) {
		name := r.kind.String()
		if r.kind != model.Ticks {
			name += " " + r.side.String()
		}
		p.Routes = append(p.Routes, product.Route{Name: name, Lead: lead, Hops: change(hops), Idle: r.kind == model.Ticks})
		p.routes = append(p.routes, r)
	}
	for _, s := range model.Sides {
		add(route{model.Calls, s}, EndOf(s),
			product.Hop{Part: netOf(s), From: 0},
			product.Hop{Part: PartBudget, From: 1})
	}
	for _, kind := range []model.Kind{model.Deliveries, model.Copies} {
		if p.unlimited && kind == model.Deliveries {
			continue
		}
		for _, s := range model.Sides {
			to := s.Peer()
			add(route{kind, s}, netOf(s),
				product.Hop{Part: PartBudget, From: 0, Port: product.Note},
				product.Hop{Part: EndOf(to), From: 0},
				product.Hop{Part: netOf(to), From: 2},
				product.Hop{Part: PartBudget, From: 3})
		}
	}
	for _, s := range model.Sides {
		if !p.unlimited {
			add(route{model.Losses, s}, netOf(s),
				product.Hop{Part: PartBudget, From: 0, Port: product.Note})
		}
	}
	ask := p.askHops()
	n := len(ask)
	add(route{model.Ticks, model.A}, EndOf(model.A), append(ask,
		product.Hop{Part: netOf(model.A), From: n, Port: product.Note},
		product.Hop{Part: EndOf(model.B), From: n, Port: product.Note},
		product.Hop{Part: netOf(model.B), From: n, Port: product.Note},
		product.Hop{Part: PartBudget, From: n + 1},
		product.Hop{Part: PartBudget, From: n + 3})...)
}

// askHops returns the hops along which all parts are asked how far time may leap; none
// where it goes on by a tick.
func (p *Product) askHops() []product.Hop {
	if p.Model.Config.Time != model.TimeLeaps {
		return nil
	}
	return []product.Hop{
		{Part: netOf(model.A), From: 0},
		{Part: EndOf(model.B), From: 1},
		{Part: netOf(model.B), From: 2},
		{Part: EndOf(model.A), From: 3},
	}
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

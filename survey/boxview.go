package survey

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"tcpclose/explore"
	"tcpclose/explore/product"
	"tcpclose/internal/join"
	"tcpclose/model"
)

// A BoxView is what a box takes a connection for, and in which states the two ends can be
// meanwhile.
type BoxView struct {
	State string // "-" where it has no entry
	Ends  [][2]model.ConnState
	Rests [][2]model.ConnState // those in which they can be when nothing is in transit
}

// BoxViews explores the system of c and lists the views of its box, by name. If the result is
// not complete the ends can be in more states.
func BoxViews(ctx context.Context, c model.Config, o product.Options) ([]BoxView, explore.Result, error) {
	y, err := model.NewSystem(c)
	if err != nil {
		return nil, explore.Result{}, err
	}
	w := c.Watcher()
	p := join.New(y, nil)
	e, err := product.Explore(ctx, &p.Product, o)
	if err != nil || w == nil {
		return nil, explore.Result{}, err
	}
	type pairs map[[2]model.ConnState]bool
	seen, rests := map[string]pairs{}, map[string]pairs{}
	err = e.Each(ctx, func(_ int, t product.Tuple, _ bool, _ []product.NumberedStep) error {
		s, _ := p.State(t)
		name := w.State(s.Box.Entry)
		if seen[name] == nil {
			seen[name], rests[name] = pairs{}, pairs{}
		}
		pair := [2]model.ConnState{s.Ends[model.A].State, s.Ends[model.B].State}
		seen[name][pair] = true
		if s.Nets[model.A].N+s.Nets[model.B].N == 0 {
			rests[name][pair] = true
		}
		return nil
	})
	sorted := func(p pairs) [][2]model.ConnState {
		return slices.SortedFunc(maps.Keys(p), func(x, y [2]model.ConnState) int { return cmp.Or(cmp.Compare(x[0], y[0]), cmp.Compare(x[1], y[1])) })
	}
	var views []BoxView
	for _, name := range slices.Sorted(maps.Keys(seen)) {
		views = append(views, BoxView{name, sorted(seen[name]), sorted(rests[name])})
	}
	return views, e.Result, err
}

package survey

import (
	"cmp"
	"context"
	"slices"

	"tcpclose/explore"
	"tcpclose/explore/product"
	"tcpclose/internal/join"
	"tcpclose/invariants"
	"tcpclose/model"
)

// An EndingPair is how a run can end for the two applications.
type EndingPair struct {
	Of    [2]invariants.Ending // by side; Open only if nothing more can happen
	Steps int                  // the least number of steps
	// Nobody: whenever it ends so, that side's user has closed for good before, and nobody
	// is there to be told.
	Nobody [2]bool
}

// Endings explores the system of c and lists every pair of endings that a run can
// come to, those that come first first. If the result is not complete there may
// be more.
func Endings(ctx context.Context, c model.Config, o product.Options) ([]EndingPair, explore.Result, error) {
	y, err := model.NewSystem(c)
	if err != nil {
		return nil, explore.Result{}, err
	}
	var list []invariants.Pattern
	var pairs [][2]invariants.Ending // of self and its peer, in the order of the patterns
	for x := invariants.Open; x <= invariants.Untold; x++ {
		for z := x; z <= invariants.Untold; z++ {
			kind := explore.States // an ending is forever
			if x == invariants.Open {
				kind = explore.Terminals
			}
			pairs = append(pairs, [2]invariants.Ending{x, z})
			list = append(list, invariants.Pattern{
				Kind: kind, Needs: invariants.MonitorTold,
				Self: func(e *invariants.End) bool { return e.Ended() == x },
				Peer: func(e *invariants.End) bool { return e.Ended() == z },
			})
		}
	}
	p := join.New(y, list)
	e, err := product.Explore(ctx, &p.Product, o)
	if err != nil {
		return nil, explore.Result{}, err
	}
	var found []EndingPair
	for i, pair := range pairs {
		for _, self := range model.Sides {
			if self == model.B && pair[0] == pair[1] {
				continue // the same pair
			}
			if steps, ok := e.Found(2*i + int(self)); ok {
				var of [2]invariants.Ending
				of[self], of[self.Peer()] = pair[0], pair[1]
				found = append(found, EndingPair{Of: of, Steps: steps})
			}
		}
	}
	slices.SortFunc(found, func(p, q EndingPair) int {
		return cmp.Or(cmp.Compare(p.Steps, q.Steps), cmp.Compare(p.Of[0], q.Of[0]), cmp.Compare(p.Of[1], q.Of[1]))
	})
	return found, e.Result, alone(ctx, y, found, o)
}

// alone finds out of which endings nobody is there to be told.
func alone(ctx context.Context, y *model.System, found []EndingPair, o product.Options) error {
	leaves := func(side model.Side) bool {
		app := y.Config.Apps[side]
		return app.Parting != model.Half || app.Fails == model.FailDie
	}
	if !leaves(model.A) && !leaves(model.B) {
		return nil
	}
	const most = explore.MaxWatches / 2 / 2 // pairs of a search: for each pair a pattern of either side
	for first := 0; first < len(found); first += most {
		some := found[first:min(first+most, len(found))]
		var list []invariants.Pattern
		for _, pair := range some {
			for _, self := range model.Sides {
				of := pair.Of
				kind := explore.States
				if slices.Contains(of[:], invariants.Open) {
					kind = explore.Terminals
				}
				list = append(list, invariants.Pattern{
					Kind: kind, Needs: invariants.MonitorTold | invariants.MonitorAlone, Only: []model.Side{self},
					Self: func(e *invariants.End) bool { return e.Ended() == of[self] && !e.Alone() },
					Peer: func(e *invariants.End) bool { return e.Ended() == of[self.Peer()] },
				})
			}
		}
		p := join.New(y, list)
		e, err := product.Explore(ctx, &p.Product, o)
		if err != nil {
			return err
		}
		for i := range some {
			for _, self := range model.Sides {
				_, told := e.Found(2*(2*i+int(self)) + int(self))
				open := some[i].Of[self] == invariants.Open
				some[i].Nobody[self] = leaves(self) && !told && !open && e.Complete()
			}
		}
	}
	return nil
}

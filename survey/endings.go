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
				found = append(found, EndingPair{of, steps})
			}
		}
	}
	slices.SortFunc(found, func(p, q EndingPair) int {
		return cmp.Or(cmp.Compare(p.Steps, q.Steps), cmp.Compare(p.Of[0], q.Of[0]), cmp.Compare(p.Of[1], q.Of[1]))
	})
	return found, e.Result, nil
}

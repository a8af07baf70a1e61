package join

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"tcpclose/explore"
	"tcpclose/explore/product"
	"tcpclose/model"
)

// first is the watches, of the patterns at these places, that see something after
// the fewest steps, and how many these are.
func FirstSeen(e *product.Explored, at ...int) (watches []int, fewest int) {
	for _, place := range at {
		for _, self := range model.Sides {
			i := 2*place + int(self)
			steps, ok := e.Found(i)
			switch {
			case !ok || len(watches) > 0 && steps > fewest:
			case len(watches) > 0 && steps == fewest:
				watches = append(watches, i)
			default:
				watches, fewest = []int{i}, steps
			}
		}
	}
	return watches, fewest
}

// least is the lightest path, of those to what watches see; of several that one
// whose steps come first.
func Lightest(lights map[int]explore.Light[product.Tuple, product.Pick], watches []int) (path explore.Path[product.Tuple, product.Pick], ok bool) {
	var best explore.Light[product.Tuple, product.Pick]
	for _, i := range watches {
		l, found := lights[i]
		if found && (!ok || cmp.Or(l.Load.Compare(best.Load), slices.CompareFunc(l.Path.Actions, best.Path.Actions, comparePicks)) < 0) {
			best, ok = l, true
		}
	}
	return best.Path, ok
}

// comparePicks orders the steps from a state.
func comparePicks(p, q product.Pick) int {
	return cmp.Or(cmp.Compare(p.Route, q.Route), cmp.Compare(p.Move, q.Move))
}

// endedBy is why nothing more is looked at, as package explore names it; "" if ctx
// is not done.
func EndedBy(ctx context.Context) string {
	switch {
	case ctx.Err() == nil:
		return ""
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return explore.TimedOut
	}
	return explore.Interrupted
}

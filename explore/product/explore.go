package product

import (
	"context"
	"fmt"

	"tcpclose/explore"
	"tcpclose/explore/internal/search"
	"tcpclose/explore/internal/store"
)

// Explored is the outcome of the search of a product.
type Explored struct {
	*explore.Explored[Tuple, Pick]
	// Unkept is why the checkpoint could not be written the last time that it was to be;
	// nil if it was. The search goes on without it.
	Unkept error

	search *search.Search[uint64]
	space  *productSpace
}

// Explore visits every reachable state of p.
func Explore(ctx context.Context, p *Product, o Options) (*Explored, error) {
	if err := p.validate(); err != nil {
		return nil, err
	}
	sp := newProductSpace(p)
	if o.Spill != "" {
		var err error
		if sp.spilled, err = store.NewSpill(o.Spill); err != nil {
			return nil, err
		}
		if sp.rows.Slots.Disk, err = store.NewSpill(o.Spill); err != nil {
			return nil, err
		}
	}
	if p.Exchange != nil && o.Checkpoint != nil {
		return nil, fmt.Errorf("%w: want no checkpoint", ErrSymmetry)
	}
	s := search.New(sp, p.kinds(), o.settings())
	e := &Explored{search: s, space: sp}
	run := func(ctx context.Context) {
		s.Run(ctx)
		e.Explored = explore.NewExplored(p.System(), s, sp.unpack)
	}
	c := o.Checkpoint
	if c == nil {
		run(ctx)
		return e, nil
	}
	if c.Save == nil || c.Load == nil {
		return nil, refuse(c.File, "it has no Save or no Load: want both")
	}
	if err := writable(c.File); err != nil {
		return nil, refuse(c.File, "%v", err)
	}
	if !c.Resume && !replaceable(c.File) {
		return nil, refuse(c.File, "it exists and is not a checkpoint: want another name")
	}
	if c.Resume {
		if err := e.resume(c); err != nil {
			return nil, err
		}
	}
	ended := search.Every(c.Every, func() { e.Unkept = e.keep(c) })
	run(ctx)
	ended()
	if s.Stopped() {
		e.Unkept = e.keep(c)
	}
	return e, nil
}

// Runs returns the runs of the product, as the watches, and the groups of state watches,
// see them. No other method may be called at the same time. If ctx is done, the graph is
// empty and incomplete.
//
// After a search that was complete, and did not begin with a checkpoint, a question about
// runs on which some step is taken again and again (Unconditional fairness) looks at those
// states only that can be on a cycle with such a step. They are few where each half can
// only go on, as a connection does that closes. The graph of all states is made when a
// question needs it.
func (e *Explored) Runs(ctx context.Context, watches []int, groups ...[]int) (*explore.Runs[Tuple, Pick], error) {
	if e.space.mirror != nil {
		return nil, ErrSymmetry
	}
	return e.Explored.Runs(ctx, watches, groups...)
}

package product

import (
	"context"
	"fmt"

	"tcpclose/explore"
	"tcpclose/explore/internal/search"
	"tcpclose/explore/internal/store"
)

// Options are the options of the search of a product.
type Options struct {
	Workers  int // goroutines; 0 means one for each processor
	Limits   explore.Limits
	Progress func(explore.Progress) // called now and then from one goroutine; may be nil
	// MaxMemory limits the bytes that the process may take; 0 sets no limit. A search
	// that would need more stops.
	MaxMemory int64
	// Spill, if not empty, is a directory in which the search may put what it has no
	// memory for.
	Spill string
	// Ignore is the watches of which it need not be known whether they see something:
	// Explored.Found knows nothing of them, Explored.Runs has them as the others.
	Ignore Bits
	// Checkpoint, if not nil, is where the search can be taken up again.
	Checkpoint *Checkpoint
	// Enough, if it is not nil, is asked after each level whether to stop; found
	// tells whether a watch has seen something. The level is finished, so what is
	// reported does not depend on the number of workers.
	Enough func(found func(watch int) bool) bool
}

// Opaque returns the options as an opaque system can have them: without a place on the
// disk and a checkpoint.
func (o Options) Opaque() explore.Options {
	return explore.Options{Workers: o.Workers, Limits: o.Limits, Progress: o.Progress, MaxMemory: o.MaxMemory, Enough: o.Enough}
}

// settings returns the options as the engine has them.
func (o Options) settings() search.Options {
	s := search.Options{Workers: o.Workers, MaxStates: o.Limits.States, MaxDepth: o.Limits.Depth, MaxMemory: o.MaxMemory, Ignore: o.Ignore, Enough: o.Enough}
	if o.Progress != nil {
		s.Progress = func(p search.Progress) { o.Progress(explore.Progress(p)) }
	}
	return s
}

// Explored is the outcome of the search of a product.
type Explored struct {
	*explore.Explored[Tuple, Pick]
	// Unkept is why the checkpoint could not be written the last time that it was to be;
	// nil if it was. The search goes on without it.
	Unkept error

	search *search.Search[uint64]
	space  *productSpace
	far    *farSpace // if others have carried out the search
}

// Lost returns why paths are missing although their watches have seen something: others have
// carried out the search, and did not answer. It is nil if none is.
func (e *Explored) Lost() error {
	if e.far == nil {
		return nil
	}
	return e.far.err
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
	if e.far != nil {
		return nil, ErrShared
	}
	return e.Explored.Runs(ctx, watches, groups...)
}

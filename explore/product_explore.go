package explore

import (
	"context"
	"errors"
	"fmt"
)

// ExploredProduct is the outcome of the search of a product.
type ExploredProduct struct {
	Result
	search *search[uint64]
	space  *productSpace
}

// ExploreProduct visits every reachable state of p.
func ExploreProduct(ctx context.Context, p *Product, o Options) (*ExploredProduct, error) {
	if err := p.validate(); err != nil {
		return nil, err
	}
	sp := newProductSpace(p)
	if o.Spill != "" {
		var err error
		if sp.spilled, err = newSpill(o.Spill); err != nil {
			return nil, err
		}
		if sp.rows.slots.disk, err = newSpill(o.Spill); err != nil {
			return nil, err
		}
	}
	if p.Exchange != nil && o.Checkpoint != nil {
		return nil, fmt.Errorf("%w: want no checkpoint", ErrSymmetry)
	}
	watches := make([]Kind, len(p.Watches))
	for i, w := range p.Watches {
		watches[i] = w.Kind
	}
	s := newSearch(sp, watches, o)
	e := &ExploredProduct{search: s, space: sp}
	c := o.Checkpoint
	if c == nil {
		s.run(ctx)
		e.Result = s.result
		return e, nil
	}
	if err := writable(c.File); err != nil {
		return nil, refuse(c.File, "%v", err)
	}
	if c.Resume {
		if err := e.resume(c); err != nil {
			return nil, err
		}
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	ended := every(c.Every, func() {
		if err := e.keep(c); err != nil {
			stop(err) // before more is done that would be lost
		}
	})
	s.run(ctx)
	ended()
	e.Result = s.result
	err := context.Cause(ctx)
	if !errors.Is(err, ErrCheckpoint) && s.stopped() {
		err = e.keep(c)
	}
	if errors.Is(err, ErrCheckpoint) {
		return nil, err
	}
	return e, nil
}

// Found is the least number of steps after which watch i sees something; ok is
// false if it saw nothing.
func (e *ExploredProduct) Found(i int) (steps int, ok bool) {
	steps, ok = e.search.found[i]
	return steps, ok
}

// Path is the run to what watch i sees: of the shortest ones, that whose steps
// come first. ok is false if it saw nothing.
func (e *ExploredProduct) Path(i int) (path Path[Tuple, Pick], ok bool) {
	path, ok = e.Paths([]int{i})[i]
	return path, ok
}

// Paths is the path of each of the watches that saw something. All together cost
// little more than one.
func (e *ExploredProduct) Paths(watches []int) map[int]Path[Tuple, Pick] {
	paths := map[int]Path[Tuple, Pick]{}
	for i, run := range e.search.paths(watches) {
		paths[i] = follow(e.space.System(), e.space.unpack(run.start), run.picks)
	}
	return paths
}

// Lightest is the lightest of the shortest runs to what each of the watches sees,
// of those that saw something.
func (e *ExploredProduct) Lightest(watches []int, weigh Weigh[Tuple, Pick]) map[int]Light[Tuple, Pick] {
	lights := map[int]Light[Tuple, Pick]{}
	sys := e.space.System()
	for i, run := range e.search.lightest(watches, weights(sys, e.space.unpack, weigh)) {
		lights[i] = Light[Tuple, Pick]{follow(sys, e.space.unpack(run.start), run.picks), run.load}
	}
	return lights
}

// Runs is the runs of the product, as seen by watches. No other method may be
// called at the same time. If ctx is done, the graph is empty and incomplete.
func (e *ExploredProduct) Runs(ctx context.Context, watches []int) (*Runs[Tuple, Pick], error) {
	if e.space.twins != nil {
		return nil, ErrSymmetry
	}
	kinds := make([]Kind, len(e.space.Watches))
	for i, w := range e.space.Watches {
		kinds[i] = w.Kind
	}
	r, err := newRuns[Tuple, Pick](ctx, e.search, kinds, watches)
	if err != nil {
		return nil, err
	}
	r.replay = func(start int, picks []int) Path[Tuple, Pick] {
		return replay(e.space.System(), e.space.unpack(e.search.initial[start]), picks)
	}
	return r, nil
}

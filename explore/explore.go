package explore

import (
	"context"
	"errors"
	"fmt"

	"tcpclose/explore/internal/search"
	"tcpclose/explore/internal/stategraph"
	"tcpclose/explore/internal/store"
)

// Explore visits every reachable state of sys, with the watches in use. Check and Require
// are simpler to use: they have names for what Explore has numbers for.
func Explore[S comparable, A any](ctx context.Context, sys System[S, A], watches []Watch[S, A], o Options) (*Explored[S, A], error) {
	if sys == nil {
		return nil, errors.New("explore: the system is nil: want one")
	}
	if len(watches) > MaxWatches {
		return nil, fmt.Errorf("explore: %d watches: want at most %d", len(watches), MaxWatches)
	}
	for i := range watches {
		if err := watches[i].validate(i); err != nil {
			return nil, err
		}
	}
	sp := &opaqueSpace[S, A]{sys: sys, watches: watches, states: store.NewStateSet[S](), maxMemory: o.MaxMemory}
	for i, w := range watches {
		sp.of[w.Kind] = sp.of[w.Kind].Or(search.Watch(i))
	}
	sp.bounded, _ = sys.(Bounded[S, A])
	s := search.New(sp, search.Kinds{States: sp.of[States], Steps: sp.of[Steps], Terminals: sp.of[Terminals]}, o.settings())
	s.Run(ctx)
	return NewExplored(sys, s, func(s S) S { return s }), nil
}

// Explored is the outcome of a search.
type Explored[S comparable, A any] struct {
	Result
	engine engine[S, A]
}

// An engine returns what a search has found, whatever key represents a state in it.
type engine[S comparable, A any] interface {
	steps(watch int) (steps int, ok bool)
	paths(watches []int) map[int]Path[S, A]
	lightest(watches []int, weigh Weigh[S, A]) map[int]Light[S, A]
	runs(ctx context.Context, watches []int, groups [][]int) (*Runs[S, A], error)
}

// NewExplored returns the outcome of a search of sys, where state returns what a key
// stands for. The search is one of this module's own engines, so the function is of use
// to its packages only.
func NewExplored[S comparable, A any, K comparable](sys System[S, A], s *search.Search[K], state func(K) S) *Explored[S, A] {
	return &Explored[S, A]{Result(s.Result), &searched[S, A, K]{sys, s, state}}
}

// Found returns the least number of steps after which watch i sees something; ok is
// false if it saw nothing.
func (e *Explored[S, A]) Found(i int) (steps int, ok bool) { return e.engine.steps(i) }

// Path returns the run to what watch i sees: of the shortest ones, that whose steps
// come first. ok is false if it saw nothing.
func (e *Explored[S, A]) Path(i int) (path Path[S, A], ok bool) {
	path, ok = e.Paths([]int{i})[i]
	return path, ok
}

// Paths returns the path of each of the watches that saw something. It costs little
// more than one path.
func (e *Explored[S, A]) Paths(watches []int) map[int]Path[S, A] { return e.engine.paths(watches) }

// Lightest returns the lightest of the shortest runs to what each of the watches sees,
// of those that saw something.
func (e *Explored[S, A]) Lightest(watches []int, weigh Weigh[S, A]) map[int]Light[S, A] {
	return e.engine.lightest(watches, weigh)
}

// Runs returns the runs of the system, as the watches see them. No other method may be
// called at the same time. If ctx is done, the graph is empty and incomplete.
//
// A group of state watches takes the room of one. The runs tell only whether one of them
// sees a state: what Fairness.Enabled asks.
func (e *Explored[S, A]) Runs(ctx context.Context, watches []int, groups ...[]int) (*Runs[S, A], error) {
	return e.engine.runs(ctx, watches, groups)
}

// searched is the engine with keys of type K.
type searched[S comparable, A any, K comparable] struct {
	sys    System[S, A]
	search *search.Search[K]
	state  func(K) S
}

func (e *searched[S, A, K]) steps(watch int) (steps int, ok bool) {
	steps, ok = e.search.Found[watch]
	return steps, ok
}

func (e *searched[S, A, K]) paths(watches []int) map[int]Path[S, A] {
	paths := map[int]Path[S, A]{}
	for i, run := range e.search.Paths(watches) {
		if path, ok := follow(e.sys, e.state(run.Start), run.Picks); ok {
			paths[i] = path
		}
	}
	return paths
}

func (e *searched[S, A, K]) lightest(watches []int, weigh Weigh[S, A]) map[int]Light[S, A] {
	lights := map[int]Light[S, A]{}
	for i, run := range e.search.Lightest(watches, weights(e.sys, e.state, weigh)) {
		if path, ok := follow(e.sys, e.state(run.Start), run.Picks); ok {
			lights[i] = Light[S, A]{path, Load(run.Load)}
		}
	}
	return lights
}

func (e *searched[S, A, K]) runs(ctx context.Context, watches []int, groups [][]int) (*Runs[S, A], error) {
	s := e.search
	c, err := stategraph.NewColumns(s.Kinds, watches, groups...)
	if err != nil {
		return nil, err
	}
	b := stategraph.NewBuilder(s, c)
	r := &Runs[S, A]{Incomplete: s.Result.Incomplete, columns: c, build: b.All}
	r.replay = func(start int, picks []int) (Path[S, A], error) {
		return replay(e.sys, e.state(s.Initial[start]), picks)
	}
	if y := stategraph.NewCycles(b); y != nil && ctx.Err() == nil {
		r.cycles = y
		return r, nil
	}
	if err := r.complete(ctx); err != nil {
		if ctx.Err() == nil {
			return nil, err
		}
		r.graph = &stategraph.Graph{}
		r.Incomplete = also(r.Incomplete, search.IncompleteBy(ctx))
	}
	return r, nil
}

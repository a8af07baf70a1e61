package naive

import (
	"context"
	"maps"
	"math/rand/v2"
	"slices"

	"tcpclose/explore"
	"tcpclose/explore/product"

	"pgregory.net/rapid"
)

// System is a system as the slow search wants it: who sees what is said with the
// states and steps.
type System[S comparable, A any] struct {
	Init  []S
	Steps func(S) []Step[S, A]
	Seen  func(S) product.Bits // by state and terminal watches
	Kinds []explore.Kind
}

// A Step is a step with what sees it.
type Step[S comparable, A any] struct {
	Action A
	To     S
	Cut    string
	Seen   product.Bits
	Label  uint32 // of a product
}

// An Outcome is the result of a search.
type Outcome[S comparable, A any] struct {
	Result explore.Result
	Found  map[int]int
	Paths  map[int]explore.Path[S, A]
}

// Search explores n with maps and without haste. It takes states in the order of
// their least paths, so what it meets first it meets on the least path.
func (n System[S, A]) Search(limits explore.Limits) Outcome[S, A] {
	o := Outcome[S, A]{Found: map[int]int{}, Paths: map[int]explore.Path[S, A]{}}
	path := map[S]explore.Path[S, A]{} // also the states seen
	incomplete := map[string]bool{}
	note := func(seen product.Bits, kind explore.Kind, p explore.Path[S, A]) {
		for i, k := range n.Kinds {
			if _, known := o.Found[i]; k == kind && seen.Has(i) && !known {
				o.Found[i], o.Paths[i] = len(p.Actions), p
			}
		}
	}
	extended := func(p explore.Path[S, A], action A, to S) explore.Path[S, A] {
		return explore.Path[S, A]{
			States:  append(slices.Clone(p.States), to),
			Actions: append(slices.Clone(p.Actions), action),
		}
	}
	var level []S
	for _, s := range n.Init {
		if _, known := path[s]; !known {
			path[s] = explore.Path[S, A]{States: []S{s}}
			level = append(level, s)
			note(n.Seen(s), explore.States, path[s])
		}
	}
	o.Result.Generated, o.Result.Distinct = len(n.Init), len(level)
	for len(level) > 0 {
		if o.Result.Depth++; limits.Depth > 0 && o.Result.Depth > limits.Depth {
			incomplete[explore.BoundDepth] = true
			break
		}
		var next []S
		generated, terminals := 0, 0
		for _, s := range level {
			steps := n.Steps(s)
			if len(steps) == 0 {
				terminals++
				note(n.Seen(s), explore.Terminals, path[s])
			}
			for _, step := range steps {
				generated++
				if step.Cut != "" {
					incomplete[step.Cut] = true
					continue
				}
				p := extended(path[s], step.Action, step.To)
				note(step.Seen, explore.Steps, p)
				if _, known := path[step.To]; !known {
					path[step.To] = p
					next = append(next, step.To)
					note(n.Seen(step.To), explore.States, p)
				}
			}
		}
		if limits.States > 0 && len(path) > limits.States {
			incomplete[explore.BoundStates] = true
			break
		}
		o.Result.Generated += generated
		o.Result.Terminals += terminals
		o.Result.Distinct += len(next)
		level = next
	}
	o.Result.Incomplete = slices.Sorted(maps.Keys(incomplete))
	return o
}

// An explored is the outcome of either search.
type explored[S comparable, A any] interface {
	Found(i int) (steps int, ok bool)
	Path(i int) (explore.Path[S, A], bool)
}

// OutcomeOf returns the outcome of a search that is not naive.
func OutcomeOf[S comparable, A any](r explore.Result, e explored[S, A], watches int) Outcome[S, A] {
	o := Outcome[S, A]{Result: r, Found: map[int]int{}, Paths: map[int]explore.Path[S, A]{}}
	for i := range watches {
		if steps, ok := e.Found(i); ok {
			o.Found[i] = steps
		}
		if p, ok := e.Path(i); ok {
			o.Paths[i] = p
		}
	}
	return o
}

// WorkerCounts is the numbers of workers for which everything must be the same.
var WorkerCounts = []int{1, 2, 4}

// Seeded returns random numbers from a seed that rapid draws.
func Seeded(t *rapid.T) *rand.Rand {
	return rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
}

// MustExplore is Explore for a question that is right.
func MustExplore[S comparable, A any](ctx context.Context, sys explore.System[S, A], watches []explore.Watch[S, A], o explore.Options) *explore.Explored[S, A] {
	e, err := explore.Explore(ctx, sys, watches, o)
	if err != nil {
		panic(err)
	}
	return e
}

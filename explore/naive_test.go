package explore_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/explore"
)

// naive is a system as the slow search wants it: who sees what is said with the
// states and steps.
type naive[S comparable, A any] struct {
	init  []S
	steps func(S) []naiveStep[S, A]
	seen  func(S) explore.Bits // by state and terminal watches
	kinds []explore.Kind
}

type naiveStep[S comparable, A any] struct {
	action A
	to     S
	cut    string
	seen   explore.Bits
	label  uint32 // of a product
}

// An outcome is what a search says.
type outcome[S comparable, A any] struct {
	Result explore.Result
	Found  map[int]int
	Paths  map[int]explore.Path[S, A]
}

// search explores n with maps and without haste. It takes states in the order of
// their least paths, so what it meets first it meets on the least path.
func (n naive[S, A]) search(limits explore.Limits) outcome[S, A] {
	o := outcome[S, A]{Found: map[int]int{}, Paths: map[int]explore.Path[S, A]{}}
	path := map[S]explore.Path[S, A]{} // also the states seen
	incomplete := map[string]bool{}
	note := func(seen explore.Bits, kind explore.Kind, p explore.Path[S, A]) {
		for i, k := range n.kinds {
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
	for _, s := range n.init {
		if _, known := path[s]; !known {
			path[s] = explore.Path[S, A]{States: []S{s}}
			level = append(level, s)
			note(n.seen(s), explore.States, path[s])
		}
	}
	o.Result.Generated, o.Result.Distinct = len(n.init), len(level)
	for len(level) > 0 {
		if o.Result.Depth++; limits.Depth > 0 && o.Result.Depth > limits.Depth {
			incomplete[explore.BoundDepth] = true
			break
		}
		var next []S
		generated, terminals := 0, 0
		for _, s := range level {
			steps := n.steps(s)
			if len(steps) == 0 {
				terminals++
				note(n.seen(s), explore.Terminals, path[s])
			}
			for _, step := range steps {
				generated++
				if step.cut != "" {
					incomplete[step.cut] = true
					continue
				}
				p := extended(path[s], step.action, step.to)
				note(step.seen, explore.Steps, p)
				if _, known := path[step.to]; !known {
					path[step.to] = p
					next = append(next, step.to)
					note(n.seen(step.to), explore.States, p)
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

// An explored is what the two searches return.
type explored[S comparable, A any] interface {
	Found(i int) (steps int, ok bool)
	Path(i int) (explore.Path[S, A], bool)
}

func outcomeOf[S comparable, A any](r explore.Result, e explored[S, A], watches int) outcome[S, A] {
	o := outcome[S, A]{Result: r, Found: map[int]int{}, Paths: map[int]explore.Path[S, A]{}}
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

// workerCounts is the numbers of workers for which everything must be the same.
var workerCounts = []int{1, 2, 4}

// assertExplores asserts that the search of an opaque system agrees with want
// for any number of workers.
func assertExplores[S comparable, A any](t require.TestingT, want outcome[S, A], sys explore.System[S, A], watches []explore.Watch[S, A], limits explore.Limits) {
	for _, workers := range workerCounts {
		e := explore.Explore(context.Background(), sys, watches, explore.OpaqueOptions{Workers: workers, Limits: limits})
		require.Equal(t, want, outcomeOf(e.Result, e, len(watches)), "%d workers", workers)
	}
}

// assertExploresProduct is the same for a product.
func assertExploresProduct(t require.TestingT, want outcome[explore.Tuple, explore.Pick], p *explore.Product, limits explore.Limits) {
	for _, workers := range workerCounts {
		e, err := explore.ExploreProduct(context.Background(), p, explore.Options{Workers: workers, Limits: limits})
		require.NoError(t, err)
		require.Equal(t, want, outcomeOf(e.Result, e, len(p.Watches)), "%d workers", workers)
		var all []int
		for i := range p.Watches {
			all = append(all, i)
		}
		require.Equal(t, want.Paths, e.Paths(all), "%d workers", workers)
	}
}

// TestNaive pins the slow search to numbers that others published.
func TestNaive(t *testing.T) {
	sys := mctcp{}
	n := naive[diagram, string]{
		init: sys.Init(),
		seen: func(diagram) (b explore.Bits) { return b },
		steps: func(s diagram) (steps []naiveStep[diagram, string]) {
			for _, step := range sys.Steps(nil, s) {
				next := naiveStep[diagram, string]{action: step.Action, to: step.To}
				if !sys.Within(s, step.Action, step.To) {
					next.cut = explore.BoundBoundary
				}
				steps = append(steps, next)
			}
			return steps
		},
	}
	r := n.search(explore.Limits{}).Result
	assert.Equal(t, "1182 distinct states, 6322 generated, depth 14 (incomplete: boundary)", fmt.Sprint(r))
}

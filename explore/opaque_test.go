package explore_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"tcpclose/explore"
	"tcpclose/explore/internal/naive"
	"tcpclose/explore/internal/systems"
	"tcpclose/explore/product"
	"tcpclose/internal/tier"
)

// A web is a transition system given by its steps. An action is the step's
// place among those of its state.
type web struct {
	init  []int
	steps [][]thread // by state
	marks []product.Bits
	kinds []explore.Kind
}

type thread struct {
	to    int
	cut   bool
	marks product.Bits
}

func (w *web) Init() []int { return w.init }

func (w *web) Steps(dst []explore.Step[int, int], s int) []explore.Step[int, int] {
	for i, t := range w.steps[s] {
		dst = append(dst, explore.Step[int, int]{Action: i, To: t.to})
	}
	return dst
}

// A boundedWeb is a web some of whose steps are cut.
type boundedWeb struct{ *web }

func (w boundedWeb) Within(from, action, _ int) bool { return !w.steps[from][action].cut }

func (w *web) watches() (watches []explore.Watch[int, int]) {
	for i, k := range w.kinds {
		watches = append(watches, explore.Watch[int, int]{
			Kind:  k,
			State: func(s int) bool { return w.marks[s].Has(i) },
			Step:  func(from, action, _ int) bool { return w.steps[from][action].marks.Has(i) },
		})
	}
	return watches
}

func (w *web) naive(bounded bool) naive.System[int, int] {
	return naive.System[int, int]{
		Init:  w.init,
		Seen:  func(s int) product.Bits { return w.marks[s] },
		Kinds: w.kinds,
		Steps: func(s int) (steps []naive.Step[int, int]) {
			for i, t := range w.steps[s] {
				step := naive.Step[int, int]{Action: i, To: t.to, Seen: t.marks}
				if bounded && t.cut {
					step.Cut = explore.BoundBoundary
				}
				steps = append(steps, step)
			}
			return steps
		},
	}
}

// randomWeb returns a web in which about one in rare states and steps has any one mark.
func randomWeb(rng *rand.Rand, states, out, watches, rare int) *web {
	w := &web{}
	for range watches {
		w.kinds = append(w.kinds, explore.Kind(rng.IntN(3)))
	}
	marks := func() (b product.Bits) {
		for i := range watches {
			if rng.IntN(rare) == 0 {
				b = b.Or(product.Bit(i))
			}
		}
		return b
	}
	for range 1 + rng.IntN(3) {
		w.init = append(w.init, rng.IntN(states))
	}
	for range states {
		var steps []thread
		for range rng.IntN(out + 1) {
			steps = append(steps, thread{rng.IntN(states), rng.IntN(10) == 0, marks()})
		}
		w.steps = append(w.steps, steps)
		w.marks = append(w.marks, marks())
	}
	return w
}

func TestExploreRandom(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		states := rapid.IntRange(1, 300).Draw(t, "states")
		out := rapid.IntRange(0, 5).Draw(t, "steps from each")
		watches := rapid.IntRange(0, 8).Draw(t, "watches")
		rare := rapid.SampledFrom([]int{2, 10, states}).Draw(t, "one mark in")
		w := randomWeb(naive.Seeded(t), states, out, watches, rare)
		limits := explore.Limits{
			States: rapid.IntRange(0, states).Draw(t, "limit of states"),
			Depth:  rapid.IntRange(0, 8).Draw(t, "limit of depth"),
		}
		for _, limits := range []explore.Limits{{}, {States: limits.States}, {Depth: limits.Depth}, limits} {
			assertExplores(t, w.naive(false).Search(limits), explore.System[int, int](w), w.watches(), limits)
			assertExplores(t, w.naive(true).Search(limits), explore.System[int, int](boundedWeb{w}), w.watches(), limits)
		}
	})
}

// TestExploreLarge has levels that all workers share and in the middle of which
// the table grows.
func TestExploreLarge(t *testing.T) {
	states := tier.Choose(15_000, 60_000)
	for seed := range uint64(3) {
		w := randomWeb(rand.New(rand.NewPCG(seed, 0)), states, 4, 9, states/3)
		for _, limits := range []explore.Limits{{}, {States: states / 2}} {
			assertExplores(t, w.naive(true).Search(limits), explore.System[int, int](boundedWeb{w}), w.watches(), limits)
		}
	}
}

// A hook is a system that calls f for every state that it is asked about.
type hook struct {
	explore.System[systems.Jugs, string]
	f func(systems.Jugs)
}

func (h hook) Steps(dst []explore.Step[systems.Jugs, string], s systems.Jugs) []explore.Step[systems.Jugs, string] {
	h.f(s)
	return h.System.Steps(dst, s)
}

func TestExploreCancelled(t *testing.T) {
	four := []explore.Watch[systems.Jugs, string]{{State: func(s systems.Jugs) bool { return s.Big == 4 }}}

	t.Run("before", func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		e := naive.MustExplore(ctx, systems.DieHard{}, four, explore.Options{})
		assert.Equal(t, []string{explore.Interrupted}, e.Incomplete)
		assert.Equal(t, 1, e.Distinct)
		_, found := e.Found(0)
		assert.False(t, found)
	})
	t.Run("deadline", func(t *testing.T) {
		ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
		defer cancel()
		slow := hook{systems.DieHard{}, func(systems.Jugs) { <-ctx.Done() }}
		e := naive.MustExplore(ctx, slow, four, explore.Options{})
		assert.Equal(t, []string{explore.TimedOut}, e.Incomplete)
	})
	t.Run("during", func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		e := naive.MustExplore(ctx, hook{systems.DieHard{}, func(s systems.Jugs) {
			if s.Big == 4 {
				cancel()
			}
		}}, four, explore.Options{})
		assert.Equal(t, []string{explore.Interrupted}, e.Incomplete)
		steps, found := e.Found(0)
		assert.True(t, found)
		assert.Equal(t, 6, steps)
		path, ok := e.Path(0)
		assert.True(t, ok)
		assert.Len(t, path.Actions, 6)
	})
}

func TestExploreNothing(t *testing.T) {
	e := naive.MustExplore(context.Background(), &web{}, nil, explore.Options{})
	assert.Equal(t, explore.Result{}, e.Result)
	assert.True(t, e.Complete())
}

// A question that is wrong has an error, which says what is wanted.
func TestExplore_Refused(t *testing.T) {
	watches := make([]explore.Watch[int, int], explore.MaxWatches+1)
	for _, tt := range []struct {
		sys     explore.System[int, int]
		watches []explore.Watch[int, int]
		want    string
	}{
		{nil, nil, "explore: the system is nil: want one"},
		{&web{}, watches, "explore: 128 watches: want at most 127"},
		{&web{}, watches[:1], "explore: watch 0 of states has no State: want a function"},
		{&web{}, []explore.Watch[int, int]{{Kind: explore.Terminals}}, "explore: watch 0 of terminal states has no State: want a function"},
		{&web{}, []explore.Watch[int, int]{{Kind: explore.Steps}}, "explore: watch 0 of steps has no Step: want a function"},
		{&web{}, []explore.Watch[int, int]{{Kind: 3}}, "explore: watch 0: no kind Kind(3): want States, Steps or Terminals"},
	} {
		_, err := explore.Explore(context.Background(), tt.sys, tt.watches, explore.Options{})
		assert.EqualError(t, err, tt.want)
	}
}

func TestProgress(t *testing.T) {
	told := make(chan struct{})
	slow := hook{systems.DieHard{}, func(s systems.Jugs) {
		time.Sleep(25 * time.Millisecond)
		if s.Big == 4 {
			<-told
		}
	}}
	var last explore.Progress
	called := 0
	e := naive.MustExplore(context.Background(), slow, nil, explore.Options{Workers: 2, Progress: func(p explore.Progress) {
		if called++; called == 1 {
			close(told)
		}
		assert.GreaterOrEqual(t, p.Distinct, last.Distinct)
		assert.GreaterOrEqual(t, p.Generated, last.Generated)
		assert.GreaterOrEqual(t, p.Depth, last.Depth)
		last = p
	}})
	require.True(t, e.Complete())
	assert.Positive(t, called)
	assert.LessOrEqual(t, last.Distinct, e.Distinct)
	assert.LessOrEqual(t, last.Generated, e.Generated)
	assert.Positive(t, last.Generated)
	assert.Less(t, last.Depth, e.Depth)
	assert.Positive(t, last.Frontier)
}

// assertExplores asserts that the search of an opaque system agrees with want
// for any number of workers.
func assertExplores[S comparable, A any](t require.TestingT, want naive.Outcome[S, A], sys explore.System[S, A], watches []explore.Watch[S, A], limits explore.Limits) {
	for _, workers := range naive.WorkerCounts {
		e := naive.MustExplore(context.Background(), sys, watches, explore.Options{Workers: workers, Limits: limits})
		require.Equal(t, want, naive.OutcomeOf(e.Result, e, len(watches)), "%d workers", workers)
	}
}

// TestNaive pins the slow search to numbers that others published.
func TestNaive(t *testing.T) {
	sys := systems.Mctcp{}
	n := naive.System[systems.Diagram, string]{
		Init: sys.Init(),
		Seen: func(systems.Diagram) (b product.Bits) { return b },
		Steps: func(s systems.Diagram) (steps []naive.Step[systems.Diagram, string]) {
			for _, step := range sys.Steps(nil, s) {
				next := naive.Step[systems.Diagram, string]{Action: step.Action, To: step.To}
				if !sys.Within(s, step.Action, step.To) {
					next.Cut = explore.BoundBoundary
				}
				steps = append(steps, next)
			}
			return steps
		},
	}
	r := n.Search(explore.Limits{}).Result
	assert.Equal(t, "1182 distinct states, 6322 generated, depth 14 (incomplete: boundary)", fmt.Sprint(r))
}

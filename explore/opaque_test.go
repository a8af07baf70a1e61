package explore_test

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"tcpclose/explore"
)

// A web is a transition system given by its steps. An action is the step's
// place among those of its state.
type web struct {
	init  []int
	steps [][]thread // by state
	marks []explore.Bits
	kinds []explore.Kind
}

type thread struct {
	to    int
	cut   bool
	marks explore.Bits
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

func (w *web) naive(bounded bool) naive[int, int] {
	return naive[int, int]{
		init:  w.init,
		seen:  func(s int) explore.Bits { return w.marks[s] },
		kinds: w.kinds,
		steps: func(s int) (steps []naiveStep[int, int]) {
			for i, t := range w.steps[s] {
				step := naiveStep[int, int]{action: i, to: t.to, seen: t.marks}
				if bounded && t.cut {
					step.cut = explore.BoundBoundary
				}
				steps = append(steps, step)
			}
			return steps
		},
	}
}

// randomWeb is a web in which about one in rare states and steps has any one mark.
func randomWeb(rng *rand.Rand, states, out, watches, rare int) *web {
	w := &web{}
	for range watches {
		w.kinds = append(w.kinds, explore.Kind(rng.IntN(3)))
	}
	marks := func() (b explore.Bits) {
		for i := range watches {
			if rng.IntN(rare) == 0 {
				b = b.Or(explore.Bit(i))
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

func seeded(t *rapid.T) *rand.Rand {
	return rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
}

func TestExploreRandom(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		states := rapid.IntRange(1, 300).Draw(t, "states")
		out := rapid.IntRange(0, 5).Draw(t, "steps from each")
		watches := rapid.IntRange(0, 8).Draw(t, "watches")
		rare := rapid.SampledFrom([]int{2, 10, states}).Draw(t, "one mark in")
		w := randomWeb(seeded(t), states, out, watches, rare)
		limits := explore.Limits{
			States: rapid.IntRange(0, states).Draw(t, "limit of states"),
			Depth:  rapid.IntRange(0, 8).Draw(t, "limit of depth"),
		}
		for _, limits := range []explore.Limits{{}, {States: limits.States}, {Depth: limits.Depth}, limits} {
			assertExplores(t, w.naive(false).search(limits), explore.System[int, int](w), w.watches(), limits)
			assertExplores(t, w.naive(true).search(limits), explore.System[int, int](boundedWeb{w}), w.watches(), limits)
		}
	})
}

// TestExploreLarge has levels that all workers share and in the middle of which
// the table grows.
func TestExploreLarge(t *testing.T) {
	states := 60_000
	if testing.Short() {
		states = 15_000
	}
	for seed := range uint64(3) {
		w := randomWeb(rand.New(rand.NewPCG(seed, 0)), states, 4, 9, states/3)
		for _, limits := range []explore.Limits{{}, {States: states / 2}} {
			assertExplores(t, w.naive(true).search(limits), explore.System[int, int](boundedWeb{w}), w.watches(), limits)
		}
	}
}

// A hook is a system that calls f for every state that it is asked about.
type hook struct {
	explore.System[jugs, string]
	f func(jugs)
}

func (h hook) Steps(dst []explore.Step[jugs, string], s jugs) []explore.Step[jugs, string] {
	h.f(s)
	return h.System.Steps(dst, s)
}

func TestExploreCancelled(t *testing.T) {
	four := []explore.Watch[jugs, string]{{State: func(s jugs) bool { return s.Big == 4 }}}

	t.Run("before", func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		e := explore.Explore(ctx, dieHard{}, four, explore.OpaqueOptions{})
		assert.Equal(t, []string{explore.Interrupted}, e.Incomplete)
		assert.Equal(t, 1, e.Distinct)
		_, found := e.Found(0)
		assert.False(t, found)
	})
	t.Run("deadline", func(t *testing.T) {
		ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
		defer cancel()
		slow := hook{dieHard{}, func(jugs) { <-ctx.Done() }}
		e := explore.Explore(ctx, slow, four, explore.OpaqueOptions{})
		assert.Equal(t, []string{explore.TimedOut}, e.Incomplete)
	})
	t.Run("during", func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		e := explore.Explore(ctx, hook{dieHard{}, func(s jugs) {
			if s.Big == 4 {
				cancel()
			}
		}}, four, explore.OpaqueOptions{})
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
	e := explore.Explore(context.Background(), &web{}, nil, explore.OpaqueOptions{})
	assert.Equal(t, explore.Result{}, e.Result)
	assert.True(t, e.Complete())
}

func TestExploreTooManyWatches(t *testing.T) {
	assert.Panics(t, func() {
		watches := make([]explore.Watch[int, int], explore.MaxWatches+1)
		explore.Explore(context.Background(), &web{}, watches, explore.OpaqueOptions{})
	})
}

func TestProgress(t *testing.T) {
	told := make(chan struct{})
	slow := hook{dieHard{}, func(s jugs) {
		time.Sleep(25 * time.Millisecond)
		if s.Big == 4 {
			<-told
		}
	}}
	var last explore.Progress
	called := 0
	e := explore.Explore(context.Background(), slow, nil, explore.OpaqueOptions{Workers: 2, Progress: func(p explore.Progress) {
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

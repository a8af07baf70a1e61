package join

import (
	"context"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"tcpclose/explore"
	"tcpclose/explore/product"
	"tcpclose/internal/naive"
	"tcpclose/internal/tier"
	"tcpclose/model"
)

// The product has exactly the states of the model.
func TestProduct(t *testing.T) {
	overflows := 0
	for i, small := range naive.SmallConfigs() {
		t.Run(small.Name, func(t *testing.T) {
			if i%2 > 0 {
				tier.Skip(t)
			}
			want := assertProduct(t, naive.Parse(t, small.Words), naive.ShortLimit())
			if want.Overflows > 0 {
				overflows++
			}
			assert.Greater(t, want.Result.Distinct, 50)
		})
	}
	assert.Greater(t, overflows, 3, "configurations in which a step is cut")
}

func TestProduct_Rapid(t *testing.T) {
	tier.Draws(t, 30)
	rapid.Check(t, func(t *rapid.T) {
		assertProduct(t, naive.AnyConfig().Draw(t, "config"), rapid.IntRange(1, 9).Draw(t, "limit"))
	})
}

// assertProduct asserts that both searches of c's product, without patterns, find
// what the slow one does. They look no further than limit steps.
func assertProduct(t require.TestingT, c model.Config, limit int) *naive.Search {
	y := naive.SystemOf(t, c)
	want := (&naive.Search{System: y, Limit: limit}).Run()
	require.Equal(t, want.Overflows > 0, contains(want.Result.Incomplete, BoundCapacity) || contains(want.Result.Incomplete, BoundHorizon))
	limits := explore.Limits{Depth: limit}

	p := New(y, nil)
	for _, workers := range []int{1, 2} {
		e, err := product.Explore(context.Background(), &p.Product, product.Options{Workers: workers, Limits: limits})
		require.NoError(t, err)
		require.Equal(t, want.Result, e.Result)
	}

	// The same of a fresh product, as an opaque system, which shows its states.
	p = New(y, nil)
	var mu sync.Mutex
	var strange []naive.Node
	states := map[naive.Node]bool{}
	e, err := explore.Explore(context.Background(), p.System(), []explore.Watch[product.Tuple, product.Pick]{{
		Kind: explore.States,
		State: func(tuple product.Tuple) bool {
			s, records := p.State(tuple)
			n := naive.Node{State: s, Records: records}
			mu.Lock()
			defer mu.Unlock()
			states[n] = true
			if _, known := want.Distance[n]; !known {
				strange = append(strange, n)
			}
			return false
		},
	}}, explore.Options{Workers: 2, Limits: limits})
	require.NoError(t, err)
	require.Empty(t, strange)
	require.Len(t, states, want.Result.Distinct)
	result := want.Result
	result.Incomplete = nil
	for _, why := range want.Result.Incomplete {
		if why == BoundCapacity || why == BoundHorizon {
			why = explore.BoundBoundary // which an opaque system does not name
		}
		if !contains(result.Incomplete, why) {
			result.Incomplete = append(result.Incomplete, why)
		}
	}
	require.Equal(t, result, e.Result)
	return want
}

func contains(list []string, s string) bool {
	for _, each := range list {
		if each == s {
			return true
		}
	}
	return false
}

// The model lists as possible just the steps that are possible and not cut.
func TestProduct_Actions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		y := naive.SystemOf(t, naive.AnyConfig().Draw(t, "config"))
		(&naive.Search{System: y, Limit: 5, State: func(n naive.Node, _ int) {
			var want []model.Action
			for _, a := range naive.Candidates(y, n.State) {
				if o, ok := y.Step(n.State, a); ok && !o.Overflow {
					want = append(want, a)
				}
			}
			require.ElementsMatch(t, want, y.Actions(nil, n.State))
		}}).Run()
	})
}

// Every step of the product has the model's name for it.
func TestProduct_Action(t *testing.T) {
	assert.NotEmpty(t, walkNamed(t, naive.AnyConfig()))
}

// walkNamed walks through products, and asserts that their steps have the model's names, in
// the model's order, in which the shortest trace is the least. It returns how often each kind
// of action was met.
func walkNamed(t *testing.T, configs *rapid.Generator[model.Config]) map[model.Kind]int {
	kinds := map[model.Kind]int{}
	rapid.Check(t, func(t *rapid.T) {
		y := naive.SystemOf(t, configs.Draw(t, "config"))
		p := New(y, nil)
		sys := p.System().(explore.Bounded[product.Tuple, product.Pick])
		at := p.Init[0]
		for range 30 {
			s, _ := p.State(at)
			require.Equal(t, at, p.tuple(s))
			var next []product.Tuple
			var got []model.Action
			for _, step := range sys.Steps(nil, at) {
				a := p.action(s, step.Action)
				kinds[a.Kind]++
				o, ok := y.Step(s, a)
				require.True(t, ok, "%v", a)
				require.Equal(t, !o.Overflow, sys.Within(at, step.Action, step.To))
				if !o.Overflow {
					require.Equal(t, p.tuple(o.To), step.To)
					next, got = append(next, step.To), append(got, a)
				}
			}
			require.Equal(t, y.Actions(nil, s), got)
			if len(next) == 0 {
				return
			}
			at = next[rapid.IntRange(0, len(next)-1).Draw(t, "step")]
		}
	})
	return kinds
}

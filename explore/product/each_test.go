package product_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"tcpclose/explore"
	"tcpclose/explore/internal/naive"
	"tcpclose/explore/product"
)

// Each visits what a breadth-first search by hand does, in its order.
func TestEach(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := randomProduct(naive.Seeded(t), rapid.IntRange(1, 4).Draw(t, "parts"), rapid.IntRange(1, 5).Draw(t, "values"),
			rapid.IntRange(0, 4).Draw(t, "routes"), rapid.IntRange(0, 9).Draw(t, "watches"))
		depth := rapid.IntRange(0, 4).Draw(t, "limit of depth")
		n := naiveProduct(p)
		number, at := map[product.Tuple]int{}, map[product.Tuple]int{}
		var queue []product.Tuple
		name := func(s product.Tuple, d int) int {
			if _, ok := number[s]; !ok {
				number[s], at[s] = len(queue), d
				queue = append(queue, s)
			}
			return number[s]
		}
		for _, s := range n.Init {
			name(s, 0)
		}
		e, err := product.Explore(context.Background(), p, product.Options{
			Workers: rapid.IntRange(1, 3).Draw(t, "workers"), Limits: explore.Limits{Depth: depth},
		})
		require.NoError(t, err)
		visited := 0
		err = e.Each(context.Background(), func(i int, s product.Tuple, open bool, steps []product.NumberedStep) error {
			require.Equal(t, visited, i)
			visited++
			require.Equal(t, queue[i], s)
			last := depth > 0 && at[s] == depth
			var want []product.NumberedStep
			if !last {
				for _, step := range n.Steps(s) {
					if step.Cut != "" {
						last = true
						continue
					}
					want = append(want, product.NumberedStep{Route: step.Action.Route, Label: step.Label, To: name(step.To, at[s]+1)})
				}
			}
			require.Equal(t, last, open)
			if len(want) > 0 || len(steps) > 0 {
				require.Equal(t, want, steps)
			}
			return nil
		})
		require.NoError(t, err)
		assert.Equal(t, len(queue), visited)
		assert.Equal(t, e.Distinct, visited)
	})
}

func TestEach_Ends(t *testing.T) {
	e, err := product.Explore(t.Context(), counters(counter{limit: 3, leap: 4}), product.Options{})
	require.NoError(t, err)
	enough := errors.New("enough")
	calls := 0
	assert.Equal(t, enough, e.Each(t.Context(), func(int, product.Tuple, bool, []product.NumberedStep) error { calls++; return enough }))
	assert.Equal(t, 1, calls)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	assert.ErrorIs(t, e.Each(ctx, func(int, product.Tuple, bool, []product.NumberedStep) error { return nil }), context.Canceled)
}

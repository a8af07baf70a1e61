package explore_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"tcpclose/explore"
)

// Each visits what a breadth-first search by hand does, in its order.
func TestEach(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := randomProduct(seeded(t), rapid.IntRange(1, 4).Draw(t, "parts"), rapid.IntRange(1, 5).Draw(t, "values"),
			rapid.IntRange(0, 4).Draw(t, "routes"), rapid.IntRange(0, 9).Draw(t, "watches"))
		depth := rapid.IntRange(0, 4).Draw(t, "limit of depth")
		n := naiveProduct(p)
		number, at := map[explore.Tuple]int{}, map[explore.Tuple]int{}
		var queue []explore.Tuple
		name := func(s explore.Tuple, d int) int {
			if _, ok := number[s]; !ok {
				number[s], at[s] = len(queue), d
				queue = append(queue, s)
			}
			return number[s]
		}
		for _, s := range n.init {
			name(s, 0)
		}
		e, err := explore.ExploreProduct(context.Background(), p, explore.Options{
			Workers: rapid.IntRange(1, 3).Draw(t, "workers"), Limits: explore.Limits{Depth: depth},
		})
		require.NoError(t, err)
		visited := 0
		err = e.Each(context.Background(), func(i int, s explore.Tuple, open bool, steps []explore.NumberedStep) error {
			require.Equal(t, visited, i)
			visited++
			require.Equal(t, queue[i], s)
			last := depth > 0 && at[s] == depth
			var want []explore.NumberedStep
			if !last {
				for _, step := range n.steps(s) {
					if step.cut != "" {
						last = true
						continue
					}
					want = append(want, explore.NumberedStep{Route: step.action.Route, Label: step.label, To: name(step.to, at[s]+1)})
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
	e, err := explore.ExploreProduct(t.Context(), counters(counter{limit: 3, leap: 4}), explore.Options{})
	require.NoError(t, err)
	enough := errors.New("enough")
	calls := 0
	assert.Equal(t, enough, e.Each(t.Context(), func(int, explore.Tuple, bool, []explore.NumberedStep) error { calls++; return enough }))
	assert.Equal(t, 1, calls)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	assert.ErrorIs(t, e.Each(ctx, func(int, explore.Tuple, bool, []explore.NumberedStep) error { return nil }), context.Canceled)
}

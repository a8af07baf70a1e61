package product_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"tcpclose/explore"
	"tcpclose/explore/internal/naive"
	"tcpclose/explore/product"
	"tcpclose/internal/tier"
)

func requireSameRun(t require.TestingT, want, got *explore.Lasso[product.Tuple, product.Pick]) {
	require.Equal(t, want == nil, got == nil)
	if want != nil {
		require.Equal(t, want.Path, got.Path)
		require.Equal(t, want.Loop, got.Loop)
	}
}

// TestCheckProduct has the same said of a product and of the same system without
// parts.
func TestCheckProduct(t *testing.T) {
	verdicts := map[explore.Verdict]int{}
	reaches, reachesByParts := map[explore.Verdict]int{}, map[explore.Verdict]int{}
	byParts := map[explore.Verdict]int{} // without the graph of all states
	tier.CheckUntil(t, func() bool { return len(verdicts) >= 2 && byParts[explore.Violated] >= 300 }, func(t *rapid.T) {
		parts := rapid.IntRange(1, 3).Draw(t, "parts")
		p := randomProduct(naive.Seeded(t), parts, rapid.IntRange(1, 4).Draw(t, "values"), rapid.IntRange(0, 3).Draw(t, "routes"), rapid.IntRange(1, 8).Draw(t, "watches"))
		n := naiveProduct(p)
		f, l := naive.DrawLiveness(t, n.Kinds)
		goal := rapid.IntRange(0, len(n.Kinds)-1).Draw(t, "to be reached")

		var watches []explore.Watch[product.Tuple, product.Pick]
		for i, k := range n.Kinds {
			watches = append(watches, explore.Watch[product.Tuple, product.Pick]{
				Kind:  k,
				State: func(s product.Tuple) bool { return n.Seen(s).Has(i) },
				Step: func(from product.Tuple, action product.Pick, _ product.Tuple) bool {
					for _, step := range n.Steps(from) {
						if step.Action == action {
							return step.Seen.Has(i)
						}
					}
					panic("no such step")
				},
			})
		}
		opaque, err := naive.MustExplore(context.Background(), p.System(), watches, explore.Options{}).Runs(context.Background(), naive.AllWatches(n.Kinds))
		require.NoError(t, err)
		wantReach, wantStuck, err := opaque.CanAlwaysReach(context.Background(), goal)
		require.NoError(t, err)
		reaches[wantReach]++
		want := naive.MustCheck(t, opaque, l)
		verdicts[want.Verdict]++
		naive.AssertLasso(t, n, want, f, l)
		for _, workers := range naive.WorkerCounts {
			e, err := product.Explore(context.Background(), p, product.Options{Workers: workers})
			require.NoError(t, err)
			// What else is watched makes no difference.
			r, err := e.Runs(context.Background(), naive.AllWatches(n.Kinds))
			require.NoError(t, err)
			got := naive.MustCheck(t, r, l)
			require.Equal(t, len(want.Incomplete), min(1, len(got.Incomplete)))
			got.Incomplete = want.Incomplete // it has but one bound
			if !r.WholeGraph() {
				byParts[got.Verdict]++
			}
			requireSameRun(t, want.Lasso, got.Lasso)
			got.Lasso = want.Lasso
			require.Equal(t, want, got)

			v, stuck, err := r.CanAlwaysReach(context.Background(), goal)
			require.NoError(t, err)
			naive.AssertStuck(t, n, goal, v, stuck, e.Complete())
			require.Equal(t, wantReach, v)
			require.Equal(t, wantStuck, stuck)
			if !r.WholeGraph() {
				reachesByParts[v]++
			}
		}
	})
	naive.RequireOccur(t, verdicts, 2)
	naive.RequireOccur(t, byParts, 2)
	naive.RequireOccur(t, reaches, 2)
	naive.RequireOccur(t, reachesByParts, 2)
}

package product_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"tcpclose/explore"
	"tcpclose/explore/internal/naive"
	"tcpclose/explore/ltl"
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

// A forkPart goes to a circle, or to where it rests. Each has a way of its own.
type forkPart struct{ near, round, far int }

// The values: where it begins, those of the circle and the way to it, and those of the
// other way.
func (p forkPart) circle(i int) product.Value { return product.Value(1 + i) }
func (p forkPart) other(i int) product.Value {
	if i == 0 {
		return 1
	}
	return product.Value(100 + i)
}

func (p forkPart) Offer(dst []product.Move, _ int, v product.Value) []product.Move {
	move := func(to product.Value, on product.Bits) { dst = append(dst, product.Move{To: to, Step: on}) }
	if i := int(v) - 1; i < 100 {
		if i == p.near+p.round-1 {
			move(p.circle(p.near), product.Bit(0))
		} else {
			move(p.circle(i+1), product.Bits{})
		}
	}
	for i := range p.far {
		if p.other(i) == v {
			move(p.other(i+1), product.Bits{})
		}
	}
	return dst
}

func (forkPart) React(v product.Value, _ product.Message) product.Move { return product.Move{To: v} }
func (forkPart) State(product.Value) product.Bits                      { return product.Bits{} }
func (forkPart) Stay(product.Value) product.Bits                       { return product.Bits{} }

// TestCheckProduct_Rests has a run go round a circle, unless one that rests is shorter.
func TestCheckProduct_Rests(t *testing.T) {
	rested := map[bool]int{}
	for near := range 4 {
		for round := 1; round < 4; round++ {
			for far := 1; far < 9; far++ {
				p := &product.Product{
					Parts: []product.Part{forkPart{near, round, far}}, Init: []product.Tuple{{1}},
					Routes:  []product.Route{{Lead: 0}},
					Watches: []product.Watch{{Kind: explore.Steps, Movers: []int{0}}, {Kind: explore.States}},
				}
				e, err := product.Explore(t.Context(), p, product.Options{})
				require.NoError(t, err)
				l := explore.Liveness{Formula: ltl.Eventually(ltl.State(1)), Fair: []explore.Fairness{{Kind: explore.Unconditional, Step: 0}}}
				r, err := e.Runs(t.Context(), l.Watches())
				require.NoError(t, err)
				out, err := r.Check(t.Context(), l)
				require.NoError(t, err)
				require.False(t, r.WholeGraph())
				rests := far < near+round
				rested[rests]++
				want := near + round
				if rests {
					want = far
				}
				require.NotNil(t, out.Lasso)
				require.Equal(t, rests, out.Lasso.Rests(), "%d %d %d", near, round, far)
				require.Len(t, out.Lasso.Actions, want, "%d %d %d", near, round, far)
			}
		}
	}
	require.Len(t, rested, 2)
}

package product

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	_ "tcpclose/internal/tier"
)

// A subsetPart is a part whose values are sets of bits.
type subsetPart struct{ Part }

func (subsetPart) Covers(v, w Value) bool { return v&^w == 0 }
func (subsetPart) Least() Value           { return 0 }

// An antichain has what a list has of which each state is compared with all others.
func TestAntichain_Rapid(t *testing.T) {
	largest := 0
	rapid.Check(t, func(t *rapid.T) {
		places := rapid.SampledFrom([][]int{{1}, {0, 2}, {1, 2, 3}}).Draw(t, "places")
		c := covering{places: places}
		for range places {
			c.parts = append(c.parts, subsetPart{})
		}
		longest := rapid.IntRange(0, 3).Draw(t, "longest")
		var chain antichain
		var slow []*kept
		for range rapid.IntRange(0, 60).Draw(t, "states") {
			s := &kept{steps: rapid.IntRange(0, longest).Draw(t, "steps")}
			for _, i := range places {
				s.tuple[i] = Value(rapid.IntRange(0, 31).Draw(t, "value"))
			}
			is := slices.ContainsFunc(slow, func(w *kept) bool { return w.steps <= s.steps && c.covers(&s.tuple, &w.tuple) })
			require.Equal(t, is, chain.covers(c, &s.tuple, s.steps))
			if is {
				continue
			}
			var gone []*kept
			slow = slices.DeleteFunc(slow, func(v *kept) bool {
				is := v.steps >= s.steps && c.covers(&v.tuple, &s.tuple)
				if is {
					gone = append(gone, v)
				}
				return is
			})
			slow = append(slow, s)
			chain.add(c, s)
			for _, v := range gone {
				require.True(t, v.covered)
			}
			var has []*kept
			for i := range chain.files {
				require.NotEmpty(t, chain.files[i].states)
				has = append(has, chain.files[i].states...)
			}
			require.ElementsMatch(t, slow, has)
			require.Equal(t, len(slow), chain.size)
			for _, w := range has {
				require.False(t, w.covered)
			}
			largest = max(largest, chain.size)
		}
	})
	require.Greater(t, largest, 5)
}

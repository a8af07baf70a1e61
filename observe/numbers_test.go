package observe

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"tcpclose/model"
)

// A scale keeps the order of numbers, whether two are one apart, and what is one
// beyond or below each.
func TestScale(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfN(rapid.OneOf(rapid.Int32Range(-1, 12), rapid.Int32Range(0, 1<<30)), 1, 9).Draw(t, "numbers")
		var s scale
		s.add(list...)
		s.set(list[0], model.Seq(min(list[0], 1)), steep)
		for _, a := range list {
			require.Equal(t, a, s.back(s.of(a)))
			require.Equal(t, a+1, s.back(s.of(a)+1))
			require.Equal(t, a-1, s.back(s.of(a)-1))
			for _, b := range list {
				require.Equal(t, a < b, s.of(a) < s.of(b))
				require.Equal(t, a+1 == b, s.of(a)+1 == s.of(b))
			}
		}
	})
}

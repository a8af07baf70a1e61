package join

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/explore"
	"tcpclose/explore/product"
	"tcpclose/internal/naive"
	"tcpclose/invariants"
	"tcpclose/model"
)

// slowGrowth looks at each content with one pattern.
func slowGrowth(p *Product, pat *invariants.Pattern) (g Growth) {
	if pat.Kind == explore.Terminals {
		g = Empties
	}
	if pat.Parts == nil && pat.Out == nil && pat.In == nil {
		return g
	}
	for v := range p.crowds.Len() {
		packets := p.crowds.Value(uint32(v + 1)).list()
		for _, side := range model.Sides {
			n := &crowdPart{Product: p, side: side}
			for _, self := range model.Sides {
				if pat.LooksAt(self) {
					g = max(g, n.growth(pat, self, packets, n.less(packets)))
				}
			}
		}
	}
	if g == Empties && pat.Kind == explore.Steps {
		return Neither
	}
	return g
}

// How patterns go with what is in transit is found for all at once, in parts, as for each by
// itself. A look that is stopped says so, and the next goes on.
func TestGrowth(t *testing.T) {
	c := naive.Parse(t, "a-octets=0 b-octets=0 msl=1 rto=1 r2=1 b-fails=abort")
	_, list := allPatterns(c)
	count := func(is func(int) bool) invariants.Pattern {
		return invariants.Pattern{Kind: explore.States, Out: func(packets []model.Packet) bool { return is(len(packets)) }}
	}
	list = append([]invariants.Pattern{
		count(func(n int) bool { return n > 1 }), count(func(n int) bool { return n == 0 }), count(func(n int) bool { return n == 1 }),
	}, list...)
	list = list[:min(len(list), explore.MaxWatches/2)]
	p := NewUnlimited(naive.SystemOf(t, c), list)
	p.Monitors = invariants.AllMonitors
	_, err := product.ExploreMaximal(t.Context(), &p.Product, product.Options{})
	require.NoError(t, err)

	stopped, stop := context.WithCancel(t.Context())
	stop()
	assert.False(t, p.LookAtGrowth(stopped))
	assert.Zero(t, p.grown)
	for i := range p.patterns {
		assert.Equal(t, slowGrowth(p, &p.patterns[i]), p.Growth(i), "pattern %d", i)
	}
	assert.True(t, p.LookAtGrowth(stopped), "nothing is left to look at")
	assert.Equal(t, p.crowds.Len(), p.grown)
	assert.Equal(t, []Growth{Grows, Empties, Neither}, []Growth{p.Growth(0), p.Growth(1), p.Growth(2)})
}

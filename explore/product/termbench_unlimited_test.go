package product_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/bench/termbench"
	"tcpclose/explore/product"
	"tcpclose/internal/tier"
)

// TERM-BENCH with one unit of data each way, without a capacity: all states with the
// youngest copies, those of the saturated network, and the maximal ones of these.
func TestTermBench_Unlimited(t *testing.T) {
	const youngest, saturated, maximal = 62_197_216, 1_931_207, 15_190
	d := termbench.Sizes[1].Model
	m, err := product.ExploreMaximal(context.Background(), d.Unlimited(true), product.Options{})
	require.NoError(t, err)
	assert.Equal(t, maximal, m.States)
	assert.Empty(t, m.Incomplete)
	t.Logf("%d bases, %d expanded", m.Bases, m.Expanded)

	e, err := product.Explore(context.Background(), d.Unlimited(true), product.Options{})
	require.NoError(t, err)
	assert.Equal(t, saturated, e.Distinct)

	if tier.Leaves(t, "all states") {
		return
	}
	e, err = product.Explore(context.Background(), d.Unlimited(false), product.Options{})
	require.NoError(t, err)
	assert.Equal(t, youngest, e.Distinct)
}

package join

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/explore/product"
	"tcpclose/model"
)

// A network without a capacity whose channels have too little room is not explored whole, and
// the search says so.
func TestUnlimited_Room(t *testing.T) {
	c, err := model.ParseConfig("a-octets=0 b-octets=0 msl=1 rto=1 r2=1")
	require.NoError(t, err)
	y, err := model.NewSystem(c)
	require.NoError(t, err)
	explore := func(room int) *product.Maximal {
		p := NewUnlimited(y, nil)
		p.room = room
		m, err := product.ExploreMaximal(context.Background(), &p.Product, product.Options{})
		require.NoError(t, err)
		return m
	}
	assert.Empty(t, explore(maxCrowd).Incomplete)
	assert.Equal(t, []string{BoundCapacity}, explore(2).Incomplete)
}

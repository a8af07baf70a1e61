package product_test

import (
	"context"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"tcpclose/bench/termbench"
	"tcpclose/explore"
	"tcpclose/explore/internal/naive"
	"tcpclose/explore/partition"
	"tcpclose/explore/product"
)

// decimals writes a value as its number: within one process that is the same value.
type decimals struct{}

func (decimals) Text(dst []byte, _ int, v product.Value) []byte {
	return strconv.AppendUint(dst, uint64(v), 10)
}

func (decimals) ValueOf(_ int, text []byte) (product.Value, bool) {
	v, err := strconv.ParseUint(string(text), 10, 32)
	return product.Value(v), err == nil && v > 0
}

// shared explores p by tasks. The crew has numbers of its own.
func shared(t require.TestingT, p *product.Product, hands int, o partition.Options) (*product.Explored, *partition.Position) {
	driver, err := product.NewShare(p)
	require.NoError(t, err)
	crew, err := product.NewShare(p)
	require.NoError(t, err)
	// Some values have numbers there already, in another order.
	for side := range 2 {
		var own product.Tuple
		for _, part := range crew.Parts(side) {
			own[part] = p.Init[len(p.Init)-1][part]
		}
		crew.Number(side, own)
	}
	local := partition.NewLocal(partition.NewDictionary(crew, decimals{}, o.Partitions), hands, o.Bytes)
	e, at, err := partition.Run(context.Background(), driver, partition.NewDictionary(driver, decimals{}, o.Partitions), local, nil, o)
	require.NoError(t, err)
	return e, at
}

// TestShared_Random compares tasks with the slow and obvious search.
func TestShared_Random(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.IntRange(1, 4).Draw(t, "parts")
		values := rapid.IntRange(1, 5).Draw(t, "values")
		routes := rapid.IntRange(0, 4).Draw(t, "routes")
		watches := rapid.IntRange(0, 40).Draw(t, "watches")
		p := randomProduct(naive.Seeded(t), parts, values, routes, watches)
		limits := rapid.SampledFrom([]explore.Limits{{}, {States: rapid.IntRange(1, 100).Draw(t, "states")}, {Depth: rapid.IntRange(1, 5).Draw(t, "depth")}}).Draw(t, "limits")
		o := partition.Options{
			Partitions: rapid.IntRange(1, 5).Draw(t, "partitions"),
			Bytes:      rapid.SampledFrom([]int{1, 20, 1 << 20}).Draw(t, "bytes"),
			Limits:     limits,
		}
		want := naiveProduct(p).Search(limits)
		e, _ := shared(t, p, rapid.IntRange(1, 3).Draw(t, "hands"), o)
		require.Equal(t, want, naive.OutcomeOf(e.Result, e, len(p.Watches)))
		var all []int
		for i := range p.Watches {
			all = append(all, i)
		}
		require.Equal(t, want.Paths, e.Paths(all))
		require.NoError(t, e.Lost())
	})
}

// TestShared_TermBench counts what a larger system has, however it is cut.
func TestShared_TermBench(t *testing.T) {
	size := termbench.Sizes[0]
	for _, o := range []partition.Options{{Partitions: 1, Bytes: 1 << 20}, {Partitions: 7, Bytes: 300}, {Partitions: 64, Bytes: 1}} {
		e, at := shared(t, size.Model.Product(), 2, o)
		assert.Equal(t, size.Distinct, e.Distinct)
		assert.Equal(t, size.Transitions, e.Generated-1)
		assert.True(t, e.Complete())
		assert.GreaterOrEqual(t, at.Moved.States, size.Distinct-1)
	}
}

// TestShared_NoStates refuses what needs the states.
func TestShared_NoStates(t *testing.T) {
	e, _ := shared(t, termbench.Sizes[0].Model.Product(), 1, partition.Options{Partitions: 1, Bytes: 1 << 20})
	_, err := e.Runs(context.Background(), nil)
	require.ErrorIs(t, err, product.ErrShared)
	require.ErrorIs(t, e.Each(context.Background(), nil), product.ErrShared)
	p := termbench.Sizes[0].Model.Product()
	p.Exchange = &product.Exchange{}
	_, err = product.NewShare(p)
	assert.Error(t, err)
}

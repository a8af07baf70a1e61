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

// FuzzTasks gives tasks pieces and blocks that nobody has made: they are refused, or are states.
func FuzzTasks(f *testing.F) {
	share, err := product.NewShare(termbench.Sizes[0].Model.Product())
	require.NoError(f, err)
	d := partition.NewDictionary(share, decimals{}, 2)
	o := partition.Options{Partitions: 2, Bytes: 1 << 20, Limits: explore.Limits{Depth: 4}}
	_, at, err := partition.Run(context.Background(), share, d, partition.NewLocal(d, 1, o.Bytes), nil, o)
	require.NoError(f, err)
	require.Len(f, at.Pieces, 5)
	h := partition.NewHand(d, o.Bytes)
	f.Add([]byte{1, 1, 1, 1})
	f.Add([]byte{2, 1, 1, 1, 1, 1, 2})
	f.Add([]byte{2, 3, 2, 1, 1})
	f.Fuzz(func(t *testing.T, data []byte) {
		block := partition.Block(data)
		found, _, err := h.Expand(partition.Expand{Level: 2, Watch: product.All}, block)
		if err == nil {
			require.Equal(t, block.States(), found.Expanded)
		}
		known := d.NewKnown()
		defer known.Drop()
		m := partition.Merge{Level: 2, Pieces: []int{0, 1, 0}, From: []partition.Source{{Blocks: 1}}}
		if h.Load(known, m, func(int, int) (partition.Block, error) { return block, nil }) != nil {
			return
		}
		names := &partition.Naming{Level: 3, Of: make([][2][]uint32, 1)}
		merged, _, err := h.Merge(m, known, names, func(partition.Source, int) (partition.Block, error) { return block, nil })
		if err == nil {
			require.Zero(t, merged.States, "they were known")
		}
	})
}

package store

import (
	"math/bits"
	"os"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"tcpclose/internal/tier"
)

// TestRowSet compares rows that are filled by several workers with a map. Few of its
// second numbers come, so that rows are sparse, or most, so that they become dense.
func TestRowSet(t *testing.T) {
	kinds := map[bool]int{}
	rapid.Check(t, func(t *rapid.T) {
		width := 1
		set := &RowSet{Width: func() int { return width }}
		views := []*RowView{{Set: set}, {Set: set}, {Set: set}}
		want := map[uint64]bool{}
		for range rapid.IntRange(1, 6).Draw(t, "rounds") {
			before := len(want)
			width = max(width, rapid.SampledFrom([]int{1, 60, 300, 3_000, 1 << 20, 1 << 31}).Draw(t, "width"))
			number := rapid.Uint32Range(0, uint32(width-1))
			batches := make([][][]uint32, len(views))
			rows := rapid.SliceOfN(rapid.Uint32Range(0, 600), 1, 4).Draw(t, "rows")
			for i := range batches {
				for _, x := range rows {
					ys := rapid.SliceOfN(number, 0, 60).Draw(t, "numbers")
					batches[i] = append(batches[i], ys)
					for _, y := range ys {
						want[Pair(x, y)] = true
					}
				}
			}
			fresh := make([]int, len(views))
			var wg sync.WaitGroup
			for i, v := range views {
				wg.Go(func() {
					for j, ys := range batches[i] {
						fresh[i] += v.Insert(rows[j], ys)
					}
				})
			}
			wg.Wait()
			assert.Equal(t, len(want)-before, fresh[0]+fresh[1]+fresh[2])
		}
		met := map[uint64]bool{}
		for _, v := range views {
			for _, x := range v.Dirty {
				for _, y := range v.Row(x).Fresh {
					assert.False(t, met[Pair(x, y)], "fresh twice")
					met[Pair(x, y)] = true
				}
				kinds[v.Row(x).dense]++
			}
		}
		assert.Equal(t, want, met)
		assert.Equal(t, len(want), set.Number())
		ranks := make([]bool, len(want))
		for k := range want {
			v := Sides(k)
			rank, ok := views[0].Row(v[0]).Rank(v[1])
			require.True(t, ok)
			require.False(t, ranks[rank], "rank %d twice", rank)
			ranks[rank] = true
		}
		for _, y := range []uint32{0, uint32(width - 1)} {
			if !want[Pair(700, y)] {
				_, ok := views[0].Row(700).Rank(y)
				assert.False(t, ok)
			}
			for k := range want {
				if x := Sides(k)[0]; !want[Pair(x, y)] {
					_, ok := views[0].Row(x).Rank(y)
					assert.False(t, ok)
				}
			}
		}
	})
	assert.Len(t, kinds, 2)
}

// TestRowSet_Grows fills one row with every seventh number, in an order that has it
// widened again and again, and become dense.
func TestRowSet_Grows(t *testing.T) {
	const n = 100_000
	set := &RowSet{Width: func() int { return 7 * n }}
	v := RowView{Set: set}
	for i := range uint32(n) {
		y := i * 7919 % n * 7
		require.Equal(t, 1, v.Insert(3, []uint32{y}))
		require.Zero(t, v.Insert(3, []uint32{y}))
	}
	assert.True(t, v.Row(3).dense)
	assert.Equal(t, n, set.Number())
	assert.Equal(t, []uint32{3}, v.Dirty)
	rank, ok := v.Row(3).Rank(7 * (n - 1))
	assert.True(t, ok)
	assert.EqualValues(t, n-1, rank)
}

// TestSlab has arrays that are handed out, given back and handed out again, from
// memory or from a disk.
func TestSlab(t *testing.T) {
	tier.SkipToCI(t)
	rapid.Check(t, func(t *rapid.T) {
		var s slab
		if rapid.Bool().Draw(t, "disk") {
			var err error
			s.Disk, err = NewSpill(os.TempDir())
			require.NoError(t, err)
			defer s.Disk.file.Close()
		}
		var out [][]uint64
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			if len(out) > 0 && rapid.Bool().Draw(t, "give") {
				i := rapid.IntRange(0, len(out)-1).Draw(t, "which")
				s.give(out[i])
				out = slices.Delete(out, i, i+1)
				continue
			}
			n := rapid.IntRange(1, 10_000).Draw(t, "words")
			words := s.take(n)
			require.GreaterOrEqual(t, len(words), n)
			require.LessOrEqual(t, len(words)*4, n*5+3, "no more than a quarter too much")
			if bits.OnesCount(uint(n)) == 1 {
				require.Len(t, words, n, "powers of two are not rounded up")
			}
			for i := range words {
				require.Zero(t, words[i])
				words[i] = uint64(len(out) + 1)
			}
			out = append(out, words)
		}
		assert.Equal(t, s.Disk != nil, s.Shrink())
		for i, words := range out {
			for _, w := range words {
				require.Equal(t, words[0], w, "array %d is also another", i)
			}
		}
		s.Drop()
	})
}

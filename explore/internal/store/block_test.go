package store

import (
	"maps"
	"os"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	_ "tcpclose/internal/tier" // the seed of rapid
)

// drawRows returns rows of states, in the order in which they are packed, with second
// numbers in any order.
func drawRows(t *rapid.T) (xs []uint32, rows map[uint32][]uint32) {
	width := rapid.SampledFrom([]uint32{1, 200, 1 << 16, 1<<32 - 1}).Draw(t, "width")
	rows = rapid.MapOfN(rapid.Uint32(), rapid.SliceOfNDistinct(rapid.Uint32Range(0, width), 1, 200, rapid.ID), 1, 5).Draw(t, "rows")
	return slices.Sorted(maps.Keys(rows)), rows
}

// allKeys returns the states of a level.
func allKeys(l Level) (list []uint64) {
	list = []uint64{}
	for i := range l {
		list = append(list, l.Keys(nil, i)...)
	}
	return list
}

// TestRowLevel packs rows and reads them.
func TestRowLevel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var p BlockPacker
		var l Level
		var want []uint64
		for range rapid.IntRange(1, 3).Draw(t, "blocks") {
			xs, rows := drawRows(t)
			for _, x := range xs {
				ys := slices.Clone(rows[x])
				p.Add(x, rows[x])
				slices.Sort(ys)
				assert.Equal(t, ys, rows[x], "it is sorted")
				for _, y := range ys {
					want = append(want, Pair(x, y))
				}
			}
			l = append(l, p.Block())
		}
		assert.Equal(t, want, allKeys(l))
		assert.Equal(t, len(want), l.States())
		var checked []uint64
		for _, b := range l {
			require.NoError(t, b.Check(func(x uint32, ys []uint32) error {
				for _, y := range ys {
					checked = append(checked, Pair(x, y))
				}
				return nil
			}))
		}
		assert.Equal(t, want, checked)

		disk, err := NewSpill(os.TempDir())
		require.NoError(t, err)
		defer disk.file.Close()
		for i := range l {
			disk.Keep(&l[i])
			assert.Nil(t, l[i].Packed)
		}
		assert.Equal(t, want, allKeys(l))
		assert.Equal(t, len(want), l.States())
	})
}

// FuzzRowBlock has anything for a block: what passes the check reads as it was
// checked.
func FuzzRowBlock(f *testing.F) {
	var p BlockPacker
	p.Add(3, []uint32{5, 1 << 20, 7})
	p.Add(900, []uint32{0})
	b := p.Block()
	f.Add(b.States, b.Packed)
	f.Add(1, []byte{1, 2, 3, 0})
	f.Add(0, []byte{0x80})
	f.Fuzz(func(t *testing.T, states int, packed []byte) {
		b := Block{States: states, Packed: packed}
		var want []uint64
		err := b.Check(func(x uint32, ys []uint32) error {
			for _, y := range ys {
				want = append(want, Pair(x, y))
			}
			return nil
		})
		if err == nil {
			require.Equal(t, want, allKeys(Level{b}))
			require.Len(t, want, states)
			require.True(t, slices.IsSorted(want))
		}
	})
}

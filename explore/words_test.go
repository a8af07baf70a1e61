package explore

import (
	"maps"
	"math/bits"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// drawTop draws the largest number of each part, mostly such that there is a layout.
func drawTop(t *rapid.T) []Value {
	var top []Value
	for range rapid.IntRange(1, MaxParts).Draw(t, "parts") {
		width := rapid.IntRange(1, 10).Draw(t, "bits")
		if rapid.IntRange(0, 9).Draw(t, "wide") == 0 {
			width = rapid.IntRange(1, 32).Draw(t, "more bits")
		}
		top = append(top, Value(rapid.Uint64Range(1, 1<<width-1).Draw(t, "top")))
	}
	return top
}

func TestLayout(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		top := drawTop(t)
		need := 0
		for _, v := range top {
			need += bits.Len32(uint32(v))
		}
		l, ok := newLayout(top)
		require.Equal(t, need <= 64, ok)
		if !ok {
			return
		}
		var tuple, other Tuple
		for i, v := range top {
			require.True(t, l.fits(i, v))
			tuple[i] = Value(rapid.Uint32Range(1, uint32(v)).Draw(t, "value"))
			other[i] = Value(rapid.Uint32Range(1, uint32(v)).Draw(t, "other value"))
		}
		w := l.pack(&tuple)
		assert.NotZero(t, w)
		assert.Equal(t, tuple, l.unpack(w))
		for i := range top {
			assert.Equal(t, tuple[i], l.value(w, i))
			// A step changes a word part by part.
			w ^= l.change(i, tuple[i]^other[i])
		}
		assert.Equal(t, other, l.unpack(w))
		assert.Equal(t, l.pack(&other), w)
		again, ok := layoutOf(l.widths())
		require.True(t, ok)
		assert.Equal(t, l, again)
	})
}

func TestWordSet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		set := newWordSet()
		held := map[uint64]bool{}
		largest := rapid.SampledFrom([]uint64{100, 1 << 20, 1<<64 - 1}).Draw(t, "largest")
		word := rapid.Uint64Range(1, largest)
		for range rapid.IntRange(1, 4).Draw(t, "batches") {
			batch := rapid.SliceOfN(word, 1, 50).Draw(t, "words")
			room := len(batch) * rapid.IntRange(1, 200).Draw(t, "room for each")
			if !set.reserve(room) {
				set.grow(room)
				require.True(t, set.reserve(room))
			}
			for _, w := range batch {
				require.Equal(t, !held[w], set.insert(w))
				held[w] = true
			}
			set.release(room - len(batch))
			if rapid.Bool().Draw(t, "rewrite") {
				rotate := func(w uint64) uint64 { return bits.RotateLeft64(w, 7) }
				set.rewrite(rotate)
				rotated := map[uint64]bool{}
				for w := range held {
					rotated[rotate(w)] = true
				}
				held = rotated
			}
			assert.ElementsMatch(t, slices.Collect(maps.Keys(held)), slices.DeleteFunc(slices.Clone(set.words), isZero))
		}
	})
}

func isZero(w uint64) bool { return w == 0 }

// TestWordSet_Full grows tables that are as full as they may be, tiny ones too: words
// that went round the end are found again.
func TestWordSet_Full(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		set := &wordSet{memory: newMemory(rapid.IntRange(5, 40).Draw(t, "slots"))}
		var held []uint64
		for range rapid.IntRange(1, 4).Draw(t, "times") {
			for int64(len(held)) < limit(len(set.words)) {
				// Most belong to the end of the table.
				w := rapid.Uint64Range(1, 1<<20).Draw(t, "word")
				if rapid.IntRange(0, 4).Draw(t, "anywhere") > 0 && home(mix(w), len(set.words)) < len(set.words)*3/4 {
					continue
				}
				require.True(t, set.reserve(1))
				if !set.insert(w) {
					set.release(1)
					continue
				}
				held = append(held, w)
			}
			set.grow(rapid.IntRange(1, 30).Draw(t, "more"))
			assert.ElementsMatch(t, held, slices.DeleteFunc(slices.Clone(set.words), isZero))
			for _, w := range held {
				require.Equal(t, w, set.words[set.place(w)])
			}
		}
	})
}

// TestPrefetch asks for places at the very end of what may be read, too.
func TestPrefetch(t *testing.T) {
	prefetch(nil, nil)
	prefetch(make([]uint64, 1), []uint64{1, 1<<64 - 1})
}

// A set is what wordSet and stateSet have in common, for numbers.
type set struct {
	reserve func(int) bool
	release func(int)
	grow    func(int)
	insert  func(uint64) bool
}

// TestSetsShared has several goroutines insert the same numbers: each is new to
// one of them, and none is lost when the set grows.
func TestSetsShared(t *testing.T) {
	words := newWordSet()
	states := newStateSet[[3]uint64]()
	for name, set := range map[string]set{
		"words": {words.reserve, words.release, words.grow, words.insert},
		"states": {states.reserve, states.release, states.grow, func(n uint64) bool {
			s := [3]uint64{n, n % 10, n % 3}
			return states.insert(states.hash(&s), &s)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			const numbers = 20_000
			var inside sync.RWMutex
			var fresh atomic.Int64
			var wg sync.WaitGroup
			for worker := range uint64(4) {
				wg.Go(func() {
					for i := uint64(0); i < numbers; {
						inside.RLock()
						ok := set.reserve(1)
						if ok {
							if set.insert(1 + (i+worker*37)%numbers) {
								fresh.Add(1)
							} else {
								set.release(1)
							}
							i++
						}
						inside.RUnlock()
						if !ok {
							inside.Lock()
							set.grow(1)
							inside.Unlock()
						}
					}
				})
			}
			wg.Wait()
			assert.EqualValues(t, numbers, fresh.Load())
			for i := range uint64(numbers) {
				require.True(t, set.reserve(1) || i == 0)
				assert.False(t, set.insert(1+i))
				set.release(1)
			}
		})
	}
}

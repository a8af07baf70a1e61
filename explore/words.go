package explore

import (
	"math/bits"
	"sync/atomic"
)

// A wordSet is a set of non-zero words: one flat table without pointers, open
// addressing, linear probing. Insertions run concurrently; growing does not.
//
// A word's place is its hash as a fraction of the table, so the table may have
// any size, the order of places is kept when it grows, and growing is one pass
// over memory that needs no second table.
type wordSet struct {
	memory
	// used is an upper bound on the words in the table: what is there, and what
	// inserters have reserved.
	used atomic.Int64
}

const (
	minSlots = 1 << 12
	// largeSlots is where a table grows by a quarter at a time, no longer to twice
	// its size.
	largeSlots = 1 << 24
)

func newWordSet() *wordSet {
	return &wordSet{memory: newMemory(minSlots)}
}

// mix is the hash. Its multipliers are those of MurmurHash3's finalizer: words
// that differ in few bits land far apart, which linear probing needs.
func mix(w uint64) uint64 {
	w *= 0xff51afd7ed558ccd
	w ^= w >> 32
	w *= 0xc4ceb9fe1a85ec53
	return w
}

// home is where the search for a word with this hash begins, in so many slots.
func home(hash uint64, slots int) int {
	hi, _ := bits.Mul64(hash, uint64(slots))
	return int(hi)
}

// limit is how many words so many slots may hold: four fifths, where a probe
// stays within two cache lines or so.
func limit(slots int) int64 { return int64(slots) / 5 * 4 }

// reserve asks for room for n more words. If it fails, nothing was reserved.
func (t *wordSet) reserve(n int) bool {
	if t.used.Add(int64(n)) <= limit(len(t.words)) {
		return true
	}
	t.used.Add(-int64(n))
	return false
}

// release gives back room that was reserved and not used.
func (t *wordSet) release(n int) { t.used.Add(-int64(n)) }

// insert reports whether w was not there. Room must have been reserved.
func (t *wordSet) insert(w uint64) bool {
	slots := t.words
	for i := home(mix(w), len(slots)); ; i++ {
		if i >= len(slots) {
			i = 0
		}
		v := atomic.LoadUint64(&slots[i])
		if v == 0 {
			if atomic.CompareAndSwapUint64(&slots[i], 0, w) {
				return true
			}
			v = atomic.LoadUint64(&slots[i]) // somebody's, perhaps w
		}
		if v == w {
			return false
		}
	}
}

// unseen is what is wrong if a step leads somewhere the second time only.
const unseen = "explore: a step to a state that the search has not seen: the system's methods are not functions of their arguments"

// place is where w, which is in the table, is.
func (t *wordSet) place(w uint64) int {
	for i := home(mix(w), len(t.words)); ; i++ {
		if i == len(t.words) {
			i = 0
		}
		switch t.words[i] {
		case w:
			return i
		case 0:
			panic(unseen)
		}
	}
}

// grown is how many slots there have to be for n more words.
func (t *wordSet) grown(n int) int {
	size := len(t.words)
	for limit(size) < t.used.Load()+int64(n) {
		if size < largeSlots {
			size *= 2
		} else {
			size += size / 4
		}
	}
	return size
}

// grow makes room for n more words. It must run alone.
//
// From the last run of words to the first, each is taken out and put where it
// belongs, which is no earlier: what was put there is never in the way of what is
// still to come. Only the run at the start of the table may hold words that belong
// to its end; it is taken out first and put back last.
func (t *wordSet) grow(n int) {
	had, size := len(t.words), t.grown(n)
	if size == had {
		return
	}
	t.resize(size)
	first := t.take(nil, 0)
	var run []uint64
	for end := had - 1; end >= 0; end-- {
		if t.words[end] == 0 {
			continue
		}
		start := end
		for start > 0 && t.words[start-1] != 0 {
			start--
		}
		run = append(run[:0], t.words[start:end+1]...)
		clear(t.words[start : end+1])
		if start == 0 { // words that went round may be here, and beyond end
			run = t.take(run, end+1)
		}
		for _, w := range run {
			t.put(w)
		}
		end = start
	}
	for _, w := range first {
		t.put(w)
	}
}

// take appends to run the words from slot i to the next free one, which it frees.
func (t *wordSet) take(run []uint64, i int) []uint64 {
	for ; i < len(t.words) && t.words[i] != 0; i++ {
		run = append(run, t.words[i])
		t.words[i] = 0
	}
	return run
}

// put is insert of a word that is not there, by nobody else's side.
func (t *wordSet) put(w uint64) {
	i := home(mix(w), len(t.words))
	for t.words[i] != 0 {
		if i++; i == len(t.words) {
			i = 0
		}
	}
	t.words[i] = w
}

// rewrite puts f(w) in the place of every word w. It must run alone.
func (t *wordSet) rewrite(f func(uint64) uint64) {
	old := t.memory
	t.memory = newMemory(len(old.words))
	for _, w := range old.words {
		if w != 0 {
			t.put(f(w))
		}
	}
	old.free()
}

package explore

import "sync/atomic"

// A wordSet is a set of non-zero words: one flat table without pointers, open
// addressing, linear probing. Insertions run concurrently; growing does not.
//
// A word's place is the top bits of its hash, so the order of places is kept
// when the table doubles and growing is two sequential passes over memory.
type wordSet struct {
	slots []uint64
	shift uint // 64 - log2(len(slots))
	// used is an upper bound on the words in the table: what is there, and what
	// inserters have reserved.
	used atomic.Int64
}

const minWordBits = 12

func newWordSet() *wordSet {
	return &wordSet{slots: make([]uint64, 1<<minWordBits), shift: wordBits - minWordBits}
}

// mix is the hash. Its multipliers are those of MurmurHash3's finalizer: words
// that differ in few bits land far apart, which linear probing needs.
func mix(w uint64) uint64 {
	w *= 0xff51afd7ed558ccd
	w ^= w >> 32
	w *= 0xc4ceb9fe1a85ec53
	return w
}

// limit is how many words the table may hold before it has to grow: three
// quarters, where a probe is still short.
func (t *wordSet) limit() int64 { return int64(len(t.slots) / 4 * 3) }

// reserve asks for room for n more words. If it fails, nothing was reserved.
func (t *wordSet) reserve(n int) bool {
	if t.used.Add(int64(n)) <= t.limit() {
		return true
	}
	t.used.Add(-int64(n))
	return false
}

// release gives back room that was reserved and not used.
func (t *wordSet) release(n int) { t.used.Add(-int64(n)) }

// insert reports whether w was not there. Room must have been reserved.
func (t *wordSet) insert(w uint64) bool {
	slots := t.slots
	mask := uint64(len(slots) - 1)
	for i := mix(w) >> (t.shift % wordBits); ; i++ {
		v := atomic.LoadUint64(&slots[i&mask])
		if v == 0 {
			if atomic.CompareAndSwapUint64(&slots[i&mask], 0, w) {
				return true
			}
			v = atomic.LoadUint64(&slots[i&mask]) // somebody's, perhaps w
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
	mask := uint64(len(t.slots) - 1)
	i := mix(w) >> (t.shift % wordBits)
	for t.slots[i&mask] != w {
		if t.slots[i&mask] == 0 {
			panic(unseen)
		}
		i++
	}
	return int(i & mask)
}

// touch brings the places of words into the cache: a run of loads waits for memory
// once, a run of inserts every time. What it returns is of no use but to keep the
// compiler from leaving it out.
func (t *wordSet) touch(words []uint64) (warm uint64) {
	for _, w := range words {
		warm ^= atomic.LoadUint64(&t.slots[mix(w)>>(t.shift%wordBits)])
	}
	return warm
}

// grow doubles the table until n more words fit. It must run alone.
func (t *wordSet) grow(n int) {
	size := len(t.slots)
	for int64(size/4*3) < t.used.Load()+int64(n) {
		size *= 2
		t.shift--
	}
	if size > len(t.slots) {
		t.rebuild(size, func(w uint64) uint64 { return w })
	}
}

// rewrite puts f(w) in the place of every word w. It must run alone.
func (t *wordSet) rewrite(f func(uint64) uint64) { t.rebuild(len(t.slots), f) }

func (t *wordSet) rebuild(size int, f func(uint64) uint64) {
	old := t.slots
	t.slots = make([]uint64, size)
	mask := uint64(size - 1)
	for _, w := range old {
		if w == 0 {
			continue
		}
		w = f(w)
		i := mix(w) >> t.shift
		for t.slots[i&mask] != 0 {
			i++
		}
		t.slots[i&mask] = w
	}
}

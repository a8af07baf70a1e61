package store

import (
	"hash/maphash"
	"runtime"
	"sync/atomic"
)

// A StateSet is a set of states: one flat table with the states
// in it. A slot is claimed by its tag: free, being filled, or part of the hash.
type StateSet[S comparable] struct {
	seed  maphash.Seed
	Slots []stateSlot[S]
	shift uint         // 64 - log2(len(slots))
	Used  atomic.Int64 // slots that are reserved or taken
}

type stateSlot[S comparable] struct {
	tag   uint32
	state S
}

const (
	tagFree uint32 = iota
	tagFilling
	tagStates // and up: there is a state
)

const (
	wordBits     = 64
	minStateBits = 12
)

// NewStateSet returns an empty set.
func NewStateSet[S comparable]() *StateSet[S] {
	return &StateSet[S]{
		seed:  maphash.MakeSeed(),
		Slots: make([]stateSlot[S], 1<<minStateBits),
		shift: wordBits - minStateBits,
	}
}

// tag is the tag of states with hash h. It has the low bits, places the high ones.
func tag(h uint64) uint32 { return max(uint32(h), tagStates) }

func (t *StateSet[S]) limit() int64 { return int64(len(t.Slots) / 4 * 3) }

// Reserve asks for room for n more states. If it fails, nothing was reserved.
func (t *StateSet[S]) Reserve(n int) bool {
	if t.Used.Add(int64(n)) <= t.limit() {
		return true
	}
	t.Used.Add(-int64(n))
	return false
}

// Fits reports whether there is room for n more states.
func (t *StateSet[S]) Fits(n int) bool { return t.Used.Load()+int64(n) <= t.limit() }

// Release gives back room that was reserved and not used.
func (t *StateSet[S]) Release(n int) { t.Used.Add(-int64(n)) }

// Hash returns the hash of s.
func (t *StateSet[S]) Hash(s *S) uint64 { return maphash.Comparable(t.seed, *s) }

// Touch brings the places of states with these hashes into the cache: a run of
// loads waits for memory once, a run of inserts every time. What it returns is of no
// use but to keep the compiler from leaving it out.
func (t *StateSet[S]) Touch(hashes []uint64) (sink uint64) {
	for _, h := range hashes {
		sink ^= uint64(atomic.LoadUint32(&t.Slots[h>>(t.shift%wordBits)].tag))
	}
	return sink
}

// Insert reports whether s, with hash h, was not there. Room must have been
// reserved.
func (t *StateSet[S]) Insert(h uint64, s *S) bool {
	want := tag(h)
	mask := uint64(len(t.Slots) - 1)
	for i := h >> (t.shift % wordBits); ; i++ {
		slot := &t.Slots[i&mask]
		have := atomic.LoadUint32(&slot.tag)
		if have == tagFree {
			if atomic.CompareAndSwapUint32(&slot.tag, tagFree, tagFilling) {
				slot.state = *s
				atomic.StoreUint32(&slot.tag, want)
				return true
			}
			have = atomic.LoadUint32(&slot.tag)
		}
		for have == tagFilling {
			runtime.Gosched()
			have = atomic.LoadUint32(&slot.tag)
		}
		if have == want && slot.state == *s {
			return false
		}
	}
}

// Place returns the index of s, with hash h. It reports false if s is not in the set.
// Nobody may insert meanwhile.
func (t *StateSet[S]) Place(h uint64, s *S) (index int, ok bool) {
	want := tag(h)
	mask := uint64(len(t.Slots) - 1)
	i := h >> (t.shift % wordBits)
	for t.Slots[i&mask].tag != want || t.Slots[i&mask].state != *s {
		if t.Slots[i&mask].tag == tagFree {
			return 0, false
		}
		i++
	}
	return int(i & mask), true
}

// Grow doubles the table until n more states fit. It must run alone.
func (t *StateSet[S]) Grow(n int) {
	old := t.Slots
	size := len(old)
	for int64(size/4*3) < t.Used.Load()+int64(n) {
		size *= 2
		t.shift--
	}
	if size == len(old) {
		return
	}
	t.Slots = make([]stateSlot[S], size)
	mask := uint64(size - 1)
	for j := range old {
		if old[j].tag == tagFree {
			continue
		}
		i := t.Hash(&old[j].state) >> t.shift
		for t.Slots[i&mask].tag != tagFree {
			i++
		}
		t.Slots[i&mask] = old[j]
	}
}

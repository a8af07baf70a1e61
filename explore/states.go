package explore

import (
	"hash/maphash"
	"runtime"
	"sync/atomic"
)

// A stateSet is a set of states: one flat table as in wordSet, with the states
// in it. A slot is claimed by its tag: free, being filled, or part of the hash.
type stateSet[S comparable] struct {
	seed  maphash.Seed
	slots []stateSlot[S]
	shift uint         // 64 - log2(len(slots))
	used  atomic.Int64 // as in wordSet
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

func newStateSet[S comparable]() *stateSet[S] {
	return &stateSet[S]{
		seed:  maphash.MakeSeed(),
		slots: make([]stateSlot[S], 1<<minStateBits),
		shift: wordBits - minStateBits,
	}
}

// tag is the tag of states with hash h. It has the low bits, places the high ones.
func tag(h uint64) uint32 { return max(uint32(h), tagStates) }

func (t *stateSet[S]) limit() int64 { return int64(len(t.slots) / 4 * 3) }

// reserve asks for room for n more states. If it fails, nothing was reserved.
func (t *stateSet[S]) reserve(n int) bool {
	if t.used.Add(int64(n)) <= t.limit() {
		return true
	}
	t.used.Add(-int64(n))
	return false
}

// fits reports whether there is room for n more states.
func (t *stateSet[S]) fits(n int) bool { return t.used.Load()+int64(n) <= t.limit() }

// release gives back room that was reserved and not used.
func (t *stateSet[S]) release(n int) { t.used.Add(-int64(n)) }

func (t *stateSet[S]) hash(s *S) uint64 { return maphash.Comparable(t.seed, *s) }

// touch brings the places of states with these hashes into the cache: a run of
// loads waits for memory once, a run of inserts every time. What it returns is of no
// use but to keep the compiler from leaving it out.
func (t *stateSet[S]) touch(hashes []uint64) (warm uint64) {
	for _, h := range hashes {
		warm ^= uint64(atomic.LoadUint32(&t.slots[h>>(t.shift%wordBits)].tag))
	}
	return warm
}

// insert reports whether s, with hash h, was not there. Room must have been
// reserved.
func (t *stateSet[S]) insert(h uint64, s *S) bool {
	want := tag(h)
	mask := uint64(len(t.slots) - 1)
	for i := h >> (t.shift % wordBits); ; i++ {
		slot := &t.slots[i&mask]
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

// place is where s, with hash h, is. It must be there, and nobody may insert.
func (t *stateSet[S]) place(h uint64, s *S) int {
	want := tag(h)
	mask := uint64(len(t.slots) - 1)
	i := h >> (t.shift % wordBits)
	for t.slots[i&mask].tag != want || t.slots[i&mask].state != *s {
		if t.slots[i&mask].tag == tagFree {
			panic(unseen)
		}
		i++
	}
	return int(i & mask)
}

// grow doubles the table until n more states fit. It must run alone.
func (t *stateSet[S]) grow(n int) {
	old := t.slots
	size := len(old)
	for int64(size/4*3) < t.used.Load()+int64(n) {
		size *= 2
		t.shift--
	}
	if size == len(old) {
		return
	}
	t.slots = make([]stateSlot[S], size)
	mask := uint64(size - 1)
	for j := range old {
		if old[j].tag == tagFree {
			continue
		}
		i := t.hash(&old[j].state) >> t.shift
		for t.slots[i&mask].tag != tagFree {
			i++
		}
		t.slots[i&mask] = old[j]
	}
}

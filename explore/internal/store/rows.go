package store

import (
	"errors"
	"math/bits"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// The states of a product are pairs of numbers (halves.go), and those with the same
// first number make a row. A row that has few states for the second
// numbers that there are is an open hash table of words, each with a bit for each of 32
// numbers. One that has many, and most states are in such rows, is a bit for each
// number: where halves go well together a state takes three bytes or so.
//
// A search reads and fills rows one after the other, many states at a time, so what
// it needs lies in the nearest caches.

// A RowSet is a set of pairs. Insertions run concurrently.
type RowSet struct {
	Width func() int // second numbers are, at the time, less than this
	mu    sync.Mutex
	Pages []*rowPage
	Slots slab
	// Room counts the slots, Used those that have a word.
	Room, Used atomic.Int64
}

const (
	rowPageBits = 8
	// slotBits second numbers share a word.
	slotBits = 5
	minRow   = 4 // slots
)

type rowPage [1 << rowPageBits]Row

// A Row is the pairs with one first number.
type Row struct {
	lock  atomic.Uint32
	dense bool
	shift uint8 // 64 less the logarithm of the number of slots, unless dense
	used  uint32
	slots []uint64 // the number of the word plus one, above 32 bits; if dense, bits alone
	Fresh []uint32 // what came last, in no order
	ranks []uint32 // of slots: how many states of the set come before those there
}

// page returns the page of rows that x is in.
func (s *RowSet) page(x uint32) *rowPage {
	s.mu.Lock()
	defer s.mu.Unlock()
	for int(x>>rowPageBits) >= len(s.Pages) {
		s.Pages = append(s.Pages, new(rowPage))
	}
	return s.Pages[x>>rowPageBits]
}

// A RowView is one worker's way to the rows.
type RowView struct {
	Set   *RowSet
	pages []*rowPage
	Dirty []uint32 // the rows to which this worker gave the first fresh state
	Taken int      // slots, not yet told to the set
	found []uint32
}

// Row returns the row of pairs with first number x.
func (v *RowView) Row(x uint32) *Row {
	at := int(x >> rowPageBits)
	if at >= len(v.pages) || v.pages[at] == nil {
		v.look(x)
	}
	return &v.pages[at][x&(1<<rowPageBits-1)]
}

func (v *RowView) look(x uint32) {
	at := int(x >> rowPageBits)
	for at >= len(v.pages) {
		v.pages = append(v.pages, nil)
	}
	v.pages[at] = v.Set.page(x)
}

// Settle forgets what came last, and the memory for it if it was too much.
func (r *Row) Settle() {
	if cap(r.Fresh) > 2*len(r.Fresh)+16 {
		r.Fresh = nil
	}
	r.Fresh = r.Fresh[:0]
}

func (r *Row) acquire() {
	for !r.lock.CompareAndSwap(0, 1) {
		runtime.Gosched()
	}
}

func (r *Row) release() { r.lock.Store(0) }

// Insert puts pairs (x, y) into the set, for all of ys, and gives how many were not
// there.
func (v *RowView) Insert(x uint32, ys []uint32) (fresh int) {
	if len(ys) == 0 {
		return 0
	}
	r := v.Row(x)
	r.acquire()
	had, used := len(r.Fresh), r.used
	if r.dense {
		v.insertDense(r, ys)
	} else {
		v.insertSparse(r, ys)
	}
	fresh = len(r.Fresh) - had
	if had == 0 && fresh > 0 {
		v.Dirty = append(v.Dirty, x)
	}
	v.Taken += int(r.used - used)
	r.release()
	return fresh
}

// insertDense has no branch that cannot be foretold.
func (v *RowView) insertDense(r *Row, ys []uint32) {
	v.found = slices.Grow(v.found[:0], len(ys))
	found, slots, n := v.found[:len(ys)], r.slots, 0
	for _, y := range ys {
		at := int(y >> 6)
		if at >= len(slots) {
			v.Set.makeDense(r, int(y)+1)
			slots = r.slots
		}
		w := slots[at]
		slots[at] = w | 1<<(y&63)
		found[n] = y
		n += int(^w >> (y & 63) & 1)
	}
	r.Fresh = append(r.Fresh, found[:n]...)
}

const rowHash = 0x9e3779b97f4a7c15

func (v *RowView) insertSparse(r *Row, ys []uint32) {
	if r.slots == nil {
		if v.Set.widen(r); r.dense {
			v.insertDense(r, ys)
			return
		}
	}
	slots, mask := r.slots, len(r.slots)-1
	for j, y := range ys {
		key := uint64(y>>slotBits + 1)
		bit := uint64(1) << (y & (1<<slotBits - 1))
		for i := int(key * rowHash >> (r.shift % 64)); ; i++ {
			w := slots[i&mask]
			if w>>32 == key {
				if w&bit == 0 {
					slots[i&mask] = w | bit
					r.Fresh = append(r.Fresh, y)
				}
				break
			}
			if w != 0 {
				continue
			}
			slots[i&mask] = key<<32 | bit
			r.Fresh = append(r.Fresh, y)
			r.used++
			break
		}
		if int(r.used) > len(slots)/4*3 {
			if v.Set.widen(r); r.dense {
				v.insertDense(r, ys[j+1:])
				return
			}
			slots, mask = r.slots, len(r.slots)-1
		}
	}
}

// widen doubles the row's slots, or makes it dense if that takes no more.
func (s *RowSet) widen(r *Row) {
	old := r.slots
	size := max(minRow, 2*len(old))
	if width := s.Width(); width>>6 < size {
		s.makeDense(r, width)
		return
	}
	r.slots = s.Slots.take(size)
	r.shift = uint8(64 - bits.Len(uint(size-1)))
	s.Room.Add(int64(size - len(old)))
	for _, w := range old {
		if w == 0 {
			continue
		}
		i := int(w >> 32 * rowHash >> (r.shift % 64))
		for r.slots[i&(size-1)] != 0 {
			i++
		}
		r.slots[i&(size-1)] = w
	}
	s.Slots.give(old)
}

// makeDense makes the row dense, with room for numbers less than width.
func (s *RowSet) makeDense(r *Row, width int) {
	old := r.slots
	width = max(width, s.Width())
	r.slots = s.Slots.take(width>>6 + width>>10 + 1)
	s.Room.Add(int64(len(r.slots) - len(old)))
	if r.dense {
		copy(r.slots, old)
	} else {
		for _, w := range old {
			if w != 0 {
				y := (w>>32 - 1) << slotBits
				r.slots[y>>6] |= w & (1<<32 - 1) << (y & 63)
			}
		}
	}
	r.dense, r.used = true, uint32(len(r.slots))
	s.Slots.give(old)
}

// Meets reports whether one of the pairs (x, ys) is in the set, of which nothing else
// may be done meanwhile.
func (v *RowView) Meets(x uint32, ys []uint32) bool {
	if int(x>>rowPageBits) >= len(v.Set.Pages) {
		return false
	}
	r := &v.Set.Pages[x>>rowPageBits][x&(1<<rowPageBits-1)]
	if r.slots == nil {
		return false
	}
	for _, y := range ys {
		if _, ok := r.Slot(y); ok {
			return true
		}
	}
	return false
}

// Slot returns the slot of y, and whether y is in the set.
func (r *Row) Slot(y uint32) (at int, ok bool) {
	if at := int(y >> 6); r.dense {
		return at, at < len(r.slots) && r.slots[at]>>(y&63)&1 != 0
	}
	key := uint64(y>>slotBits + 1)
	mask := len(r.slots) - 1
	for i := int(key * rowHash >> (r.shift % 64)); mask >= 0; i++ {
		w := r.slots[i&mask]
		if w>>32 == key {
			return i & mask, w>>(y&(1<<slotBits-1))&1 != 0
		}
		if w == 0 {
			break
		}
	}
	return 0, false
}

// Seconds appends the second numbers of the row's pairs, in no order.
func (r *Row) Seconds(dst []uint32) []uint32 {
	for at, w := range r.slots {
		base := uint32(at) << 6
		if !r.dense {
			base, w = uint32(w>>32-1)<<slotBits, w&(1<<32-1)
		}
		for ; w != 0; w &= w - 1 {
			dst = append(dst, base+uint32(bits.TrailingZeros64(w)))
		}
	}
	return dst
}

// Rank returns the place of a pair among all; see RowSet.Number. It reports false if the
// pair is not in the set.
func (r *Row) Rank(y uint32) (rank uint32, ok bool) {
	at, ok := r.Slot(y)
	if !ok {
		return 0, false
	}
	before := r.slots[at] & (1<<(y&63) - 1)
	if !r.dense {
		before = r.slots[at] & (1<<(y&(1<<slotBits-1)) - 1)
	}
	return r.ranks[at] + uint32(bits.OnesCount64(before)), true
}

// Number ranks all pairs: numbers from 0, without holes, valid until a pair is inserted.
// It returns the number of pairs.
func (s *RowSet) Number() int {
	n := uint32(0)
	for _, p := range s.Pages {
		for i := range p {
			r := &p[i]
			if len(r.ranks) != len(r.slots) {
				r.ranks = make([]uint32, len(r.slots))
			}
			for j, w := range r.slots {
				if !r.dense {
					w &= 1<<32 - 1
				}
				r.ranks[j] = n
				n += uint32(bits.OnesCount64(w))
			}
		}
	}
	return int(n)
}

// A slab hands out arrays of words, and takes them back for others. Their lengths are
// rounded up to four different ones for each power of two.
type slab struct {
	mu    sync.Mutex
	left  []uint64
	whole []memory           // what was handed out is part of these
	words int                // in all of them
	free  map[int][][]uint64 // by length
	Disk  *Spill             // memory that need not stay, or nil
}

const (
	minSlab  = 1 << 12 // words
	diskSlab = 1 << 23
)

func (s *slab) take(n int) []uint64 {
	unit := 1 << max(0, bits.Len(uint(n-1))-3)
	n = (n + unit - 1) / unit * unit
	s.mu.Lock()
	defer s.mu.Unlock()
	if list := s.free[n]; len(list) > 0 {
		words := list[len(list)-1]
		s.free[n] = list[:len(list)-1]
		return words
	}
	if len(s.left) < n {
		more, ok := s.fromDisk(n)
		if !ok {
			more = newMemory(max(minSlab, n, min(s.words, mappedWords)))
		}
		s.whole = append(s.whole, more)
		s.words += len(more.words)
		// Of a range that is mapped all is there, and costs nothing before it is used.
		s.left = more.words[:cap(more.words)]
	}
	words := s.left[:n:n]
	s.left = s.left[n:]
	return words
}

// fromDisk returns memory for n words and more in the file. It reports false if there is none.
func (s *slab) fromDisk(n int) (m memory, ok bool) {
	if s.Disk == nil {
		return m, false
	}
	words := max(n, min(max(minSlab, s.words), diskSlab))
	pages := (words*wordBytes + filePage - 1) / filePage
	m, err := mapFile(s.Disk.file, s.Disk.claim(pages*filePage), pages*filePage/wordBytes)
	if err != nil && !errors.Is(err, errors.ErrUnsupported) {
		s.Disk.full.Store(true)
	}
	return m, err == nil
}

// Shrink gives back the memory for what is also on the disk. It comes again when it is
// asked for. It reports whether there is a disk.
func (s *slab) Shrink() bool {
	if s.Disk == nil {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.whole {
		s.whole[i].shrink()
	}
	return true
}

func (s *slab) give(words []uint64) {
	if len(words) == 0 {
		return
	}
	clear(words)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.free == nil {
		s.free = map[int][][]uint64{}
	}
	s.free[len(words)] = append(s.free[len(words)], words)
}

// Drop gives everything back.
func (s *slab) Drop() {
	for i := range s.whole {
		s.whole[i].free()
	}
	*s = slab{}
}

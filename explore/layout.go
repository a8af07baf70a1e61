package explore

import "math/bits"

// A layout packs a tuple into a word: each part's number in a field of its own.
// Fields are as wide as the numbers that occur need, so packing is exact; when
// they no longer fit together into 64 bits, there is no layout.
type layout struct {
	parts int
	shift [MaxParts]uint8
	mask  [MaxParts]Value // as wide as the field
}

const wordBits = 64

// newLayout has room for numbers up to top in each part; ok is false if there is
// no such layout. The bits that nobody needs yet are shared out, so that most
// searches never need a second layout.
func newLayout(top []Value) (l layout, ok bool) {
	spare := wordBits
	for _, v := range top {
		spare -= bits.Len32(uint32(v))
	}
	if spare < 0 {
		return l, false
	}
	widths := make([]int, len(top))
	for i, v := range top {
		share := spare / (len(top) - i)
		widths[i] = min(bits.Len32(uint32(v))+share, 32)
		spare -= share
	}
	return layoutOf(widths)
}

// layoutOf has fields of so many bits; ok is false if there is no such layout.
func layoutOf(widths []int) (l layout, ok bool) {
	if len(widths) > MaxParts {
		return l, false
	}
	l.parts = len(widths)
	at := 0
	for i, width := range widths {
		if width < 1 || width > 32 || at+width > wordBits {
			return l, false
		}
		l.shift[i], l.mask[i] = uint8(at), Value(1<<width-1)
		at += width
	}
	return l, true
}

// widths is what layoutOf makes l of.
func (l *layout) widths() (widths []int) {
	for i := range l.parts {
		widths = append(widths, bits.Len32(uint32(l.mask[i])))
	}
	return widths
}

// fits reports whether v has a place in part i's field.
func (l *layout) fits(i int, v Value) bool { return v <= l.mask[i] }

// value is the number of part i.
func (l *layout) value(w uint64, i int) Value { return Value(w>>(l.shift[i]%wordBits)) & l.mask[i] }

// change is what a word is xored with so that the number of part i is xored with
// change.
func (l *layout) change(i int, change Value) uint64 {
	return uint64(change) << (l.shift[i] % wordBits)
}

func (l *layout) pack(t *Tuple) (w uint64) {
	for i := range l.parts {
		w |= uint64(t[i]) << l.shift[i]
	}
	return w
}

func (l *layout) unpack(w uint64) (t Tuple) {
	for i := range l.parts {
		t[i] = l.value(w, i)
	}
	return t
}

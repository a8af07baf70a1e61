package explore

import (
	"encoding/binary"
	"errors"
	"math/bits"
	"slices"
)

// A rowLevel is a level of pairs (rows.go), packed: a state takes two bytes or so.
type rowLevel []rowBlock

// A rowBlock is rows: of each its number less that of the one before, how many states
// it has, and of these the second numbers, each less the one before. All are varints.
type rowBlock struct {
	states int
	packed []byte

	// If in is not nil, it is there that what was packed is.
	in     *spill
	at     int64
	length int
}

// bytes is what was packed, good until buffer is used again.
func (b *rowBlock) bytes(buffer *[]byte) []byte {
	if b.in == nil {
		return b.packed
	}
	*buffer = b.in.read(*buffer, b.at, b.length)
	return *buffer
}

// size is how many bytes there are.
func (b *rowBlock) size() int { return max(len(b.packed), b.length) }

// blockStates is how many states a block has, unless a row has more.
const blockStates = 2048

func (l rowLevel) blocks() int { return len(l) }

func (l rowLevel) states() (n int) {
	for i := range l {
		n += l[i].states
	}
	return n
}

func (l rowLevel) keys(dst []uint64, i int) []uint64 {
	dst = dst[:0]
	var buffer []byte
	r := rowReader{packed: l[i].bytes(&buffer)}
	for r.next() {
		for _, y := range r.ys {
			dst = append(dst, pair(r.x, y))
		}
	}
	return dst
}

// A rowReader reads a block row by row.
type rowReader struct {
	packed []byte
	x      uint32
	ys     []uint32
}

func (r *rowReader) next() bool {
	if len(r.packed) == 0 {
		return false
	}
	r.x += uint32(r.varint())
	n := int(r.varint())
	r.ys = r.ys[:0]
	y := uint32(0)
	for range n {
		if b := r.packed[0]; b < 0x80 {
			y += uint32(b)
			r.packed = r.packed[1:]
		} else {
			y += uint32(r.varint())
		}
		r.ys = append(r.ys, y)
	}
	return true
}

func (r *rowReader) varint() uint64 {
	v, n := binary.Uvarint(r.packed)
	r.packed = r.packed[n:]
	return v
}

var errBlock = errors.New("a block of states is not one")

// checked reads a block that somebody else may have written.
func (b rowBlock) checked(visit func(x uint32, ys []uint32) error) error {
	rest, states := b.packed, 0
	varint := func() (uint64, bool) {
		v, n := binary.Uvarint(rest)
		if n <= 0 || v >= 1<<32 {
			return 0, false
		}
		rest = rest[n:]
		return v, true
	}
	x := uint64(0)
	for first := true; len(rest) > 0; first = false {
		more, ok := varint()
		n, enough := varint()
		if x += more; !ok || !enough || x >= 1<<32 || n == 0 || n > uint64(len(rest)) || more == 0 && !first {
			return errBlock
		}
		var ys []uint32
		y := uint64(0)
		for i := range n {
			more, ok := varint()
			if y += more; !ok || y >= 1<<32 || more == 0 && i > 0 {
				return errBlock
			}
			ys = append(ys, uint32(y))
		}
		states += len(ys)
		if err := visit(uint32(x), ys); err != nil {
			return err
		}
	}
	if states != b.states {
		return errBlock
	}
	return nil
}

// A rowPacker packs rows.
type rowPacker struct {
	text   []byte
	last   uint32
	states int
	places []uint64 // a bit for each number, to sort by
}

// add packs a row, and sorts ys.
func (p *rowPacker) add(x uint32, ys []uint32) {
	p.sort(ys)
	p.text = binary.AppendUvarint(p.text, uint64(x-p.last))
	p.text = binary.AppendUvarint(p.text, uint64(len(ys)))
	p.last = x
	p.states += len(ys)
	last := uint32(0)
	for _, y := range ys {
		if gap := y - last; gap < 0x80 {
			p.text = append(p.text, byte(gap))
		} else {
			p.text = binary.AppendUvarint(p.text, uint64(gap))
		}
		last = y
	}
}

// block is what was packed, and begins a new one.
func (p *rowPacker) block() rowBlock {
	b := rowBlock{states: p.states, packed: slices.Clone(p.text)}
	p.text, p.last, p.states = p.text[:0], 0, 0
	return b
}

// sort sorts different numbers.
func (p *rowPacker) sort(ys []uint32) {
	if len(ys) < 2 {
		return
	}
	least, most := ys[0], ys[0]
	for _, y := range ys {
		least, most = min(least, y), max(most, y)
	}
	words := int(most>>6-least>>6) + 1
	if words > 4*len(ys)+64 {
		slices.Sort(ys)
		return
	}
	if words > len(p.places) {
		p.places = make([]uint64, 2*words)
	}
	places := p.places[:words]
	base := least &^ 63
	for _, y := range ys {
		places[(y-base)>>6] |= 1 << (y & 63)
	}
	n := 0
	for i, w := range places {
		if w == 0 {
			continue
		}
		places[i] = 0
		for ; w != 0; w &= w - 1 {
			ys[n] = base + uint32(i<<6) + uint32(bits.TrailingZeros64(w))
			n++
		}
	}
}

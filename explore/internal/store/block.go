package store

import (
	"encoding/binary"
	"errors"
	"math/bits"
	"slices"
)

// A Level is a level of pairs (rows.go), packed: a state takes two bytes or so.
type Level []Block

// A Block is rows: of each its number less that of the one before, how many states
// it has, and of these the second numbers, each less the one before. All are varints.
type Block struct {
	States int
	Packed []byte

	// If in is not nil, it is there that what was packed is.
	file   *Spill
	at     int64
	length int
}

// Bytes returns the packed rows, valid until buffer is used again.
func (b *Block) Bytes(buffer *[]byte) []byte {
	if b.file == nil {
		return b.Packed
	}
	*buffer = b.file.read(*buffer, b.at, b.length)
	return *buffer
}

// Size returns the number of bytes.
func (b *Block) Size() int { return max(len(b.Packed), b.length) }

// BlockStates is the number of states in a block, unless one row has more.
const BlockStates = 2048

// Blocks returns the number of blocks.
func (l Level) Blocks() int { return len(l) }

// States returns the number of states.
func (l Level) States() (n int) {
	for i := range l {
		n += l[i].States
	}
	return n
}

// Keys returns the states of block i; it may put them into dst.
func (l Level) Keys(dst []uint64, i int) []uint64 {
	dst = dst[:0]
	var buffer []byte
	r := BlockReader{Packed: l[i].Bytes(&buffer)}
	for r.Next() {
		for _, y := range r.Ys {
			dst = append(dst, Pair(r.X, y))
		}
	}
	return dst
}

// A BlockReader reads a block row by row.
type BlockReader struct {
	Packed []byte
	X      uint32
	Ys     []uint32
}

// Next reads a row into X and Ys, and reports whether there was one.
func (r *BlockReader) Next() bool {
	if len(r.Packed) == 0 {
		return false
	}
	r.X += uint32(r.varint())
	n := int(r.varint())
	r.Ys = r.Ys[:0]
	y := uint32(0)
	for range n {
		if b := r.Packed[0]; b < 0x80 {
			y += uint32(b)
			r.Packed = r.Packed[1:]
		} else {
			y += uint32(r.varint())
		}
		r.Ys = append(r.Ys, y)
	}
	return true
}

func (r *BlockReader) varint() uint64 {
	v, n := binary.Uvarint(r.Packed)
	r.Packed = r.Packed[n:]
	return v
}

// ErrBlock is the error of a block that does not hold rows.
var ErrBlock = errors.New("a block of states is not one")

// Check reads a block that somebody else may have written. A row is valid until visit
// returns.
func (b Block) Check(visit func(x uint32, ys []uint32) error) error {
	rest, states := b.Packed, 0
	varint := func() (uint64, bool) {
		if len(rest) > 0 && rest[0] < 0x80 {
			v := uint64(rest[0])
			rest = rest[1:]
			return v, true
		}
		v, n := binary.Uvarint(rest)
		if n <= 0 || v >= 1<<32 {
			return 0, false
		}
		rest = rest[n:]
		return v, true
	}
	x := uint64(0)
	var ys []uint32
	for first := true; len(rest) > 0; first = false {
		more, ok := varint()
		n, enough := varint()
		if x += more; !ok || !enough || x >= 1<<32 || n == 0 || n > uint64(len(rest)) || more == 0 && !first {
			return ErrBlock
		}
		ys = ys[:0]
		y := uint64(0)
		for i := range n {
			more, ok := varint()
			if y += more; !ok || y >= 1<<32 || more == 0 && i > 0 {
				return ErrBlock
			}
			ys = append(ys, uint32(y))
		}
		states += len(ys)
		if err := visit(uint32(x), ys); err != nil {
			return err
		}
	}
	if states != b.States {
		return ErrBlock
	}
	return nil
}

// A BlockPacker packs rows.
type BlockPacker struct {
	text   []byte
	last   uint32
	states int
	places []uint64 // a bit for each number, to sort by
}

// Add packs a row, and sorts ys.
func (p *BlockPacker) Add(x uint32, ys []uint32) {
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

// Size returns the number of bytes that were packed.
func (p *BlockPacker) Size() int { return len(p.text) }

// Block returns what was packed, and starts a new block.
func (p *BlockPacker) Block() Block {
	b := Block{States: p.states, Packed: slices.Clone(p.text)}
	p.text, p.last, p.states = p.text[:0], 0, 0
	return b
}

// sort sorts different numbers.
func (p *BlockPacker) sort(ys []uint32) {
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

package partition

import (
	"encoding/binary"
	"fmt"
	"slices"

	"tcpclose/explore/internal/store"
	"tcpclose/explore/product"
)

// A Block is rows of states, packed as the engine packs levels: how many states, and the rows
// with the gaps between their numbers. It is what is moved.
type Block []byte

// rowPiece is the number of states of a row that stand together in a block. A larger row is
// written as several.
const rowPiece = 1 << 15

// States returns how many states the block says that it has.
func (b Block) States() int {
	n, _ := binary.Uvarint(b)
	return int(n)
}

// each calls visit with the rows of a block that somebody else may have written. x and ys are
// within 1 and most.
func (b Block) each(most [2]uint32, visit func(x uint32, ys []uint32) error) error {
	n, at := binary.Uvarint(b)
	if at <= 0 || n == 0 || n > uint64(len(b)) {
		return fmt.Errorf("%w: it says that it has %d states in %d octets", store.ErrBlock, n, len(b))
	}
	packed := store.Block{States: int(n), Packed: b[at:]}
	return packed.Check(func(x uint32, ys []uint32) error {
		if x == 0 || x > most[0] || ys[0] == 0 || ys[len(ys)-1] > most[1] {
			return fmt.Errorf("%w: row %d with %d to %d: want numbers up to %d and %d", store.ErrBlock, x, ys[0], ys[len(ys)-1], most[0], most[1])
		}
		return visit(x, ys)
	})
}

// A packer makes blocks of about so many bytes.
type packer struct {
	store.BlockPacker
	bytes  int
	states int
	blocks []Block
}

// add packs a row, and sorts ys. Rows come in ascending order.
func (p *packer) add(x uint32, ys []uint32) {
	if len(ys) > rowPiece {
		slices.Sort(ys)
	}
	for len(ys) > 0 {
		n := min(len(ys), rowPiece)
		p.Add(x, ys[:n])
		p.states += n
		if ys = ys[n:]; len(ys) > 0 || p.Size() >= p.bytes {
			p.end()
		}
	}
}

// end ends the block.
func (p *packer) end() {
	b := p.BlockPacker.Block()
	if b.States == 0 {
		return
	}
	p.blocks = append(p.blocks, append(binary.AppendUvarint(nil, uint64(b.States)), b.Packed...))
}

// take returns the blocks, and begins again.
func (p *packer) take() []Block {
	p.end()
	blocks := p.blocks
	p.blocks = nil
	return blocks
}

// pack packs states.
func pack(states []product.State, bytes int) []Block {
	slices.SortFunc(states, func(a, b product.State) int { return slices.Compare(a[:], b[:]) })
	p := packer{bytes: bytes}
	for len(states) > 0 {
		var ys []uint32
		x := states[0][0]
		for len(states) > 0 && states[0][0] == x {
			ys = append(ys, states[0][1])
			states = states[1:]
		}
		p.add(x, ys)
	}
	return p.take()
}

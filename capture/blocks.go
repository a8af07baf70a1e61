package capture

import (
	"encoding/binary"
	"errors"
	"io"
	"math"
)

// A blocks reads a pcapng file, and follows its blocks: a file that ends within one is
// broken. The library takes it for one that has ended.
type blocks struct {
	r     io.Reader
	head  []byte // of the block that has just begun
	left  int64  // octets of the block that follow
	order binary.ByteOrder
}

const (
	blockHeader   = 8  // type and length
	sectionHeader = 12 // with the magic number that tells the order of octets
)

func (b *blocks) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	b.follow(p[:n])
	if errors.Is(err, io.EOF) && (b.left > 0 || len(b.head) > 0) {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

func (b *blocks) follow(p []byte) {
	for len(p) > 0 {
		if b.left > 0 {
			n := min(b.left, int64(len(p)))
			b.left, p = b.left-n, p[n:]
			continue
		}
		b.head, p = append(b.head, p[0]), p[1:]
		want := blockHeader
		if len(b.head) >= blockHeader && binary.BigEndian.Uint32(b.head) == magicNg {
			want = sectionHeader
		}
		if len(b.head) < want {
			continue
		}
		if want == sectionHeader {
			b.order = binary.LittleEndian
			if binary.BigEndian.Uint32(b.head[8:]) == 0x1a2b3c4d {
				b.order = binary.BigEndian
			}
		}
		b.left = math.MaxInt64 // of a block whose length cannot be right
		if length := b.length(); length >= sectionHeader {
			b.left = length - int64(want)
		}
		b.head = b.head[:0]
	}
}

// length returns the length of the block that has begun: of its padding, too.
func (b *blocks) length() int64 {
	if b.order == nil {
		return 0
	}
	return (int64(b.order.Uint32(b.head[4:])) + 3) &^ 3
}

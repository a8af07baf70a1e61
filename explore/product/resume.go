package product

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"tcpclose/explore/internal/search"
	"tcpclose/explore/internal/store"
)

// The checksum rules out damage, so what is read is what was written, unless somebody
// else wrote it. Of such a file every number is compared with what the product allows, so
// that it cannot do harm; but that its states are those of the product is not examined.

// Why a file is refused.
const (
	noCheckpoint = "it is not a checkpoint, or of another version"
	damaged      = "it is damaged: its checksum is wrong"
	wrongHeader  = "its contents do not match its header"
	another      = "it belongs to another product"
)

// A checkpointReader reads a file.
type checkpointReader struct {
	file   string
	header checkpointHeader
	*bufio.Reader
	close func() error
}

// openCheckpoint reads the header of a file, whose checksum is right, and leaves
// the reader at what follows.
func openCheckpoint(file string) (r *checkpointReader, err error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, refuse(file, "%v", errors.Unwrap(err))
	}
	defer func() {
		if err != nil {
			f.Close()
		}
	}()
	body, err := verify(f)
	if err != nil {
		return nil, refuse(file, "%v", err)
	}
	if _, err := f.Seek(int64(len(checkpointMagic)), io.SeekStart); err != nil {
		return nil, refuse(file, "%v", err)
	}
	r = &checkpointReader{file: file, Reader: bufio.NewReaderSize(f, 1<<20), close: f.Close}
	if err := r.readHeader(body - int64(len(checkpointMagic))); err != nil {
		return nil, refuse(file, "%v", err)
	}
	return r, nil
}

// verify returns how many bytes there are before the checksum, if that is right.
func verify(f *os.File) (body int64, err error) {
	magic := make([]byte, len(checkpointMagic))
	if _, err := io.ReadFull(f, magic); err != nil || string(magic) != checkpointMagic {
		return 0, errors.New(noCheckpoint)
	}
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	body = info.Size() - sha256.Size
	if body < int64(len(checkpointMagic)+headerLength) {
		return 0, errors.New(damaged)
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return 0, err
	}
	sum, want := sha256.New(), make([]byte, sha256.Size)
	if _, err := io.CopyN(sum, f, body); err != nil {
		return 0, err
	}
	if _, err := io.ReadFull(f, want); err != nil || !bytes.Equal(sum.Sum(nil), want) {
		return 0, errors.New(damaged)
	}
	return body, nil
}

// readHeader reads the header, with which left bytes begin. It accounts for all of them.
func (r *checkpointReader) readHeader(left int64) error {
	wrong := errors.New(wrongHeader)
	take := func(bytes int64) bool {
		left -= bytes
		return bytes >= 0 && left >= 0
	}
	var length [headerLength]byte
	if _, err := io.ReadFull(r, length[:]); err != nil || !take(headerLength) {
		return wrong
	}
	n := binary.LittleEndian.Uint64(length[:])
	if n > maxHeader || !take(int64(n)) {
		return wrong
	}
	text := make([]byte, n)
	h := &r.header
	if _, err := io.ReadFull(r, text); err != nil || json.Unmarshal(text, h) != nil {
		return wrong
	}
	if !take(int64(h.Product)) || len(h.Levels) == 0 {
		return wrong
	}
	for _, blocks := range h.Levels {
		if len(blocks) == 0 {
			return wrong
		}
		for _, b := range blocks {
			if b[0] < 1 || b[0] > b[1] || !take(int64(b[1])) {
				return wrong
			}
		}
	}
	// What is left is the values of the halves; of how many parts these have the
	// product knows.
	for _, n := range h.Values {
		if n < 0 || int64(n) > left {
			return wrong
		}
	}
	h.left = left
	return nil
}

// ReadNote returns the note of the checkpoint in a file.
func ReadNote(file string) (string, error) {
	r, err := openCheckpoint(file)
	if err != nil {
		return "", err
	}
	return r.header.Note, r.close()
}

// resume puts the search where the checkpoint was written.
func (e *Explored) resume(c *Checkpoint) error {
	r, err := openCheckpoint(c.File)
	if err != nil {
		return err
	}
	defer r.close()
	if r.header.Of != c.Of {
		return refuse(c.File, "it belongs to another question, or another build of the program wrote it")
	}
	product := make([]byte, r.header.Product)
	if _, err := io.ReadFull(r, product); err != nil {
		return refuse(c.File, "%v", err)
	}
	if err := c.Load(product); err != nil {
		return fmt.Errorf("%w %s: %w", ErrCheckpoint, c.File, err)
	}
	if err := r.readValues(e.space, c.Known); err != nil {
		return refuse(c.File, "%v", err)
	}
	levels, err := r.readLevels(e.space)
	if err != nil {
		return refuse(c.File, "%v", err)
	}
	initial, ok := e.space.startsIn(levels[0])
	if !ok || !r.header.fits(e.space.Product) {
		return refuse(c.File, another)
	}
	e.space.resumed = true
	e.search.Restore(initial, levels, r.header.Position)
	return nil
}

// readValues numbers the values of the halves.
func (r *checkpointReader) readValues(sp *productSpace, known func(part int, v Value) bool) error {
	h := &r.header
	b := make([]byte, valueBytes)
	for side, n := range h.Values {
		half := &sp.half[side]
		h.left -= int64(n) * int64(len(half.parts)) * valueBytes
		if h.left < 0 {
			return errors.New(another)
		}
		for i := range n {
			var t Tuple
			for _, part := range half.parts {
				if _, err := io.ReadFull(r, b); err != nil {
					return err
				}
				t[part] = Value(binary.LittleEndian.Uint32(b))
				if t[part] == 0 || known != nil && !known(part, t[part]) {
					return errors.New(another)
				}
			}
			if half.values.Number(t) != uint32(i+1) {
				return errors.New("it has a value twice")
			}
		}
	}
	if h.left != 0 {
		return errors.New(another)
	}
	return nil
}

// readLevels puts the states of all levels into the rows.
func (r *checkpointReader) readLevels(sp *productSpace) (levels []search.Level[uint64], err error) {
	view := &sp.explorers[0].view
	for _, blocks := range r.header.Levels {
		var l store.Level
		for _, size := range blocks {
			b := store.Block{States: size[0], Packed: make([]byte, size[1])}
			if _, err := io.ReadFull(r, b.Packed); err != nil {
				return nil, err
			}
			err := b.Check(func(x uint32, ys []uint32) error {
				if x == 0 || int(x) > r.header.Values[0] || ys[0] == 0 || int(ys[len(ys)-1]) > r.header.Values[1] {
					return store.ErrBlock
				}
				if view.Insert(x, ys) < len(ys) {
					return errors.New("it has a state twice")
				}
				view.Row(x).Fresh = view.Row(x).Fresh[:0]
				return nil
			})
			if err != nil {
				return nil, err
			}
			if sp.spilled != nil {
				sp.spilled.Keep(&b)
			}
			l = append(l, b)
		}
		levels = append(levels, l)
	}
	view.Dirty = view.Dirty[:0]
	return levels, nil
}

// startsIn returns the initial states, each once and in order. It reports false if the
// first level is not made of these.
func (sp *productSpace) startsIn(first search.Level[uint64]) (initial []uint64, ok bool) {
	met := map[uint64]bool{}
	for _, t := range sp.Init {
		if k := sp.pack(&t); !met[k] {
			met[k] = true
			initial = append(initial, k)
		}
	}
	for _, k := range search.Keys(first) {
		if !met[k] {
			return nil, false
		}
	}
	return initial, len(initial) == first.States()
}

// fits reports whether the position can be one of a search of p with these levels.
func (h *checkpointHeader) fits(p *Product) bool {
	states := 0
	for _, blocks := range h.Levels {
		for _, b := range blocks {
			states += b[0]
		}
	}
	for i, steps := range h.Position.Found {
		if i < 0 || i >= len(p.Watches) || steps < 0 || steps > len(h.Levels) {
			return false
		}
	}
	r := &h.Position.Result
	return r.Distinct == states && r.Depth == len(h.Levels) && r.Generated >= r.Distinct && r.Terminals >= 0 && r.Terminals <= r.Distinct
}

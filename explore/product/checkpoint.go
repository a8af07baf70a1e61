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
	"path/filepath"
	"time"

	"tcpclose/explore/internal/search"
	"tcpclose/explore/internal/store"
)

// A Checkpoint is a file from which a search of a product that was stopped, or
// killed, goes on. It has what was known when the level that was being expanded
// began: a search that goes on expands that level again, and ends with exactly what
// one ends with that was never disturbed.
type Checkpoint struct {
	File string
	// Every is the interval at which it is written while the search runs; 0 is never.
	// It is always written when the search is stopped, by its context or for lack of
	// memory.
	Every time.Duration
	// Of says what is explored, and by what: a checkpoint of anything else is
	// refused.
	Of string
	// Note is kept in the file, for whoever reads it with ReadNote.
	Note string
	// Save and Load are how the product keeps what its values stand for, from their
	// numbers on. Save runs beside the search.
	Save func() ([]byte, error)
	Load func([]byte) error
	// Resume: the search goes on from the file.
	Resume bool
}

// ErrCheckpoint matches every error of a checkpoint.
var ErrCheckpoint = errors.New("checkpoint")

// refuse returns the error that a file is no checkpoint, or cannot be written.
func refuse(file, format string, args ...any) error {
	return fmt.Errorf("%w %s: %s", ErrCheckpoint, file, fmt.Sprintf(format, args...))
}

// A file is a line that says what it is, the length of the header, the header,
// what the product keeps, the values of both halves, the blocks of all levels, and
// the checksum of all that.
const (
	checkpointMagic = "explore checkpoint 2\n"
	maxHeader       = 1 << 30
	valueBytes      = 4
)

// A checkpointHeader describes the rest of the file.
type checkpointHeader struct {
	Of, Note string
	Levels   [][]checkpointBlock
	Product  int    // bytes that the product keeps
	Values   [2]int // how many each half has
	Position search.Position

	left int64 // bytes of the halves' values
}

// A checkpointBlock says how many states a block has, and how many bytes it takes.
type checkpointBlock [2]int

// keep writes the checkpoint. The search may be running.
func (e *Explored) keep(c *Checkpoint) error {
	return e.search.Snapshot(func(levels []search.Level[uint64], at search.Position) error {
		if len(levels) == 0 {
			return nil
		}
		return e.write(c, levels, at)
	})
}

// write writes the levels and what else is known.
func (e *Explored) write(c *Checkpoint, levels []search.Level[uint64], at search.Position) error {
	product, err := c.Save()
	if err != nil {
		return fmt.Errorf("%w %s: %w", ErrCheckpoint, c.File, err)
	}
	h := checkpointHeader{Of: c.Of, Note: c.Note, Product: len(product), Position: at}
	var values [2][]Tuple
	for side := range values {
		values[side] = e.space.half[side].values.all()
		h.Values[side] = len(values[side])
	}
	for _, l := range levels {
		var blocks []checkpointBlock
		for _, b := range l.(store.Level) {
			blocks = append(blocks, checkpointBlock{b.States, b.Size()})
		}
		h.Levels = append(h.Levels, blocks)
	}
	header, err := json.Marshal(h)
	if err != nil {
		return err
	}
	err = writeWhole(c.File, func(w io.Writer) error {
		if err := writeAll(w, []byte(checkpointMagic), binary.LittleEndian.AppendUint64(nil, uint64(len(header))), header, product); err != nil {
			return err
		}
		var block []byte
		for side, list := range values {
			for _, t := range list {
				block = block[:0]
				for _, part := range e.space.half[side].parts {
					block = binary.LittleEndian.AppendUint32(block, uint32(t[part]))
				}
				if err := writeAll(w, block); err != nil {
					return err
				}
			}
		}
		for _, l := range levels {
			for i := range l.(store.Level) {
				if err := writeAll(w, l.(store.Level)[i].Bytes(&block)); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("%w %s: %w", ErrCheckpoint, c.File, err)
	}
	return nil
}

func writeAll(w io.Writer, parts ...[]byte) error {
	for _, b := range parts {
		if _, err := w.Write(b); err != nil {
			return err
		}
	}
	return nil
}

// writeWhole writes a file with its checksum at the end, so that it is there as a
// whole or as it was.
func writeWhole(file string, write func(io.Writer) error) (err error) {
	f, err := os.Create(file + ".new")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name())
		}
	}()
	buffer := bufio.NewWriterSize(f, 1<<20)
	sum := sha256.New()
	if err := write(io.MultiWriter(buffer, sum)); err != nil {
		return err
	}
	if _, err := buffer.Write(sum.Sum(nil)); err != nil {
		return err
	}
	if err := errors.Join(buffer.Flush(), f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), file); err != nil {
		return err
	}
	// What the directory says is to survive, too.
	dir, err := os.Open(filepath.Dir(file))
	if err != nil {
		return err
	}
	defer dir.Close()
	return dir.Sync()
}

// writable finds out, before there is something to lose, whether the file can be
// written.
func writable(file string) error {
	f, err := os.Create(file + ".new")
	if err != nil {
		return errors.Unwrap(err)
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// openCheckpoint reads the header of a file, whose checksum is right, and leaves
// the reader at what follows.
func openCheckpoint(file string) (h checkpointHeader, r *bufio.Reader, close func() error, err error) {
	f, err := os.Open(file)
	if err != nil {
		return h, nil, nil, refuse(file, "%v", errors.Unwrap(err))
	}
	defer func() {
		if err != nil {
			f.Close()
		}
	}()
	magic := make([]byte, len(checkpointMagic))
	if _, err := io.ReadFull(f, magic); err != nil || string(magic) != checkpointMagic {
		return h, nil, nil, refuse(file, "it is no checkpoint, or of another version")
	}
	info, err := f.Stat()
	if err != nil {
		return h, nil, nil, refuse(file, "%v", err)
	}
	const damaged = "it is damaged: its checksum is not that of what it holds"
	body := info.Size() - sha256.Size
	if body < int64(len(checkpointMagic)+8) {
		return h, nil, nil, refuse(file, damaged)
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return h, nil, nil, refuse(file, "%v", err)
	}
	sum, want := sha256.New(), make([]byte, sha256.Size)
	if _, err := io.CopyN(sum, f, body); err != nil {
		return h, nil, nil, refuse(file, "%v", err)
	}
	if _, err := io.ReadFull(f, want); err != nil || !bytes.Equal(sum.Sum(nil), want) {
		return h, nil, nil, refuse(file, damaged)
	}
	if _, err := f.Seek(int64(len(checkpointMagic)), io.SeekStart); err != nil {
		return h, nil, nil, refuse(file, "%v", err)
	}
	r = bufio.NewReaderSize(f, 1<<20)
	const wrong = "it does not hold what its header says"
	var length [8]byte
	if _, err := io.ReadFull(r, length[:]); err != nil {
		return h, nil, nil, refuse(file, wrong)
	}
	n := binary.LittleEndian.Uint64(length[:])
	if n > maxHeader || int64(n) > body {
		return h, nil, nil, refuse(file, wrong)
	}
	text := make([]byte, n)
	if _, err := io.ReadFull(r, text); err != nil || json.Unmarshal(text, &h) != nil {
		return h, nil, nil, refuse(file, wrong)
	}
	left := body - int64(len(checkpointMagic)+8) - int64(n)
	take := func(bytes int64) bool {
		left -= bytes
		return bytes >= 0 && left >= 0
	}
	if !take(int64(h.Product)) || len(h.Levels) == 0 {
		return h, nil, nil, refuse(file, wrong)
	}
	for _, blocks := range h.Levels {
		for _, b := range blocks {
			if b[0] < 1 || b[0] > b[1] || !take(int64(b[1])) {
				return h, nil, nil, refuse(file, wrong)
			}
		}
	}
	// What is left is the values of the halves; of how many parts these have the
	// product knows.
	for _, n := range h.Values {
		if n < 0 || int64(n) > left {
			return h, nil, nil, refuse(file, wrong)
		}
	}
	h.left = left
	return h, r, f.Close, nil
}

// ReadNote returns the note of the checkpoint in a file.
func ReadNote(file string) (string, error) {
	h, _, done, err := openCheckpoint(file)
	if err != nil {
		return "", err
	}
	return h.Note, done()
}

// resume puts the search where the checkpoint was written.
func (e *Explored) resume(c *Checkpoint) error {
	h, r, done, err := openCheckpoint(c.File)
	if err != nil {
		return err
	}
	defer done()
	if h.Of != c.Of {
		return refuse(c.File, "it is of something else, or by another build of the program")
	}
	product := make([]byte, h.Product)
	if _, err := io.ReadFull(r, product); err != nil {
		return refuse(c.File, "%v", err)
	}
	if err := c.Load(product); err != nil {
		return fmt.Errorf("%w %s: %w", ErrCheckpoint, c.File, err)
	}
	sp := e.space
	var levels []search.Level[uint64]
	var initial []uint64
	const another = "it is of another product"
	for side, n := range h.Values {
		half := &sp.half[side]
		h.left -= int64(n) * int64(len(half.parts)) * valueBytes
		if h.left < 0 {
			return refuse(c.File, another)
		}
		b := make([]byte, valueBytes)
		for i := range n {
			var t Tuple
			for _, part := range half.parts {
				if _, err := io.ReadFull(r, b); err != nil {
					return refuse(c.File, "%v", err)
				}
				if t[part] = Value(binary.LittleEndian.Uint32(b)); t[part] == 0 {
					return refuse(c.File, another)
				}
			}
			if half.values.Number(t) != uint32(i+1) {
				return refuse(c.File, "it has a value twice")
			}
		}
	}
	if h.left != 0 {
		return refuse(c.File, another)
	}
	view := &sp.explorers[0].view
	for _, blocks := range h.Levels {
		var l store.Level
		for _, size := range blocks {
			b := store.Block{States: size[0], Packed: make([]byte, size[1])}
			if _, err := io.ReadFull(r, b.Packed); err != nil {
				return refuse(c.File, "%v", err)
			}
			err := b.Check(func(x uint32, ys []uint32) error {
				if x == 0 || int(x) > h.Values[0] || ys[0] == 0 || int(ys[len(ys)-1]) > h.Values[1] {
					return store.ErrBlock
				}
				if view.Insert(x, ys) < len(ys) {
					return errors.New("it has a state twice")
				}
				view.Row(x).Fresh = view.Row(x).Fresh[:0]
				return nil
			})
			if err != nil {
				return refuse(c.File, "%v", err)
			}
			if sp.spilled != nil {
				sp.spilled.Keep(&b)
			}
			l = append(l, b)
		}
		levels = append(levels, l)
	}
	view.Dirty = view.Dirty[:0]
	first := map[uint64]bool{}
	for _, t := range sp.Init {
		k := sp.pack(&t)
		if !first[k] {
			first[k] = true
			initial = append(initial, k)
		}
	}
	if len(initial) != levels[0].States() {
		return refuse(c.File, another)
	}
	e.search.Restore(initial, levels, h.Position)
	return nil
}

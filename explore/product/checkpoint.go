package product

import (
	"bufio"
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
	// Known, if it is not nil, reports whether the product, once loaded, has this value of
	// a part: a file with others is refused.
	Known func(part int, v Value) bool
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
	checkpointKind  = "explore checkpoint " // of any version
	checkpointMagic = checkpointKind + "2\n"
	maxHeader       = 1 << 30
	headerLength    = 8 // bytes
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
	// The search may go on meanwhile: what the product keeps has to have all that the
	// halves' values are made of, and is taken after them.
	var values [2][]Tuple
	for side := range values {
		values[side] = e.space.half[side].values.all()
	}
	product, err := c.Save()
	if err != nil {
		return fmt.Errorf("%w %s: %w", ErrCheckpoint, c.File, err)
	}
	h := checkpointHeader{Of: c.Of, Note: c.Note, Product: len(product), Position: at}
	for side := range values {
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

// replaceable reports whether a checkpoint may take the place of the file: there is none,
// or it is a checkpoint.
func replaceable(file string) bool {
	f, err := os.Open(file)
	if err != nil {
		return errors.Is(err, os.ErrNotExist)
	}
	defer f.Close()
	magic := make([]byte, len(checkpointKind))
	_, err = io.ReadFull(f, magic)
	return err == nil && string(magic) == checkpointKind
}

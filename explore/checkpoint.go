package explore

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// A Checkpoint is a file from which a search of a product that was stopped, or
// killed, goes on. It has what was known when the level that was being expanded
// began: a search that goes on expands that level anew, and ends with exactly what
// one ends with that was never disturbed.
type Checkpoint struct {
	File string
	// Every is how often it is written while the search runs; 0 is never. It is
	// written in any case when the search is stopped, by its context or for want of
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

// ErrCheckpoint is what every error of a checkpoint is.
var ErrCheckpoint = errors.New("checkpoint")

// refuse is why a file is none, or cannot be written.
func refuse(file, format string, args ...any) error {
	return fmt.Errorf("%w %s: %s", ErrCheckpoint, file, fmt.Sprintf(format, args...))
}

// A file is a line that says what it is, the length of the header, the header,
// what the product keeps, the words of all levels, and the checksum of all that.
const (
	checkpointMagic = "explore checkpoint 1\n"
	maxHeader       = 1 << 24
)

// A header is what is known besides the states.
type checkpointHeader struct {
	Of, Note string
	Widths   []int // of the layout
	Levels   []int // how many states each has
	Product  int   // bytes that the product keeps
	Position position
}

// A position is what is known of the levels before the last one.
type position struct {
	Result Result
	Found  map[int]int
	Cut    []string
}

// position is where the search stands.
func (s *search[K]) position() position {
	return position{s.result, maps.Clone(s.found), slices.Sorted(maps.Keys(s.cut))}
}

// keep writes the checkpoint. The search may be running.
func (e *ExploredProduct) keep(c *Checkpoint) error {
	s := e.search
	s.inside.RLock()
	defer s.inside.RUnlock()
	if len(s.levels) == 0 {
		return nil
	}
	product, err := c.Save()
	if err != nil {
		return fmt.Errorf("%w %s: %w", ErrCheckpoint, c.File, err)
	}
	h := checkpointHeader{Of: c.Of, Note: c.Note, Product: len(product), Widths: e.space.layout.widths(), Position: s.at}
	for _, level := range s.levels {
		h.Levels = append(h.Levels, len(level))
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
		for _, level := range s.levels {
			for part := range slices.Chunk(level, 1<<12) {
				block = block[:0]
				for _, word := range part {
					block = binary.LittleEndian.AppendUint64(block, word)
				}
				if err := writeAll(w, block); err != nil {
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
	left := body - int64(len(checkpointMagic)+8) - int64(n) - int64(h.Product)
	if h.Product < 0 || left < 0 || len(h.Levels) == 0 {
		return h, nil, nil, refuse(file, wrong)
	}
	for _, states := range h.Levels {
		if states < 1 || int64(states) > left/wordBytes {
			return h, nil, nil, refuse(file, wrong)
		}
		left -= int64(states) * wordBytes
	}
	if left != 0 {
		return h, nil, nil, refuse(file, wrong)
	}
	return h, r, f.Close, nil
}

// ReadNote is the note of a checkpoint.
func ReadNote(file string) (string, error) {
	h, _, done, err := openCheckpoint(file)
	if err != nil {
		return "", err
	}
	return h.Note, done()
}

// resume puts the search where the checkpoint was written.
func (e *ExploredProduct) resume(c *Checkpoint) error {
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
	s, sp := e.search, e.space
	layout, ok := layoutOf(h.Widths)
	if !ok || len(h.Widths) != len(sp.Parts) {
		return refuse(c.File, "it is of another product")
	}
	states := 0
	for _, n := range h.Levels {
		states += n
	}
	var top Tuple
	sp.setLayout(layout)
	sp.table.grow(states)
	sp.table.reserve(states)
	block := make([]byte, wordBytes)
	for _, n := range h.Levels {
		level := make([]uint64, n)
		for i := range level {
			if _, err := io.ReadFull(r, block); err != nil {
				return refuse(c.File, "%v", err)
			}
			level[i] = binary.LittleEndian.Uint64(block)
			if level[i] == 0 || !sp.table.insert(level[i]) {
				return refuse(c.File, "it has a state twice")
			}
			for part, v := range layout.unpack(level[i]) {
				top[part] = max(top[part], v)
			}
		}
		s.levels = append(s.levels, level)
	}
	for _, x := range sp.explorers {
		x.top = top
	}
	s.at = h.Position
	s.result = s.at.Result
	maps.Copy(s.found, s.at.Found)
	for _, why := range s.at.Cut {
		s.cut[why] = true
	}
	return nil
}

// Package wire has what the processes of a search tell each other, and refuses what is none of
// it. Rows and values are octets with a checksum, the rest is JSON.
package wire

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"

	"tcpclose/check"
	"tcpclose/explore/partition"
)

// A Job is a search that workers are to carry out.
type Job struct {
	ID         string
	Plan       check.Plan
	Partitions int
	Bytes      int // of a block
	Streams    int // of blocks, and of rows
}

// A Task is one of a level's. Exactly one of its last three is there.
type Task struct {
	Job     string
	Task    int // its place among those of its kind
	Attempt int
	Expand  *partition.Expand `json:",omitempty"`
	Merge   *partition.Merge  `json:",omitempty"`
	Mark    *Mark             `json:",omitempty"`
}

// A Mark is the task of finding states before targets.
type Mark struct {
	partition.Mark
	Key     string // of the targets
	Targets int    // how many blocks they are
}

// Done says what came of a task.
type Done struct {
	Worker  string
	Missing uint32 // monitors that were read and do not run
	// Err is why the task failed. Lost is the tasks whose blocks a merge has not found.
	Err    string `json:",omitempty"`
	Lost   []int  `json:",omitempty"`
	Pieces int    // of what is told apart: new values, or marked states

	Expanded *partition.Expanded `json:",omitempty"` // without New
	Merged   *partition.Merged   `json:",omitempty"`
}

// A Hello tells from time to time that a worker is there.
type Hello struct {
	Worker string
	Hands  int
	Known  []int // the partitions whose states it has
	// Err tells what goes wrong with the servers, Refused why it cannot help with the job.
	Err     string `json:",omitempty"`
	Refused string `json:",omitempty"`
}

// ReadHello reads what a worker tells of itself.
func ReadHello(data []byte, j *Job) (*Hello, error) {
	h := &Hello{}
	if err := ReadJSON(data, h); err != nil {
		return nil, err
	}
	ok := word(h.Worker) && (h.Hands > 0 || h.Refused != "")
	for _, p := range h.Known {
		ok = ok && p >= 0 && p < j.Partitions
	}
	if !ok {
		return nil, malformed("hello %.200q: want a worker with hands, and partitions that there are", data)
	}
	return h, nil
}

// ErrMalformed matches every error of a message that is none.
var ErrMalformed = errors.New("malformed message")

func malformed(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrMalformed, fmt.Sprintf(format, args...))
}

// maxTasks bounds the tasks of a level, and maxLevels the levels, in a message.
const (
	maxTasks  = 1 << 24
	maxLevels = 1 << 16
)

// ReadJSON reads a message that is JSON.
func ReadJSON(data []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return malformed("%v", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return malformed("something follows the value")
	}
	return nil
}

// Validate returns why a job is none.
func (j *Job) Validate() error {
	switch {
	case !word(j.ID):
		return malformed("job %q: want letters and digits", j.ID)
	case j.Partitions < 1 || j.Partitions > partition.MaxPartitions:
		return malformed("job %s: %d partitions: want 1 to %d", j.ID, j.Partitions, partition.MaxPartitions)
	case j.Bytes < 1 || j.Bytes > 1<<30:
		return malformed("job %s: blocks of %d octets: want 1 to %d", j.ID, j.Bytes, 1<<30)
	case j.Streams < 1 || j.Streams > 64:
		return malformed("job %s: %d streams: want 1 to 64", j.ID, j.Streams)
	}
	return nil
}

// word reports whether a text can be part of a subject.
func word(text string) bool {
	for _, c := range text {
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9') {
			return false
		}
	}
	return text != "" && len(text) <= 64
}

// ReadTask reads a task of a job.
func ReadTask(data []byte, j *Job) (*Task, error) {
	t := &Task{}
	if err := ReadJSON(data, t); err != nil {
		return nil, err
	}
	within := func(n, below int) bool { return n >= 0 && n < below }
	ok := t.Job == j.ID && within(t.Task, maxTasks) && within(t.Attempt, maxTasks)
	of := 0
	if e := t.Expand; e != nil {
		of++
		ok = ok && within(e.Level, maxLevels) && within(e.Partition, j.Partitions) && within(e.Piece, maxTasks)
	}
	if m := t.Merge; m != nil {
		of++
		ok = ok && within(m.Level, maxLevels) && within(m.Partition, j.Partitions) && len(m.Pieces) == m.Level+1
		for _, n := range m.Pieces {
			ok = ok && within(n, maxTasks)
		}
		for _, s := range m.From {
			ok = ok && within(s.Task, maxTasks) && within(s.Blocks, maxTasks) && within(s.Partition, j.Partitions) && within(s.Piece, maxTasks)
		}
	}
	if m := t.Mark; m != nil {
		of++
		ok = ok && within(m.Level, maxLevels) && within(m.Partition, j.Partitions) && within(m.Piece, maxTasks) && within(m.Targets, maxTasks) && word(m.Key)
	}
	if !ok || of != 1 {
		return nil, malformed("task %.200q: want one of job %s, with numbers that can be", data, j.ID)
	}
	return t, nil
}

// ReadDone reads what came of a task.
func ReadDone(data []byte, j *Job) (*Done, error) {
	d := &Done{}
	if err := ReadJSON(data, d); err != nil {
		return nil, err
	}
	ok := d.Pieces >= 0 && d.Pieces < maxTasks
	if e := d.Expanded; e != nil {
		ok = ok && len(e.Blocks) == j.Partitions && e.Expanded >= 0 && e.Generated >= 0 && e.Terminals >= 0 && e.Fresh >= 0 && e.Bytes >= 0
		for _, n := range e.Blocks {
			ok = ok && n >= 0 && n < maxTasks
		}
	}
	if m := d.Merged; m != nil {
		ok = ok && m.States >= 0 && m.Pieces >= 0 && m.Pieces < maxTasks && m.Bytes >= 0
	}
	if !ok {
		return nil, malformed("result %.200q: numbers that cannot be", data)
	}
	return d, nil
}

// A frame has a kind, a checksum and the octets.
const (
	frameRows  = 'r'
	framePiece = 'p'
	magic      = "tcpclose"
	header     = len(magic) + 1 + 4
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func frame(kind byte, data []byte) []byte {
	b := make([]byte, 0, header+len(data))
	b = append(append(b, magic...), kind)
	b = binary.LittleEndian.AppendUint32(b, crc32.Checksum(data, castagnoli))
	return append(b, data...)
}

func unframe(kind byte, b []byte) ([]byte, error) {
	if len(b) < header || string(b[:len(magic)]) != magic || b[len(magic)] != kind {
		return nil, malformed("%d octets: want what begins with %s%c", len(b), magic, kind)
	}
	data := b[header:]
	if got, want := crc32.Checksum(data, castagnoli), binary.LittleEndian.Uint32(b[len(magic)+1:]); got != want {
		return nil, malformed("checksum %08x: want %08x", got, want)
	}
	return data, nil
}

// Rows writes a block.
func Rows(b partition.Block) []byte { return frame(frameRows, b) }

// ReadRows reads a block. Its rows are examined by whoever reads these.
func ReadRows(data []byte) (partition.Block, error) { return unframe(frameRows, data) }

// Pieces writes octets, packed, in messages of at most so many octets. The first says how many
// there are.
func Pieces(data []byte, most int) (pieces [][]byte) {
	var packed bytes.Buffer
	w, _ := flate.NewWriter(&packed, flate.BestSpeed)
	_, _ = w.Write(data) // into memory
	_ = w.Close()
	rest := packed.Bytes()
	n := max(1, (len(rest)+most-1)/most)
	for i := range n {
		piece := binary.AppendUvarint(nil, uint64(i))
		piece = binary.AppendUvarint(piece, uint64(n))
		part := rest[:min(most, len(rest))]
		rest = rest[len(part):]
		pieces = append(pieces, frame(framePiece, append(piece, part...)))
	}
	return pieces
}

// maxUnpacked bounds what pieces together unpack to.
const maxUnpacked = 1 << 32

// ReadPieces reads what Pieces wrote; get returns the i-th message.
func ReadPieces(get func(i int) ([]byte, error)) ([]byte, error) {
	var packed []byte
	for i, n := 0, 1; i < n; i++ {
		b, err := get(i)
		if err != nil {
			return nil, err
		}
		data, err := unframe(framePiece, b)
		if err != nil {
			return nil, err
		}
		at, w := binary.Uvarint(data)
		if w <= 0 || at != uint64(i) {
			return nil, malformed("piece %d: it says that it is piece %d", i, at)
		}
		data = data[w:]
		of, w := binary.Uvarint(data)
		if w <= 0 || of < 1 || of > maxTasks || i > 0 && of != uint64(n) {
			return nil, malformed("piece %d: it says that there are %d", i, of)
		}
		n = int(of)
		packed = append(packed, data[w:]...)
	}
	data, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(packed)), maxUnpacked))
	if err != nil {
		return nil, malformed("%v", err)
	}
	return data, nil
}

// AppendTexts writes lists of texts.
func AppendTexts(b []byte, texts [2][][]byte) []byte {
	for _, list := range texts {
		b = binary.AppendUvarint(b, uint64(len(list)))
		for _, text := range list {
			b = binary.AppendUvarint(b, uint64(len(text)))
			b = append(b, text...)
		}
	}
	return b
}

// A reader reads numbers and texts until one is wrong.
type reader struct {
	rest  []byte
	wrong bool
}

func (r *reader) number() uint64 {
	v, n := binary.Uvarint(r.rest)
	if n <= 0 {
		r.wrong = true
		return 0
	}
	r.rest = r.rest[n:]
	return v
}

// count reads how many things follow, each of an octet at least.
func (r *reader) count() int {
	n := r.number()
	if n > uint64(len(r.rest)) {
		r.wrong = true
		return 0
	}
	return int(n)
}

func (r *reader) texts() (texts [2][][]byte) {
	for side := range texts {
		for range r.count() {
			n := r.count()
			if r.wrong {
				return texts
			}
			texts[side] = append(texts[side], r.rest[:n:n])
			r.rest = r.rest[n:]
		}
	}
	return texts
}

// ReadTexts reads what AppendTexts wrote.
func ReadTexts(b []byte) ([2][][]byte, error) {
	r := reader{rest: b}
	texts := r.texts()
	if r.wrong || len(r.rest) > 0 {
		return texts, malformed("%d octets are no lists of values", len(b))
	}
	return texts, nil
}

// Naming writes the numbers of a level's values: those of a task ascend.
func Naming(n *partition.Naming) []byte {
	b := binary.AppendUvarint(nil, uint64(n.Level))
	b = AppendTexts(b, n.Texts)
	b = binary.AppendUvarint(b, uint64(len(n.Of)))
	for _, of := range n.Of {
		for _, list := range of {
			b = binary.AppendUvarint(b, uint64(len(list)))
			last := uint32(0)
			for _, v := range list {
				b = binary.AppendUvarint(b, uint64(v-last))
				last = v
			}
		}
	}
	return b
}

// ReadNaming reads what Naming wrote.
func ReadNaming(b []byte) (*partition.Naming, error) {
	r := reader{rest: b}
	n := &partition.Naming{Level: int(r.number() % maxLevels)}
	n.Texts = r.texts()
	for range r.count() {
		var of [2][]uint32
		for side := range of {
			last := uint64(0)
			for range r.count() {
				gap := r.number()
				if last += gap; gap == 0 || gap >= 1<<32 || last >= 1<<32 {
					r.wrong = true
				}
				if r.wrong {
					break
				}
				of[side] = append(of[side], uint32(last))
			}
		}
		n.Of = append(n.Of, of)
		if r.wrong {
			break
		}
	}
	if r.wrong || len(r.rest) > 0 {
		return nil, malformed("%d octets do not give numbers to values", len(b))
	}
	return n, nil
}

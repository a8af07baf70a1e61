package store

import (
	"fmt"
	"os"
	"sync"
	"sync/atomic"
)

// Where disk is allowed (Options.Spill), the levels lie in a file, of which the one that
// is expanded is read block by block; and the rows lie in another one, as far as the
// system can show a file as memory (memory_linux.go): what there is no memory for the
// kernel keeps on the disk. The files have no names and are gone with the process.
//
// What finds no room on the disk stays in memory, and Spill.Full says so.

// A Spill is a file of what was put there.
type Spill struct {
	file *os.File
	mu   sync.Mutex
	size int64
	full atomic.Bool // something found no room
}

// Full reports whether something found no room, or could not be written.
func (s *Spill) Full() bool { return s != nil && s.full.Load() }

// NewSpill makes one in a directory.
func NewSpill(dir string) (*Spill, error) {
	f, err := os.CreateTemp(dir, "tcpclose")
	if err != nil {
		return nil, fmt.Errorf("explore: %w", err)
	}
	if err := os.Remove(f.Name()); err != nil {
		return nil, fmt.Errorf("explore: %w", err)
	}
	return &Spill{file: f}, nil
}

// claim returns the offset of n more bytes.
func (s *Spill) claim(n int) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	at := s.size
	s.size += int64(n)
	return at
}

// Keep moves a block into the file, if it can.
func (s *Spill) Keep(b *Block) {
	at := s.claim(len(b.Packed))
	if _, err := s.file.WriteAt(b.Packed, at); err != nil {
		s.full.Store(true)
		return
	}
	*b = Block{States: b.States, file: s, at: at, length: len(b.Packed)}
}

// read puts what keep has put there into dst.
func (s *Spill) read(dst []byte, at int64, n int) []byte {
	if cap(dst) < n {
		dst = make([]byte, n)
	}
	dst = dst[:n]
	if _, err := s.file.ReadAt(dst, at); err != nil {
		panic(fmt.Sprintf("explore: what was put on the disk cannot be read: %v", err))
	}
	return dst
}

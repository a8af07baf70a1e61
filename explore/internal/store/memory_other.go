//go:build !linux || race

package store

import (
	"errors"
	"os"
)

type mapping struct{}

func mapMemory(int) (m memory, ok bool) { return m, false }

func mapFile(*os.File, int64, int) (m memory, err error) { return m, errors.ErrUnsupported }

func (m *memory) shrink() {}

func (m *memory) free() { *m = memory{} }

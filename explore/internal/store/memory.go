package store

import "runtime"

// A memory is words, all zero at first.
//
// Where it is large, and the system is known, it is the start of a range of
// addresses as large as the machine's memory, of which the kernel gives what is
// written to, in huge pages if it can: an access to gigabytes then costs one access to
// memory, and not one or two more for the page table.
type memory struct {
	words []uint64
	*mapping
}

const (
	wordBytes = 8
	filePage  = 1 << 16 // what is mapped of a file begins, and ends, at one: no page is larger
	// mappedWords is where a memory gets a range of its own. Below, it is the
	// garbage collector's.
	mappedWords = 16 << 20 / wordBytes
)

func newMemory(n int) memory {
	if n >= mappedWords {
		if m, ok := mapMemory(n); ok {
			return m
		}
	}
	return memory{words: make([]uint64, n)}
}

// memoryOfRuntime returns the bytes that Go has from the system: less than the process
// takes where memory is mapped.
func memoryOfRuntime() int64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.Sys - m.HeapReleased)
}

package store

import (
	"bytes"
	"os"
	"strconv"
)

// MemoryInUse returns the bytes of memory that the process takes.
func MemoryInUse() int64 {
	text, err := os.ReadFile("/proc/self/statm") // size and resident, in pages
	if fields := bytes.Fields(text); err == nil && len(fields) > 1 {
		if pages, err := strconv.ParseInt(string(fields[1]), 10, 64); err == nil {
			return pages * int64(os.Getpagesize())
		}
	}
	return memoryOfRuntime()
}

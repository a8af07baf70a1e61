package explore

import (
	"syscall"
	"unsafe"
)

// newSlots is n zero words. A search reads them at random, and most of what that
// costs is finding the page: so the kernel is asked for large ones. It may refuse,
// which does no harm.
func newSlots(n int) []uint64 {
	slots := make([]uint64, n)
	const page, large = 4 << 10, 2 << 20
	start := uintptr(unsafe.Pointer(&slots[0]))
	first := (start + page - 1) &^ (page - 1)
	end := (start + uintptr(n)*8) &^ (page - 1)
	if end > first && end-first >= large {
		b := unsafe.Slice((*byte)(unsafe.Add(unsafe.Pointer(&slots[0]), first-start)), end-first)
		_ = syscall.Madvise(b, syscall.MADV_HUGEPAGE)
	}
	return slots
}

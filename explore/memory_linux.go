//go:build linux && !race

package explore

import (
	"runtime"
	"syscall"
	"unsafe"
)

// A mapping is a range of addresses. It ends when nobody knows it any more.
type mapping struct {
	cleanup runtime.Cleanup
	bytes   []byte
}

// mapMemory reports false if the system has no such range.
func mapMemory(n int) (m memory, ok bool) {
	const (
		protection = syscall.PROT_READ | syscall.PROT_WRITE
		kind       = syscall.MAP_ANON | syscall.MAP_PRIVATE | syscall.MAP_NORESERVE
	)
	size := n * wordBytes
	var info syscall.Sysinfo_t
	if syscall.Sysinfo(&info) == nil {
		size = max(size, int(uint64(info.Totalram)*uint64(info.Unit)))
	}
	b, err := syscall.Mmap(-1, 0, size, protection, kind)
	if err != nil {
		return m, false
	}
	_ = syscall.Madvise(b, syscall.MADV_HUGEPAGE) // without, it is slower
	m.words = unsafe.Slice((*uint64)(unsafe.Pointer(unsafe.SliceData(b))), size/wordBytes)[:n]
	m.mapping = &mapping{bytes: b}
	m.cleanup = runtime.AddCleanup(m.mapping, unmap, b)
	return m, true
}

func unmap(b []byte) {
	_ = syscall.Munmap(b) // it was mapped
}

// free gives a range back at once.
func (m *memory) free() {
	if m.mapping != nil {
		m.cleanup.Stop()
		unmap(m.bytes)
	}
	*m = memory{}
}

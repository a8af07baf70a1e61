//go:build linux && !race

package store

import (
	"os"
	"runtime"
	"syscall"
	"unsafe"
)

// A mapping is a range of addresses. It ends when nobody knows it any more.
type mapping struct {
	cleanup runtime.Cleanup
	bytes   []byte
	ofFile  bool
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

// mapFile returns n words of a file, from an offset on, as memory. It returns an error if
// the disk has no room for them: such memory must not be written to.
func mapFile(f *os.File, at int64, n int) (m memory, err error) {
	if err := syscall.Fallocate(int(f.Fd()), 0, at, int64(n*wordBytes)); err != nil {
		return m, err
	}
	b, err := syscall.Mmap(int(f.Fd()), at, n*wordBytes, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
	if err != nil {
		return m, err
	}
	m.words = unsafe.Slice((*uint64)(unsafe.Pointer(unsafe.SliceData(b))), n)
	m.mapping = &mapping{bytes: b, ofFile: true}
	m.cleanup = runtime.AddCleanup(m.mapping, unmap, b)
	return m, nil
}

// shrink gives back the memory of a file: what was written the kernel has, and puts
// on the disk.
func (m *memory) shrink() {
	if m.mapping != nil && m.ofFile {
		_ = syscall.Madvise(m.bytes, syscall.MADV_DONTNEED) // it stays where it was
	}
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

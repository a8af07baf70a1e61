//go:build !linux

package store

// MemoryInUse returns the bytes of memory that the process takes.
func MemoryInUse() int64 { return memoryOfRuntime() }

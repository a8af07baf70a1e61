//go:build !linux

package explore

// memoryInUse is the bytes of memory that the process takes.
func memoryInUse() int64 { return memoryOfRuntime() }

package store

// Pair returns a state: the number of the first half's value above that of the second's.
func Pair(x, y uint32) uint64 { return uint64(x)<<32 | uint64(y) }

// Sides returns the numbers of both halves' values.
func Sides(k uint64) [2]uint32 { return [2]uint32{uint32(k >> 32), uint32(k)} }

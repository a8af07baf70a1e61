//go:build !linux

package explore

// newSlots is n zero words.
func newSlots(n int) []uint64 { return make([]uint64, n) }

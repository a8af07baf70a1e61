//go:build !amd64

package explore

import "sync/atomic"

// prefetch loads the cache lines where the search for each word begins: a run of
// loads waits for memory once, a run of inserts every time.
func prefetch(slots []uint64, words []uint64) {
	var warm uint64
	for _, w := range words {
		warm ^= atomic.LoadUint64(&slots[home(mix(w), len(slots))])
	}
	sink.Store(warm)
}

// sink keeps the compiler from leaving out the loads.
var sink atomic.Uint64

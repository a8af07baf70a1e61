package explore

// prefetch asks for the cache lines where the search for each word begins. It does
// not wait for them.
//
//go:noescape
func prefetch(slots []uint64, words []uint64)

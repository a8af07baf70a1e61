package explore

import (
	"tcpclose/explore/internal/search"
)

// A Watch sees the states, or terminal states, of an opaque system that State accepts, or
// the steps that Step accepts.
type Watch[S comparable, A any] struct {
	Kind  Kind
	State func(S) bool
	Step  func(from S, action A, to S) bool
}

// MaxWatches limits the watches of one search.
const MaxWatches = search.MaxWatches

package explore

import (
	"tcpclose/explore/internal/search"
)

// A Watch looks out for something in an opaque system: for states (or terminal
// states) that State accepts, or for steps that Step accepts.
type Watch[S comparable, A any] struct {
	Kind  Kind
	State func(S) bool
	Step  func(from S, action A, to S) bool
}

// MaxWatches is how many watches one search can look out for.
const MaxWatches = search.MaxWatches

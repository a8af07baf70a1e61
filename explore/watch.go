package explore

import (
	"fmt"

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

// Kind says what a watch looks at.
type Kind uint8

const (
	States    Kind = iota // every reachable state
	Steps                 // every step from a reachable state, into states already seen included
	Terminals             // every reachable state that no step leaves
)

// String returns the kind in words.
func (k Kind) String() string {
	names := [...]string{"state", "step", "terminal state"}
	if int(k) >= len(names) {
		return fmt.Sprintf("Kind(%d)", uint8(k))
	}
	return names[k]
}

// validate returns an error if the watch sees nothing; it is the nth.
func (w *Watch[S, A]) validate(nth int) error {
	switch {
	case w.Kind > Terminals:
		return fmt.Errorf("explore: watch %d: no kind %v: want States, Steps or Terminals", nth, w.Kind)
	case w.Kind == Steps && w.Step == nil:
		return fmt.Errorf("explore: watch %d of steps has no Step: want a function", nth)
	case w.Kind != Steps && w.State == nil:
		return fmt.Errorf("explore: watch %d of %vs has no State: want a function", nth, w.Kind)
	}
	return nil
}

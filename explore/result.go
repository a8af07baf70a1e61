package explore

import (
	"fmt"
	"strings"

	"tcpclose/explore/internal/search"
)

// Result describes what a search has seen.
type Result struct {
	Distinct  int // different states, in the levels that were finished
	Generated int // initial states and steps, repeats included
	Depth     int // levels, that of the initial states counting as one
	Terminals int // states that no step leaves

	// Incomplete names what kept the search from seeing everything, in
	// alphabetical order; empty means that every reachable state was seen.
	Incomplete []string
}

// Complete reports whether every reachable state and step was seen.
func (r Result) Complete() bool { return len(r.Incomplete) == 0 }

// String returns the numbers in one line.
func (r Result) String() string {
	s := fmt.Sprintf("%d distinct states, %d generated, depth %d", r.Distinct, r.Generated, r.Depth)
	if !r.Complete() {
		s += " (incomplete: " + strings.Join(r.Incomplete, ", ") + ")"
	}
	return s
}

// Reasons for which a search is incomplete, besides those a system gives.
const (
	BoundStates   = search.BoundStates // Limits.States
	BoundDepth    = search.BoundDepth  // Limits.Depth
	BoundEnough   = search.BoundEnough // Options.Enough
	BoundMemory   = search.BoundMemory // Options.MaxMemory
	BoundDisk     = search.BoundDisk   // as well: the disk had no room for what was to be spilled
	Interrupted   = search.Interrupted // the context was cancelled
	TimedOut      = search.TimedOut    // the context's deadline passed
	BoundBoundary = "boundary"         // a step was cut by a system's Within
)

package explore

import (
	"fmt"
	"runtime"
	"strings"
)

// Kind says what a watch looks at.
type Kind uint8

const (
	States    Kind = iota // every reachable state
	Steps                 // every step from a reachable state, into states already seen included
	Terminals             // every reachable state that no step leaves
)

func (k Kind) String() string {
	names := [...]string{"state", "step", "terminal state"}
	if int(k) >= len(names) {
		return fmt.Sprintf("Kind(%d)", uint8(k))
	}
	return names[k]
}

// MaxWatches is how many watches one search can look out for.
const MaxWatches = 127

// Bits is a set of watches.
type Bits [(MaxWatches + 63) / 64]uint64

// All is the set of all watches.
var All = Bits{^uint64(0), ^uint64(0) >> 1}

// Bit is the set of watch i alone.
func Bit(i int) (b Bits) {
	b[i/64] = 1 << (i % 64)
	return b
}

// Has reports whether watch i is in b.
func (b Bits) Has(i int) bool { return b[i/64]>>(i%64)&1 != 0 }

// And is the intersection of b and c.
func (b Bits) And(c Bits) Bits { return Bits{b[0] & c[0], b[1] & c[1]} }

// Or is the union of b and c.
func (b Bits) Or(c Bits) Bits { return Bits{b[0] | c[0], b[1] | c[1]} }

// Without is b less what is in c.
func (b Bits) Without(c Bits) Bits { return Bits{b[0] &^ c[0], b[1] &^ c[1]} }

// Empty reports whether b has no watch.
func (b Bits) Empty() bool { return b[0]|b[1] == 0 }

// Limits are where a search stops although there is more to see. A zero field
// sets no limit. A limit is never part of the system: a search that meets one
// has not seen everything.
type Limits struct {
	States int // distinct states; a level that would pass it is checked but not kept
	Depth  int // steps from an initial state
}

// Options of a search.
type Options struct {
	Workers  int // goroutines; 0 means one for each processor
	Limits   Limits
	Progress func(Progress) // called now and then from one goroutine; may be nil
	// MaxMemory is how many bytes the process may take, 0 any number: a search that
	// would need more stops.
	MaxMemory int64
	// Spill, if not empty, is a directory in which the search of a product may put what
	// it has no memory for.
	Spill string
	// Checkpoint, if not nil, is where a search of a product can be taken up again.
	Checkpoint *Checkpoint
	// Enough, if it is not nil, is asked after each level whether to stop; found
	// tells whether a watch has seen something. The level is finished, so what is
	// reported does not depend on the number of workers.
	Enough func(found func(watch int) bool) bool
}

func (o Options) workers() int {
	if o.Workers > 0 {
		return o.Workers
	}
	return runtime.GOMAXPROCS(0)
}

// Progress is how far a search has come.
type Progress struct {
	Distinct  int     // states found so far
	Generated int     // steps taken so far
	Depth     int     // levels finished
	Frontier  int     // states of the level being expanded
	Expanded  int     // of these, how many have been
	Memory    int64   // bytes that the process takes
	Load      float64 // share of the table that is taken
}

// Result is what a search has seen.
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

func (r Result) String() string {
	s := fmt.Sprintf("%d distinct states, %d generated, depth %d", r.Distinct, r.Generated, r.Depth)
	if !r.Complete() {
		s += " (incomplete: " + strings.Join(r.Incomplete, ", ") + ")"
	}
	return s
}

// Reasons for which a search is incomplete, besides those a system gives.
const (
	BoundStates   = "states"    // Limits.States
	BoundDepth    = "depth"     // Limits.Depth
	BoundEnough   = "enough"    // Options.Enough
	BoundMemory   = "memory"    // Options.MaxMemory
	Interrupted   = "interrupt" // the context was cancelled
	TimedOut      = "timeout"   // the context's deadline passed
	BoundBoundary = "boundary"  // a step was cut by a system's Within
)

package explore

import (
	"tcpclose/explore/internal/search"
)

// Options of a search.
type Options struct {
	Workers  int // goroutines; 0 means one for each processor
	Limits   Limits
	Progress func(Progress) // called now and then from one goroutine; may be nil
	// MaxMemory limits the bytes that the process may take; 0 sets no limit. A search
	// that would need more stops.
	MaxMemory int64
	// Enough, if it is not nil, is asked after each level whether to stop; found
	// tells whether a watch has seen something. The level is finished, so what is
	// reported does not depend on the number of workers.
	Enough func(found func(watch int) bool) bool
}

// settings returns the options as the engine has them.
func (o Options) settings() search.Options {
	s := search.Options{Workers: o.Workers, MaxStates: o.Limits.States, MaxDepth: o.Limits.Depth, MaxMemory: o.MaxMemory, Enough: o.Enough}
	if o.Progress != nil {
		s.Progress = func(p search.Progress) { o.Progress(Progress(p)) }
	}
	return s
}

// Limits are where a search stops although there is more to see. A zero field
// sets no limit. A limit is never part of the system: a search that meets one
// has not seen everything.
type Limits struct {
	States int // distinct states; a level that would pass it is checked but not kept
	Depth  int // steps from an initial state
}

// Progress describes a running search.
type Progress struct {
	Distinct  int     // states found so far
	Generated int     // steps taken so far
	Depth     int     // levels finished
	Frontier  int     // states of the level being expanded
	Expanded  int     // of these, how many have been
	Memory    int64   // bytes that the process takes
	Load      float64 // share of the table that is taken
}

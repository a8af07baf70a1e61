package explore

import (
	"tcpclose/explore/internal/search"
)

// OpaqueOptions of a search.
type OpaqueOptions struct {
	Workers  int // goroutines; 0 means one for each processor
	Limits   Limits
	Progress func(Progress) // called now and then from one goroutine; may be nil
	// MaxMemory is how many bytes the process may take, 0 any number: a search that
	// would need more stops.
	MaxMemory int64
	// Enough, if it is not nil, is asked after each level whether to stop; found
	// tells whether a watch has seen something. The level is finished, so what is
	// reported does not depend on the number of workers.
	Enough func(found func(watch int) bool) bool
}

// settings is the options as the engine has them.
func (o OpaqueOptions) settings() search.Options {
	s := search.Options{Workers: o.Workers, MaxStates: o.Limits.States, MaxDepth: o.Limits.Depth, MaxMemory: o.MaxMemory, Enough: o.Enough}
	if o.Progress != nil {
		s.Progress = func(p search.Progress) { o.Progress(Progress(p)) }
	}
	return s
}

package product

import (
	"tcpclose/explore"
	"tcpclose/explore/internal/search"
)

// Options are the options of the search of a product.
type Options struct {
	Workers  int // goroutines; 0 means one for each processor
	Limits   explore.Limits
	Progress func(explore.Progress) // called now and then from one goroutine; may be nil
	// MaxMemory limits the bytes that the process may take; 0 sets no limit. A search
	// that would need more stops.
	MaxMemory int64
	// Spill, if not empty, is a directory in which the search may put what it has no
	// memory for.
	Spill string
	// Checkpoint, if not nil, is where the search can be taken up again.
	Checkpoint *Checkpoint
	// Enough, if it is not nil, is asked after each level whether to stop; found
	// tells whether a watch has seen something. The level is finished, so what is
	// reported does not depend on the number of workers.
	Enough func(found func(watch int) bool) bool
}

// Opaque returns the options as an opaque system can have them: without a place on the
// disk and a checkpoint.
func (o Options) Opaque() explore.Options {
	return explore.Options{Workers: o.Workers, Limits: o.Limits, Progress: o.Progress, MaxMemory: o.MaxMemory, Enough: o.Enough}
}

// settings returns the options as the engine has them.
func (o Options) settings() search.Options {
	s := search.Options{Workers: o.Workers, MaxStates: o.Limits.States, MaxDepth: o.Limits.Depth, MaxMemory: o.MaxMemory, Enough: o.Enough}
	if o.Progress != nil {
		s.Progress = func(p search.Progress) { o.Progress(explore.Progress(p)) }
	}
	return s
}

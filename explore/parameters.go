package explore

import "cmp"

// Kinds is the watches of each kind.
type Kinds struct{ States, Steps, Terminals Watches }

// settings are the options of a search; package explore says what they mean.
type settings struct {
	Workers             int
	MaxStates, MaxDepth int
	MaxMemory           int64
	Progress            func(progress)
	Enough              func(found func(watch int) bool) bool
}

// progress is how far a search has come: see Progress in package explore.
type progress struct {
	Distinct, Generated       int
	Depth, Frontier, Expanded int
	Memory                    int64
	Load                      float64
}

// counts is what a search has seen: see Result in package explore.
type counts struct {
	Distinct, Generated, Depth, Terminals int
	Incomplete                            []string
}

// Reasons for which a search is incomplete; package explore says which.
const (
	boundStates = "states"
	boundDepth  = "depth"
	boundEnough = "enough"
	boundMemory = "memory"
	interrupted = "interrupt"
	timedOut    = "timeout"
)

// A stepWeight is what one step adds to a run.
type stepWeight struct {
	Cost  int // 0 or more
	Actor int // who makes it: 1 or 2, or 0 for somebody else
}

// A runLoad is what the steps of a run weigh together.
type runLoad struct{ Cost, Turns int }

// Compare orders loads, the lightest first.
func (l runLoad) Compare(m runLoad) int {
	return cmp.Or(cmp.Compare(l.Cost, m.Cost), cmp.Compare(l.Turns, m.Turns))
}

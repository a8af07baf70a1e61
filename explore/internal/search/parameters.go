package search

import "cmp"

// Kinds is the watches of each kind.
type Kinds struct{ States, Steps, Terminals Watches }

// Options are the options of a search; package explore says what they mean.
type Options struct {
	Workers             int
	MaxStates, MaxDepth int
	MaxMemory           int64
	Ignore              Watches // what they see is not noted
	Progress            func(Progress)
	Enough              func(found func(watch int) bool) bool
}

// Progress describes a running search: see Progress in package explore.
type Progress struct {
	Distinct, Generated       int
	Depth, Frontier, Expanded int
	Memory                    int64
	Load                      float64
}

// Result describes what a search has seen: see Result in package explore.
type Result struct {
	Distinct, Generated, Depth, Terminals int
	Incomplete                            []string
}

// Reasons for which a search is incomplete; package explore says which.
const (
	BoundStates = "states"
	BoundDepth  = "depth"
	BoundEnough = "enough"
	BoundMemory = "memory"
	BoundDisk   = "full disk"
	Interrupted = "interrupt"
	TimedOut    = "timeout"
)

// A Weight is the weight of one step.
type Weight struct {
	Cost  int // 0 or more
	Actor int // who makes it: 1 or 2, or 0 for somebody else
}

// A Load is the weight of a run.
type Load struct{ Cost, Turns int }

// Compare orders loads, the lightest first.
func (l Load) Compare(m Load) int {
	return cmp.Or(cmp.Compare(l.Cost, m.Cost), cmp.Compare(l.Turns, m.Turns))
}

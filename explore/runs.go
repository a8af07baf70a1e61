package explore

import (
	"tcpclose/explore/internal/stategraph"
)

// Runs is all runs of a system that was explored, as a graph of its states and
// steps, with what some watches see in them. It is made once and answers any
// number of questions.
type Runs[S comparable, A any] struct {
	// Incomplete names why the graph is not all of the system; see
	// Result.Incomplete. Nothing is then said to hold.
	Incomplete []string

	graph   *stategraph.Graph
	columns *stategraph.Columns
	// replay is the run from initial state number start by the picked steps, each
	// counted among those that are not cut.
	replay func(start int, picks []int) Path[S, A]
}

// path returns the run along steps of the graph.
func (r *Runs[S, A]) path(start uint32, steps []uint64) Path[S, A] {
	var picks []int
	s := start
	for _, step := range steps {
		picks = append(picks, int(step-r.graph.First[s]))
		s = r.graph.To[step]
	}
	return r.replay(int(start), picks)
}

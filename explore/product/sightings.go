package product

import (
	"tcpclose/explore"
	"tcpclose/explore/internal/search"
)

// Sightings calls visit for every state that watch i sees or, if it sees steps, for
// every state to which one leads that it sees; those after fewer steps first. The
// order of those after equally many is not defined, and one may come more than
// once. It stops when visit says that it has seen enough. Watch i is not one of
// terminal states.
func (e *Explored) Sightings(i int, visit func(steps int, t Tuple) (enough bool)) {
	x := e.space.explorers[0]
	ofSteps := e.space.Watches[i].Kind == explore.Steps
	x.Observe(Bit(i))
	for d, level := range e.search.Levels {
		if ofSteps && e.search.Open && d == len(e.search.Levels)-1 {
			return
		}
		for _, w := range search.Keys(level) {
			if !ofSteps {
				if x.Seen(w).Has(i) && visit(d, e.space.unpack(w)) {
					return
				}
				continue
			}
			for _, step := range x.Steps(w) {
				if !step.Cut && step.Seen.Has(i) && visit(d+1, e.space.unpack(step.To)) {
					return
				}
			}
		}
	}
}

package explore

// Sightings calls visit for every state that watch i sees or, if it sees steps, for
// every state to which one leads that it sees; those after fewer steps first. The
// order of those after equally many is not defined, and one may come more than
// once. It stops when visit says that it has seen enough. Watch i is not one of
// terminal states.
func (e *ExploredProduct) Sightings(i int, visit func(steps int, t Tuple) (enough bool)) {
	x := e.space.explorers[0]
	ofSteps := e.space.Watches[i].Kind == Steps
	x.heed(Bit(i))
	for d, level := range e.search.levels {
		if ofSteps && e.search.open && d == len(e.search.levels)-1 {
			return
		}
		for _, w := range all(level) {
			if !ofSteps {
				if x.seen(w).Has(i) && visit(d, e.space.unpack(w)) {
					return
				}
				continue
			}
			for _, step := range x.steps(w) {
				if !step.cut && step.seen.Has(i) && visit(d+1, e.space.unpack(step.to)) {
					return
				}
			}
		}
	}
}

package explore

// A Path is a run from an initial state: Actions[i] leads from States[i] to
// States[i+1].
type Path[S comparable, A any] struct {
	States  []S
	Actions []A
}

// follow returns the run of sys from start along the steps with these indexes.
func follow[S comparable, A any](sys System[S, A], start S, picks []int) Path[S, A] {
	path := Path[S, A]{States: []S{start}}
	s := start
	for _, nth := range picks {
		step := sys.Steps(nil, s)[nth]
		path.Actions = append(path.Actions, step.Action)
		path.States = append(path.States, step.To)
		s = step.To
	}
	return path
}

// replay returns the run of sys from start along the steps with these indexes, where cut
// steps are not counted.
func replay[S comparable, A any](sys System[S, A], start S, picks []int) Path[S, A] {
	bounded, _ := sys.(Bounded[S, A])
	path := Path[S, A]{States: []S{start}}
	s := start
	for _, nth := range picks {
		for _, step := range sys.Steps(nil, s) {
			if bounded != nil && !bounded.Within(s, step.Action, step.To) {
				continue
			}
			if nth == 0 {
				path.Actions = append(path.Actions, step.Action)
				path.States = append(path.States, step.To)
				s = step.To
				break
			}
			nth--
		}
	}
	return path
}

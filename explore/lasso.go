package explore

// A Lasso is a run that goes on for ever: States[Loop:] again and again, by
// Actions[Loop:]. The last state is States[Loop]. If no action is left to repeat,
// the run rests there: the state is terminal.
type Lasso[S comparable, A any] struct {
	Path[S, A]
	Loop  int
	cycle []uint64 // steps of the graph
}

// Rests reports whether the run comes to rest in a terminal state.
func (l *Lasso[S, A]) Rests() bool { return l.Loop == len(l.Actions) }

// lasso is the run along arcs of a pairing, of which those from loop on are
// repeated.
func (r *Runs[S, A]) lasso(arcs []arc, loop int, start uint32) *Lasso[S, A] {
	moves := func(a arc) bool { return r.graph.on[a.step]&resting == 0 }
	var steps []uint64
	at := 0
	for i, a := range arcs {
		if i == loop {
			at = len(steps)
		}
		if moves(a) {
			steps = append(steps, a.step)
		}
	}
	l := &Lasso[S, A]{Path: r.path(start, steps), Loop: at}
	if at < len(steps) {
		l.cycle = steps[at:]
	}
	return l
}

// Unfair is which of the conditions a lasso that Check found does not satisfy,
// for certain: each of them, had it been assumed, would have ruled it out.
func (r *Runs[S, A]) Unfair(l *Lasso[S, A], conditions []Fairness) (unfair []int, err error) {
	t := total{all: ^uint32(0)}
	for _, step := range l.cycle {
		// Not mayTake: what is not known to be enabled rules out nothing.
		t.node(r.graph.enabled[r.graph.source(step)])
		t.arc(0, r.graph.on[step])
	}
	for i, c := range conditions {
		f, err := r.fairness(Liveness{Fair: []Fairness{c}})
		if err != nil {
			return nil, err
		}
		if len(l.cycle) > 0 && (f.missing(&t) || f.shunned(&t) != 0) {
			unfair = append(unfair, i)
		}
	}
	return unfair, nil
}

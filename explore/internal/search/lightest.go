package search

// Of all shortest runs the lightest is found backwards, too: along the states that
// are marked as being on shortest runs, each knows what the rest of a run from it
// weighs at least. As with the least run, that depends on the levels as sets
// only, so not on the number of workers; and of equally light runs that is taken
// whose steps come first.

// actors is the number of values of Weight.Actor.
const actors = 3

// with returns the load of a run that begins with a step, whose actor follows another.
func (l Load) with(w Weight, after int) Load {
	l.Cost += w.Cost
	if after != 0 && w.Actor != 0 && w.Actor != after {
		l.Turns++
	}
	return l
}

// lightRun is a run and what it weighs.
type lightRun[K comparable] struct {
	run[K]
	Load Load
}

// Lightest finds, for each of the watches that saw something, the lightest of the
// shortest runs to it.
func (s *Search[K]) Lightest(watches []int, weights func(K) []Weight) map[int]lightRun[K] {
	t := s.trace(watches)
	if t == nil {
		return nil
	}
	runs := map[int]lightRun[K]{}
	for _, i := range watches {
		if depth, ok := s.Found[i]; ok {
			if run, ok := t.lightest(i, depth, weights); ok {
				runs[i] = run
			}
		}
	}
	return runs
}

// A tail is the lightest way on from a state, by who acted last before it: the
// place of its first step, and what all of it weighs.
type tail [actors]struct {
	pick int
	to   int // the actor of the last action after the step
	load Load
}

// lightest follows the marks to what watch i sees after depth steps. It reports false if
// they do not lead there.
func (t *tracer[K]) lightest(i, depth int, weights func(K) []Weight) (r lightRun[K], ok bool) {
	t.Observe(Watch(i))
	w := t.Workers[0]
	onState := t.Kinds.Terminals.Has(i)
	tails := make([]map[K]tail, depth+1)
	for d := depth - 1; d >= 0; d-- {
		tails[d] = map[K]tail{}
		for k, marks := range t.on[d] {
			if !marks.Has(i) {
				continue
			}
			weighed := weights(k)
			steps := w.Steps(k)
			var best tail
			none := true
			for nth, step := range steps {
				last := d == depth-1 && !onState
				if step.Cut || nth >= len(weighed) || last && !step.Seen.Has(i) || !last && !t.on[d+1][step.To].Has(i) {
					continue
				}
				var rest tail
				if d+1 < depth {
					rest = tails[d+1][step.To]
				}
				for after := range actors {
					to := weighed[nth].Actor
					if to == 0 {
						to = after
					}
					load := rest[to].load.with(weighed[nth], after)
					if none || load.Compare(best[after].load) < 0 {
						best[after].pick, best[after].to, best[after].load = nth, to, load
					}
				}
				none = false
			}
			if !none {
				tails[d][k] = best
			}
		}
	}
	for _, k := range t.space.Starts(t.Initial) {
		if !t.on[0][k].Has(i) {
			continue
		}
		var load Load
		if depth > 0 {
			load = tails[0][k][0].load
		}
		if !ok || load.Compare(r.Load) < 0 {
			r.Start, r.Load, ok = k, load, true
		}
	}
	for d, k, actor := 0, r.Start, 0; ok && d < depth; d++ {
		on, known := tails[d][k]
		steps := w.Steps(k)
		at := on[actor]
		if !known || at.pick >= len(steps) {
			return r, false
		}
		r.Picks = append(r.Picks, at.pick)
		k, actor = steps[at.pick].To, at.to
	}
	return r, ok
}

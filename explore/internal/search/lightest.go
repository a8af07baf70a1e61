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
// shortest runs to it. What weights returns for a state weighs the nth step from it, and
// reports false if there are fewer.
func (s *Search[K]) Lightest(watches []int, weights func(K) func(nth int) (Weight, bool)) map[int]lightRun[K] {
	t := s.trace(watches)
	if t == nil {
		return nil
	}
	l := lightest[K]{tracer: t, weights: weights, of: map[int]*tails[K]{}}
	all := Watches{}
	for _, i := range watches {
		if depth, ok := s.Found[i]; ok && l.of[i] == nil {
			l.of[i] = &tails[K]{depth: depth, way: make([]map[K]way, depth)}
			l.watches = append(l.watches, i)
			all = all.Or(Watch(i))
		}
	}
	t.Observe(all)
	for d := t.last - 1; d >= 0; d-- {
		l.level(d)
	}
	runs := map[int]lightRun[K]{}
	for i := range l.of {
		if run, ok := l.run(i); ok {
			runs[i] = run
		}
	}
	return runs
}

// A lightest looks for the lightest of the shortest runs, for several watches at once:
// what a step weighs is the same for all.
type lightest[K comparable] struct {
	*tracer[K]
	weights func(K) func(nth int) (Weight, bool)
	watches []int
	of      map[int]*tails[K]
}

// tails has the lightest ways on to what a watch sees after depth steps.
type tails[K comparable] struct {
	depth int
	way   []map[K]way        // by level
	rest  map[K][actors]Load // of the level after the one that is looked at
	found map[K][actors]Load // of that one
}

// A way is the lightest one on from a state, by who acted last before it: the place of
// its first step, and the actor of the last action after it.
type way [actors]struct {
	pick int32
	to   uint8
}

// level finds the ways from the states of level d.
func (l *lightest[K]) level(d int) {
	for _, t := range l.of {
		if d < t.depth {
			t.way[d], t.rest, t.found = map[K]way{}, t.found, map[K][actors]Load{}
		}
	}
	for k, marks := range l.on[d] {
		var steps []Step[K]
		var weigh func(int) (Weight, bool)
		for _, i := range l.watches {
			t := l.of[i]
			if d >= t.depth || !marks.Has(i) {
				continue
			}
			if weigh == nil {
				steps, weigh = l.Workers[0].Steps(k), l.weights(k)
			}
			if w, loads, ok := l.way(i, d, t, steps, weigh); ok {
				t.way[d][k], t.found[k] = w, loads
			}
		}
	}
}

// way returns the ways by the steps from a state of level d to what watch i sees, and
// what they weigh.
func (l *lightest[K]) way(i, d int, t *tails[K], steps []Step[K], weigh func(int) (Weight, bool)) (best way, loads [actors]Load, ok bool) {
	last := d == t.depth-1 && !l.Kinds.Terminals.Has(i)
	for nth := range steps {
		step := &steps[nth]
		if step.Cut || last && !step.Seen.Has(i) || !last && !l.on[d+1][step.To].Has(i) {
			continue
		}
		w, known := weigh(nth)
		if !known {
			continue
		}
		rest := t.rest[step.To]
		for after := range actors {
			to := w.Actor
			if to == 0 {
				to = after
			}
			load := rest[to].with(w, after)
			if !ok || load.Compare(loads[after]) < 0 {
				best[after].pick, best[after].to, loads[after] = int32(nth), uint8(to), load
			}
		}
		ok = true
	}
	return best, loads, ok
}

// run follows the ways to what watch i sees. It reports false if they do not lead there.
func (l *lightest[K]) run(i int) (r lightRun[K], ok bool) {
	t := l.of[i]
	for _, k := range l.space.Starts(l.Initial) {
		if !l.on[0][k].Has(i) {
			continue
		}
		load := t.found[k][0]
		if !ok || load.Compare(r.Load) < 0 {
			r.Start, r.Load, ok = k, load, true
		}
	}
	w := l.Workers[0]
	for d, k, actor := 0, r.Start, uint8(0); ok && d < t.depth; d++ {
		on, known := t.way[d][k]
		steps := w.Steps(k)
		at := on[actor]
		if !known || int(at.pick) >= len(steps) {
			return r, false
		}
		r.Picks = append(r.Picks, int(at.pick))
		k, actor = steps[at.pick].To, at.to
	}
	return r, ok
}

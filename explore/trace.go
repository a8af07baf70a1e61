package explore

import "maps"

// A path is found backwards. Let a watch see something first after d steps.
// The states of level d-1 with a step to it are known by expanding that level
// once more; those of level d-2 with a step to one of these likewise; and so on
// to the initial states. From there, forwards, the first step in order that
// stays among these states, d times, is the least of all shortest paths: it
// depends on the levels as sets only, so not on the number of workers.
//
// This costs at most a second exploration of the levels up to d, once for all
// that was found together; storing a parent with every state would cost every
// search its memory, and would remember one shortest path of many.

// A run is a path: the key of the state where it starts, and the place of each
// step among the steps of its source.
type run[K comparable] struct {
	start K
	picks []int
}

// paths finds, for each of the watches that saw something, the least shortest
// run to it.
func (s *search[K]) paths(watches []int) map[int]run[K] {
	t := s.trace(watches)
	if t == nil {
		return nil
	}
	runs := map[int]run[K]{}
	for _, i := range watches {
		if depth, ok := s.found[i]; ok {
			runs[i] = t.run(i, depth)
		}
	}
	return runs
}

// trace marks the states on shortest runs to what the watches saw; it is nil if
// they saw nothing.
func (s *search[K]) trace(watches []int) *tracer[K] {
	t := tracer[K]{search: s, goals: map[int]watchSet{}}
	for _, i := range watches {
		if depth, ok := s.found[i]; ok {
			t.goals[depth] = t.goals[depth].Or(watchBit(i)).Or(s.space.imageOf(watchBit(i)))
			t.last = max(t.last, depth)
		}
	}
	if len(t.goals) == 0 {
		return nil
	}
	t.mark()
	return &t
}

// A tracer looks for the runs to what watches see.
type tracer[K comparable] struct {
	*search[K]
	goals map[int]watchSet // by depth: the watches that see something first there
	last  int              // the largest depth
	on    []map[K]watchSet // by level: the states on shortest runs, and to what
}

// mark finds the states on shortest runs, level by level from the last.
func (t *tracer[K]) mark() {
	t.on = make([]map[K]watchSet, t.last+2)
	for d := t.last; d >= 0; d-- {
		if d < len(t.levels) {
			t.markLevel(d)
		}
	}
}

func (t *tracer[K]) markLevel(d int) {
	// Steps from here and the states that they reach are goals of the next
	// depth; terminal states, and initial ones, of this.
	ahead := t.goals[d+1].Without(t.kinds.terminals)
	here := t.goals[d].And(t.kinds.terminals)
	if d == 0 {
		here = t.goals[0]
	}
	t.heed(ahead.Or(here))
	marks := make([]map[K]watchSet, len(t.workers))
	keys := make([][]K, len(t.workers))
	for i := range marks {
		marks[i] = map[K]watchSet{}
	}
	level := t.levels[d]
	sought := t.space.sought(maps.Keys(t.on[d+1]))
	eachBlock(level.Blocks(), len(t.workers), func(i, block int) bool {
		if d == 0 {
			keys[i] = level.Keys(keys[i], block)
		} else {
			keys[i] = t.workers[i].seek(keys[i], level, block, sought)
		}
		for _, k := range keys[i] {
			if m := t.markOf(t.workers[i], d, k, here, ahead); !m.Empty() {
				marks[i][k] = m
				if image := t.space.image(k); image != k {
					marks[i][image] = t.space.imageOf(m)
				}
			}
		}
		return true
	})
	t.on[d] = marks[0]
	for _, more := range marks[1:] {
		for k, m := range more {
			t.on[d][k] = m
		}
	}
}

// markOf is to what k, of level d, is on a shortest run.
func (t *tracer[K]) markOf(w *worker[K], d int, k K, here, ahead watchSet) (m watchSet) {
	steps := w.steps(k)
	next := t.on[d+1]
	for i := range steps {
		if step := &steps[i]; !step.cut {
			m = m.Or(step.seen.And(ahead))
			if len(next) > 0 {
				m = m.Or(next[step.to])
			}
		}
	}
	if !here.Empty() {
		seen := w.seen(k).And(here)
		if len(steps) > 0 {
			seen = seen.Without(t.kinds.terminals)
		}
		m = m.Or(seen)
	}
	return m
}

// run follows the marks to what watch i sees after depth steps.
func (t *tracer[K]) run(i, depth int) (r run[K]) {
	for _, k := range t.space.starts(t.initial) {
		if t.on[0][k].Has(i) {
			r.start = k
			break
		}
	}
	t.heed(watchBit(i))
	w := t.workers[0]
	for d, k := 0, r.start; d < depth; d++ {
		steps := w.steps(k)
		for nth, step := range steps {
			last := d == depth-1 && !t.kinds.terminals.Has(i)
			if !step.cut && (last && step.seen.Has(i) || !last && t.on[d+1][step.to].Has(i)) {
				r.picks = append(r.picks, nth)
				k = step.to
				break
			}
		}
	}
	return r
}

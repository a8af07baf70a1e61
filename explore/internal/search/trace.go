package search

import (
	"iter"
	"maps"
)

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
	Start K
	Picks []int
}

// Paths finds, for each of the watches that saw something, the least shortest
// run to it.
func (s *Search[K]) Paths(watches []int) map[int]run[K] {
	t := s.trace(watches)
	if t == nil {
		return nil
	}
	runs := map[int]run[K]{}
	for _, i := range watches {
		if depth, ok := s.Found[i]; ok {
			if run, ok := t.run(i, depth); ok {
				runs[i] = run
			}
		}
	}
	return runs
}

// trace marks the states on shortest runs to what the watches saw; it is nil if
// they saw nothing.
func (s *Search[K]) trace(watches []int) *tracer[K] {
	t := tracer[K]{Search: s, goals: map[int]Watches{}}
	for _, i := range watches {
		if depth, ok := s.Found[i]; ok {
			t.goals[depth] = t.goals[depth].Or(Watch(i)).Or(s.space.ImageOf(Watch(i)))
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
	*Search[K]
	goals map[int]Watches // by depth: the watches that see something first there
	last  int             // the largest depth
	on    []map[K]Watches // by level: the states on shortest runs, and to what
}

// Targets returns states as Explorer.Candidates wants them.
func (s *Search[K]) Targets(states iter.Seq[K]) any { return s.space.Targets(states) }

// mark finds the states on shortest runs, level by level from the last.
func (t *tracer[K]) mark() {
	t.on = make([]map[K]Watches, t.last+2)
	for d := t.last; d >= 0; d-- {
		if d < len(t.Levels) {
			t.markLevel(d)
		}
	}
}

func (t *tracer[K]) markLevel(d int) {
	// Steps from here and the states that they reach are goals of the next
	// depth; terminal states, and initial ones, of this.
	ahead := t.goals[d+1].Without(t.Kinds.Terminals)
	here := t.goals[d].And(t.Kinds.Terminals)
	if d == 0 {
		here = t.goals[0]
	}
	t.Observe(ahead.Or(here))
	marks := make([]map[K]Watches, len(t.Workers))
	keys := make([][]K, len(t.Workers))
	for i := range marks {
		marks[i] = map[K]Watches{}
	}
	level := t.Levels[d]
	sought := t.space.Targets(maps.Keys(t.on[d+1]))
	EachBlock(level.Blocks(), len(t.Workers), func(i, block int) bool {
		if d == 0 {
			keys[i] = level.Keys(keys[i], block)
		} else {
			keys[i] = t.Workers[i].Candidates(keys[i], level, block, sought)
		}
		for _, k := range keys[i] {
			if m := t.markOf(t.Workers[i], d, k, here, ahead); !m.Empty() {
				marks[i][k] = m
				if image := t.space.Image(k); image != k {
					marks[i][image] = t.space.ImageOf(m)
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

// markOf returns the watches to which k, of level d, is on a shortest run.
func (t *tracer[K]) markOf(w *Worker[K], d int, k K, here, ahead Watches) (m Watches) {
	steps := w.Steps(k)
	next := t.on[d+1]
	for i := range steps {
		if step := &steps[i]; !step.Cut {
			m = m.Or(step.Seen.And(ahead))
			if len(next) > 0 {
				m = m.Or(next[step.To])
			}
		}
	}
	if !here.Empty() {
		seen := w.Seen(k).And(here)
		if len(steps) > 0 {
			seen = seen.Without(t.Kinds.Terminals)
		}
		m = m.Or(seen)
	}
	return m
}

// run follows the marks to what watch i sees after depth steps. It reports false if they
// do not lead there: the system is another one than that which was searched.
func (t *tracer[K]) run(i, depth int) (r run[K], ok bool) {
	for _, k := range t.space.Starts(t.Initial) {
		if t.on[0][k].Has(i) {
			r.Start, ok = k, true
			break
		}
	}
	if !ok {
		return r, false
	}
	t.Observe(Watch(i))
	w := t.Workers[0]
	for d, k := 0, r.Start; d < depth; d++ {
		steps := w.Steps(k)
		for nth, step := range steps {
			last := d == depth-1 && !t.Kinds.Terminals.Has(i)
			if !step.Cut && (last && step.Seen.Has(i) || !last && t.on[d+1][step.To].Has(i)) {
				r.Picks = append(r.Picks, nth)
				k = step.To
				break
			}
		}
		if len(r.Picks) == d {
			return r, false
		}
	}
	return r, true
}

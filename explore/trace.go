package explore

import (
	"maps"
	"sync"
	"sync/atomic"
)

// A path is found backwards. Let a watch see something first after d steps.
// The states of level d-1 with a step to it are known by expanding that level
// once more; those of level d-2 with a step to one of these likewise; and so on
// to the initial states. From there, forwards, the first step in order that
// stays among these states, d times, is the least of all shortest paths: it
// depends on the levels as sets only, so not on the number of workers.
//
// This costs at most a second exploration of the levels up to d, and only for
// what was found; storing a parent with every state would cost every search its
// memory, and would remember one shortest path of many.

// A run is a path: the key of the state where it starts, and the place of each
// step among the steps of its source.
type run[K comparable] struct {
	start K
	picks []int
}

// path finds the least shortest run to what watch i sees.
func (s *search[K]) path(i int) (r run[K], ok bool) {
	depth, ok := s.found[i]
	if !ok {
		return r, false
	}
	for {
		t := tracer[K]{search: s, watch: Bit(i), terminal: s.kinds[Terminals].Has(i), depth: depth}
		r := t.trace()
		w := t.short.Load()
		if w == nil {
			return r, true
		}
		// In the level where the search was stopped, a step leads where there is
		// no room yet. Room is made, the keys have changed, and the trace begins
		// anew.
		if w.widen(s.levels) != "" {
			return r, false
		}
	}
}

// A tracer looks for the run to what one watch sees after depth steps.
type tracer[K comparable] struct {
	*search[K]
	watch    Bits
	terminal bool // the watch is of terminal states
	depth    int
	on       []map[K]bool // by level: the states on a shortest run
	// short is the worker whose expansion found no room.
	short atomic.Pointer[worker[K]]
}

// trace is the run, unless an expansion found no room.
func (t *tracer[K]) trace() (r run[K]) {
	t.on = make([]map[K]bool, t.depth+1)
	if t.terminal || t.depth == 0 {
		t.on[t.depth] = t.filter(t.levels[t.depth], t.isGoal)
	}
	for d := t.depth - 1; d >= 0; d-- {
		t.on[d] = t.filter(t.levels[d], func(w *worker[K], k K) bool { return t.leads(w, d, k) })
	}
	if t.short.Load() != nil {
		return r
	}
	for _, k := range t.levels[0] {
		if t.on[0][k] {
			r.start = k
			break
		}
	}
	w := t.workers[0]
	for d, k := 0, r.start; d < t.depth; d++ {
		var nth int
		nth, k = t.next(w, d, k)
		r.picks = append(r.picks, nth)
	}
	return r
}

// isGoal reports whether the watch sees the state itself.
func (t *tracer[K]) isGoal(w *worker[K], k K) bool {
	if w.seen(k).And(t.watch).Empty() {
		return false
	}
	if !t.terminal {
		return true
	}
	return len(t.from(w, k)) == 0
}

// leads reports whether k, of level d, is on a shortest run.
func (t *tracer[K]) leads(w *worker[K], d int, k K) bool {
	nth, _ := t.next(w, d, k)
	return nth >= 0
}

// next is the first step from k, of level d, that stays on a shortest run, and
// where it leads; -1 if there is none.
func (t *tracer[K]) next(w *worker[K], d int, k K) (nth int, to K) {
	for nth, step := range t.from(w, k) {
		switch {
		case step.cut:
		case d == t.depth-1 && !t.terminal:
			if !step.seen.And(t.watch).Empty() {
				return nth, step.to
			}
		case t.on[d+1][step.to]:
			return nth, step.to
		}
	}
	return -1, to
}

// from is the steps from k.
func (t *tracer[K]) from(w *worker[K], k K) []succ[K] {
	steps, ok := w.steps(k)
	if !ok {
		t.short.Store(w)
		return nil
	}
	return steps
}

// filter is the states of level that f accepts.
func (t *tracer[K]) filter(level []K, f func(*worker[K], K) bool) map[K]bool {
	accepted := make([]map[K]bool, len(t.workers))
	var cursor atomic.Int64
	var wg sync.WaitGroup
	for i, w := range t.workers {
		accepted[i] = map[K]bool{}
		wg.Go(func() {
			for t.short.Load() == nil {
				hi := int(cursor.Add(chunkStates))
				if hi-chunkStates >= len(level) {
					return
				}
				for _, k := range level[hi-chunkStates : min(hi, len(level))] {
					if f(w, k) {
						accepted[i][k] = true
					}
				}
			}
		})
	}
	wg.Wait()
	for _, more := range accepted[1:] {
		maps.Copy(accepted[0], more)
	}
	return accepted[0]
}

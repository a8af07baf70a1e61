package explore

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// The search goes level by level: all states at distance d are expanded, by any
// number of workers in any order, before one at distance d+1 is. What a level
// holds does not depend on who found what first, so neither does anything that
// is said about it. Paths are not stored with the states: trace.go finds them
// again, from the levels.

// A space is what the search needs to know of a system. A key of type K stands
// for a state.
type space[K comparable] interface {
	// initial claims the initial states and gives their keys, in order, and how
	// many there are if equal ones are counted apart. If there is no room for
	// them it names the bound that was met.
	initial() (keys []K, count int, bound string)
	// explorer is one more worker's access to the space.
	explorer() explorer[K]
}

// An explorer is one worker's access to a space. It is used inside the space
// only, and its keys are good until the space is widened.
type explorer[K comparable] interface {
	// expand appends the steps from k to dst, in their order; an empty dst
	// begins anew. It reports false if there is no room to name one of the
	// states they lead to.
	expand(dst []succ, k K) ([]succ, bool)
	// claim claims the states that steps lead to, which are all that were
	// expanded anew. It appends the keys of those not seen before to fresh, and
	// adds to their steps what state watches see there. It reports false, with
	// nothing done, if there is no room for the states.
	claim(fresh []K, steps []succ) ([]K, bool)
	// look gives the keys of the states that steps lead to, which are all that
	// were expanded anew, and adds to all steps what state watches see there. It
	// claims nothing. The key of a step that was cut means nothing.
	look(steps []succ) []K
	// widen makes the room that expand or claim found missing. Nobody else is
	// inside. What was expanded is forgotten. If states get other keys, it
	// rewrites those in levels. It returns the bound that was met if there is no
	// more room to be had.
	widen(levels [][]K) (bound string)
	// seen is the set of state and terminal watches that see the state.
	seen(k K) Bits
	// bounds is the set of the reasons for which steps were cut.
	bounds() map[string]bool
}

// A succ is a step, seen from its source.
type succ struct {
	seen Bits // by step watches and, if looked for, state watches
	cut  bool // generated, but not followed
}

// chunkStates is how many states a worker takes at a time: their steps are
// claimed together, enough of them for their memory accesses to overlap, few
// enough to stay in the first cache.
const chunkStates = 32

type search[K comparable] struct {
	space   space[K]
	options Options
	kinds   [3]Bits

	inside  sync.RWMutex // held for reading inside the space, for writing while it is changed
	workers []*worker[K]
	levels  [][]K
	cursor  atomic.Int64 // into the level being expanded
	stop    atomic.Bool  // the context is done
	full    atomic.Pointer[string]

	result   Result
	found    map[int]int // watch -> least number of steps to it
	cut      map[string]bool
	distinct atomic.Int64 // with what is claimed of the level being filled
	taken    atomic.Int64 // steps, for the progress
}

type worker[K comparable] struct {
	*search[K]
	explorer[K]
	buf                  []succ
	next                 []K
	generated, terminals int  // in the level being expanded
	here, ahead          Bits // seen in the level being expanded, and on steps from it
}

func newSearch[K comparable](sp space[K], watches []Kind, o Options) *search[K] {
	s := &search[K]{space: sp, options: o, kinds: kindSets(watches), found: map[int]int{}, cut: map[string]bool{}}
	for range o.workers() {
		s.workers = append(s.workers, &worker[K]{search: s, explorer: sp.explorer()})
	}
	return s
}

// run explores until there is nothing new, a limit is met or ctx is done.
func (s *search[K]) run(ctx context.Context) {
	defer context.AfterFunc(ctx, func() { s.stop.Store(true) })()
	if s.options.Progress != nil {
		defer s.report()()
	}
	level, count, bound := s.space.initial()
	if bound != "" {
		s.cut[bound] = true
	}
	s.result.Distinct, s.result.Generated = len(level), count
	for _, k := range level {
		s.note(s.workers[0].seen(k).And(s.kinds[States]), 0)
	}
	s.distinct.Store(int64(len(level)))
	s.taken.Store(int64(count))
	for len(level) > 0 {
		s.inside.Lock() // the progress report reads these
		s.levels = append(s.levels, level)
		s.result.Depth = len(s.levels)
		s.inside.Unlock()
		if ctx.Err() != nil {
			s.cut[incompleteBy(ctx)] = true
			break
		}
		if limit := s.options.Limits.Depth; limit > 0 && s.result.Depth > limit {
			s.cut[BoundDepth] = true
			break
		}
		if why := s.expandLevel(ctx, level); why != "" {
			s.cut[why] = true
			break
		}
		level = nil
		for _, w := range s.workers {
			level = append(level, w.next...)
			w.next = nil
		}
		s.result.Distinct += len(level)
	}
	for _, w := range s.workers {
		for why := range w.bounds() {
			s.cut[why] = true
		}
		w.next, w.buf = nil, nil
	}
	s.result.Incomplete = slices.Sorted(maps.Keys(s.cut))
}

// expandLevel takes every step from level. If the states that they lead to
// cannot be kept it says why, and counts nothing of them.
func (s *search[K]) expandLevel(ctx context.Context, level []K) (why string) {
	depth := len(s.levels) - 1
	s.sweep(level, true)
	if s.stop.Load() {
		s.noteLevel(depth) // true, though perhaps not all
		return incompleteBy(ctx)
	}
	if full := s.full.Load(); full != nil {
		return *full
	}
	if s.overStates() {
		// Whatever was kept of the level, all of it is looked at, so that the
		// verdict does not depend on who came first.
		s.sweep(level, false)
		if full := s.full.Load(); full != nil {
			return *full
		}
		s.noteLevel(depth)
		if s.stop.Load() {
			return incompleteBy(ctx)
		}
		return BoundStates
	}
	s.noteLevel(depth)
	for _, w := range s.workers {
		s.result.Generated += w.generated
		s.result.Terminals += w.terminals
	}
	return ""
}

func (s *search[K]) overStates() bool {
	limit := s.options.Limits.States
	return limit > 0 && s.distinct.Load() > int64(limit)
}

// noteLevel records what the workers saw when they expanded the level at depth.
func (s *search[K]) noteLevel(depth int) {
	for _, w := range s.workers {
		s.note(w.here, depth)
	}
	for _, w := range s.workers {
		s.note(w.ahead, depth+1)
	}
}

// note records what was seen for the first time, after so many steps.
func (s *search[K]) note(seen Bits, steps int) {
	if seen.Empty() {
		return
	}
	for i := range MaxWatches {
		if _, known := s.found[i]; seen.Has(i) && !known {
			s.found[i] = steps
		}
	}
}

// sweep expands level with all workers at once.
func (s *search[K]) sweep(level []K, keep bool) {
	s.cursor.Store(0)
	for _, w := range s.workers {
		w.generated, w.terminals, w.here, w.ahead = 0, 0, Bits{}, Bits{}
	}
	if len(level) <= chunkStates {
		s.workers[0].share(level, keep)
		return
	}
	var wg sync.WaitGroup
	for _, w := range s.workers[1:] {
		wg.Go(func() { w.share(level, keep) })
	}
	s.workers[0].share(level, keep)
	wg.Wait()
}

// share expands chunks of level until there are none left.
func (w *worker[K]) share(level []K, keep bool) {
	for !w.stop.Load() && w.full.Load() == nil && !(keep && w.overStates()) {
		hi := int(w.cursor.Add(chunkStates))
		if hi-chunkStates >= len(level) {
			return
		}
		chunk := level[hi-chunkStates : min(hi, len(level))]
		for !w.expandChunk(chunk, keep) {
			if !w.makeRoom() {
				return
			}
		}
	}
}

// expandChunk takes the steps from the states of chunk. It reports false, with
// nothing done, if there is no room for where they lead.
func (w *worker[K]) expandChunk(chunk []K, keep bool) bool {
	w.inside.RLock()
	defer w.inside.RUnlock()
	terminals, here := 0, Bits{}
	steps := w.buf[:0]
	for _, k := range chunk {
		had := len(steps)
		var ok bool
		steps, ok = w.expand(steps, k)
		w.buf = steps
		if !ok {
			return false
		}
		if len(steps) == had {
			terminals++
			here = here.Or(w.seen(k).And(w.kinds[Terminals]))
		}
	}
	if keep {
		had := len(w.next)
		var ok bool
		if w.next, ok = w.claim(w.next, steps); !ok {
			return false
		}
		w.distinct.Add(int64(len(w.next) - had))
		w.taken.Add(int64(len(steps)))
	} else {
		w.look(steps)
	}
	for i := range steps {
		if seen := &steps[i].seen; !seen.Empty() {
			w.ahead = w.ahead.Or(*seen)
		}
	}
	w.here = w.here.Or(here)
	w.terminals += terminals
	w.generated += len(steps)
	return true
}

// makeRoom has the space widened. It reports false if there is no more room to
// be had.
func (w *worker[K]) makeRoom() bool {
	w.inside.Lock()
	defer w.inside.Unlock()
	all := slices.Clone(w.levels)
	for _, other := range w.workers {
		all = append(all, other.next)
	}
	if bound := w.widen(all); bound != "" {
		w.full.Store(&bound)
	}
	return w.full.Load() == nil
}

// progressEvery is how often progress is told.
const progressEvery = 100 * time.Millisecond

// report tells the progress until the function that it returns is called.
func (s *search[K]) report() (end func()) {
	done := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		tick := time.NewTicker(progressEvery)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-tick.C:
			}
			s.inside.RLock()
			p := Progress{Distinct: int(s.distinct.Load()), Generated: int(s.taken.Load())}
			if n := len(s.levels); n > 0 {
				p.Depth, p.Frontier = n-1, len(s.levels[n-1])
			}
			s.inside.RUnlock()
			s.options.Progress(p)
		}
	})
	return func() { close(done); wg.Wait() }
}

// incompleteBy names the reason for which a search under ctx was stopped.
func incompleteBy(ctx context.Context) string {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return TimedOut
	}
	return Interrupted
}

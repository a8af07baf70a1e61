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
	// load is the share of the table that is taken.
	load() float64
	// image is the state that k stands for besides its own, or k; imageOf is what
	// watches see there, if they see that in k's. starts is the initial states, in
	// their order, those included for which others stand; level has those that do.
	image(k K) K
	imageOf(seen Bits) Bits
	starts(level []K) []K
	// drop forgets which states were seen. Only steps and seen of an explorer can
	// be used after it.
	drop()
}

// An explorer is one worker's access to a space. It is used inside the space
// only, and its keys are good until the space is widened.
type explorer[K comparable] interface {
	// expand takes the steps from k and sets aside where they lead. It gives how
	// many there are, those that are cut included, and what step watches see. It
	// reports false if there is no room to name one of the states they lead to.
	expand(k K) (steps int, seen Bits, ok bool)
	// claim claims what was set aside. It appends the keys of the states not seen
	// before to fresh, and gives what state watches see in them. It reports
	// false, with nothing claimed, if there is no room for them. In any case
	// nothing is set aside any more.
	claim(fresh []K) (_ []K, seen Bits, ok bool)
	// look gives what state watches see in what was set aside. It claims nothing,
	// and nothing is set aside any more.
	look() Bits
	// steps is the steps from k one by one, in their order, until the next call.
	// It reports false where expand does.
	steps(k K) ([]succ[K], bool)
	// widen makes the room that expand, claim or steps found missing. Nobody else
	// is inside. If states get other keys, it rewrites those in levels; nothing
	// is set aside any more. It returns the bound that was met if there is no
	// more room to be had.
	widen(levels [][]K) (bound string)
	// places appends to dst where each of keys, which were claimed, is kept: a
	// number below room, good until the space is widened.
	places(dst []uint32, keys []K) []uint32
	room() int
	// seen is the set of state and terminal watches that see the state.
	seen(k K) Bits
	// heed names the watches that are looked out for from now on; at first all
	// are.
	heed(watches Bits)
	// bounds is the set of the reasons for which steps were cut.
	bounds() map[string]bool
}

// A succ is a step, seen from its source.
type succ[K comparable] struct {
	to   K    // unless it is cut
	seen Bits // by step watches and, where it leads, state watches
	cut  bool // generated, but not followed

	route int // of a product, which one; and Move.Label
	label uint32
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
	at      position     // what was known when the last of levels began
	open    bool         // the last level was not, or not all, expanded
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

// run explores until there is nothing new, a limit is met or ctx is done. If there
// are levels, it goes on from the last one.
func (s *search[K]) run(ctx context.Context) {
	defer context.AfterFunc(ctx, func() { s.stop.Store(true) })()
	if s.options.Progress != nil {
		defer every(progressEvery, s.report)()
	}
	if s.options.MaxMemory > 0 {
		defer every(memoryEvery, s.checkMemory)()
	}
	resumed := len(s.levels) > 0
	if !resumed {
		s.begin()
	}
	s.distinct.Store(int64(s.result.Distinct))
	s.taken.Store(int64(s.result.Generated))
	s.heedRest()
	var level []K
	if resumed {
		level = s.levels[len(s.levels)-1]
	} else if len(s.levels) > 0 {
		level = s.levels[0]
	}
	for len(level) > 0 {
		if ctx.Err() != nil {
			s.cut[incompleteBy(ctx)] = true
			break
		}
		if s.options.Enough != nil && s.options.Enough(s.hasFound) {
			s.cut[BoundEnough] = true
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
		if level = s.nextLevel(); len(level) > 0 {
			s.enter(level)
		}
	}
	for _, w := range s.workers {
		w.next = nil
	}
	s.open = len(level) > 0
	s.result.Incomplete = slices.Sorted(maps.Keys(s.cut))
	if s.cut[BoundMemory] {
		s.space.drop() // traces need room
	}
}

// begin enters the initial states.
func (s *search[K]) begin() {
	level, count, bound := s.space.initial()
	if bound != "" {
		s.cut[bound] = true
	}
	s.result.Distinct, s.result.Generated = len(level), count
	for _, k := range level {
		s.note(s.workers[0].seen(k).And(s.kinds[States]), 0)
	}
	if len(level) > 0 {
		s.enter(level)
	}
}

// enter makes level the last of the levels.
func (s *search[K]) enter(level []K) {
	s.inside.Lock() // the progress report and checkpoints read these
	defer s.inside.Unlock()
	s.levels = append(s.levels, level)
	s.result.Depth = len(s.levels)
	s.at = s.position()
}

// nextLevel is the states that were found new in the level before.
func (s *search[K]) nextLevel() []K {
	var next [][]K
	for _, w := range s.workers {
		next = append(next, w.next)
	}
	level := slices.Concat(next...)
	for _, w := range s.workers {
		w.next = w.next[:0]
	}
	s.result.Distinct += len(level)
	return level
}

// stopped reports whether the search would have gone on but for its context or its
// memory.
func (s *search[K]) stopped() bool {
	return s.cut[Interrupted] || s.cut[TimedOut] || s.cut[BoundMemory]
}

// expandLevel takes every step from level. If the states that they lead to
// cannot be kept it says why, and counts nothing of them. If there is no room
// even to look at them all, it forgets what it saw, which depends on who came
// first.
func (s *search[K]) expandLevel(ctx context.Context, level []K) (why string) {
	s.sweep(level, true)
	if s.overStates() {
		// Whatever was kept of the level, all of it is looked at, so that the
		// verdict does not depend on who came first.
		s.sweep(level, false)
	}
	switch full := s.full.Load(); {
	case full != nil && *full == BoundMemory:
		s.noteLevel() // as below
		return *full
	case full != nil:
		return *full
	case s.stop.Load():
		s.noteLevel() // true, though perhaps not all
		return incompleteBy(ctx)
	}
	s.noteLevel()
	if s.overStates() {
		return BoundStates
	}
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

// noteLevel records what the workers saw when they expanded the last level.
func (s *search[K]) noteLevel() {
	depth := len(s.levels) - 1
	for _, w := range s.workers {
		s.note(w.here, depth)
		for why := range w.bounds() {
			s.cut[why] = true
		}
	}
	for _, w := range s.workers {
		s.note(w.ahead, depth+1)
	}
	s.heedRest()
}

// heedRest has all workers look out for what was not seen yet: once is enough.
func (s *search[K]) heedRest() {
	var seen Bits
	for i := range s.found {
		seen = seen.Or(Bit(i))
	}
	s.heed(All.Without(seen))
}

func (s *search[K]) hasFound(watch int) bool {
	_, ok := s.found[watch]
	return ok
}

// heed has all workers look out for watches, and no others.
func (s *search[K]) heed(watches Bits) {
	for _, w := range s.workers {
		w.explorer.heed(watches)
	}
}

// note records what was seen for the first time, after so many steps.
func (s *search[K]) note(seen Bits, steps int) {
	if seen.Empty() {
		return
	}
	seen = seen.Or(s.space.imageOf(seen))
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
	generated, terminals := 0, 0
	here, ahead := w.here, w.ahead
	for _, k := range chunk {
		steps, seen, ok := w.expand(k)
		if !ok {
			return false
		}
		if steps == 0 {
			terminals++
			here = here.Or(w.seen(k).And(w.kinds[Terminals]))
		}
		generated += steps
		ahead = ahead.Or(seen)
	}
	if keep {
		fresh, seen, ok := w.claim(w.next)
		if !ok {
			return false
		}
		w.distinct.Add(int64(len(fresh) - len(w.next)))
		w.taken.Add(int64(generated))
		w.next = fresh
		ahead = ahead.Or(seen)
	} else {
		ahead = ahead.Or(w.look())
	}
	w.here, w.ahead = here, ahead
	w.generated += generated
	w.terminals += terminals
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

// How often progress is told, and memory looked at.
const (
	progressEvery = 100 * time.Millisecond
	memoryEvery   = 10 * time.Millisecond
)

// every calls f at intervals, unless they are 0, until the function that it returns
// is called.
func every(interval time.Duration, f func()) (end func()) {
	if interval == 0 {
		return func() {}
	}
	done := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		tick := time.NewTicker(interval)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-tick.C:
				f()
			}
		}
	})
	return func() { close(done); wg.Wait() }
}

// report tells the progress.
func (s *search[K]) report() {
	s.inside.RLock()
	p := Progress{Distinct: int(s.distinct.Load()), Generated: int(s.taken.Load()), Memory: memoryInUse(), Load: s.space.load()}
	if n := len(s.levels); n > 0 {
		p.Depth, p.Frontier = n-1, len(s.levels[n-1])
		p.Expanded = min(int(s.cursor.Load()), p.Frontier)
	}
	s.inside.RUnlock()
	s.options.Progress(p)
}

// checkMemory stops the search if there is too little memory left to be sure that
// it will not be too much.
func (s *search[K]) checkMemory() {
	if memoryInUse() > s.options.MaxMemory/20*19 {
		bound := BoundMemory
		s.full.CompareAndSwap(nil, &bound)
	}
}

// incompleteBy names the reason for which a search under ctx was stopped.
func incompleteBy(ctx context.Context) string {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return TimedOut
	}
	return Interrupted
}

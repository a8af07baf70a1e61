package explore

import (
	"context"
	"errors"
	"iter"
	"maps"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"tcpclose/explore/internal/store"
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
	// many there are if equal ones are counted apart.
	initial() (keys []K, count int)
	// explorer is one more worker's access to the space.
	explorer() explorer[K]
	// next is the level of the states that explorers have claimed since it was
	// asked for last, and what state watches see in them.
	next() (l level[K], seen watchSet)
	// shrink gives memory back for which there is a place on the disk, if there is.
	shrink() bool
	// load is the share of the table that is taken.
	load() float64
	// image is the state that k stands for besides its own, or k; imageOf is what
	// watches see there, if they see that in k's. starts is the initial states, in
	// their order, those included for which others stand; first has those that do.
	image(k K) K
	imageOf(seen watchSet) watchSet
	starts(first []K) []K
	// sought is states as explorer.seek wants them.
	sought(states iter.Seq[K]) any
	// doubles reports whether what is claimed may be more than what next has.
	doubles() bool
	// drop forgets which states were seen. Only steps and seen of an explorer can
	// be used after it.
	drop()
}

// An explorer is one worker's access to a space. It is used inside the space
// only.
type explorer[K comparable] interface {
	// expand takes the steps from the states of block i of l, and claims where they
	// lead if it is to keep it. It reports false, with nothing done, if there is no
	// room for that.
	expand(l level[K], i int, keep bool) (t tally, ok bool)
	// widen makes the room that expand found missing. Nobody else is inside. It
	// returns the bound that was met if there is no more room to be had.
	widen() (bound string)
	// seek puts states of block i of l into dst: at least those from which a step
	// leads to one of sought, or of which a watch sees something in a step, where it
	// leads, or in a terminal state.
	seek(dst []K, l level[K], i int, sought any) []K
	// steps is the steps from k one by one, in their order, until the next call.
	steps(k K) []succ[K]
	// places appends to dst where each of keys, which were claimed, is kept: a
	// number below room. Nothing is claimed any more.
	places(dst []uint32, keys []K) []uint32
	room() int
	// seen is the set of state and terminal watches that see the state.
	seen(k K) watchSet
	// heed names the watches that are looked out for from now on; at first all
	// are.
	heed(watches watchSet)
	// bounds is the set of the reasons for which steps were cut.
	bounds() map[string]bool
}

// A tally is what the expansion of some states has found.
type tally struct {
	expanded             int      // states
	generated, terminals int      // steps, those that are cut included; states without any
	fresh                int      // states that were claimed
	here                 watchSet // what terminal watches see in the states
	ahead                watchSet // what step watches see on the steps and, if nothing is kept, state watches where they lead
}

func (t *tally) add(u *tally) {
	t.generated += u.generated
	t.terminals += u.terminals
	t.fresh += u.fresh
	t.here, t.ahead = t.here.Or(u.here), t.ahead.Or(u.ahead)
}

// A succ is a step, seen from its source.
type succ[K comparable] struct {
	to   K        // unless it is cut
	seen watchSet // by step watches and, where it leads, state watches
	cut  bool     // generated, but not followed

	route int // of a product, which one; and Move.Label
	label uint32
}

type search[K comparable] struct {
	space   space[K]
	options settings
	kinds   kindSets

	inside  sync.RWMutex // held for reading inside the space, for writing while it is changed
	workers []*worker[K]
	initial []K // in order
	levels  []level[K]
	at      position    // what was known when the last of levels began
	open    bool        // the last level was not, or not all, expanded
	stop    atomic.Bool // the context is done
	full    atomic.Pointer[string]

	result   counts
	found    map[int]int // watch -> least number of steps to it
	cut      map[string]bool
	distinct atomic.Int64 // with what is claimed of the level being filled
	taken    atomic.Int64 // steps, for the progress
	expanded atomic.Int64 // states of the last level, for the progress
}

type worker[K comparable] struct {
	*search[K]
	explorer[K]
	found tally // in the level being expanded
}

func newSearch[K comparable](sp space[K], kinds kindSets, o settings) *search[K] {
	s := &search[K]{space: sp, options: o, kinds: kinds, found: map[int]int{}, cut: map[string]bool{}}
	workers := o.workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	for range workers {
		s.workers = append(s.workers, &worker[K]{search: s, explorer: sp.explorer()})
	}
	return s
}

// run explores until there is nothing new, a limit is met or ctx is done. If there
// are levels, it goes on from the last one.
func (s *search[K]) run(ctx context.Context) {
	defer context.AfterFunc(ctx, func() { s.stop.Store(true) })()
	if s.options.progress != nil {
		defer every(progressEvery, s.report)()
	}
	if s.options.maxMemory > 0 {
		defer every(memoryEvery, s.checkMemory)()
	}
	if len(s.levels) == 0 {
		s.begin()
	}
	s.distinct.Store(int64(s.result.Distinct))
	s.taken.Store(int64(s.result.Generated))
	s.heedRest()
	more := len(s.levels) > 0
	for more {
		why := s.limit(ctx)
		if why == "" {
			more, why = s.expandLevel(ctx)
		}
		if why != "" {
			s.cut[why] = true
			break
		}
	}
	s.open = more
	s.result.Incomplete = slices.Sorted(maps.Keys(s.cut))
	if s.cut[boundMemory] {
		s.space.drop() // traces need room
	}
}

// begin enters the initial states.
func (s *search[K]) begin() {
	first, count := s.space.initial()
	s.result.Distinct, s.result.Generated = len(first), count
	for _, k := range first {
		s.note(s.workers[0].seen(k).And(s.kinds.states), 0)
	}
	if l, _ := s.space.next(); len(first) > 0 {
		s.initial = first
		s.enter(l)
	}
}

// enter makes l the last of the levels.
func (s *search[K]) enter(l level[K]) {
	s.inside.Lock() // the progress report and checkpoints read these
	defer s.inside.Unlock()
	s.levels = append(s.levels, l)
	s.expanded.Store(0)
	s.result.Depth = len(s.levels)
	s.at = s.position()
}

// limit names what forbids to expand the last level.
func (s *search[K]) limit(ctx context.Context) string {
	switch limit := s.options.maxDepth; {
	case ctx.Err() != nil:
		return incompleteBy(ctx)
	case s.options.enough != nil && s.options.enough(s.hasFound):
		return boundEnough
	case limit > 0 && s.result.Depth > limit:
		return boundDepth
	}
	return ""
}

// stopped reports whether the search would have gone on but for its context or its
// memory.
func (s *search[K]) stopped() bool {
	return s.cut[interrupted] || s.cut[timedOut] || s.cut[boundMemory]
}

// expandLevel takes every step from the last level, and enters the next one if there
// is more. If the states that they lead to cannot be kept it says why, and counts
// nothing of them. If there is no room even to look at them all, it forgets what it
// saw, which depends on who came first.
func (s *search[K]) expandLevel(ctx context.Context) (more bool, why string) {
	last := s.levels[len(s.levels)-1]
	s.sweep(last, true)
	next, seen := s.space.next()
	s.workers[0].found.ahead = s.workers[0].found.ahead.Or(seen)
	s.distinct.Store(int64(s.result.Distinct + next.States()))
	if s.overStates() {
		// Whatever was kept of the level, all of it is looked at, so that the
		// verdict does not depend on who came first.
		s.sweep(last, false)
	}
	switch full := s.full.Load(); {
	case full != nil && *full == boundMemory:
		s.noteLevel() // as below
		return true, *full
	case full != nil:
		return true, *full
	case s.stop.Load():
		s.noteLevel() // true, though perhaps not all
		return true, incompleteBy(ctx)
	}
	s.noteLevel()
	if s.overStates() {
		return true, boundStates
	}
	for _, w := range s.workers {
		s.result.Generated += w.found.generated
		s.result.Terminals += w.found.terminals
	}
	n := next.States()
	if s.result.Distinct += n; n > 0 {
		s.enter(next)
	}
	return n > 0, ""
}

func (s *search[K]) overStates() bool {
	limit := s.options.maxStates
	return limit > 0 && s.distinct.Load() > int64(limit)
}

// noteLevel records what the workers saw when they expanded the last level.
func (s *search[K]) noteLevel() {
	depth := len(s.levels) - 1
	for _, w := range s.workers {
		s.note(w.found.here, depth)
		for why := range w.bounds() {
			s.cut[why] = true
		}
	}
	for _, w := range s.workers {
		s.note(w.found.ahead, depth+1)
	}
	s.heedRest()
}

// heedRest has all workers look out for what was not seen yet: once is enough.
func (s *search[K]) heedRest() {
	s.heed(allWatches.Without(s.sighted()))
}

// sighted is the watches that have seen something.
func (s *search[K]) sighted() (seen watchSet) {
	for i := range s.found {
		seen = seen.Or(watchBit(i))
	}
	return seen
}

func (s *search[K]) hasFound(watch int) bool {
	_, ok := s.found[watch]
	return ok
}

// heed has all workers look out for watches, and no others.
func (s *search[K]) heed(watches watchSet) {
	for _, w := range s.workers {
		w.explorer.heed(watches)
	}
}

// note records what was seen for the first time, after so many steps.
func (s *search[K]) note(seen watchSet, steps int) {
	if seen.Empty() {
		return
	}
	seen = seen.Or(s.space.imageOf(seen))
	for i := range maxWatches {
		if _, known := s.found[i]; seen.Has(i) && !known {
			s.found[i] = steps
		}
	}
}

// sweep expands a level with all workers at once.
func (s *search[K]) sweep(l level[K], keep bool) {
	for _, w := range s.workers {
		w.found = tally{}
	}
	eachBlock(l.Blocks(), len(s.workers), func(worker, block int) bool {
		w := s.workers[worker]
		if s.stop.Load() || s.full.Load() != nil || keep && s.overStates() && !s.space.doubles() {
			return false
		}
		for !w.expandBlock(l, block, keep) {
			if !w.makeRoom() {
				return false
			}
		}
		return true
	})
}

// expandBlock takes the steps from the states of a block. It reports false, with
// nothing done, if there is no room for where they lead.
func (w *worker[K]) expandBlock(l level[K], block int, keep bool) bool {
	w.inside.RLock()
	defer w.inside.RUnlock()
	t, ok := w.expand(l, block, keep)
	if !ok {
		return false
	}
	w.found.add(&t)
	if keep {
		w.distinct.Add(int64(t.fresh))
		w.taken.Add(int64(t.generated))
		w.expanded.Add(int64(t.expanded))
	}
	return true
}

// makeRoom has the space widened. It reports false if there is no more room to
// be had.
func (w *worker[K]) makeRoom() bool {
	w.inside.Lock()
	defer w.inside.Unlock()
	if bound := w.widen(); bound != "" {
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
	p := progress{Distinct: int(s.distinct.Load()), Generated: int(s.taken.Load()), Memory: store.MemoryInUse(), Load: s.space.load()}
	if n := len(s.levels); n > 0 {
		p.Depth, p.Frontier = n-1, s.levels[n-1].States()
		p.Expanded = min(int(s.expanded.Load()), p.Frontier)
	}
	s.inside.RUnlock()
	s.options.progress(p)
}

// checkMemory stops the search if there is too little memory left to be sure that
// it will not be too much, and if neither the disk nor the garbage collector help.
func (s *search[K]) checkMemory() {
	most := s.options.maxMemory / 20 * 19
	used := store.MemoryInUse()
	if used > most/2 && s.space.shrink() { // early, for what was given back comes again at once
		used = store.MemoryInUse()
	}
	if used <= most {
		return
	}
	if used <= s.options.maxMemory {
		debug.FreeOSMemory()
		used = store.MemoryInUse()
	}
	if used > most {
		bound := boundMemory
		s.full.CompareAndSwap(nil, &bound)
	}
}

// incompleteBy names the reason for which a search under ctx was stopped.
func incompleteBy(ctx context.Context) string {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return timedOut
	}
	return interrupted
}

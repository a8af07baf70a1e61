package search

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

// A Space shows a system to the search. A key of type K represents a state.
type Space[K comparable] interface {
	// Initial claims the initial states and gives their keys, in order, and how
	// many there are if equal ones are counted apart.
	Initial() (keys []K, count int)
	// NewExplorer is one more worker's access to the space.
	NewExplorer() Explorer[K]
	// Next is the level of the states that explorers have claimed since it was
	// asked for last, and what state watches see in them.
	Next() (l Level[K], seen Watches)
	// Shrink gives memory back for which there is a place on the disk, if there is.
	Shrink() bool
	// DiskFull reports whether something was to go to the disk and found no room there.
	DiskFull() bool
	// Load is the share of the table that is taken.
	Load() float64
	// Image is the state that k represents besides its own, or k; ImageOf is the watches
	// that see it, if the given ones see k's own. starts is the initial states, in
	// their order, those included for which others stand; first has those that do.
	Image(k K) K
	ImageOf(seen Watches) Watches
	Starts(first []K) []K
	// Targets is states as Explorer.Candidates wants them.
	Targets(states iter.Seq[K]) any
	// Doubles reports whether what is claimed may be more than what next has.
	Doubles() bool
	// Drop forgets which states were seen. Only steps and seen of an explorer can
	// be used after it.
	Drop()
}

// ErrUnseen is the error if a step leads to other states the second time.
var ErrUnseen = errors.New("explore: a step to a state that the search has not seen: the system's methods are not functions of their arguments")

// An Explorer is one worker's access to a space. It is used inside the space
// only.
type Explorer[K comparable] interface {
	// Expand takes the steps from the states of block i of l, and claims their
	// successors if it is to keep them. It reports false, and does nothing, if there is
	// not enough room.
	Expand(l Level[K], i int, keep bool) (t Tally, ok bool)
	// Widen makes the room that expand found missing. Nobody else is inside. It
	// returns the bound that was met if there is no more room to be had.
	Widen() (bound string)
	// Candidates puts states of block i of l into dst: at least those from which a step
	// leads to one of targets, or of which a watch sees something in a step, where it
	// leads, or in a terminal state.
	Candidates(dst []K, l Level[K], i int, targets any) []K
	// Steps is the steps from k one by one, in their order, until the next call.
	Steps(k K) []Step[K]
	// Places appends to dst where each of keys, which were claimed, is kept: a
	// number below NumPlaces. It reports false if one was not claimed. Nothing is claimed
	// any more.
	Places(dst []uint32, keys []K) (_ []uint32, ok bool)
	NumPlaces() int
	// Seen is the set of state and terminal watches that see the state.
	Seen(k K) Watches
	// Observe sets the watches that are in use from now on; at first all are.
	Observe(watches Watches)
	// Bounds is the set of the reasons for which steps were cut.
	Bounds() map[string]bool
}

// A Tally counts what the expansion of some states has found.
type Tally struct {
	Expanded             int     // states
	Generated, Terminals int     // steps, those that are cut included; states without any
	Fresh                int     // states that were claimed
	Here                 Watches // what terminal watches see in the states
	Ahead                Watches // what step watches see on the steps and, if nothing is kept, state watches where they lead
}

func (t *Tally) add(u *Tally) {
	t.Generated += u.Generated
	t.Terminals += u.Terminals
	t.Fresh += u.Fresh
	t.Here, t.Ahead = t.Here.Or(u.Here), t.Ahead.Or(u.Ahead)
}

// A Step is a step, seen from its source.
type Step[K comparable] struct {
	To   K       // unless it is cut
	Seen Watches // by step watches and, where it leads, state watches
	Cut  bool    // generated, but not followed

	Route int // of a product, which one; and Move.Label
	Label uint32
}

// A Search visits the states of a space level by level.
type Search[K comparable] struct {
	space   Space[K]
	options Options
	Kinds   Kinds

	inside  sync.RWMutex // held for reading inside the space, for writing while it is changed
	Workers []*Worker[K]
	Initial []K // in order
	Levels  []Level[K]
	at      Position    // what was known when the last of levels began
	Open    bool        // the last level was not, or not all, expanded
	stop    atomic.Bool // the context is done
	full    atomic.Pointer[string]

	Result   Result
	Found    map[int]int // watch -> least number of steps to it
	Cut      map[string]bool
	distinct atomic.Int64 // with what is claimed of the level being filled
	taken    atomic.Int64 // steps, for the progress
	expanded atomic.Int64 // states of the last level, for the progress
}

// A Worker is one of those that share a search.
type Worker[K comparable] struct {
	*Search[K]
	Explorer[K]
	found Tally // in the level being expanded
}

// New returns a search of sp that has not begun.
func New[K comparable](sp Space[K], kinds Kinds, o Options) *Search[K] {
	s := &Search[K]{space: sp, options: o, Kinds: kinds, Found: map[int]int{}, Cut: map[string]bool{}}
	workers := o.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	for range workers {
		s.Workers = append(s.Workers, &Worker[K]{Search: s, Explorer: sp.NewExplorer()})
	}
	return s
}

// Run explores until there is nothing new, a limit is met or ctx is done. If there
// are levels, it goes on from the last one.
func (s *Search[K]) Run(ctx context.Context) {
	s.expandLevels(ctx)
	if s.Cut[BoundMemory] && s.space.DiskFull() {
		s.Cut[BoundDisk] = true
	}
	s.Result.Incomplete = slices.Sorted(maps.Keys(s.Cut))
	if s.Cut[BoundMemory] {
		s.space.Drop() // traces need room
	}
}

// expandLevels expands levels until there is a reason to stop. When it returns nobody
// looks at the space any more.
func (s *Search[K]) expandLevels(ctx context.Context) {
	defer context.AfterFunc(ctx, func() { s.stop.Store(true) })()
	if s.options.Progress != nil {
		defer Every(progressEvery, s.report)()
	}
	if s.options.MaxMemory > 0 {
		defer Every(memoryEvery, s.checkMemory)()
	}
	if len(s.Levels) == 0 {
		s.begin()
	}
	s.distinct.Store(int64(s.Result.Distinct))
	s.taken.Store(int64(s.Result.Generated))
	s.observeRest()
	more := len(s.Levels) > 0
	for more {
		why := s.limit(ctx)
		if why == "" {
			more, why = s.expandLevel(ctx)
		}
		if why != "" {
			s.Cut[why] = true
			break
		}
	}
	s.Open = more
}

// begin enters the initial states.
func (s *Search[K]) begin() {
	first, count := s.space.Initial()
	s.Result.Distinct, s.Result.Generated = len(first), count
	for _, k := range first {
		s.note(s.Workers[0].Seen(k).And(s.Kinds.States).Without(s.options.Ignore), 0)
	}
	if l, _ := s.space.Next(); len(first) > 0 {
		s.Initial = first
		s.enter(l)
	}
}

// enter makes l the last of the levels.
func (s *Search[K]) enter(l Level[K]) {
	s.inside.Lock() // the progress report and checkpoints read these
	defer s.inside.Unlock()
	s.Levels = append(s.Levels, l)
	s.expanded.Store(0)
	s.Result.Depth = len(s.Levels)
	s.at = s.position()
}

// limit names what forbids to expand the last level.
func (s *Search[K]) limit(ctx context.Context) string {
	switch limit := s.options.MaxDepth; {
	case ctx.Err() != nil:
		return IncompleteBy(ctx)
	case s.options.Enough != nil && s.options.Enough(s.hasFound):
		return BoundEnough
	case limit > 0 && s.Result.Depth > limit:
		return BoundDepth
	}
	return ""
}

// Stopped reports whether the search would have gone on but for its context or its
// memory.
func (s *Search[K]) Stopped() bool {
	return s.Cut[Interrupted] || s.Cut[TimedOut] || s.Cut[BoundMemory]
}

// expandLevel takes every step from the last level, and enters the next one if there
// is more. If the states that they lead to cannot be kept it says why, and counts
// nothing of them. If there is no room even to look at them all, it forgets what it
// saw, which depends on who came first.
func (s *Search[K]) expandLevel(ctx context.Context) (more bool, why string) {
	last := s.Levels[len(s.Levels)-1]
	s.sweep(last, true)
	next, seen := s.space.Next()
	s.Workers[0].found.Ahead = s.Workers[0].found.Ahead.Or(seen)
	s.distinct.Store(int64(s.Result.Distinct + next.States()))
	if s.overStates() {
		// Whatever was kept of the level, all of it is looked at, so that the
		// verdict does not depend on who came first.
		s.sweep(last, false)
	}
	switch full := s.full.Load(); {
	case full != nil && *full == BoundMemory:
		s.noteLevel() // as below
		return true, *full
	case full != nil:
		return true, *full
	case s.stop.Load():
		s.noteLevel() // true, though perhaps not all
		return true, IncompleteBy(ctx)
	}
	s.noteLevel()
	if s.overStates() {
		return true, BoundStates
	}
	for _, w := range s.Workers {
		s.Result.Generated += w.found.Generated
		s.Result.Terminals += w.found.Terminals
	}
	n := next.States()
	if s.Result.Distinct += n; n > 0 {
		s.enter(next)
	}
	return n > 0, ""
}

func (s *Search[K]) overStates() bool {
	limit := s.options.MaxStates
	return limit > 0 && s.distinct.Load() > int64(limit)
}

// noteLevel records what the workers saw when they expanded the last level.
func (s *Search[K]) noteLevel() {
	depth := len(s.Levels) - 1
	for _, w := range s.Workers {
		s.note(w.found.Here, depth)
		for why := range w.Bounds() {
			s.Cut[why] = true
		}
	}
	for _, w := range s.Workers {
		s.note(w.found.Ahead, depth+1)
	}
	s.observeRest()
}

// observeRest leaves in use the watches that have seen nothing yet: once is enough.
func (s *Search[K]) observeRest() {
	s.Observe(AllWatches.Without(s.Sighted()).Without(s.options.Ignore))
}

// Sighted returns the watches that have seen something.
func (s *Search[K]) Sighted() (seen Watches) {
	for i := range s.Found {
		seen = seen.Or(Watch(i))
	}
	return seen
}

func (s *Search[K]) hasFound(watch int) bool {
	_, ok := s.Found[watch]
	return ok
}

// Observe sets the watches that all workers use.
func (s *Search[K]) Observe(watches Watches) {
	for _, w := range s.Workers {
		w.Explorer.Observe(watches)
	}
}

// note records what was seen for the first time, and after how many steps.
func (s *Search[K]) note(seen Watches, steps int) {
	if seen.Empty() {
		return
	}
	seen = seen.Or(s.space.ImageOf(seen))
	for i := range MaxWatches {
		if _, known := s.Found[i]; seen.Has(i) && !known {
			s.Found[i] = steps
		}
	}
}

// sweep expands a level with all workers at once.
func (s *Search[K]) sweep(l Level[K], keep bool) {
	for _, w := range s.Workers {
		w.found = Tally{}
	}
	EachBlock(l.Blocks(), len(s.Workers), func(worker, block int) bool {
		w := s.Workers[worker]
		yield()
		if s.stop.Load() || s.full.Load() != nil || keep && s.overStates() && !s.space.Doubles() {
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
func (w *Worker[K]) expandBlock(l Level[K], block int, keep bool) bool {
	w.inside.RLock()
	defer w.inside.RUnlock()
	t, ok := w.Expand(l, block, keep)
	if !ok {
		return false
	}
	w.found.add(&t)
	if keep {
		w.distinct.Add(int64(t.Fresh))
		w.taken.Add(int64(t.Generated))
		w.expanded.Add(int64(t.Expanded))
	}
	return true
}

// makeRoom has the space widened. It reports false if there is no more room to
// be had.
func (w *Worker[K]) makeRoom() bool {
	w.inside.Lock()
	defer w.inside.Unlock()
	if bound := w.Widen(); bound != "" {
		w.full.Store(&bound)
	}
	return w.full.Load() == nil
}

// How often progress is told, and memory looked at.
const (
	progressEvery = 100 * time.Millisecond
	memoryEvery   = 10 * time.Millisecond
)

// Every calls f at intervals, unless they are 0, until the function that it returns
// is called.
func Every(interval time.Duration, f func()) (end func()) {
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
func (s *Search[K]) report() {
	s.inside.RLock()
	p := Progress{Distinct: int(s.distinct.Load()), Generated: int(s.taken.Load()), Memory: store.MemoryInUse(), Load: s.space.Load()}
	if n := len(s.Levels); n > 0 {
		p.Depth, p.Frontier = n-1, s.Levels[n-1].States()
		p.Expanded = min(int(s.expanded.Load()), p.Frontier)
	}
	s.inside.RUnlock()
	s.options.Progress(p)
}

// checkMemory stops the search if there is too little memory left to be sure that
// it will not be too much, and if neither the disk nor the garbage collector help.
func (s *Search[K]) checkMemory() {
	most := s.options.MaxMemory / 20 * 19
	used := store.MemoryInUse()
	if used > most/2 && s.space.Shrink() { // early, for what was given back comes again at once
		used = store.MemoryInUse()
	}
	if used <= most {
		return
	}
	if used <= s.options.MaxMemory {
		debug.FreeOSMemory()
		used = store.MemoryInUse()
	}
	if used > most {
		bound := BoundMemory
		s.full.CompareAndSwap(nil, &bound)
	}
}

// IncompleteBy names the reason for which a search under ctx was stopped.
func IncompleteBy(ctx context.Context) string {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return TimedOut
	}
	return Interrupted
}

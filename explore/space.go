package explore

import (
	"iter"
	"slices"
	"unsafe"

	"tcpclose/explore/internal/search"
	"tcpclose/explore/internal/store"
)

// opaqueSpace is a space in which a state is its own key.
type opaqueSpace[S comparable, A any] struct {
	sys     System[S, A]
	bounded Bounded[S, A] // nil if no step is cut
	watches []Watch[S, A]
	states  *store.StateSet[S]
	of      [3]search.Watches // the watches of each kind

	explorers []*opaqueExplorer[S, A]
	maxMemory int64 // Options.MaxMemory
}

// Initial claims the initial states.
func (sp *opaqueSpace[S, A]) Initial() (states []S, count int) {
	init := sp.sys.Init()
	sp.states.Grow(len(init))
	sp.states.Reserve(len(init))
	for i := range init {
		if s := init[i]; sp.states.Insert(sp.states.Hash(&s), &s) {
			states = append(states, init[i])
		}
	}
	sp.states.Release(len(init) - len(states))
	sp.explorers[0].fresh = slices.Clone(states)
	return states, len(init)
}

// Next returns the level of the states that were claimed.
func (sp *opaqueSpace[S, A]) Next() (search.Level[S], search.Watches) {
	var fresh [][]S
	var seen search.Watches
	for _, x := range sp.explorers {
		fresh = append(fresh, x.fresh)
		seen = seen.Or(x.ahead)
	}
	l := slices.Concat(fresh...)
	for _, x := range sp.explorers {
		x.fresh, x.ahead = x.fresh[:0], search.Watches{}
	}
	return search.KeyLevel[S](l), seen
}

// Shrink returns false: nothing of an opaque system lies on the disk.
func (sp *opaqueSpace[S, A]) Shrink() bool { return false }

// DiskFull returns false, for the same reason.
func (sp *opaqueSpace[S, A]) DiskFull() bool { return false }

// Doubles returns false: what is claimed is what Next has.
func (sp *opaqueSpace[S, A]) Doubles() bool { return false }

// Load returns the share of the table that is taken.
func (sp *opaqueSpace[S, A]) Load() float64 {
	return float64(sp.states.Used.Load()) / float64(len(sp.states.Slots))
}

// Image returns s: every state represents itself alone.
func (sp *opaqueSpace[S, A]) Image(s S) S { return s }

// ImageOf returns seen: a state has no other image.
func (sp *opaqueSpace[S, A]) ImageOf(seen search.Watches) search.Watches { return seen }

// Starts returns first: these are all initial states.
func (sp *opaqueSpace[S, A]) Starts(first []S) []S { return first }

// Drop forgets the states.
func (sp *opaqueSpace[S, A]) Drop() { sp.states = store.NewStateSet[S]() }

// NewExplorer returns the access of one more worker.
func (sp *opaqueSpace[S, A]) NewExplorer() search.Explorer[S] {
	x := &opaqueExplorer[S, A]{opaqueSpace: sp, cut: map[string]bool{}, observed: search.AllWatches}
	sp.explorers = append(sp.explorers, x)
	return x
}

type opaqueExplorer[S comparable, A any] struct {
	*opaqueSpace[S, A]
	fresh    []S            // what was claimed of the next level
	ahead    search.Watches // what state watches see there
	taken    []Step[S, A]   // the steps from one state
	aside    []Step[S, A]
	hashes   []uint64       // of the states in aside
	observed search.Watches // the watches in use
	sink     uint64         // see StateSet.Touch
	short    int            // how many states the table had no room for
	succs    []search.Step[S]
	cut      map[string]bool
}

// Expand takes the steps from the states of a block.
func (x *opaqueExplorer[S, A]) Expand(l search.Level[S], block int, keep bool) (t search.Tally, ok bool) {
	x.aside = x.aside[:0]
	states := l.Keys(nil, block)
	for _, s := range states {
		steps, seen := x.take(s)
		if steps == 0 {
			t.Terminals++
			t.Here = t.Here.Or(x.seenIn(s, Terminals))
		}
		t.Generated += steps
		t.Ahead = t.Ahead.Or(seen)
	}
	t.Expanded = len(states)
	if !keep {
		for i := range x.aside {
			t.Ahead = t.Ahead.Or(x.seenIn(x.aside[i].To, States))
		}
		return t, true
	}
	t.Fresh, ok = x.claim()
	return t, ok
}

// Targets returns nil: a state does not show where its steps lead.
func (sp *opaqueSpace[S, A]) Targets(iter.Seq[S]) any { return nil }

// Candidates returns all states of a block.
func (x *opaqueExplorer[S, A]) Candidates(dst []S, l search.Level[S], block int, _ any) []S {
	return l.Keys(dst, block)
}

// take takes the steps from a state, and sets aside where they lead. It gives how
// many there are, those that are cut included, and what step watches see.
func (x *opaqueExplorer[S, A]) take(from S) (steps int, seen search.Watches) {
	had := len(x.aside)
	// Not into aside: a system that does not append to dst would drop what is there.
	x.taken = x.sys.Steps(x.taken[:0], from)
	x.aside = append(x.aside, x.taken...)
	steps = len(x.taken)
	if x.bounded == nil && x.of[Steps].Empty() {
		return steps, seen
	}
	kept := x.aside[:had]
	for _, step := range x.aside[had:] {
		if x.within(from, step) {
			kept = append(kept, step)
			seen = seen.Or(x.seenOn(from, step))
		}
	}
	x.aside = kept
	return steps, seen
}

func (x *opaqueExplorer[S, A]) within(from S, step Step[S, A]) bool {
	if x.bounded == nil || x.bounded.Within(from, step.Action, step.To) {
		return true
	}
	x.cut[BoundBoundary] = true
	return false
}

// claim claims what was set aside. It reports false, and does nothing, if there is not
// enough room.
func (x *opaqueExplorer[S, A]) claim() (fresh int, ok bool) {
	if !x.states.Reserve(len(x.aside)) {
		x.short = len(x.aside)
		return 0, false
	}
	x.hashes = x.hashes[:0]
	for i := range x.aside {
		x.hashes = append(x.hashes, x.states.Hash(&x.aside[i].To))
	}
	x.sink = x.states.Touch(x.hashes)
	had := len(x.fresh)
	for i, h := range x.hashes {
		if to := &x.aside[i].To; x.states.Insert(h, to) {
			x.fresh = append(x.fresh, *to)
		}
	}
	fresh = len(x.fresh) - had
	x.states.Release(len(x.aside) - fresh)
	if !x.of[States].Empty() {
		for _, s := range x.fresh[had:] {
			x.ahead = x.ahead.Or(x.seenIn(s, States))
		}
	}
	return fresh, true
}

// Steps returns the steps from a state one by one.
func (x *opaqueExplorer[S, A]) Steps(from S) []search.Step[S] {
	x.aside = x.sys.Steps(x.aside[:0], from)
	x.succs = x.succs[:0]
	for _, step := range x.aside {
		next := search.Step[S]{To: step.To, Cut: !x.within(from, step)}
		if !next.Cut {
			next.Seen = x.seenOn(from, step).Or(x.seenIn(step.To, States))
		}
		x.succs = append(x.succs, next)
	}
	x.aside = x.aside[:0]
	return x.succs
}

// Widen makes the table larger.
func (x *opaqueExplorer[S, A]) Widen() string {
	// Growing doubles the table, beside the old one.
	more := 2 * len(x.states.Slots) * int(unsafe.Sizeof(x.states.Slots[0]))
	if x.maxMemory > 0 && !x.states.Fits(x.short) && store.MemoryInUse()+int64(more) > x.maxMemory {
		return BoundMemory
	}
	x.states.Grow(x.short)
	return ""
}

// Seen returns the state and terminal watches that see the state.
func (x *opaqueExplorer[S, A]) Seen(s S) search.Watches {
	return x.seenIn(s, States).Or(x.seenIn(s, Terminals))
}

// NumPlaces returns the number of slots.
func (x *opaqueExplorer[S, A]) NumPlaces() int { return len(x.states.Slots) }

// Places appends the slots of states.
func (x *opaqueExplorer[S, A]) Places(dst []uint32, states []S) (_ []uint32, ok bool) {
	x.hashes = x.hashes[:0]
	for i := range states {
		x.hashes = append(x.hashes, x.states.Hash(&states[i]))
	}
	x.sink = x.states.Touch(x.hashes)
	for i, h := range x.hashes {
		place, ok := x.states.Place(h, &states[i])
		if !ok {
			return dst, false
		}
		dst = append(dst, uint32(place))
	}
	return dst, true
}

func (x *opaqueExplorer[S, A]) seenOn(from S, step Step[S, A]) (seen search.Watches) {
	if x.of[Steps].Empty() {
		return seen
	}
	for j := range x.watches {
		if w := &x.watches[j]; w.Kind == Steps && x.observed.Has(j) && w.Step(from, step.Action, step.To) {
			seen = seen.Or(search.Watch(j))
		}
	}
	return seen
}

func (x *opaqueExplorer[S, A]) seenIn(s S, kind Kind) (seen search.Watches) {
	if x.of[kind].Empty() {
		return seen
	}
	for j := range x.watches {
		if w := &x.watches[j]; w.Kind == kind && x.observed.Has(j) && w.State(s) {
			seen = seen.Or(search.Watch(j))
		}
	}
	return seen
}

// Bounds returns the bounds that cut steps.
func (x *opaqueExplorer[S, A]) Bounds() map[string]bool { return x.cut }

// Observe sets the watches in use.
func (x *opaqueExplorer[S, A]) Observe(watches search.Watches) { x.observed = watches }

package product

import (
	"errors"
	"iter"
	"sync"

	"tcpclose/explore"
	"tcpclose/explore/internal/search"
	"tcpclose/explore/internal/store"
)

// A search can be shared by processes that keep the states between them. What a process
// needs for its share is here: the moves of the halves, and the numbers that it has for
// their values. These numbers are its own; package partition has those that all agree on.

// ErrShared is the error of methods that need the states, after a search by others.
var ErrShared = errors.New("product: others have kept the states of the search")

// A Share is a product, by its halves, as one process sees it. Several goroutines may use it.
type Share struct {
	space *productSpace
	mu    sync.Mutex // of the list of explorers
}

// NewShare returns a share of the search of p.
func NewShare(p *Product) (*Share, error) {
	if err := p.validate(); err != nil {
		return nil, err
	}
	if p.Exchange != nil {
		return nil, ErrSymmetry
	}
	return &Share{space: newProductSpace(p)}, nil
}

// A State is a state by the numbers of its halves' values.
type State [2]uint32

// Parts returns the parts of a half.
func (s *Share) Parts(side int) []int { return s.space.half[side].parts }

// Number returns the number of a half's value. The other half's parts are 0 in t.
func (s *Share) Number(side int, t Tuple) uint32 { return s.space.half[side].values.Number(t) }

// Value returns the half's value with that number.
func (s *Share) Value(side int, v uint32) Tuple { return s.space.half[side].values.Value(v) }

// Len returns how many values of the half have a number.
func (s *Share) Len(side int) int { return s.space.half[side].values.Len() }

// Initial returns the initial states, each once and in order, and how many there are if
// equal ones are counted apart.
func (s *Share) Initial() (states []State, count int) {
	met := map[State]bool{}
	for _, t := range s.space.Init {
		if k := State(store.Sides(s.space.pack(&t))); !met[k] {
			met[k] = true
			states = append(states, k)
		}
	}
	return states, len(s.space.Init)
}

// Standing returns the watches of states, and Terminal those of terminal states.
func (s *Share) Standing() Bits { return s.space.standing.Without(s.space.terminal) }

// Terminal returns the watches of terminal states.
func (s *Share) Terminal() Bits { return s.space.terminal }

// A Tally counts what the expansion of some states has found. Nothing is Fresh or Expanded
// of what is only looked at.
type Tally = search.Tally

// An Expander takes steps. One goroutine uses it.
type Expander struct {
	x     *productExplorer
	set   *store.RowSet
	tally Tally
}

// NewExpander returns an expander.
func (s *Share) NewExpander() *Expander {
	s.mu.Lock()
	defer s.mu.Unlock()
	return &Expander{x: s.space.NewExplorer().(*productExplorer)}
}

// Begin forgets what was found, and has these watches in use.
func (e *Expander) Begin(watches Bits) {
	if e.set != nil {
		e.set.Slots.Drop()
	}
	e.set = &store.RowSet{Width: e.x.rows.Width}
	e.x.view = store.RowView{Set: e.set}
	e.x.cut = map[string]bool{}
	e.tally = Tally{}
	e.x.Observe(watches)
	e.x.sortIfDue()
}

// Known says that the states (x, ys) need not be found.
func (e *Expander) Known(x uint32, ys []uint32) {
	e.x.view.Insert(x, ys)
	e.x.view.Row(x).Fresh = e.x.view.Row(x).Fresh[:0]
	e.x.view.Dirty = e.x.view.Dirty[:0]
}

// Expand takes all steps from the states (x, ys), of which there is one at least.
func (e *Expander) Expand(x uint32, ys []uint32) { e.x.expandRow(&e.tally, x, ys, claim) }

// Found returns what the expansion has found since Begin, and for which bounds it has cut
// steps.
func (e *Expander) Found() (t Tally, cut map[string]bool) { return e.tally, e.x.cut }

// Rows returns the states to which the steps have led, each once, but those that were Known.
func (e *Expander) Rows() iter.Seq2[uint32, []uint32] {
	return func(yield func(uint32, []uint32) bool) {
		for _, x := range e.x.view.Dirty {
			if !yield(x, e.x.view.Row(x).Fresh) {
				return
			}
		}
	}
}

// Seen returns the state watches, of those in use, that see one of the states (x, ys).
func (e *Expander) Seen(x uint32, ys []uint32) Bits { return e.x.seenAhead(x, ys) }

// Before calls visit with those of the states (x, ys) from which a step leads to one of the
// targets, or is seen by one of the watches in use, or leads to what one sees, or which one
// sees as terminal.
func (e *Expander) Before(x uint32, ys []uint32, targets *Targets, visit func(State)) {
	e.x.targets.Set, e.x.met = targets.set, false
	var t Tally
	e.x.expandRow(&t, x, ys, seek)
	if !e.x.met && t.Ahead.Or(t.Here).Empty() {
		return
	}
	for _, y := range ys {
		k := store.Pair(x, y)
		steps := e.x.Steps(k)
		is := len(steps) == 0 && !e.x.Seen(k).And(e.x.terminal).Empty()
		for i := range steps {
			if to := store.Sides(steps[i].To); !steps[i].Cut {
				is = is || !steps[i].Seen.Empty() || e.x.targets.Meets(to[0], []uint32{to[1]})
			}
		}
		if is {
			visit(State{x, y})
		}
	}
}

// Targets is a set of states.
type Targets struct{ set *store.RowSet }

// NewTargets returns the set of the states.
func (s *Share) NewTargets(states []State) *Targets {
	return &Targets{s.space.rowsOf(func(yield func(uint64) bool) {
		for _, k := range states {
			if !yield(store.Pair(k[0], k[1])) {
				return
			}
		}
	})}
}

// A Gathering is what a search has found that others have carried out.
type Gathering struct {
	Result explore.Result
	Found  map[int]int // by watch: the least number of steps
	// Open: the last level was not expanded.
	Open bool
	// Before returns, of the states of a level, at least those that Expander.Before has
	// with these watches in use. It is asked for what paths need.
	Before func(level int, watches Bits, targets []State) ([]State, error)
}

// Explored returns the outcome of the search. It has paths, but no states and no runs.
func (s *Share) Explored(g Gathering) *Explored {
	far := &farSpace{productSpace: s.space, before: g.Before}
	found := search.New[uint64](far, s.space.Product.kinds(), search.Options{Workers: 1})
	initial, _ := s.Initial()
	for _, k := range initial {
		found.Initial = append(found.Initial, store.Pair(k[0], k[1]))
	}
	for d := range g.Result.Depth {
		l := farLevel{depth: d}
		if d == 0 {
			l.keys = found.Initial
		}
		found.Levels = append(found.Levels, l)
	}
	found.Result, found.Open = search.Result(g.Result), g.Open
	for watch, steps := range g.Found {
		found.Found[watch] = steps
	}
	e := &Explored{search: found, space: s.space, far: far}
	e.Explored = explore.NewExplored(s.space.System(), found, s.space.unpack)
	return e
}

// A farSpace is a space of which others have the states.
type farSpace struct {
	*productSpace
	before func(level int, watches Bits, targets []State) ([]State, error)
	err    error
}

// A farLevel is a level that others have. Only the first has its states here.
type farLevel struct {
	depth int
	keys  []uint64
}

func (l farLevel) States() int                     { return len(l.keys) }
func (l farLevel) Blocks() int                     { return 1 }
func (l farLevel) Keys(_ []uint64, _ int) []uint64 { return l.keys }

// Targets returns the states as a list.
func (s *farSpace) Targets(states iter.Seq[uint64]) any {
	var list []State
	for k := range states {
		list = append(list, State(store.Sides(k)))
	}
	return list
}

// NewExplorer returns an explorer that asks for candidates.
func (s *farSpace) NewExplorer() search.Explorer[uint64] {
	return &farExplorer{s.productSpace.NewExplorer().(*productExplorer), s}
}

type farExplorer struct {
	*productExplorer
	far *farSpace
}

// Candidates asks those who have the level. After an error there are none.
func (x *farExplorer) Candidates(dst []uint64, l search.Level[uint64], _ int, targets any) []uint64 {
	dst = dst[:0]
	if x.far.err != nil {
		return dst
	}
	states, err := x.far.before(l.(farLevel).depth, x.observed, targets.([]State))
	x.far.err = err
	for _, k := range states {
		dst = append(dst, store.Pair(k[0], k[1]))
	}
	return dst
}

package product

import (
	"iter"
	"slices"
	"sync"

	"tcpclose/explore"
	"tcpclose/explore/internal/search"
	"tcpclose/explore/internal/store"
)

var (
	_ search.Space[uint64]    = (*productSpace)(nil)
	_ search.Explorer[uint64] = (*productExplorer)(nil)
)

// productSpace is the states of a product as pairs of its halves' values.
type productSpace struct {
	*halves
	rows      store.RowSet
	spilled   *store.Spill // levels, if disk is allowed
	mirroring sync.Mutex
	mirror    *mirror // if the product has an exchange; held by mirroring
	explorers []*productExplorer
	resumed   bool // the tables of moves have not all that the search has met
	// routes is, by half, those whose lead is in it.
	routes [2][]int
	// watched is, by route, the step watches whose movers are all on the route.
	watched []Bits
	// standing is the state and terminal watches, terminal the latter alone.
	standing, terminal Bits
}

func newProductSpace(p *Product) *productSpace {
	sp := &productSpace{halves: newHalves(p)}
	sp.rows.Width = func() int { return sp.half[1].values.Len() + 1 }
	if p.Exchange != nil {
		sp.mirror = newMirror(sp.halves)
	}
	for i, w := range p.Watches {
		if w.Kind != explore.Steps {
			sp.standing = sp.standing.Or(Bit(i))
		}
		if w.Kind == explore.Terminals {
			sp.terminal = sp.terminal.Or(Bit(i))
		}
	}
	for r, route := range p.Routes {
		var on Bits
		for i, w := range p.Watches {
			if w.Kind == explore.Steps && route.carries(w.Movers) {
				on = on.Or(Bit(i))
			}
		}
		sp.watched = append(sp.watched, on)
		side := sp.of[route.Lead]
		sp.routes[side] = append(sp.routes[side], r)
	}
	return sp
}

// Initial claims the initial states.
func (sp *productSpace) Initial() (keys []uint64, count int) {
	x := sp.explorers[0]
	for _, t := range sp.Init {
		k := sp.pack(&t)
		if k = min(k, sp.Image(k)); x.insert(k) {
			keys = append(keys, k)
		}
	}
	return keys, len(sp.Init)
}

// Doubles reports whether images are claimed, too.
func (sp *productSpace) Doubles() bool { return sp.mirror != nil }

// Shrink gives back the memory of rows that are on the disk.
func (sp *productSpace) Shrink() bool { return sp.rows.Slots.Shrink() }

// DiskFull reports whether levels or rows found no room on the disk.
func (sp *productSpace) DiskFull() bool { return sp.spilled.Full() || sp.rows.Slots.Disk.Full() }

// Load returns the share of the rows' slots that are taken.
func (sp *productSpace) Load() float64 {
	return float64(sp.rows.Used.Load()) / float64(max(1, sp.rows.Room.Load()))
}

// Targets returns the states as a set of rows.
func (sp *productSpace) Targets(states iter.Seq[uint64]) any { return sp.rowsOf(states) }

func (sp *productSpace) rowsOf(states iter.Seq[uint64]) *store.RowSet {
	set := &store.RowSet{Width: sp.rows.Width}
	view := store.RowView{Set: set}
	for k := range states {
		v := store.Sides(k)
		view.Insert(v[0], []uint32{v[1]})
	}
	return set
}

// Drop frees the rows.
func (sp *productSpace) Drop() {
	for _, x := range sp.explorers {
		x.view = store.RowView{Set: &sp.rows}
	}
	sp.rows.Slots.Drop()
	sp.rows.Pages = nil
}

// Next packs what came fresh into the rows.
func (sp *productSpace) Next() (search.Level[uint64], Bits) {
	var dirty []uint32
	for _, x := range sp.explorers {
		dirty = append(dirty, x.view.Dirty...)
		x.view.Dirty = x.view.Dirty[:0]
	}
	slices.Sort(dirty)
	// Rows that together have states for a block.
	var shares [][]uint32
	view := &sp.explorers[0].view
	for from := 0; from < len(dirty); {
		to, states := from, 0
		for to < len(dirty) && states < store.BlockStates {
			states += len(view.Row(dirty[to]).Fresh)
			to++
		}
		shares = append(shares, dirty[from:to])
		from = to
	}
	l := make(store.Level, len(shares))
	seen := make([]Bits, len(sp.explorers))
	search.EachBlock(len(shares), len(sp.explorers), func(worker, i int) bool {
		x := sp.explorers[worker]
		for _, v := range shares[i] {
			r := x.view.Row(v)
			seen[worker] = seen[worker].Or(x.seenAhead(v, r.Fresh))
			kept := r.Fresh
			if x.mirror != nil {
				kept = x.oneOfEach(v, kept)
			}
			if len(kept) > 0 {
				x.packer.Add(v, kept)
			}
			r.Settle()
		}
		if l[i] = x.packer.Block(); sp.spilled != nil {
			sp.spilled.Keep(&l[i])
		}
		return true
	})
	if sp.mirror != nil {
		sp.enterImages()
	}
	var all Bits
	for _, b := range seen {
		all = all.Or(b)
	}
	return l, all
}

// NewExplorer returns the access of one more worker.
func (sp *productSpace) NewExplorer() search.Explorer[uint64] {
	x := &productExplorer{productSpace: sp, offers: map[offerKey][]Move{}, cut: map[string]bool{}, observed: All}
	x.view.Set = &sp.rows
	x.reactions = make([]reactions, len(sp.Parts))
	x.react = x.reactionOf
	if sp.Exchange != nil {
		x.mirror = newMirror(sp.halves)
	}
	sp.explorers = append(sp.explorers, x)
	return x
}

// NumPlaces ranks the states and returns their number.
func (x *productExplorer) NumPlaces() int { return x.rows.Number() }

// Places appends the ranks of states.
func (x *productExplorer) Places(dst []uint32, keys []uint64) (_ []uint32, ok bool) {
	for _, k := range keys {
		v := store.Sides(k)
		rank, ok := x.view.Row(v[0]).Rank(v[1])
		if !ok {
			return dst, false
		}
		dst = append(dst, rank)
	}
	return dst, true
}

// Seen returns the set of state and terminal watches that see the state.
func (x *productExplorer) Seen(k uint64) Bits {
	seen := x.standing.And(x.observed)
	if seen.Empty() {
		return seen
	}
	v := store.Sides(k)
	return seen.And(x.state(0, v[0])).And(x.state(1, v[1]))
}

// seenAhead returns the state watches that see one of the states (v, ys).
func (x *productExplorer) seenAhead(v uint32, ys []uint32) (seen Bits) {
	want := x.observed.And(x.standing).Without(x.terminal)
	if want.Empty() {
		return seen
	}
	if want = want.And(x.state(0, v)); want.Empty() {
		return seen
	}
	for _, y := range ys {
		seen = seen.Or(x.state(1, y))
	}
	return seen.And(want)
}

// state returns the watches that the parts of a half let pass in a state.
func (x *productExplorer) state(side int, v uint32) Bits {
	return memo(&x.sides[side].states, v, func() Bits { return x.both(side, v, Part.State) })
}

// stay returns the watches that they let pass in a step in which they take no part.
func (x *productExplorer) stay(side int, v uint32) Bits {
	return memo(&x.sides[side].stays, v, func() Bits { return x.both(side, v, Part.Stay) })
}

func (x *productExplorer) both(side int, v uint32, f func(Part, Value) Bits) Bits {
	b, value := All, x.half[side].values.Value(v)
	for _, part := range x.half[side].parts {
		b = b.And(f(x.Parts[part], value[part]))
	}
	return b
}

// unknown marks a place in a memo that was not asked for yet. It has the bit
// that is no watch.
var unknown = Bits{0, 1 << 63}

// memo returns f(), computed once for each v.
func memo(table *[]Bits, v uint32, f func() Bits) Bits {
	if int(v) < len(*table) {
		if b := (*table)[v]; b != unknown {
			return b
		}
	}
	for int(v) >= len(*table) {
		*table = append(*table, unknown)
	}
	b := f()
	(*table)[v] = b
	return b
}

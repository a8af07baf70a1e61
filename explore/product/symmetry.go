package product

import (
	"errors"
	"fmt"
	"slices"

	"tcpclose/explore/internal/search"
	"tcpclose/explore/internal/store"
)

// A search by symmetry expands one of each two states that are each other's image:
// the smaller pair. The rows have both. What lies ahead of the other is the image of what lies ahead of
// that one, so it is expanded for both, and what a watch sees there its partner sees
// in the image. Only which states are kept is different: trace.go marks the images,
// too, and follows steps as they are, so that paths are those of the full search.

// An Exchange is parts and watches that change places, in pairs: the image of a
// state has the values of the parts exchanged. A product is symmetric under it if
//   - the image of an initial state is one,
//   - the images of the steps from a state are the steps from its image, as often,
//     and cut for the same bounds, and
//   - what a watch sees in a state or step, its partner, or itself if it has none,
//     sees in the image.
//
// Values of parts that change places must mean the same.
type Exchange struct {
	Parts, Watches [][2]int
}

// ErrSymmetry is the error of methods that need all states, after a search by symmetry.
var ErrSymmetry = errors.New("product: a search by symmetry has kept one of two states only")

// validate reports what can be seen to be wrong with an exchange of p. That steps
// have images is not looked into.
func (x *Exchange) validate(p *Product) error {
	for _, pairs := range []struct {
		what string
		list [][2]int
		n    int
	}{{"part", x.Parts, len(p.Parts)}, {"watch", x.Watches, len(p.Watches)}} {
		met := map[int]bool{}
		for _, pair := range pairs.list {
			for _, i := range pair {
				if i < 0 || i >= pairs.n || met[i] {
					return fmt.Errorf("product: an exchange of %s %d: want different ones of 0 to %d", pairs.what, i, pairs.n-1)
				}
				met[i] = true
			}
		}
	}
	part := func(i int) int { return exchanged(x.Parts, i) }
	for i, w := range p.Watches {
		image := &p.Watches[exchanged(x.Watches, i)]
		var movers []int
		for _, m := range w.Movers {
			movers = append(movers, part(m))
		}
		if image.Kind != w.Kind || !slices.Equal(slices.Sorted(slices.Values(movers)), slices.Sorted(slices.Values(image.Movers))) {
			return fmt.Errorf("product: an exchange of watches: that of watch %d is of another kind or has other movers", i)
		}
	}
	for _, pair := range x.Parts {
		if p.Halves != nil && slices.Contains(p.Halves, pair[0]) == slices.Contains(p.Halves, pair[1]) {
			return fmt.Errorf("product: an exchange of parts %d and %d of the same half", pair[0], pair[1])
		}
	}
	for n, t := range p.Init {
		if !slices.Contains(p.Init, x.tuple(t)) {
			return fmt.Errorf("product: an exchange: initial state %d has an image that is none", n)
		}
	}
	return nil
}

// exchanged returns the place with which i changes.
func exchanged(pairs [][2]int, i int) int {
	for _, p := range pairs {
		switch i {
		case p[0]:
			return p[1]
		case p[1]:
			return p[0]
		}
	}
	return i
}

// tuple returns the image of t.
func (x *Exchange) tuple(t Tuple) Tuple {
	for _, p := range x.Parts {
		t[p[0]], t[p[1]] = t[p[1]], t[p[0]]
	}
	return t
}

// watches returns the partners of watches.
func (x *Exchange) watches(b Bits) Bits {
	of := b
	for _, p := range x.Watches {
		if b.Has(p[0]) != b.Has(p[1]) {
			both := Bit(p[0]).Or(Bit(p[1]))
			of = of.Without(both).Or(both.Without(b))
		}
	}
	return of
}

// A mirror finds the image of a pair, for one worker.
type mirror struct {
	*halves
	pairs [2][]int // by half: of each pair, the part that is in it
	cores numbers  // what the parts are that change places, as a list
	rests [2]numbers
	of    [2][]splitValue // by half and value
	join  [2][][]uint32   // by half, rest and core: the value
}

// A splitValue is a half's value, as the parts that change places, and the others.
type splitValue struct{ core, rest uint32 }

// numbers numbers tuples, from 1.
type numbers struct {
	number map[Tuple]uint32
	value  []Tuple
}

func (n *numbers) of(t Tuple) uint32 {
	i, ok := n.number[t]
	if !ok {
		if n.number == nil {
			n.number = map[Tuple]uint32{}
		}
		n.value = append(n.value, t)
		i = uint32(len(n.value))
		n.number[t] = i
	}
	return i
}

func newMirror(h *halves) *mirror {
	w := &mirror{halves: h}
	for _, p := range h.Exchange.Parts {
		for _, part := range p {
			w.pairs[h.of[part]] = append(w.pairs[h.of[part]], part)
		}
	}
	return w
}

// Image returns the image of a pair.
func (w *mirror) Image(k uint64) uint64 {
	v := store.Sides(k)
	a, b := w.split(0, v[0]), w.split(1, v[1])
	return store.Pair(w.joined(0, b.core, a.rest), w.joined(1, a.core, b.rest))
}

func (w *mirror) split(side int, v uint32) *splitValue {
	for int(v) >= len(w.of[side]) {
		w.of[side] = append(w.of[side], splitValue{})
	}
	t := &w.of[side][v]
	if t.core == 0 {
		rest := w.half[side].values.Value(v)
		var core Tuple
		for i, part := range w.pairs[side] {
			core[i], rest[part] = rest[part], 0
		}
		t.core, t.rest = w.cores.of(core), w.rests[side].of(rest)
	}
	return t
}

// joined returns the half's value that a core and a rest make.
func (w *mirror) joined(side int, core, rest uint32) uint32 {
	for int(rest) >= len(w.join[side]) {
		w.join[side] = append(w.join[side], nil)
	}
	list := &w.join[side][rest]
	for int(core) >= len(*list) {
		*list = append(*list, 0)
	}
	v := &(*list)[core]
	if *v == 0 {
		t := w.rests[side].value[rest-1]
		for i, part := range w.pairs[side] {
			t[part] = w.cores.value[core-1][i]
		}
		*v = w.half[side].values.Number(t)
	}
	return *v
}

// oneOfEach returns the fresh states (v, ys) that represent their images, too. Of
// earlier states the images are in the rows as well, so if that of a fresh one is there
// it is as fresh; of the two the smaller is kept.
func (x *productExplorer) oneOfEach(v uint32, ys []uint32) (kept []uint32) {
	kept = x.own[:0]
	for _, y := range ys {
		k := store.Pair(v, y)
		image := x.mirror.Image(k)
		at := store.Sides(image)
		_, fresh := x.view.Row(at[0]).Slot(at[1])
		if !fresh {
			x.images = append(x.images, image)
		}
		if !fresh || k <= image {
			kept = append(kept, y)
		}
	}
	x.own = kept
	return kept
}

// enterImages puts the images into the rows, when all fresh states were looked at.
func (sp *productSpace) enterImages() {
	search.EachBlock(len(sp.explorers), len(sp.explorers), func(_, i int) bool {
		x := sp.explorers[i]
		for _, k := range x.images {
			x.insert(k)
		}
		x.images = x.images[:0]
		return true
	})
	for _, x := range sp.explorers {
		for _, v := range x.view.Dirty {
			x.view.Row(v).Settle()
		}
		x.view.Dirty = x.view.Dirty[:0]
	}
}

// Image returns the image of a state. Several workers may call it at once.
func (sp *productSpace) Image(k uint64) uint64 {
	if sp.mirror == nil {
		return k
	}
	sp.mirroring.Lock()
	defer sp.mirroring.Unlock()
	return sp.mirror.Image(k)
}

// ImageOf returns the partners of watches.
func (sp *productSpace) ImageOf(seen Bits) Bits {
	if sp.mirror == nil {
		return seen
	}
	return sp.Exchange.watches(seen)
}

// Starts returns the initial states, including those that are not kept.
func (sp *productSpace) Starts(first []uint64) (all []uint64) {
	if sp.mirror == nil {
		return first
	}
	for _, t := range sp.Init {
		all = append(all, sp.pack(&t))
	}
	return all
}

package explore

import (
	"errors"
	"fmt"
	"slices"
)

// A search by symmetry keeps one of each two states that are each other's image:
// the smaller word. What lies ahead of the other is the image of what lies ahead of
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

// ErrSymmetry is what is returned by what a search by symmetry cannot give.
var ErrSymmetry = errors.New("explore: a search by symmetry has kept one of two states only")

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
					return fmt.Errorf("explore: an exchange of %s %d: want different ones of 0 to %d", pairs.what, i, pairs.n-1)
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
			return fmt.Errorf("explore: an exchange of watches: that of watch %d is of another kind or has other movers", i)
		}
	}
	for n, t := range p.Init {
		if !slices.Contains(p.Init, x.tuple(t)) {
			return fmt.Errorf("explore: an exchange: initial state %d has an image that is none", n)
		}
	}
	return nil
}

// exchanged is what i changes places with.
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

// tuple is the image of t.
func (x *Exchange) tuple(t Tuple) Tuple {
	for _, p := range x.Parts {
		t[p[0]], t[p[1]] = t[p[1]], t[p[0]]
	}
	return t
}

// watches is the partners of watches.
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

// level gives parts that change places the same top, so that their fields can be of
// one width.
func (x *Exchange) level(top []Value) {
	for _, p := range x.Parts {
		most := max(top[p[0]], top[p[1]])
		top[p[0]], top[p[1]] = most, most
	}
}

// A fieldSwap is two fields of a word that change places.
type fieldSwap struct {
	low, high uint8
	mask      uint64
}

// swaps is what x does to a word with layout l.
func (x *Exchange) swaps(l *layout) (list []fieldSwap) {
	for _, p := range x.Parts {
		list = append(list, fieldSwap{l.shift[p[0]], l.shift[p[1]], uint64(l.mask[p[0]])})
	}
	return list
}

func swapFields(w uint64, swaps []fieldSwap) uint64 {
	for i := range swaps {
		s := &swaps[i]
		differ := (w>>(s.low%wordBits) ^ w>>(s.high%wordBits)) & s.mask
		w ^= differ<<(s.low%wordBits) | differ<<(s.high%wordBits)
	}
	return w
}

// keepSmaller replaces each word whose image is smaller by that.
func (sp *productSpace) keepSmaller(words []uint64) {
	for i, w := range words {
		words[i] = min(w, swapFields(w, sp.swaps))
	}
}

func (sp *productSpace) image(w uint64) uint64 { return swapFields(w, sp.swaps) }

func (sp *productSpace) imageOf(seen Bits) Bits {
	if sp.Exchange == nil {
		return seen
	}
	return sp.Exchange.watches(seen)
}

// starts is the initial states, those included that are not kept.
func (sp *productSpace) starts(level []uint64) (all []uint64) {
	if sp.Exchange == nil {
		return level
	}
	for _, t := range sp.Init {
		all = append(all, sp.layout.pack(&t))
	}
	return all
}

package termbench

import (
	"fmt"
	"iter"
	"math/bits"

	"tcpclose/explore/product"
)

// TERM-BENCH without a capacity: a channel has room for all, and holds of each segment the
// youngest copy, which can do whatever an older one can.

// A crowd is what is in transit in one direction: the segments by their number, without
// the age, and which of them are old.
type crowd struct{ all, old [2]uint64 }

func (c crowd) without(n int) crowd {
	c.all[n/64] &^= 1 << (n % 64)
	c.old[n/64] &^= 1 << (n % 64)
	return c
}

// add returns c with a segment that was sent now.
func (c crowd) add(s segment) crowd {
	n := int(s >> 1)
	c = c.without(n)
	c.all[n/64] |= 1 << (n % 64)
	return c
}

// tick returns the crowd a tick later: what was old is gone.
func (c crowd) tick() (to crowd) {
	for i := range c.all {
		to.all[i] = c.all[i] &^ c.old[i]
		to.old[i] = to.all[i]
	}
	return to
}

// segments calls with each segment, without its age.
func (c crowd) segments() iter.Seq[segment] {
	return func(yield func(segment) bool) {
		for i, word := range c.all {
			for ; word != 0; word &= word - 1 {
				if !yield(segment(64*i+bits.TrailingZeros64(word)) << 1) {
					return
				}
			}
		}
	}
}

// Unlimited is the model without a capacity, as a product with Covering parts. If it is
// saturated nothing is lost, and what is delivered leaves a copy.
func (d Model) Unlimited(saturated bool) *product.Product {
	t := &crowdParts{parts: &parts{Model: d}, saturated: saturated}
	end, net := product.Value(t.ends.Number(endpoint{})), product.Value(t.crowds.Number(crowd{}))
	p := &product.Product{
		Parts:  []product.Part{endPart{t.parts}, endPart{t.parts}, crowdPart{t}, crowdPart{t}},
		Init:   []product.Tuple{{end, end, net, net}},
		Halves: []int{0, 2},
	}
	for e := range 2 {
		own, peer, others := 2+e, 1-e, 3-e
		delivers := []product.Hop{{Part: peer}, {Part: others, From: 1}}
		p.Routes = append(p.Routes,
			product.Route{Name: fmt.Sprint("call ", e), Lead: e, Hops: []product.Hop{{Part: own}}},
			product.Route{Name: fmt.Sprint("expire ", e), Lead: e, Hops: []product.Hop{{Part: own}}},
			product.Route{Name: fmt.Sprint("deliver ", e), Lead: own, Hops: delivers},
			product.Route{Name: fmt.Sprint("lose ", e), Lead: own},
			product.Route{Name: fmt.Sprint("repeat ", e), Lead: own, Hops: delivers},
		)
	}
	p.Routes = append(p.Routes, product.Route{Name: "tick", Hops: []product.Hop{{Part: 2}, {Part: 1}, {Part: 3}}})
	return p
}

type crowdParts struct {
	*parts
	saturated bool
	crowds    product.Numbering[crowd]
}

type crowdPart struct{ *crowdParts }

var _ product.Covering = crowdPart{}

func (t crowdPart) move(to crowd, out segment) product.Move {
	return product.Move{To: product.Value(t.crowds.Number(to)), Out: t.message(out)}
}

func (t crowdPart) Offer(dst []product.Move, route int, v product.Value) []product.Move {
	c := t.crowds.Value(uint32(v))
	kind := KindOf(route)
	if t.saturated && kind != Repeats {
		return dst
	}
	for s := range c.segments() {
		switch kind {
		case Repeats:
			dst = append(dst, t.move(c, s))
		case Delivers:
			dst = append(dst, t.move(c.without(int(s>>1)), s))
		case Loses:
			dst = append(dst, t.move(c.without(int(s>>1)), 0))
		}
	}
	return dst
}

func (t crowdPart) React(v product.Value, in product.Message) product.Move {
	s := t.segments.Value(uint32(in))
	return t.move(after(t.crowds.Value(uint32(v)), s), 0)
}

// Covers reports whether w has each segment of v, and no older.
func (t crowdPart) Covers(v, w product.Value) bool {
	c, d := t.crowds.Value(uint32(v)), t.crowds.Value(uint32(w))
	for i := range c.all {
		if c.all[i]&^d.all[i] != 0 || c.all[i]&^c.old[i]&d.old[i] != 0 {
			return false
		}
	}
	return true
}

func (t crowdPart) Least() product.Value { return product.Value(t.crowds.Number(crowd{})) }

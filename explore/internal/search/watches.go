package search

// MaxWatches limits the watches of one search.
const MaxWatches = 127

// Watches is a set of watches.
type Watches [(MaxWatches + 63) / 64]uint64

// AllWatches is the set of all watches.
var AllWatches = Watches{^uint64(0), ^uint64(0) >> 1}

// Watch returns the set of watch i alone.
func Watch(i int) (b Watches) {
	b[i/64] = 1 << (i % 64)
	return b
}

// Has reports whether watch i is in b.
func (b Watches) Has(i int) bool { return b[i/64]>>(i%64)&1 != 0 }

// And returns the intersection of b and c.
func (b Watches) And(c Watches) Watches { return Watches{b[0] & c[0], b[1] & c[1]} }

// Or returns the union of b and c.
func (b Watches) Or(c Watches) Watches { return Watches{b[0] | c[0], b[1] | c[1]} }

// Without returns b less what is in c.
func (b Watches) Without(c Watches) Watches { return Watches{b[0] &^ c[0], b[1] &^ c[1]} }

// Empty reports whether b has no watch.
func (b Watches) Empty() bool { return b[0]|b[1] == 0 }

// First returns the least watch in b, or -1.
func (b Watches) First() int {
	for i := range MaxWatches {
		if b.Has(i) {
			return i
		}
	}
	return -1
}

package explore

// MaxWatches is how many watches one search can look out for.
const MaxWatches = 127

// Bits is a set of watches.
type Bits [(MaxWatches + 63) / 64]uint64

// All is the set of all watches.
var All = Bits{^uint64(0), ^uint64(0) >> 1}

// Bit is the set of watch i alone.
func Bit(i int) (b Bits) {
	b[i/64] = 1 << (i % 64)
	return b
}

// Has reports whether watch i is in b.
func (b Bits) Has(i int) bool { return b[i/64]>>(i%64)&1 != 0 }

// And is the intersection of b and c.
func (b Bits) And(c Bits) Bits { return Bits{b[0] & c[0], b[1] & c[1]} }

// Or is the union of b and c.
func (b Bits) Or(c Bits) Bits { return Bits{b[0] | c[0], b[1] | c[1]} }

// Without is b less what is in c.
func (b Bits) Without(c Bits) Bits { return Bits{b[0] &^ c[0], b[1] &^ c[1]} }

// Empty reports whether b has no watch.
func (b Bits) Empty() bool { return b[0]|b[1] == 0 }

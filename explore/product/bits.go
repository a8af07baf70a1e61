package product

import (
	"tcpclose/explore/internal/search"
)

// Bits is a set of watches, by their numbers in Product.Watches. It has the
// methods
//
//	Has(i int) bool       // watch i is in the set
//	And(c Bits) Bits      // what is in both
//	Or(c Bits) Bits       // what is in one of them
//	Without(c Bits) Bits  // what is in the set and not in c
//	Empty() bool          // there is nothing in the set
//	First() int           // the least of the set, or -1
//
// The zero value is the empty set.
type Bits = search.Watches

// Bit returns the set of watch i alone.
func Bit(i int) Bits { return search.Watch(i) }

// All is the set of all watches.
var All = search.AllWatches

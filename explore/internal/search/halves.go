package search

// Halves is a space whose states are pairs, so that what each half does can be looked at
// by itself.
type Halves[K comparable] interface {
	// Half returns what one half does, or nil if not all of that is known.
	Half(side int) *Half
	// Sides returns the values of a state.
	Sides(k K) [2]uint32
	// Pairs returns the states with both values in the sets, or false if there are more
	// than most.
	Pairs(in [2][]bool, most int) (states []K, ok bool)
}

// A Half is what one half of a space does. Its values are numbers; there may be some that
// it never has. On every run of the system the half's values follow its moves: a step in
// which it does something is one move of the half or several, one after the other.
type Half struct {
	Initial []uint32
	First   []uint32 // by value: its first move; and the number of moves
	Moves   []HalfMove
	// Sees has by value the watches of states and terminal states that the half does not
	// rule out, Stays the step watches that it does not rule out while it does nothing.
	Sees, Stays []Watches
}

// A HalfMove is a move to a value.
type HalfMove struct {
	To uint32
	// Sure: it is a step by itself, whatever the other half is.
	Sure bool
	On   Watches // the step watches that it does not rule out
}

// Values returns the number of values.
func (h *Half) Values() int { return len(h.Sees) }

// Of returns the moves of a value.
func (h *Half) Of(v uint32) []HalfMove { return h.Moves[h.First[v]:h.First[v+1]] }

// Halves returns the space, if its states are pairs.
func (s *Search[K]) Halves() (h Halves[K], ok bool) {
	h, ok = s.space.(Halves[K])
	return h, ok
}

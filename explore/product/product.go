package product

import (
	"fmt"
	"slices"

	"tcpclose/explore"
	"tcpclose/explore/internal/search"
)

// A Value is the number of a value of a part; 0 is no value. The search has
// tables with a place for each number, so numbers should be dense.
type Value uint32

// A Message is the number of what one part tells another in a step; 0 is
// nothing, and wakes nobody.
type Message uint32

// A Part is one factor of a product. Its methods are functions of their
// arguments alone and may be called from several goroutines; the search
// remembers what they return.
type Part interface {
	// Offer appends to dst the moves with which v can start a step on route,
	// in an order that depends on v alone.
	Offer(dst []Move, route int, v Value) []Move
	// React is the move that v makes when it receives in.
	React(v Value, in Message) Move
	// State is the set of state and terminal watches that v does not rule out.
	State(v Value) Bits
	// Stay is the set of step watches that v does not rule out when the part
	// takes no part in a step.
	Stay(v Value) Bits
}

// A Covering part has values of which some can do all that others can, as what a channel
// contains that may lose anything: more can do all that less can. If w covers v then
//
//   - to each move that v offers on a route there is one that w offers, and to each
//     message that v receives there is w's reaction,
//   - w's move has the same messages as v's, is refused or cut only if v's is, leads to a
//     value that covers the one to which v's leads, and lets all watches pass that v's does,
//   - w lets all watches of states and of steps in which it stays pass that v does, but
//     those of terminal states.
//
// A state covers another if they differ in Covering parts only, and there it covers the
// other: whatever the other can do it can do, too. Nothing holds the engine to that but
// the part: a test has to.
type Covering interface {
	Part
	// Covers reports whether w covers v. One goroutine calls it at a time.
	Covers(v, w Value) bool
	// Least returns the value that all others cover.
	Least() Value
}

// A Move is the share of one part in a step.
type Move struct {
	To   Value   // the value after the step
	Out  Message // what the move tells parts further along the route
	Note Message // what it tells observers
	// Step is the set of step watches that this move does not rule out.
	Step Bits
	// Still: that the value changes does not make a step of an idle route.
	Still bool
	// Label distinguishes steps in a Quotient. Of the moves of a step the
	// first that has one gives it; 0 is none.
	Label uint32
	// Refuse: the part does not take the step, so there is none, and the other
	// fields do not count.
	Refuse bool
	// Bound, if not empty, names a bound for which the step is cut, so that the
	// search is incomplete.
	Bound string
}

// A Port is one of the two messages of a move.
type Port uint8

const (
	Out  Port = iota // Move.Out
	Note             // Move.Note
)

// A Hop takes a message of an earlier move to the next part of a route. A part
// may be on a route more than once.
type Hop struct {
	Part int  // who receives
	From int  // whose message: 0 is the lead's, i that of the i-th hop counted from 1
	Port Port // which of its two messages
}

// A Route is a kind of step: a part that starts it and the parts it runs along.
type Route struct {
	Name string
	Lead int
	Hops []Hop
	// Idle: a step on this route is none if every move changes nothing or is
	// still.
	Idle bool
}

// A Product is a transition system whose states are tuples of parts.
//
// A step watch is seen on a step if every part lets it pass: those that move by
// Move.Step (of each of their moves), the others by Part.Stay. A state watch is
// seen in a state if every part lets it pass by Part.State.
type Product struct {
	Parts   []Part
	Routes  []Route // in the order in which steps are tried
	Init    []Tuple
	Watches []Watch
	// Halves, if not nil, is the parts of one half; the others are the other. The search
	// is the faster, and takes the less memory, the fewer different values each half has
	// as a whole, and the fewer routes go to and fro between them. If it is nil the first
	// parts are one half, the last ones the other.
	Halves []int
	// Exchange, if not nil, is one under which the product is symmetric: of two
	// states that are each other's image the search keeps one.
	Exchange *Exchange
}

// A Watch observes states or steps of a product. The parts say what it sees; Watch has
// its kind and, for a watch of steps, the parts that move in every step that it can see.
type Watch struct {
	Kind   explore.Kind
	Movers []int
}

// carries reports whether all the parts are on the route.
func (r *Route) carries(parts []int) bool {
	for _, i := range parts {
		on := func(h Hop) bool { return h.Part == i }
		if r.Lead != i && !slices.ContainsFunc(r.Hops, on) {
			return false
		}
	}
	return true
}

// MaxParts limits the parts of a product, and maxHops the hops of one of its routes.
const (
	MaxParts = 12
	maxHops  = 2 * MaxParts
)

// A Tuple is a state of a product: the value of each part, then zeros.
type Tuple [MaxParts]Value

// A Pick is a step of a product: the route and which of the lead's moves.
type Pick struct {
	Route, Move int
}

func (p *Product) validate() error {
	if n := len(p.Parts); n == 0 || n > MaxParts {
		return fmt.Errorf("product: a product of %d parts: want 1 to %d", n, MaxParts)
	}
	if n := len(p.Watches); n > explore.MaxWatches {
		return fmt.Errorf("product: %d watches: at most %d", n, explore.MaxWatches)
	}
	for i, w := range p.Watches {
		if w.Kind > explore.Terminals {
			return fmt.Errorf("product: watch %d: no kind %d", i, w.Kind)
		}
	}
	for i, part := range p.Halves {
		if part < 0 || part >= len(p.Parts) || slices.Contains(p.Halves[:i], part) {
			return fmt.Errorf("product: half of part %d: want different ones of 0 to %d", part, len(p.Parts)-1)
		}
	}
	for n, t := range p.Init {
		for i, v := range t {
			if (v != 0) != (i < len(p.Parts)) {
				return fmt.Errorf("product: initial state %d: part %d has value %d", n, i, v)
			}
		}
	}
	for _, r := range p.Routes {
		if r.Lead < 0 || r.Lead >= len(p.Parts) {
			return fmt.Errorf("product: route %s: lead %d: want 0 to %d", r.Name, r.Lead, len(p.Parts)-1)
		}
		if n := len(r.Hops); n > maxHops {
			return fmt.Errorf("product: route %s: %d hops: at most %d", r.Name, n, maxHops)
		}
		for i, h := range r.Hops {
			if h.Part < 0 || h.Part >= len(p.Parts) || h.From < 0 || h.From > i || h.Port > Note {
				return fmt.Errorf("product: route %s: hop %d: part %d from %d, port %d: no such part, earlier move or port", r.Name, i+1, h.Part, h.From, h.Port)
			}
		}
	}
	if p.Exchange != nil {
		return p.Exchange.validate(p)
	}
	return nil
}

// kinds returns the watches of each kind.
func (p *Product) kinds() (of search.Kinds) {
	for i, w := range p.Watches {
		switch w.Kind {
		case explore.States:
			of.States = of.States.Or(Bit(i))
		case explore.Steps:
			of.Steps = of.Steps.Or(Bit(i))
		case explore.Terminals:
			of.Terminals = of.Terminals.Or(Bit(i))
		}
	}
	return of
}

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

package survey

import (
	"cmp"
	"context"
	"slices"

	"tcpclose/explore"
	"tcpclose/explore/product"
	"tcpclose/internal/join"
	"tcpclose/invariants"
	"tcpclose/model"
)

// A Joint is the connection states of a and b. The states of the system that have
// the same are one state of a Quotient.
type Joint [2]model.ConnState

func (j Joint) String() string { return j[model.A].String() + ", " + j[model.B].String() }

// A Quotient is the reachable states of a configuration, those with the same
// connection states as one, and the steps between them.
type Quotient struct {
	Config    model.Config
	Result    explore.Result
	Remembers bool          // the states counted are those of the model and of what the properties remember
	Judged    int           // properties that were searched for
	States    []JointStates // in order of a's state, then b's
	Steps     []JointSteps  // in order of From, To and Occurrence
}

// JointStates is the states of a joint state.
type JointStates struct {
	Joint
	Count     int
	Least     int                    // steps from the start to the nearest of them
	Initial   bool                   // the initial state is one of them
	Terminals int                    // no step leaves them
	Open      int                    // not all steps from them were explored
	Violates  []*invariants.Property // what is violated in one of them
}

// JointSteps is steps of one kind.
type JointSteps struct {
	From, To Joint
	Occurrence
	Count    int
	Violates []*invariants.Property // what is violated by one of them
}

func compareJoints(x, y Joint) int { return slices.Compare(x[:], y[:]) }

// A change is what tells steps of a Quotient apart.
type change struct {
	from, to Joint
	Occurrence
}

// jointWidth is the factor of a's state in the number of a class; b's has factor one.
const jointWidth = 16

// Quotient counts the states and steps of the space. It takes one pass over all of
// them, and fails only if ctx ends before.
func (s *Space) Quotient(ctx context.Context) (*Quotient, error) {
	p := s.product
	counted, err := s.explored.Quotient(ctx, func(part int, v product.Value) product.Class {
		switch part {
		case join.EndOf(model.A):
			return jointWidth * product.Class(p.Ends.Value(uint32(v)).State)
		case join.EndOf(model.B):
			return product.Class(p.Ends.Value(uint32(v)).State)
		}
		return 0
	})
	if err != nil {
		return nil, err
	}
	joint := func(c product.Class) Joint {
		return Joint{model.ConnState(c / jointWidth), model.ConnState(c % jointWidth)}
	}
	q := &Quotient{Config: s.Config, Result: s.Result, Remembers: p.Monitors != 0, Judged: len(s.judged)}
	for class, n := range counted.States {
		q.States = append(q.States, JointStates{
			Joint: joint(class), Count: n.Count, Least: n.Least, Initial: n.Initial > 0, Terminals: n.Terminals, Open: n.Open,
			Violates: s.violated(n.Seen),
		})
	}
	slices.SortFunc(q.States, func(x, y JointStates) int { return compareJoints(x.Joint, y.Joint) })
	// Labels that differ in nothing that is told are counted together.
	steps := map[change]product.ClassSteps{}
	for class, n := range counted.Steps {
		c := change{joint(class.From), joint(class.To), s.occurrenceOf(class.Route, class.Label)}
		sum := steps[c]
		sum.Count += n.Count
		sum.Seen = sum.Seen.Or(n.Seen)
		steps[c] = sum
	}
	for c, n := range steps {
		q.Steps = append(q.Steps, JointSteps{From: c.from, To: c.to, Occurrence: c.Occurrence, Count: n.Count, Violates: s.violated(n.Seen)})
	}
	slices.SortFunc(q.Steps, func(x, y JointSteps) int {
		return cmp.Or(compareJoints(x.From, y.From), compareJoints(x.To, y.To), x.compare(&y.Occurrence))
	})
	return q, nil
}

// violated returns the properties that what was seen violates.
func (s *Space) violated(seen product.Bits) (list []*invariants.Property) {
	for _, j := range s.judged {
		if slices.ContainsFunc(j.at, func(at int) bool { return seen.Has(2*at) || seen.Has(2*at+1) }) {
			list = append(list, j.property)
		}
	}
	return list
}

package invariants

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"tcpclose/explore"
	"tcpclose/model"
)

// A Joint is the connection states of a and b. The states of the system that have
// the same are one state of a Quotient.
type Joint [2]model.ConnState

func (j Joint) String() string { return j[model.A].String() + ", " + j[model.B].String() }

// A Sort of segment is its control bits, and whether it has text. The zero Sort
// stands for no segment.
type Sort struct {
	Ctl  model.Ctl
	Text bool
}

// SortOf is the sort of g.
func SortOf(g model.Segment) Sort { return Sort{g.Ctl, g.Len > 0} }

// String is the sort as a diagram writes it: FIN, RST and SYN without the ACK that
// comes with them.
func (s Sort) String() string {
	var words []string
	if s.Text {
		words = append(words, "text")
	}
	for _, bit := range []struct {
		ctl  model.Ctl
		name string
	}{{model.SYN, "SYN"}, {model.FIN, "FIN"}, {model.RST, "RST"}} {
		if s.Ctl.Has(bit.ctl) {
			words = append(words, bit.name)
		}
	}
	if len(words) == 0 && s.Ctl.Has(model.ACK) {
		words = append(words, "ACK")
	}
	return strings.Join(words, "+")
}

// An Occurrence is what happens in a step, less the numbers.
type Occurrence struct {
	Kind     model.Kind
	Side     model.Side      // who moves, or whose segment is lost; of ticks none
	From, To model.ConnState // of who moves
	Call     model.Call
	Timeout  model.Timeout
	Arrived  Sort // or lost
	Sent     Sort
	arrow    uint8 // 1 + its place in arrows
}

// arrows is all that are allowed, those of the figure first.
var arrows = slices.Concat(Figure5, FurtherArrows)

// Arrow is the arrow along which the state changes: nil if it does not, or along
// none.
func (o *Occurrence) Arrow() *Arrow {
	if o.arrow == 0 {
		return nil
	}
	return &arrows[o.arrow-1]
}

// Changes reports whether a connection state changes.
func (o *Occurrence) Changes() bool { return o.From != o.To }

// occurrence is what happens when side takes step s.
func occurrence(side model.Side, s *Step) Occurrence {
	o := Occurrence{
		Kind: s.Kind, Side: side, From: s.From.State, To: s.To.State, Call: s.Call, Timeout: s.Timeout,
		Arrived: SortOf(s.Arrived), Sent: SortOf(s.Effect.Sent),
	}
	if s.changes() {
		o.arrow = uint8(1 + slices.IndexFunc(arrows, func(a Arrow) bool {
			return a.From == o.From && a.To == o.To && a.is(s)
		}))
	}
	return o
}

// Occurrence is what happens in event i of the trace, counted from 0.
func (t *Trace) Occurrence(i int) Occurrence {
	e := &t.Events[i]
	d := deed{Action: e.Action, effect: e.Outcome.Effect, elapsed: e.Outcome.Elapsed}
	if d.Kind == model.Losses {
		return Occurrence{Kind: d.Kind, Side: d.Side, Arrived: SortOf(d.Packet.Segment)}
	}
	for side, m := range d.moves(&whole{State: t.States[i]}, &whole{State: t.States[i+1]}) {
		if m != nil && d.Kind != model.Ticks {
			o := occurrence(model.Side(side), m)
			o.Kind = d.Kind
			return o
		}
	}
	return Occurrence{Kind: model.Ticks}
}

// compare orders occurrences in a Quotient.
func (o *Occurrence) compare(p *Occurrence) int {
	sort := func(x, y Sort) int {
		text := func(s Sort) int {
			if s.Text {
				return 1
			}
			return 0
		}
		return cmp.Or(cmp.Compare(x.Ctl, y.Ctl), cmp.Compare(text(x), text(y)))
	}
	return cmp.Or(cmp.Compare(o.Kind, p.Kind), cmp.Compare(o.Side, p.Side), cmp.Compare(o.From, p.From), cmp.Compare(o.To, p.To),
		cmp.Compare(o.Call, p.Call), cmp.Compare(o.Timeout, p.Timeout), sort(o.Arrived, p.Arrived), sort(o.Sent, p.Sent), cmp.Compare(o.arrow, p.arrow))
}

// label is the number of an occurrence, where labels are wanted.
func (p *product) label(of func() Occurrence) uint32 {
	if !p.labelled {
		return 0
	}
	return p.labels.Number(of())
}

// occurrenceOf is what happens in a step on that route with that label.
func (p *product) occurrenceOf(r int, label uint32) Occurrence {
	switch kind := p.routes[r].kind; {
	case kind == model.Ticks || label == 0:
		return Occurrence{Kind: kind}
	case kind == model.Copies:
		o := p.labels.Value(label)
		o.Kind = kind
		return o
	}
	return p.labels.Value(label)
}

// A Quotient is the reachable states of a configuration, those with the same
// connection states as one, and the steps between them.
type Quotient struct {
	Config    model.Config
	Result    explore.Result
	Remembers bool          // the states counted are those of the model and of what the properties remember
	Judged    int           // properties that were looked out for
	States    []JointStates // in order of a's state, then b's
	Steps     []JointSteps  // in order of From, To and Occurrence
}

// JointStates is the states of a joint state.
type JointStates struct {
	Joint
	Count     int
	Initial   bool        // the initial state is one of them
	Terminals int         // no step leaves them
	Open      int         // not all steps from them were explored
	Violates  []*Property // what is violated in one of them
}

// JointSteps is steps of one kind.
type JointSteps struct {
	From, To Joint
	Occurrence
	Count    int
	Violates []*Property // what is violated by one of them
}

func compareJoints(x, y Joint) int { return slices.Compare(x[:], y[:]) }

// A change is what tells steps of a Quotient apart.
type change struct {
	from, to Joint
	Occurrence
}

// jointWidth is what a's state counts in a class; b's counts one.
const jointWidth = 16

// Quotient counts the states and steps of the space. It takes one pass over all of
// them, and fails only if ctx ends before.
func (s *Space) Quotient(ctx context.Context) (*Quotient, error) {
	p := s.product
	counted, err := s.explored.Quotient(ctx, func(part int, v explore.Value) explore.Class {
		switch part {
		case endOf(model.A):
			return jointWidth * explore.Class(p.ends.Value(uint32(v)).State)
		case endOf(model.B):
			return explore.Class(p.ends.Value(uint32(v)).State)
		}
		return 0
	})
	if err != nil {
		return nil, err
	}
	joint := func(c explore.Class) Joint {
		return Joint{model.ConnState(c / jointWidth), model.ConnState(c % jointWidth)}
	}
	q := &Quotient{Config: s.Config, Result: s.Result, Remembers: p.needs != 0, Judged: len(s.tasks)}
	for class, n := range counted.States {
		q.States = append(q.States, JointStates{
			Joint: joint(class), Count: n.Count, Initial: n.Initial > 0, Terminals: n.Terminals, Open: n.Open,
			Violates: s.violated(n.Seen),
		})
	}
	slices.SortFunc(q.States, func(x, y JointStates) int { return compareJoints(x.Joint, y.Joint) })
	// Labels that differ in nothing that is told are counted together.
	steps := map[change]explore.ClassSteps{}
	for class, n := range counted.Steps {
		c := change{joint(class.From), joint(class.To), p.occurrenceOf(class.Route, class.Label)}
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

// violated is the properties that what was seen violates.
func (s *Space) violated(seen explore.Bits) (list []*Property) {
	for _, t := range s.tasks {
		if slices.ContainsFunc(t.badAt, func(at int) bool { return seen.Has(2*at) || seen.Has(2*at+1) }) {
			list = append(list, t.finding.Property)
		}
	}
	return list
}

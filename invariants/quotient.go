package invariants

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

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

func sortOf(g model.Segment) Sort { return Sort{g.Ctl, g.Len > 0} }

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
		Arrived: sortOf(s.Arrived), Sent: sortOf(s.Effect.Sent),
	}
	if s.changes() {
		o.arrow = uint8(1 + slices.IndexFunc(arrows, func(a Arrow) bool {
			return a.From == o.From && a.To == o.To && a.is(s)
		}))
	}
	return o
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
	Remembers bool // the states counted are those of the model and of what the properties remember
	Time      time.Duration
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

// State is the states of j, nil if there are none.
func (q *Quotient) State(j Joint) *JointStates {
	i, ok := slices.BinarySearchFunc(q.States, j, func(s JointStates, j Joint) int { return compareJoints(s.Joint, j) })
	if !ok {
		return nil
	}
	return &q.States[i]
}

func compareJoints(x, y Joint) int { return slices.Compare(x[:], y[:]) }

// A change is what tells steps of a Quotient apart.
type change struct {
	from, to Joint
	Occurrence
}

// ExploreQuotient explores the system of c and tells where it violates which of
// properties, of those that forbid states or steps and apply to c; others are left
// out. If ctx ends it fails, because nothing could be said of any number.
func ExploreQuotient(ctx context.Context, c model.Config, properties []*Property, o explore.Options) (*Quotient, error) {
	y, err := model.NewSystem(c)
	if err != nil {
		return nil, err
	}
	start := time.Now()
	q := &Quotient{Config: c}
	var tasks []*task
	var remember needs
	for _, p := range properties {
		if p.Liveness != nil || p.Patterns == nil || p.Applies != nil && p.Applies(c) != "" {
			continue
		}
		t := &task{finding: &Finding{Property: p}, bad: p.Patterns(c)}
		for _, pat := range t.bad {
			remember |= pat.Needs
		}
		tasks = append(tasks, t)
	}
	states := map[Joint]*JointStates{}
	steps := map[change]*JointSteps{}
	for first := true; first || len(tasks) > 0; first = false {
		n := fitting(tasks)
		if err := q.count(ctx, y, tasks[:n], remember, o, states, steps); err != nil {
			return nil, err
		}
		tasks = tasks[n:]
	}
	for _, s := range states {
		q.States = append(q.States, *s)
	}
	slices.SortFunc(q.States, func(x, y JointStates) int { return compareJoints(x.Joint, y.Joint) })
	for _, s := range steps {
		q.Steps = append(q.Steps, *s)
	}
	slices.SortFunc(q.Steps, func(x, y JointSteps) int {
		return cmp.Or(compareJoints(x.From, y.From), compareJoints(x.To, y.To), x.compare(&y.Occurrence))
	})
	q.Remembers, q.Time = remember != 0, time.Since(start)
	return q, nil
}

// jointWidth is what a's state counts in a class; b's counts one.
const jointWidth = 16

// count explores the system and counts, and adds where the tasks' properties are
// violated.
func (q *Quotient) count(ctx context.Context, y *model.System, tasks []*task, remember needs, o explore.Options, states map[Joint]*JointStates, steps map[change]*JointSteps) error {
	var all []Pattern
	for _, t := range tasks {
		all = t.place(all)
	}
	p := newProduct(y, all)
	p.needs |= remember
	p.labelled = true
	e, err := explore.ExploreProduct(ctx, &p.Product, o)
	if err != nil {
		return err
	}
	counted, err := e.Quotient(ctx, func(part int, v explore.Value) explore.Class {
		switch part {
		case endOf(model.A):
			return jointWidth * explore.Class(p.ends.Value(uint32(v)).State)
		case endOf(model.B):
			return explore.Class(p.ends.Value(uint32(v)).State)
		}
		return 0
	})
	if err != nil {
		return err
	}
	q.Result = e.Result
	joint := func(c explore.Class) Joint {
		return Joint{model.ConnState(c / jointWidth), model.ConnState(c % jointWidth)}
	}
	violated := func(had []*Property, seen explore.Bits) []*Property {
		for _, t := range tasks {
			for _, at := range t.badAt {
				if seen.Has(2*at) || seen.Has(2*at+1) {
					had = append(had, t.finding.Property)
					break
				}
			}
		}
		return had
	}
	for class, n := range counted.States {
		at := joint(class)
		s := states[at]
		if s == nil {
			s = &JointStates{Joint: at, Count: n.Count, Initial: n.Initial > 0, Terminals: n.Terminals, Open: n.Open}
			states[at] = s
		}
		s.Violates = violated(s.Violates, n.Seen)
	}
	// Labels that differ in nothing that is told are counted together.
	now := map[change]explore.ClassSteps{}
	for class, n := range counted.Steps {
		c := change{joint(class.From), joint(class.To), p.occurrenceOf(class.Route, class.Label)}
		sum := now[c]
		sum.Count += n.Count
		sum.Seen = sum.Seen.Or(n.Seen)
		now[c] = sum
	}
	for c, n := range now {
		s := steps[c]
		if s == nil {
			s = &JointSteps{From: c.from, To: c.to, Occurrence: c.Occurrence, Count: n.Count}
			steps[c] = s
		}
		s.Violates = violated(s.Violates, n.Seen)
	}
	return nil
}

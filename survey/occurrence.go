package survey

import (
	"cmp"
	"slices"
	"strings"

	"tcpclose/internal/join"
	"tcpclose/invariants"
	"tcpclose/model"
	"tcpclose/trace"
)

// A Sort of segment is its control bits, and whether it has text. The zero Sort
// stands for no segment.
type Sort struct {
	Ctl  model.Ctl
	Text bool
}

// SortOf returns the sort of g.
func SortOf(g model.Segment) Sort { return Sort{g.Ctl, g.Len > 0} }

// String returns the sort as a diagram writes it: FIN, RST and SYN without the ACK that
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
var arrows = slices.Concat(invariants.Figure5, invariants.FurtherArrows)

// Arrow returns the arrow along which the state changes: nil if it does not, or along
// none.
func (o *Occurrence) Arrow() *invariants.Arrow {
	if o.arrow == 0 {
		return nil
	}
	return &arrows[o.arrow-1]
}

// Changes reports whether a connection state changes.
func (o *Occurrence) Changes() bool { return o.From != o.To }

// occurrence returns what happens when side takes step s.
func occurrence(side model.Side, s *invariants.Step) Occurrence {
	o := Occurrence{
		Kind: s.Kind, Side: side, From: s.From.State, To: s.To.State, Call: s.Call, Timeout: s.Timeout,
		Arrived: SortOf(s.Arrived), Sent: SortOf(s.Effect.Sent),
	}
	if s.Changes() {
		o.arrow = uint8(1 + slices.IndexFunc(arrows, func(a invariants.Arrow) bool {
			return a.From == o.From && a.To == o.To && a.Is(s)
		}))
	}
	return o
}

// OccurrenceIn returns what happens in event i of the trace, counted from 0.
func OccurrenceIn(t *trace.Trace, i int) Occurrence {
	e := &t.Events[i]
	d := join.WholeStep{Action: e.Action, Effect: e.Outcome.Effect, Elapsed: e.Outcome.Elapsed}
	if d.Kind == model.Losses {
		return Occurrence{Kind: d.Kind, Side: d.Side, Arrived: SortOf(d.Packet.Segment)}
	}
	for side, m := range d.Moves(&join.WholeState{State: t.States[i]}, &join.WholeState{State: t.States[i+1]}, nil) {
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

// occurrenceOf returns what happens in a step on that route with that label.
func (s *Space) occurrenceOf(r int, label uint32) Occurrence {
	switch kind := s.product.KindOf(r); {
	case kind == model.Ticks || label == 0:
		return Occurrence{Kind: kind}
	case kind == model.Copies:
		o := s.labels.Value(label)
		o.Kind = kind
		return o
	}
	return s.labels.Value(label)
}

// Event returns what makes the mover move, as figure 5 writes it.
func (o *Occurrence) Event() string {
	switch o.Kind {
	case model.Calls:
		return o.Call.String()
	case model.Timeouts:
		return o.Timeout.String()
	case model.Deliveries, model.Copies:
		return "rcv " + o.Arrived.String()
	case model.Losses:
		return o.Arrived.String() + " is lost"
	case model.Boxes:
		return "box"
	}
	return "tick"
}

package observe

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"tcpclose/model"
	"tcpclose/stacks/adapter"
)

// An Observer follows an end through a run.
type Observer struct {
	rules Rules
	stack model.Stack
	set   []hypothesis
	ticks time.Duration // that have passed
}

// New returns an observer of an end by these rules.
func New(r Rules) (*Observer, error) {
	s, err := r.stack()
	if err != nil {
		return nil, err
	}
	return &Observer{rules: r, stack: s}, nil
}

// ErrNumbers: a run has numbers that the model has not.
var ErrNumbers = errors.New("a number that the model does not have")

// Observe follows a run from its beginning.
func (o *Observer) Observe(run Run) Report {
	report := Report{Run: run.Name, Options: o.rules.Options}
	o.ticks = 0
	o.set = []hypothesis{{options: o.rules.Options}}
	narrow := true
	for i, e := range run.Events {
		before := o.set
		after, err := o.step(before, e)
		if err != nil {
			report.Err = fmt.Errorf("event %d: %s: %w", i, e, err)
			break
		}
		if len(after) == 0 {
			report.Deviations = append(report.Deviations, o.deviation(run, i, before))
			break
		}
		o.set = after
		report.Steps = append(report.Steps, Step{e, states(after)})
	}
	if narrow && len(report.Deviations) == 0 {
		report.Options = optionsOf(o.set)
	}
	return report
}

// optionsOf returns the alternatives that one of the hypotheses follows.
func optionsOf(list []hypothesis) (all model.Options) {
	for _, h := range list {
		all = all.Union(h.options)
	}
	return all
}

// states returns the states of the hypotheses, each once.
func states(list []hypothesis) (s []State) {
	for _, h := range list {
		if state := h.state(); !slices.Contains(s, state) {
			s = append(s, state)
		}
	}
	return s
}

func (o *Observer) deviation(run Run, i int, before []hypothesis) Deviation {
	d := Deviation{Run: run.Name, Event: i, At: run.Events[i].At, Before: states(before), Seen: run.Events[i].String()}
	for _, h := range before {
		e := Expectation{From: h.tcb.State, To: h.tcb.State, Sends: "nothing"}
		if !h.quiet() {
			e.Sends = h.out[0].Text(model.A)
		}
		if !slices.Contains(d.Expected, e) {
			d.Expected = append(d.Expected, e)
		}
	}
	return d
}

// step returns what is left of the hypotheses after e.
func (o *Observer) step(before []hypothesis, e Event) ([]hypothesis, error) {
	after := newSet()
	ticks := e.At / o.rules.Tick
	for _, h := range before {
		if e.Kind == Sends && ticks == o.ticks && !h.quiet() {
			o.sends(after, h, e.Segment)
			continue
		}
		var err error
		o.advance(h, ticks-o.ticks, func(h hypothesis) {
			if err == nil {
				err = o.apply(after, h, e)
			}
		})
		if err != nil {
			return nil, err
		}
	}
	o.ticks = ticks
	return after.list, nil
}

// apply adds what e makes of h to after.
func (o *Observer) apply(after *set, h hypothesis, e Event) error {
	if e.Kind == Sends {
		o.sends(after, h, e.Segment)
		return nil
	}
	if !h.quiet() {
		return nil
	}
	switch e.Kind {
	case Opens:
		o.opens(after, h, e)
	case Calls:
		o.calls(after, h, e)
	case Arrives:
		g, ok := small(e.Segment)
		if !ok {
			return ErrNumbers
		}
		o.do(h, func(s model.Stack) (model.TCB, model.Effect) { return s.Arrives(h.tcb, g, model.Tag{}) },
			func(h hypothesis) { after.add(h) })
	case Waits:
		if e.State == "" || !o.rules.States || e.State == h.state().Name() {
			after.add(h)
		}
	}
	return nil
}

// do calls f with each hypothesis that a step makes of h.
func (o *Observer) do(h hypothesis, step func(model.Stack) (model.TCB, model.Effect), f func(hypothesis)) {
	for s, options := range o.stack.Branches(h.options) {
		to, e := step(s)
		n := h.after(to, e)
		n.options = *options
		f(n)
	}
}

// advance calls f with each hypothesis that h can be when so many ticks have passed.
// A timeout that is due may have happened or not; time goes on only after it, and
// after what it sends was seen.
func (o *Observer) advance(h hypothesis, ticks time.Duration, f func(hypothesis)) {
	if ticks == 0 {
		f(h)
	}
	if !h.quiet() {
		return
	}
	for s, options := range o.stack.Branches(h.options) {
		n := h
		due := s.Due(nil, h.tcb)
		deadline := s.Deadline(h.tcb)
		left := ticks
		var ok bool
		if len(due) == 0 {
			left = min(ticks, time.Duration(deadline))
			n.tcb, ok = s.Tick(h.tcb, uint16(left))
		}
		n.options = *options
		switch {
		case len(due) > 0:
			for _, which := range due {
				o.do(n, func(s model.Stack) (model.TCB, model.Effect) { return s.Timeout(n.tcb, which) },
					func(n hypothesis) { o.advance(n, ticks, f) })
			}
		case !ok || left == 0:
		case deadline == model.Never:
			f(n)
		default:
			o.advance(n, ticks-left, f)
		}
	}
}

// sends adds h to after if g is what it sends next.
func (o *Observer) sends(after *set, h hypothesis, g Segment) {
	if h.quiet() || !same(h.out[0], g) {
		return
	}
	h.out[0], h.out[1] = h.out[1], model.Segment{}
	after.add(h)
}

// same reports whether g is the segment m of the model.
func same(m model.Segment, g Segment) bool {
	if m.Ctl != g.Ctl || int64(m.Len) != g.Len || g.Ctl.Has(model.ACK) && int64(m.Ack) != g.Ack {
		return false
	}
	if g.Raw {
		return m.Seq == 0 && g.Seq == 0
	}
	return int64(m.Seq) == g.Seq
}

const maxNumber = model.MaxLives * (model.MaxOctets + 2)

// small returns g as the model has it; ok is false if its numbers are too large.
func small(g Segment) (m model.Segment, ok bool) {
	if g.Seq < -1 || g.Seq+g.SpaceLen() > maxNumber || g.Ack < -1 || g.Ack > maxNumber || g.Len > model.MaxOctets || g.Raw {
		return m, false
	}
	m = model.Segment{Seq: model.Seq(g.Seq), Ack: model.Seq(g.Ack), Len: uint8(g.Len), Ctl: g.Ctl}
	if !g.Ctl.Has(model.RST) && g.Wnd >= 0 && g.Wnd <= model.MaxOctets {
		m.Wnd = model.WindowOf(uint8(g.Wnd))
	}
	return m, true
}

// opens adds what OPEN makes of h.
func (o *Observer) opens(after *set, h hypothesis, e Event) {
	call := model.OpenPassive
	if e.Active {
		call = model.Open
	}
	if o.stack.Refusal(h.tcb, call) != "" {
		if e.Answer == nil || e.Answer.Told != adapter.Done {
			after.add(h)
		}
		return
	}
	h.user = user{opened: true}
	o.do(h, func(s model.Stack) (model.TCB, model.Effect) { return s.Call(h.tcb, call) }, func(h hypothesis) { after.add(h) })
}

package observe

import (
	"fmt"
	"hash/maphash"
	"slices"
	"time"

	"tcpclose/model"
	"tcpclose/stacks/adapter"
)

// An Observer follows an end through a run.
type Observer struct {
	rules Rules
	stack model.Stack

	set  []hypothesis
	now  time.Duration // of the last event
	edge int32         // of the receive window, as the end has announced it; or wide
	top  int32         // the same with what the user has read, of which the end need not tell
	room int32         // the largest window that the end has told of
	most int32         // the largest window that the peer has told of; or -1
	sent time.Duration // when a segment was sent last; or less than 0
	seen time.Duration // the same, before the event that is followed; or 0
	rst  time.Duration // the same of an RST
	// heard is when a segment has arrived, or was sent again; or less than 0.
	heard time.Duration

	last    numbers  // of a connection that was there
	passed  []passed // segments, towards the end
	sending Segment  // of the event, if it is one that is sent
	visited map[hypothesis]struct{}
	eager   bool // what is unseen is looked for at every event

	spare []*hypothesis // that are not borrowed

	expect *[]Expectation // where what the end can do is noted, or nil
	timer  string         // that fires, for expect
}

// New returns an observer of an end by these rules.
func New(r Rules) (*Observer, error) {
	s, err := r.stack()
	if err != nil {
		return nil, err
	}
	return &Observer{rules: r, stack: s}, nil
}

// begin forgets what was seen.
func (o *Observer) begin() {
	o.set = append(o.set[:0:0], hypothesis{options: o.rules.Options, numbers: numbers{edge: wide}})
	o.now, o.edge, o.top, o.most, o.sent, o.rst, o.heard, o.passed, o.room = 0, wide, wide, -1, -1, -1, -1, nil, 0
	o.last = numbers{first: 1, una: 1, nxt: 1, written: 1, rcvNxt: 1, edge: wide}
}

// A run with mostDeviations is not followed any further.
const mostDeviations = 12

// Observe follows a run from its beginning. After a deviation it goes on, with what
// was seen.
func (o *Observer) Observe(run Run) Report { return o.observe(run, nil) }

// observe does so; a deviation that is known is not explained again.
func (o *Observer) observe(run Run, known map[Alternative][]Cause) Report {
	report := Report{Run: run.Name, Options: o.rules.Options}
	o.begin()
	for i := 0; i < len(run.Events); {
		events := run.Events[i:]
		events = events[:unit(events)]
		before := o.fork()
		good, err := o.follow(events)
		if err != nil {
			report.Err = fmt.Errorf("event %d: %w", i+good, err)
			return report
		}
		if good < len(events) {
			d := before.deviation(run, i, events, good)
			if len(report.Deviations) == 0 {
				report.Options = optionsOf(before.set)
			}
			var after []hypothesis
			d.Causes, d.Known = known[d.Answer]
			if !d.Known {
				d.Causes, after = before.explain(run, i, events)
			}
			report.Deviations = append(report.Deviations, d)
			before.recover(events)
			if o = before; after != nil {
				o.set = after
			}
		}
		for _, e := range events {
			report.Steps = append(report.Steps, Step{e, states(o.set)})
		}
		i += len(events)
		if len(report.Deviations) == mostDeviations {
			report.Err = fmt.Errorf("event %d: %d deviations: the rest was not observed", i, mostDeviations)
			return report
		}
	}
	if len(report.Deviations) == 0 {
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
	for i := range list {
		if state := list[i].state(); !slices.Contains(s, state) {
			s = append(s, state)
		}
	}
	return s
}

// A set is hypotheses, each once, in a fixed order.
type set struct {
	list []hypothesis
	seen map[uint64]int32 // by hash, if there are many: the last one with it, from 1
	next []int32          // the one before with the same hash, from 1; 0 is none
}

const many = 16

var seed = maphash.MakeSeed()

func (s *set) add(h *hypothesis) {
	if len(s.list) < many {
		for i := range s.list {
			if s.list[i] == *h {
				return
			}
		}
		s.list = append(s.list, *h)
		return
	}
	if s.seen == nil {
		s.seen = make(map[uint64]int32, 4*many)
		for i := range s.list {
			s.note(maphash.Comparable(seed, s.list[i]))
		}
	}
	hash := maphash.Comparable(seed, *h)
	for i := s.seen[hash]; i > 0; i = s.next[i-1] {
		if s.list[i-1] == *h {
			return
		}
	}
	s.list = append(s.list, *h)
	s.note(hash)
}

// note gives the next of the list its hash.
func (s *set) note(hash uint64) {
	s.next = append(s.next, s.seen[hash])
	s.seen[hash] = int32(len(s.next))
}

// maxNumber bounds the numbers of a segment.
const maxNumber = 1 << 29

// far reports whether g has a number that no connection comes to.
func (g Segment) far() bool {
	return min(g.Seq, g.Ack, g.Len) < -maxNumber || max(g.Seq, g.Ack, g.Len) > maxNumber || g.Len < 0
}

// Next follows the run by one more event.
func (o *Observer) Next(e Event) error {
	if e.At < o.now {
		return fmt.Errorf("at %s: want a time not before %s", e.At, o.now)
	}
	if e.Kind >= numKinds {
		return fmt.Errorf("%s: want a kind of event", e.Kind)
	}
	if e.Segment.far() && e.Kind != Sends {
		return fmt.Errorf("segment %s: want numbers up to %d, relative to the initial ones", e.Segment, maxNumber)
	}
	before := o.now
	o.now = e.At
	if e.Segment.far() { // no end sends it
		o.set = nil
		return nil
	}
	o.sending, o.visited, o.seen = Segment{}, nil, max(0, o.sent)
	switch e.Kind {
	case Sends:
		o.sending = e.Segment
	case Passes:
		o.passed = append(o.passed, passed{e.Segment, e.At})
	}
	after := &set{}
	for i := range o.set {
		h := &o.set[i]
		if !h.quiet() {
			if e.Kind == Sends && e.At <= before+o.rules.Timing.Slack {
				o.sends(after, h, e.Segment)
			}
			continue
		}
		o.elapse(h, before, e.Kind == Sends, func(h *hypothesis) { o.apply(after, h, e) })
	}
	o.set = after.list
	for i := range o.set {
		if h := &o.set[i]; h.tcb.State >= model.Established {
			o.last = h.numbers
			break
		}
	}
	o.note(e)
	return nil
}

// note keeps what an event tells of the run, whatever the state.
func (o *Observer) note(e Event) {
	g := e.Segment
	switch e.Kind {
	case Arrives, Passes:
		o.heard = e.At
		if !g.Ctl.Has(model.RST) {
			o.most = max(o.most, int32(min(g.Wnd, 1<<30)))
		}
	case Calls:
		switch {
		case o.top == wide:
		case e.Call == receive && e.Answer != nil:
			o.top += int32(e.Answer.Octets)
		case e.Call == adapter.Release || e.Call == adapter.Abort: // what is unread may be dropped
			o.top = max(o.top, o.last.rcvNxt+o.room)
		}
	case Sends:
		o.sent = e.At
		if g.far() {
			return
		}
		if g.SpaceLen() > 0 {
			o.heard = e.At
		}
		from := int64(1) // the peer's SYN is 0
		switch {
		case g.Ctl.Has(model.RST):
			o.rst = e.At
			return
		case g.Ctl.Has(model.ACK):
			from = g.Ack
		}
		o.room = max(o.room, int32(min(g.Wnd, 1<<30)))
		if edge := int32(from + min(g.Wnd, 1<<30)); g.Wnd >= 0 && (o.edge == wide || edge >= o.edge) {
			o.edge, o.top = edge, max(o.top, edge)
		}
	}
}

// apply adds what e makes of h.
func (o *Observer) apply(after *set, h *hypothesis, e Event) {
	add := func(h *hypothesis, _ *model.Effect) { after.add(h) }
	if e.Kind == Sends {
		o.sends(after, h, e.Segment)
		return
	}
	if !h.quiet() {
		return
	}
	switch e.Kind {
	case Opens:
		o.opens(after, h, e)
	case Calls:
		o.calls(after, h, e)
	case Arrives:
		o.receives(h, e.Segment, add)
	case Passes:
		o.passes(after, h)
	case Waits:
		if e.State == "" || !o.rules.States || e.State == h.state().Name() {
			after.add(h)
		}
	}
}

// elapse calls f with each hypothesis that h can be now, when nothing but what is
// sent now was seen since before. A timer that could fire has fired or has not; one
// that must have fired has.
func (o *Observer) elapse(h *hypothesis, before time.Duration, sends bool, f func(*hypothesis)) {
	slack := o.rules.Timing.Slack
	last := Forever // when a timer fires at the latest
	for c := range throttleClock {
		if t := h.timers[c]; t.which != 0 {
			if _, hi := o.rules.due(t); hi < Forever-slack {
				last = min(last, hi+slack)
			}
		}
	}
	left := o.drop(h.transit)
	if o.now <= last {
		o.loses(h, left, f)
	}
	for c := range throttleClock {
		t := h.timers[c]
		if t.which == 0 {
			continue
		}
		lo, hi := o.rules.due(t)
		if lo-slack > min(o.now, last) {
			continue
		}
		when := Span{min(max(lo, before), o.now), min(hi, o.now, last)}
		o.fires(h, model.Timeout(t.which-1), func(n *hypothesis, _ *model.Effect) {
			switch {
			case n.quiet():
				n.date(h, o.now, when)
				o.elapse(n, when.Min, sends, f)
			case sends && o.now <= last:
				f(n)
			}
		})
	}
	if o.rules.Unseen != (Unseen{}) && (sends || o.eager || o.now > last || left != h.transit) {
		o.hidden(h, Span{o.seen, last}, sends, f)
	}
}

// An end gives up after fewest retransmissions or probes, or more.
const fewest = 2

// fires calls f with what a timeout makes of h.
func (o *Observer) fires(h *hypothesis, which model.Timeout, f func(*hypothesis, *model.Effect)) {
	o.timer = which.String()
	defer func() { o.timer = "" }()
	timeout := func(s model.Stack, t model.TCB, _ *scales) (model.TCB, model.Effect) { return s.Timeout(t, which) }
	o.do(o.stack, h, moment(o.now), timeout, func(n *hypothesis, e *model.Effect) {
		if which == model.Retransmission && o.rules.Latitude.Cuts && !n.quiet() && !n.out[0].ctl.Has(model.SYN) {
			n.out[0].again = true
		}
		f(n, e)
	})
	if !o.rules.Latitude.GivesUp || h.tcb.Rtx < fewest && h.tcb.Probes < fewest {
		return
	}
	k := o.stack
	k.R2, k.Endpoint.Probes = model.Limit(h.tcb.Rtx), h.tcb.Probes
	switch which {
	case model.Retransmission, model.WindowProbe, model.KeepAlive:
		o.do(k, h, moment(o.now), timeout, f)
	}
}

package observe

import (
	"fmt"
	"slices"
	"strings"

	"tcpclose/model"
	"tcpclose/stacks/adapter"
)

// unit returns how many of the events belong together: what happens at an instant,
// and what is seen of it at once; or what is seen at an instant when time passes.
func unit(events []Event) int {
	n := 1
	for n < len(events) && events[n].At == events[0].At && (events[n].Kind == Sends || events[n].Kind == Waits) {
		n++
	}
	return n
}

// follow follows the run by some events. It returns the number of those that an end
// by the rules can have.
func (o *Observer) follow(events []Event) (int, error) {
	for i, e := range events {
		if err := o.Next(e); err != nil {
			return i, fmt.Errorf("%s: %w", e, err)
		}
		if len(o.set) == 0 {
			return i, nil
		}
	}
	return len(events), nil
}

// fork returns an observer that is where o is, and follows further events by itself.
func (o *Observer) fork() *Observer {
	f := *o
	f.spare = nil
	return &f
}

// deviation describes what no end by the rules can have done: the events are the
// unit in which it shows, at number i of the run. o is before it.
func (o *Observer) deviation(run Run, i int, events []Event, good int) Deviation {
	e := events[min(good, len(events)-1)]
	d := Deviation{Run: run.Name, Event: i + good, At: e.At, Before: states(o.set), Expected: o.expected(events)}
	d.Seen = seen(events, func(g Segment) string { return g.String() })
	h := &o.set[0]
	d.Answer = Alternative{State: names(d.Before), Event: h.classOf(events[0]), Answer: seen(events, h.answerOf)}
	return d
}

// names returns the names of states, each once.
func names(list []State) string {
	var words []string
	for _, s := range list {
		words = append(words, s.Name())
	}
	slices.Sort(words)
	return strings.Join(slices.Compact(words), "|")
}

// seen describes what was seen of a unit.
func seen(events []Event, name func(Segment) string) string {
	var words []string
	for _, e := range events {
		switch {
		case e.Kind == Sends:
			words = append(words, "sends "+name(e.Segment))
		case e.Answer != nil && (e.Call.Counts() || e.Answer.Told != adapter.Done):
			words = append(words, "tells "+e.Answer.String())
		}
	}
	if !slices.ContainsFunc(events, func(e Event) bool { return e.Kind == Sends }) {
		words = append(words, "sends nothing")
	}
	if last := events[len(events)-1]; last.State != "" {
		words = append(words, "is in "+last.State)
	}
	return strings.Join(words, ", ")
}

// expected returns what an end in one of the states could have done in a unit.
func (o *Observer) expected(events []Event) (list []Expectation) {
	f := o.fork()
	f.expect = &list
	for i := range f.set {
		if h := &f.set[i]; !h.quiet() {
			list = append(list, Expectation{From: h.tcb.State, To: h.tcb.State, Sends: h.out[0].String()})
		}
	}
	e := events[0]
	e.Answer = nil
	if e.Kind == Sends {
		e.Kind = Waits
	}
	if err := f.Next(e); err != nil {
		return list
	}
	var once []Expectation
	for _, e := range list {
		same := func(x Expectation) bool {
			return x.From == e.From && x.To == e.To && x.Sends == e.Sends && x.Told == e.Told && x.Timer == e.Timer
		}
		if i := slices.IndexFunc(once, same); i >= 0 {
			once[i].Clauses = once[i].Clauses.Union(e.Clauses)
		} else {
			once = append(once, e)
		}
	}
	return once
}

// expects notes that h can become n, if somebody wants to know.
func (o *Observer) expects(h, n *hypothesis, e *model.Effect) {
	if o.expect != nil {
		if e.Clauses.Has(model.AckDelayOver) && h.owed != (model.Clauses{}) {
			was := *e
			e = &was
			e.Clauses = h.owed // the delay is no more than latitude
		}
		*o.expect = append(*o.expect, Expectation{From: h.tcb.State, To: n.tcb.State, Sends: n.out[0].String(),
			Told: e.Told.String(), Timer: o.timer, Clauses: e.Clauses})
	}
}

// tells notes what a call can tell the user.
func (o *Observer) tells(h *hypothesis, what adapter.Told, octets int) {
	if o.expect == nil {
		return
	}
	told := adapter.Answer{Told: what, Octets: octets}.String()
	if n := len(*o.expect); n > 0 && (*o.expect)[n-1].To == h.tcb.State && (*o.expect)[n-1].Answer == "" {
		(*o.expect)[n-1].Answer = told
		return
	}
	*o.expect = append(*o.expect, Expectation{From: h.tcb.State, To: h.tcb.State, Sends: h.out[0].String(), Answer: told})
}

// String returns the segment as reports show it.
func (m sent) String() string {
	if m == (sent{}) {
		return "nothing"
	}
	return Segment{Ctl: m.ctl, Seq: int64(m.seq), Ack: int64(m.ack), Len: int64(m.len), Raw: m.raw, Wnd: -1}.String()
}

// explain returns the smallest changes of the rules by which the run is possible up to
// the end of a unit, before which o is: another alternative, or a seeded fault, that
// shows in the unit; or else, one that is there from the beginning. With the first of
// those that show in the unit comes the set that follows from it.
func (o *Observer) explain(run Run, i int, events []Event) (causes []Cause, after []hypothesis) {
	possible := func(f *Observer, events []Event) bool {
		n, err := f.follow(events)
		return err == nil && n == len(events)
	}
	add := func(c Cause, f *Observer) {
		if causes = append(causes, c); len(causes) == 1 {
			after = f.set
		}
	}
	all, have := model.AllOptions(), optionsOf(o.set)
	for d := range model.NumDecisions {
		f := o.fork()
		f.set = slices.Clone(f.set)
		for i := range f.set {
			f.set[i].options[d] = all[d] &^ f.set[i].options[d]
		}
		f.set = slices.DeleteFunc(f.set, func(h hypothesis) bool { return h.options[d] == 0 })
		if len(f.set) > 0 && possible(f, events) {
			for _, c := range choices(optionsOf(f.set), d) {
				add(Cause{Kind: ByDecision, Decision: d, Choice: c}, f)
			}
			for i := range f.set {
				f.set[i].options[d] = have[d]
			}
		}
	}
	faults := func(f *Observer, fault model.Fault, events []Event) {
		if f.stack = f.stack.Seed(fault); fault.Info().Chooses() == "" && possible(f, events) {
			add(Cause{Kind: ByFault, Fault: fault}, f)
		}
	}
	for _, fault := range model.Faults()[1:] {
		faults(o.fork(), fault, events)
	}
	if len(causes) > 0 {
		return causes, after
	}
	before := run.Events[:i+len(events)]
	for d := range model.NumDecisions {
		f := o.fork()
		if f.rules.Options[d] = all[d] &^ f.rules.Options[d]; f.rules.Options[d] == 0 {
			continue
		}
		if f.begin(); possible(f, before) {
			for _, c := range choices(optionsOf(f.set), d) {
				add(Cause{Kind: ByDecision, Decision: d, Choice: c}, f)
			}
		}
	}
	for _, fault := range model.Faults()[1:] {
		f := o.fork()
		f.begin()
		faults(f, fault, before)
	}
	return causes, nil
}

// mostRecovered limits the hypotheses with which an observer goes on.
const mostRecovered = 64

// recover lets o, which is before a unit, go on after it: the end may have done what the
// rules say, or nothing, or ended the connection; what was seen of it gives its
// numbers and, if there is one, its state.
func (o *Observer) recover(events []Event) {
	first := events[0]
	first.Answer = nil
	was := o.set
	list := slices.Clone(was)
	f := o.fork()
	if first.Kind != Sends && f.Next(first) == nil {
		list = append(f.set, list...)
	}
	o.passed = f.passed
	state := events[len(events)-1].State
	if state == "" || !o.rules.States {
		for _, h := range was {
			list = append(list, hypothesis{tcb: model.TCB{Host: h.tcb.Host}, numbers: numbers{edge: wide}, user: h.user, options: h.options})
		}
		state = ""
	}
	named := slices.ContainsFunc(list, func(h hypothesis) bool { return h.state().Name() == state })
	after := &set{}
	for i := range list {
		h := list[i]
		if named && h.state().Name() != state {
			continue
		}
		if state != "" && !named {
			name, mini := strings.CutSuffix(state, "/mini")
			if s, err := model.ParseConnState(name); err == nil {
				if h.tcb.State == model.Closed && s >= model.Established {
					h.numbers = o.last
				}
				h.tcb.State, h.tcb.Mini = s, mini
			}
		}
		h.adapt(events)
		h.numbers.mend(h.tcb.State)
		h.tcb.HeldFin = false
		for c := range h.timers {
			if t := &h.timers[c]; t.which != 0 && clock(c) != throttleClock {
				if _, hi := o.rules.due(*t); hi <= first.At { // it did not fire, or should have been restarted
					*t = timer{lo: first.At, hi: first.At, ticks: t.ticks, which: t.which}
				}
			}
		}
		if len(after.list) < mostRecovered {
			after.add(&h)
		}
	}
	for _, e := range events {
		o.now = e.At
		o.note(e)
	}
	o.set = after.list
}

// adapt gives h the numbers that what it has sent shows.
func (h *hypothesis) adapt(events []Event) {
	h.out = [2]sent{}
	n := &h.numbers
	for _, e := range events {
		if a := e.Answer; a != nil {
			switch a.Told {
			case adapter.EOF:
				h.user.eof = true
			case adapter.Reset, adapter.TimedOut, adapter.Refused:
				h.user.failure = 0
			}
			if e.Kind == Calls && e.Call == receive {
				n.unread = max(0, n.unread-int32(a.Octets))
			}
			if e.Kind == Calls && e.Call == adapter.Send && h.tcb.State != model.Closed {
				n.written = max(n.written, n.nxt)
			}
		}
		if e.Kind != Sends || h.tcb.State == model.Closed || e.Segment.Ctl.Has(model.RST) || e.Segment.far() {
			continue
		}
		g := e.Segment
		if g.Ctl.Has(model.ACK) {
			n.rcvNxt = int32(g.Ack)
		}
		if end := int32(g.Seq + g.SpaceLen()); end > n.nxt {
			n.nxt = end
			if g.Ctl.Has(model.FIN) {
				end--
			}
			n.written = max(n.written, end)
		}
		if n.queued <= n.nxt {
			n.queued = 0
		}
	}
}

// mend makes n such as the rules can lead to, in a state: what is held lies beyond
// RCV.NXT, and what was cut between SND.UNA and SND.NXT.
func (n *numbers) mend(state model.ConnState) {
	if state == model.Closed {
		*n = numbers{edge: wide, unread: n.unread}
		return
	}
	n.first, n.una, n.rcvNxt = max(n.first, 1), max(n.una, 0), max(n.rcvNxt, 0)
	switch state {
	case model.Listen:
		n.una, n.nxt, n.written = n.first, n.first, n.first
	case model.SynSent, model.SynReceived:
		n.una = n.first - 1
	}
	n.nxt = max(n.nxt, n.una, n.first-1)
	n.written = max(n.written, n.first, n.nxt-1)
	if n.queued <= n.nxt || n.queued > n.written+1 {
		n.queued = 0
	}
	if n.edge != wide {
		n.edge = max(n.edge, n.una)
	}
	n.held = [maxHeld]span{}
	if n.cuts = [maxCuts]int32{}; n.una < n.nxt && n.una >= n.first {
		n.cuts[0] = n.una
	}
	n.heldAck = 0
}

// place says where a number is, relative to one that an end knows.
func place(x int64, from int32, name string) string {
	switch d := x - int64(from); {
	case d == 0:
		return name
	case d == -1:
		return name + "-1"
	case d == 1:
		return name + "+1"
	case d < 0:
		return "below " + name
	}
	return "above " + name
}

// classOf describes an event as far as the rules look at it.
func (h *hypothesis) classOf(e Event) string {
	if e.Kind != Arrives {
		if e.Kind == Sends || e.Kind == Waits {
			return "time passes"
		}
		return strings.TrimRight(e.String(), " 0123456789")
	}
	g, n := e.Segment, &h.numbers
	words := []string{controlNames(g)}
	if h.tcb.State > model.SynSent {
		words = append(words, "SEQ "+place(g.Seq, n.rcvNxt, "RCV.NXT"))
		if g.SpaceLen() > 0 {
			words = append(words, "end "+place(g.Seq+g.SpaceLen(), n.rcvNxt, "RCV.NXT"))
		}
	}
	if g.Ctl.Has(model.ACK) && h.tcb.State != model.Closed && h.tcb.State != model.Listen {
		word := "ACK " + place(g.Ack, n.una, "SND.UNA")
		if g.Ack >= int64(n.nxt) {
			word = "ACK " + place(g.Ack, n.nxt, "SND.NXT")
		}
		words = append(words, word)
	}
	return strings.Join(words, ", ")
}

// answerOf describes a segment that the end sends, relative to what it knew before.
func (h *hypothesis) answerOf(g Segment) string {
	n := &h.numbers
	words := []string{controlNames(g)}
	if h.tcb.State != model.Closed && h.tcb.State != model.Listen {
		words = append(words, "SEQ "+place(g.Seq, n.nxt, "SND.NXT"))
		if g.Ctl.Has(model.ACK) {
			words = append(words, "ACK "+place(g.Ack, n.rcvNxt, "RCV.NXT"))
		}
	}
	return strings.Join(words, ", ")
}

// controlNames returns the control bits of g, and whether it has text.
func controlNames(g Segment) string {
	var words []string
	for _, c := range controls {
		if g.Ctl.Has(c.model) {
			words = append(words, c.name)
		}
	}
	if g.Len > 0 {
		words = append(words, "text")
	}
	if len(words) == 0 {
		return "no control bit"
	}
	return strings.Join(words, ",")
}

// choices returns the alternatives of d that are among o.
func choices(o model.Options, d model.Decision) (list []model.Choice) {
	for c := range d.Info().Alternatives {
		if o.Has(d, model.Choice(c)) {
			list = append(list, model.Choice(c))
		}
	}
	return list
}

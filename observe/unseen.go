package observe

import (
	"time"

	"tcpclose/model"
	"tcpclose/stacks/adapter"
)

// Unseen says which things happen at an end without being seen, as they do for an
// observer on the path. The zero value is nothing.
type Unseen struct {
	// Calls: the user makes calls.
	Calls bool
	// Transit bounds the time in which a segment that has passed by arrives. It may
	// also be lost.
	Transit Span
	// Reorder: segments may arrive in another order.
	Reorder bool
}

// A passed segment is one that goes to the end, and may have arrived.
type passed struct {
	segment Segment
	at      time.Duration
}

// maxTransit limits the segments in transit; beyond it the oldest is lost.
const maxTransit = 4

// A transit is the segments that have passed and not arrived, by their number from one
// on, in order; the rest is 0.
type transit [maxTransit]uint16

// with returns t with one more.
func (t transit) with(n uint16) transit {
	for i, x := range t {
		if x == 0 {
			t[i] = n
			return t
		}
	}
	copy(t[:], t[1:])
	t[maxTransit-1] = n
	return t
}

// without returns t without the one at i, and without all before it if they are lost.
func (t transit) without(i int, before bool) transit {
	var left transit
	k := 0
	for j, x := range t {
		if j > i || j < i && !before {
			left[k] = x
			k++
		}
	}
	return left
}

// passes adds h with the segment in transit that has just passed. If there are too
// many, the oldest has arrived by now, or is lost.
func (o *Observer) passes(after *set, h *hypothesis) {
	n := *h
	if h.transit[maxTransit-1] != 0 {
		n.transit = h.transit.without(0, false)
		p := o.passed[h.transit[0]-1]
		o.receives(&n, p.segment, func(m *hypothesis, _ *model.Effect) {
			if m.quiet() {
				m.date(h, o.now, Span{min(max(p.at, o.seen), o.now), o.now})
				m.transit = m.transit.with(uint16(len(o.passed)))
				after.add(m)
			}
		})
	}
	n.transit = n.transit.with(uint16(len(o.passed)))
	after.add(&n)
}

// drop returns t without what can no longer arrive.
func (o *Observer) drop(t transit) transit {
	for t[0] != 0 && o.now-o.passed[t[0]-1].at > o.rules.Unseen.Transit.Max {
		t = t.without(0, false)
	}
	return t
}

// loses calls f with h, of whose segments in transit those are left.
func (o *Observer) loses(h *hypothesis, left transit, f func(*hypothesis)) {
	if left == h.transit {
		f(h)
		return
	}
	n := *h
	n.transit = left
	f(&n)
}

// hidden calls f with each hypothesis that something unseen makes of h, not before one
// time and not after another.
func (o *Observer) hidden(h *hypothesis, when Span, sends bool, f func(*hypothesis)) {
	if o.visited == nil {
		o.visited = map[hypothesis]struct{}{}
	}
	next := func(from, to time.Duration, n *hypothesis) {
		to = min(to, when.Max)
		moment := Span{min(max(from, when.Min), o.now), min(to, o.now)}
		switch {
		case n.quiet():
			n.date(h, o.now, moment)
			if _, done := o.visited[*n]; !done {
				o.visited[*n] = struct{}{}
				o.elapse(n, moment.Min, sends, f)
			}
		case sends && o.now <= to:
			f(n)
		}
	}
	way := o.rules.Unseen.Transit
	for i, x := range h.transit {
		if x == 0 {
			break
		}
		p := o.passed[x-1]
		if p.at+way.Min > min(o.now, when.Max) || p.at+way.Max < when.Min {
			continue
		}
		n := *h
		n.transit = h.transit.without(i, !o.rules.Unseen.Reorder)
		o.receives(&n, p.segment, func(n *hypothesis, _ *model.Effect) { next(p.at+way.Min, p.at+way.Max, n) })
	}
	if !o.rules.Unseen.Calls {
		return
	}
	if end := int32(o.sending.Seq + o.sending.Len); o.sending.Len > 0 && end > h.numbers.written && h.numbers.queued > h.numbers.written {
		n := *h // it had written more before it closed, and neither was sent
		n.numbers.written, n.numbers.queued = end, end+1
		next(0, Forever, &n)
	}
	for _, e := range o.callsOf(h) {
		var after set
		if e.Kind == Opens {
			o.opens(&after, h, e)
		} else {
			o.calls(&after, h, e)
		}
		for i := range after.list {
			if n := &after.list[i]; *n != *h {
				next(0, Forever, n)
			}
		}
	}
}

// callsOf returns the calls that the user of h may make unseen. It writes what is
// sent, when it is sent.
func (o *Observer) callsOf(h *hypothesis) (list []Event) {
	call := func(c adapter.Call, octets int32) {
		list = append(list, Event{Kind: Calls, Call: c, Octets: int(octets)})
	}
	if !h.user.opened {
		return []Event{{Kind: Opens, Active: true}, {Kind: Opens}}
	}
	if h.user.gone {
		return nil
	}
	n := &h.numbers
	if n.unread > 0 {
		call(adapter.Receive, n.unread)
	}
	if h.tcb.State == model.Closed || h.tcb.State == model.Listen {
		return list
	}
	if end := int32(o.sending.Seq + o.sending.Len); o.sending.Len > 0 && end > n.written && n.queued <= n.written {
		call(adapter.Send, end-n.written)
	}
	if o.refusal(h, model.Close) == "" {
		call(adapter.Shutdown, 0)
	}
	call(adapter.Release, 0)
	call(adapter.Abort, 0)
	return list
}

// date gives the clocks that a step has started now, which was none of from's, a
// time that is known no better than when.
func (h *hypothesis) date(from *hypothesis, now time.Duration, when Span) {
	for i, started := range h.timers {
		if started != from.timers[i] && started.lo == now {
			h.timers[i].lo, h.timers[i].hi = when.Min, max(when.Min, when.Max)
		}
	}
}

// States returns the states in which the end can be now, with what may have happened
// unseen since something was seen.
func (o *Observer) States() []State {
	f := o.fork()
	f.eager = true
	if err := f.Next(Event{Kind: Waits, At: o.now}); err != nil {
		return nil
	}
	return states(f.set)
}

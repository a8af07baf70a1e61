package observe

import (
	"time"

	"tcpclose/model"
)

// sends adds h if g is what it sends now.
func (o *Observer) sends(after *set, h *hypothesis, g Segment) {
	if !h.quiet() && (h.out[0].is(g, h) || o.rules.Latitude.Acks && h.out[0].resets(g)) {
		n := *h
		n.seen()
		after.add(&n)
	}
	if o.rules.Latitude.Cuts {
		o.pushes(after, h, g)
		o.resends(after, h, g)
	}
	if o.rules.Latitude.Acks && g.Ctl == model.ACK && g.Len == 0 && o.besides(h, g) {
		after.add(h)
	}
}

// is reports whether h's segment m is g.
func (m sent) is(g Segment, h *hypothesis) bool {
	if g.Ctl.Has(model.ACK) && int64(m.ack) != g.Ack {
		return false
	}
	if m.again && !g.Ctl.Has(model.SYN) && !g.Ctl.Has(model.RST) {
		return g.Ctl.Has(model.ACK) && h.numbers.old(g)
	}
	if m.raw { // 0, which may be close to where the numbers of the connection begin
		return m.ctl == g.Ctl && g.Len == 0 && (g.Raw || g.Seq < -1)
	}
	return m.ctl == g.Ctl && int64(m.len) == g.Len && int64(m.seq) == g.Seq && !g.Raw
}

// resets reports whether m and g are the same RST, but for what it acknowledges.
func (m sent) resets(g Segment) bool {
	return m.ctl == g.Ctl && g.Ctl.Has(model.RST) && int64(m.seq) == g.Seq && !m.raw && !g.Raw
}

// old reports whether g repeats some of what is outstanding.
func (n *numbers) old(g Segment) bool {
	end := g.Seq + g.SpaceLen()
	fin := int64(n.written) + 1
	return int64(n.una) <= g.Seq && g.Seq < end && end <= int64(n.nxt) && g.Ctl.Has(model.FIN) == (end == fin)
}

// pureACK reports whether m says nothing but what has arrived.
func (m sent) pureACK() bool { return m.ctl == model.ACK && m.len == 0 }

// pushes adds what h is when it sends g of what it has queued. An acknowledgement
// that is to be sent rides on it.
func (o *Observer) pushes(after *set, h *hypothesis, g Segment) {
	n := &h.numbers
	end := g.Seq + g.SpaceLen()
	if g.SpaceLen() == 0 || g.Ctl&^model.FIN != model.ACK || end <= int64(n.nxt) || end > int64(n.queued) || g.Ack != int64(n.rcvNxt) {
		return
	}
	if g.Seq > int64(n.nxt) || g.Seq < int64(n.una) || g.Ctl.Has(model.FIN) != (end == int64(n.written)+1) {
		return
	}
	if n.edge != wide && end > int64(n.edge) {
		return // a probe, if anything
	}
	m := *h
	if !m.quiet() && m.out[0].pureACK() {
		m.seen()
	}
	if !m.quiet() {
		return
	}
	in := moment(o.now)
	in.sends(int32(end))
	o.do(o.stack, &m, in, func(s model.Stack, t model.TCB, by *scales) (model.TCB, model.Effect) {
		window, queued, to := t.SndWnd, t.Queued, by.snd.of(int32(end))
		t.SndWnd, t.Queued = model.Wide, to
		n, e := s.Output(t)
		if n.State != model.Closed {
			n.SndWnd = window
			if queued > n.SndNxt {
				n.Queued = queued
			}
		}
		return n, e
	}, func(n *hypothesis, _ *model.Effect) {
		n.out[0], n.out[1] = n.out[1], sent{} // it is g
		after.add(n)
	})
}

// resends adds h if g is something that was sent, sent again without a timeout: after
// another that was sent again at the same time, or because of what has arrived.
func (o *Observer) resends(after *set, h *hypothesis, g Segment) {
	n := &h.numbers
	if g.SpaceLen() == 0 || g.Ctl&^model.FIN != model.ACK || g.Ack != int64(n.rcvNxt) || !n.old(g) || o.heard != o.now {
		return
	}
	m := *h
	if !m.quiet() && m.out[0].pureACK() {
		m.seen()
	}
	if !m.quiet() {
		return
	}
	if t := &m.timers[rtoClock]; t.which != 0 {
		t.hi = o.now // it may have been started again
	}
	m.tcb.Owes, m.timers[ackClock] = false, timer{}
	after.add(&m)
}

// besides reports whether an end like h may send the acknowledgement g besides what
// it has to send: it tells of a larger window, or goes with an RST.
func (o *Observer) besides(h *hypothesis, g Segment) bool {
	if o.rst == o.now || !h.quiet() && h.out[0].ctl.Has(model.RST) {
		return true
	}
	n := &h.numbers
	more := g.Wnd >= 0 && o.edge != wide && int32(g.Ack+g.Wnd) > o.edge
	return h.quiet() && more && !h.tcb.Owes && h.tcb.State >= model.Established && g.Seq == int64(n.nxt) && g.Ack == int64(n.rcvNxt)
}

// limit is for how long after a segment was sent an answer may be left out.
const limit = time.Second

// answers reports whether e answers a segment that was not taken.
func answers(e *model.Effect) bool {
	for _, c := range []model.Clause{model.RSTChallenged, model.SynChallenged, model.SeqAnswers, model.AckUnsent, model.AckTooOld,
		model.FinTimeWait, model.AckTimeWait, model.AckTimeWaitAcked, model.MiniAnswers} {
		if e.Clauses.Has(c) {
			return true
		}
	}
	return false
}

// receives calls f with each hypothesis that a segment makes of h.
func (o *Observer) receives(h *hypothesis, g Segment, f func(*hypothesis, *model.Effect)) {
	for _, edge := range o.edges(h, g) {
		o.arrives(o.stack, h, g, edge, func(n *hypothesis, e *model.Effect) {
			f(n, e)
			recent := o.sent >= 0 && o.now-o.sent <= limit
			if o.rules.Latitude.Limits && recent && !n.quiet() && n.out[0].pureACK() && answers(e) {
				m := *n
				m.seen()
				f(&m, e)
			}
			if o.rules.Latitude.Acks && (e.Clauses.Has(model.SeqAhead) || e.Clauses.Has(model.SeqHolds)) && n.tcb.State >= model.SynReceived {
				o.ahead(n, g, func(m *hypothesis) { f(m, e) })
			}
			if o.rules.Latitude.Acks && n.quiet() && e.Clauses.Has(model.AfterFin) && n.tcb.State != model.Closed {
				m := *n // "this should not occur": the RFC does not say whether it is answered
				m.emit(sent{ctl: model.ACK, seq: n.numbers.nxt, ack: n.numbers.rcvNxt})
				f(&m, e)
			}
		})
		if o.rules.Latitude.Acks && g.SpaceLen() > 0 {
			k := o.stack
			k.AckDelay = model.Unlimited
			o.arrives(k, h, g, edge, f)
		}
		if o.rules.Latitude.Acks && g.Ctl.Has(model.SYN) && g.SpaceLen() > 1 {
			o.keeps(h, g, edge, f)
		}
	}
}

// ahead calls f with what else n may be after g, which begins after RCV.NXT: without
// ACK it may be dropped before anybody looks at its number (RFC 9293, 3.10.7.4, fifth);
// without text it may be answered like one with text (RFC 5681, 4.2).
func (o *Observer) ahead(n *hypothesis, g Segment, f func(*hypothesis)) {
	m := *n
	switch {
	case !g.Ctl.Has(model.ACK) && !n.quiet() && n.out[0].pureACK():
		m.seen()
	case n.quiet() && g.SpaceLen() == 0 && g.Ctl.Has(model.ACK) && !n.tcb.Owes:
		m.emit(sent{ctl: model.ACK, seq: n.numbers.nxt, ack: n.numbers.rcvNxt})
	default:
		return
	}
	f(&m)
}

// edges returns where the receive window of h may end: it is known only as far as it
// was announced, and what the user has read may have been added. Only what makes a
// difference to g is returned.
func (o *Observer) edges(h *hypothesis, g Segment) []int32 {
	top := o.top
	if o.rules.Unseen.Calls && top != wide { // it may have read everything
		top = max(top, h.numbers.rcvNxt+o.room)
	}
	if o.edge == top || g.Seq+g.SpaceLen() <= int64(o.edge) && g.Seq < int64(o.edge) {
		return []int32{wide}
	}
	list := []int32{o.edge, top}
	for _, x := range []int64{g.Seq, g.Seq + 1, g.Seq + g.Len, g.Seq + g.SpaceLen()} {
		if x := int32(x); x > o.edge && x < top {
			list = append(list, x)
		}
	}
	return list
}

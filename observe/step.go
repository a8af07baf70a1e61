package observe

import (
	"time"

	"tcpclose/model"
)

// An input is what of an event has numbers, which are to be told from all others.
type input struct {
	snd, rcv [10]int32
	ns, nr   int
	moment   Span  // when it happens
	edge     int32 // of the receive window; wide if it is the observer's
}

func (in *input) sends(list ...int32) {
	for _, x := range list {
		in.snd[in.ns] = x
		in.ns++
	}
}

func (in *input) receives(list ...int32) {
	for _, x := range list {
		in.rcv[in.nr] = x
		in.nr++
	}
}

// moment returns an input without numbers.
func moment(at time.Duration) *input { return &input{moment: Span{at, at}, edge: wide} }

// A step is what a TCB does by the rules of a stack, with the numbers of scales.
type step func(s model.Stack, t model.TCB, by *scales) (model.TCB, model.Effect)

// do calls f with each hypothesis that a step makes of h, by the rules k.
func (o *Observer) do(k model.Stack, h *hypothesis, in *input, step step, f func(*hypothesis, *model.Effect)) {
	edge := in.edge
	if edge == wide {
		edge = o.edge
	}
	if edge != wide {
		if h.tcb.Owes && h.tcb.FinReceived() {
			edge++ // the acknowledgement that would say so is delayed
		}
		in.receives(edge)
	}
	by := h.numbers.scale(in.snd[:in.ns], in.rcv[:in.nr])
	from := h.tcb
	h.numbers.into(&from, &by)
	o.rules.setClocks(&from, h, in.moment.Max)
	k.App.Buffer = model.Wide
	if edge != wide {
		k.App.Buffer = windowOf(by.rcv.of(edge)-from.RcvNxt) + model.Window(from.Unread)
	}
	for s, options := range k.Branches(h.options) {
		to, e := step(s, from, &by)
		n := o.borrow()
		*n = *h
		n.tcb = to
		n.takeClocks(s, &n.tcb, in.moment)
		n.numbers.take(&n.tcb, &by, &from, &h.numbers)
		if o.rules.Latitude.Cuts {
			n.numbers.cuts = [maxCuts]int32{n.numbers.una}
		}
		switch {
		case !n.tcb.Owes:
			n.owed = model.Clauses{}
		case !from.Owes:
			n.owed = e.Clauses
		}
		n.tell(e.Told)
		n.emit(segmentOf(&e, &by))
		n.options = *options
		o.expects(h, n, &e)
		f(n, &e)
		o.spare = append(o.spare, n)
	}
	if edge != wide {
		in.nr--
	}
}

// borrow returns a hypothesis for a while. Where one is kept it is copied.
func (o *Observer) borrow() *hypothesis {
	if k := len(o.spare); k > 0 {
		n := o.spare[k-1]
		o.spare = o.spare[:k-1]
		return n
	}
	return new(hypothesis)
}

// segmentOf returns what e sends.
func segmentOf(e *model.Effect, by *scales) sent {
	g := e.Sent
	if g == (model.Segment{}) {
		return sent{}
	}
	r := sent{ctl: g.Ctl, seq: by.snd.back(g.Seq)}
	r.len = by.snd.back(g.Seq+model.Seq(g.Len)) - r.seq
	if g.Ctl.Has(model.ACK) {
		r.ack = by.rcv.back(g.Ack)
	}
	if g.Ctl.Has(model.RST|model.ACK) && (e.Clauses.Has(model.ClosedSendsRST) || e.Clauses.Has(model.MiniResets)) {
		r.raw, r.seq = true, 0
	}
	return r
}

// arrives calls f with what a segment that arrives makes of h, whose receive window
// ends at edge; or, if that is wide, where it was announced.
func (o *Observer) arrives(k model.Stack, h *hypothesis, g Segment, edge int32, f func(*hypothesis, *model.Effect)) {
	o.arrivesBy(k, h, g, edge, func(s model.Stack, t model.TCB, m model.Segment) (model.TCB, model.Effect) {
		return s.Arrives(t, m, model.Tag{})
	}, f)
}

// arrivesBy does so where arrives says what a segment makes of a TCB.
func (o *Observer) arrivesBy(k model.Stack, h *hypothesis, g Segment, edge int32,
	arrives func(model.Stack, model.TCB, model.Segment) (model.TCB, model.Effect), f func(*hypothesis, *model.Effect)) {
	in := moment(o.now)
	in.edge = edge
	n := &h.numbers
	seq, ack, length := int32(g.Seq), int32(g.Ack), int32(g.Len)
	text := seq
	if g.Ctl.Has(model.SYN) {
		text++
	}
	end := text + length
	if g.Ctl.Has(model.FIN) {
		end++
	}
	in.receives(seq, text, text+length, end)
	from := n.first - 1 // where the window begins
	if g.Ctl.Has(model.ACK) {
		from = ack
		in.sends(ack)
	}
	room := int32(-1)
	if g.Wnd >= 0 && !g.Ctl.Has(model.RST) {
		room = int32(min(g.Wnd, 1<<30))
		in.sends(from, from+room)
	}
	if n.edge != wide { // if it acknowledges, and its window does not count
		in.sends(max(ack, n.una) + n.edge - n.una)
	}
	if k.PeerWindow != model.Wide || o.rules.Latitude.Windows {
		k.PeerWindow = model.Wide
		if most := o.peerWindow(); most >= 0 && ack < n.una-most {
			k.PeerWindow = model.WindowOf(0)
		}
	}
	o.do(k, h, in, func(s model.Stack, t model.TCB, by *scales) (model.TCB, model.Effect) {
		m := model.Segment{Ctl: g.Ctl, Seq: by.rcv.of(seq), Len: uint8(by.rcv.of(text+length) - by.rcv.of(text))}
		if g.Ctl.Has(model.ACK) {
			m.Ack = by.snd.of(ack)
		}
		if room >= 0 {
			m.Wnd = windowOf(by.snd.of(from+room) - by.snd.of(from))
		}
		queued := t.Queued
		if o.rules.Latitude.Cuts {
			t.Queued = 0 // it may go later, and in pieces
		}
		to, e := arrives(s, t, m)
		if n.edge != wide && to.SndUna != t.SndUna && to.SndWnd == t.SndWnd && to.SndWl1 == t.SndWl1 && to.SndWl2 == t.SndWl2 {
			t.SndWnd = windowOf(by.snd.of(max(ack, n.una)+n.edge-n.una) - by.snd.of(ack))
			to, e = arrives(s, t, m)
		}
		if o.rules.Latitude.Cuts && to.State != model.Closed && queued > to.SndNxt {
			to.Queued = queued
			if !to.Outstanding() && to.Rto == 0 {
				to.Rto = s.RTO
			}
		}
		return to, e
	}, f)
}

// peerWindow returns the largest window that the peer has told of, or -1 if none is
// known.
func (o *Observer) peerWindow() int32 {
	if w := o.stack.PeerWindow; w != model.Wide && !o.rules.Latitude.Windows {
		return int32(w.Size())
	}
	return o.most
}

// calls calls f with what a call makes of h. What it queues is sent at once, unless
// the end may send it later.
func (o *Observer) call(h *hypothesis, c model.Call, f func(*hypothesis, *model.Effect)) {
	o.do(o.stack, h, moment(o.now), func(s model.Stack, t model.TCB, _ *scales) (model.TCB, model.Effect) {
		return o.withhold(t, func(t model.TCB) (model.TCB, model.Effect) { return s.Call(t, c) })
	}, f)
}

// withhold makes a step in which nothing new is sent, if that may be sent later: the
// window is shut for so long.
func (o *Observer) withhold(t model.TCB, step func(model.TCB) (model.TCB, model.Effect)) (model.TCB, model.Effect) {
	if !o.rules.Latitude.Cuts || t.FinAcked() || t.State < model.SynReceived {
		return step(t)
	}
	window := t.SndWnd
	shut := windowOf(t.SndNxt - t.SndUna)
	t.SndWnd = shut
	to, e := step(t)
	if to.SndWnd == shut {
		to.SndWnd = window
	}
	return to, e
}

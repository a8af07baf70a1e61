package observe

import "tcpclose/model"

// keeps calls f with what a SYN with text or a FIN makes of an end that keeps what comes
// behind the SYN, as RFC 9293, 3.10.7.2 and 3.10.7.3, ask for. The model's own drops it.
func (o *Observer) keeps(h *hypothesis, g Segment, edge int32, f func(*hypothesis, *model.Effect)) {
	if h.tcb.State != model.Listen && h.tcb.State != model.SynSent {
		return
	}
	o.arrivesBy(o.stack, h, g, edge, behindSyn, func(n *hypothesis, e *model.Effect) {
		f(n, e)
		if n.tcb.State >= model.Established && n.out[0].pureACK() && n.out[1] == (sent{}) {
			m := *n // it answers the SYN first
			m.out[1] = m.out[0]
			m.out[0].ack = int32(g.Seq) + 1
			f(&m, e)
		}
	})
}

// behindSyn takes a SYN, and what comes with it: at once in ESTABLISHED, or when
// SYN-RECEIVED is over. A TCB has no bits for what comes behind a SYN below the
// initial number.
func behindSyn(s model.Stack, t model.TCB, g model.Segment) (model.TCB, model.Effect) {
	if g.Seq < 0 {
		return s.Arrives(t, g, model.Tag{})
	}
	syn, rest := g, g
	syn.Len, syn.Ctl = 0, g.Ctl&^model.FIN
	rest.Seq, rest.Ctl = g.Seq+1, g.Ctl&^model.SYN
	to, e := s.Arrives(t, syn, model.Tag{})
	switch to.State {
	case model.SynReceived:
		for n := rest.Seq; n < rest.Seq+model.Seq(g.Len); n++ {
			to.Held |= 1 << n
		}
		if g.Ctl.Has(model.FIN) {
			to.Held |= 1 << rest.FinSeq()
			to.HeldFin = true
		}
		to.HeldAck = to.SndNxt
	case model.Established:
		var then model.Effect
		to, then = s.Arrives(to, rest, model.Tag{})
		then.Told |= e.Told
		then.Clauses = then.Clauses.Union(e.Clauses)
		if then.Sent == (model.Segment{}) {
			then.Sent = e.Sent
		}
		return to, then
	}
	return to, e
}

package observe

import (
	"tcpclose/model"
	"tcpclose/stacks/adapter"
)

const receive = adapter.Receive

// answered adds a hypothesis whose call tells the user so much, if e says the same.
type answered func(h *hypothesis, what adapter.Told, octets int)

// refusal returns the error that TCP returns to a call of h's, or "".
func (o *Observer) refusal(h *hypothesis, c model.Call) string {
	by := h.numbers.scale(nil, nil)
	t := h.tcb
	h.numbers.into(&t, &by)
	return o.stack.Refusal(t, c)
}

// opens adds what OPEN makes of h.
func (o *Observer) opens(after *set, h *hypothesis, e Event) {
	call := model.OpenPassive
	if e.Active {
		call = model.Open
	}
	if o.refusal(h, call) != "" {
		if e.Answer == nil || e.Answer.Told != adapter.Done {
			after.add(h)
		}
		return
	}
	n := *h
	n.user = user{opened: true}
	o.call(&n, call, func(h *hypothesis, _ *model.Effect) { after.add(h) })
}

// calls adds what a call makes of h, if it tells the user what e says.
func (o *Observer) calls(after *set, h *hypothesis, e Event) {
	told := func(h *hypothesis, what adapter.Told, octets int) {
		o.tells(h, what, octets)
		if e.Answer == nil || e.Answer.Told == what && (!e.Call.Counts() || what != adapter.Done || e.Answer.Octets == octets) {
			after.add(h)
		}
	}
	if h.user.gone || !h.user.opened {
		told(h, adapter.None, 0)
		return
	}
	switch e.Call {
	case adapter.Send:
		o.writes(h, e, told)
		return
	case adapter.Receive:
		o.reads(h, int32(e.Octets), told)
		return
	}
	n := *h
	n.user.gone = e.Call != adapter.Shutdown
	call := map[adapter.Call]model.Call{
		adapter.Shutdown: model.Close, adapter.Release: model.Release, adapter.Abort: model.Abort,
	}[e.Call]
	if why := o.refusal(h, call); why != "" {
		refused(&n, why, told)
		return
	}
	o.call(&n, call, func(h *hypothesis, _ *model.Effect) { told(h, adapter.Done, 0) })
}

// refused calls told with what a call that is refused tells the user: the failure,
// once, or what TCP says.
func refused(h *hypothesis, why string, told answered) {
	what := adapter.None
	switch f := h.user.failure; {
	case f&model.ToldReset != 0:
		what = adapter.Reset
	case f&model.ToldTimeout != 0:
		what = adapter.TimedOut
	case f&model.ToldRefused != 0:
		what = adapter.Refused
	case why == "connection closing":
		what = adapter.Closing
	}
	n := *h
	n.user.failure = 0
	told(&n, what, 0)
}

// writes calls told with what SEND makes of h. How many octets the end takes is its
// own affair.
func (o *Observer) writes(h *hypothesis, e Event, told answered) {
	if why := o.refusal(h, model.Send); why != "" {
		refused(h, why, told)
		return
	}
	if h.tcb.State != model.Established && h.tcb.State != model.CloseWait {
		told(h, adapter.Waits, 0)
		return
	}
	octets := e.Octets
	if e.Answer != nil {
		octets = e.Answer.Octets
		if octets == 0 && e.Answer.Told == adapter.Waits {
			told(h, adapter.Waits, 0)
			return
		}
	}
	if octets == 0 {
		return
	}
	end := h.numbers.written + int32(octets)
	in := moment(o.now)
	in.sends(end)
	o.do(o.stack, h, in, func(s model.Stack, t model.TCB, by *scales) (model.TCB, model.Effect) {
		return o.withhold(t, func(t model.TCB) (model.TCB, model.Effect) {
			for t.Written < by.snd.of(end)-1 {
				t, _ = s.Call(t, model.SendHeld)
			}
			return s.Call(t, model.Send)
		})
	}, func(h *hypothesis, _ *model.Effect) { told(h, adapter.Done, octets) })
}

// reads calls told with what RECEIVE of so many octets makes of h.
func (o *Observer) reads(h *hypothesis, octets int32, told answered) {
	n := &h.numbers
	got := min(octets, n.unread)
	o.do(o.stack, h, moment(o.now), func(s model.Stack, t model.TCB, _ *scales) (model.TCB, model.Effect) {
		if s.Refusal(t, model.Receive) != "" {
			return t, model.Effect{}
		}
		if got == n.unread { // to the last one
			return s.Call(t, model.Receive)
		}
		t.Unread++ // some are left
		if s.App.Buffer != model.Wide {
			s.App.Buffer++
		}
		return s.Call(t, model.Receive)
	}, func(m *hypothesis, e *model.Effect) {
		switch {
		case e.Delivered > 0:
			m.numbers.unread = n.unread - got
			told(m, adapter.Done, int(got))
		case m.user.failure != 0:
			refused(m, "", told)
		case m.user.eof:
			told(m, adapter.EOF, 0)
		case m.tcb.State == model.Closed:
			refused(m, "connection does not exist", told)
		default:
			told(m, adapter.Waits, 0)
		}
	})
}

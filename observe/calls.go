package observe

import (
	"tcpclose/model"
	"tcpclose/stacks/adapter"
)

// calls adds what a call makes of h, if it tells the user what e says.
func (o *Observer) calls(after *set, h hypothesis, e Event) {
	told := func(h hypothesis, what adapter.Told, octets int) {
		if e.Answer == nil || e.Answer.Told == what && (what != adapter.Done || e.Answer.Octets == octets) {
			after.add(h)
		}
	}
	if h.user.gone || !h.user.opened {
		told(h, adapter.None, 0)
		return
	}
	switch e.Call {
	case adapter.Send:
		o.writes(after, h, e)
		return
	case adapter.Receive:
		o.reads(h, e.Octets, 0, told)
		return
	}
	call := map[adapter.Call]model.Call{
		adapter.Shutdown: model.Close, adapter.Release: model.Release, adapter.Abort: model.Abort,
	}[e.Call]
	h.user.gone = e.Call != adapter.Shutdown
	if why := o.stack.Refusal(h.tcb, call); why != "" {
		o.refused(h, why, told)
		return
	}
	o.do(h, func(s model.Stack) (model.TCB, model.Effect) { return s.Call(h.tcb, call) },
		func(h hypothesis) { told(h, adapter.Done, 0) })
}

// refused calls told with what a call that is refused tells the user: the failure,
// once, or what TCP says.
func (o *Observer) refused(h hypothesis, why string, told func(hypothesis, adapter.Told, int)) {
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
	h.user.failure = 0
	told(h, what, 0)
}

// writes adds what SEND makes of h.
func (o *Observer) writes(after *set, h hypothesis, e Event) {
	told := func(h hypothesis, what adapter.Told, octets int) {
		if e.Answer == nil || e.Answer.Told == what {
			after.add(h)
		}
	}
	if why := o.stack.Refusal(h.tcb, model.Send); why != "" {
		o.refused(h, why, told)
		return
	}
	octets := e.Octets
	if e.Answer != nil {
		octets = e.Answer.Octets
	}
	open := h.tcb.State == model.Established || h.tcb.State == model.CloseWait
	octets = min(octets, model.MaxOctets-int(h.tcb.Written-h.tcb.First))
	if !open || octets <= 0 {
		told(h, adapter.Waits, 0)
		return
	}
	h.tcb.Written += model.Seq(octets - 1) // held until the last octet goes
	o.do(h, func(s model.Stack) (model.TCB, model.Effect) { return s.Call(h.tcb, model.Send) },
		func(h hypothesis) { told(h, adapter.Done, octets) })
}

// reads calls told with what RECEIVE makes of h.
func (o *Observer) reads(h hypothesis, octets, got int, told func(hypothesis, adapter.Told, int)) {
	for s, options := range o.stack.Branches(h.options) {
		n := h
		why := s.Refusal(h.tcb, model.Receive)
		n.options = *options
		switch {
		case why == "" && h.tcb.Unread > 0 && got < octets:
			o.do(n, func(s model.Stack) (model.TCB, model.Effect) { return s.Call(n.tcb, model.Receive) },
				func(n hypothesis) { o.reads(n, octets, got+1, told) })
		case got > 0:
			told(n, adapter.Done, got)
		case n.user.failure != 0:
			o.refused(n, why, told)
		case n.user.eof:
			told(n, adapter.EOF, 0)
		case n.tcb.State == model.Closed:
			o.refused(n, why, told)
		default:
			told(n, adapter.Waits, 0)
		}
	}
}

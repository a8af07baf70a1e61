package observe

import (
	"tcpclose/model"
	"tcpclose/stacks/adapter"
)

const receive = adapter.Receive

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

// A calling is a call that a user makes, and what it tells the user.
type calling struct {
	Event
	o     *Observer
	after *set
}

// told adds h, whose call tells the user so much, if that was seen.
func (c *calling) told(h *hypothesis, what adapter.Told, octets int) {
	c.o.tells(h, what, octets)
	a := c.Answer
	if a == nil || a.Told == what && (!c.Call.Counts() || what != adapter.Done || a.Octets == octets) {
		c.after.add(h)
	}
}

// calls adds what a call makes of h, if it tells the user what e says.
func (o *Observer) calls(after *set, h *hypothesis, e Event) {
	c := &calling{e, o, after}
	if h.user.gone || !h.user.opened {
		c.told(h, adapter.None, 0)
		return
	}
	switch e.Call {
	case adapter.Send:
		c.writes(h)
		return
	case adapter.Receive:
		c.reads(h)
		return
	}
	n := *h
	n.user.gone = e.Call != adapter.Shutdown
	call := map[adapter.Call]model.Call{
		adapter.Shutdown: model.Close, adapter.Release: model.Release, adapter.Abort: model.Abort,
	}[e.Call]
	if why := o.refusal(h, call); why != "" {
		c.refused(&n, why)
		return
	}
	if o.rules.Latitude.Answers && e.Call == adapter.Shutdown && e.Answer != nil && e.Answer.Told != adapter.Done {
		after.add(h) // it has no such call now
	}
	o.call(&n, call, func(h *hypothesis, _ *model.Effect) { c.told(h, adapter.Done, 0) })
}

// failed returns what tells the user of a failure.
func failed(f model.Notice) adapter.Told {
	switch {
	case f&model.ToldReset != 0:
		return adapter.Reset
	case f&model.ToldTimeout != 0:
		return adapter.TimedOut
	}
	return adapter.Refused
}

// refused adds h when its call is refused: it tells the user of the failure, once,
// or what TCP says. How a stack words what is no failure is its own affair; and
// whether it tells of a failure by another call than RECEIVE.
func (c *calling) refused(h *hypothesis, why string) {
	n := *h
	n.user.failure = 0
	n.user.failed = n.user.failed || h.user.failure != 0
	a := c.Answer
	switch {
	case a == nil || !c.o.rules.Latitude.Answers:
		what := adapter.None
		switch {
		case h.user.failure != 0:
			what = failed(h.user.failure)
		case why == "connection closing":
			what = adapter.Closing
		}
		c.told(&n, what, 0)
	case h.user.failure != 0 && a.Told == failed(h.user.failure):
		c.told(&n, a.Told, 0)
	case h.user.failure != 0 && c.Call == receive && h.user.eof && a.Told == adapter.EOF:
		c.told(h, a.Told, 0) // it came first; another call tells of the failure
	case h.user.failure != 0 && c.Call == receive:
		c.told(&n, failed(h.user.failure), 0)
	case c.Call.Counts() && (a.Told == adapter.Done || a.Told == adapter.Wrong || a.Told == adapter.EOF && !h.user.failed):
		c.told(h, adapter.None, 0)
	default:
		c.told(h, a.Told, 0)
	}
}

// writes adds what SEND makes of h. How many octets the end takes is its own affair.
func (c *calling) writes(h *hypothesis) {
	if why := c.o.refusal(h, model.Send); why != "" {
		c.refused(h, why)
		return
	}
	if h.tcb.State != model.Established && h.tcb.State != model.CloseWait {
		c.waits(h)
		return
	}
	octets := c.Octets
	if c.Answer != nil {
		octets = c.Answer.Octets
		if octets == 0 && c.Answer.Told == adapter.Waits {
			c.told(h, adapter.Waits, 0)
			return
		}
	}
	if octets == 0 {
		return
	}
	end := h.numbers.written + int32(octets)
	in := moment(c.o.now)
	in.sends(end)
	c.o.do(c.o.stack, h, in, func(s model.Stack, t model.TCB, by *scales) (model.TCB, model.Effect) {
		return c.o.withhold(t, func(t model.TCB) (model.TCB, model.Effect) {
			for t.Written < by.snd.of(end)-1 {
				t, _ = s.Call(t, model.SendHeld)
			}
			return s.Call(t, model.Send)
		})
	}, func(h *hypothesis, _ *model.Effect) { c.told(h, adapter.Done, octets) })
}

// waits adds h, whose call has to wait. Where there is no connection yet a stack may
// say so instead.
func (c *calling) waits(h *hypothesis) {
	a := c.Answer
	if a != nil && c.o.rules.Latitude.Answers && h.tcb.State < model.Established && a.Told != adapter.Done && a.Told != adapter.EOF {
		c.told(h, a.Told, 0)
		return
	}
	c.told(h, adapter.Waits, 0)
}

// ends adds h, whose RECEIVE comes to the end of file. Read literally, the RFC tells the user that
// the connection is closing, or that there is none (RFC 9293, 3.10.3).
func (c *calling) ends(h *hypothesis) {
	if a := c.Answer; a != nil && c.o.rules.Latitude.Answers {
		switch a.Told {
		case adapter.Closing, adapter.None, adapter.Other:
			c.told(h, a.Told, 0)
			return
		}
	}
	c.told(h, adapter.EOF, 0)
}

// reads adds what RECEIVE makes of h.
func (c *calling) reads(h *hypothesis) {
	n := &h.numbers
	got := min(int32(c.Octets), n.unread)
	if a := c.Answer; a != nil && c.o.rules.Latitude.Answers && a.Octets > 0 {
		got = min(got, int32(a.Octets))
	}
	c.o.do(c.o.stack, h, moment(c.o.now), func(s model.Stack, t model.TCB, _ *scales) (model.TCB, model.Effect) {
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
			c.told(m, adapter.Done, int(got))
		case m.user.failure != 0:
			c.refused(m, "")
		case m.user.eof:
			c.ends(m)
		case m.tcb.State == model.Closed:
			c.refused(m, "connection does not exist")
		default:
			c.waits(m)
		}
	})
}

package ends

import "tcpclose/model"

// A Condition is what of an end decides what it can do: a TCB without its numbers and
// clocks. Fin, Acked and Got outlive the connection.
type Condition struct {
	State   model.ConnState
	Mini    bool // FIN-WAIT-2 of which the numbers alone are kept
	Orphan  bool // nobody reads
	Closing bool // CLOSE was called
	Fin     bool // the FIN was sent
	Got     bool // the peer's FIN was taken
	Unread  bool // text waits to be read
	Broken  bool // and after it, a reset
	Passive bool // SYN-RECEIVED from LISTEN
	Opened  bool // it is not before OPEN
	Away    bool // it is in another connection between the same addresses
}

// ConditionOf returns the condition of an end of the model.
func ConditionOf(t model.TCB, opened bool) Condition {
	c := Condition{State: t.State, Unread: t.Unread > 0, Broken: t.Broken, Opened: opened || t.State != model.Closed}
	if t.State >= model.Established {
		c.Mini, c.Orphan, c.Closing, c.Fin, c.Got = t.Mini, t.Orphan, t.CloseCalled(), t.FinSent(), t.FinReceived()
	}
	c.Passive = t.Passive
	return c
}

// after returns the condition of t, which a step has made of an end in c.
func (c Condition) after(t model.TCB, e *model.Effect) Condition {
	n := ConditionOf(t, c.Opened)
	n.Got = c.Got
	for _, by := range [...]model.Clause{model.FinEstablished, model.FinFinWait1, model.FinFinWait2, model.MiniFin} {
		n.Got = n.Got || e.Clauses.Has(by)
	}
	n.Fin = n.Fin || c.Fin
	if n.State == model.Listen { // it has returned
		n.Fin, n.Got = false, false
	}
	return n
}

// The numbers of the ends that stand for a condition. The end has written text below
// its FIN; its peer's text and FIN come next.
const (
	first  = 1
	ownFin = 3
	next   = 4 // RCV.NXT
)

// stand appends ends of the model that stand for c: whatever else they may be.
func (c Condition) stand(list []model.TCB) []model.TCB {
	t := model.TCB{State: c.State, Mini: c.Mini, Orphan: c.Orphan, Broken: c.Broken, Passive: c.Passive}
	if c.Unread {
		t.Unread = 1
	}
	t.Host.Life = 1
	switch c.State {
	case model.Closed:
		if !c.Opened {
			t.Host.Life = 0
		}
		return append(list, t)
	case model.Listen:
		t.First, t.SndUna, t.SndNxt, t.Written = first, first, first, first
		return append(list, t)
	case model.SynSent, model.SynReceived:
		t.First, t.SndUna, t.SndNxt, t.Written = first, first-1, first, first
		if c.State == model.SynReceived {
			t.RcvNxt = first
		}
		again := t
		again.Rtx = 1
		return append(list, t, again)
	}
	t.First, t.Written, t.RcvNxt = first, ownFin, next
	for _, n := range c.outstanding() {
		t.SndUna, t.SndNxt, t.Queued = n.una, n.nxt, n.queued
		t.Cuts = 0
		if n.una < n.nxt {
			t.Cuts = 1 << n.una
		}
		t.SndWnd = model.Wide
		if t.Queued > t.SndNxt {
			t.SndWnd = model.WindowOf(uint8(t.SndNxt - t.SndUna))
		}
		list = c.clocks(list, t)
		if c.Fin && n.una < ownFin { // the FIN is a segment of its own, or not
			t.Cuts |= 1 << ownFin
			list = c.clocks(list, t)
		}
	}
	return list
}

// clocks appends t with what it can owe and how often it can have tried.
func (c Condition) clocks(list []model.TCB, t model.TCB) []model.TCB {
	list = append(list, t)
	again := t
	again.Rtx, again.Probes = 1, 1
	list = append(list, again)
	if !c.Mini && c.State != model.TimeWait {
		t.Owes = true
		list = append(list, t)
	}
	return list
}

type outstanding struct{ una, nxt, queued model.Seq }

// outstanding returns what an end in c can have sent and not have acknowledged, and
// what can wait to be sent.
func (c Condition) outstanding() []outstanding {
	switch {
	case c.Fin && (c.State == model.FinWait2 || c.State == model.TimeWait):
		return []outstanding{{ownFin + 1, ownFin + 1, 0}}
	case c.Fin && c.State == model.FinWait1: // the SYN may not be acknowledged, either
		return []outstanding{{ownFin, ownFin + 1, 0}, {first, ownFin + 1, 0}, {first - 1, ownFin + 1, 0}}
	case c.Fin:
		return []outstanding{{ownFin, ownFin + 1, 0}, {first, ownFin + 1, 0}}
	case c.State == model.TimeWait: // of an abort
		return []outstanding{{ownFin, ownFin, 0}}
	case c.Closing:
		return []outstanding{{ownFin, ownFin, ownFin + 1}, {first, ownFin, ownFin + 1}, {ownFin - 1, ownFin - 1, ownFin + 1}, {first, ownFin - 1, ownFin + 1}}
	}
	return []outstanding{{ownFin, ownFin, 0}, {first, ownFin, 0}, {ownFin - 1, ownFin - 1, ownFin}, {first, ownFin - 1, ownFin}}
}

package model

import "strconv"

// A Window is a number of octets: SEG.WND, SND.WND, or the size of a receive
// buffer. Its zero value is Wide; WindowOf gives the others.
type Window uint8

// Wide is a window that is larger than all numbers there are: nothing lies beyond
// it.
const Wide Window = 0

// unbounded is larger than every number of a connection.
const unbounded = 1<<7 - 1

// WindowOf returns the window of n octets, 0 included.
func WindowOf(n uint8) Window { return Window(n) + 1 }

// Size returns how many octets there are room for.
func (w Window) Size() Seq {
	if w == Wide {
		return unbounded
	}
	return Seq(w - 1)
}

func (w Window) String() string {
	if w == Wide {
		return "unlimited"
	}
	return strconv.Itoa(int(w.Size()))
}

// from returns the first number beyond a window that begins at n.
func (w Window) from(n Seq) Seq {
	if w == Wide {
		return unbounded
	}
	return n + w.Size()
}

// window returns RCV.WND: the room in the receive buffer. The right edge never moves
// to the left, since text takes the room that its numbers had.
func (s Stack) window(t TCB) Window {
	if s.App.Buffer == Wide {
		return Wide
	}
	return s.App.Buffer - Window(t.Unread)
}

// acceptable reports whether g passes the test of the first step of SEGMENT ARRIVES (RFC 9293,
// 3.10.7.4, table 6).
func (s Stack) acceptable(t TCB, g Segment) bool {
	wnd := s.window(t)
	shut := wnd.Size() == 0
	in := func(n Seq) bool { return t.RcvNxt <= n && n < wnd.from(t.RcvNxt) }
	switch {
	case g.SpaceLen() == 0 && shut:
		return g.Seq == t.RcvNxt
	case g.SpaceLen() == 0:
		return in(g.Seq)
	case shut:
		return s.takesFin(t, g)
	}
	return in(g.Seq) || in(g.Seq+g.SpaceLen()-1)
}

// takesFin reports whether g is a FIN without text at RCV.NXT, at a zero window, and
// is taken all the same.
func (s Stack) takesFin(t TCB, g Segment) bool {
	return s.window(t).Size() == 0 && g.Seq == t.RcvNxt && g.Len == 0 && g.Ctl.Has(FIN) && s.ask(ZeroWindowFin) == FinTaken
}

// trim takes away what lies outside the receive window, "including SYN and FIN"
// (RFC 9293, 3.10.7.4, first).
func (s Stack) trim(t TCB, g Segment, e Effect) (Segment, Effect) {
	if g.Seq < t.RcvNxt {
		g.Len -= uint8(min(t.RcvNxt-g.Seq, Seq(g.Len)))
		g.Seq = t.RcvNxt
		e = e.by(SeqTrims)
	}
	beyond := s.window(t).from(t.RcvNxt)
	if s.takesFin(t, g) {
		return g, e.by(ZeroWindowTakesFin)
	}
	if g.Seq+g.SpaceLen() > beyond {
		g.Ctl &^= FIN
		g.Len = uint8(min(Seq(g.Len), beyond-g.Seq))
		e = e.by(WindowTrims)
	}
	return s.finAtEdge(g, beyond), e
}

// updateWindow takes the window that g tells of, unless g is older than what told of it
// last (RFC 9293, 3.10.7.4, fifth).
func (t TCB) updateWindow(g Segment, e Effect) (TCB, Effect) {
	switch {
	case g.Wnd == Wide:
		t.SndWnd = Wide
	case t.SndWl1 < g.Seq, t.SndWl1 == g.Seq && t.SndWl2 <= g.Ack:
		if t.SndWnd != g.Wnd {
			e = e.by(WindowLearned)
		}
		t.SndWnd, t.SndWl1, t.SndWl2 = g.Wnd, g.Seq, g.Ack
	}
	return t, e
}

// output sends, of what is queued, what the window has room for, and the FIN if
// it is among it. What is left keeps the retransmission timer running, which
// then probes the window (RFC 9293, 3.8.6.1). Who probes with old numbers sends
// all that is queued or nothing.
func (s Stack) output(t TCB, e Effect) (TCB, Effect) {
	if end := min(t.Queued, t.SndWnd.from(t.SndUna)); end > t.SndNxt && (end == t.Queued || !s.probesOld()) {
		t, e.Sent = s.sendUpTo(t, end)
	}
	return t, e
}

// Output returns the effect of sending what is queued, as far as the window has room for
// it. In the model this is the end of other steps; a stack may do it later, or in
// pieces.
func (s Stack) Output(t TCB) (TCB, Effect) {
	to, e := s.output(t, Effect{})
	return s.finish(t, to, e, false)
}

// probesOld reports whether a probe of the window has an old number.
func (s Stack) probesOld() bool { return s.ask(ZeroWindowProbe) == ProbeOld }

// sendUpTo sends what is queued below end.
func (s Stack) sendUpTo(t TCB, end Seq) (TCB, Segment) {
	t, g := s.transmit(t, end)
	t = s.afterFinSent(t)
	if !t.Blocked() {
		t.Queued = 0
	}
	return t, g
}

// afterFinSent changes the state if the FIN has been sent and that is what changes
// it.
func (s Stack) afterFinSent(t TCB) TCB {
	if t.FinSent() {
		switch t.State {
		case Established: // only if FIN-WAIT-1 was not entered with the call
			t.State = FinWait1
		case CloseWait:
			return s.enterLastAck(t)
		}
	}
	return t
}

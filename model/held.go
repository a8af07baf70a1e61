package model

import "math/bits"

// hold keeps a segment that begins after RCV.NXT, within the window, "for later
// processing" (RFC 9293, 3.10.7.4, first, SHLD-31): its text, its FIN, and of the
// ACK fields of all that is held the largest.
func (t TCB) hold(g Segment) TCB {
	for n := g.Seq; n < g.Seq+g.SpaceLen(); n++ {
		t.Held |= 1 << n
	}
	t.HeldFin = t.HeldFin || g.Ctl.Has(FIN)
	if g.Ctl.Has(ACK) {
		t.HeldAck = max(t.HeldAck, g.Ack)
	}
	return t
}

// unhold takes out what is held from RCV.NXT on without a hole, as one segment.
// What RCV.NXT has passed is forgotten. ok is false if there is nothing.
func (t TCB) unhold() (rest TCB, g Segment, ok bool) {
	t.Held &^= 1<<t.RcvNxt - 1
	n := bits.TrailingZeros32(^(t.Held >> t.RcvNxt))
	if n == 0 {
		if t.Held == 0 {
			t.HeldFin, t.HeldAck = false, 0
		}
		return t, Segment{}, false
	}
	g = Segment{Seq: t.RcvNxt, Ack: t.HeldAck, Len: uint8(n), Ctl: ACK}
	t.Held &^= (1<<n - 1) << t.RcvNxt
	if t.Held == 0 {
		if t.HeldFin {
			g.Len--
			g.Ctl |= FIN
		}
		t.HeldFin, t.HeldAck = false, 0
	}
	return t, g, true
}

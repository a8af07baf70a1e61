package model

import "math/bits"

// hold keeps a segment that begins after RCV.NXT, within the window, "for later
// processing" (RFC 9293, 3.10.7.4, first, SHLD-31): its text, its FIN, and of the
// ACK fields of all that is held the largest. After a FIN there is nothing to
// hold: of several, which old segments can make, the lowest counts, and a number
// that is held stays what it was.
func (t TCB) hold(g Segment) TCB {
	fin := Seq(bits.Len32(t.Held)) - 1 // the highest number in Held
	for n := g.Seq; n < g.Seq+Seq(g.Len); n++ {
		if !t.HeldFin || n < fin {
			t.Held |= 1 << n
		}
	}
	if n := g.FinSeq(); g.Ctl.Has(FIN) && t.Held>>n&1 == 0 && (!t.HeldFin || n < fin) {
		t.Held = t.Held&(1<<n-1) | 1<<n
		t.HeldFin = true
	}
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

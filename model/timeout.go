package model

// Due appends the timeouts that are due. Time does not go on before they have
// happened; between several, and between them and what arrives at the same
// instant, there is no order.
func (s Stack) Due(dst []Timeout, t TCB) []Timeout {
	if t.Outstanding() && t.Rto == 0 {
		dst = append(dst, Retransmission)
	}
	if t.State == TimeWait && t.Wait == 0 {
		dst = append(dst, TimeWaitEnds)
	}
	return dst
}

// Timeout is the effect of a timeout that is due.
func (s Stack) Timeout(t TCB, which Timeout) (TCB, Effect) {
	if which == TimeWaitEnds {
		return s.timeWaitTimeout(t)
	}
	return s.retransmissionTimeout(t)
}

// retransmissionTimeout is RFC 9293, 3.10.8: "send the segment at the front of
// the retransmission queue again, reinitialize the retransmission timer". After
// R2 retransmissions the connection is closed instead (3.8.3), without a word to
// the peer; R2 may be infinite (MUST-21), and then nothing counts.
func (s Stack) retransmissionTimeout(t TCB) (TCB, Effect) {
	var e Effect
	if s.R2 != Unlimited {
		if int(t.Rtx) >= int(s.R2) {
			e.Told = ToldTimeout
			e.Clauses = e.Clauses.with(R2Closes)
			return TCB{}, e
		}
		t.Rtx++
	}
	t.Rto = s.RTO
	e.Sent[0] = t.head()
	e.Clauses = e.Clauses.with(RTOResends)
	return t, e
}

// timeWaitTimeout is RFC 9293, 3.10.8: "delete the TCB, enter the CLOSED state".
func (s Stack) timeWaitTimeout(TCB) (TCB, Effect) {
	var e Effect
	e.Clauses = e.Clauses.with(TimeWaitCloses)
	return TCB{}, e
}

// Tick lets a tick pass. It reports false if a timeout is due, which has to
// happen first.
func (s Stack) Tick(t TCB) (TCB, bool) {
	if t.Outstanding() {
		if t.Rto == 0 {
			return t, false
		}
		t.Rto--
	}
	if t.State == TimeWait && t.Wait != Never {
		if t.Wait == 0 {
			return t, false
		}
		t.Wait--
	}
	return t, true
}

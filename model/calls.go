package model

import "fmt"

// A Call is what the user does to its connection.
type Call uint8

const (
	// Send: one octet, to be sent at once.
	Send Call = iota
	// SendHeld: one octet, which TCP keeps until there is more to send, as it
	// may without PUSH (RFC 9293, 3.9.1.2). It goes out with the next SEND or,
	// in one segment with the FIN, with CLOSE.
	SendHeld
	// Close: the user has no more data to send.
	Close

	numCalls
)

func (c Call) String() string {
	names := [numCalls]string{"SEND", "SEND (held)", "CLOSE"}
	if c >= numCalls {
		return fmt.Sprintf("Call(%d)", uint8(c))
	}
	return names[c]
}

// Calls appends the calls that the user may make now. A user that can get
// nothing but an error from a call does not make it (RFC 9293, 3.10.4: U4 to U7).
func (s Stack) Calls(dst []Call, t TCB) []Call {
	switch t.State {
	case Established, CloseWait:
	default:
		return dst
	}
	if int(t.Written) < int(s.App.Octets) {
		dst = append(dst, Send, SendHeld)
	}
	switch s.App.Close {
	case CloseAnyTime:
		dst = append(dst, Close)
	case CloseAfterPeer:
		if t.State == CloseWait {
			dst = append(dst, Close)
		}
	case CloseNever:
	}
	return dst
}

// Call is the effect of a call that Calls offers.
func (s Stack) Call(t TCB, c Call) (TCB, Effect) {
	var e Effect
	switch c {
	case Send:
		return s.send(t)
	case SendHeld:
		t.Written++
		e.Clauses = e.Clauses.with(SendQueues)
		return t, e
	default:
		return s.close(t)
	}
}

// send is RFC 9293, 3.10.3, for ESTABLISHED and CLOSE-WAIT: "Segmentize the
// buffer and send it with a piggybacked acknowledgment".
func (s Stack) send(t TCB) (TCB, Effect) {
	var e Effect
	t.Written++
	t, e.Sent[0] = s.transmit(t, t.Written)
	e.Clauses = e.Clauses.with(SendTransmits)
	return t, e
}

// close is RFC 9293, 3.10.4: what is queued goes before the FIN. No window
// keeps anything back, so the FIN goes out within the call, and it makes no
// difference that FIN-WAIT-1 is entered at once and LAST-ACK after the FIN.
func (s Stack) close(t TCB) (TCB, Effect) {
	var e Effect
	t, e.Sent[0] = s.transmit(t, t.Written+1)
	switch t.State {
	case Established:
		t.State = FinWait1
		e.Clauses = e.Clauses.with(CloseEstablished)
	case CloseWait:
		t.State = LastAck
		e.Clauses = e.Clauses.with(CloseCloseWait)
	}
	return t, e
}

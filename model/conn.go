package model

import "fmt"

// A Side is one of the two endpoints.
type Side uint8

const (
	A Side = iota
	B
)

// Sides lists both, in order.
var Sides = [2]Side{A, B}

// Peer returns the other side.
func (s Side) Peer() Side { return 1 - s }

func (s Side) String() string {
	if s == A {
		return "a"
	}
	return "b"
}

// A ConnState is a connection state (RFC 9293, 3.3.2), in the order of figure 5.
// CLOSED is the zero value.
type ConnState uint8

const (
	Closed ConnState = iota
	Listen
	SynSent
	SynReceived
	Established
	FinWait1
	FinWait2
	CloseWait
	Closing
	LastAck
	TimeWait

	numStates
)

var stateNames = [numStates]string{
	"CLOSED", "LISTEN", "SYN-SENT", "SYN-RECEIVED", "ESTABLISHED", "FIN-WAIT-1",
	"FIN-WAIT-2", "CLOSE-WAIT", "CLOSING", "LAST-ACK", "TIME-WAIT",
}

func (s ConnState) String() string {
	if s >= numStates {
		return fmt.Sprintf("ConnState(%d)", uint8(s))
	}
	return stateNames[s]
}

// ParseConnState returns the state with the RFC's name.
func ParseConnState(name string) (ConnState, error) {
	for s, n := range stateNames {
		if n == name {
			return ConnState(s), nil
		}
	}
	return 0, invalid("connection state %q: want one of %q", name, stateNames)
}

package model

import "strings"

// A Notice is what a user is told, as a set.
type Notice uint8

const (
	// ToldEOF: "connection closing", the peer will send no more.
	ToldEOF Notice = 1 << iota
	// ToldClosed: the user's CLOSE is complete, the FIN was acknowledged.
	ToldClosed
	// ToldReset: "connection reset".
	ToldReset
	// ToldTimeout: "connection aborted due to timeout".
	ToldTimeout
	// ToldAborted: the call, or what it lost, has aborted the connection.
	ToldAborted
	// ToldOpen: the connection is ESTABLISHED.
	ToldOpen
	// ToldRefused: "connection refused".
	ToldRefused
)

func (n Notice) String() string {
	var words []string
	for i, w := range []string{"end of file", "closed", "reset", "timed out", "aborted", "open", "refused"} {
		if n&(1<<i) != 0 {
			words = append(words, w)
		}
	}
	return strings.Join(words, ", ")
}

// An Effect is what a transition of an endpoint does besides changing its TCB.
type Effect struct {
	Sent      Segment // zero is none
	Of        Tag     // to which connection it belongs
	Delivered uint8   // octets handed to the user, in order
	Told      Notice
	// TimeWait: the time-wait timer was started or started again.
	TimeWait bool
	Clauses  Clauses // what the transition follows
}

// by returns e with a clause that the transition follows.
func (e Effect) by(c Clause) Effect {
	e.Clauses = e.Clauses.with(c)
	return e
}

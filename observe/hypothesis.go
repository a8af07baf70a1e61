package observe

import "tcpclose/model"

// A hypothesis is how the end may be, and by which alternatives it has come there.
type hypothesis struct {
	tcb     model.TCB // without numbers and clocks
	numbers numbers
	timers  [numClocks]timer
	user    user
	options model.Options
	transit transit
	owed    model.Clauses // by which it owes an acknowledgement, if it does
	out     [2]sent       // what it has sent that was not seen yet, in order
}

// A user is what the application knows.
type user struct {
	opened  bool
	gone    bool         // it has closed for good
	eof     bool         // the peer will send no more
	failure model.Notice // that it was not told yet
	failed  bool         // it was told of a failure
}

// A sent is a segment that the end sends. The zero one stands for none.
type sent struct {
	ctl           model.Ctl
	raw           bool // SEQ is 0, of no connection
	again         bool // it was sent before, and may be cut otherwise now
	seq, ack, len int32
}

// quiet reports whether everything that h has sent was seen.
func (h *hypothesis) quiet() bool { return h.out[0] == sent{} }

// emit lets h have sent g, unless g is none.
func (h *hypothesis) emit(g sent) {
	switch {
	case g == sent{}:
	case h.quiet():
		h.out[0] = g
	default:
		h.out[1] = g
	}
}

// seen takes away what h has sent first.
func (h *hypothesis) seen() { h.out[0], h.out[1] = h.out[1], sent{} }

const failures = model.ToldReset | model.ToldTimeout | model.ToldRefused

// state returns what a report says of h.
func (h *hypothesis) state() State {
	return State{State: h.tcb.State, Mini: h.tcb.Mini, Options: h.options}
}

// tell lets the user of h be told.
func (h *hypothesis) tell(told model.Notice) {
	if bad := told & failures; bad != 0 {
		h.user.failure = bad
	}
	if told&model.ToldEOF != 0 {
		h.user.eof = true
	}
}

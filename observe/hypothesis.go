package observe

import (
	"tcpclose/model"
)

// A hypothesis is how the end may be, and by which alternatives it has come there.
type hypothesis struct {
	tcb     model.TCB
	user    user
	options model.Options
	out     [2]model.Segment // what it has sent that was not seen yet, in order
}

// A user is what the application knows.
type user struct {
	opened  bool
	gone    bool         // it has closed for good
	eof     bool         // the peer will send no more
	failure model.Notice // that it was not told yet
}

// quiet reports whether everything that h has sent was seen.
func (h hypothesis) quiet() bool { return h.out[0] == model.Segment{} }

// emit returns h when it has sent g, unless g is none.
func (h hypothesis) emit(g model.Segment) hypothesis {
	switch {
	case g == model.Segment{}:
	case h.quiet():
		h.out[0] = g
	default:
		h.out[1] = g
	}
	return h
}

const failures = model.ToldReset | model.ToldTimeout | model.ToldRefused

// after returns h when a step has led it to t.
func (h hypothesis) after(t model.TCB, e model.Effect) hypothesis {
	h.tcb = t
	if told := e.Told & failures; told != 0 {
		h.user.failure = told
	}
	if e.Told&model.ToldEOF != 0 {
		h.user.eof = true
	}
	return h.emit(e.Sent)
}

// state returns what a report says of h.
func (h hypothesis) state() State {
	return State{State: h.tcb.State, Mini: h.tcb.Mini, Options: h.options}
}

// A set is the hypotheses that are possible, each once, in a fixed order.
type set struct {
	list []hypothesis
	seen map[hypothesis]struct{}
}

func newSet() *set { return &set{seen: map[hypothesis]struct{}{}} }

func (s *set) add(h hypothesis) bool {
	if _, ok := s.seen[h]; ok {
		return false
	}
	s.seen[h] = struct{}{}
	s.list = append(s.list, h)
	return true
}

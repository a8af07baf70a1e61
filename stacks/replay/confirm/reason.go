package main

import "strings"

// reasons has why a stack does otherwise than its profile: what a profile's name begins
// with, and what is in the text of the difference.
var reasons = []struct{ stack, has, why string }{
	{"", "an end without room", "the bench fills no buffer but by text, of which the run has none"},
	{"", "a window of a few octets", "the bench has the buffers that the stacks have: the run's octet fills none"},
	{"", "no call SEND (held)", "the users of the bench have no call that keeps text back until the FIN"},
	{"linux", "0:0(0) ack", "the times of further probes are not those of the model: Linux counts probes, and an answered one leaves the back-off as it is (D12, D15)"},
	{"lwip", "F. 1:1(0) ack 1", "a FIN is sent into a zero window (tcp_out.c, tcp_output)"},
	{"gvisor", "F. 1:1(0) ack 1", "a FIN is sent into a zero window (snd.go, maybeSendSegment)"},
	{"libslirp", "F. 1:1(0) ack 1", "a FIN is sent into a zero window (tcp_output.c)"},
	{"libslirp", "> F. 1:1(0) ack 3: want > . 2:2(0) ack 3", "until its FIN is acknowledged, each acknowledgement repeats it (tcp_output.c): the peer learns the same"},
	{"libslirp", "> R 2:2(0): want > . 2:2(0) ack 2", "the run needs text in the last tick of FIN-WAIT-2, which the stack counts in half seconds (tcp_timer.c): the connection has gone by then"},
	{"gvisor", "want nothing more before it", "an empty segment that has overtaken another is answered (RFC 5681, 4.2), by the model it is not"},
}

// reason says why a stack does otherwise than its profile, or "".
func reason(stack, why string) string {
	for _, r := range reasons {
		if strings.HasPrefix(stack, r.stack) && strings.Contains(why, r.has) {
			return r.why
		}
	}
	return ""
}

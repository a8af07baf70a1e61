package profile

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"tcpclose/model"
)

// A Difference is a point at which Linux does not do what RFC 9293 says.
type Difference struct {
	ID     string
	Says   string // the RFC
	Source string // where
	Does   string // Linux
	Where  string // its function
	// Always lists what it sets in the model, as name=value. Times lists fields that the
	// profile fills with its numbers. Sometimes lists what it sets only when something
	// has run out, or if an option is set.
	Always, Times, Sometimes []string
	Rest                     string // the part that is not in the model, or ""
}

// Differences is D1 to D19.
var Differences = []Difference{
	{"D1", "CLOSE in CLOSE-WAIT leads to LAST-ACK when the FIN is sent", "3.10.4",
		"LAST_ACK is entered at once; the FIN may have to wait", "tcp_close_state",
		[]string{"last-ack-entered=with-close", "abort-unsent-fin=rst"}, nil, nil, ""},
	{"D2", "FIN-WAIT-2 is a connection", "3.10.7.4",
		"of an orphan only a mini-socket is kept, with its own rules", "tcp_time_wait, tcp_timewait_state_process",
		[]string{"fin-wait-2-kept=mini"}, []string{"fin-wait-2-first"}, []string{"fin-wait-2-orphan=rst"}, "its answers to empty segments are limited to one in 0.5 s"},
	{"D3", "only an RST at RCV.NXT resets", "3.10.7.4, second; RFC 5961, 3.2",
		"once the peer's FIN has arrived, an RST with the FIN's number does, too", "tcp_reset_check",
		[]string{"rst-check=exact-or-fin"}, nil, nil, "an RST behind text held out of order resets, too"},
	{"D4", "a SYN in FIN-WAIT-2 gets a challenge ACK", "3.10.7.4, fourth; RFC 5961, 4.2",
		"the mini-socket answers with RST, and is gone", "tcp_timewait_state_process",
		[]string{"fin-wait-2-kept=mini"}, nil, nil, "a sender of such a SYN: these configurations open no connection"},
	{"D5", "text after a full close gets RST; a FIN is accepted", "3.6.1 (SHLD-3)",
		"a FIN that carries text or follows a hole gets RST, too", "tcp_timewait_state_process, tcp_rcv_state_process",
		[]string{"fin-wait-2-kept=mini", "late-data=rst-valid-ack"}, nil, nil, ""},
	{"D6", "an acknowledgement in TIME-WAIT is not a FIN", "3.10.7.4, fifth",
		"it restarts the 60 s, and is not answered without text or a FIN", "tcp_timewait_state_process",
		[]string{"time-wait-ack=text-answered"}, nil, nil, ""},
	{"D7", "a retransmitted FIN restarts 2 MSL", "3.10.7.4, fifth and eighth",
		"every segment with an ACK does that is old or behind a hole", "tcp_timewait_state_process",
		[]string{"time-wait-restart=any-ack"}, nil, nil, "so does a SYN,ACK in the window, and what has an old timestamp; answers to empty segments are limited to one in 0.5 s"},
	{"D8", "an active close lingers in TIME-WAIT (MUST-13)", "3.6.1",
		"beyond tcp_max_tw_buckets the socket closes at once", "tcp_time_wait",
		nil, nil, []string{"time-wait-kept=no"}, ""},
	{"D9", "what was sent before CLOSE is delivered reliably", "3.6",
		"beyond tcp_max_orphans, or without memory, the socket is reset", "tcp_check_oom",
		nil, nil, []string{"orphan-kept=no"}, "this can also happen after close(), when a timer fires"},
	{"D10", "2 MSL are four minutes", "3.4.2, 3.6.1",
		"TIME_WAIT lasts 60 s, whatever is set", "TCP_TIMEWAIT_LEN",
		nil, []string{"time-wait"}, nil, ""},
	{"D11", "FIN-WAIT-2 has no timer", "3.6.1",
		"tcp_fin_timeout or TCP_LINGER2 ends that of an orphan", "tcp_fin_time",
		nil, []string{"fin-wait-2", "fin-wait-2-first"}, nil, "a FIN_WAIT2 whose socket is busy when it would shrink ends with RST"},
	{"D12", "R2 is at least 100 s, and answered probes keep a connection open (MUST-37)", "3.8.3, 3.8.6.1",
		"an orphan is given up after tcp_orphan_retries, answered or not", "tcp_write_timeout, tcp_probe_timer",
		[]string{"orphan-probes=counted"}, []string{"orphan-give-up"}, nil, "a zero window is given up after a number of probes, not after a time"},
	{"D13", "a segment below RCV.NXT is dropped before its ACK is read", "3.10.7.4, first",
		"the ACK of a retransmitted FIN is read", "tcp_sequence, tcp_ack",
		[]string{"off-sequence-ack=read"}, nil, nil, "the ACK of older segments is not read"},
	{"D14", "at a zero window nothing that occupies a number is taken", "3.10.7.4, first",
		"a FIN without text is, since 6.10", "tcp_data_queue",
		[]string{"zero-window-fin=taken"}, nil, []string{"zero-window-fin=refused"}, ""},
	{"D15", "a probe has at least one octet of new data", "3.8.6.1",
		"it is empty and has an old number; FIN and text wait until they fit together, or for a probe", "tcp_write_wakeup, tcp_snd_wnd_test",
		[]string{"zero-window-probe=old"}, nil, nil, "that an answered probe does not shorten the time to the next"},
	{"D16", "an RST flushes what is unread", "3.10.7.4, second",
		"it is still read, and ECONNRESET comes after it; in CLOSE_WAIT end of file does", "tcp_reset, tcp_recvmsg",
		[]string{"reset-unread-text=kept"}, nil, nil, "that a send() in between takes the error"},
	{"D17", "an RST for text after a full close has SND.NXT", "3.5.2, 3.6.1",
		"it has the number that the text acknowledges, as where there is no connection", "tcp_rcv_state_process, tcp_v4_send_reset",
		[]string{"rst-number=seg-ack"}, nil, nil, ""},
	{"D18", "<SEQ=SND.NXT><CTL=RST>", "3.10.5",
		"the RST of an abort, of unread text, and of a socket given up acknowledges what has arrived", "tcp_send_active_reset",
		[]string{"rst-ack=own"}, nil, nil, "that its number is never beyond the peer's window"},
	{"D19", "ABORT in TIME-WAIT deletes the TCB", "3.10.5",
		"TIME_WAIT goes on: it is no longer the socket's", "tcp_time_wait, tcp_close",
		[]string{"time-wait-abort=kept"}, nil, nil, ""},
}

// Otherwise contains what else the profile sets: what the RFC leaves open, and numbers.
var Otherwise = Difference{
	ID: "", Says: "left open", Source: "3.10.7.4, first (SHLD-31), fifth (MAY-12); 3.8.3; 3.8.4",
	Does:   "segments behind a hole are held; a segment is dropped and answered whose acknowledgement is older than the largest window; R2 is a time, tcp_retries2 or TCP_USER_TIMEOUT; SO_KEEPALIVE has two times, and ends with RST, after so many probes or, with TCP_USER_TIMEOUT, after that",
	Always: []string{"out-of-order=held", "ack-check=recent"}, Times: []string{"give-up", "keepalive", "keepalive-next"},
	Sometimes: []string{"give-up-when=exactly", "keepalive-end=rst", "keepalive-limit=give-up", "time-wait-rst=ignored"},
}

// A Part is a difference in a configuration: a field and its value.
type Part struct {
	Name, Value string
	Now         bool // the configuration has that value
	// Time is the value as a time, if Timed.
	Time  time.Duration
	Timed bool
}

// String returns the part for display.
func (p Part) String() string {
	switch {
	case p.Timed:
		return p.Name + "=" + Seconds(p.Time)
	case !p.Now:
		return p.Name + "=" + p.Value + " (not now)"
	}
	return p.Name + "=" + p.Value
}

// Parts returns what of t the difference is: what it always is, then its times as t has
// them, then what it is only sometimes.
func (d Difference) Parts(t Timed) (parts []Part) {
	values := map[string]string{}
	for _, f := range model.Fields {
		values[f.Name] = f.Get(t.Config)
	}
	add := func(words []string) {
		for _, word := range words {
			name, value, _ := strings.Cut(word, "=")
			parts = append(parts, Part{Name: name, Value: value, Now: values[name] == value})
		}
	}
	add(d.Always)
	for _, name := range d.Times {
		p := Part{Name: name, Value: values[name], Now: true}
		if n, err := strconv.Atoi(p.Value); err == nil {
			p.Time, p.Timed = t.Duration(n), true
		}
		parts = append(parts, p)
	}
	add(d.Sometimes)
	return parts
}

// set gives a field its value; the words are those of this package.
func set(c *model.Config, word string) {
	name, value, _ := strings.Cut(word, "=")
	for _, f := range model.Fields {
		if f.Name == name {
			if err := f.Set(c, value); err != nil {
				panic(err)
			}
			return
		}
	}
	panic(fmt.Sprintf("%s: no such field", word))
}

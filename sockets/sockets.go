// Package sockets reads lists of TCP sockets: what ss, netstat and /proc/net/tcp write.
package sockets

import (
	"bufio"
	"io"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"tcpclose/internal/lang"
	"tcpclose/model"
)

// A Socket is a row of a list.
type Socket struct {
	State       model.ConnState
	Local, Peer netip.AddrPort // the peer of a listening socket is not valid
	RecvQ       int            // octets that the program has not read; of LISTEN, connections not accepted
	SendQ       int            // octets that the peer has not acknowledged
	Timer       Timer
	Retries     int           // how often the timer has fired since the peer was heard
	RTO         time.Duration // as it is now, backed off; 0 is not said
	Process     string        // "" is not known, or none
	Orphan      Fact          // no program holds it any more
	Queued      bool          // it is established, and no program has accepted it
}

// A Fact is what a list may not say.
type Fact uint8

// What a list says of a fact.
const (
	Unsaid Fact = iota
	No
	Yes
)

// A Timer is the one that runs for a socket.
type Timer struct {
	Kind TimerKind
	Left time.Duration
}

// A TimerKind is a kind of timer.
type TimerKind uint8

// The kinds, as Linux has them.
const (
	NotSaid TimerKind = iota
	None
	Retransmit
	Keepalive
	TimeWait // of TIME-WAIT, and of FIN-WAIT-2 of which the numbers alone are kept
	Persist  // window probes
)

// maxLine bounds a line.
const maxLine = 1 << 16

// Read reads a list. An error names the line.
func Read(r io.Reader) (list []Socket, err error) {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxLine)
	var p parser
	for n := 1; lines.Scan(); n++ {
		text := lines.Text()
		words := strings.Fields(text)
		if p.form == ss && len(words) > 0 && strings.HasPrefix(text, "\t") {
			if len(list) > 0 && p.took {
				list[len(list)-1].details(words)
			}
			continue
		}
		s, ok, err := p.line(words)
		if err != nil {
			return list, lang.Errorf("line %d: %w", n, err)
		}
		p.took = ok
		if ok {
			list = append(list, s)
		}
	}
	if err := lines.Err(); err != nil {
		return list, err
	}
	if p.form == unknown {
		return nil, lang.Errorf("no row: want what 'ss -tan', 'netstat -tan' or 'conntrack -L' writes, or /proc/net/tcp")
	}
	return list, nil
}

// form is a form of list.
type form uint8

const (
	unknown form = iota
	proc
	ss
	netstat
)

// A parser reads rows; the header, or the first row, says how.
type parser struct {
	form  form
	netid bool // ss: there is a first column for the protocol
	took  bool // the last row was a socket
}

func (p *parser) line(words []string) (s Socket, ok bool, err error) {
	if len(words) == 0 {
		return s, false, nil
	}
	switch first := words[0]; {
	case first == "sl":
		p.form = proc
		return s, false, nil
	case first == "State" || first == "Netid":
		p.form, p.netid = ss, first == "Netid"
		return s, false, nil
	case first == "Recv-Q":
		return s, false, lang.Errorf("the column State is missing: want 'ss -tan' without a state, which leaves it out")
	case first == "Proto" || first == "Active":
		p.form = netstat
		return s, false, nil
	}
	if p.form == unknown {
		p.guess(words)
	}
	switch p.form {
	case proc:
		return p.procRow(words)
	case ss:
		return p.ssRow(words)
	case netstat:
		return p.netstatRow(words)
	}
	return s, false, lang.Errorf("%.40q: want what 'ss -tan', 'netstat -tan' or 'conntrack -L' writes, or /proc/net/tcp", strings.Join(words, " "))
}

// guess finds the form of a list without a header.
func (p *parser) guess(words []string) {
	switch {
	case strings.HasSuffix(words[0], ":") && len(words) > 9 && len(words[3]) == 2:
		p.form = proc
	case stateNames[words[0]] != 0 || words[0] == "UNCONN":
		p.form = ss
	case len(words) > 5 && strings.HasPrefix(words[0], "tcp"):
		if _, isState := stateNames[words[1]]; isState {
			p.form, p.netid = ss, true
		} else {
			p.form = netstat
		}
	}
}

// stateNames has the names of states in ss and netstat.
var stateNames = map[string]model.ConnState{
	"LISTEN": model.Listen, "SYN-SENT": model.SynSent, "SYN_SENT": model.SynSent, "SYN-RECV": model.SynReceived,
	"SYN_RECV": model.SynReceived, "SYN_RCVD": model.SynReceived, "NEW-SYN-RECV": model.SynReceived,
	"ESTAB": model.Established, "ESTABLISHED": model.Established,
	"FIN-WAIT-1": model.FinWait1, "FIN_WAIT1": model.FinWait1, "FIN_WAIT_1": model.FinWait1,
	"FIN-WAIT-2": model.FinWait2, "FIN_WAIT2": model.FinWait2, "FIN_WAIT_2": model.FinWait2,
	"CLOSE-WAIT": model.CloseWait, "CLOSE_WAIT": model.CloseWait, "LAST-ACK": model.LastAck, "LAST_ACK": model.LastAck,
	"CLOSING": model.Closing, "TIME-WAIT": model.TimeWait, "TIME_WAIT": model.TimeWait,
}

// closedNames has the names of sockets without a connection.
var closedNames = map[string]bool{"UNCONN": true, "CLOSE": true, "CLOSED": true}

// ssRow reads a row of ss: State Recv-Q Send-Q Local Peer, then the rest.
func (p *parser) ssRow(words []string) (s Socket, ok bool, err error) {
	if p.netid {
		if !strings.HasPrefix(words[0], "tcp") {
			return s, false, nil
		}
		words = words[1:]
	}
	if len(words) > 0 && closedNames[words[0]] {
		return s, false, nil
	}
	if len(words) < 5 {
		return s, false, lang.Errorf("%d columns: want State, Recv-Q, Send-Q, the local address and the peer's", len(words))
	}
	if s, err = row(words[0], words[1], words[2], words[3], words[4]); err != nil {
		return s, false, err
	}
	for _, w := range words[5:] {
		switch {
		case strings.HasPrefix(w, "timer:("):
			if s.Timer, s.Retries, err = ssTimer(w); err != nil {
				return s, false, err
			}
		case strings.HasPrefix(w, "users:(("):
			name := strings.TrimPrefix(w, "users:((")
			if s.Process = strings.Trim(name, `"`); strings.HasPrefix(name, `"`) {
				s.Process, _, _ = strings.Cut(name[1:], `"`)
			}
			s.Orphan = No
		case strings.HasPrefix(w, "ino:"):
			s.holder(w == "ino:0")
		}
	}
	return s, true, nil
}

// holder notes whether a program holds the socket. One that is established and that no
// program holds has not been accepted yet.
func (s *Socket) holder(none bool) {
	switch {
	case !none:
		s.Orphan = No
	case s.State == model.Established || s.State == model.CloseWait:
		s.Orphan, s.Queued = No, true
	case s.State != model.SynReceived:
		s.Orphan = Yes
	}
}

// details notes what ss -i says in a second line.
func (s *Socket) details(words []string) {
	for _, w := range words {
		if text, ok := strings.CutPrefix(w, "rto:"); ok {
			if ms, err := strconv.ParseFloat(text, 64); err == nil && ms > 0 && ms < 1e6 {
				s.RTO = time.Duration(ms * float64(time.Millisecond))
			}
		}
	}
}

// row reads what the rows of ss and netstat have in common.
func row(state, recvQ, sendQ, local, peer string) (s Socket, err error) {
	var known bool
	if s.State, known = stateNames[state]; !known {
		return s, lang.Errorf("state %q: want one of TCP's, as ESTAB or CLOSE-WAIT", state)
	}
	if s.RecvQ, err = count("Recv-Q", recvQ); err != nil {
		return s, err
	}
	if s.SendQ, err = count("Send-Q", sendQ); err != nil {
		return s, err
	}
	if s.Local, err = address(local); err != nil {
		return s, err
	}
	if s.Peer, err = address(peer); err != nil {
		return s, err
	}
	return s, nil
}

func count(what, word string) (int, error) {
	n, err := strconv.Atoi(word)
	if err != nil || n < 0 {
		return 0, lang.Errorf("%s %q: want a number of octets", what, word)
	}
	return n, nil
}

// address reads an address with a port; without one, or with "*", it is not valid.
func address(word string) (netip.AddrPort, error) {
	i := strings.LastIndexByte(word, ':')
	if i < 0 {
		i = strings.LastIndexByte(word, '.') // BSD's netstat
	}
	if i < 0 {
		return netip.AddrPort{}, lang.Errorf("address %q: want a host and a port", word)
	}
	host, port := strings.Trim(word[:i], "[]"), word[i+1:]
	if port == "*" {
		return netip.AddrPort{}, nil
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return netip.AddrPort{}, lang.Errorf("address %q: want a port that is a number: with the option -n", word)
	}
	if host == "*" || host == "" {
		host = "::"
	}
	if name, device, ok := strings.Cut(host, "%"); ok && !strings.HasPrefix(strings.ToLower(name), "fe80") || ok && device == "" {
		host = name
	}
	a, err := netip.ParseAddr(strings.Trim(host, "[]"))
	if err != nil {
		return netip.AddrPort{}, lang.Errorf("address %q: want a host that is a number: with the option -n", word)
	}
	return netip.AddrPortFrom(a.Unmap(), uint16(n)), nil
}

// ssTimer reads timer:(keepalive,1min59sec,0).
func ssTimer(word string) (t Timer, retries int, err error) {
	parts := strings.Split(strings.Trim(strings.TrimPrefix(word, "timer:"), "()"), ",")
	kinds := map[string]TimerKind{"on": Retransmit, "keepalive": Keepalive, "timewait": TimeWait, "persist": Persist}
	if t.Kind = kinds[parts[0]]; t.Kind == NotSaid || len(parts) < 2 {
		return t, 0, nil // of another kind
	}
	if t.Left, err = ssTime(parts[1]); err == nil && len(parts) > 2 {
		if n, bad := strconv.ParseUint(parts[2], 10, 16); bad == nil {
			retries = int(n)
		}
	}
	if err != nil {
		return t, 0, lang.Errorf("%q: %w", word, err)
	}
	return t, retries, nil
}

// ssTime reads a time as ss writes it: 1min59sec, 119min, 27sec, 4.1sec, 200ms, .2ms.
func ssTime(word string) (time.Duration, error) {
	text := word
	text = strings.NewReplacer("min", "m", "sec", "s").Replace(text)
	d, err := time.ParseDuration(text)
	if err != nil || d < 0 {
		return 0, lang.Errorf("time %q: want one as 1min59sec or 200ms", word)
	}
	return d, nil
}

// netstatRow reads a row of netstat: tcp Recv-Q Send-Q Local Foreign State, then the
// process, and the timer with -o.
func (p *parser) netstatRow(words []string) (s Socket, ok bool, err error) {
	if !strings.HasPrefix(words[0], "tcp") {
		return s, false, nil
	}
	if len(words) < 6 || closedNames[words[5]] {
		return s, false, nil
	}
	if s, err = row(words[5], words[1], words[2], words[3], words[4]); err != nil {
		return s, false, err
	}
	for i, w := range words[6:] {
		kinds := map[string]TimerKind{"off": None, "on": Retransmit, "keepalive": Keepalive, "timewait": TimeWait, "probe": Persist}
		kind, isTimer := kinds[w]
		if !isTimer {
			if _, name, ok := strings.Cut(w, "/"); ok && !strings.HasPrefix(w, "(") {
				s.Process, s.Orphan = name, No
			}
			continue
		}
		if rest := words[6+i+1:]; len(rest) > 0 {
			left, more, _ := strings.Cut(strings.TrimPrefix(rest[0], "("), "/")
			seconds, err := strconv.ParseFloat(left, 64)
			if err != nil || seconds < 0 || seconds > 1e9 {
				return s, false, lang.Errorf("timer %q: want seconds, as in (55.19/0/0)", rest[0])
			}
			s.Timer = Timer{kind, time.Duration(seconds * float64(time.Second))}
			retries, _, _ := strings.Cut(more, "/")
			if n, err := strconv.ParseUint(retries, 10, 16); err == nil {
				s.Retries = int(n)
			}
		}
	}
	return s, true, nil
}

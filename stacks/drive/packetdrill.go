package drive

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"tcpclose/stacks/adapter"
	"tcpclose/stacks/wire"
)

// Packetdrill writes what was done and seen as a script of packetdrill. What is
// expected is a comment where the run ends in a deviation: "" is none.
func Packetdrill(w io.Writer, events adapter.Schedule, results []adapter.Result, title, expected string) error {
	var b strings.Builder
	d := drill{out: &b, fd: -1}
	for line := range strings.SplitSeq(title, "\n") {
		fmt.Fprintf(&b, "// %s\n", line)
	}
	b.WriteString("--tolerance_usecs=100000\n\n")
	for i, r := range results {
		if i == len(results)-1 && expected != "" {
			fmt.Fprintf(&b, "// Expected after the next event: %s\n", expected)
		}
		d.event(events[i], r)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// A drill is a script while it is written.
type drill struct {
	out     *strings.Builder
	now     time.Duration
	fd      int // of the connection; -1 is none
	passive bool
}

// line writes a line at a time, which counts from the line before.
func (d *drill) line(at time.Duration, format string, args ...any) {
	wait := max(0, at-d.now)
	d.now = max(d.now, at)
	stamp := "+0"
	if wait > 0 {
		stamp = "+" + strconv.FormatFloat(float64(wait.Microseconds())/1e6, 'f', -1, 64)
	}
	fmt.Fprintf(d.out, "%s %s\n", stamp, fmt.Sprintf(format, args...))
}

func (d *drill) event(e adapter.Event, r adapter.Result) {
	start := r.Now - e.Wait
	switch e.Kind {
	case adapter.Opens:
		d.line(start, "socket(..., SOCK_STREAM, IPPROTO_TCP) = 3")
		d.line(start, "setsockopt(3, SOL_SOCKET, SO_REUSEADDR, [1], 4) = 0")
		if e.Active {
			d.line(start, "fcntl(3, F_SETFL, O_RDWR|O_NONBLOCK) = 0")
			d.line(start, "connect(3, ..., ...) = -1 EINPROGRESS (Operation now in progress)")
			d.fd = 3
		} else {
			d.line(start, "bind(3, ..., ...) = 0")
			d.line(start, "listen(3, 8) = 0")
			d.passive, d.fd = true, -1
		}
	case adapter.Arrives:
		d.line(start, "< %s", figure(e.Segment))
	case adapter.Calls:
		d.call(e, r)
	}
	for _, out := range r.Emitted {
		d.line(out.At, "> %s", figure(out.Segment))
	}
	if e.Kind == adapter.Arrives && d.passive && d.fd < 0 && e.Segment.Ctl == wire.ACK && e.Segment.Seq == 1 && e.Segment.Ack == 1 {
		d.line(r.Now, "accept(3, ..., ...) = 4")
		d.fd = 4
	}
	if e.Kind == adapter.Advances && len(r.Emitted) == 0 {
		d.line(r.Now, "`true`") // nothing is sent until then
	}
}

func (d *drill) call(e adapter.Event, r adapter.Result) {
	if d.fd < 0 {
		fmt.Fprintf(d.out, "// %s: there is no connection to call it on\n", e)
		return
	}
	told := adapter.Answer{Told: adapter.Done}
	if r.Answer != nil {
		told = *r.Answer
	}
	value := map[adapter.Told]string{
		adapter.Done: "0", adapter.Waits: "-1 EAGAIN (Resource temporarily unavailable)", adapter.EOF: "0",
		adapter.Reset: "-1 ECONNRESET (Connection reset by peer)", adapter.Refused: "-1 ECONNREFUSED (Connection refused)",
		adapter.TimedOut: "-1 ETIMEDOUT (Connection timed out)", adapter.Closing: "-1 EPIPE (Broken pipe)", adapter.None: "-1 ENOTCONN (Transport endpoint is not connected)",
	}[told.Told]
	if value == "" {
		value = "-1"
	}
	if told.Told == adapter.Done && e.Call.Counts() {
		value = fmt.Sprint(told.Octets)
	}
	at := r.Now
	switch e.Call {
	case adapter.Send:
		d.line(at, "write(%d, ..., %d) = %s", d.fd, e.Octets, value)
	case adapter.Receive:
		d.line(at, "read(%d, ..., %d) = %s", d.fd, e.Octets, value)
	case adapter.Shutdown:
		d.line(at, "shutdown(%d, SHUT_WR) = %s", d.fd, value)
	case adapter.Release:
		d.line(at, "close(%d) = 0", d.fd)
	case adapter.Abort:
		d.line(at, "setsockopt(%d, SOL_SOCKET, SO_LINGER, {onoff=1, linger=0}, 8) = 0", d.fd)
		d.line(at, "close(%d) = 0", d.fd)
	}
}

// figure returns a segment as packetdrill writes it.
func figure(g wire.Segment) string {
	end := g.Seq + int32(g.Len)
	b := fmt.Appendf(nil, "%s %d:%d(%d)", g.Ctl&^wire.PSH, g.Seq, end, g.Len)
	if g.Ctl.Has(wire.ACK) {
		b = fmt.Appendf(b, " ack %d", g.Ack)
	}
	b = fmt.Appendf(b, " win %d", g.Wnd)
	if g.Opts.MSS > 0 {
		b = fmt.Appendf(b, " <mss %d>", g.Opts.MSS)
	} else if g.Ctl.Has(wire.SYN) {
		b = append(b, " <...>"...)
	}
	return string(b)
}

package trace

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"time"

	"tcpclose/internal/lang"
	"tcpclose/model"
)

// Packetdrill writes what one end does as a script of packetdrill: what its user calls
// and is told, what arrives, and what it must send and when. Where the run begins in
// ESTABLISHED the script opens the connection first. A script has one end and one
// connection: where it can show no more it says why, and ends.
func (s *Story) Packetdrill(w io.Writer, at model.Side) error {
	d := &drill{Story: s, at: at, tick: cmp.Or(s.About.Tick, captureTick), fd: -1}
	d.write()
	_, err := io.WriteString(w, d.out.String())
	return err
}

// A drill is a script while it is written.
type drill struct {
	*Story
	at      model.Side
	tick    time.Duration
	out     strings.Builder
	now     time.Duration // of the last statement
	fd      int           // of the connection; -1 if there is none
	opened  bool
	listens bool
	ended   bool // nothing more can be shown
}

// drillTolerance is how early or late a timer may be.
const drillTolerance = 100 * time.Millisecond

// drillWidth is the width of a comment that stands by itself.
const drillWidth = 76

func (d *drill) write() {
	if d.About.Property != "" {
		d.comment(strings.TrimSuffix(d.About.Property+": "+d.About.Language.Say(d.About.Sentence), ": "))
	}
	d.comment(d.say("The run as end %s sees it: what its user does, what arrives, what it sends and when. The other end, and what is lost on the way here, are not in it.", d.at))
	if d.About.Tick == 0 {
		d.comment(d.say("No time is known for a tick; here it is %s s.", Decimal(d.tick)))
	}
	fmt.Fprintf(&d.out, "--tolerance_usecs=%d\n\n", min(drillTolerance, d.tick/2).Microseconds())
	d.begin()
	for i := 0; i < len(d.Events) && !d.ended; i++ {
		if d.Repeats() && i == d.Loop {
			d.comment(d.say("-- again and again from here on --"))
		}
		d.event(i)
	}
}

// comment writes text that is no statement.
func (d *drill) comment(text string) {
	for _, line := range lang.Fold(text, drillWidth) {
		d.out.WriteString("// " + line + "\n")
	}
}

// line writes a statement at a time, with a comment behind it; "" is none.
func (d *drill) line(at time.Duration, note, format string, args ...any) {
	stamp := "+" + Decimal(at-d.now)
	d.now = at
	text := fmt.Sprintf(stamp+" "+format, args...)
	if note != "" {
		text = fmt.Sprintf("%-44s // %s", text, note)
	}
	d.out.WriteString(text + "\n")
}

// end ends the script, since what comes next cannot be part of it.
func (d *drill) end(event int, why string) {
	d.ended = true
	d.comment(d.say("The script ends here, before event %d: %s.", event+1, why))
}

// begin opens the connection where the run begins with one: a calls, b is called.
func (d *drill) begin() {
	t := &d.States[0].Ends[d.at]
	if t.State != model.Established {
		return
	}
	d.open(0, d.at == model.A)
	window := drillWindow(t.SndWnd)
	if d.at == model.A {
		d.line(0, "", "> S 0:0(0) <...>")
		d.line(0, "", "< S. 0:0(0) ack 1 win %d <mss 1460>", window)
		d.line(0, "", "> . 1:1(0) ack 1")
		return
	}
	d.line(0, "", "< S 0:0(0) win %d <mss 1460>", window)
	d.line(0, "", "> S. 0:0(0) ack 1 <...>")
	d.line(0, "", "< . 1:1(0) ack 1 win %d", window)
	d.accept(0)
}

func (d *drill) open(at time.Duration, active bool) {
	d.opened = true
	d.line(at, "", "socket(..., SOCK_STREAM, IPPROTO_TCP) = 3")
	d.line(at, "", "setsockopt(3, SOL_SOCKET, SO_REUSEADDR, [1], 4) = 0")
	if active {
		d.line(at, "", "fcntl(3, F_SETFL, O_RDWR|O_NONBLOCK) = 0")
		d.line(at, "", "connect(3, ..., ...) = -1 EINPROGRESS (Operation now in progress)")
		d.fd = 3
		return
	}
	d.line(at, "", "bind(3, ..., ...) = 0")
	d.line(at, "", "listen(3, 1) = 0")
	d.listens = true
}

func (d *drill) accept(at time.Duration) {
	d.line(at, "", "accept(3, ..., ...) = 4")
	d.fd = 4
}

// event writes what an event is to the end.
func (d *drill) event(i int) {
	a, o := &d.Events[i].Action, &d.Events[i].Outcome
	if !o.Moved || o.Mover != d.at {
		return
	}
	at := time.Duration(d.Times[i+1]) * d.tick
	note := d.note(i)
	sent := d.sent[i]
	switch arrived := d.arrived[i]; {
	case a.Kind == model.Calls:
		if !d.call(i, at, a.Call, note) {
			return
		}
		note = ""
	case arrived.flight >= 0 && d.Flights[arrived.flight].From != d.at:
		if arrived.copied {
			note = both(d.say("a copy"), note)
		}
		d.line(at, note, "< %s", d.figure(&d.Flights[arrived.flight], true))
		note = ""
	case a.Kind == model.Timeouts:
		note = both(a.Timeout.String(), note)
		if sent < 0 {
			d.line(at, note, "`true`") // nothing is sent until then
		}
	}
	if sent >= 0 {
		f := &d.Flights[sent]
		if len(f.Arrives) == 0 && f.Lost >= 0 {
			note = both(note, d.say("lost"))
		}
		d.line(at, note, "> %s", d.figure(f, false))
	}
	d.told(i, at)
}

// both returns two notes as one; either may be empty.
func both(first, second string) string {
	if first == "" || second == "" {
		return first + second
	}
	return first + "; " + second
}

// note returns the change of the end's state, and what its user is told.
func (d *drill) note(i int) string {
	text := ""
	if was, is := d.States[i].Ends[d.at].State, d.States[i+1].Ends[d.at].State; was != is {
		text = is.String()
	}
	if is := d.Events[i].Outcome.Effect.Told; is != 0 {
		text = both(text, d.say("told: %s", told(d.About.Language, is)))
	}
	return text
}

// told writes how the user learns of what an event has for it: it accepts a connection,
// reads text, and then the end of it.
func (d *drill) told(i int, at time.Duration) {
	e := &d.Events[i].Outcome.Effect
	if e.Told&model.ToldOpen != 0 && d.listens && d.fd < 0 {
		d.accept(at)
	}
	if d.fd < 0 {
		return
	}
	if e.Delivered > 0 && d.Config.Apps[d.at].Reads == model.ReadAtOnce {
		d.line(at, "", "read(%d, ..., %d) = %d", d.fd, e.Delivered, e.Delivered)
	}
	if e.Told&model.ToldEOF != 0 && d.States[i+1].Ends[d.at].Unread == 0 {
		d.line(at, "", "read(%d, ..., 1) = 0", d.fd)
	}
}

// call writes a call; it reports whether the script goes on.
func (d *drill) call(i int, at time.Duration, c model.Call, note string) bool {
	opens := c == model.Open || c == model.OpenPassive
	switch {
	case opens && d.opened:
		d.end(i, d.say("a script has one connection"))
		return false
	case opens:
		d.open(at, c == model.Open)
		return true
	case c == model.Crash:
		d.end(i, d.say("a script cannot have the host crash"))
		return false
	case d.fd < 0:
		d.end(i, d.say("no socket has the connection then: it is not accepted, or closed"))
		return false
	}
	switch c {
	case model.Send:
		d.line(at, note, "write(%d, ..., 1) = 1", d.fd)
	case model.SendHeld:
		d.line(at, note, "send(%d, ..., 1, MSG_MORE) = 1", d.fd)
	case model.Receive:
		d.line(at, note, "read(%d, ..., 1) = 1", d.fd)
	case model.Close:
		d.line(at, note, "shutdown(%d, SHUT_WR) = 0", d.fd)
	case model.Abort:
		d.line(at, "", "setsockopt(%d, SOL_SOCKET, SO_LINGER, {onoff=1, linger=0}, 8) = 0", d.fd)
		d.close(at, note)
	case model.Die:
		d.close(at, both(d.say(c.String()), note))
	default:
		d.close(at, note)
	}
	return true
}

func (d *drill) close(at time.Duration, note string) {
	d.line(at, note, "close(%d) = 0", d.fd)
	d.fd = -1
}

// figure returns a segment as packetdrill writes it, with numbers from the initial ones.
// The window and the options of one that the end sends are its own.
func (d *drill) figure(f *Flight, arrives bool) string {
	g := f.Segment
	letters := ""
	for _, each := range []struct {
		is     bool
		letter string
	}{
		{g.Ctl.Has(model.FIN), "F"}, {g.Ctl.Has(model.SYN), "S"}, {g.Ctl.Has(model.RST), "R"}, {g.Len > 0, "P"}, {g.Ctl.Has(model.ACK), "."},
	} {
		if each.is {
			letters += each.letter
		}
	}
	text := fmt.Sprintf("%s %d:%d(%d)", letters, d.number(g.Seq), d.number(g.Seq+model.Seq(g.Len)), g.Len)
	if g.Ctl.Has(model.ACK) {
		text += fmt.Sprintf(" ack %d", d.number(g.Ack))
	}
	syn := g.Ctl.Has(model.SYN)
	switch {
	case arrives && g.Ctl.Has(model.RST):
		text += " win 0"
	case arrives:
		text += fmt.Sprintf(" win %d", drillWindow(g.Wnd))
	case syn:
		text += " <...>"
	}
	if arrives && syn {
		text += " <mss 1460>"
	}
	return text
}

// number returns a sequence number as it counts from the initial one. A run that begins
// in ESTABLISHED has no SYN, so its numbers begin with the first octet; that of a probe
// can come before.
func (d *drill) number(n model.Seq) uint32 {
	first := 0
	if d.Config.Start == model.StartEstablished {
		first = 1
	}
	return uint32(int32(n) + int32(first))
}

// drillWindow returns a window in octets.
func drillWindow(w model.Window) int {
	if w == model.Wide {
		return wideWindow
	}
	return int(w.Size())
}

//go:build linux

package kernel

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"tcpclose/stacks/adapter"
)

// A Fact is something that the kernel does, and how to see it.
type Fact struct {
	Name  string
	Claim string
	setup adapter.Setup
	show  func(*play)
}

// A Shown is a fact that was tried.
type Shown struct {
	Fact
	Wrong   []string // what was not as claimed
	Events  adapter.Schedule
	Results []adapter.Result
}

// ShowFacts writes the facts of these names, or all, as the running kernel shows them.
// It returns the number of those that are not as claimed.
func ShowFacts(w io.Writer, names []string) (wrong int, err error) {
	var facts []Fact
	for _, f := range Facts {
		if len(names) == 0 || slices.Contains(names, f.Name) {
			facts = append(facts, f)
		}
	}
	if _, err := fmt.Fprintf(w, "Linux %s: %d facts\n\n", Release(), len(facts)); err != nil {
		return 0, err
	}
	for _, f := range facts {
		shown, err := f.Show()
		if err == nil {
			err = shown.Write(w)
		}
		if err != nil {
			return wrong, fmt.Errorf("%s: %w", f.Name, err)
		}
		wrong += min(1, len(shown.Wrong))
	}
	_, err = fmt.Fprintf(w, "%d as claimed, %d not\n", len(facts)-wrong, wrong)
	return wrong, err
}

// FactSettle is [Stack.Settle] of the stack on which facts are shown.
var FactSettle = settle

// Show tries f on the running kernel.
func (f Fact) Show() (Shown, error) {
	stack := New()
	stack.Settle = FactSettle
	s, err := adapter.NewSession(stack, f.setup)
	if err != nil {
		return Shown{}, err
	}
	p := &play{Session: s, stack: stack}
	f.show(p)
	return Shown{f, p.wrong, s.Events, s.Results}, stack.Close()
}

// Write writes what was shown, with its ladder. Times are rounded to 0.1 s.
func (s Shown) Write(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n", s.Name, s.Claim)
	for _, wrong := range s.Wrong {
		fmt.Fprintf(&b, "  NOT SO: %s\n", wrong)
	}
	b.WriteByte('\n')
	style := adapter.Style{Stack: "Linux", Unit: 100 * time.Millisecond, Low: 1000}
	if err := adapter.Ladder(&b, s.Events, s.Results, style); err != nil {
		return err
	}
	_, err := fmt.Fprintln(w, b.String())
	return err
}

// smallBuffer makes a window that is soon full.
const smallBuffer = 4096

// Facts lists the observations on which the profile linux rests.
var Facts = []Fact{
	{"zero-window-fin", "a bare FIN at a zero window is taken: CLOSE-WAIT, and it is acknowledged",
		adapter.Setup{Buffer: smallBuffer}, func(p *play) {
			p.open(1000)
			n := p.fill()
			p.in(fmt.Sprintf("F. %d 1 1000 0", n))
			p.state("CLOSE-WAIT")
			p.acked(figure(1, n+1, 0, "ACK"))
		}},
	{"zero-window-text", "text at a zero window is not taken, nor is a FIN behind it: it is acknowledged and dropped",
		adapter.Setup{Buffer: smallBuffer}, func(p *play) {
			p.open(1000)
			n := p.fill()
			p.in(fmt.Sprintf(". %d 1 1000 1", n))
			p.sent(figure(1, n, 0, "ACK"))
			p.state("ESTABLISHED")
			p.wait(600 * time.Millisecond)
			p.in(fmt.Sprintf("F. %d 1 1000 1", n))
			p.sent(figure(1, n, 0, "ACK"))
			p.state("ESTABLISHED")
		}},
	{"probe-fin", "a FIN waits while the window is zero; probes have SEQ=SND.UNA-1 and no FIN",
		adapter.Setup{}, func(p *play) {
			p.open(0)
			p.call(adapter.Shutdown, 0)
			p.sent()
			p.state("FIN-WAIT-1")
			p.await(3)
			p.sent(figure(0, 1, 0, "ACK"), figure(0, 1, 0, "ACK"), figure(0, 1, 0, "ACK"))
			p.in(". 1 1 0 0")
			p.sent()
			p.in(". 1 1 1 0")
			p.sent(figure(1, 1, 0, "FIN,ACK"))
			p.state("FIN-WAIT-1")
			p.in(". 1 2 1 0")
			p.state("FIN-WAIT-2")
		}},
	{"probe-text", "the same with text before the FIN: neither is in a probe; FIN and text go in one segment, which has to fit",
		adapter.Setup{}, func(p *play) {
			p.open(0)
			p.call(adapter.Send, 3)
			p.sent()
			p.call(adapter.Release, 0)
			p.sent()
			p.state("FIN-WAIT-1")
			p.await(1)
			p.sent(figure(0, 1, 0, "ACK"))
			p.in(". 1 1 4 0")
			p.sent(figure(1, 1, 3, "FIN,ACK"))
		}},
	{"probe-narrow", "in a window that has room for the text alone nothing goes before the next probe, which is the text; the FIN still waits",
		adapter.Setup{}, func(p *play) {
			p.open(0)
			p.call(adapter.Send, 3)
			p.call(adapter.Release, 0)
			p.in(". 1 1 3 0")
			p.sent()
			p.await(1)
			p.sent(figure(1, 1, 3, "ACK"))
			p.in(". 1 4 0 0")
			p.sent()
			p.await(1)
			p.sent(figure(3, 1, 0, "ACK"))
			p.state("FIN-WAIT-1")
		}},
	{"probe-sent-fin", "a FIN that was sent before the window was shut is retransmitted into it",
		adapter.Setup{}, func(p *play) {
			p.open(1000)
			p.call(adapter.Shutdown, 0)
			p.sent(figure(1, 1, 0, "FIN,ACK"))
			p.in(". 1 1 0 0")
			p.sent()
			p.await(1)
			p.sent(figure(1, 1, 0, "FIN,ACK"))
		}},
	{"reset-then-read", "after RST text that has arrived is still read; then comes ECONNRESET, once, then the end of file",
		adapter.Setup{}, func(p *play) {
			p.open(1000)
			p.in(". 1 1 1000 3")
			p.in("R 4 0 0 0")
			p.sent()
			p.state("CLOSED")
			p.call(adapter.Receive, 2)
			p.told("2 octets")
			p.call(adapter.Receive, 10)
			p.told("1 octet")
			p.call(adapter.Receive, 10)
			p.told("reset (ECONNRESET)")
			p.call(adapter.Receive, 10)
			p.told("eof")
		}},
	{"reset-then-send", "a SEND that comes first takes the ECONNRESET; the text is still read, and after it comes the end of file",
		adapter.Setup{}, func(p *play) {
			p.open(1000)
			p.in(". 1 1 1000 3")
			p.in("R 4 0 0 0")
			p.call(adapter.Send, 1)
			p.told("reset (ECONNRESET)")
			p.call(adapter.Send, 1)
			p.told("closing (EPIPE)")
			p.call(adapter.Receive, 10)
			p.told("3 octets")
			p.call(adapter.Receive, 10)
			p.told("eof")
		}},
	{"reset-after-fin", "in CLOSE-WAIT text is read after RST, and then the end of file: the error, EPIPE, is seen by SEND alone",
		adapter.Setup{}, func(p *play) {
			p.open(1000)
			p.in("F. 1 1 1000 3")
			p.in("R 5 0 0 0")
			p.state("CLOSED")
			p.call(adapter.Receive, 10)
			p.told("3 octets")
			p.call(adapter.Receive, 10)
			p.told("eof")
			p.call(adapter.Send, 1)
			p.told("closing (EPIPE)")
		}},
	{"late-text-crossing", "text after a full close, sent before the FIN came: RST without ACK, SEQ=SEG.ACK: the FIN's own number",
		adapter.Setup{}, func(p *play) {
			p.open(1000)
			p.call(adapter.Release, 0)
			p.sent(figure(1, 1, 0, "FIN,ACK"))
			p.in(". 1 1 1000 3")
			p.sent("<SEQ=1><CTL=RST>")
			p.state("CLOSED")
		}},
	{"late-text-with-ack", "text that acknowledges the FIN: RST without ACK, SEQ=SEG.ACK: the number after the FIN",
		adapter.Setup{}, func(p *play) {
			p.open(1000)
			p.call(adapter.Release, 0)
			p.in(". 1 2 1000 3")
			p.sent("<SEQ=2><CTL=RST>")
			p.state("CLOSED")
		}},
	{"late-text-fin-wait-2", "the same in FIN-WAIT-2",
		adapter.Setup{}, func(p *play) {
			p.open(1000)
			p.call(adapter.Release, 0)
			p.in(". 1 2 1000 0")
			p.state("FIN-WAIT-2/mini")
			p.in(". 1 2 1000 3")
			p.sent("<SEQ=2><CTL=RST>")
			p.state("CLOSED")
		}},
	{"late-text-old-ack", "in FIN-WAIT-2, text with an older acknowledgement: SEQ=SEG.ACK still",
		adapter.Setup{}, func(p *play) {
			p.open(1000)
			p.call(adapter.Release, 0)
			p.in(". 1 2 1000 0")
			p.in(". 1 1 1000 3")
			p.sent("<SEQ=1><CTL=RST>")
			p.state("CLOSED")
		}},
	{"late-fin-with-text", "a FIN with text after a full close: RST, too; SEQ=SEG.ACK",
		adapter.Setup{}, func(p *play) {
			p.open(1000)
			p.call(adapter.Release, 0)
			p.in("F. 1 1 1000 3")
			p.sent("<SEQ=1><CTL=RST>")
			p.state("CLOSED")
		}},
	{"late-fin", "a bare FIN after a full close is taken",
		adapter.Setup{}, func(p *play) {
			p.open(1000)
			p.call(adapter.Release, 0)
			p.in("F. 1 1 1000 0")
			p.sent(figure(2, 2, 0, "ACK"))
			p.state("CLOSING")
			p.in(". 2 2 1000 0")
			p.sent()
			p.state("TIME-WAIT")
		}},
	{"unread-text", "a full close with unread text: RST with ACK, SEQ=SND.NXT, ACK=RCV.NXT",
		adapter.Setup{}, func(p *play) {
			p.open(1000)
			p.in(". 1 1 1000 3")
			p.call(adapter.Release, 0)
			p.sent(figure(1, 4, 0, "RST,ACK"))
			p.state("CLOSED")
		}},
	{"unread-text-close-wait", "the same in CLOSE-WAIT; the ACK covers the FIN",
		adapter.Setup{}, func(p *play) {
			p.open(1000)
			p.in("F. 1 1 1000 3")
			p.state("CLOSE-WAIT")
			p.call(adapter.Release, 0)
			p.sent(figure(1, 5, 0, "RST,ACK"))
			p.state("CLOSED")
		}},
	{"unread-text-fin-wait-2", "the same after a half-close: SEQ is the number after the FIN",
		adapter.Setup{}, func(p *play) {
			p.open(1000)
			p.call(adapter.Shutdown, 0)
			p.in(". 1 2 1000 3")
			p.state("FIN-WAIT-2")
			p.call(adapter.Release, 0)
			p.sent(figure(2, 4, 0, "RST,ACK"))
			p.state("CLOSED")
		}},
	abort("abort-established", "ABORT in ESTABLISHED: RST with ACK, SEQ=SND.NXT, ACK=RCV.NXT", figure(1, 1, 0, "RST,ACK")),
	abort("abort-outstanding", "with text outstanding: SEQ=SND.NXT, not SND.UNA", figure(4, 1, 0, "RST,ACK"), "send"),
	abort("abort-close-wait", "ABORT in CLOSE-WAIT: RST with ACK", figure(1, 2, 0, "RST,ACK"), "F. 1 1 1000 0"),
	abort("abort-fin-wait-1", "ABORT in FIN-WAIT-1: RST with ACK, SEQ is the number after the FIN", figure(2, 1, 0, "RST,ACK"), "shutdown"),
	abort("abort-fin-wait-2", "ABORT in FIN-WAIT-2: RST with ACK", figure(2, 1, 0, "RST,ACK"), "shutdown", ". 1 2 1000 0"),
	abort("abort-closing", "ABORT in CLOSING: nothing is sent", "", "shutdown", "F. 1 1 1000 0"),
	abort("abort-last-ack", "ABORT in LAST-ACK: nothing is sent", "", "F. 1 1 1000 0", "shutdown"),
	abort("abort-last-ack-waiting", "ABORT in LAST-ACK with the FIN not sent yet, the window being zero: RST with ACK after all",
		figure(1, 2, 0, "RST,ACK"), ". 1 1 0 0", "F. 1 1 0 0", "shutdown"),
	abort("abort-closing-waiting", "the same in CLOSING", figure(1, 2, 0, "RST,ACK"), ". 1 1 0 0", "shutdown", "F. 1 1 0 0"),
	abort("abort-time-wait", "ABORT in TIME-WAIT: nothing is sent, and TIME-WAIT goes on", "",
		"shutdown", "F. 1 2 1000 0"),
	abort("abort-shut-window", "ABORT when the window was shut behind what was sent: SEQ=SND.UNA+SND.WND, the window's edge, not SND.NXT",
		figure(2, 1, 0, "RST,ACK"), "send", ". 1 2 0 0"),
	{"linger2", "a full close in FIN-WAIT-2 with TCP_LINGER2 below 0: RST with ACK",
		adapter.Setup{}, func(p *play) {
			p.open(1000)
			if err := p.stack.SetOption(unix.IPPROTO_TCP, unix.TCP_LINGER2, -1); err != nil {
				p.fail("TCP_LINGER2: %v", err)
			}
			p.call(adapter.Shutdown, 0)
			p.in(". 1 2 1000 0")
			p.state("FIN-WAIT-2")
			p.call(adapter.Release, 0)
			p.sent(figure(2, 1, 0, "RST,ACK"))
			p.state("CLOSED")
		}},
	{"keepalive-end", "a keep-alive probe has SEQ=SND.UNA-1; when none is answered: RST with ACK",
		adapter.Setup{}, func(p *play) {
			p.open(1000)
			for _, o := range [][3]int{
				{unix.IPPROTO_TCP, unix.TCP_KEEPIDLE, 1}, {unix.IPPROTO_TCP, unix.TCP_KEEPINTVL, 1},
				{unix.IPPROTO_TCP, unix.TCP_KEEPCNT, 1}, {unix.SOL_SOCKET, unix.SO_KEEPALIVE, 1},
			} {
				if err := p.stack.SetOption(o[0], o[1], o[2]); err != nil {
					p.fail("option %d: %v", o[1], err)
				}
			}
			p.await(2)
			p.sent(figure(0, 1, 0, "ACK"), figure(1, 1, 0, "RST,ACK"))
			p.state("CLOSED")
			p.call(adapter.Receive, 1)
			p.told("timed-out (ETIMEDOUT)")
		}},
	{"no-connection", "no connection: RST without ACK and SEQ=SEG.ACK for what has an ACK, RST with ACK and SEQ=0 for what has none",
		adapter.Setup{}, func(p *play) {
			p.open(1000)
			p.in("R 1 0 0 0")
			p.state("CLOSED")
			p.in("F. 1 1 1000 0")
			p.sent("<SEQ=1><CTL=RST>")
			p.in("F 1 0 1000 3")
			p.sent("<SEQ=0 raw><ACK=5><CTL=RST,ACK>")
		}},
}

// abort makes the fact that ABORT sends one figure, or nothing, after some events: a
// call, or a segment of the peer.
func abort(name, claim, figure string, events ...string) Fact {
	return Fact{name, claim, adapter.Setup{}, func(p *play) {
		p.open(1000)
		for _, e := range events {
			switch e {
			case "shutdown":
				p.call(adapter.Shutdown, 0)
			case "send":
				p.call(adapter.Send, 3)
			default:
				p.in(e)
				if strings.HasPrefix(e, "F") && len(p.last.Emitted) == 0 {
					p.await(1) // its ACK was delayed
				}
			}
		}
		p.call(adapter.Abort, 0)
		if figure == "" {
			p.sent()
		} else {
			p.sent(figure)
		}
	}}
}

//go:build linux

package kernel

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"tcpclose/stacks/adapter"
	"tcpclose/stacks/wire"
)

// A play is a fact while it is shown: what was done, and what was not as claimed.
type play struct {
	*adapter.Session
	stack *Stack
	last  adapter.Result // with what time has brought since, if it was waited
	wrong []string
}

func (p *play) fail(format string, args ...any) {
	what := "at the start"
	if n := len(p.Events); n > 0 {
		what = fmt.Sprintf("event %d, %s", n, p.Events[n-1])
	}
	p.wrong = append(p.wrong, what+": "+fmt.Sprintf(format, args...))
}

func (p *play) do(e adapter.Event) adapter.Result {
	p.last = p.Do(e)
	if p.last.Err != "" {
		p.fail("%s", p.last.Err)
	}
	return p.last
}

// in lets a segment of the peer arrive.
func (p *play) in(text string) {
	g, err := wire.ParseSegment(text)
	if err != nil {
		p.fail("%v", err)
		return
	}
	p.do(adapter.In(g))
}

func (p *play) call(c adapter.Call, octets int) { p.do(adapter.Make(c, octets)) }

func (p *play) wait(d time.Duration) { p.do(adapter.Wait(d)) }

// patience bounds the wait for what a timer sends.
const patience = 5 * time.Second

// await waits until so many segments have come since the last event, which it
// makes one event.
func (p *play) await(segments int) {
	from := len(p.Events)
	var e adapter.Event
	var r adapter.Result
	for e.Wait < patience && len(r.Emitted) < segments && len(p.wrong) == 0 {
		d := 5 * time.Millisecond
		got := p.do(adapter.Wait(d))
		got.Emitted = append(r.Emitted, got.Emitted...)
		e, r = adapter.Wait(e.Wait+d), got
	}
	p.Events = append(p.Events[:from], e)
	p.Results = append(p.Results[:from], r)
	p.last = r
}

// acked checks that the kernel acknowledges, at once or after a while, by one
// segment.
func (p *play) acked(figure string) {
	if len(p.last.Emitted) == 0 {
		p.await(1)
	}
	p.sent(figure)
}

// open brings the kernel to ESTABLISHED by a passive OPEN. The peer's last
// segment of the handshake announces a window.
func (p *play) open(window int) {
	p.do(adapter.Event{Kind: adapter.Opens})
	p.in("S 0 0 1000 0 mss=1460")
	p.sent("<SEQ=0><ACK=1><CTL=SYN,ACK>")
	p.in(fmt.Sprintf(". 1 1 %d 0", window))
	p.sent()
	p.state("ESTABLISHED")
}

// sent checks what the kernel has sent with the last event. Windows and PSH are
// left out.
func (p *play) sent(figures ...string) {
	var seen []string
	for _, e := range p.last.Emitted {
		seen = append(seen, e.Segment.Figure(0))
		if e.Wrong != "" {
			p.fail("%s", e.Wrong)
		}
	}
	if !slices.Equal(seen, figures) {
		p.fail("sent %s: want %s", list(seen), list(figures))
	}
}

func list(figures []string) string {
	if len(figures) == 0 {
		return "nothing"
	}
	return strings.Join(figures, " ")
}

// state checks the state after the last event.
func (p *play) state(name string) {
	if p.last.State != name {
		p.fail("state %s: want %s", p.last.State, name)
	}
}

// told checks what the last call has told the user, as Answer has it in words.
func (p *play) told(words string) {
	if p.last.Answer == nil || p.last.Answer.String() != words {
		p.fail("told %v: want %s", p.last.Answer, words)
	}
}

// fill sends text until the kernel announces a zero window. It returns the number
// after the text.
func (p *play) fill() int {
	next, edge := 1, 1
	for _, r := range p.Results {
		for _, e := range r.Emitted {
			edge = int(e.Segment.Ack) + int(e.Segment.Wnd)
		}
	}
	for range 100 {
		n := min(edge-next, 1460)
		p.in(fmt.Sprintf(". %d 1 1000 %d", next, n))
		next += n
		if len(p.last.Emitted) == 0 {
			p.await(1) // the ACK was delayed
		}
		if len(p.last.Emitted) == 0 {
			p.fail("no ACK")
			return next
		}
		e := p.last.Emitted[len(p.last.Emitted)-1].Segment
		if edge = int(e.Ack) + int(e.Wnd); int(e.Ack) == next && e.Wnd == 0 {
			return next
		}
	}
	p.fail("the window is still open")
	return next
}

// figure writes a segment of the kernel's in the notation of RFC 9293.
func figure(seq, ack, data int, ctl string) string {
	text := ""
	if data > 0 {
		text = fmt.Sprintf("<DATA=%d>", data)
	}
	return fmt.Sprintf("<SEQ=%d><ACK=%d>%s<CTL=%s>", seq, ack, text, ctl)
}

package peer

import (
	"fmt"

	"tcpclose/stacks/adapter"
	"tcpclose/stacks/wire"
)

// An Anchor is a number of the connection, from which those of a segment count.
type Anchor uint8

const (
	Zero  Anchor = iota // the initial number
	Next                // of SEQ: RCV.NXT. Of ACK: SND.NXT
	Edge                // of SEQ: RCV.NXT+RCV.WND as told. Of ACK: SND.UNA
	Floor               // of ACK: SND.UNA less the largest window that the peer has told of

	numAnchors
)

// A Number is an anchor and what is added to it.
type Number struct {
	Anchor Anchor
	Plus   int32
}

// A Segment is one of the peer, with numbers that count from where the connection
// stands.
type Segment struct {
	Ctl    wire.Ctl
	Seq    Number
	Ack    Number // of no meaning without ACK
	Len    int
	Window Window
}

// A Window is what the peer tells of its window.
type Window uint8

const (
	Wide Window = iota // room for all
	Shut               // none

	numWindows
)

func (n Number) text(names [4]string) string {
	name := names[n.Anchor%4]
	switch {
	case n.Anchor == Zero:
		return fmt.Sprint(n.Plus)
	case n.Plus == 0:
		return name
	}
	return fmt.Sprintf("%s%+d", name, n.Plus)
}

var (
	seqNames = [4]string{"", "RCV.NXT", "edge", "floor"}
	ackNames = [4]string{"", "SND.NXT", "SND.UNA", "floor"}
)

// String returns the segment in words, for display.
func (g Segment) String() string {
	b := fmt.Appendf(nil, "<SEQ=%s>", g.Seq.text(seqNames))
	if g.Ctl.Has(wire.ACK) {
		b = fmt.Appendf(b, "<ACK=%s>", g.Ack.text(ackNames))
	}
	if g.Window == Shut {
		b = append(b, "<WND=0>"...)
	}
	if g.Len > 0 {
		b = fmt.Appendf(b, "<DATA=%d>", g.Len)
	}
	return fmt.Sprintf("%s<CTL=%s>", b, g.Ctl.Names())
}

// A View is what the peer knows of the connection.
type View struct {
	next   int32 // RCV.NXT of the stack, as far as the peer can know
	edge   int32 // the edge of the stack's window, as it has told
	told   bool  // it has
	una    int32 // the highest number of the stack that the peer has acknowledged
	sent   int32 // SND.NXT of the stack: the end of what it has sent
	wide   int32 // the largest window that the peer has told of
	copies []wire.Segment
}

// wideWindow is the window of the peer that has room for all.
const wideWindow = 65535

// Event returns the event that a step is where the connection now stands.
func (v *View) Event(s Step) adapter.Event {
	switch {
	case s.Event.Kind != adapter.Arrives:
		return s.Event
	case s.Copies > 0 && s.Copies <= len(v.copies):
		return adapter.Event{Kind: adapter.Arrives, Segment: v.copies[len(v.copies)-s.Copies], More: s.Event.More}
	}
	return adapter.Event{Kind: adapter.Arrives, Segment: v.segment(s.Segment), More: s.Event.More}
}

// segment returns the segment with numbers.
func (v *View) segment(s Segment) wire.Segment {
	g := wire.Segment{Ctl: s.Ctl, Len: s.Len, Wnd: wideWindow}
	if s.Window == Shut || s.Ctl.Has(wire.RST) {
		g.Wnd = 0
	}
	switch s.Seq.Anchor {
	case Next:
		g.Seq = v.next
	case Edge:
		g.Seq = v.edge
	}
	g.Seq += s.Seq.Plus
	if s.Ctl.Has(wire.SYN) && (v.next == 0 || !v.told) {
		g.Seq = 0 // the first SYN that is taken is where the peer's numbers begin
	}
	if s.Ctl.Has(wire.ACK) {
		switch s.Ack.Anchor {
		case Next:
			g.Ack = v.sent
		case Edge:
			g.Ack = v.una
		case Floor:
			g.Ack = v.una - v.wide
		}
		g.Ack += s.Ack.Plus
	}
	if s.Ctl.Has(wire.SYN) {
		g.Opts.MSS = 1460
	}
	return g
}

// Did notes an event and what the stack has sent upon it.
func (v *View) Did(e adapter.Event, r adapter.Result) {
	if e.Kind == adapter.Arrives {
		v.arrives(e.Segment)
	}
	for _, out := range r.Emitted {
		v.emitted(out.Segment)
	}
}

// arrives notes what the peer has sent. What lies at RCV.NXT moves it, whether the
// stack acknowledges it now or later.
func (v *View) arrives(g wire.Segment) {
	v.copies = append(v.copies, g)
	if g.Ctl.Has(wire.ACK) && g.Ack > v.una && g.Ack <= v.sent {
		v.una = g.Ack
	}
	if !g.Ctl.Has(wire.RST) {
		v.wide = max(v.wide, int32(g.Wnd))
	}
	if g.Ctl.Has(wire.RST) || g.Ctl.Has(wire.SYN) != (v.next == 0) {
		return
	}
	if end := g.Seq + g.SpaceLen(); g.Seq <= v.next && end > v.next && (g.Ctl.Has(wire.ACK) || g.Ctl.Has(wire.SYN)) && (!v.told || end <= v.edge) {
		v.next = end
	}
}

// emitted notes what the stack has sent.
func (v *View) emitted(g wire.Segment) {
	if g.Ctl.Has(wire.RST) || g.Raw {
		return
	}
	if end := g.Seq + g.SpaceLen(); end > v.sent {
		v.sent = end
	}
	if g.Ctl.Has(wire.ACK) {
		v.next = max(v.next, g.Ack)
		v.edge, v.told = g.Ack+int32(g.Wnd), true
		if g.Ctl.Has(wire.SYN) {
			v.next = g.Ack
		}
	}
}

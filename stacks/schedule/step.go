package schedule

import (
	"fmt"
	"strings"

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
)

// A Wait is how long nothing is done, by what should happen meanwhile.
type Wait uint8

const (
	NoWait       Wait = iota
	Settle            // what a stack delays by a moment has happened, and no retransmission
	Retransmit        // the next retransmission has happened
	MostTimeWait      // TIME-WAIT is nearly over
	RestTimeWait      // what was left of it then, and some more
	TimeWait          // TIME-WAIT has ended
	MostFinWait2      // FIN-WAIT-2 is nearly over, if a timer ends it
	RestFinWait2      // what was left of it then, and some more
	FinWait2          // FIN-WAIT-2 has ended, if a timer ends it
	GiveUp            // the stack has given up

	NumWaits
)

var waitNames = [NumWaits]string{"", "settle", "retransmit", "most-of-time-wait", "rest-of-time-wait", "time-wait", "most-of-fin-wait-2", "rest-of-fin-wait-2", "fin-wait-2", "give-up"}

func (w Wait) String() string {
	if w >= NumWaits {
		return fmt.Sprintf("Wait(%d)", uint8(w))
	}
	return waitNames[w]
}

// A Step is an event of a schedule. Fields that its kind does not use are zero.
type Step struct {
	Kind    adapter.Kind // Opens, Calls, Arrives or Advances
	Active  bool
	Call    adapter.Call
	Octets  int
	Segment Segment
	Wait    Wait
	// Copies: the segment is one that the peer has sent before, with the same
	// numbers: so many segments of the peer back, from 1.
	Copies int
}

// A Schedule is what to do, in order.
type Schedule []Step

// Open returns the step that opens the connection.
func Open(active bool) Step { return Step{Kind: adapter.Opens, Active: active} }

// Call returns the step that the user makes a call.
func Call(c adapter.Call, octets int) Step {
	return Step{Kind: adapter.Calls, Call: c, Octets: octets}
}

// In returns the step that g arrives.
func In(g Segment) Step { return Step{Kind: adapter.Arrives, Segment: g} }

// Pass returns the step that time passes.
func Pass(w Wait) Step { return Step{Kind: adapter.Advances, Wait: w} }

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
	return fmt.Sprintf("%s<CTL=%s>", b, ctlNames(g.Ctl))
}

// ctlNames returns the control bits as figures write them.
func ctlNames(c wire.Ctl) string {
	var names []string
	for _, b := range []struct {
		bit  wire.Ctl
		name string
	}{{wire.SYN, "SYN"}, {wire.FIN, "FIN"}, {wire.RST, "RST"}, {wire.ACK, "ACK"}} {
		if c.Has(b.bit) {
			names = append(names, b.name)
		}
	}
	return strings.Join(names, ",")
}

// String returns the step in words, for display.
func (s Step) String() string {
	switch s.Kind {
	case adapter.Opens:
		return map[bool]string{true: "OPEN", false: "OPEN (passive)"}[s.Active]
	case adapter.Calls:
		if s.Call.Counts() {
			return fmt.Sprintf("%s %d", strings.ToUpper(s.Call.String()), s.Octets)
		}
		return strings.ToUpper(s.Call.String())
	case adapter.Arrives:
		if s.Copies > 0 {
			return fmt.Sprintf("a copy of the segment %d back", s.Copies)
		}
		return s.Segment.String()
	}
	return "wait: " + s.Wait.String()
}

// String returns the schedule in words, for display.
func (s Schedule) String() string {
	words := make([]string, len(s))
	for i, e := range s {
		words[i] = e.String()
	}
	return strings.Join(words, "; ")
}

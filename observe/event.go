package observe

import (
	"fmt"
	"time"

	"tcpclose/model"
	"tcpclose/stacks/adapter"
	"tcpclose/stacks/wire"
)

// A Kind is a kind of event.
type Kind uint8

const (
	Opens   Kind = iota // the user calls OPEN
	Calls               // the user makes Call
	Arrives             // Segment arrives
	Sends               // Segment is sent
	Waits               // time passes up to At
	Passes              // Segment passes by towards the end, and may arrive

	numKinds
)

var kindNames = [numKinds]string{"open", "call", "arrives", "sends", "waits", "passes"}

func (k Kind) String() string {
	if k >= numKinds {
		return fmt.Sprintf("Kind(%d)", uint8(k))
	}
	return kindNames[k]
}

// An Event is what happened at an end, or was seen of it. Fields that its kind does
// not use are zero.
type Event struct {
	Kind    Kind
	At      time.Duration // since the run began; never before that of the event before it
	Active  bool
	Call    adapter.Call
	Octets  int
	Answer  *adapter.Answer // to OPEN or a call; nil is not known
	Segment Segment
	State   string // the state after the event and what is sent at once, as the end names it; "" is not known
	Source  int    // what it is in the schedule from which the run was made
}

// String returns the event in words.
func (e Event) String() string {
	switch e.Kind {
	case Opens:
		if e.Active {
			return "OPEN (active)"
		}
		return "OPEN (passive)"
	case Calls:
		if e.Call.Counts() {
			return fmt.Sprintf("%s %d", e.Call, e.Octets)
		}
		return e.Call.String()
	case Arrives, Sends, Passes:
		return fmt.Sprintf("%s %s", e.Kind, e.Segment)
	}
	return fmt.Sprintf("%s until %s", e.Kind, e.At)
}

// A Segment is a TCP segment with the numbers of package wire: SEQ counts from the
// sender's initial number, ACK from the receiver's.
type Segment struct {
	Ctl model.Ctl
	Seq int64
	Ack int64
	Wnd int64 // the window as it is meant, with its scale applied; -1 is not known
	Len int64
	Raw bool // Seq is the number itself: 0 in an RST of no connection
}

// SpaceLen returns SEG.LEN.
func (g Segment) SpaceLen() int64 {
	n := g.Len
	if g.Ctl.Has(model.SYN) {
		n++
	}
	if g.Ctl.Has(model.FIN) {
		n++
	}
	return n
}

// String returns the segment in the notation of RFC 9293's figures.
func (g Segment) String() string {
	w := wire.Segment{Seq: int32(g.Seq), Ack: int32(g.Ack), Len: int(g.Len), Raw: g.Raw, Wnd: uint16(min(max(g.Wnd, 0), 65535))}
	for _, b := range controls {
		if g.Ctl.Has(b.model) {
			w.Ctl |= b.wire
		}
	}
	if g.Wnd < 0 {
		return w.Figure(0)
	}
	return w.Figure(1000)
}

var controls = []struct {
	model model.Ctl
	wire  wire.Ctl
	name  string
}{{model.SYN, wire.SYN, "SYN"}, {model.FIN, wire.FIN, "FIN"}, {model.RST, wire.RST, "RST"}, {model.ACK, wire.ACK, "ACK"}}

// FromWire returns g, whose window is counted in units of 1<<scale octets. The
// window of a SYN is not scaled.
func FromWire(g wire.Segment, scale uint8) Segment {
	s := Segment{Seq: int64(g.Seq), Ack: int64(g.Ack), Wnd: int64(g.Wnd), Len: int64(g.Len), Raw: g.Raw}
	if !g.Ctl.Has(wire.SYN) {
		s.Wnd <<= scale
	}
	for _, b := range controls {
		if g.Ctl.Has(b.wire) {
			s.Ctl |= b.model
		}
	}
	return s
}

// A Run is what was seen of an end from the time when it had no connection.
type Run struct {
	Name   string
	Events []Event
}

// windows follows the window scales of a connection (RFC 7323, 2): they count if
// both SYNs have one.
type windows struct{ in, out wire.Options }

func (s *windows) read(g wire.Segment, out bool) Segment {
	of := &s.in
	if out {
		of = &s.out
	}
	if g.Ctl.Has(wire.SYN) {
		*of = g.Opts
	}
	if s.in.Scaled && s.out.Scaled {
		return FromWire(g, of.Scale)
	}
	return FromWire(g, 0)
}

// FromBench returns the run in which a stack on the bench was driven by a schedule,
// with these results. It ends where the adapter failed.
func FromBench(schedule adapter.Schedule, results []adapter.Result) Run {
	var run Run
	var s windows
	now := time.Duration(0)
	add := func(e Event, source int) {
		e.Source = source
		run.Events = append(run.Events, e)
	}
	for i, r := range results {
		if r.Err != "" {
			break
		}
		e := schedule[i]
		switch e.Kind {
		case adapter.Opens:
			add(Event{Kind: Opens, At: now, Active: e.Active, Answer: r.Answer}, i)
		case adapter.Calls:
			add(Event{Kind: Calls, At: now, Call: e.Call, Octets: e.Octets, Answer: r.Answer}, i)
		case adapter.Arrives:
			add(Event{Kind: Arrives, At: now, Segment: s.read(e.Segment, false)}, i)
		}
		for _, out := range r.Emitted {
			add(Event{Kind: Sends, At: max(now, out.At), Segment: s.read(out.Segment, true)}, i)
		}
		now = max(now, r.Now)
		add(Event{Kind: Waits, At: now, State: r.State}, i)
	}
	return run
}

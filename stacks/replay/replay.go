// Package replay plays one end of a run of the model on a real stack: the calls and the
// segments that arrive are the run's, at the run's times, and what the stack sends is
// compared with what the run has it send. A run that a stack repeats is confirmed. Of an
// RST its number is compared alone: the peer looks at nothing else.
package replay

import (
	"fmt"
	"time"

	"tcpclose/model"
	"tcpclose/stacks/adapter"
	"tcpclose/stacks/packetdrill"
	"tcpclose/stacks/wire"
	"tcpclose/trace"
)

// A Slack is how far the times of a stack may be from those of a run: by a time, and by a
// part of what has passed since the stack was last acted on.
type Slack struct {
	Tolerance time.Duration
	Stretch   float64
}

// Real is for stacks that round and vary their timers.
var Real = Slack{300 * time.Millisecond, 0.1}

// began is when the run begins: the handshake is before.
const began = 100 * time.Millisecond

// An UnplayableError says why no stack can be driven through a run.
type UnplayableError struct{ Why string }

func (e *UnplayableError) Error() string { return e.Why }

// Script returns what happens to one end in a run, with ticks of that length. A run
// that begins in ESTABLISHED is given a handshake. Timestamps are left out.
func Script(t *trace.Trace, side model.Side, tick time.Duration, slack Slack) (*packetdrill.Script, error) {
	if tick <= 0 {
		return nil, fmt.Errorf("tick: %s: want a time above 0", tick)
	}
	w := &writer{side: side, tick: tick, slack: slack, script: &packetdrill.Script{Tolerance: slack.Tolerance, NoUpdates: true, ResetsBySEQ: t.Config.Start == model.StartEstablished}}
	w.opened = t.Config.Start == model.StartEstablished
	w.reads = t.Config.Apps[side].Reads == model.ReadAtOnce
	if t.Config.Apps[side].Buffer.Size() == 0 {
		return nil, &UnplayableError{"an end without room: real stacks have some"}
	}
	if w.opened {
		w.shift = 1 // the SYN has a number, too
		w.handshake(t.States[0].Ends[side].SndWnd)
	}
	y, err := model.NewSystem(t.Config)
	if err != nil {
		return nil, err
	}
	rules := y.Stack(side)
	ticks := 0
	for i := range t.Events {
		e := &t.Events[i]
		ticks += int(e.Outcome.Elapsed)
		w.line = i + 1
		w.now = began + time.Duration(ticks)*tick + w.late
		if e.Action.Kind != model.Timeouts && len(rules.Due(nil, t.States[i].Ends[side])) > 0 {
			w.now -= tick / 4 // a stack's timer does not wait for what comes at the same instant
		}
		if err := w.event(e); err != nil {
			return nil, fmt.Errorf("event %d: %w", i+1, err)
		}
	}
	w.end(t, rules)
	return w.script, nil
}

// A writer writes the steps of a script.
type writer struct {
	script *packetdrill.Script
	side   model.Side
	tick   time.Duration
	slack  Slack
	shift  int32
	opened bool
	reads  bool // the user reads what arrives at once
	line   int  // the number of the event
	now    time.Duration
	acted  time.Duration // when the stack was last acted on
	timed  time.Duration // when its last timer fired
	late   time.Duration // added to all times from here on, so that a stack's timers have fired
}

func (w *writer) add(s packetdrill.Step) {
	s.Line = w.line
	if s.Kind == packetdrill.Acts {
		w.acted = w.now
	}
	w.script.Steps = append(w.script.Steps, s)
}

// act adds an event. What the run has after a timer comes well after it, if the stack's
// is late.
func (w *writer) act(e adapter.Event) {
	if w.timed > w.acted {
		safe := w.timed + w.slack.Tolerance + time.Duration(float64(w.timed-w.acted)*w.slack.Stretch)
		if more := safe - w.now; more > 0 {
			w.late += more
			w.now += more
		}
	}
	w.add(packetdrill.Step{Kind: packetdrill.Acts, Event: e, Earliest: w.now, Latest: w.now})
}

// expect adds that the stack sends g now, or about now.
func (w *writer) expect(g wire.Segment) {
	off := time.Duration(float64(w.now-w.acted) * w.slack.Stretch)
	w.add(packetdrill.Step{Kind: packetdrill.Expects, Segment: g, Earliest: w.now - off, Latest: w.now + off})
}

// handshake opens the connection, with the window that the run begins with.
func (w *writer) handshake(window model.Window) {
	var wnd uint16
	if window.Size() > 0 {
		wnd = wide
	}
	w.act(adapter.Event{Kind: adapter.Opens})
	w.act(adapter.In(wire.Segment{Ctl: wire.SYN, Wnd: wnd, Opts: wire.Options{MSS: 1460}}))
	w.expect(wire.Segment{Ctl: wire.SYN | wire.ACK, Ack: 1})
	w.act(adapter.In(wire.Segment{Ctl: wire.ACK, Seq: 1, Ack: 1, Wnd: wnd}))
}

// all is more than there is to read.
const all = 100

// wide is the window of a peer that has room.
const wide = 65000

// calls has the user's calls as the bench makes them.
var calls = map[model.Call]adapter.Event{
	model.Open: {Kind: adapter.Opens, Active: true}, model.OpenPassive: {Kind: adapter.Opens},
	model.Send: adapter.Make(adapter.Send, 1), model.Receive: adapter.Make(adapter.Receive, 1),
	model.Close: adapter.Make(adapter.Shutdown, 0), model.Release: adapter.Make(adapter.Release, 0),
	model.Die: adapter.Make(adapter.Release, 0), model.Abort: adapter.Make(adapter.Abort, 0),
}

func (w *writer) event(e *trace.Event) error {
	switch a := e.Action; {
	case a.Kind == model.Calls && a.Side == w.side:
		call, ok := calls[a.Call]
		if !ok {
			return &UnplayableError{fmt.Sprintf("the bench has no call %s", a.Call)} // such as text that waits for the FIN
		}
		if call.Kind == adapter.Opens && w.opened {
			return &UnplayableError{"the bench has one connection at a time"}
		}
		w.opened = w.opened || call.Kind == adapter.Opens
		w.reads = w.reads && (call.Kind == adapter.Opens || call.Call != adapter.Release && call.Call != adapter.Abort)
		w.act(call)
	case (a.Kind == model.Deliveries || a.Kind == model.Copies) && a.Side == w.side.Peer():
		g, err := w.segment(a.Packet.Segment)
		if err != nil {
			return err
		}
		w.act(adapter.In(g))
		if g.Len > 0 && w.reads {
			defer func() { w.act(adapter.Make(adapter.Receive, all)) }() // after what is sent at once
		}
	}
	if e.Action.Kind == model.Timeouts && e.Action.Side == w.side {
		w.timed = w.now
	}
	o := &e.Outcome
	if !o.Moved || o.Mover != w.side {
		return nil
	}
	if o.Effect.Sent == (model.Segment{}) {
		return nil
	}
	g, err := w.segment(o.Effect.Sent)
	if err != nil {
		return err
	}
	w.expect(g)
	return nil
}

// segment returns g as it is on the wire.
func (w *writer) segment(g model.Segment) (wire.Segment, error) {
	s := wire.Segment{Len: int(g.Len), Seq: int32(g.Seq) + w.shift}
	for _, b := range []struct {
		model model.Ctl
		wire  wire.Ctl
	}{{model.FIN, wire.FIN}, {model.SYN, wire.SYN}, {model.RST, wire.RST}, {model.ACK, wire.ACK}} {
		if g.Ctl.Has(b.model) {
			s.Ctl |= b.wire
		}
	}
	if s.Ctl.Has(wire.ACK) {
		s.Ack = int32(g.Ack) + w.shift
	}
	if s.Ctl.Has(wire.SYN) {
		s.Opts.MSS = 1460
	}
	switch {
	case s.Ctl.Has(wire.RST):
	case g.Wnd == model.Wide:
		s.Wnd = wide
	case g.Wnd.Size() > 0:
		return s, &UnplayableError{"a window of a few octets: real stacks have larger ones"}
	}
	return s, nil
}

// end adds the state in which the run leaves the end. Where its last timer has fired, a
// stack's may be late.
func (w *writer) end(t *trace.Trace, rules model.Stack) {
	last := t.States[len(t.States)-1].Ends[w.side]
	at := w.acted
	if w.timed > at {
		if at = w.timed; rules.Deadline(last) == model.Never {
			at += w.slack.Tolerance + time.Duration(float64(w.timed-w.acted)*w.slack.Stretch)
		}
	}
	w.add(packetdrill.Step{Kind: packetdrill.Asserts, State: last.State.String(), Earliest: at, Latest: at})
}

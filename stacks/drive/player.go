package drive

import (
	"time"

	"tcpclose/stacks/adapter"
	"tcpclose/stacks/schedule"
	"tcpclose/stacks/wire"
)

// A Player does schedules on a host, as the peer of its connection.
type Player struct {
	Host   Host
	Timing Timing
	Setup  adapter.Setup

	view    view
	events  adapter.Schedule
	results []adapter.Result
}

// A view is what the peer knows of the connection.
type view struct {
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

// Reset begins a run on a new host.
func (p *Player) Reset() error {
	p.view, p.events, p.results = view{}, nil, nil
	return p.Host.Reset(p.Setup)
}

// Events returns what has been done since Reset, and what was seen of it.
func (p *Player) Events() (adapter.Schedule, []adapter.Result) { return p.events, p.results }

// Event returns the event that a step is where the connection now stands.
func (p *Player) Event(s schedule.Step) adapter.Event {
	switch s.Kind {
	case adapter.Opens:
		return adapter.Event{Kind: adapter.Opens, Active: s.Active}
	case adapter.Calls:
		return adapter.Make(s.Call, s.Octets)
	case adapter.Arrives:
		if s.Copies > 0 && s.Copies <= len(p.view.copies) {
			return adapter.In(p.view.copies[len(p.view.copies)-s.Copies])
		}
		return adapter.In(p.view.segment(s.Segment))
	}
	return adapter.Wait(p.clear(p.Timing.Of(s.Wait)))
}

// clear moves the end of a wait away from the next deadline, if that is known.
func (p *Player) clear(d time.Duration) time.Duration {
	if len(p.results) == 0 {
		return d
	}
	last := p.results[len(p.results)-1]
	margin := max(2*p.Host.Caps().Slack, time.Millisecond)
	if end := last.Now + d; last.Timed && last.Next > last.Now && end > last.Next-margin && end < last.Next+margin {
		return last.Next + margin - last.Now
	}
	return d
}

// segment returns the segment with numbers.
func (v *view) segment(s schedule.Segment) wire.Segment {
	g := wire.Segment{Ctl: s.Ctl, Len: s.Len, Wnd: wideWindow}
	if s.Window == schedule.Shut || s.Ctl.Has(wire.RST) {
		g.Wnd = 0
	}
	switch s.Seq.Anchor {
	case schedule.Next:
		g.Seq = v.next
	case schedule.Edge:
		g.Seq = v.edge
	}
	g.Seq += s.Seq.Plus
	if s.Ctl.Has(wire.SYN) && v.next == 0 {
		g.Seq = 0 // the first SYN is where the peer's numbers begin
	}
	if s.Ctl.Has(wire.ACK) {
		switch s.Ack.Anchor {
		case schedule.Next:
			g.Ack = v.sent
		case schedule.Edge:
			g.Ack = v.una
		case schedule.Floor:
			g.Ack = v.una - v.wide
		}
		g.Ack += s.Ack.Plus
	}
	if s.Ctl.Has(wire.SYN) {
		g.Opts.MSS = 1460
	}
	return g
}

// Do does a step.
func (p *Player) Do(s schedule.Step) (adapter.Event, adapter.Result) {
	return p.DoEvent(p.Event(s))
}

// DoEvent does an event.
func (p *Player) DoEvent(e adapter.Event) (adapter.Event, adapter.Result) {
	if e.Kind == adapter.Arrives {
		p.view.arrives(e.Segment)
	}
	r := p.Host.Do(e)
	for _, out := range r.Emitted {
		p.view.emitted(out.Segment)
	}
	p.events, p.results = append(p.events, e), append(p.results, r)
	return e, r
}

// Play does a schedule on a new host, as far as the adapter can.
func (p *Player) Play(s schedule.Schedule) (adapter.Schedule, []adapter.Result, error) {
	if err := p.Reset(); err != nil {
		return nil, nil, err
	}
	for _, step := range s {
		if _, r := p.Do(step); r.Err != "" {
			break
		}
	}
	return p.events, p.results, nil
}

// arrives notes what the peer has sent. What lies at RCV.NXT moves it, whether the
// stack acknowledges it now or later.
func (v *view) arrives(g wire.Segment) {
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
func (v *view) emitted(g wire.Segment) {
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

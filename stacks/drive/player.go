package drive

import (
	"time"

	"tcpclose/stacks/adapter"
	"tcpclose/stacks/peer"
	"tcpclose/stacks/schedule"
)

// A Player does schedules on a host, as the peer of its connection.
type Player struct {
	Host   Host
	Timing Timing
	Setup  adapter.Setup

	view    peer.View
	events  adapter.Schedule
	results []adapter.Result
	// ahead has what was played ahead, by the schedule as a batch has it. told: the
	// host stands elsewhere, since the last run was one of these.
	ahead map[string][][]adapter.Result
	told  schedule.Schedule
}

// Reset begins a run on a new host.
func (p *Player) Reset() error {
	p.view, p.events, p.results, p.told = peer.View{}, nil, nil, nil
	return p.Host.Reset(p.Setup)
}

// Events returns what has been done since Reset, and what was seen of it.
func (p *Player) Events() (adapter.Schedule, []adapter.Result) { return p.events, p.results }

// step returns a step as the peer takes it.
func (p *Player) step(s schedule.Step) peer.Step {
	switch s.Kind {
	case adapter.Opens:
		return peer.Step{Event: adapter.Event{Kind: adapter.Opens, Active: s.Active}}
	case adapter.Calls:
		return peer.Step{Event: adapter.Make(s.Call, s.Octets)}
	case adapter.Arrives:
		return peer.Step{Event: adapter.Event{Kind: adapter.Arrives, More: s.More}, Segment: s.Segment, Copies: s.Copies}
	}
	return peer.Step{Event: adapter.Wait(p.clear(p.Timing.Of(s.Wait)))}
}

// Event returns the event that a step is where the connection now stands.
func (p *Player) Event(s schedule.Step) adapter.Event { return p.view.Event(p.step(s)) }

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

// Do does a step.
func (p *Player) Do(s schedule.Step) (adapter.Event, adapter.Result) {
	return p.DoEvent(p.Event(s))
}

// DoEvent does an event.
func (p *Player) DoEvent(e adapter.Event) (adapter.Event, adapter.Result) {
	if p.told != nil {
		if err := p.catchUp(); err != nil {
			return e, p.note(e, adapter.Result{Err: err.Error()})
		}
	}
	return e, p.note(e, p.Host.Do(e))
}

// note notes an event and what was seen of it.
func (p *Player) note(e adapter.Event, r adapter.Result) adapter.Result {
	p.view.Did(e, r)
	p.events, p.results = append(p.events, e), append(p.results, r)
	return r
}

// Play does a schedule on a new host, as far as the adapter can.
func (p *Player) Play(s schedule.Schedule) (adapter.Schedule, []adapter.Result, error) {
	if p.batches() {
		return p.playAhead(s)
	}
	if err := p.playNow(s); err != nil {
		return nil, nil, err
	}
	return p.events, p.results, nil
}

func (p *Player) playNow(s schedule.Schedule) error {
	if err := p.Reset(); err != nil {
		return err
	}
	for _, step := range s {
		if _, r := p.Do(step); r.Err != "" {
			break
		}
	}
	return nil
}

package drive

import (
	"tcpclose/stacks/adapter"
	"tcpclose/stacks/peer"
	"tcpclose/stacks/schedule"
)

// A Batcher is a Host that can play many schedules at once, each on a host of its own.
type Batcher interface {
	Host
	Batch(adapter.Setup, []peer.Schedule) ([][]adapter.Result, error)
}

// batches reports whether the host plays schedules many at once.
func (p *Player) batches() bool {
	_, ok := p.Host.(Batcher)
	return ok && p.Host.Caps().Batch > 0
}

// batch returns the schedule as a batch has it.
func (p *Player) batch(s schedule.Schedule) peer.Schedule {
	list := make(peer.Schedule, len(s))
	for i, step := range s {
		list[i] = p.step(step)
	}
	return list
}

// largest bounds a batch: its line must not be too long.
const largest = 400

// Ahead plays schedules that Play will be asked for, if the host can play many at once.
// Each is played as often as it is listed, and what was seen is told once.
func (p *Player) Ahead(list ...schedule.Schedule) error {
	if !p.batches() {
		return nil
	}
	p.events, p.results = nil, nil // no wait depends on what was seen of another run
	for len(list) > 0 {
		part := list[:min(len(list), largest)]
		list = list[len(part):]
		steps := make([]peer.Schedule, len(part))
		for i, s := range part {
			steps[i] = p.batch(s)
		}
		results, err := p.Host.(Batcher).Batch(p.Setup, steps)
		if err != nil {
			return err
		}
		if p.ahead == nil {
			p.ahead = map[string][][]adapter.Result{}
		}
		for i, r := range results {
			key := steps[i].String()
			p.ahead[key] = append(p.ahead[key], r)
		}
	}
	return nil
}

// apart lays aside what was played ahead until the function that it returns is called,
// which forgets what was played ahead meanwhile: shrinking plays more than it asks for.
func (p *Player) apart() (back func()) {
	ahead := p.ahead
	p.ahead = nil
	return func() { p.ahead = ahead }
}

// playAhead is Play by what was played ahead, or else by a batch of one.
func (p *Player) playAhead(s schedule.Schedule) (adapter.Schedule, []adapter.Result, error) {
	p.events, p.results = nil, nil
	steps := p.batch(s)
	key := steps.String()
	if len(p.ahead[key]) == 0 {
		if err := p.Ahead(s); err != nil {
			return nil, nil, err
		}
	}
	results := p.ahead[key][0]
	if p.ahead[key] = p.ahead[key][1:]; len(p.ahead[key]) == 0 {
		delete(p.ahead, key)
	}
	p.view = peer.View{}
	p.told = append(schedule.Schedule{}, s...)
	for i, r := range results {
		p.note(p.view.Event(steps[i]), r)
	}
	return p.events, p.results, nil
}

// catchUp brings the host to where the run stands that was played ahead.
func (p *Player) catchUp() error { return p.playNow(p.told) }

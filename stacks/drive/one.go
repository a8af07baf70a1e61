package drive

import (
	"time"

	"tcpclose/stacks/adapter"
)

// One measures a stack, plays one schedule on it, and returns each deviation. If
// there is none it returns one without a rule, which has the run alone.
func One(host Host, setup adapter.Setup, events adapter.Schedule) (list []*Deviation, err error) {
	p := &Player{Host: host, Setup: setup}
	patience := realPatience
	if host.Caps().Virtual {
		patience = time.Hour
	}
	if p.Timing, err = p.Measure(patience); err != nil {
		return nil, err
	}
	o, err := NewObserver(RulesOf(p.Timing, host.Caps()))
	if err != nil {
		return nil, err
	}
	if err := p.Reset(); err != nil {
		return nil, err
	}
	for _, e := range events {
		if _, r := p.DoEvent(e); r.Err != "" {
			break
		}
	}
	run := runOf(p.events, p.results)
	r := o.alone(run)
	for _, seen := range r.Deviations {
		d := &Deviation{Rule: nameOf(stepsOf(p.events), p.results, run, seen), Found: 1, Again: 1, Events: p.events, Results: p.results, At: run.Events[seen.Event].Source}
		d.named(seen)
		list = append(list, d)
	}
	if len(list) == 0 {
		list = append(list, &Deviation{Events: p.events, Results: p.results})
	}
	return list, nil
}

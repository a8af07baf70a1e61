package drive

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"tcpclose/model"
	"tcpclose/stacks/adapter"
)

// One measures a stack, plays one schedule on it, and returns each deviation from what an
// end can do that takes these decisions. If there is none it returns one without a
// rule, which has the run alone.
func One(host Host, setup adapter.Setup, given model.Options, events adapter.Schedule) (list []*Deviation, err error) {
	p := &Player{Host: host, Setup: setup}
	patience := realPatience
	if host.Caps().Virtual {
		patience = time.Hour
	}
	if p.Timing, err = p.Measure(patience); err != nil {
		return nil, err
	}
	rules := RulesOf(p.Timing, host.Caps())
	rules.Options = given
	o, err := NewObserver(rules)
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
	if n := len(p.results); n > 0 && crashed(p.results[n-1]) {
		return []*Deviation{failure(p.events, p.results)}, nil
	}
	if slices.ContainsFunc(p.events, func(e adapter.Event) bool { return e.More }) {
		return []*Deviation{{Events: p.events, Results: p.results}}, nil // its answers cannot be told apart
	}
	run := runOf(p.events, p.results)
	r := o.alone(run)
	for _, seen := range r.Deviations {
		d := &Deviation{Rule: nameOf(stepsOf(p.events), p.results, run, seen), Found: 1, Again: 1, Events: p.events, Results: p.results, At: run.Events[seen.Event].Source}
		d.named(seen, run, o.fresh)
		list = append(list, d)
	}
	if len(list) == 0 {
		list = append(list, &Deviation{Events: p.events, Results: p.results})
	}
	return list, nil
}

// ParseGiven reads decisions as Deviation.Given has them: "late-data=rst", or
// "late-data=rst|ack" where that is all that is known.
func ParseGiven(words []string) (model.Options, error) {
	options := model.AllOptions()
	for _, word := range words {
		name, value, _ := strings.Cut(word, "=")
		d := model.Decision(0)
		for d < model.NumDecisions && d.String() != name {
			d++
		}
		if d == model.NumDecisions {
			return options, fmt.Errorf("%q: want a decision, as closed-answer=rst", word)
		}
		options[d] = 0
		for _, alternative := range strings.Split(value, "|") {
			c := slices.IndexFunc(d.Info().Alternatives, func(a model.Alternative) bool { return a.Name == alternative })
			if c < 0 {
				return options, fmt.Errorf("%q: want alternatives of %s: %s", word, d, strings.Join(model.AllOptions().Names(d), ", "))
			}
			options[d] |= 1 << c
		}
	}
	return options, nil
}

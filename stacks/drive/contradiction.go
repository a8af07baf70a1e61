package drive

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"tcpclose/model"
	"tcpclose/observe"
	"tcpclose/stacks/adapter"
	"tcpclose/stacks/schedule"
)

// contradicts notes that the stack follows an alternative here that it has not followed
// there, in a run that conforms by itself. Both runs are made as short as they can be.
func (c *Campaign) contradicts(here schedule.Schedule, results []adapter.Result, run observe.Run, o observe.Deviation) error {
	i := slices.IndexFunc(o.Causes, func(e observe.Cause) bool { return e.Kind == observe.ByContradiction })
	if i < 0 {
		return c.departs(here, results, run)
	}
	e := o.Causes[i]
	key := "contradiction: " + e.Decision.String()
	if d := c.Deviations[key]; d != nil {
		d.Found++
		return nil
	}
	var number int
	if _, err := fmt.Sscanf(e.Against.Run, "run %d", &number); err != nil || number >= len(c.played) {
		return c.departs(here, results, run)
	}
	there := c.played[number]
	var failed error
	defer c.Player.apart()()
	shows := func(there, here schedule.Schedule) bool {
		if failed != nil {
			return false
		}
		c.Shrunk++
		shows, err := c.contradict(there, here, e.Decision)
		if err != nil {
			failed = err
		}
		return shows
	}
	if !shows(there, here) || failed != nil {
		if failed != nil {
			return failed
		}
		return c.departs(here, results, run)
	}
	// ahead plays what is asked for next, each with the run that it is compared with.
	ahead := func(with schedule.Schedule) func([]schedule.Schedule) {
		return func(list []schedule.Schedule) {
			both := append(slices.Clone(list), slices.Repeat([]schedule.Schedule{with}, len(list))...)
			failed = errors.Join(failed, c.Player.Ahead(both...))
		}
	}
	here = schedule.Shrink(here, ahead(there), func(s schedule.Schedule) bool { return shows(there, s) })
	there = schedule.Shrink(there, ahead(here), func(s schedule.Schedule) bool { return shows(s, here) })
	if failed != nil {
		return failed
	}
	d := &Deviation{
		Rule: key, Clause: e.Decision.Info().Source, Says: e.Decision.Info().Question, Strength: Should, Found: 1, Again: 1,
		Seen: "one alternative here, another there", Expected: []string{"the same decision in all runs"}, Shortest: here,
	}
	var err error
	if d.ThereEvents, d.ThereResults, err = c.Player.Play(there); err != nil {
		return err
	}
	if d.Events, d.Results, err = c.Player.Play(here); err != nil {
		return err
	}
	d.At = len(d.Events) - 1
	rules := c.Observer.rules
	rules.Options = c.Observer.Profile().Options
	if d.Given, err = given(rules, runOf(d.Events, d.Results)); err != nil {
		return err
	}
	c.Deviations[key] = d
	return nil
}

// contradict plays both schedules, and reports whether each conforms by itself, and the
// second contradicts the first in a decision.
func (c *Campaign) contradict(there, here schedule.Schedule, in model.Decision) (bool, error) {
	l, err := NewObserver(c.Observer.rules)
	if err != nil {
		return false, err
	}
	for i, s := range []schedule.Schedule{there, here} {
		events, results, err := c.Player.Play(s)
		if err != nil {
			return false, err
		}
		run := runOf(events, results)
		if _, deviates := l.first(run); deviates {
			return false, nil
		}
		r, err := l.Observe(run)
		if err != nil {
			return false, err
		}
		if i == 1 {
			return len(r.Deviations) > 0 && slices.ContainsFunc(r.Deviations[0].Causes, func(e observe.Cause) bool {
				return e.Kind == observe.ByContradiction && e.Decision == in
			}), nil
		}
	}
	return false, nil
}

// departs notes that the stack does here what the decisions forbid that other runs have
// shown, of which no single one is enough.
func (c *Campaign) departs(s schedule.Schedule, results []adapter.Result, run observe.Run) error {
	rules := c.Observer.rules
	rules.Options = c.Observer.Profile().Options
	profile, err := observe.New(rules)
	if err != nil {
		return err
	}
	o, ok, err := profile.First(run)
	if err != nil || !ok {
		return err
	}
	name := nameOf(s, results, run, o)
	key := "contradiction: " + coarse(name)
	if d := c.Deviations[key]; d != nil {
		d.Found++
		return nil
	}
	if c.Unsure[key] > 3 || permitted(run, o) || answered(name) {
		c.Unsure[key]++
		return nil
	}
	var failed error
	shows := func(s schedule.Schedule) bool {
		c.Shrunk++
		events, results, err := c.Player.Play(s)
		if err != nil {
			failed = err
			return false
		}
		run := runOf(events, results)
		if _, deviates := c.Observer.first(run); deviates {
			return false
		}
		o, ok, err := profile.First(run)
		return err == nil && ok && coarse(nameOf(s, results, run, o)) == coarse(name)
	}
	if s = s[:min(len(s), run.Events[o.Event].Source+1)]; !shows(s) || failed != nil {
		c.Unsure[key]++
		return failed
	}
	defer c.Player.apart()()
	s = schedule.Shrink(s, func(list []schedule.Schedule) { failed = errors.Join(failed, c.Player.Ahead(list...)) }, shows)
	events, results, err := c.Player.Play(s)
	if err != nil || failed != nil {
		return errors.Join(err, failed)
	}
	run = runOf(events, results)
	r := profile.Observe(run)
	if len(r.Deviations) == 0 {
		c.Unsure[key]++
		return nil
	}
	o = r.Deviations[0]
	o.Causes = nil
	d := &Deviation{Rule: key, Found: 1, Again: 1, Shortest: s, Events: events, Results: results, At: run.Events[o.Event].Source}
	d.named(o, run, profile)
	d.Strength = max(d.Strength, Should)
	if d.Given, err = given(rules, run); err != nil {
		return err
	}
	c.Deviations[key] = d
	return nil
}

// coarse returns the name of a deviation without the event.
func coarse(name string) string {
	place, _, _ := strings.Cut(name, ", ")
	return place + name[strings.LastIndex(name, ": "):]
}

// given returns the decisions of the rules with which a run is not possible, as few as
// can be found, as "closed-answer=rst".
func given(rules observe.Rules, run observe.Run) (words []string, err error) {
	all := model.AllOptions()
	for d := range model.NumDecisions {
		was := rules.Options[d]
		if was == all[d] {
			continue
		}
		rules.Options[d] = all[d]
		o, err := observe.New(rules)
		if err != nil {
			return nil, err
		}
		if _, deviates, err := o.First(run); err != nil || !deviates {
			rules.Options[d] = was
			words = append(words, d.String()+"="+strings.Join(rules.Options.Names(d), "|"))
		}
	}
	return words, nil
}

package drive

import (
	"context"
	"time"

	"tcpclose/model"
	"tcpclose/observe"
	"tcpclose/stacks/adapter"
	"tcpclose/stacks/schedule"
)

// A Plan is what is played on a stack.
type Plan struct {
	Setup  adapter.Setup
	Probes int    // of each pair: 1 to schedule.Probes
	Walks  int    // schedules that are drawn by lot
	Both   int    // runs in which the peer is a stack, too
	Seed   uint64 // of the first of either
	Every  int    // of the schedules of pairs, couples, repeats and bursts one in so many; 0 is 1
	// Examples: the counterexamples of all seeded faults, and of properties.
	Examples bool
	States   bool // the states that the stack tells count as seen
	Patient  bool // where time is real: wait for what takes minutes, too
	// Measure bounds the wait for a timer that is measured; 0 does not.
	Measure time.Duration
}

// A Report is what a stack has done.
type Report struct {
	Caps       adapter.Caps
	Timing     Timing
	Routes     []schedule.Route
	Campaign   *Campaign
	Deviations []*Deviation // the worst first
	Profile    observe.Profile
	Idle       []Waiver // that accept nothing, if all was played
	Stopped    bool     // not all was played
	Took       time.Duration
}

// New returns the deviations that no waiver accepts, but for those of a MAY.
func (r *Report) New() (list []*Deviation) {
	for _, d := range r.Deviations {
		if d.Waived == "" && d.Strength < May {
			list = append(list, d)
		}
	}
	return list
}

// realPatience bounds a wait where time is real.
const realPatience = 5 * time.Second

// Bench measures a stack, plays the plan on it, and returns what was seen. The peer is
// a stack for runs in which both ends are real; nil leaves them out. progress is
// called now and then.
func Bench(ctx context.Context, host, peer Host, plan Plan, waivers []Waiver, progress func(what string, schedules int)) (*Report, error) {
	start := time.Now()
	r := &Report{Caps: host.Caps()}
	p := &Player{Host: host, Setup: plan.Setup}
	patience := realPatience
	if r.Caps.Virtual || plan.Patient {
		patience = 4 * time.Hour
	}
	if plan.Measure > 0 {
		patience = min(patience, plan.Measure)
	}
	tell := func(what string, schedules int) {
		if progress != nil {
			progress(what, schedules)
		}
	}
	tell("measuring timers", 0)
	var err error
	if p.Timing, err = p.Measure(patience); err != nil {
		return nil, err
	}
	r.Timing = p.Timing
	rules := RulesOf(p.Timing, host.Caps())
	rules.States = plan.States && r.Caps.States
	observer, err := NewObserver(rules)
	if err != nil {
		return nil, err
	}
	c := NewCampaign(p, observer)
	c.Progress = progress
	if !r.Caps.Virtual && !plan.Patient {
		c.Patience = patience
	}
	r.Campaign = c
	tell("finding the shortest run to each place", 0)
	if r.Routes, err = schedule.Routes(ctx); err != nil {
		return nil, err
	}
	if err := c.play(ctx, plan, r.Routes, peer); err != nil {
		return nil, err
	}
	r.Stopped = ctx.Err() != nil
	r.Deviations, r.Profile = Sorted(c.Deviations), observer.Profile()
	idle := Waive(r.Deviations, waivers)
	if plan.Every <= 1 && !r.Stopped { // of a part it says nothing
		r.Idle = idle
	}
	r.Took = time.Since(start)
	return r, nil
}

// thin returns one in every so many of the list.
func thin[T any](list []T, every int) (few []T) {
	if every <= 1 {
		return list
	}
	for i := 0; i < len(list); i += every {
		few = append(few, list[i])
	}
	return few
}

// thinPairs returns, of each state and each column of the table, one in every so many of
// the pairs: at least one.
func thinPairs(list []schedule.Pair, every int) (few []schedule.Pair) {
	type cell struct {
		state model.ConnState
		flag  schedule.Flag
	}
	seen := map[cell]int{}
	for _, p := range list {
		c := cell{p.Route.Place.State, schedule.Kinds[p.Kind].Flag}
		if seen[c]%max(every, 1) == 0 {
			few = append(few, p)
		}
		seen[c]++
	}
	return few
}

// play plays the plan.
func (c *Campaign) play(ctx context.Context, plan Plan, routes []schedule.Route, peer Host) error {
	if err := c.Limits(); err != nil {
		return err
	}
	for probe := range min(plan.Probes, schedule.Probes) {
		if err := c.Pairs(ctx, thinPairs(schedule.Pairs(routes, probe), plan.Every)); err != nil {
			return err
		}
	}
	if plan.Probes > 0 && ctx.Err() == nil {
		if err := c.PlayAll(ctx, thin(schedule.Couples(routes), plan.Every), func(int) string { return "two events that are nobody's mistake" }); err != nil {
			return err
		}
		if err := c.PlayAll(ctx, thin(schedule.Repeats(routes), plan.Every), func(int) string { return "a segment that comes again and again" }); err != nil {
			return err
		}
	}
	if plan.Probes > 0 && c.Player.Host.Caps().Bursts {
		if err := c.Bursts(ctx, thin(schedule.Bursts(routes), plan.Every)); err != nil {
			return err
		}
	}
	if plan.Examples {
		if err := c.examples(ctx); err != nil {
			return err
		}
	}
	if peer != nil {
		if err := c.Both(ctx, peer, plan.Seed, plan.Both); err != nil {
			return err
		}
	}
	return c.Walks(ctx, plan.Seed, plan.Walks, peer)
}

// examples plays the counterexamples of violated properties and of seeded faults.
func (c *Campaign) examples(ctx context.Context) error {
	for _, kind := range []struct {
		what string
		list func(context.Context) ([]schedule.Counterexample, error)
	}{{"of seeded faults", schedule.OfFaults}, {"of violated properties", schedule.OfProperties}} {
		if ctx.Err() != nil {
			return nil
		}
		if c.Progress != nil {
			c.Progress("finding counterexamples "+kind.what, c.Schedules)
		}
		list, err := kind.list(ctx)
		if err != nil {
			return err
		}
		var all []schedule.Schedule
		for _, e := range list {
			all = append(all, e.Schedule)
		}
		if err := c.PlayAll(ctx, all, func(int) string { return "counterexamples " + kind.what }); err != nil {
			return err
		}
		c.Examples += len(list)
	}
	return nil
}

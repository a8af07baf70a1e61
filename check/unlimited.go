package check

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"tcpclose/explore"
	"tcpclose/explore/product"
	"tcpclose/internal/join"
	"tcpclose/invariants"
	"tcpclose/model"
)

// A check of all capacities at once explores the saturated network (internal/join), by its
// maximal states. It tells which verdicts there are; then the shortest runs are looked for,
// where what a property asks grows with what is in transit, in that network, and otherwise
// in those of growing capacities.

// A NeedsCapacity is the error of what cannot be checked without a capacity.
type NeedsCapacity struct{ Why string }

func (e *NeedsCapacity) Error() string { return "no capacity: " + e.Why }

// Bounded returns why properties cannot be checked in a configuration without capacity; ""
// if they can.
func Bounded(c model.Config, properties []*invariants.Property) string {
	for _, limit := range []struct {
		name  string
		value model.Limit
	}{{"loss", c.Loss}, {"duplicate", c.Duplicate}, {"reorder", c.Reorder}} {
		if limit.value != model.Unlimited {
			return fmt.Sprintf("want %s unlimited with it, not %v", limit.name, limit.value)
		}
	}
	if !c.Medium().Unlimited() {
		return fmt.Sprintf("want loses any with it, not %v", c.Loses)
	}
	for _, p := range properties {
		if why := boundedProperty(c, p); why != "" {
			return fmt.Sprintf("property %q: %s", p.Name, why)
		}
	}
	return ""
}

func boundedProperty(c model.Config, p *invariants.Property) string {
	if p.Liveness != nil {
		return "it is about whole runs, which may go on by deliveries alone: want a capacity"
	}
	if p.Patterns == nil || p.Applies != nil && p.Applies(c) != "" {
		return ""
	}
	list := p.Patterns(c)
	if len(list) == 0 && p.Whole != nil {
		return "it compares parts of the system with each other, and is checked on whole states: want a capacity"
	}
	if p.Premise != nil {
		list = slices.Concat(list, p.Premise(c))
	}
	for i := range list {
		if list[i].Bounded != "" {
			return list[i].Bounded
		}
	}
	return ""
}

// refuse returns the error of options that do not go together with Unlimited.
func (o *Options) refuse(c model.Config, properties []*invariants.Property) error {
	if !o.Unlimited {
		return nil
	}
	why := Bounded(c, properties)
	switch {
	case why != "":
	case o.Symmetry:
		why = "want no symmetry with it"
	case o.Checkpoint != nil:
		why = "want no checkpoint with it"
	case o.Spill != "":
		why = "want no spilling with it"
	case o.Limits.Depth > 0:
		why = "want no limit of the depth with it"
	}
	if why != "" {
		return &NeedsCapacity{why}
	}
	return nil
}

// searchUnlimited checks tasks in a network without capacity.
func (j *job) searchUnlimited(ctx context.Context, tasks []*task) (r explore.Result, missing invariants.Monitors, err error) {
	var all []invariants.Pattern
	for _, t := range tasks {
		all = t.place(all)
	}
	p := join.NewUnlimited(j.system, all)
	p.Monitors |= j.run
	j.try(p)
	within, stop := context.WithCancel(ctx)
	p.Stop = stop
	defer stop()
	m, err := product.ExploreMaximal(within, &p.Product, j.options.Options)
	if err != nil {
		return r, 0, err
	}
	if missing, _ := p.Missing(); missing != 0 {
		return r, missing, nil
	}
	if err := p.CheckUnlimited(); err != nil {
		return r, 0, fmt.Errorf("a network without capacity: %w", err)
	}
	looked := p.LookAtGrowth(ctx)
	if !looked {
		m.Interrupt(ctx)
	}
	r = m.Result()
	var bounded []*task // those whose shortest runs take a capacity
	for _, t := range tasks {
		growth, err := t.conclude(p, m, &r, looked)
		if err != nil {
			return r, 0, err
		}
		switch {
		case t.watches == nil:
		case growth != join.Grows || j.system.Config.Time != model.TimeSteps:
			bounded = append(bounded, t)
		default:
			if err := j.shortest(ctx, p, m, t); err != nil {
				return r, 0, err
			}
		}
	}
	return r, 0, j.shortestBounded(ctx, bounded)
}

// conclude gives the verdict by the maximal states, and returns how what was found goes with
// what is in transit.
// If it was not looked at to the end, what is found is a run all the same, and the rest is
// unknown: the search is not complete.
func (t *task) conclude(p *join.Product, m *product.Maximal, r *explore.Result, looked bool) (worst join.Growth, err error) {
	growthOf := p.Growth
	if !looked {
		growthOf = func(int) join.Growth { return join.Empties }
	}
	found := func(places []int) (watches []int, growth join.Growth) {
		for _, i := range places {
			for _, w := range []int{2 * i, 2*i + 1} {
				if m.Found(w) {
					watches = append(watches, w)
					growth = max(growth, growthOf(i))
				}
			}
		}
		return watches, growth
	}
	for _, i := range slices.Concat(t.badAt, t.premiseAt) {
		if growthOf(i) == join.Neither {
			return 0, &NeedsCapacity{fmt.Sprintf("property %q: what it asks of the network neither grows with what is in transit nor asks for emptiness", t.finding.Property.Name)}
		}
	}
	t.watches, worst = found(t.badAt)
	premises, _ := found(t.premiseAt)
	t.finding.conclude(len(t.watches) > 0, len(t.premise) > 0 && len(premises) == 0, r)
	return worst, nil
}

// shortest finds a shortest run of all capacities to what a task has found.
func (j *job) shortest(ctx context.Context, p *join.Product, m *product.Maximal, t *task) error {
	path, watch, why := m.Shortest(ctx, t.watches)
	if why != "" {
		t.finding.Reason = unknownLength(why)
		return nil
	}
	t.finding.Steps = len(path.Actions)
	if j.options.NoTraces {
		return nil
	}
	run, ok := p.TraceUnlimited(path, watch, j.system.Config.Capacity)
	if !ok {
		t.finding.Reason = fmt.Sprintf("the run takes more room than for %d segments in each direction", j.system.Config.LargestCapacity())
		return nil
	}
	t.finding.Trace = run
	return nil
}

func unknownLength(why string) string { return "how short a run can be is unknown: " + why }

// shortestBounded finds the shortest runs to what tasks have found in the network of the
// least capacity that has one, from the configuration's own on.
func (j *job) shortestBounded(ctx context.Context, tasks []*task) error {
	c := j.system.Config
	for ; len(tasks) > 0 && c.Capacity <= c.LargestCapacity(); c.Capacity++ {
		y, err := model.NewSystem(c)
		if err != nil {
			return err
		}
		var properties []*invariants.Property
		for _, t := range tasks {
			properties = append(properties, t.finding.Property)
		}
		o := j.options
		o.Unlimited, o.UntilFound, o.Otherwise = false, true, nil
		sub := newJob(y, properties, o)
		sub.run = j.run
		r, missing, err := sub.search(ctx, sub.tasks)
		if missing != 0 || err != nil {
			return fmt.Errorf("capacity %d: %w (missing: %v)", c.Capacity, err, missing)
		}
		var left []*task
		for i, t := range tasks {
			f := sub.tasks[i].finding
			if sub.tasks[i].watches == nil {
				left = append(left, t)
				continue
			}
			t.finding.Steps, t.finding.Trace, t.finding.Capacity = f.Steps, f.Trace, c.Capacity
		}
		tasks = left
		if !r.Complete() && !slices.Equal(r.Incomplete, []string{explore.BoundEnough}) {
			for _, t := range tasks {
				t.finding.Reason = unknownLength(strings.Join(r.Incomplete, ", "))
			}
			return nil
		}
	}
	for _, t := range tasks {
		t.finding.Reason = unknownLength(fmt.Sprintf("no capacity up to %d has one", c.LargestCapacity()))
	}
	return nil
}

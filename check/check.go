package check

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"tcpclose/explore"
	"tcpclose/explore/product"
	"tcpclose/internal/join"
	"tcpclose/invariants"
	"tcpclose/model"
)

// Options of a check.
type Options struct {
	product.Options
	// NoTraces leaves traces out; they cost time.
	NoTraces bool
	// Besides is what is assumed besides what a liveness property needs, Without
	// what is not assumed, whatever it needs.
	Besides, Without []*invariants.Assumption
	// UntilFound stops as soon as every property is violated or reached.
	UntilFound bool
	// Symmetry keeps one of two states in which a and b have changed places. Verdicts
	// and traces are those of the full search; states and steps are counted as kept.
	// It is an error where there is an Asymmetry.
	Symmetry bool
}

// Check explores the system of c and gives the verdict on each of properties. If
// none of them needs memory, the states are those of the model alone. If ctx
// ends, the verdicts are what is known by then.
func Check(ctx context.Context, c model.Config, properties []*invariants.Property, o Options) (*Report, error) {
	y, err := model.NewSystem(c)
	if err != nil {
		return nil, err
	}
	if o.Symmetry {
		if why := Asymmetry(c, properties); why != "" {
			return nil, fmt.Errorf("symmetry: %s", why)
		}
	}
	start := time.Now()
	r := &Report{Config: c, Symmetry: o.Symmetry, Findings: make([]Finding, len(properties))}
	var tasks, wholes []*task
	var live []*Finding // on liveness
	var remember invariants.Monitors
	for i, p := range properties {
		f := &r.Findings[i]
		f.Property = p
		if p.Applies != nil {
			if f.Reason = p.Applies(c); f.Reason != "" {
				f.Verdict = NotApplicable
				continue
			}
		}
		if p.Liveness != nil {
			for _, c := range p.Liveness.Conditions() {
				remember |= c.Needs
			}
			live = append(live, f)
			continue
		}
		t := &task{finding: f, bad: p.Patterns(c)}
		if p.Premise != nil {
			t.premise = p.Premise(c)
		}
		for _, pat := range t.patterns() {
			remember |= pat.Needs
		}
		if p.Whole != nil {
			remember |= p.Whole.Needs
		}
		if p.Whole != nil && len(t.bad) == 0 {
			wholes = append(wholes, t)
			continue
		}
		tasks = append(tasks, t)
	}
	if o.Checkpoint != nil && (len(live)+len(wholes) > 0 || fitting(tasks) < len(tasks)) {
		return nil, ErrOneSearch
	}
	for first := len(live) == 0 && len(wholes) == 0; first || len(tasks) > 0; first = false {
		n := fitting(tasks)
		if r.Result, err = search(ctx, y, tasks[:n], remember, o); err != nil {
			return nil, err
		}
		tasks = tasks[n:]
	}
	for len(live) > 0 {
		var n int
		if n, r.Result, err = judgeRuns(ctx, y, live, remember, o); err != nil {
			return nil, err
		}
		live = live[n:]
	}
	if r.Whole = len(wholes); r.Whole > 0 {
		before := r.Result.Incomplete
		if r.Result, err = searchWhole(ctx, y, wholes, remember, o); err != nil {
			return nil, err
		}
		r.Result.Incomplete = union(r.Result.Incomplete, before)
	}
	for i := range r.Findings {
		f := &r.Findings[i]
		if f.Verdict == Violated && f.Property.Liveness == nil && f.Trace != nil {
			if f.Trace.Doomed, err = doomed(ctx, f.Property, f.Trace); err != nil {
				return nil, fmt.Errorf("property %s: %w", f.Property.Name, err)
			}
		}
	}
	r.Remembers, r.Time = remember != 0, time.Since(start)
	return r, nil
}

// fitting is how many of the tasks one search can judge.
func fitting(tasks []*task) int {
	var all []invariants.Pattern
	for i, t := range tasks {
		if all = t.place(all); 2*len(all) > explore.MaxWatches && i > 0 {
			return i
		}
	}
	return len(tasks)
}

// search explores the system once, and judges the tasks. Whatever they are, what
// is remembered makes the states of all searches the same.
func search(ctx context.Context, y *model.System, tasks []*task, remember invariants.Monitors, o Options) (explore.Result, error) {
	var all []invariants.Pattern
	for _, t := range tasks {
		all = t.place(all)
	}
	p := join.New(y, all)
	p.Monitors |= remember
	if o.Symmetry {
		p.UseSymmetry()
	}
	if o.UntilFound {
		o.Enough = func(found func(int) bool) bool {
			for _, t := range tasks {
				seen := func(at int) bool { return found(2*at) || found(2*at+1) }
				if !slices.ContainsFunc(t.badAt, seen) {
					return false
				}
			}
			return true
		}
	}
	if o.Checkpoint != nil {
		c, err := checkpoint(p, *o.Checkpoint, tasks)
		if err != nil {
			return explore.Result{}, err
		}
		o.Checkpoint = &c
	}
	e, err := product.Explore(ctx, &p.Product, o.Options)
	if err != nil {
		return explore.Result{}, err
	}
	var shown []int // the watches whose traces are wanted
	for _, t := range tasks {
		t.judge(e)
		if !o.NoTraces {
			shown = append(shown, t.watches...)
		}
	}
	lights := e.Lightest(shown, p.Weigh)
	for _, t := range tasks {
		if path, ok := join.Lightest(lights, t.watches); ok {
			if t.finding.Trace, err = p.Trace(path); err != nil {
				return explore.Result{}, fmt.Errorf("property %s: %w", t.finding.Property.Name, err)
			}
		}
	}
	return e.Result, nil
}

// A task is a property to be judged, with its patterns and where they stand in
// the list of all.
type task struct {
	finding          *Finding
	bad, premise     []invariants.Pattern
	badAt, premiseAt []int
	watches          []int // those that saw what the property is about after the fewest steps
}

func (t *task) patterns() []invariants.Pattern { return slices.Concat(t.bad, t.premise) }

// place puts the task's patterns into the list of all, and keeps where they stand.
func (t *task) place(all []invariants.Pattern) []invariants.Pattern {
	all, t.badAt = join.Place(all, t.bad)
	all, t.premiseAt = join.Place(all, t.premise)
	return all
}

func (t *task) judge(e *product.Explored) {
	f := t.finding
	t.watches, f.Steps = join.FirstSeen(e, t.badAt...)
	premises, _ := join.FirstSeen(e, t.premiseAt...)
	f.conclude(len(t.watches) > 0, len(t.premise) > 0 && len(premises) == 0, &e.Result)
}

// conclude is the verdict, if what the property is about was found, or not even
// an occasion for it.
func (f *Finding) conclude(found, noOccasion bool, r *explore.Result) {
	switch {
	case found && f.Property.Witness:
		f.Verdict = Reached
	case found:
		f.Verdict = Violated
	case !r.Complete():
		f.Verdict = Unknown
		f.Reason = strings.Join(r.Incomplete, ", ")
	case f.Property.Witness:
		f.Verdict = Unreachable
	case noOccasion:
		f.Verdict = Vacuous
	}
}

// union is two sorted lists as one.
func union(x, y []string) []string {
	all := slices.Concat(x, y)
	slices.Sort(all)
	return slices.Compact(all)
}

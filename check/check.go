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
	"tcpclose/trace"
)

// Options of a check.
type Options struct {
	product.Options
	// NoTraces leaves traces out; they cost time.
	NoTraces bool
	// Besides lists assumptions in addition to those that a liveness property needs,
	// Without those that are not made, whatever it needs.
	Besides, Without []*invariants.Assumption
	// UntilFound stops as soon as every property is violated or reached.
	UntilFound bool
	// Symmetry keeps one of two states in which a and b have changed places. Verdicts
	// and traces are those of the full search; states and steps are counted as kept.
	// It is an error where there is an Asymmetry.
	Symmetry bool
	// Otherwise is other configurations, for each of which Report.Same tells whether
	// everything that was explored is the same in it.
	Otherwise []model.Config
	// Unlimited checks the networks of all capacities at once. The configuration's own is
	// where shortest runs are looked for first that depend on it. States and steps are
	// counted of a network that stands for all, as they are kept. What cannot be checked
	// so is a [NeedsCapacity].
	Unlimited bool
	// After, if it is not nil, is a run of the configuration: the verdicts are on how it
	// goes on. Finding.Steps counts from its end, and traces are whole runs.
	After *trace.Trace
	// Engine, if it is not nil, carries out the searches in place of package product. It can
	// do so for properties of states and steps by patterns; see [ErrEngine].
	Engine Engine
}

// Check explores the system of c and gives the verdict on each of properties. If
// none of them reads what monitors keep, the states are those of the model alone. If
// ctx ends, the verdicts are what is known by then. What is wrong with a property is
// an error; see [invariants.Property.Validate].
func Check(ctx context.Context, c model.Config, properties []*invariants.Property, o Options) (*Report, error) {
	y, err := model.NewSystem(c)
	if err != nil {
		return nil, err
	}
	if err := invariants.ValidateAll(c, properties); err != nil {
		return nil, err
	}
	for _, a := range o.Besides {
		if err := a.Validate(); err != nil {
			return nil, err
		}
	}
	if o.Symmetry {
		if why := Asymmetry(c, properties); why != "" {
			return nil, fmt.Errorf("symmetry: %s", why)
		}
	}
	if err := o.refuse(c, properties); err != nil {
		return nil, err
	}
	if err := o.refuseAfter(c, properties); err != nil {
		return nil, err
	}
	if o.Engine != nil {
		if err := o.refuseEngine(properties); err != nil {
			return nil, err
		}
	}
	var others []*model.System
	for _, c := range o.Otherwise {
		other, err := model.NewSystem(c)
		if err != nil {
			return nil, err
		}
		others = append(others, other)
	}
	start := time.Now()
	var j *job
	run, err := join.Again(newJob(y, properties, o).hint(), func(run invariants.Monitors) (invariants.Monitors, error) {
		j = newJob(y, properties, o)
		j.run, j.others = run, others
		return j.check(ctx)
	})
	if err != nil {
		return nil, err
	}
	for i := range j.report.Findings {
		f := &j.report.Findings[i]
		if f.Verdict == Violated && f.Property.Liveness == nil && f.Property.Alike == nil && f.Trace != nil {
			if f.Trace.Inevitable, err = inevitable(ctx, f.Property, f.Trace); err != nil {
				return nil, fmt.Errorf("property %s: %w", f.Property.Name, err)
			}
		}
	}
	j.report.Same = j.same()
	j.report.Remembers, j.report.Time = run != invariants.NoMonitors, time.Since(start)
	return j.report, nil
}

// A job is the properties of a check, by how they are checked.
type job struct {
	system  *model.System
	options Options
	run     invariants.Monitors
	report  *Report
	tasks   []*task    // patterns, part by part
	runs    []*Finding // whole runs
	wholes  []*task    // whole states
	alikes  []*Finding // two configurations
	others  []*model.System
	trials  [][]*join.Trial // of each of others, one for each search

	searches int // by another engine, so far
}

// newJob sorts the properties; those that do not apply are checked by that.
func newJob(y *model.System, properties []*invariants.Property, o Options) *job {
	c := y.Config
	j := &job{system: y, options: o, report: &Report{Config: c, Symmetry: o.Symmetry, Unlimited: o.Unlimited, Findings: make([]Finding, len(properties))}}
	for i, p := range properties {
		f := &j.report.Findings[i]
		f.Property = p
		if p.Applies != nil {
			if f.Reason = p.Applies(c); f.Reason != "" {
				f.Verdict = NotApplicable
				continue
			}
		}
		if p.Liveness != nil {
			j.runs = append(j.runs, f)
			continue
		}
		if p.Alike != nil {
			if f.Reason = o.compares(); f.Reason != "" {
				f.Verdict = NotApplicable
			} else {
				j.alikes = append(j.alikes, f)
			}
			continue
		}
		t := &task{finding: f, bad: p.PatternsIn(c)}
		if p.Premise != nil {
			t.premise = p.Premise(c)
		}
		if len(t.bad) == 0 {
			j.wholes = append(j.wholes, t)
			continue
		}
		j.tasks = append(j.tasks, t)
	}
	return j
}

// hint returns the monitors that the properties ask for.
func (j *job) hint() (n invariants.Monitors) {
	for _, t := range slices.Concat(j.tasks, j.wholes) {
		n |= join.Hint(t.patterns())
		if w := t.finding.Property.Whole; w != nil {
			n |= w.Needs
		}
	}
	for _, f := range j.runs {
		n |= join.Hint(join.Conditions{}.Assuming(j.options.Besides).With(f.Property.Liveness).Patterns())
	}
	return n
}

// check checks all properties, in as many searches as needed, unless a monitor is missing. The
// states of all searches are the same.
func (j *job) check(ctx context.Context) (missing invariants.Monitors, err error) {
	r := j.report
	if j.options.Engine != nil && len(j.runs)+len(j.wholes) > 0 {
		return 0, ErrEngine
	}
	if j.options.Checkpoint != nil && (len(j.runs)+len(j.wholes) > 0 || fitting(j.tasks) < len(j.tasks)) {
		return 0, ErrOneSearch
	}
	tasks := j.tasks
	for first := len(j.runs) == 0 && len(j.wholes) == 0; first || len(tasks) > 0; first = false {
		n := fitting(tasks)
		search := j.search
		if j.options.Unlimited {
			search = j.searchUnlimited
		}
		var e explore.Result
		if e, missing, err = search(ctx, tasks[:n]); missing != 0 || err != nil {
			return missing, err
		}
		r.explored(e)
		tasks = tasks[n:]
	}
	for runs := j.runs; len(runs) > 0; {
		n := j.fittingRuns(runs, join.Conditions.Watchable)
		var e explore.Result
		if e, missing, err = j.searchRuns(ctx, runs[:n]); missing != 0 || err != nil {
			return missing, err
		}
		r.explored(e)
		runs = runs[n:]
	}
	if missing, err = j.searchClasses(ctx); missing != 0 || err != nil {
		return missing, err
	}
	if r.Whole = len(j.wholes); r.Whole > 0 {
		var e explore.Result
		if e, missing, err = j.searchWhole(ctx); missing != 0 || err != nil {
			return missing, err
		}
		r.explored(e)
	}
	return 0, j.compareAlikes(ctx)
}

// explored notes the result of one of the searches. What one has not seen was not explored,
// also if another saw it: one can run out of memory, or of time, and the next complete.
func (r *Report) explored(e explore.Result) {
	before := r.Result.Incomplete
	r.Result = e
	r.Result.Incomplete = union(e.Incomplete, before)
}

// fitting returns how many of the tasks one search can check.
func fitting(tasks []*task) int {
	var all []invariants.Pattern
	for i, t := range tasks {
		if all = t.place(all); 2*len(all) > explore.MaxWatches && i > 0 {
			return i
		}
	}
	return len(tasks)
}

// search explores the system once, part by part, and checks the tasks.
func (j *job) search(ctx context.Context, tasks []*task) (r explore.Result, missing invariants.Monitors, err error) {
	var all []invariants.Pattern
	for _, t := range tasks {
		all = t.place(all)
	}
	p, o := join.New(j.system, all), j.options
	p.Monitors |= j.run
	p.Begin(o.After)
	j.try(p)
	ctx, p.Stop = context.WithCancel(ctx)
	defer p.Stop()
	if o.Symmetry {
		p.UseSymmetry()
	}
	if o.UntilFound {
		o.Enough = func(found func(int) bool) bool {
			for _, t := range tasks {
				seen := func(at int) bool { return found(2*at) || found(2*at+1) }
				if !slices.ContainsFunc(t.badAt, seen) && !slices.ContainsFunc(t.unnotedAt, seen) {
					return false
				}
			}
			return true
		}
	}
	if o.Checkpoint != nil {
		c, err := checkpoint(p, *o.Checkpoint, tasks)
		if err != nil {
			return r, 0, err
		}
		o.Checkpoint = &c
	}
	e, err := j.explore(ctx, p, tasks, o.Options)
	if err != nil {
		return r, 0, err
	}
	j.report.Unkept = e.Unkept
	if missing, pattern := p.Missing(); missing != 0 {
		if o.Checkpoint != nil {
			err = undeclared(tasks, pattern, missing)
		}
		return r, missing, err
	}
	if err = show(p, e, tasks, !o.NoTraces); err == nil && ctx.Err() == nil {
		err = e.Lost() // of a search that was stopped there may be no traces
	}
	return e.Result, 0, err
}

// try adds trials to a search.
func (j *job) try(p *join.Product) {
	var list []*join.Trial
	for _, other := range j.others {
		list = append(list, p.Try(other))
	}
	j.trials = append(j.trials, list)
}

// same returns for each other configuration whether everything is the same in it, as far
// as that is known: a search that did not see all, or that went on, does not tell.
func (j *job) same() []bool {
	list := make([]bool, len(j.others))
	resumed := j.options.Checkpoint != nil && j.options.Checkpoint.Resume
	for i := range list {
		list[i] = len(j.trials) > 0 && j.report.Result.Complete() && !resumed && !j.options.UntilFound
		for _, trials := range j.trials {
			list[i] = list[i] && trials[i].Same()
		}
	}
	return list
}

// show checks the tasks by what was seen, with traces if they are wanted.
func show(p *join.Product, e *product.Explored, tasks []*task, traces bool) (err error) {
	var shown []int // the watches whose traces are wanted
	for _, t := range tasks {
		t.check(e)
		if traces {
			shown = append(shown, t.watches...)
		}
	}
	lights := e.Lightest(shown, p.Weigh)
	for _, t := range tasks {
		if path, ok := join.Lightest(lights, t.watches); ok {
			if t.finding.Trace, err = p.Trace(path); err != nil {
				return fmt.Errorf("property %s: %w", t.finding.Property.Name, err)
			}
		}
	}
	return nil
}

// A task is a property to be checked, with its patterns and their places in
// the list of all.
type task struct {
	finding          *Finding
	bad, premise     []invariants.Pattern
	badAt, premiseAt []int
	watches          []int // those that saw what the property is about after the fewest steps

	// Where the property is checked by classes: what sorts the parts, and the patterns
	// that occur where a class was not noted.
	classes   invariants.Classes
	unnoted   []invariants.Pattern
	unnotedAt []int
	stray     bool // one of them occurs where that may matter
}

func (t *task) patterns() []invariants.Pattern { return slices.Concat(t.bad, t.premise) }

// place puts the task's patterns into the list of all, and keeps where they stand.
func (t *task) place(all []invariants.Pattern) []invariants.Pattern {
	all, t.badAt = join.Place(all, t.bad)
	all, t.premiseAt = join.Place(all, t.premise)
	all, t.unnotedAt = join.Place(all, t.unnoted)
	return all
}

func (t *task) check(e *product.Explored) {
	f := t.finding
	t.watches, f.Steps = join.FirstSeen(e, t.badAt...)
	premises, _ := join.FirstSeen(e, t.premiseAt...)
	if strays, after := join.FirstSeen(e, t.unnotedAt...); len(strays) > 0 {
		t.stray = len(t.watches) == 0 || after <= f.Steps
	}
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

// union returns two sorted lists as one.
func union(x, y []string) []string {
	all := slices.Concat(x, y)
	slices.Sort(all)
	return slices.Compact(all)
}

package invariants

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"tcpclose/explore"
	"tcpclose/model"
)

// A Verdict is what is known of a property. Nothing is said of runs that were
// not explored.
type Verdict uint8

const (
	// Holds: every run of the configuration was explored, and none breaks it.
	Holds Verdict = iota
	// Violated: there is a run that breaks it.
	Violated
	// Unknown: no run was found that breaks it, but not all were explored.
	Unknown
	// Vacuous: all runs were explored, and none gives the property an occasion.
	Vacuous
	// NotApplicable: the property says nothing about the configuration.
	NotApplicable
	// Reached: of a witness, that there is such a run.
	Reached
	// Unreachable: all runs were explored, and there is none.
	Unreachable
	// Zeno: of a liveness property, that all runs that break it are Zeno runs, in
	// which endlessly much happens while time stands still.
	Zeno
)

var verdictNames = [...]string{"holds", "violated", "unknown", "vacuous", "not applicable", "reached", "unreachable", "zeno"}

func (v Verdict) String() string {
	if int(v) >= len(verdictNames) {
		return fmt.Sprintf("Verdict(%d)", uint8(v))
	}
	return verdictNames[v]
}

// MarshalText is the verdict's name.
func (v Verdict) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// A Finding is the verdict on one property.
type Finding struct {
	Property *Property
	Verdict  Verdict
	// Reason says why a verdict is Unknown or NotApplicable.
	Reason string
	// Steps is how many steps lead to what breaks the property or shows the
	// witness, at the least.
	Steps int
	// Trace is a shortest run that breaks the property, or that shows the witness:
	// of all shortest ones one in which the network does least, of these one in which
	// the two ends take turns least often, and of these the first. Of a liveness property it is a run for ever, and short,
	// though there may be a shorter one.
	Trace *Trace
	// Assumed is what the verdict on a liveness property assumes, Dropped what the
	// property needs and was not assumed.
	Assumed, Dropped []*Assumption
	// RuledOutBy is the assumptions, made by the property or not, of which each
	// would rule out Trace. There may be another run all the same.
	RuledOutBy []*Assumption
}

// A Report is the outcome of a check.
type Report struct {
	Config model.Config
	Result explore.Result
	// Remembers: some property needed monitors, so that the states are those of
	// the model and of what they remember together.
	Remembers bool
	// Whole is how many properties were judged on whole states.
	Whole int
	// Symmetry: of two states in which a and b have changed places one is counted.
	Symmetry bool
	Time     time.Duration
	Findings []Finding // in the order in which the properties were given
}

// Options of a check.
type Options struct {
	explore.Options
	// NoTraces leaves traces out; they cost time.
	NoTraces bool
	// Besides is what is assumed besides what a liveness property needs, Without
	// what is not assumed, whatever it needs.
	Besides, Without []*Assumption
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
func Check(ctx context.Context, c model.Config, properties []*Property, o Options) (*Report, error) {
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
	var remember needs
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
			for _, c := range p.Liveness.conditions() {
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
		if p.asked != nil {
			remember |= p.asked.needs
		}
		if p.asked != nil && len(t.bad) == 0 {
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
	var all []Pattern
	for i, t := range tasks {
		if all = t.place(all); 2*len(all) > explore.MaxWatches && i > 0 {
			return i
		}
	}
	return len(tasks)
}

// search explores the system once, and judges the tasks. Whatever they are, what
// is remembered makes the states of all searches the same.
func search(ctx context.Context, y *model.System, tasks []*task, remember needs, o Options) (explore.Result, error) {
	var all []Pattern
	for _, t := range tasks {
		all = t.place(all)
	}
	p := newProduct(y, all)
	p.needs |= remember
	if o.Symmetry {
		p.Exchange = p.exchange()
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
		c, err := p.checkpoint(*o.Checkpoint, tasks)
		if err != nil {
			return explore.Result{}, err
		}
		o.Checkpoint = &c
	}
	e, err := explore.ExploreProduct(ctx, &p.Product, o.Options)
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
	lights := e.Lightest(shown, p.weigh)
	for _, t := range tasks {
		if path, ok := least(lights, t.watches); ok {
			if t.finding.Trace, err = p.trace(path); err != nil {
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
	bad, premise     []Pattern
	badAt, premiseAt []int
	watches          []int // those that saw what the property is about after the fewest steps
}

func (t *task) patterns() []Pattern { return slices.Concat(t.bad, t.premise) }

// place puts the task's patterns into the list of all, and keeps where they stand.
func (t *task) place(all []Pattern) []Pattern {
	put := func(list []Pattern) (at []int) {
		for _, pat := range list {
			i := len(all)
			if pat.Name != "" {
				if j := slices.IndexFunc(all, func(q Pattern) bool { return q.Name == pat.Name }); j >= 0 {
					i = j
				}
			}
			if i == len(all) {
				all = append(all, pat)
			}
			at = append(at, i)
		}
		return at
	}
	t.badAt, t.premiseAt = put(t.bad), put(t.premise)
	return all
}

// first is the watches, of the patterns at these places, that see something after
// the fewest steps, and how many these are.
func first(e *explore.ExploredProduct, at ...int) (watches []int, fewest int) {
	for _, place := range at {
		for _, self := range model.Sides {
			i := 2*place + int(self)
			steps, ok := e.Found(i)
			switch {
			case !ok || len(watches) > 0 && steps > fewest:
			case len(watches) > 0 && steps == fewest:
				watches = append(watches, i)
			default:
				watches, fewest = []int{i}, steps
			}
		}
	}
	return watches, fewest
}

// least is the lightest path, of those to what watches see; of several that one
// whose steps come first.
func least(lights map[int]explore.Light[explore.Tuple, explore.Pick], watches []int) (path explore.Path[explore.Tuple, explore.Pick], ok bool) {
	var best explore.Light[explore.Tuple, explore.Pick]
	for _, i := range watches {
		l, found := lights[i]
		if found && (!ok || cmp.Or(l.Load.Compare(best.Load), slices.CompareFunc(l.Path.Actions, best.Path.Actions, comparePicks)) < 0) {
			best, ok = l, true
		}
	}
	return best.Path, ok
}

// comparePicks orders the steps from a state.
func comparePicks(p, q explore.Pick) int {
	return cmp.Or(cmp.Compare(p.Route, q.Route), cmp.Compare(p.Move, q.Move))
}

func (t *task) judge(e *explore.ExploredProduct) {
	f := t.finding
	t.watches, f.Steps = first(e, t.badAt...)
	premises, _ := first(e, t.premiseAt...)
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

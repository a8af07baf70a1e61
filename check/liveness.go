package check

import (
	"cmp"
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

// A runSearch is a search whose runs are checked.
type runSearch struct {
	*join.Product
	join.Conditions
	explored *product.Explored
	runs     *explore.Runs[product.Tuple, product.Pick]
	options  Options
}

// conditions returns what a graph has to show for the findings.
func (j *job) conditions(findings []*Finding) join.Conditions {
	c := join.Conditions{}.Assuming(j.options.Besides)
	for _, f := range findings {
		c = c.With(f.Property.Liveness)
	}
	return c
}

// fittingRuns returns how many of the findings fit, at least one.
func (j *job) fittingRuns(findings []*Finding, fits func(join.Conditions) bool) int {
	n := 1
	for n < len(findings) && fits(j.conditions(findings[:n+1])) {
		n++
	}
	return n
}

// searchRuns explores the system once, and checks what is said of whole runs.
func (j *job) searchRuns(ctx context.Context, findings []*Finding) (r explore.Result, missing invariants.Monitors, err error) {
	c := j.conditions(findings)
	t := &runSearch{Product: join.New(j.system, c.Patterns()), Conditions: c, options: j.options}
	t.Monitors |= j.run
	j.try(t.Product)
	outer := ctx
	ctx, t.Stop = context.WithCancel(ctx)
	defer t.Stop()
	if err := t.explore(ctx, j, findings); err != nil {
		return r, 0, err
	}
	if missing, _ := t.Missing(); missing != 0 {
		return r, missing, nil
	}
	r = t.explored.Result
	if why := join.EndedBy(outer); why != "" && !slices.Contains(r.Incomplete, why) && slices.ContainsFunc(findings, unknown) {
		r.Incomplete = append(slices.Clip(r.Incomplete), why) // all was explored, but not checked
		slices.Sort(r.Incomplete)
	}
	return r, 0, nil
}

// explore explores the system and checks the findings of j, unless a monitor is missing.
func (t *runSearch) explore(ctx context.Context, j *job, findings []*Finding) (err error) {
	options := t.options.Options
	options.Ignore = t.unasked(findings)
	if t.explored, err = product.Explore(ctx, &t.Product.Product, options); err != nil {
		return err
	}
	if missing, _ := t.Missing(); missing != 0 {
		return nil
	}
	// A graph has room for fewer conditions than a search.
	for len(findings) > 0 {
		n := j.fittingRuns(findings, join.Conditions.Fits)
		watches, groups := t.Conditions.Watches(j.conditions(findings[:n]))
		if t.runs, err = t.explored.Runs(ctx, watches, groups...); err != nil {
			return err
		}
		for _, f := range findings[:n] {
			check := t.check
			if f.Property.Liveness.Formula == nil {
				check = t.checkReachable
			}
			if err := check(ctx, f); err != nil {
				return fmt.Errorf("property %s: %w", f.Property.Name, err)
			}
		}
		findings = findings[n:]
	}
	return nil
}

// unasked returns the watches of conditions that are no occasion: what is asked of the
// search is whether there was one.
func (t *runSearch) unasked(findings []*Finding) (watches product.Bits) {
	for _, x := range t.Conditions {
		if slices.ContainsFunc(findings, func(f *Finding) bool { return f.Property.Liveness.Occasion == x }) {
			continue
		}
		for side := range model.Sides {
			watches = watches.Or(product.Bit(t.Watch(x) + side))
		}
	}
	return watches
}

func unknown(f *Finding) bool { return f.Verdict == Unknown }

// check checks a formula, for each side. If there is a run that breaks it for
// either, the shortest of those that were found is shown.
func (t *runSearch) check(ctx context.Context, f *Finding) error {
	l := f.Property.Liveness
	question := explore.Liveness{Ticks: []int{t.Watch(invariants.TimePasses.Step)}}
	for _, a := range slices.Concat(l.Assumes, t.options.Besides) {
		switch {
		case slices.Contains(f.Assumed, a):
		case slices.Contains(t.options.Without, a):
			f.Dropped = append(f.Dropped, a)
		default:
			f.Assumed = append(f.Assumed, a)
			question.Fair = append(question.Fair, a.Fairness(&t.Model.Config, t.Watch)...)
		}
	}
	var outs []explore.Outcome[product.Tuple, product.Pick]
	for _, side := range sidesOf(l) {
		question.Formula = l.Formula(t.View(side), t.View(side.Peer()))
		out, err := t.runs.Check(ctx, question)
		if err != nil {
			return err
		}
		outs = append(outs, out)
	}
	// The worst first.
	worst := []explore.Verdict{explore.Violated, explore.Zeno, explore.Unknown, explore.Holds}
	out := slices.MinFunc(outs, func(x, y explore.Outcome[product.Tuple, product.Pick]) int {
		events := func(o explore.Outcome[product.Tuple, product.Pick]) int {
			if o.Lasso == nil {
				return 0
			}
			return len(o.Lasso.Actions)
		}
		return cmp.Or(cmp.Compare(slices.Index(worst, x.Verdict), slices.Index(worst, y.Verdict)), cmp.Compare(events(x), events(y)))
	})
	t.conclude(f, out.Verdict, out.Incomplete)
	if f.Verdict == Holds && l.Instant {
		return t.hint(ctx, f, question)
	}
	if f.Verdict != Violated && f.Verdict != Zeno {
		return nil
	}
	f.Steps = len(out.Lasso.Actions)
	for _, a := range invariants.Assumptions {
		unfair, err := t.runs.Unfair(out.Lasso, a.Fairness(&t.Model.Config, t.Watch))
		if err != nil {
			return err
		}
		if len(unfair) > 0 {
			f.RuledOutBy = append(f.RuledOutBy, a)
		}
	}
	return t.show(f, out.Lasso.Path, out.Lasso.Loop)
}

// sidesOf returns the sides of which the property has to hold.
func sidesOf(l *invariants.Liveness) []model.Side {
	if l.Joint {
		return model.Sides[:1]
	}
	return model.Sides[:]
}

// hint says of a property that holds if it does so only because every segment is
// delivered within a tick, or not at all: the run that breaks it then takes no time.
func (t *runSearch) hint(ctx context.Context, f *Finding, question explore.Liveness) error {
	c := &t.Model.Config
	if c.Delay.In(c.MSL) != 1 || c.Duplicate == model.Unlimited || // copies without end are no exchange
		!slices.Contains(f.Assumed, invariants.TimePasses) {
		return nil
	}
	question.Fair = nil
	for _, a := range f.Assumed {
		if a != invariants.TimePasses {
			question.Fair = append(question.Fair, a.Fairness(c, t.Watch)...)
		}
	}
	out, err := t.runs.Check(ctx, question)
	if err == nil && out.Verdict == explore.Zeno {
		f.Reason = "but an exchange that takes no time breaks it, as segments arrive within a tick: -without time shows it, a longer -delay may give it time"
	}
	return err
}

// checkReachable checks what can be reached. Of several verdicts that counts which is
// worse, and of two runs that do not get there the shorter.
func (t *runSearch) checkReachable(ctx context.Context, f *Finding) error {
	var verdict explore.Verdict
	var stuck explore.Path[product.Tuple, product.Pick]
	for i, side := range sidesOf(f.Property.Liveness) {
		v, path, err := t.runs.CanAlwaysReach(ctx, t.Watch(f.Property.Liveness.Reachable)+int(side))
		if err != nil {
			return err
		}
		shorter := v == explore.Violated && (verdict != explore.Violated || len(path.Actions) < len(stuck.Actions))
		if i == 0 || shorter || verdict == explore.Holds {
			verdict, stuck = v, path
		}
	}
	incomplete := t.runs.Incomplete
	if why := join.EndedBy(ctx); why != "" && len(incomplete) == 0 {
		incomplete = []string{why}
	}
	t.conclude(f, verdict, incomplete)
	if f.Verdict != Violated {
		return nil
	}
	f.Steps = len(stuck.Actions)
	return t.show(f, stuck, -1)
}

// conclude is the verdict on f.
func (t *runSearch) conclude(f *Finding, v explore.Verdict, incomplete []string) {
	switch v {
	case explore.Violated:
		f.Verdict = Violated
	case explore.Zeno:
		f.Verdict = Zeno
	case explore.Unknown:
		f.Verdict, f.Reason = Unknown, strings.Join(incomplete, ", ")
	case explore.Holds:
		if occasion := f.Property.Liveness.Occasion; occasion != nil && !t.seen(occasion) {
			f.Verdict = Vacuous
		}
	}
}

// seen reports whether c was seen with some side as self.
func (t *runSearch) seen(c *invariants.Condition) bool {
	for _, side := range model.Sides {
		if _, ok := t.explored.Found(t.Watch(c) + int(side)); ok {
			return true
		}
	}
	return false
}

// show adds the run to f.
func (t *runSearch) show(f *Finding, path explore.Path[product.Tuple, product.Pick], loop int) (err error) {
	if t.options.NoTraces {
		return nil
	}
	if f.Trace, err = t.Trace(path); err == nil {
		f.Trace.Loop = loop
	}
	return err
}

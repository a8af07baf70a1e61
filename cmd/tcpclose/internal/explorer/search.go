package explorer

import (
	"context"
	"slices"
	"time"

	"tcpclose/ask"
	"tcpclose/check"
	"tcpclose/explore"
	"tcpclose/explore/product"
	"tcpclose/internal/lang"
	"tcpclose/invariants"
)

// Limits bound each search. A zero field sets no limit.
type Limits struct {
	Time    time.Duration
	Memory  int64 // bytes of the process
	States  int
	Workers int
}

// NewEngine returns an Engine whose searches are bounded by limits.
func NewEngine(l Limits) *Engine { return &Engine{limits: l} }

// options returns those of a search, which tells its progress.
func (e *Engine) options(progress func(Progress)) product.Options {
	start := time.Now()
	o := product.Options{Workers: e.limits.Workers, Limits: explore.Limits{States: e.limits.States}, MaxMemory: e.limits.Memory}
	if progress != nil {
		o.Progress = func(p explore.Progress) {
			progress(Progress{p.Distinct, p.Depth, p.Memory, time.Since(start).Seconds()})
		}
	}
	return o
}

// within returns a context that ends when a search has taken too long.
func (e *Engine) within(ctx context.Context) (context.Context, context.CancelFunc) {
	if e.limits.Time == 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, e.limits.Time)
}

// from returns the run to a place from which a search goes on.
func (e *Engine) from(p Place) (*run, error) {
	r, err := e.follow(p.Setup, p.Path)
	if err == nil && r.Counted {
		err = lang.Errorf("after a run: want one of a network that does not count")
	}
	return r, err
}

// Toward returns the shortest run on from a place.
func (e *Engine) Toward(ctx context.Context, q TowardRequest, progress func(Progress)) (*Toward, error) {
	r, err := e.from(q.Place)
	if err != nil {
		return nil, err
	}
	var p *invariants.Property
	switch {
	case q.Property != "" && q.Expr != "":
		return nil, lang.Errorf("want a property or an expression, not both")
	case q.Property != "":
		if p, err = invariants.Find(q.Property); err != nil {
			return nil, err
		}
	default:
		question, err := ask.Parse(q.Expr)
		if err != nil {
			return nil, err
		}
		p = question.Seek()
	}
	ctx, cancel := e.within(ctx)
	defer cancel()
	o := check.Options{Options: e.options(progress), UntilFound: true, After: r.trace}
	report, err := check.Check(ctx, r.config, []*invariants.Property{p}, o)
	if err != nil {
		return nil, err
	}
	f := &report.Findings[0]
	t := &Toward{Path: r.path(), States: report.Result.Distinct, Incomplete: []string{}}
	if f.Trace != nil {
		t.Found, t.Steps, t.Path = true, f.Steps, pathOf(f.Trace)
		return t, nil
	}
	t.Incomplete = append(t.Incomplete, report.Result.Incomplete...)
	return t, nil
}

// Check returns the verdicts on properties of a configuration.
func (e *Engine) Check(ctx context.Context, q CheckRequest, progress func(Progress)) (*Checked, error) {
	l, err := language(q.Lang)
	if err != nil {
		return nil, err
	}
	s, err := q.Setup.read()
	if err != nil {
		return nil, err
	}
	list, err := asked(s, &q)
	if err != nil {
		return nil, err
	}
	ctx, cancel := e.within(ctx)
	defer cancel()
	r, err := check.Check(ctx, s.config, list, check.Options{Options: e.options(progress)})
	if err != nil {
		return nil, err
	}
	c := &Checked{
		States: r.Result.Distinct, Generated: r.Result.Generated, Depth: r.Result.Depth, Seconds: r.Time.Seconds(),
		Incomplete: append([]string{}, r.Result.Incomplete...), Findings: []Finding{},
	}
	for i := range r.Findings {
		c.Findings = append(c.Findings, finding(s, &r.Findings[i], l))
	}
	return c, nil
}

// asked returns the properties that a request is about.
func asked(s *setting, q *CheckRequest) (list []*invariants.Property, err error) {
	if len(q.Ask) > maxAsked {
		return nil, lang.Errorf("%d expressions: want at most %d", len(q.Ask), maxAsked)
	}
	switch {
	case q.Properties != nil:
		if list, err = propertiesOf(q.Properties); err != nil {
			return nil, err
		}
	case len(q.Ask) > 0:
	case q.Kind == "" || q.Kind == "property":
		list = invariants.PropertiesOf(s.config.Between.Box != nil)
	case q.Kind == "liveness":
		list = invariants.LivenessProperties
	case q.Kind == "witness":
		list = invariants.Witnesses
	default:
		return nil, lang.Errorf("%q: want property, liveness or witness", q.Kind)
	}
	list = slices.Clone(list)
	for _, each := range q.Ask {
		question, err := ask.Parse(each.Text)
		if err != nil {
			return nil, err
		}
		switch each.Kind {
		case "seek":
			list = append(list, question.Seek())
		case "always":
			list = append(list, question.Always())
		case "never":
			list = append(list, question.Never())
		case "eventually":
			list = append(list, question.Eventually())
		default:
			return nil, lang.Errorf("%q: want seek, always, never or eventually", each.Kind)
		}
	}
	return list, nil
}

// finding returns a verdict as the API has it.
func finding(s *setting, f *check.Finding, l lang.Language) Finding {
	g := Finding{
		Name: f.Property.Name, Sentence: l.Say(f.Property.Sentence), Verdict: f.Verdict.String(), Says: l.Say(f.Verdict.String()),
		Reason: l.Say(f.Reason), Steps: f.Steps, Loop: -1, Assumed: []string{},
	}
	if e, known := expected(s, f.Property); known && f.Property.Source != "asked" && e.Verdict == f.Verdict {
		g.Known, g.Why = true, l.Say(e.Why)
	}
	g.Change = change(s, f)
	for _, a := range f.Assumed {
		g.Assumed = append(g.Assumed, a.Name)
	}
	if f.Trace != nil {
		at := s.of(f.Trace)
		g.Setup, g.Path, g.Loop = &at, pathOf(f.Trace), f.Trace.Loop
	}
	return g
}

// change returns what the fields that differ have made of a property, where it is known
// what holds without them: worse, better, or silenced if nothing gives it an occasion any
// more; else "".
func change(s *setting, f *check.Finding) string {
	if s.base.Preset == nil || !s.base.IsKnown() || len(s.Fields) == 0 || f.Property.Witness || f.Property.Source == "asked" {
		return ""
	}
	broken := func(v check.Verdict) bool { return v == check.Violated || v == check.Zeno }
	was, is := s.base.Preset.Expects(f.Property).Verdict, f.Verdict
	switch {
	case broken(is) && !broken(was):
		return "worse"
	case broken(was) && is == check.Holds:
		return "better"
	case broken(was) && (is == check.Vacuous || is == check.NotApplicable):
		return "silenced"
	}
	return ""
}

package check

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"tcpclose/explore"
	"tcpclose/internal/join"
	"tcpclose/invariants"
	"tcpclose/model"
	"tcpclose/trace"
)

// A T is a test: *testing.T, *testing.B, *rapid.T.
type T interface {
	Helper()
	Logf(format string, args ...any)
	Errorf(format string, args ...any)
}

// Require checks properties of a configuration in a test, which fails for each that is
// violated, with the run as a ladder, for each witness that is unreachable, and for
// each verdict that is unknown. It logs what is vacuous or does not apply. What
// presets expect does not count: see [RequirePreset]. It reports whether the test may
// pass.
func Require(t T, c model.Config, properties ...*invariants.Property) bool {
	t.Helper()
	return RequireWithin(context.Background(), t, c, Options{}, properties...)
}

// RequireWithin is Require as far as ctx and o let it come; if that is not to the
// end, verdicts are unknown, and the test fails.
func RequireWithin(ctx context.Context, t T, c model.Config, o Options, properties ...*invariants.Property) bool {
	t.Helper()
	return requireVerdicts(ctx, t, c, o, properties, func(f *Finding) (passes bool, say string) {
		switch f.Verdict {
		case Holds, Reached:
			return true, ""
		case Vacuous, NotApplicable:
			return true, f.text()
		}
		return false, f.text()
	})
}

// RequirePreset requires of properties the verdicts that a preset is known for; if none
// is given, of all that are not about whole runs, and of all witnesses. The test fails
// for each other verdict, with the run as a ladder if there is one. It reports whether
// the test may pass.
func RequirePreset(t T, name string, properties ...*invariants.Property) bool {
	t.Helper()
	p, err := FindPreset(name)
	if err != nil {
		t.Errorf("%v", err)
		return false
	}
	if len(properties) == 0 {
		properties = slices.Concat(invariants.Properties, invariants.Witnesses)
	}
	return requireVerdicts(context.Background(), t, p.Config, Options{}, properties, func(f *Finding) (passes bool, say string) {
		if want := p.Expects(f.Property).Verdict; f.Verdict != want {
			return false, fmt.Sprintf("preset %s expects %s: %s", name, want, f.text())
		}
		return true, ""
	})
}

// requireVerdicts fails for each finding that does not pass, and logs notes on the
// others.
func requireVerdicts(ctx context.Context, t T, c model.Config, o Options, properties []*invariants.Property, passes func(*Finding) (passes bool, say string)) bool {
	t.Helper()
	if len(properties) == 0 {
		t.Errorf("no properties: want one at least")
		return false
	}
	r, err := Check(ctx, c, properties, o)
	if err != nil {
		t.Errorf("%v", err)
		return false
	}
	all := true
	for i := range r.Findings {
		f := &r.Findings[i]
		switch ok, say := passes(f); {
		case !ok:
			all = false
			t.Errorf("%s", say)
		case say != "":
			t.Logf("%s", say)
		}
	}
	return all
}

// text returns the finding in words, with the run if there is one.
func (f *Finding) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", f.Property.Name, f.Verdict)
	if f.Reason != "" {
		fmt.Fprintf(&b, ": %s", f.Reason)
	}
	switch f.Verdict {
	case Violated, Zeno, Reached:
		fmt.Fprintf(&b, " in %d events: %s", f.Steps, f.Property.Sentence)
		if f.Trace != nil {
			fmt.Fprintf(&b, "\n%s", f.Trace)
		}
	}
	return b.String()
}

// Walk takes one run of a configuration, of at most so many steps, and checks
// each state and step of it: for configurations that are too large to be
// explored. pick(n) chooses one of n possible steps, as
//
//	func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "step") }
//
// does so that rapid shortens what it finds. The walk ends where nothing can
// happen, or at the first property that is violated, for which the test fails
// with the run as a ladder. That it finds nothing is no verdict. Witnesses and
// properties of whole runs are not for walks: they are errors. It returns the run so
// far.
func Walk(t T, pick func(n int) int, c model.Config, steps int, properties ...*invariants.Property) *trace.Trace {
	t.Helper()
	w, err := newWalk(t, c, properties)
	if err == nil && pick == nil {
		err = errors.New("pick nil: want a function")
	}
	if err != nil {
		t.Errorf("%v", err)
		return nil
	}
	if w.violatedIn(explore.States) {
		return w.run
	}
	for range steps {
		var next []explore.Step[join.WholeState, join.WholeStep]
		for _, step := range w.system.Steps(nil, w.at) {
			if !step.Action.Overflow {
				next = append(next, step)
			}
		}
		if len(next) == 0 {
			w.violatedIn(explore.Terminals)
			return w.run
		}
		n := pick(len(next))
		if n < 0 || n >= len(next) {
			t.Errorf("pick(%d) is %d: want 0 to %d", len(next), n, len(next)-1)
			return w.run
		}
		if w.violatedBy(&next[n]) {
			return w.run
		}
	}
	return w.run
}

// A walk is one run, as far as it has come.
type walk struct {
	t        T
	system   *join.WholeSystem
	checkers []checker
	at       join.WholeState
	run      *trace.Trace
}

// newWalk returns a walk that has not begun. All monitors run: there is but one run.
func newWalk(t T, c model.Config, properties []*invariants.Property) (*walk, error) {
	y, err := model.NewSystem(c)
	if err != nil {
		return nil, err
	}
	if len(properties) == 0 {
		return nil, errors.New("no properties: want one at least")
	}
	if err := invariants.ValidateAll(c, properties); err != nil {
		return nil, err
	}
	w := &walk{t: t, system: &join.WholeSystem{Model: y, Monitors: invariants.AllMonitors}}
	for _, p := range properties {
		switch {
		case p.Liveness != nil:
			return nil, fmt.Errorf("property %s: is about whole runs, of which a walk sees a part: want Require", p.Name)
		case p.Alike != nil:
			return nil, fmt.Errorf("property %s: compares all runs of two configurations, of which a walk sees one: want Require", p.Name)
		case p.Witness:
			return nil, fmt.Errorf("property %s: a witness, which a walk that does not meet it does not refute: want Require", p.Name)
		case p.Applies != nil && p.Applies(c) != "":
			t.Logf("%s: %s: %s", p.Name, NotApplicable, p.Applies(c))
			continue
		}
		w.checkers = append(w.checkers, checker{system: y, property: p, patterns: p.PatternsIn(c), run: invariants.AllMonitors})
	}
	w.at = w.system.Init()[0]
	w.run = &trace.Trace{Config: c, Loop: -1, States: []model.State{w.at.State}}
	return w, nil
}

// violatedIn fails the test if a property is violated in the state.
func (w *walk) violatedIn(kind explore.Kind) bool {
	w.t.Helper()
	return w.violated(func(j *checker) bool { return j.seenIn(kind, &w.at) })
}

// violatedBy takes a step, and fails the test if a property is violated by it, or in
// the state after it.
func (w *walk) violatedBy(step *explore.Step[join.WholeState, join.WholeStep]) bool {
	w.t.Helper()
	from := w.at
	o, _ := w.system.Model.Step(from.State, step.Action.Action)
	w.at = step.To
	w.run.Events = append(w.run.Events, trace.Event{Action: step.Action.Action, Outcome: o})
	w.run.States = append(w.run.States, o.To)
	return w.violated(func(j *checker) bool {
		return j.seenOn(&from, &step.Action, &w.at) || j.seenIn(explore.States, &w.at)
	})
}

// violated fails the test for the first property of which something forbidden is seen.
func (w *walk) violated(seen func(*checker) bool) bool {
	w.t.Helper()
	for i := range w.checkers {
		if c := &w.checkers[i]; seen(c) {
			w.t.Errorf("%s: violated by this run: %s\n%s", c.property.Name, c.property.Sentence, w.run)
			return true
		}
	}
	return false
}

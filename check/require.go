package check

import (
	"context"
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

// Require checks the configuration in a test, which fails for each property that
// is violated, with the trace, for each witness that is unreachable, and for each
// verdict that is unknown. It logs what is vacuous or does not apply. What
// presets expect does not count. It reports whether the test may pass.
func Require(t T, c model.Config, properties ...*invariants.Property) bool {
	t.Helper()
	return RequireWithin(context.Background(), t, c, Options{}, properties...)
}

// RequireWithin is Require as far as ctx and o let it come; if that is not to the
// end, verdicts are unknown, and the test fails.
func RequireWithin(ctx context.Context, t T, c model.Config, o Options, properties ...*invariants.Property) bool {
	t.Helper()
	r, err := Check(ctx, c, properties, o)
	if err != nil {
		t.Errorf("%v", err)
		return false
	}
	passes := true
	for i := range r.Findings {
		f := &r.Findings[i]
		switch f.Verdict {
		case Violated:
			passes = false
			t.Errorf("%s: %s in %d events: %s\n%s", f.Property.Name, f.Verdict, f.Steps, f.Property.Sentence, traceOrNone(f))
		case Unreachable, Unknown:
			passes = false
			t.Errorf("%s: %s", f.Property.Name, strings.TrimSuffix(f.Verdict.String()+": "+f.Reason, ": "))
		case Vacuous, NotApplicable:
			t.Logf("%s: %s", f.Property.Name, strings.TrimSuffix(f.Verdict.String()+": "+f.Reason, ": "))
		}
	}
	return passes
}

func traceOrNone(f *Finding) string {
	if f.Trace == nil {
		return ""
	}
	return f.Trace.String()
}

// Walk takes one run of a configuration, of at most so many steps, and judges
// each state and step of it: for configurations that are too large to be
// explored. pick(n) chooses one of n possible steps, as
//
//	func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "step") }
//
// does so that rapid shortens what it finds. The walk ends where nothing can
// happen, or at the first property that is violated, for which the test fails
// with the trace. That it finds nothing is no verdict. Witnesses are not looked
// for. It returns the trace so far.
func Walk(t T, pick func(n int) int, c model.Config, steps int, properties ...*invariants.Property) *trace.Trace {
	t.Helper()
	y, err := model.NewSystem(c)
	if err != nil {
		t.Errorf("%v", err)
		return nil
	}
	var all []judged
	w := &join.WholeSystem{Model: y}
	for _, p := range properties {
		if p.Witness || p.Applies != nil && p.Applies(c) != "" {
			continue
		}
		j := judged{p, p.Patterns(c)}
		for i := range j.patterns {
			w.Monitors |= j.patterns[i].Needs
		}
		if p.Whole != nil {
			w.Monitors |= p.Whole.Needs
		}
		all = append(all, j)
	}
	s := w.Init()[0]
	run := &trace.Trace{Config: c, Loop: -1, States: []model.State{s.State}}
	broken := func(holds func(*judged) bool) bool {
		for i := range all {
			if j := &all[i]; holds(j) {
				t.Errorf("%s: violated by this run: %s\n%s", j.property.Name, j.property.Sentence, run)
				return true
			}
		}
		return false
	}
	if broken(func(j *judged) bool { return j.seenIn(explore.States, &s) }) {
		return run
	}
	for range steps {
		var next []explore.Step[join.WholeState, join.WholeStep]
		for _, step := range w.Steps(nil, s) {
			if !step.Action.Overflow {
				next = append(next, step)
			}
		}
		if len(next) == 0 {
			broken(func(j *judged) bool { return j.seenIn(explore.Terminals, &s) })
			return run
		}
		step := next[pick(len(next))]
		o, _ := y.Step(s.State, step.Action.Action)
		run.Events = append(run.Events, trace.Event{Action: step.Action.Action, Outcome: o})
		run.States = append(run.States, o.To)
		from := s
		s = step.To
		if broken(func(j *judged) bool {
			return j.seenOn(&from, &step.Action, &s) || j.seenIn(explore.States, &s)
		}) {
			return run
		}
	}
	return run
}

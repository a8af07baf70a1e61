package explore

import (
	"context"
	"fmt"
	"strings"
)

// A Report has the verdicts of Check.
type Report[S comparable, A any] struct {
	Result
	Findings []Finding[S, A] // in the order of the properties
	// Unused names the conditions of Assume whose steps the system never has.
	Unused []string
}

// A Finding is the verdict on one property.
type Finding[S comparable, A any] struct {
	Name    string // of the property
	Verdict Verdict
	// Path leads to a state that violates Always, Never or EndsOnly, or that Sometimes
	// asks for, in as few steps as possible. It is nil if there is none.
	Path *Path[S, A]
	// Lasso is a fair run that violates Eventually or LeadsTo, or nil.
	Lasso *Lasso[S, A]
	// Incomplete says why the verdict is Unknown; see Result.
	Incomplete []string
}

// OK reports whether the property holds, or what it asks for was reached.
func (f *Finding[S, A]) OK() bool { return f.Verdict == Holds || f.Verdict == Reached }

// String returns the name and the verdict and, in lines, the run that shows it.
func (f Finding[S, A]) String() string {
	s := f.Name + ": " + f.Verdict.String()
	switch {
	case f.Lasso != nil:
		return s + " by this run:\n" + f.Lasso.String()
	case f.Path != nil && f.Verdict == Violated:
		return s + " after " + count(len(f.Path.Actions)) + ":\n" + f.Path.String()
	case f.Path != nil:
		return s + " in " + count(len(f.Path.Actions)) + ":\n" + f.Path.String()
	case f.Verdict == Unknown:
		return s + ": not everything was explored: " + strings.Join(f.Incomplete, ", ")
	case f.Verdict == Vacuous:
		return s + ": its premise is true of no reachable state"
	}
	return s
}

func count(steps int) string {
	if steps == 1 {
		return "1 step"
	}
	return fmt.Sprintf("%d steps", steps)
}

// OK reports whether all properties hold, or what they ask for was reached.
func (r *Report[S, A]) OK() bool {
	for i := range r.Findings {
		if !r.Findings[i].OK() {
			return false
		}
	}
	return len(r.Findings) > 0
}

// String returns the verdicts, with the runs that show them, and the size of the system.
func (r *Report[S, A]) String() string {
	var b strings.Builder
	for i := range r.Findings {
		b.WriteString(strings.TrimSuffix(r.Findings[i].String(), "\n") + "\n")
	}
	for _, name := range r.Unused {
		fmt.Fprintf(&b, "the system never has a step of condition %q\n", name)
	}
	fmt.Fprintln(&b, r.Result)
	return b.String()
}

// A T is a test: *testing.T, *testing.B, *rapid.T.
type T interface {
	Helper()
	Logf(format string, args ...any)
	Errorf(format string, args ...any)
}

// Require checks sys in a test. The test fails for each property that is violated, with
// the run that shows it; for each state that Sometimes asks for and none reaches; for each
// verdict that is vacuous or unknown; and if the question is wrong: see Check. Require
// logs the names of conditions that say nothing of the system. It reports whether the
// test may pass.
func Require[S comparable, A any](t T, sys System[S, A], properties ...Property[S]) bool {
	t.Helper()
	return RequireWithin(context.Background(), t, sys, Options{}, properties...)
}

// RequireWithin is Require with a search that ctx and o can end. What it then has not seen
// is unknown, and the test fails.
func RequireWithin[S comparable, A any](ctx context.Context, t T, sys System[S, A], o Options, properties ...Property[S]) bool {
	t.Helper()
	r, err := Check(ctx, sys, o, properties...)
	if err != nil {
		t.Errorf("%v", err)
		return false
	}
	for i := range r.Findings {
		if f := &r.Findings[i]; !f.OK() {
			t.Errorf("%v", f)
		}
	}
	for _, name := range r.Unused {
		t.Logf("the system never has a step of condition %q", name)
	}
	return r.OK()
}

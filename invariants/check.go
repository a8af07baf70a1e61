package invariants

import (
	"context"
	"fmt"
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
)

var verdictNames = [...]string{"holds", "violated", "unknown", "vacuous", "not applicable", "reached", "unreachable"}

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
	// Trace is the least of the shortest runs that break the property, or that
	// show the witness.
	Trace *Trace
}

// A Report is the outcome of a check.
type Report struct {
	Config model.Config
	Result explore.Result
	// Remembers: some property needed monitors, so that the states are those of
	// the model and of what they remember together.
	Remembers bool
	Time      time.Duration
	Findings  []Finding // in the order in which the properties were given
}

// Options of a check.
type Options struct {
	explore.Options
	// NoTraces leaves traces out; they cost time.
	NoTraces bool
}

// Check explores the system of c and gives the verdict on each of properties. If
// none of them needs memory, the states are those of the model alone. If ctx
// ends, the verdicts are what is known by then.
func Check(ctx context.Context, c model.Config, properties []*Property, o Options) (*Report, error) {
	y, err := model.NewSystem(c)
	if err != nil {
		return nil, err
	}
	start := time.Now()
	r := &Report{Config: c, Findings: make([]Finding, len(properties))}
	var tasks []*task
	var all []Pattern
	for i, p := range properties {
		f := &r.Findings[i]
		f.Property = p
		if p.Applies != nil {
			if f.Reason = p.Applies(c); f.Reason != "" {
				f.Verdict = NotApplicable
				continue
			}
		}
		t := &task{finding: f, bad: p.Patterns(c), badAt: len(all)}
		all = append(all, t.bad...)
		if p.Premise != nil {
			t.premise, t.premiseAt = p.Premise(c), len(all)
			all = append(all, t.premise...)
		}
		tasks = append(tasks, t)
	}
	p := newProduct(y, all)
	e, err := explore.ExploreProduct(ctx, &p.Product, o.Options)
	if err != nil {
		return nil, err
	}
	var shown []int // the watches whose traces are wanted
	for _, t := range tasks {
		t.judge(e)
		if t.watch >= 0 && !o.NoTraces {
			shown = append(shown, t.watch)
		}
	}
	paths := e.Paths(shown)
	for _, t := range tasks {
		if path, ok := paths[t.watch]; ok {
			if t.finding.Trace, err = p.trace(path); err != nil {
				return nil, fmt.Errorf("property %s: %w", t.finding.Property.Name, err)
			}
		}
	}
	r.Result, r.Remembers, r.Time = e.Result, p.needs != 0, time.Since(start)
	return r, nil
}

// A task is a property to be judged, with its patterns and where they begin in
// the list of all.
type task struct {
	finding          *Finding
	bad, premise     []Pattern
	badAt, premiseAt int
	watch            int // the first that saw what the property is about; -1 if none did
}

// first is the watch of n patterns from at that sees something after the fewest
// steps; -1 if none does.
func first(e *explore.ExploredProduct, at, n int) (watch int) {
	watch, least := -1, 0
	for i := 2 * at; i < 2*(at+n); i++ {
		if steps, ok := e.Found(i); ok && (watch < 0 || steps < least) {
			watch, least = i, steps
		}
	}
	return watch
}

func (t *task) judge(e *explore.ExploredProduct) {
	f := t.finding
	t.watch = first(e, t.badAt, len(t.bad))
	f.Steps, _ = e.Found(t.watch)
	switch {
	case t.watch >= 0 && f.Property.Witness:
		f.Verdict = Reached
	case t.watch >= 0:
		f.Verdict = Violated
	case !e.Complete():
		f.Verdict = Unknown
		f.Reason = strings.Join(e.Incomplete, ", ")
	case f.Property.Witness:
		f.Verdict = Unreachable
	case len(t.premise) > 0 && first(e, t.premiseAt, len(t.premise)) < 0:
		f.Verdict = Vacuous
	}
}

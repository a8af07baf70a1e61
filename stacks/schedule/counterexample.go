package schedule

import (
	"context"
	"runtime"
	"slices"
	"strings"
	"sync"

	"tcpclose/check"
	"tcpclose/invariants"
	"tcpclose/model"
	"tcpclose/trace"
)

// A Counterexample is a run in which a property is violated, by a seeded fault or by the rules of
// a configuration, as a schedule for one of the ends.
type Counterexample struct {
	Fault    model.Fault // or NoFault
	Config   string      // a preset, or what is changed; "" is that of the fault
	Property string
	Side     model.Side
	Schedule Schedule
}

// OfFaults returns the shortest runs in which each seeded fault violates a
// property, for both ends, each with a probe.
func OfFaults(ctx context.Context) (list []Counterexample, err error) {
	reports, err := check.JudgeFaults(ctx, check.FaultCases, check.Options{})
	if err != nil {
		return nil, err
	}
	for _, r := range reports {
		if c := r.Shortest(); c != nil && c.Finding.Trace != nil {
			list = append(list, probed(Counterexample{Fault: r.Case.Fault, Property: c.Finding.Property.Name}, c.Finding.Trace)...)
		}
	}
	return list, nil
}

// probed returns e with the schedules of a run, for both ends, each with each probe.
func probed(e Counterexample, t *trace.Trace) (list []Counterexample) {
	for _, side := range model.Sides {
		s := Of(t, side)
		for _, probe := range probes {
			e.Side, e.Schedule = side, append(append(Schedule(nil), s...), probe...)
			list = append(list, e)
		}
	}
	return list
}

// mostStates bounds the presets that are searched for counterexamples: more take seconds.
const mostStates = 100_000

// OfProperties returns the shortest run for each property that is violated without a
// fault: in the small presets, and in check.Readings with each alternative of each
// decision that makes a difference there, but for those with a second connection. Of runs that give the same schedules the
// first one is returned, for both ends, each with a probe.
func OfProperties(ctx context.Context) ([]Counterexample, error) {
	list, err := ofProperties(ctx, check.Readings)
	return once(list), err
}

// once returns those of the list whose schedule none before them has.
func once(list []Counterexample) (different []Counterexample) {
	seen := map[string]bool{}
	for _, e := range list {
		if text := e.Schedule.String(); !seen[text] {
			seen[text] = true
			different = append(different, e)
		}
	}
	return different
}

func ofProperties(ctx context.Context, readings []model.Config) ([]Counterexample, error) {
	var jobs []func() ([]Counterexample, error)
	for _, p := range check.Presets {
		if p.States > 0 && p.States <= mostStates {
			jobs = append(jobs, func() ([]Counterexample, error) { return violated(ctx, p.Name, p.Config, nil) })
		}
	}
	for _, c := range readings {
		if c.Reopen > 0 {
			continue
		}
		jobs = append(jobs, func() ([]Counterexample, error) { return violated(ctx, words(c), c, alternatives(c)) })
	}
	return inParallel(jobs)
}

// inParallel does the jobs, and returns what they return in their order.
func inParallel(jobs []func() ([]Counterexample, error)) (all []Counterexample, err error) {
	results, errs := make([][]Counterexample, len(jobs)), make([]error, len(jobs))
	var group sync.WaitGroup
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i, job := range jobs {
		slots <- struct{}{}
		group.Go(func() {
			results[i], errs[i] = job()
			<-slots
		})
	}
	group.Wait()
	for i, list := range results {
		if errs[i] != nil {
			return nil, errs[i]
		}
		all = append(all, list...)
	}
	return all, nil
}

// words returns what c changes of the default.
func words(c model.Config) string { return strings.Join(c.Against(model.Default()), " ") }

// alternatives returns c with each alternative of each decision that both its ends do not
// take.
func alternatives(c model.Config) (list []model.Config) {
	for d := range model.NumDecisions {
		for n := range d.Info().Alternatives {
			other := c
			other.EachEnd(func(e *model.Endpoint) { e.Choices[d] = model.Choice(n) })
			if other != c {
				list = append(list, other)
			}
		}
	}
	return list
}

// properties has those of states and steps, and those of whole runs.
var properties = slices.Concat(invariants.Properties, invariants.LivenessProperties)

// violated returns the counterexamples of all properties in a configuration, and in
// those of the others in which anything differs.
func violated(ctx context.Context, name string, c model.Config, others []model.Config) (list []Counterexample, err error) {
	r, err := check.Check(ctx, c, properties, check.Options{Otherwise: others})
	if err != nil {
		return nil, err
	}
	for _, f := range r.Findings {
		if f.Verdict == check.Violated && f.Trace != nil {
			list = append(list, probed(Counterexample{Config: name, Property: f.Property.Name}, f.Trace)...)
		}
	}
	for i, same := range r.Same {
		if same {
			continue
		}
		more, err := violated(ctx, words(others[i]), others[i], nil)
		if err != nil {
			return nil, err
		}
		list = append(list, more...)
	}
	return list, nil
}

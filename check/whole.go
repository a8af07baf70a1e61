package check

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"

	"tcpclose/explore"
	"tcpclose/internal/join"
	"tcpclose/invariants"
	"tcpclose/model"
	"tcpclose/trace"
)

// A wholeChecker checks what properties say of the whole system, and notes what they read.
type wholeChecker struct {
	system  *model.System
	run     invariants.Monitors
	missing atomic.Uint32
	stop    func()
}

// is returns the answer on what a reading shows.
func (g *wholeChecker) is(w *invariants.Whole, show func(*invariants.Reading) *invariants.Snapshot) bool {
	r := invariants.NewReading(g.run)
	answer := w.Is(show(r))
	if m := r.Missing(); m != invariants.NoMonitors {
		g.missing.Or(uint32(m))
		g.stop()
	}
	return answer
}

// watch searches for what a property says of the whole system.
func (g *wholeChecker) watch(w *invariants.Whole) explore.Watch[join.WholeState, join.WholeStep] {
	return explore.Watch[join.WholeState, join.WholeStep]{
		Kind: w.Kind,
		State: func(s join.WholeState) bool {
			return g.is(w, func(r *invariants.Reading) *invariants.Snapshot { return s.InState(g.system, r) })
		},
		Step: func(from join.WholeState, d join.WholeStep, to join.WholeState) bool {
			return g.is(w, func(r *invariants.Reading) *invariants.Snapshot { return d.OnStep(g.system, &from, &to, r) })
		},
	}
}

// searchWhole explores the system once, state by state, and checks the properties of
// whole states.
func (j *job) searchWhole(ctx context.Context) (r explore.Result, missing invariants.Monitors, err error) {
	tasks, o, y := j.wholes, j.options, j.system
	if len(tasks) > explore.MaxWatches {
		return r, 0, fmt.Errorf("%d questions of whole states: want at most %d", len(tasks), explore.MaxWatches)
	}
	g := &wholeChecker{system: y, run: j.run}
	ctx, g.stop = context.WithCancel(ctx)
	defer g.stop()
	var watches []explore.Watch[join.WholeState, join.WholeStep]
	for _, t := range tasks {
		watches = append(watches, g.watch(t.finding.Property.Whole))
	}
	if o.UntilFound {
		o.Enough = func(found func(int) bool) bool {
			for i := range tasks {
				if !found(i) {
					return false
				}
			}
			return true
		}
	}
	e, err := explore.Explore(ctx, &join.WholeSystem{Model: y, Monitors: j.run, After: o.After}, watches, o.Opaque())
	if err != nil {
		return r, 0, err
	}
	if missing := invariants.Monitors(g.missing.Load()); missing != 0 {
		return r, missing, nil
	}
	r = e.Result
	for i, bound := range r.Incomplete {
		if bound == explore.BoundBoundary {
			if r.Incomplete[i] = join.BoundCapacity; y.Config.Time == model.TimeStrides {
				r.Incomplete[i] += " or " + join.BoundHorizon
			}
		}
	}
	slices.Sort(r.Incomplete)
	for i, t := range tasks {
		f := t.finding
		var found bool
		f.Steps, found = e.Found(i)
		f.conclude(found, false, &r)
		if !found || o.NoTraces {
			continue
		}
		light := e.Lightest([]int{i}, func(from join.WholeState, step *explore.Step[join.WholeState, join.WholeStep]) explore.Weight {
			return join.Weight(y, &from.State, step.Action.Action)
		})[i]
		if f.Trace, err = replay(y, light.Path); err != nil {
			return r, 0, fmt.Errorf("property %s: %w", f.Property.Name, err)
		}
		f.Trace = f.Trace.Behind(o.After)
	}
	return r, 0, nil
}

// replay returns the run along a path, through the model.
func replay(y *model.System, path explore.Path[join.WholeState, join.WholeStep]) (*trace.Trace, error) {
	t := &trace.Trace{Config: y.Config, Loop: -1}
	for i, s := range path.States {
		t.States = append(t.States, s.State)
		if i > 0 {
			a := path.Actions[i-1].Action
			o, ok := y.Step(path.States[i-1].State, a)
			if !ok || o.To != s.State {
				return nil, fmt.Errorf("event %d of the trace does not replay", i)
			}
			t.Events = append(t.Events, trace.Event{Action: a, Outcome: o})
		}
	}
	return t, nil
}

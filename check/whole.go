package check

import (
	"context"
	"fmt"
	"slices"

	"tcpclose/explore"
	"tcpclose/internal/join"
	"tcpclose/invariants"
	"tcpclose/model"
	"tcpclose/trace"
)

// searchWhole explores the system once, state by state, and judges the tasks,
// which are those of questions.
func searchWhole(ctx context.Context, y *model.System, tasks []*task, remember invariants.Monitors, o Options) (explore.Result, error) {
	if len(tasks) > explore.MaxWatches {
		return explore.Result{}, fmt.Errorf("%d questions of whole states: want at most %d", len(tasks), explore.MaxWatches)
	}
	var watches []explore.Watch[join.WholeState, join.WholeStep]
	for _, t := range tasks {
		watches = append(watches, join.WatchWhole(t.finding.Property.Whole))
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
	e := explore.Explore(ctx, &join.WholeSystem{Model: y, Monitors: remember}, watches, o.Opaque())
	result := e.Result
	for i, bound := range result.Incomplete {
		if bound == explore.BoundBoundary {
			result.Incomplete[i] = join.BoundCapacity
		}
	}
	slices.Sort(result.Incomplete)
	for i, t := range tasks {
		f := t.finding
		var found bool
		f.Steps, found = e.Found(i)
		f.conclude(found, false, &result)
		if !found || o.NoTraces {
			continue
		}
		light := e.Lightest([]int{i}, func(from join.WholeState, step *explore.Step[join.WholeState, join.WholeStep]) explore.Weight {
			return join.Weight(y, &from.State, step.Action.Action)
		})[i]
		path := light.Path
		f.Trace = &trace.Trace{Config: y.Config, Loop: -1}
		for i, s := range path.States {
			f.Trace.States = append(f.Trace.States, s.State)
			if i > 0 {
				a := path.Actions[i-1].Action
				o, ok := y.Step(path.States[i-1].State, a)
				if !ok || o.To != s.State {
					return explore.Result{}, fmt.Errorf("%s: event %d of the trace does not replay", f.Property.Name, i)
				}
				f.Trace.Events = append(f.Trace.Events, trace.Event{Action: a, Outcome: o})
			}
		}
	}
	return result, nil
}

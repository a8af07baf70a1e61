package check

import (
	"context"
	"math/rand/v2"

	"tcpclose/explore"
	"tcpclose/explore/ltl"
	"tcpclose/internal/join"
	"tcpclose/invariants"
	"tcpclose/model"
	"tcpclose/trace"
)

// From where on a run is inevitable: the first event after which network and
// applications together can no longer avoid what violates the property, whatever they
// do. A run that avoids it comes to rest, or goes on while time does; that time stands
// still while the network copies forever is no way out.

// futureLimit bounds the states that are examined after each event. Beyond it there is
// no verdict, unless a way out is found among those examined.
const futureLimit = 20_000

// A futureState is a state, or that the property is broken.
type futureState struct {
	join.WholeState
	broken bool
}

// A future contains the runs from a state, up to where they violate a property.
type future struct {
	join.WholeSystem
	checker
	from futureState
	ends bool // the property is broken where nothing can happen
}

// newFuture returns the future of a property in runs of a trace's system.
func newFuture(p *invariants.Property, t *trace.Trace, run invariants.Monitors) (*future, error) {
	y, err := t.System()
	if err != nil {
		return nil, err
	}
	f := &future{
		WholeSystem: join.WholeSystem{Model: y, Monitors: run},
		checker:     checker{system: y, property: p, patterns: p.PatternsIn(t.Config), run: run},
	}
	for i := range f.patterns {
		f.ends = f.ends || f.patterns[i].Kind == explore.Terminals
	}
	if p.Whole != nil {
		f.ends = p.Whole.Kind == explore.Terminals
	}
	return f, nil
}

// Init returns the state from which the runs are looked at.
func (y *future) Init() []futureState { return []futureState{y.from} }

// Steps returns the model's, up to where the property is broken.
func (y *future) Steps(dst []explore.Step[futureState, join.WholeStep], s futureState) []explore.Step[futureState, join.WholeStep] {
	if s.broken {
		return dst
	}
	for _, step := range y.WholeSystem.Steps(nil, s.WholeState) {
		to := futureState{step.To, y.seenOn(&s.WholeState, &step.Action, &step.To) || y.seenIn(explore.States, &step.To)}
		if to.broken {
			to.WholeState = join.WholeState{} // one is as good as another
		}
		dst = append(dst, explore.Step[futureState, join.WholeStep]{Action: step.Action, To: to})
	}
	return dst
}

// Within reports whether a step is not cut.
func (y *future) Within(_ futureState, d join.WholeStep, _ futureState) bool { return !d.Overflow }

// inevitable returns the number, from 1, of the first event of a trace after which what p
// forbids, and the trace ends with, can no longer be avoided; 0 if that is the
// last one, or it is not known.
func inevitable(ctx context.Context, p *invariants.Property, t *trace.Trace) (event int, err error) {
	hint := join.Hint(p.PatternsIn(t.Config))
	if p.Whole != nil {
		hint |= p.Whole.Needs
	}
	_, err = join.Again(hint, func(run invariants.Monitors) (invariants.Monitors, error) {
		y, err := newFuture(p, t, run)
		if err != nil {
			return 0, err
		}
		event, err = y.inevitable(ctx, t)
		return y.missing, err
	})
	return event, err
}

func (y *future) inevitable(ctx context.Context, t *trace.Trace) (event int, err error) {
	states := []join.WholeState{y.WholeSystem.Init()[0]}
	for i := range t.Events {
		step := y.Step(&states[i], t.Events[i].Action, &t.Events[i].Outcome)
		states = append(states, step.To)
	}
	for i := len(t.Events) - 1; i > 0; i-- {
		y.from = futureState{WholeState: states[i]}
		broken, err := y.alwaysBroken(ctx)
		if err != nil || !broken {
			return event, err
		}
		event = i
	}
	return event, nil
}

// The walks that look for a way out, before all runs are looked at, and their longest.
const (
	walks   = 8
	walkFor = 200
)

// avoids reports whether one of a few walks comes to rest and the property is not broken.
// That settles it; that none does says nothing.
func (y *future) avoids() bool {
	random := rand.New(rand.NewPCG(0, 0))
	var steps []explore.Step[futureState, join.WholeStep]
	for range walks {
		s := y.from
		for range walkFor {
			if s.broken {
				break
			}
			if steps = y.Steps(steps[:0], s); len(steps) == 0 {
				if y.ends && y.seenIn(explore.Terminals, &s.WholeState) {
					break
				}
				return true
			}
			step := &steps[random.IntN(len(steps))]
			if !y.Within(s, step.Action, step.To) {
				break
			}
			s = step.To
		}
	}
	return false
}

// alwaysBroken reports whether all runs break the property, for all that is known.
func (y *future) alwaysBroken(ctx context.Context) (bool, error) {
	if y.avoids() {
		return false, nil
	}
	const broken, time = 0, 1
	watches := []explore.Watch[futureState, join.WholeStep]{
		broken: {Kind: explore.States, State: func(s futureState) bool {
			return s.broken || y.ends && y.seenIn(explore.Terminals, &s.WholeState) && len(y.Steps(nil, s)) == 0
		}},
		time: {Kind: explore.Steps, Step: func(_ futureState, d join.WholeStep, _ futureState) bool { return d.Kind == model.Ticks }},
	}
	e, err := explore.Explore(ctx, y, watches, explore.Options{Workers: 1, Limits: explore.Limits{States: futureLimit}})
	if err != nil {
		return false, err
	}
	runs, err := e.Runs(ctx, []int{broken, time})
	if err != nil {
		return false, err
	}
	out, err := runs.Check(ctx, explore.Liveness{Formula: ltl.Eventually(ltl.State(broken)), Ticks: []int{time}})
	return out.Verdict == explore.Holds || out.Verdict == explore.Zeno && len(out.Incomplete) == 0, err
}

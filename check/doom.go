package check

import (
	"context"

	"tcpclose/explore"
	"tcpclose/explore/ltl"
	"tcpclose/internal/join"
	"tcpclose/invariants"
	"tcpclose/model"
	"tcpclose/trace"
)

// Where a run is lost: the first event after which network and applications
// together can no longer avoid what breaks the property, whatever they do. A run
// that avoids it comes to rest, or goes on while time does; that time stands still
// while the network copies for ever is no way out.

// doomLimit is how many states are looked at after each event. Where there are
// more, nothing is said unless a way out is found among them.
const doomLimit = 20_000

// A fate is a state, or that the property is broken.
type fate struct {
	join.WholeState
	broken bool
}

// fates is the runs from a state, up to where they break a property.
type fates struct {
	join.WholeSystem
	judged
	from fate
	ends bool // the property is broken where nothing can happen
}

func (y *fates) Init() []fate { return []fate{y.from} }

func (y *fates) Steps(dst []explore.Step[fate, join.WholeStep], s fate) []explore.Step[fate, join.WholeStep] {
	if s.broken {
		return dst
	}
	for _, step := range y.WholeSystem.Steps(nil, s.WholeState) {
		to := fate{step.To, y.seenOn(&s.WholeState, &step.Action, &step.To) || y.seenIn(explore.States, &step.To)}
		if to.broken {
			to.WholeState = join.WholeState{} // one is as good as another
		}
		dst = append(dst, explore.Step[fate, join.WholeStep]{Action: step.Action, To: to})
	}
	return dst
}

func (y *fates) Within(_ fate, d join.WholeStep, _ fate) bool { return !d.Overflow }

// doomed is the number, from 1, of the first event of a trace after which what p
// forbids, and the trace ends with, can no longer be avoided; 0 if that is the
// last one, or it is not known.
func doomed(ctx context.Context, p *invariants.Property, t *trace.Trace) (int, error) {
	y, err := t.System()
	if err != nil {
		return 0, err
	}
	f := &fates{WholeSystem: join.WholeSystem{Model: y}, judged: judged{p, p.Patterns(t.Config)}}
	for i := range f.patterns {
		f.Monitors |= f.patterns[i].Needs
		f.ends = f.ends || f.patterns[i].Kind == explore.Terminals
	}
	if p.Whole != nil {
		f.Monitors |= p.Whole.Needs
	}
	states := []join.WholeState{f.WholeSystem.Init()[0]}
	for i := range t.Events {
		step := f.Step(&states[i], t.Events[i].Action, &t.Events[i].Outcome)
		states = append(states, step.To)
	}
	first := 0
	for i := len(t.Events) - 1; i > 0; i-- {
		f.from = fate{WholeState: states[i]}
		lost, err := f.lost(ctx)
		if err != nil || !lost {
			return first, err
		}
		first = i
	}
	return first, nil
}

// lost reports whether all runs break the property, for all that is known.
func (y *fates) lost(ctx context.Context) (bool, error) {
	const broken, time = 0, 1
	watches := []explore.Watch[fate, join.WholeStep]{
		broken: {Kind: explore.States, State: func(s fate) bool {
			return s.broken || y.ends && y.seenIn(explore.Terminals, &s.WholeState) && len(y.Steps(nil, s)) == 0
		}},
		time: {Kind: explore.Steps, Step: func(_ fate, d join.WholeStep, _ fate) bool { return d.Kind == model.Ticks }},
	}
	e := explore.Explore(ctx, y, watches, explore.Options{Workers: 1, Limits: explore.Limits{States: doomLimit}})
	runs, err := e.Runs(ctx, []int{broken, time})
	if err != nil {
		return false, err
	}
	out, err := runs.Check(ctx, explore.Liveness{Formula: ltl.Eventually(ltl.State(broken)), Ticks: []int{time}})
	return out.Verdict == explore.Holds || out.Verdict == explore.Zeno && len(out.Incomplete) == 0, err
}

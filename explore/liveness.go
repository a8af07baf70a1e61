package explore

import (
	"context"
	"fmt"
	"slices"

	"tcpclose/explore/internal/search"
	"tcpclose/explore/internal/stategraph"
	"tcpclose/explore/ltl"
)

// A Fairness condition is assumed of runs. A step is enabled in a state if it is
// one from there, and is taken on a run.
type Fairness struct {
	Kind FairnessKind
	Step int // the watch that sees the steps in question
	// Enabled, if there are any, is watches of states: the steps count as enabled where
	// one of them sees the state, and only there, whether there is such a step or not.
	// Then what the condition says of a run depends on the run alone, and not on which
	// other steps the system has: a system that can do less has no more fair runs.
	// Unconditional fairness does not ask.
	Enabled []int
}

// String returns the condition in short.
func (f Fairness) String() string {
	if len(f.Enabled) == 0 {
		return fmt.Sprintf("%v step%d", f.Kind, f.Step)
	}
	return fmt.Sprintf("%v step%d enabled by state%v", f.Kind, f.Step, f.Enabled)
}

// FairnessKind says what a condition assumes of its steps. A run that comes
// to rest in a terminal state satisfies all conditions.
type FairnessKind uint8

const (
	Weak          FairnessKind = iota // if they are always enabled from one state on, they are taken again and again
	Strong                            // if they are enabled again and again, they are taken again and again
	Unconditional                     // they are taken again and again
)

// String returns the kind in words.
func (k FairnessKind) String() string {
	names := [...]string{"weak", "strong", "unconditional"}
	if int(k) >= len(names) {
		return fmt.Sprintf("FairnessKind(%d)", uint8(k))
	}
	return names[k]
}

// Liveness is a property of runs: a formula that all fair runs satisfy.
type Liveness struct {
	Formula ltl.Formula
	Fair    []Fairness
	// Ticks is the step watches that see time pass. If there are any, a run on
	// which they see only finitely many steps, though it does not come to rest,
	// is a Zeno run: one that the system has, but the world has not.
	Ticks []int
}

// Watches returns the watches that the property mentions.
func (l Liveness) Watches() (watches []int) {
	l.Formula.Atoms(func(_ bool, i int) { watches = append(watches, i) })
	for _, f := range l.Fair {
		watches = append(append(watches, f.Step), f.Enabled...)
	}
	watches = append(watches, l.Ticks...)
	slices.Sort(watches)
	return slices.Compact(watches)
}

// A Verdict on a property.
type Verdict uint8

const (
	Unknown  Verdict = iota // nothing was found, but not everything was looked at
	Holds                   // it is true of all fair runs, or of all states
	Violated                // it is false of some fair run, not a Zeno one, or of some state
	Zeno                    // it is false of some fair runs, all of them Zeno runs

	Vacuous     // its premise is never true
	Reached     // what Sometimes asks for is true of some state
	Unreachable // what Sometimes asks for is true of no state
)

// String returns the verdict in words.
func (v Verdict) String() string {
	names := [...]string{"unknown", "holds", "violated", "violated by Zeno runs only", "vacuous", "reached", "unreachable"}
	if int(v) >= len(names) {
		return fmt.Sprintf("Verdict(%d)", uint8(v))
	}
	return names[v]
}

// An Outcome is the verdict on a property, and a run that shows it.
type Outcome[S comparable, A any] struct {
	Verdict Verdict
	// Lasso is a run of which the property is false; nil if none was found. If
	// the verdict is Unknown, it is a Zeno run in a system that was not seen as a
	// whole.
	Lasso *Lasso[S, A]
	// Incomplete is why the verdict is Unknown.
	Incomplete []string
}

// Check looks for a fair run of which the formula of l is false.
//
// A lasso in an incomplete graph is a run of the system all the same: no state
// counts as terminal, nor a step as not enabled, where not all steps are known.
func (r *Runs[S, A]) Check(ctx context.Context, l Liveness) (Outcome[S, A], error) {
	f, err := r.fairness(l)
	if err != nil {
		return Outcome[S, A]{}, err
	}
	opposite, err := ltl.NewAutomaton(l.Formula, true, r.atom)
	if err != nil {
		return Outcome[S, A]{}, err
	}
	run, ok, err := r.fairRun(ctx, opposite, f)
	switch {
	case err != nil:
		return Outcome[S, A]{}, err
	case !ok:
		return Outcome[S, A]{Incomplete: also(r.Incomplete, search.IncompleteBy(ctx))}, nil
	}
	out := Outcome[S, A]{Verdict: Holds}
	if run != nil {
		out.Verdict = Violated
		if run.Zeno {
			out.Verdict = Zeno
		}
		if out.Lasso, err = r.lasso(run); err != nil {
			return Outcome[S, A]{}, err
		}
	}
	if len(r.Incomplete) > 0 && out.Verdict != Violated {
		out.Verdict, out.Incomplete = Unknown, r.Incomplete
	}
	return out, nil
}

// fairRun finds a fair run that a accepts, in the graph of all states only if it has to be.
// It returns nil if there is none, and reports not ok if ctx is done.
func (r *Runs[S, A]) fairRun(ctx context.Context, a *ltl.Automaton, f stategraph.Fairness) (run *stategraph.FairRun, ok bool, err error) {
	if r.cycles != nil {
		if run, known := r.cycles.FairRun(ctx, a, f); known {
			return run, true, nil
		}
	}
	if err := r.complete(ctx); err != nil {
		if ctx.Err() != nil {
			err = nil
		}
		return nil, false, err
	}
	return r.graph.FairRun(ctx, a, f)
}

// also returns incomplete with one more reason.
func also(incomplete []string, why string) []string {
	all := append(slices.Clone(incomplete), why)
	slices.Sort(all)
	return slices.Compact(all)
}

// atom returns the letter of an atom that is known to be in the graph.
func (r *Runs[S, A]) atom(step bool, watch int) ltl.Letter {
	l := ltl.Letter(r.columns.Of[watch])
	if !step {
		l <<= 32
	}
	return l
}

// fairness returns what l assumes, as labels of the graph.
func (r *Runs[S, A]) fairness(l Liveness) (f stategraph.Fairness, err error) {
	l.Formula.Atoms(func(step bool, watch int) {
		if e := r.columns.Labelled(watch, step); e != nil && err == nil {
			err = fmt.Errorf("%w, in %v", e, l.Formula)
		}
	})
	if err != nil {
		return f, err
	}
	for _, c := range l.Fair {
		if err := r.assume(&f, c); err != nil {
			return f, err
		}
	}
	for _, i := range l.Ticks {
		if err := r.columns.Labelled(i, true); err != nil {
			return f, err
		}
		f.Ticks |= r.columns.Of[i]
	}
	return f, nil
}

// assume adds a condition to f.
func (r *Runs[S, A]) assume(f *stategraph.Fairness, c Fairness) error {
	if err := r.columns.Labelled(c.Step, true); err != nil {
		return err
	}
	step := r.columns.Of[c.Step]
	in, err := r.columns.AnyOf(c.Enabled)
	if err != nil {
		return err
	}
	demand := stategraph.Demands(step)
	if in != 0 && c.Kind != Unconditional {
		if len(f.By) == stategraph.MaxEnablings {
			return fmt.Errorf("explore: more than %d conditions that states enable", stategraph.MaxEnablings)
		}
		demand = stategraph.DemandBy(len(f.By))
		f.By = append(f.By, stategraph.Enabling{Step: step, In: in})
	}
	switch c.Kind {
	case Weak:
		f.Weak |= demand
	case Strong:
		f.Strong |= demand
	case Unconditional:
		f.Always |= step
	default:
		return fmt.Errorf("explore: no fairness %v", c.Kind)
	}
	return nil
}

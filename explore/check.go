package explore

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"

	"tcpclose/explore/internal/stategraph"
	"tcpclose/explore/ltl"
)

// Check explores sys and returns the verdict on each of the properties. A search that ctx
// or o ends, or whose steps a Bounded system cuts, has not seen everything: what it found
// is reported, and what it did not find is unknown.
//
// It returns an error if the question is wrong: without properties, with a property
// without a name or a function, with two of one name; or if the system is: without an
// initial state, or with methods that are not functions of their arguments.
func Check[S comparable, A any](ctx context.Context, sys System[S, A], o Options, properties ...Property[S]) (*Report[S, A], error) {
	sys, conditions, err := assumptions(sys)
	if err != nil {
		return nil, err
	}
	if err := validate(properties); err != nil {
		return nil, err
	}
	if o.Enough != nil {
		return nil, errors.New("explore: Options.Enough has numbers of watches, which are Explore's: want none in Check")
	}
	if err := validateStates(sys.Init()); err != nil {
		return nil, err
	}
	c := &checker[S, A]{sys: sys, conditions: conditions, properties: properties}
	c.watch()
	if c.explored, err = Explore(ctx, sys, c.watches, o); err != nil {
		return nil, err
	}
	r := &Report[S, A]{Result: c.explored.Result, Findings: make([]Finding[S, A], len(properties))}
	c.paths = c.explored.Paths(c.shown())
	for i := range properties {
		if r.Findings[i], err = c.finding(i); err != nil {
			return nil, err
		}
	}
	if err := c.runs(ctx, r); err != nil {
		return nil, err
	}
	for i := range conditions {
		if _, seen := c.explored.Found(c.stepsOf[i]); !seen && r.Complete() {
			r.Unused = append(r.Unused, conditions[i].name)
		}
	}
	return r, nil
}

// validateStates returns an error if a system cannot have these initial states. States
// that are compared by address might be equal when what they point to is not.
func validateStates[S comparable](init []S) error {
	if len(init) == 0 {
		return errors.New("explore: the system has no initial state: want one or more")
	}
	for i := range init {
		if t := pointerIn(reflect.ValueOf(&init[i]).Elem()); t != nil {
			return fmt.Errorf("explore: a state of type %T has a %v, which is compared by address: want states without pointers", init[i], t)
		}
	}
	return nil
}

// pointerIn returns the type of something in v that == compares by address, or nil.
func pointerIn(v reflect.Value) reflect.Type {
	switch v.Kind() {
	case reflect.Pointer, reflect.UnsafePointer, reflect.Chan:
		return v.Type()
	case reflect.Interface:
		if !v.IsNil() {
			return pointerIn(v.Elem())
		}
	case reflect.Array:
		for i := range v.Len() {
			if t := pointerIn(v.Index(i)); t != nil {
				return t
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if t := pointerIn(v.Field(i)); t != nil {
				return t
			}
		}
	}
	return nil
}

// A checker checks properties.
type checker[S comparable, A any] struct {
	sys        System[S, A]
	conditions []Condition[S, A]
	properties []Property[S]

	watches  []Watch[S, A]
	at       []int // by property: the number of its watch; of LeadsTo the next is that of its end
	stepsOf  []int // by condition: the number of its watch
	explored *Explored[S, A]
	paths    map[int]Path[S, A]
}

// watch makes the watches.
func (c *checker[S, A]) watch() {
	add := func(w Watch[S, A]) int {
		c.watches = append(c.watches, w)
		return len(c.watches) - 1
	}
	not := func(f func(S) bool) func(S) bool { return func(s S) bool { return !f(s) } }
	for _, p := range c.properties {
		w := Watch[S, A]{Kind: States, State: p.on}
		switch p.kind {
		case always:
			w.State = not(p.on)
		case endsOnly:
			w.Kind, w.State = Terminals, not(p.on)
		}
		c.at = append(c.at, add(w))
		if p.kind == leadsTo {
			add(Watch[S, A]{Kind: States, State: p.then})
		}
	}
	for _, f := range c.conditions {
		c.stepsOf = append(c.stepsOf, add(Watch[S, A]{Kind: Steps, Step: f.step}))
	}
}

// shown returns the watches whose paths show a verdict.
func (c *checker[S, A]) shown() (watches []int) {
	for i := range c.properties {
		if !c.properties[i].ofRuns() {
			watches = append(watches, c.at[i])
		}
	}
	return watches
}

// finding returns the verdict on property i, if it is about states. One about runs is
// unknown, or vacuous.
func (c *checker[S, A]) finding(i int) (Finding[S, A], error) {
	p := &c.properties[i]
	f := Finding[S, A]{Name: p.name, Incomplete: c.explored.Incomplete}
	steps, found := c.explored.Found(c.at[i])
	whole := c.explored.Complete()
	switch {
	case p.ofRuns():
		if p.kind == leadsTo && !found && whole {
			f.Verdict = Vacuous
		}
	case found:
		path, ok := c.paths[c.at[i]]
		if !ok || len(path.Actions) != steps || !c.watches[c.at[i]].State(path.States[steps]) {
			return f, fmt.Errorf("explore: property %q: the path of %d steps to a state does not repeat itself: want Init and Steps that are functions of their arguments", p.name, steps)
		}
		f.Path, f.Verdict = &path, Violated
		if p.kind == sometimes {
			f.Verdict = Reached
		}
	case whole && p.kind == sometimes:
		f.Verdict = Unreachable
	case whole:
		f.Verdict = Holds
	}
	if f.Verdict != Unknown {
		f.Incomplete = nil
	}
	return f, nil
}

// runs decides the properties of runs that are not vacuous, as many with one graph as it
// has room for.
func (c *checker[S, A]) runs(ctx context.Context, r *Report[S, A]) error {
	var left []int
	for i := range c.properties {
		if c.properties[i].ofRuns() && r.Findings[i].Verdict == Unknown {
			left = append(left, i)
		}
	}
	if slices.Contains(r.Incomplete, BoundMemory) {
		return nil // a graph would need more
	}
	const most = stategraph.MaxColumns / 2 // a property needs two watches at most
	for share := range slices.Chunk(left, most) {
		watches := slices.Clone(c.stepsOf)
		for _, i := range share {
			watches = append(watches, c.liveness(i).Watches()...)
		}
		runs, err := c.explored.Runs(ctx, watches)
		if err != nil {
			return err
		}
		for _, i := range share {
			f := &r.Findings[i]
			out, err := runs.Check(ctx, c.liveness(i))
			if err != nil {
				return fmt.Errorf("property %q: %w", f.Name, err)
			}
			f.Verdict, f.Incomplete, f.Lasso = out.Verdict, out.Incomplete, out.Lasso
		}
	}
	return nil
}

// liveness returns property i, which is about runs, as a formula.
func (c *checker[S, A]) liveness(i int) (l Liveness) {
	at := c.at[i]
	l.Formula = ltl.Eventually(ltl.State(at))
	if c.properties[i].kind == leadsTo {
		l.Formula = ltl.LeadsTo(ltl.State(at), ltl.State(at+1))
	}
	for j, f := range c.conditions {
		l.Fair = append(l.Fair, Fairness{Kind: f.kind, Step: c.stepsOf[j]})
	}
	return l
}

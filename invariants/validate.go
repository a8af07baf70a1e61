package invariants

import (
	"errors"
	"fmt"
	"reflect"
	"slices"

	"tcpclose/explore"
	"tcpclose/explore/ltl"
	"tcpclose/model"
)

// Validate returns an error if something keeps the property from being checked in a
// configuration: it names the property, and says what is wanted. Whatever checks
// properties calls it first.
func (p *Property) Validate(c model.Config) error {
	switch {
	case p == nil:
		return errors.New("property nil: want a property")
	case p.Err != nil:
		return p.Err
	case p.Name == "":
		return errors.New("a property without a name: want one")
	}
	if err := p.validate(c); err != nil {
		return fmt.Errorf("property %s: %w", p.Name, err)
	}
	return nil
}

func (p *Property) validate(c model.Config) error {
	switch {
	case p.Liveness != nil && (p.Patterns != nil || p.Premise != nil || p.Whole != nil || p.Witness):
		return errors.New("is about whole runs: want Liveness without Patterns, Premise, Whole and Witness")
	case p.Liveness != nil:
		return p.Liveness.Validate()
	case p.Alike != nil && (p.Patterns != nil || p.Premise != nil || p.Whole != nil || p.Witness):
		return errors.New("compares configurations: want Alike without Patterns, Premise, Whole and Witness")
	case p.Alike != nil && (p.Alike.Other == nil || p.Alike.Kinds == nil):
		return errors.New("compares nothing: want Other and Kinds of Alike")
	case p.Patterns == nil && p.Whole == nil && p.Alike == nil:
		return errors.New("says nothing: want Patterns, Whole or Liveness")
	case p.Whole != nil && p.Whole.Is == nil:
		return errors.New("no function Is of Whole: want one")
	case p.Witness && p.Premise != nil:
		return errors.New("a witness with a Premise: want none")
	case p.Applies != nil && p.Applies(c) != "":
		return nil
	}
	list := p.PatternsIn(c)
	if p.Alike != nil {
		list = p.Alike.Kinds(c)
	}
	if len(list) == 0 && p.Whole == nil {
		return errors.New("has no patterns in this configuration: want one at least, or a reason from Applies")
	}
	for i := range list {
		if p.Whole != nil && list[i].Parts == nil {
			return fmt.Errorf("pattern %d is about self beside Whole: want one of them", i+1)
		}
		if err := list[i].validate(); err != nil {
			return fmt.Errorf("pattern %d: %w", i+1, err)
		}
	}
	if p.Premise == nil {
		return nil
	}
	for i, pat := range p.Premise(c) {
		if err := pat.validate(); err != nil {
			return fmt.Errorf("premise %d: %w", i+1, err)
		}
	}
	return nil
}

// PatternsIn returns the patterns in a configuration, if the property has any.
func (p *Property) PatternsIn(c model.Config) []Pattern {
	if p.Patterns == nil {
		return nil
	}
	return p.Patterns(c)
}

func (p *Pattern) validate() error {
	functions := p.Step != nil || p.Self != nil || p.Peer != nil || p.Out != nil || p.In != nil || p.Box != nil
	switch {
	case p.Kind != explore.States && p.Kind != explore.Steps && p.Kind != explore.Terminals:
		return fmt.Errorf("kind %d: want explore.States, explore.Steps or explore.Terminals", p.Kind)
	case p.Parts != nil && (functions || p.Only != nil):
		return errors.New("functions, or Only, beside Parts: want one of them")
	case slices.ContainsFunc(p.Only, func(s model.Side) bool { return s != model.A && s != model.B }):
		return errors.New("a side in Only that is none: want model.A or model.B")
	case p.Parts != nil:
		return nil
	case p.Box != nil && (p.Kind != explore.Steps || p.Step != nil || p.Out != nil || p.In != nil):
		return errors.New("a pattern with Box: want explore.Steps, and beside it Self and Peer alone")
	case p.Box != nil:
		return nil
	case p.Kind == explore.Steps && p.Self != nil:
		return errors.New("a pattern of steps with Self: want Step, which has self before and after the step")
	case p.Kind == explore.Steps && p.Step == nil:
		return errors.New("a pattern of steps without Step: want a function")
	case p.Kind != explore.Steps && p.Step != nil:
		return errors.New("a pattern of states with Step: want Self, or the kind explore.Steps")
	case p.Kind == explore.States && !functions:
		return errors.New("a pattern of states that says nothing: want Self, Peer, Out or In")
	}
	return nil
}

// Validate returns an error if something keeps what is said of whole runs from being
// checked.
func (l *Liveness) Validate() error {
	switch {
	case l.Formula == nil && l.Reachable == nil:
		return errors.New("says nothing: want Formula or Reachable of Liveness")
	case l.Formula != nil && l.Reachable != nil:
		return errors.New("both Formula and Reachable of Liveness: want one of them")
	}
	for _, a := range l.Assumes {
		if err := a.Validate(); err != nil {
			return err
		}
	}
	conditions := l.own()
	if !slices.Equal(conditions, l.own()) {
		return errors.New("new conditions whenever Formula is called: want the same")
	}
	all := l.Conditions()
	for i, c := range all {
		switch {
		case c == nil:
			return fmt.Errorf("condition %d is nil: want a condition", i+1)
		case c.Only != nil:
			return fmt.Errorf("condition %q is about one side: want no Only, for a formula says whose view it is", c.Name)
		case c.Kind == explore.Terminals:
			return fmt.Errorf("condition %q is of terminal states: want explore.States or explore.Steps", c.Name)
		}
		if err := c.validate(); err != nil {
			return fmt.Errorf("condition %q: %w", c.Name, err)
		}
	}
	if states, steps := CountConditions(all); steps > MostConditions || states > MostConditions {
		return fmt.Errorf("distinguishes too many cases: want at most %d of states, and as many of steps with those of the assumptions", MostConditions)
	}
	if l.Formula == nil {
		return nil
	}
	number := func(c *Condition) ltl.Formula {
		if c.Kind == explore.Steps {
			return ltl.Taking(slices.Index(all, c))
		}
		return ltl.State(slices.Index(all, c))
	}
	return l.Formula(number, number).Validate()
}

// Validate returns an error if something keeps the assumption from being made.
func (a *Assumption) Validate() error {
	switch {
	case a == nil:
		return errors.New("assumption nil: want an assumption")
	case a.Step == nil || a.Step.Kind != explore.Steps || a.Step.Only != nil:
		return fmt.Errorf("assumption %s: Step: want a condition of steps, of either side", a.Name)
	case a.Kind != explore.Weak && a.Kind != explore.Strong && a.Kind != explore.Unconditional:
		return fmt.Errorf("assumption %s: kind %d: want explore.Weak, explore.Strong or explore.Unconditional", a.Name, a.Kind)
	case slices.ContainsFunc(a.Where, func(c *Condition) bool { return c == nil || c.Kind != explore.States || c.Only != nil }):
		return fmt.Errorf("assumption %s: Where: want conditions of states, of either side", a.Name)
	}
	if err := a.Step.validate(); err != nil {
		return fmt.Errorf("assumption %s: %w", a.Name, err)
	}
	return nil
}

// ValidateAll returns an error if one of the properties cannot be checked in a
// configuration, or if two of them have one name and say different things.
func ValidateAll(c model.Config, properties []*Property) error {
	named := map[string]*Property{}
	for _, p := range properties {
		if err := p.Validate(c); err != nil {
			return err
		}
		if other := named[p.Name]; other != nil && !other.says(p) {
			return fmt.Errorf("property %s: there are two of that name: want a name for each", p.Name)
		}
		named[p.Name] = p
	}
	return nil
}

// says reports whether two properties say the same, as far as that can be told.
func (p *Property) says(q *Property) bool {
	code := func(f any) uintptr { return reflect.ValueOf(f).Pointer() }
	return p == q ||
		p.Sentence == q.Sentence && p.Source == q.Source && p.Witness == q.Witness &&
			(p.Whole == nil) == (q.Whole == nil) && (p.Liveness == nil) == (q.Liveness == nil) &&
			code(p.Patterns) == code(q.Patterns) && code(p.Premise) == code(q.Premise) && code(p.Applies) == code(q.Applies)
}

package ask

import (
	"fmt"

	"tcpclose/explore/ltl"
	"tcpclose/invariants"
	"tcpclose/model"
)

// Eventually is the property that the question is true some time in every run, of
// a state or of a step, if runs are as all Assumptions say.
func (q *Question) Eventually() (*invariants.Property, error) {
	is, err := q.Conditions()
	if err != nil {
		return nil, err
	}
	return ofRuns("eventually "+q.Text, "In every run this is true some time.", nil, func(eye invariants.Eye) ltl.Formula {
		return ltl.Eventually(is.seenBy(eye))
	})
}

// LeadsTo is the property that, whenever the question is true, then is true at
// that time or later, if runs are as all Assumptions say.
func (q *Question) LeadsTo(then *Question) (*invariants.Property, error) {
	is, err := q.Conditions()
	if err != nil {
		return nil, err
	}
	will, err := then.Conditions()
	if err != nil {
		return nil, err
	}
	var occasion *invariants.Condition
	if len(is) == 1 {
		occasion = is[0]
	}
	return ofRuns(q.Text+" => "+then.Text, "Whenever the one is true, the other is then or later.", occasion, func(eye invariants.Eye) ltl.Formula {
		return ltl.LeadsTo(is.seenBy(eye), will.seenBy(eye))
	})
}

// ofRuns is a property of whole runs that was asked for.
func ofRuns(name, sentence string, occasion *invariants.Condition, f func(invariants.Eye) ltl.Formula) (*invariants.Property, error) {
	l := &invariants.Liveness{
		Joint:    true, // it speaks of a and b by name
		Formula:  func(self, _ invariants.Eye) ltl.Formula { return f(self) },
		Assumes:  invariants.Assumptions,
		Occasion: occasion,
	}
	c := invariants.Conditions{}.With(l)
	if !c.Fits() {
		return nil, fmt.Errorf("expression %q: distinguishes too many cases: want at most %d of states, and as many of steps with those of the assumptions", name, invariants.MostConditions)
	}
	if err := l.Formula(c.Eye(model.A), c.Eye(model.B)).Validate(); err != nil {
		return nil, fmt.Errorf("expression %q: %w", name, err)
	}
	return &invariants.Property{
		Name: name, Sentence: sentence, Source: "asked", Liveness: l,
		Patterns: func(model.Config) []invariants.Pattern { return nil },
	}, nil
}

// alternativeConditions is conditions of which one has to hold.
type alternativeConditions []*invariants.Condition

// conditions is what makes the answer yes, part by part: runs are judged so
// alone.
func (q *Question) Conditions() (list alternativeConditions, err error) {
	if q.parts[1] == nil {
		return nil, fmt.Errorf("expression %q: compares parts of the system with each other: of whole runs that cannot be judged", q.Text)
	}
	for i, p := range q.parts[1] {
		list = append(list, &invariants.Condition{Name: fmt.Sprintf("%s, case %d", q.Text, i+1), Pattern: p})
	}
	return list, nil
}

func (l alternativeConditions) seenBy(eye invariants.Eye) ltl.Formula {
	var any []ltl.Formula
	for _, c := range l {
		any = append(any, eye(c))
	}
	return ltl.Or(any...)
}

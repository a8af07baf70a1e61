package ask

import (
	"cmp"
	"errors"
	"fmt"

	"tcpclose/explore/ltl"
	"tcpclose/invariants"
)

// Eventually returns the property that the question is eventually true in every run, of
// a state or of a step, under all Assumptions. If it cannot be checked of whole runs,
// the property has an Err, which every check of it returns.
func (q *Question) Eventually() *invariants.Property {
	is, err := q.Conditions()
	return ofRuns("eventually "+q.text(), "In every run this should eventually be true.", nil, err, func(view invariants.View) ltl.Formula {
		return ltl.Eventually(is.seenBy(view))
	})
}

// LeadsTo returns the property that, whenever the question is true, then is true at
// that time or later, if runs are as all Assumptions say. If that cannot be checked of
// whole runs, the property has an Err, which whatever checks it returns.
func (q *Question) LeadsTo(then *Question) *invariants.Property {
	is, err := q.Conditions()
	will, err2 := then.Conditions()
	var occasion *invariants.Condition
	if len(is) == 1 {
		occasion = is[0]
	}
	return ofRuns(q.text()+" => "+then.text(), "Whenever the first is true, the second should be true then or later.", occasion, cmp.Or(err, err2), func(view invariants.View) ltl.Formula {
		return ltl.LeadsTo(is.seenBy(view), will.seenBy(view))
	})
}

// ofRuns returns a property of whole runs that was asked for, unless there is an error.
func ofRuns(name, sentence string, occasion *invariants.Condition, err error, f func(invariants.View) ltl.Formula) *invariants.Property {
	p := &invariants.Property{Name: name, Sentence: sentence, Source: "asked", Err: err}
	if err != nil {
		return p
	}
	p.Liveness = &invariants.Liveness{
		Joint:    true, // it is about a and b by name
		Formula:  func(self, _ invariants.View) ltl.Formula { return f(self) },
		Assumes:  invariants.Assumptions,
		Occasion: occasion,
	}
	if err := p.Liveness.Validate(); err != nil {
		p.Err = inText(name, err)
	}
	return p
}

// alternativeConditions is conditions of which one has to hold.
type alternativeConditions []*invariants.Condition

// Conditions returns what makes the answer yes, part by part: of whole runs nothing else
// is checked.
func (q *Question) Conditions() (list alternativeConditions, err error) {
	if err := q.err(); err != nil {
		return nil, err
	}
	if list, err = q.alternatives(); err != nil {
		return nil, inText(q.Text, err)
	}
	return list, nil
}

func (q *Question) alternatives() (list alternativeConditions, err error) {
	if q.parts[1] == nil {
		return nil, errors.New("compares parts of the system with each other, which cannot be checked of whole runs: want comparisons of one end, or one direction, each")
	}
	for i, p := range q.parts[1] {
		list = append(list, &invariants.Condition{Name: fmt.Sprintf("%s, case %d", q.Text, i+1), Pattern: p})
	}
	return list, nil
}

func (l alternativeConditions) seenBy(view invariants.View) ltl.Formula {
	var any []ltl.Formula
	for _, c := range l {
		any = append(any, view(c))
	}
	return ltl.Or(any...)
}

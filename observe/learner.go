package observe

import (
	"tcpclose/model"
)

// A Learner observes the runs of one stack. An alternative that one run excludes is
// excluded in the next.
type Learner struct {
	rules   Rules
	options model.Options
	known   map[Alternative]bool
	reports int
}

// NewLearner returns a learner that knows no more than the rules.
func NewLearner(r Rules) (*Learner, error) {
	if _, err := New(r); err != nil {
		return nil, err
	}
	return &Learner{rules: r, options: r.Options, known: map[Alternative]bool{}}, nil
}

// Observe observes one more run.
func (l *Learner) Observe(run Run) (Report, error) {
	r := l.rules
	r.Options = l.options
	o, err := New(r)
	if err != nil {
		return Report{}, err
	}
	report := o.Observe(run)
	for i, d := range report.Deviations {
		report.Deviations[i].Known = l.known[d.Answer]
		l.known[d.Answer] = true
	}
	if both, ok := l.options.Intersect(report.Options); ok {
		l.options = both
	}
	l.reports++
	return report, nil
}

// Profile returns what was learned.
func (l *Learner) Profile() Profile {
	p := Profile{Options: l.options, Runs: l.reports}
	for a := range l.known {
		p.Alternatives = append(p.Alternatives, a)
	}
	return p
}

// A Profile describes a stack.
type Profile struct {
	Runs         int
	Options      model.Options // what its decisions can be
	Alternatives []Alternative // what it does by no rule
}

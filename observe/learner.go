package observe

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"tcpclose/model"
)

// A Learner observes the runs of one stack. An alternative that one run excludes is
// excluded in the next: if that follows it all the same, that is a deviation whose
// cause is a contradiction.
type Learner struct {
	rules    Rules
	options  model.Options
	evidence [model.NumDecisions]map[model.Choice]Evidence
	asked    model.Options // alternatives by which a run was followed
	known    map[Alternative][]Cause
	seen     map[Alternative]int
	runs     int
}

// Evidence is the run and the event that have excluded an alternative.
type Evidence struct {
	Run   string
	Event int
}

func (e Evidence) String() string { return fmt.Sprintf("%s, event %d", e.Run, e.Event) }

// NewLearner returns a learner that knows no more than the rules.
func NewLearner(r Rules) (*Learner, error) {
	if _, err := New(r); err != nil {
		return nil, err
	}
	l := &Learner{rules: r, options: r.Options, known: map[Alternative][]Cause{}, seen: map[Alternative]int{}}
	for d := range l.evidence {
		l.evidence[d] = map[model.Choice]Evidence{}
	}
	return l, nil
}

// Observe observes one more run.
func (l *Learner) Observe(run Run) (Report, error) {
	r := l.rules
	r.Options = l.options
	o, err := New(r)
	if err != nil {
		return Report{}, err
	}
	report := o.observe(run, l.known)
	for i := range report.Deviations {
		d := &report.Deviations[i]
		for j := range d.Causes {
			c := &d.Causes[j]
			if c.Kind == ByDecision && l.rules.Options.Has(c.Decision, c.Choice) && !l.options.Has(c.Decision, c.Choice) {
				c.Kind = ByContradiction
				c.Against = l.evidence[c.Decision][c.Choice]
			}
		}
		l.known[d.Answer] = d.Causes
		l.seen[d.Answer]++
	}
	both, ok := l.options.Intersect(report.Options)
	if !ok {
		return report, fmt.Errorf("run %s: options %s: want some of %s", run.Name, report.Options, l.options)
	}
	l.note(run, report, both)
	l.options = both
	l.runs++
	return report, nil
}

// note keeps the evidence for what a run has excluded.
func (l *Learner) note(run Run, report Report, left model.Options) {
	for d := range model.NumDecisions {
		for c := range model.Choice(8) {
			if !l.options.Has(d, c) || left.Has(d, c) {
				continue
			}
			event := slices.IndexFunc(report.Steps, func(s Step) bool {
				return !slices.ContainsFunc(s.After, func(s State) bool { return s.Options.Has(d, c) })
			})
			l.evidence[d][c] = Evidence{run.Name, event}
		}
	}
	for _, s := range report.Steps {
		for _, state := range s.After {
			for d := range l.asked {
				if state.Options[d] != l.options[d] {
					l.asked[d] |= state.Options[d]
				}
			}
		}
	}
}

// Profile returns what was learned.
func (l *Learner) Profile() Profile {
	p := Profile{Runs: l.runs, Options: l.options, Evidence: map[model.Decision]map[model.Choice]Evidence{}}
	for d, e := range l.evidence {
		if len(e) > 0 {
			p.Evidence[model.Decision(d)] = maps.Clone(e)
		}
		if _, single := l.options.Choice(model.Decision(d)); !single && l.asked[d] == 0 {
			p.Unasked = append(p.Unasked, model.Decision(d))
		}
	}
	for a, n := range l.seen {
		p.Alternatives = append(p.Alternatives, Own{a, l.known[a], n})
	}
	slices.SortFunc(p.Alternatives, func(a, b Own) int { return strings.Compare(a.Alternative.String(), b.Alternative.String()) })
	return p
}

// A Profile describes a stack.
type Profile struct {
	Runs    int
	Options model.Options // what its decisions can be
	// Evidence has, for each alternative that was excluded, by which run.
	Evidence map[model.Decision]map[model.Choice]Evidence
	// Unasked is the decisions that made no difference to any run. Others of which
	// several alternatives are left were followed by runs that do not tell those
	// apart.
	Unasked []model.Decision
	// Alternatives lists the answers of the stack that no rule has.
	Alternatives []Own
}

// An Own alternative is one of the stack's alone.
type Own struct {
	Alternative Alternative
	Causes      []Cause
	Times       int // that it was seen
}

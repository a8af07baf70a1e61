package observe

import (
	"fmt"
	"io"
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
	followed []Run // those without a deviation
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
	if l.runs++; report.Conforms() {
		l.followed = append(l.followed, run)
	}
	return report, nil
}

// Settle observes the runs again that had no deviation, until they exclude nothing
// more: what a later run has excluded may tell apart what an earlier one could not.
// Then it tries each alternative that is left beside others, and excludes those with
// which not all of the runs are possible. It returns the reports of runs that
// contradict each other.
func (l *Learner) Settle() (contradictions []Report, err error) {
	for {
		before := l.options
		list, runs := l.followed, l.runs
		l.followed = nil
		for _, run := range list {
			report, err := l.Observe(run)
			if err != nil {
				return contradictions, err
			}
			if !report.Conforms() {
				contradictions = append(contradictions, report)
			}
		}
		l.runs = runs
		if l.options == before {
			break
		}
	}
	if l.try() {
		more, err := l.Settle()
		return append(contradictions, more...), err
	}
	return contradictions, nil
}

// try excludes the alternatives that are left, but not possible in all runs, and
// reports whether there were any.
func (l *Learner) try() (excluded bool) {
	for d := range model.NumDecisions {
		list := choices(l.options, d)
		if len(list) == 1 || l.asked[d] == 0 {
			continue
		}
		for _, c := range list {
			if run, event, ok := l.possible(d, c); !ok {
				l.options[d] &^= 1 << c
				l.evidence[d][c] = Evidence{run, event}
				excluded = true
			}
		}
	}
	return excluded
}

// possible reports whether all runs are possible if the alternative c of d is assumed; or
// else, the run and the event that are not.
func (l *Learner) possible(d model.Decision, c model.Choice) (run string, event int, ok bool) {
	r := l.rules
	r.Options = l.options
	r.Options[d] = 1 << c
	o, err := New(r)
	if err != nil {
		return "", 0, true
	}
	for _, run := range l.followed {
		o.begin()
		if n, err := o.follow(run.Events); err != nil || n < len(run.Events) {
			return run.Name, n, false
		}
		both, _ := o.rules.Options.Intersect(optionsOf(o.set))
		o.rules.Options = both
	}
	return "", 0, true
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

// Options returns the alternatives that are left.
func (l *Learner) Options() model.Options { return l.options }

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

// WriteText writes the profile in the form of profile files: a line for each decision that
// is known, with its evidence. The others, and what the stack does by no rule, are
// comments.
func (p Profile) WriteText(w io.Writer, about ...string) error {
	var b strings.Builder
	fmt.Fprintln(&b, "tcpclose profile 1")
	for _, line := range append(about, fmt.Sprintf("Learned from %d runs.", p.Runs)) {
		fmt.Fprintln(&b, "#", line)
	}
	fmt.Fprintln(&b)
	var open []string
	for d := range model.NumDecisions {
		c, known := p.Options.Choice(d)
		if !known {
			why := "not told apart"
			if slices.Contains(p.Unasked, d) {
				why = "no run depends on it"
			}
			open = append(open, fmt.Sprintf("# %-19s %s: %s", d, strings.Join(p.Options.Names(d), "|"), why))
			continue
		}
		line := fmt.Sprintf("%-21s %-14s", d, d.Info().Alternatives[c].Name)
		if why := p.evidence(d); why != "" {
			line += " # " + why
		}
		fmt.Fprintln(&b, strings.TrimRight(line, " "))
	}
	if len(open) > 0 {
		fmt.Fprintf(&b, "\n# Not known:\n%s\n", strings.Join(open, "\n"))
	}
	if len(p.Alternatives) > 0 {
		fmt.Fprintf(&b, "\n# By no rule:\n")
		for _, a := range p.Alternatives {
			fmt.Fprintf(&b, "# %s (%d times)\n", a.Alternative, a.Times)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// evidence returns what has excluded the other alternatives of d, in words.
func (p Profile) evidence(d model.Decision) string {
	var words []string
	for c, a := range d.Info().Alternatives {
		if e, ok := p.Evidence[d][model.Choice(c)]; ok {
			words = append(words, fmt.Sprintf("not %s: %s", a.Name, e))
		}
	}
	return strings.Join(words, "; ")
}

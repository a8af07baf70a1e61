package main

import (
	"slices"
	"strings"

	"tcpclose/ask"
	"tcpclose/cmd/tcpclose/internal/cli"
	"tcpclose/cmd/tcpclose/internal/report"
	"tcpclose/cmd/tcpclose/internal/target"
	"tcpclose/explore/product"
	"tcpclose/invariants"
)

// checkFlags contains the flags of check, as given.
type checkFlags struct {
	target.Target
	target.Limits
	properties []string // nil if not given
	witness    []string
	liveness   []string
	without    []*invariants.Assumption
	besides    []*invariants.Assumption
	questions  []*invariants.Property // by -always and -never, or by find
	find       bool                   // it is find that asks
	json       bool
	show       report.Traces
	strict     bool
	traces     bool
	endings    bool
	coverage   bool
	symmetry   bool
	checkpoint product.Checkpoint // File is "" if not asked for
	finer      int
	against    *string // nil if not asked for
	unlimited  bool    // every capacity at once
}

// checkSet returns the flags of check.
func (f *checkFlags) checkSet() *cli.Set {
	set := cli.NewSet("check")
	f.Every = &f.unlimited
	f.Target.Add(set)
	set.Names(cli.Flag{
		Name: "properties", Group: cli.Question, Values: "NAMES", Means: "check only these, separated by commas",
		Words: func() []string { return propertyNames(invariants.PropertiesOf(true)) },
	}, &f.properties)
	set.Names(cli.Flag{
		Name: "witness", Group: cli.Question, Values: "NAMES", Means: "show these witnesses instead, or all",
		More:  "A witness is a run that one may ask to see; 'tcpclose list witnesses' shows them.",
		Words: func() []string { return append(propertyNames(invariants.Witnesses), all) },
	}, &f.witness)
	set.Names(cli.Flag{
		Name: "liveness", Group: cli.Question, Values: "NAMES", Means: "check these properties of whole runs instead, or all",
		More:  "They say that something eventually happens in every run that satisfies their assumptions ('tcpclose list properties assumptions').",
		Words: func() []string { return append(propertyNames(invariants.LivenessProperties), all) },
	}, &f.liveness)
	f.questionFlags(set)
	f.assumptions(set, "without", "with -liveness: do not assume these", &f.without)
	f.assumptions(set, "assume", "with -liveness: assume these, too", &f.besides)
	set.Switch(cli.Flag{Name: "strict", Group: cli.Question, Means: "count every violation, whatever the preset expects"}, &f.strict)
	set.Number(cli.Flag{
		Name: "finer", Group: cli.Question, Values: "N", Means: "check again with N times as many ticks: which verdicts turn?",
		More: "A verdict that turns says something of the scale, and nothing of TCP. N is 2 to 16.",
	}, 2, maxFiner, &f.finer)
	set.Add(cli.Flag{
		Name: "against", Group: cli.Question, Values: "WORDS", Means: "find instead where this configuration and another part",
		More: "WORDS are name=value, after the name of a preset or profile if it is another: 'no-data rto=3'. Both do the same until one does, answers or tells what the other does not. '' is the preset or profile itself.",
		Set: func(text string) error {
			f.against = &text
			return nil
		},
	})
	f.Limits.Add(set)
	f.survival(set)
	set.Switch(cli.Flag{
		Name: "symmetry", Group: cli.Limits, Means: "keep only one of two states that differ by exchanging a and b",
		More: "a and b must be alike, and no expression may name them.",
	}, &f.symmetry)
	set.Switch(cli.Flag{Name: "endings", Group: cli.Output, Means: "also list how it can end for the two applications"}, &f.endings)
	set.Switch(cli.Flag{
		Name: "coverage", Group: cli.Output, Means: "also count the steps that follow each clause",
		More: "It also shows why there are so many states: which actions lead to new ones, and how many values each part has.",
	}, &f.coverage)
	f.output(set)
	return set
}

// all stands for all names.
const all = "all"

// maxFiner bounds -finer.
const maxFiner = 16

// assumptions adds a flag whose values are assumptions.
func (f *checkFlags) assumptions(set *cli.Set, name, means string, at *[]*invariants.Assumption) {
	names := report.AssumptionNames(invariants.Assumptions)
	set.Add(cli.Flag{
		Name: name, Group: cli.Question, Values: "NAMES", Means: means,
		Words: func() []string { return names },
		Set: func(text string) error {
			*at = nil
			for name := range strings.SplitSeq(text, ",") {
				a, err := invariants.FindAssumption(name)
				if err != nil || slices.Contains(*at, a) {
					return cli.Want("different ones of %s", strings.Join(names, ", "))
				}
				*at = append(*at, a)
			}
			return nil
		},
	})
}

// questionFlags adds the flags that ask about expressions and formulas.
func (f *checkFlags) questionFlags(set *cli.Set) {
	add := func(flag cli.Flag, of func(text string) (*invariants.Property, error)) {
		flag.Group = cli.Question
		flag.Set = func(text string) error {
			p, err := of(text)
			if err != nil {
				return asked(err, text)
			}
			if slices.ContainsFunc(f.questions, func(had *invariants.Property) bool { return had.Name == p.Name }) {
				return cli.Want("it once")
			}
			f.questions = append(f.questions, p)
			return nil
		}
		set.Add(flag)
	}
	const terms = "'tcpclose list terms' shows the terms of expressions. The flag may stand several times; -properties and -witness add other properties."
	state := func(of func(*ask.Question) *invariants.Property) func(text string) (*invariants.Property, error) {
		return func(text string) (*invariants.Property, error) {
			q, err := ask.Parse(text)
			if err != nil {
				return nil, err
			}
			return of(q), nil
		}
	}
	add(cli.Flag{Name: "always", Values: "EXPR", Means: "check whether this is true of every state, or step", More: terms}, state((*ask.Question).Always))
	add(cli.Flag{Name: "never", Values: "EXPR", Means: "check whether this is true of no state, or step", More: terms}, state((*ask.Question).Never))
	const fair = "A fair run satisfies all of 'tcpclose list assumptions' but those of -without."
	add(cli.Flag{Name: "eventually", Values: "EXPR", Means: "check whether this eventually happens in every fair run", More: fair}, func(text string) (*invariants.Property, error) {
		q, err := ask.Parse(text)
		if err != nil {
			return nil, err
		}
		p := q.Eventually()
		return p, p.Err
	})
	add(cli.Flag{Name: "leads-to", Values: "'P => Q'", Means: "check whether Q follows P in every fair run", More: fair}, func(text string) (*invariants.Property, error) {
		return leadsTo(text)
	})
	add(cli.Flag{
		Name: "ltl", Values: "FORMULA", Means: "check whether this formula is true of every fair run",
		More: "It is expressions joined by " + strings.Join(ask.Connectives(), " ") + " && || !. " + fair,
	}, ask.Formula)
}

// leadsTo returns the property of two expressions with an arrow between them.
func leadsTo(text string) (*invariants.Property, error) {
	is, will, ok := ask.CutArrow(text)
	if !ok {
		return nil, cli.Want("two expressions with => or -> between them")
	}
	p, err := ask.Parse(is)
	if err != nil {
		return nil, err
	}
	q, err := ask.Parse(will)
	if err != nil {
		return nil, err
	}
	leads := p.LeadsTo(q)
	return leads, leads.Err
}

// output adds the flags that every command has which reports on a configuration.
func (f *checkFlags) output(set *cli.Set) {
	f.traces = true
	set.Switch(cli.Flag{Name: "traces", Group: cli.Output, Means: "print only the verdicts, no traces"}, &f.traces)
	f.show.Fold(set)
	f.show.Add(set)
	set.Switch(cli.Flag{Name: "json", Group: cli.Output, Means: "write the report as JSON"}, &f.json)
}

// named reports whether the properties to check were named, one by one.
func (f *checkFlags) named() bool {
	lists := slices.Concat(f.properties, f.witness, f.liveness)
	return len(lists) > 0 && !slices.Contains(lists, all) || len(f.questions) > 0 && len(lists) == 0
}

// asked is the properties or witnesses that were asked for.
func (f *checkFlags) asked() ([]*invariants.Property, error) {
	pick := func(flag, kind string, names []string, of []*invariants.Property) (list []*invariants.Property, err error) {
		for _, name := range names {
			i := slices.IndexFunc(of, func(p *invariants.Property) bool { return p.Name == name })
			if i < 0 {
				return nil, f.noProperty(flag, kind, name, of)
			}
			if slices.Contains(list, of[i]) {
				return nil, cli.Want("it once").Of("flag -"+flag, name)
			}
			list = append(list, of[i])
		}
		return list, nil
	}
	var list []*invariants.Property
	var err error
	switch {
	case slices.Equal(f.witness, []string{all}):
		list = invariants.Witnesses
	case f.witness != nil:
		list, err = pick("witness", "witnesses", f.witness, invariants.Witnesses)
	case slices.Equal(f.liveness, []string{all}):
		list = invariants.LivenessProperties
	case f.liveness != nil:
		list, err = pick("liveness", "properties", f.liveness, invariants.LivenessProperties)
	case f.properties != nil:
		list, err = pick("properties", "properties", f.properties, invariants.PropertiesOf(true))
	case len(f.questions) == 0:
		list = invariants.PropertiesOf(f.Boxed())
	}
	return slices.Concat(list, f.questions), err
}

// noProperty is the mistake of a name that is not in a list. It may be in another.
func (f *checkFlags) noProperty(flag, kind, name string, of []*invariants.Property) *cli.Mistake {
	m := cli.WantName(name, "names", "tcpclose list "+kind, propertyNames(of)).Of("flag -"+flag, name)
	for _, other := range []struct {
		flag string
		list []*invariants.Property
	}{{"properties", invariants.PropertiesOf(true)}, {"witness", invariants.Witnesses}, {"liveness", invariants.LivenessProperties}} {
		if other.flag != flag && slices.Contains(propertyNames(other.list), name) {
			m.Hint = "it is one of -" + other.flag
		}
	}
	return m
}

func propertyNames(list []*invariants.Property) (names []string) {
	for _, p := range list {
		names = append(names, p.Name)
	}
	return names
}

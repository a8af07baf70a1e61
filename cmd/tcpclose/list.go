package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"tcpclose/ask"
	"tcpclose/box"
	"tcpclose/check"
	"tcpclose/cmd/tcpclose/internal/about"
	"tcpclose/cmd/tcpclose/internal/base"
	"tcpclose/cmd/tcpclose/internal/cli"
	"tcpclose/cmd/tcpclose/internal/explain"
	"tcpclose/cmd/tcpclose/internal/fields"
	"tcpclose/cmd/tcpclose/internal/remarks"
	"tcpclose/cmd/tcpclose/internal/report"
	"tcpclose/cmd/tcpclose/internal/screen"
	"tcpclose/internal/lang"
	"tcpclose/internal/near"
	"tcpclose/invariants"
	"tcpclose/model"
	"tcpclose/profile"
)

const listText = `Lists everything that has a name, with its source: states, sysctls, options,
presets, profiles, properties, boxes, assumptions, witnesses, decisions, faults,
fields, clauses, and the terms of expressions. 'connections' lists the terms of
'tcpclose explain -where', 'remarks' what other tools say about a close. Without
an argument it lists all but the first three; 'tcpclose about NAME' says more
about one.
`

var listCommand = &cli.Command{
	Name: "list", Args: "[WHAT ...]", Kind: kindKnow,
	Summary: "everything that has a name: presets, properties, decisions, terms...",
	Text:    listText, Words: listNames,
	Set: func() *cli.Set { return languageSet("list", new(lang.Language)) },
	Run: runList,
}

// lists contains what can be listed, in order.
var lists = []struct {
	name string
	show func(l *lister)
}{
	{"presets", (*lister).presets},
	{"profiles", (*lister).profiles},
	{"properties", func(l *lister) {
		l.properties(invariants.PropertiesOf(true))
		l.properties(invariants.LivenessProperties)
	}},
	{"boxes", (*lister).boxes},
	{"assumptions", (*lister).assumptions},
	{"witnesses", func(l *lister) { l.properties(invariants.Witnesses) }},
	{"decisions", (*lister).decisions},
	{"faults", (*lister).faults},
	{"fields", (*lister).fields},
	{"clauses", (*lister).clauses},
	{"terms", (*lister).terms},
	{"connections", (*lister).connections},
	{"remarks", (*lister).remarks},
}

// short is names, for which there are pages, in lists of their own.
var short = []string{"states", "sysctls", "options", "calls"}

func listNames() (names []string) {
	for _, l := range lists {
		names = append(names, l.name)
	}
	return append(names, short...)
}

func runList(_ context.Context, args []string, out, _ io.Writer) (int, error) {
	l := &lister{out: out}
	asked, err := languageSet("list", &l.lang).Parse(args)
	if err != nil {
		return 0, err
	}
	if len(asked) == 0 {
		for _, known := range lists {
			asked = append(asked, known.name)
		}
	}
	var shows []func(*lister)
	for _, name := range asked {
		var show func(*lister)
		for _, known := range lists {
			if known.name == name {
				show = known.show
			}
		}
		if slices.Contains(short, name) {
			show = func(l *lister) { l.pages(name) }
		}
		if show == nil {
			return 0, notAList(name)
		}
		shows = append(shows, show)
	}
	for i, show := range shows {
		if i > 0 {
			fmt.Fprintln(out)
		}
		if len(shows) > 1 {
			fmt.Fprintln(out, l.heading(asked[i]))
		}
		show(l)
	}
	return cli.OK, nil
}

// A lister writes lists.
type lister struct {
	out  io.Writer
	lang lang.Language
}

// say returns a message in the language of the lists.
func (l *lister) say(english string, args ...any) string { return l.lang.Say(english, args...) }

// heading returns the heading of a list.
func (l *lister) heading(name string) string {
	if l.lang != lang.English { // which has no plural
		for i := range about.Subjects {
			if s := &about.Subjects[i]; s.Plural == name {
				name = l.say(s.Kind)
			}
		}
	}
	return l.say("%s:", name)
}

// put writes a line of a list, folded; what is indented belongs to the line before.
func (l *lister) put(indent int, english string, args ...any) {
	fmt.Fprint(l.out, screen.Indent(l.say(english, args...), indent, 2))
}

// notAList is the mistake of a word that names no list.
func notAList(word string) *cli.Mistake {
	m := cli.Argument(word, "what 'tcpclose help list' names")
	if meant := near.Name(word, listNames()); meant != "" {
		m.Hint = "did you mean " + meant + "?"
	} else if kind := about.Kind(word); kind != "" {
		m.Hint = "it is a " + kind + ": 'tcpclose about " + screen.Quoted(word) + "'"
	}
	return m
}

// pages lists what there are pages about, with what is said first on each.
func (l *lister) pages(plural string) {
	t := screen.Table{Indent: 2}
	for i := range about.Subjects {
		s := &about.Subjects[i]
		if s.Plural != plural {
			continue
		}
		for _, name := range s.Names() {
			thing, _ := about.Of(s.Kind, name)
			t.Row(screen.Plain(name, thing.Page(nil).In(l.lang).Says)...)
		}
	}
	t.Write(l.out)
}

func (l *lister) presets() {
	for i := range check.Presets {
		p := &check.Presets[i]
		l.put(2, "%s: %s", p.Name, l.say(p.Sentence))
		if words := p.Config.Against(model.Default()); len(words) > 0 {
			l.put(6, "%s", strings.Join(words, " "))
		}
		l.expected(p)
	}
}

func (l *lister) expected(p *check.Preset) {
	for _, e := range p.Expected {
		l.put(6, "expects %s %s: %s", e.Property, l.say(e.Verdict.String()), l.say(e.Why))
	}
}

func (l *lister) profiles() {
	for i := range base.Profiles {
		b := &base.Profiles[i]
		l.put(2, "%s: %s", b.Name, l.say(b.Sentence))
		l.expected(b.Preset)
		commands := []string{"tcpclose check " + b.Name, "tcpclose lose 3 " + b.Name}
		if b.Name == "linux" {
			commands = append(commands, "tcpclose profile linux", "tcpclose profile linux -host")
		}
		for _, command := range commands {
			l.put(6, "%s", command)
		}
	}
	for _, e := range profile.Ends() {
		if base.Find(e.Name) == nil {
			l.put(2, "%s: %s", e.Name, l.say(strings.Join(e.About, " ")))
			l.put(6, "tcpclose check %s", e.Name)
			l.put(6, "tcpclose profile %s", e.Name)
		}
	}
	l.put(2, "\n%s", l.say("Each can also be used for one end: 'tcpclose check -a linux -b rfc'. A file that 'tcpclose profile linux -write FILE' writes can be used like a name."))
}

func (l *lister) properties(list []*invariants.Property) {
	for _, p := range list {
		l.put(2, "%s: %s", p.Name, l.say(p.Sentence))
		l.put(6, "%s", l.lang.Cite(p.Source))
		if live := p.Liveness; live != nil {
			l.liveness(live)
		}
	}
}

// liveness writes what a property of whole runs needs.
func (l *lister) liveness(of *invariants.Liveness) {
	if of.Assumes != nil {
		l.put(6, "liveness, assuming %s", strings.Join(report.AssumptionNames(of.Assumes), l.say(", ")))
	} else {
		l.put(6, "liveness")
	}
	if of.Provided != "" {
		l.put(6, "provided that %s", about.Say(l.lang, of.Provided))
	}
}

// boxes lists what can stand between the ends, and the format of their texts.
func (l *lister) boxes() {
	for _, b := range box.Builtin {
		l.put(2, "%s: %s", b.Name, l.say(about.BoxSays(b)))
		for _, s := range b.Source {
			l.put(6, "%s", s)
		}
		t := screen.Table{Indent: 6}
		for i := range b.Timers {
			timer := &b.Timers[i]
			t.Row(screen.Plain(timer.Name, l.say("%s s", fmt.Sprint(timer.Seconds)), about.TimerWhere(b, timer))...)
		}
		for _, o := range b.Options {
			t.Row(screen.Plain(o.Name, fmt.Sprint(o.Value), l.say(o.Meaning))...)
		}
		t.Write(l.out)
	}
	l.put(2, "%s", l.say("Mistakes that can be seeded, as in '-box rfc5382,fault=rst-kept':"))
	for _, f := range box.Faults {
		l.put(6, "%s: %s (%s)", f.Name, l.say(f.Sentence), f.Like)
	}
	l.put(2, "\n%s", l.say("Each can be set up: '-box conntrack,tcp_loose=0,close_wait=3600'. A file can be used like a name: '-box ./my.box'. Its lines:"))
	for i, part := range box.Format() {
		if i > 0 {
			l.put(2, "%s:", l.say(part.Title))
		}
		t := screen.Table{Indent: 4}
		for _, w := range part.Words {
			t.Row(screen.Plain(w[0], l.say(w[1]))...)
		}
		t.Write(l.out)
	}
}

func (l *lister) assumptions() {
	for _, a := range invariants.Assumptions {
		l.put(2, "%s: %s", a.Name, l.say(a.Sentence))
	}
}

func (l *lister) decisions() {
	for d := range model.NumDecisions {
		info := d.Info()
		l.put(2, "%s: %s", info.Name, l.say(info.Question))
		l.put(6, "%s", l.lang.Cite(info.Source))
		for i, a := range info.Alternatives {
			marks := "%s"
			if i == 0 {
				marks = "%s (default)"
			}
			if model.Literal[d] == model.Choice(i) && model.Literal[d] != 0 {
				marks = "%s (the letter of the RFC)"
			}
			l.put(6, "%s: %s", a.Name, l.say(marks, l.say(a.Sentence)))
		}
	}
}

func (l *lister) faults() {
	for _, f := range model.Faults()[1:] {
		info := f.Info()
		l.put(2, "%s: %s", info.Name, l.say(info.Sentence))
		l.put(6, "%s: %s", info.Stack, l.lang.Cite(info.Reference))
		if choice := info.Chooses(); choice != "" {
			l.put(6, "the choice %s", choice)
		}
	}
}

func (l *lister) fields() {
	for i, g := range cli.Groups {
		t := screen.Table{Indent: 2}
		some := false
		for _, f := range fields.All() {
			forms := f.Forms()
			if f.Group != g.Group || f.Name != forms[0] {
				continue // a row has all forms
			}
			some = true
			name, value := "-"+f.Name, f.Default
			switch other, _ := fields.Find(forms[len(forms)-1]); {
			case len(forms) == 3:
				name += " *"
			case len(forms) == 2:
				name = "-[ab]-" + f.Base
				if other.Default != value {
					value += ", " + other.Default
				}
			}
			t.Row(screen.Plain(name, value, fieldHelp(l.lang, f))...)
		}
		if !some {
			continue
		}
		if i > 1 {
			fmt.Fprintln(l.out)
		}
		l.put(2, "%s:", l.say(g.Title))
		t.Write(l.out)
	}
	l.put(2, "\n%s", l.say("* Also for one end: -a-rto, -b-rto."))
}

// fieldHelp returns what a field means, and what it takes.
func fieldHelp(l lang.Language, f fields.Field) string {
	text := l.Say("%s (%s)", l.Say(f.Meaning), l.Values(f.Values))
	if f.Scope == model.OfEnd {
		text = l.Say("%s: %s", f.Side, text)
	}
	return text
}

func (l *lister) clauses() {
	t := screen.Table{Indent: 2}
	for c := range model.NumClauses {
		info := c.Info()
		t.Row(screen.Plain(info.Name, l.say("%s [%s]", l.say(info.Sentence), l.lang.Cite(info.Source)))...)
	}
	t.Write(l.out)
}

func (l *lister) terms() {
	list := func(events bool) {
		t := screen.Table{Indent: 2}
		for _, term := range ask.Terms() {
			if term.Event == events {
				t.Row(screen.Plain(term.Name, l.say(term.Type), about.Say(l.lang, term.Meaning))...)
			}
		}
		t.Write(l.out)
	}
	l.put(2, "Of states; those of b have the same names after b and net.b. In CLOSED nothing of the connection is kept: its numbers are as at the start, and what was true is false.")
	list(false)
	l.put(2, "\n%s", l.say("Of steps; an expression with one of them is checked on steps, and the others then describe the state after the step:"))
	list(true)
	l.put(2, "\n%s", l.say("Words go with ==, != or in, bare as here, or in quotes as in a trace; a state also with hyphens. Where no call is made and no timer fires, the word is \"\"."))
	kinds, words := ask.Words()
	for _, kind := range kinds {
		if kind == "clause" {
			l.put(2, "clause: one of 'tcpclose list clauses', in quotes, or as in RESET, CLOSED_SENDS_RST")
			continue
		}
		l.put(2, "%s: %s", l.say(kind), strings.Join(words[kind], l.say(", ")))
	}
	l.operators()
}

func (l *lister) operators() {
	l.put(2, "\n%s", l.say("Operators: && || ! == != < <= > >= + - * in ?: and parentheses."))
}

// connections lists the terms of expressions about connections of a capture.
func (l *lister) connections() {
	t := screen.Table{Indent: 2}
	for _, term := range explain.Filters().Terms() {
		if !strings.HasPrefix(term.Name, "server.") {
			t.Row(screen.Plain(term.Name, l.say(term.Type), about.Say(l.lang, term.Meaning))...)
		}
	}
	t.Write(l.out)
	l.put(2, "\n%s", l.say("Those of the server have the same names after server. Words go with ==, != or in, bare as here or in quotes:"))
	words := explain.Filters().Words()
	for _, kind := range slices.Sorted(maps.Keys(words)) {
		l.put(2, "%s: %s", l.say(kind), strings.Join(words[kind], l.say(", ")))
	}
	l.operators()
}

// remarks lists what other tools say of a close.
func (l *lister) remarks() {
	t := screen.Table{Indent: 2}
	for i := range remarks.All {
		r := &remarks.All[i]
		t.Row(screen.Plain(r.Name, r.Tool.String(), r.Says.In(l.lang))...)
	}
	t.Write(l.out)
}

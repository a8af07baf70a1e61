package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"tcpclose/ask"
	"tcpclose/check"
	"tcpclose/cmd/tcpclose/internal/about"
	"tcpclose/cmd/tcpclose/internal/base"
	"tcpclose/cmd/tcpclose/internal/cli"
	"tcpclose/cmd/tcpclose/internal/explain"
	"tcpclose/cmd/tcpclose/internal/fields"
	"tcpclose/cmd/tcpclose/internal/remarks"
	"tcpclose/cmd/tcpclose/internal/report"
	"tcpclose/cmd/tcpclose/internal/screen"
	"tcpclose/internal/near"
	"tcpclose/invariants"
	"tcpclose/model"
	"tcpclose/profile"
)

const listText = `Shows all that has a name, each with its source: states, sysctls, options,
presets, profiles, properties, assumptions, witnesses, decisions, faults,
fields, clauses, and the terms of which expressions can speak; connections are
the terms of 'tcpclose explain -where', and remarks what other tools say of a
close. Without an argument it shows all of them, but the first three; 'tcpclose
about NAME' says more of one.
`

var listCommand = &cli.Command{
	Name: "list", Args: "[WHAT ...]", Kind: kindKnow,
	Summary: "everything that has a name: presets, properties, decisions, terms...",
	Text:    listText, Words: listNames,
	Set: func() *cli.Set { return cli.NewSet("list") },
	Run: runList,
}

// lists contains what can be listed, in order.
var lists = []struct {
	name string
	show func(w io.Writer)
}{
	{"presets", listPresets},
	{"profiles", listProfiles},
	{"properties", func(w io.Writer) {
		listProperties(w, invariants.Properties)
		listProperties(w, invariants.LivenessProperties)
	}},
	{"assumptions", listAssumptions},
	{"witnesses", func(w io.Writer) { listProperties(w, invariants.Witnesses) }},
	{"decisions", listDecisions},
	{"faults", listFaults},
	{"fields", listFields},
	{"clauses", listClauses},
	{"terms", listTerms},
	{"connections", listConnections},
	{"remarks", listRemarks},
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
	asked, err := cli.NewSet("list").Parse(args)
	if err != nil {
		return 0, err
	}
	if len(asked) == 0 {
		for _, l := range lists {
			asked = append(asked, l.name)
		}
	}
	var shows []func(io.Writer)
	for _, name := range asked {
		var show func(io.Writer)
		for _, l := range lists {
			if l.name == name {
				show = l.show
			}
		}
		if slices.Contains(short, name) {
			show = func(out io.Writer) { listPages(out, name) }
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
			fmt.Fprintf(out, "%s:\n", asked[i])
		}
		show(out)
	}
	return cli.OK, nil
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

// listPages lists what there are pages about, with what is said first on each.
func listPages(out io.Writer, plural string) {
	t := screen.Table{Indent: 2}
	for i := range about.Subjects {
		s := &about.Subjects[i]
		if s.Plural != plural {
			continue
		}
		for _, name := range s.Names() {
			thing, _ := about.Of(s.Kind, name)
			t.Row(screen.Plain(name, thing.Page(nil).Says)...)
		}
	}
	t.Write(out)
}

// put writes a line of a list, folded; what is indented belongs to the line before.
func put(out io.Writer, indent int, format string, args ...any) {
	fmt.Fprint(out, screen.Indent(fmt.Sprintf(format, args...), indent, 2))
}

func listPresets(out io.Writer) {
	for i := range check.Presets {
		p := &check.Presets[i]
		put(out, 2, "%s: %s", p.Name, p.Sentence)
		if words := p.Config.Against(model.Default()); len(words) > 0 {
			put(out, 6, "%s", strings.Join(words, " "))
		}
		putExpected(out, p)
	}
}

func putExpected(out io.Writer, p *check.Preset) {
	for _, e := range p.Expected {
		put(out, 6, "expects %s %s: %s", e.Property, e.Verdict, e.Why)
	}
}

func listProfiles(out io.Writer) {
	for i := range base.Profiles {
		b := &base.Profiles[i]
		put(out, 2, "%s: %s", b.Name, b.Sentence)
		putExpected(out, b.Preset)
		commands := []string{"tcpclose check " + b.Name, "tcpclose lose 3 " + b.Name}
		if b.Name == "linux" {
			commands = append(commands, "tcpclose profile linux", "tcpclose profile linux -host")
		}
		for _, command := range commands {
			put(out, 6, "%s", command)
		}
	}
	for _, e := range profile.Ends {
		if base.Find(e.Name) == nil {
			put(out, 2, "%s: %s", e.Name, strings.Join(e.About, " "))
			put(out, 6, "tcpclose check %s", e.Name)
			put(out, 6, "tcpclose profile %s", e.Name)
		}
	}
	put(out, 2, "\nEach is also one end: 'tcpclose check -a linux -b rfc'. A file that 'tcpclose profile linux -write FILE' writes can stand for a name.")
}

func listProperties(out io.Writer, list []*invariants.Property) {
	for _, p := range list {
		put(out, 2, "%s: %s", p.Name, p.Sentence)
		put(out, 6, "%s", p.Source)
		if l := p.Liveness; l != nil {
			listLiveness(out, l)
		}
	}
}

// listLiveness writes what a property of whole runs needs.
func listLiveness(out io.Writer, l *invariants.Liveness) {
	if l.Assumes != nil {
		put(out, 6, "liveness, assuming %s", strings.Join(report.AssumptionNames(l.Assumes), ", "))
	} else {
		fmt.Fprintln(out, "      liveness")
	}
	if l.Provided != "" {
		put(out, 6, "provided that %s", l.Provided)
	}
}

func listAssumptions(out io.Writer) {
	for _, a := range invariants.Assumptions {
		put(out, 2, "%s: %s", a.Name, a.Sentence)
	}
}

func listDecisions(out io.Writer) {
	for d := range model.NumDecisions {
		info := d.Info()
		put(out, 2, "%s: %s", info.Name, info.Question)
		put(out, 6, "%s", info.Source)
		for i, a := range info.Alternatives {
			var marks string
			if i == 0 {
				marks = " (default)"
			}
			if model.Literal[d] == model.Choice(i) && model.Literal[d] != 0 {
				marks = " (the letter of the RFC)"
			}
			put(out, 6, "%s: %s%s", a.Name, a.Sentence, marks)
		}
	}
}

func listFaults(out io.Writer) {
	for _, f := range model.Faults()[1:] {
		info := f.Info()
		put(out, 2, "%s: %s", info.Name, info.Sentence)
		put(out, 6, "%s: %s", info.Stack, info.Reference)
		if choice := info.Chooses(); choice != "" {
			put(out, 6, "the choice %s", choice)
		}
	}
}

func listFields(out io.Writer) {
	for i, g := range cli.Groups {
		t := screen.Table{Indent: 2}
		some := false
		for _, f := range fields.All {
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
			t.Row(screen.Plain(name, value, f.Help())...)
		}
		if !some {
			continue
		}
		if i > 1 {
			fmt.Fprintln(out)
		}
		fmt.Fprintf(out, "  %s:\n", g.Title)
		t.Write(out)
	}
	fmt.Fprintln(out, "\n  * Also for one end: -a-rto, -b-rto.")
}

func listClauses(out io.Writer) {
	t := screen.Table{Indent: 2}
	for c := range model.NumClauses {
		info := c.Info()
		t.Row(screen.Plain(info.Name, info.Sentence+" ["+info.Source+"]")...)
	}
	t.Write(out)
}

func listTerms(out io.Writer) {
	list := func(events bool) {
		t := screen.Table{Indent: 2}
		for _, term := range ask.Terms() {
			if term.Event == events {
				t.Row(screen.Plain(term.Name, term.Type, term.Meaning)...)
			}
		}
		t.Write(out)
	}
	put(out, 2, "Of states; those of b have the same names after b and net.b. In CLOSED nothing of the connection is kept: its numbers are as at the start, and what was true is false.")
	list(false)
	put(out, 2, "\nOf steps; an expression with one of them is checked on steps, and the others then describe the state after the step:")
	list(true)
	put(out, 2, "\nWords go with ==, != or in, bare as here, or in quotes as in a trace; a state also with hyphens. Where no call is made and no timer fires, the word is \"\".")
	kinds, words := ask.Words()
	for _, kind := range kinds {
		if kind == "clause" {
			put(out, 2, "clause: as 'tcpclose list clauses' shows, in quotes or as RESET, CLOSED_SENDS_RST")
			continue
		}
		put(out, 2, "%s: %s", kind, strings.Join(words[kind], ", "))
	}
	fmt.Fprint(out, operators)
}

const operators = "\n  Operators: && || ! == != < <= > >= + - * in ?: and parentheses.\n"

// listConnections lists the terms of expressions about connections of a capture.
func listConnections(out io.Writer) {
	t := screen.Table{Indent: 2}
	for _, term := range explain.Filters.Terms() {
		if !strings.HasPrefix(term.Name, "server.") {
			t.Row(screen.Plain(term.Name, term.Type, term.Meaning)...)
		}
	}
	t.Write(out)
	put(out, 2, "\nThose of the server have the same names after server. Words go with ==, != or in, bare as here or in quotes:")
	words := explain.Filters.Words()
	for _, kind := range slices.Sorted(maps.Keys(words)) {
		put(out, 2, "%s: %s", kind, strings.Join(words[kind], ", "))
	}
	fmt.Fprint(out, operators)
}

// listRemarks lists what other tools say of a close.
func listRemarks(out io.Writer) {
	t := screen.Table{Indent: 2}
	for i := range remarks.All {
		r := &remarks.All[i]
		t.Row(screen.Plain(r.Name, r.Tool.String(), r.Says.EN)...)
	}
	t.Write(out)
}

package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"tcpclose/ask"
	"tcpclose/check"
	"tcpclose/cmd/tcpclose/internal/cli"
	"tcpclose/cmd/tcpclose/internal/report"
	"tcpclose/invariants"
	"tcpclose/model"
)

const listText = `usage: tcpclose list [WHAT ...]

Shows presets, properties, witnesses, decisions, faults, fields or clauses, each
with its source, the profiles of stacks, or the terms of which 'tcpclose find' and
-always and -never can speak; without an argument, all of them: presets, profiles,
properties, assumptions, witnesses, decisions, faults, fields, clauses, terms.
`

// lists is what can be listed, in order.
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
}

func runList(_ context.Context, args []string, out, _ io.Writer) (int, error) {
	f := newFlags("list")
	if err := parse(f, args, listText, out); err != nil {
		return 0, err
	}
	asked := f.Args()
	if len(asked) == 0 {
		for _, l := range lists {
			asked = append(asked, l.name)
		}
	}
	var shows []func(io.Writer)
	for _, name := range asked {
		show := func(io.Writer) {}
		known := false
		var names []string
		for _, l := range lists {
			if l.name == name {
				show, known = l.show, true
			}
			names = append(names, l.name)
		}
		if !known {
			return 0, fmt.Errorf("argument %q: want %s", name, strings.Join(names, ", "))
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

func listPresets(out io.Writer) {
	for i := range check.Presets {
		p := &check.Presets[i]
		fmt.Fprintf(out, "  %s: %s\n", p.Name, p.Sentence)
		if words := p.Config.Against(model.Default()); len(words) > 0 {
			fmt.Fprintf(out, "      %s\n", strings.Join(words, " "))
		}
		for _, e := range p.Expected {
			fmt.Fprintf(out, "      expects %s %s: %s\n", e.Property, e.Verdict, e.Why)
		}
	}
}

// profiles is the stacks that there are as they are, and the commands that show each.
var profiles = []struct {
	name, sentence string
	commands       []string
}{
	{"linux", "Linux, by its own rules and numbers: where it does not do what RFC 9293 says, and how long that takes.",
		[]string{"tcpclose profile linux", "tcpclose profile linux -host", "tcpclose lose 3 -profile linux"}},
}

func listProfiles(out io.Writer) {
	for _, p := range profiles {
		fmt.Fprintf(out, "  %s: %s\n", p.name, p.sentence)
		for _, command := range p.commands {
			fmt.Fprintf(out, "      %s\n", command)
		}
	}
}

func listProperties(out io.Writer, list []*invariants.Property) {
	for _, p := range list {
		fmt.Fprintf(out, "  %s: %s\n      %s\n", p.Name, p.Sentence, p.Source)
		if l := p.Liveness; l != nil {
			listLiveness(out, l)
		}
	}
}

// listLiveness is what a property of whole runs needs.
func listLiveness(out io.Writer, l *invariants.Liveness) {
	if l.Assumes != nil {
		fmt.Fprintf(out, "      liveness, assuming %s\n", strings.Join(report.AssumptionNames(l.Assumes), ", "))
	} else {
		fmt.Fprintln(out, "      liveness")
	}
	if l.Provided != "" {
		fmt.Fprintf(out, "      provided that %s\n", l.Provided)
	}
}

func listAssumptions(out io.Writer) {
	for _, a := range invariants.Assumptions {
		fmt.Fprintf(out, "  %s: %s\n", a.Name, a.Sentence)
	}
}

func listDecisions(out io.Writer) {
	for d := range model.NumDecisions {
		info := d.Info()
		fmt.Fprintf(out, "  %s: %s\n      %s\n", info.Name, info.Question, info.Source)
		for i, a := range info.Alternatives {
			var marks string
			if i == 0 {
				marks = " (default)"
			}
			if model.Literal[d] == model.Choice(i) && model.Literal[d] != 0 {
				marks = " (the letter of the RFC)"
			}
			fmt.Fprintf(out, "      %s: %s%s\n", a.Name, a.Sentence, marks)
		}
	}
}

func listFaults(out io.Writer) {
	for _, f := range model.Faults()[1:] {
		info := f.Info()
		fmt.Fprintf(out, "  %s: %s\n      %s: %s\n", info.Name, info.Sentence, info.Stack, info.Reference)
		if choice := info.Chooses(); choice != "" {
			fmt.Fprintf(out, "      the choice %s\n", choice)
		}
	}
}

func listFields(out io.Writer) {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, f := range model.Fields {
		forms := f.Forms()
		if f.Name != forms[0] {
			continue // a row has them all
		}
		values := f.Get(model.Default())
		if len(forms) == 2 {
			if other, err := model.FindField(forms[1]); err == nil && other.Get(model.Default()) != values {
				values += ", " + other.Get(model.Default())
			}
		}
		names := strings.Join(forms, ", -")
		if f.Scope == model.OfBoth {
			names = f.Name + " (a-, b-)" // of one end
		}
		fmt.Fprintf(w, "  -%s\t%s\t%s\n", names, values, f.Meaning+" ("+f.Values+")")
	}
	w.Flush()
}

func listClauses(out io.Writer) {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for c := range model.NumClauses {
		info := c.Info()
		fmt.Fprintf(w, "  %s\t%s\t%s\n", info.Name, info.Source, info.Sentence)
	}
	w.Flush()
}

func listTerms(out io.Writer) {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	list := func(events bool) {
		for _, t := range ask.Terms() {
			if t.Event == events {
				fmt.Fprintf(w, "  %s\t%s\t%s\n", t.Name, t.Type, t.Meaning)
			}
		}
		w.Flush()
	}
	fmt.Fprintln(out, "  Of states; those of b have the same names after b and net.b:")
	list(false)
	fmt.Fprintln(out, "\n  Of steps; an expression with one of them is judged on steps, and speaks with\n  the others of the state after it:")
	list(true)
	fmt.Fprintln(out, "\n  Words stand beside ==, != or in, bare as here, or in quotes as in a trace; a\n  state also with hyphens. Where nothing is called or goes off, the word is \"\".")
	kinds, words := ask.Words()
	for _, kind := range kinds {
		if kind == "clause" {
			fmt.Fprintln(out, "  clause: as 'tcpclose list clauses' shows, in quotes or as RESET, CLOSED_SENDS_RST")
			continue
		}
		fmt.Fprintf(out, "  %s: %s\n", kind, strings.Join(words[kind], ", "))
	}
	fmt.Fprintln(out, "\n  Operators: && || ! == != < <= > >= + - * in ?: and parentheses.")
}

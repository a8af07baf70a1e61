package about

import (
	"slices"
	"strings"

	"tcpclose/ask"
	"tcpclose/claims"
	"tcpclose/cmd/tcpclose/internal/base"
	"tcpclose/cmd/tcpclose/internal/screen"
	"tcpclose/invariants"
	"tcpclose/model"
)

func basePage(name string) *Page {
	b := base.Find(name)
	p := &Page{Name: name, Kind: "preset", Says: b.Sentence}
	if b.IsProfile() {
		p.Kind = "profile, at both ends"
	}
	sets := Section{Title: "Sets", More: "tcpclose list presets"}
	if name == "linux" {
		sets.More = "tcpclose profile linux"
	}
	for _, word := range b.Config.Against(model.Default()) {
		field, _, _ := strings.Cut(word, "=")
		sets.row(named(word), fieldMeans(field))
	}
	p.add(sets)
	expects := Section{Title: "Is known for", More: "tcpclose list presets"}
	if b.IsProfile() {
		expects.More = "tcpclose list profiles"
	}
	for _, e := range b.Preset.Expected {
		expects.row(named(e.Property), e.Verdict.String(), e.Why)
	}
	p.add(expects)
	shows := Section{Title: "What shows it"}
	shows.command("tcpclose", "check", name)
	if b.IsProfile() && name == "linux" {
		shows.command("tcpclose", "profile", "linux", "-times")
	}
	p.add(shows)
	return p
}

func assumptionPage(name string) *Page {
	a, err := invariants.FindAssumption(name)
	if err != nil {
		panic(err) // of assumptionNames
	}
	p := &Page{Name: name, Kind: "assumption about whole runs", Says: a.Sentence}
	needs := Section{Title: "Assumed by"}
	var names []string
	for _, prop := range invariants.LivenessProperties {
		if slices.Contains(prop.Liveness.Assumes, a) {
			names = append(names, prop.Name)
		}
	}
	needs.row(ranged(strings.Join(names, ", ")))
	p.add(needs)
	shows := Section{Title: "What shows what it is for"}
	shows.command("tcpclose", "check", "no-data", "-r2 unlimited", "-liveness all", "-without "+name)
	p.add(shows)
	return p
}

func faultPage(name string) *Page {
	f, err := model.FindFault(name)
	if err != nil {
		panic(err) // of faultNames
	}
	info := f.Info()
	p := &Page{Name: name, Kind: "fault, a mistake that a stack has made", Says: sentence(info.Sentence)}
	from := Section{Title: "Stack"}
	from.row(ranged(info.Stack), cited(info.Reference))
	p.add(from)
	if choice := info.Chooses(); choice != "" {
		chooses := Section{Title: "It is the choice"}
		field, _, _ := strings.Cut(choice, "=")
		chooses.row(named("-"+strings.Replace(choice, "=", " ", 1)), fieldMeans(field))
		p.add(chooses)
	}
	shows := Section{Title: "What catches it"}
	shows.command("tcpclose", "faults", name)
	p.add(shows)
	return p
}

func clausePage(name string) *Page {
	var clause model.Clause
	for c := range model.NumClauses {
		if c.String() == name {
			clause = c
		}
	}
	info := clause.Info()
	p := &Page{Name: name, Kind: "clause, a rule that a transition follows", Says: sentence(info.Sentence)}
	from := Section{Title: "From"}
	from.row(cited(info.Source))
	p.add(from)
	shows := Section{Title: "What shows it"}
	shows.command("tcpclose", "find", screen.Quoted(`"`+name+`" in a.follows || "`+name+`" in b.follows`))
	shows.command("tcpclose", "check", "no-data", "-coverage")
	p.add(shows)
	return p
}

func termPage(name string) *Page {
	terms := ask.Terms()
	t := terms[slices.IndexFunc(terms, func(t ask.Term) bool { return t.Name == name })]
	p := &Page{Name: name, Kind: "term of expressions", Says: sentence(t.Meaning)}
	about := Section{Title: "It is"}
	_, words := ask.Words()
	switch list := words[strings.TrimSuffix(t.Type, "s")]; {
	case t.Type == "true or false" || t.Type == "number":
		about.row(t.Type)
	case t.Type == "clauses":
		about.row("clauses, which 'tcpclose list clauses' shows")
	default:
		about.row("a "+t.Type, ranged(strings.Join(list, ", ")))
	}
	if t.Event {
		about.row("of a step", "an expression with it is checked on steps, with the states after them")
	} else {
		about.row("of a state")
	}
	p.add(about)
	shows := Section{Title: "What shows it", More: "tcpclose list terms"}
	shows.command("tcpclose", "find", screen.Quoted(example(t)), "no-data")
	p.add(shows)
	return p
}

// example is an expression with a term.
func example(t ask.Term) string {
	_, words := ask.Words()
	switch t.Type {
	case "true or false":
		return t.Name
	case "number":
		return t.Name + " > 0"
	}
	kind := strings.TrimSuffix(t.Type, "s")
	word := words[kind][len(words[kind])-1]
	if kind != t.Type {
		return word + " in " + t.Name
	}
	return t.Name + " == " + word
}

func claimPage(name string) *Page {
	c := &claims.Claims[slices.IndexFunc(claims.Claims, func(c claims.Claim) bool { return c.ID == name })]
	p := &Page{Name: name, Kind: "claim of the notes on the four-way close", Says: c.English}
	right := Section{Title: "What is right"}
	right.row(c.Right.EN)
	right.row(c.Why.EN)
	p.add(right)
	shows := Section{Title: "What shows it"}
	shows.command("tcpclose", "claims", name)
	p.add(shows)
	return p
}

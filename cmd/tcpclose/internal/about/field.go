package about

import (
	"fmt"
	"slices"
	"strings"

	"tcpclose/check"
	"tcpclose/claims"
	"tcpclose/cmd/tcpclose/internal/base"
	"tcpclose/cmd/tcpclose/internal/fields"
	"tcpclose/cmd/tcpclose/internal/screen"
	"tcpclose/invariants"
	"tcpclose/model"
	"tcpclose/profile"
)

// fieldMeans returns what a field means.
func fieldMeans(name string) string {
	f, _ := fields.Find(name)
	return f.Meaning
}

// isTime reports whether a field counts ticks.
func isTime(name string) bool {
	f, _ := fields.Find(name)
	return f.Unit == "ticks"
}

func fieldPage(name string) *Page {
	f, _ := fields.Find(name)
	p := &Page{Name: "-" + name, Kind: "flag, of 'tcpclose help " + string(f.Group) + "'", Says: sentence(f.Meaning)}
	if f.Decides {
		p.Kind = "decision; a flag"
		p.Source = f.Decision.Info().Source
	}
	answers := Section{Title: "Values"}
	if f.Decides {
		answers.Title = "Answers"
		for i, a := range f.Decision.Info().Alternatives {
			marks := ""
			if i == 0 {
				marks = " (the default)"
			}
			if c := model.Choice(i); model.Literal[f.Decision] == c && c != 0 {
				marks = " (the letter of the RFC)"
			}
			answers.row(named(a.Name), a.Sentence+marks)
		}
	} else {
		answers.row("can be", ranged(f.Wanted()))
		answers.row("default", ranged(withUnit(f)))
		if name == "capacity" {
			answers.row(named(fields.EveryCapacity), fields.EveryCapacityMeans)
		}
	}
	if forms := f.Forms(); len(forms) == 3 {
		answers.row("for one", ranged("-"+strings.Join(forms[1:], ", -")))
	}
	p.add(answers)
	p.add(setBy(f))
	p.add(differencesOf(name))
	p.add(faultsOf(name))

	shows := Section{Title: "What shows it"}
	shows.command("tcpclose", "check", "no-data", "-"+name+" "+other(f))
	if name == "capacity" {
		shows.command("tcpclose", "check", "no-data", "-"+name+" "+fields.EveryCapacity)
	}
	for i := range claims.Claims {
		if c := &claims.Claims[i]; strings.HasPrefix(c.Turns, name+"=") || strings.Contains(c.Turns, " "+name+"=") {
			shows.command("tcpclose", "claims", c.ID)
			break
		}
	}
	p.add(shows)
	return p
}

// withUnit returns the default of a field, with its unit if it is a number.
func withUnit(f fields.Field) string {
	switch {
	case f.Unit == "" || f.Default[0] < '0' || f.Default[0] > '9' || strings.Contains(f.Default, "msl"):
		return f.Default
	case f.Default == "1":
		return "1 " + strings.TrimSuffix(f.Unit, "s")
	}
	return f.Default + " " + f.Unit
}

// other is a value that is not the default.
func other(f fields.Field) string {
	for _, word := range f.Words {
		if word != f.Default {
			return screen.Quoted(word)
		}
	}
	probe := model.Default()
	for _, value := range []string{"4", "2", "1"} {
		if value != f.Default && f.Set(&probe, value) == nil {
			return value
		}
	}
	return f.Default
}

// setBy is the presets and profiles that set a field, by the value.
func setBy(f fields.Field) Section {
	section := Section{Title: "Who sets it", More: "tcpclose list presets"}
	names := map[string][]string{}
	var values []string
	for _, name := range base.Names() {
		b := base.Find(name)
		value := f.Get(b.Config)
		if value == f.Default {
			continue
		}
		if !slices.Contains(values, value) {
			values = append(values, value)
		}
		if b.IsProfile() {
			name = b.Title()
		}
		names[value] = append(names[value], name)
	}
	for _, value := range values {
		section.row(named(value), ranged(strings.Join(names[value], ", ")))
	}
	return section
}

// differencesOf is where Linux differs from the RFC by a field.
func differencesOf(name string) Section {
	section := Section{Title: "In Linux"}
	for _, d := range profile.Differences {
		is := func(word string) bool { return word == name || strings.HasPrefix(word, name+"=") }
		if slices.ContainsFunc(slices.Concat(d.Always, d.Times, d.Sometimes), is) {
			section.row(named(d.ID), d.Does)
		}
	}
	return section
}

// faultsOf is the mistakes of stacks that are a choice of a decision.
func faultsOf(name string) Section {
	section := Section{Title: "Stacks that had it wrong"}
	for _, f := range model.Faults()[1:] {
		if info := f.Info(); strings.HasPrefix(info.Chooses(), name+"=") {
			section.row(named(info.Name), info.Sentence)
		}
	}
	return section
}

func propertyPage(name string) *Page {
	prop, err := invariants.Find(name)
	if err != nil {
		panic(err) // of propertyNames
	}
	p := &Page{Name: name, Kind: "property", Says: sentence(prop.Sentence)}
	flag := "-properties " + name
	switch {
	case prop.Witness:
		p.Kind, flag = "witness, a run to see", "-witness "+name
	case prop.Liveness != nil:
		p.Kind, flag = "property of whole runs (liveness)", "-liveness "+name
	}
	from := Section{Title: "From"}
	from.row(cited(prop.Source))
	p.add(from)
	if l := prop.Liveness; l != nil {
		needs := Section{Title: "Needs"}
		for _, a := range l.Assumes {
			needs.row(named(a.Name), a.Sentence)
		}
		if l.Provided != "" {
			needs.row("provided", l.Provided)
		}
		p.add(needs)
	}
	p.add(verdicts(prop))
	shows := Section{Title: "What shows it"}
	on := "no-data"
	for i := range check.Presets {
		preset := &check.Presets[i]
		if e := preset.Expects(prop); !preset.Large && (e.Verdict == check.Violated || e.Verdict == check.Reached) && preset.Name != "default" {
			on = preset.Name
			break
		}
	}
	if boxed := invariants.PropertiesOf(true)[len(invariants.Properties):]; slices.Contains(boxed, prop) {
		shows.command("tcpclose", "check", on, "-capacity 4", "-box conntrack", flag)
		p.add(shows)
		return p
	}
	shows.command("tcpclose", "check", on, flag)
	if !prop.Witness && prop.Liveness == nil {
		shows.command("tcpclose", "margin", on, flag)
		shows.command("tcpclose", "graph", on, "-path "+name)
	}
	p.add(shows)
	return p
}

// verdicts returns the verdicts that presets expect, with the names of the presets.
func verdicts(prop *invariants.Property) Section {
	section := Section{Title: "Verdicts that presets are known for", More: "tcpclose list presets"}
	usual := check.Holds
	if prop.Witness {
		usual = check.Reached
	}
	names := map[check.Verdict][]string{}
	for i := range check.Presets {
		p := &check.Presets[i]
		v := p.Expects(prop).Verdict
		names[v] = append(names[v], p.Name)
	}
	for _, v := range []check.Verdict{check.Violated, check.Zeno, check.Holds, check.Reached, check.Unreachable, check.Vacuous, check.NotApplicable} {
		switch n := len(names[v]); {
		case n == 0:
		case v == usual && n > 6, v == check.NotApplicable && n > 3:
			section.row(v.String(), fmt.Sprintf("%d of %d presets", n, len(check.Presets)))
		default:
			section.row(v.String(), ranged(strings.Join(names[v], ", ")))
		}
	}
	return section
}

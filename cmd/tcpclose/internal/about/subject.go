package about

import (
	"slices"
	"strings"

	"tcpclose/ask"
	"tcpclose/claims"
	"tcpclose/cmd/tcpclose/internal/base"
	"tcpclose/cmd/tcpclose/internal/fields"
	"tcpclose/internal/near"
	"tcpclose/invariants"
	"tcpclose/model"
	"tcpclose/profile"
)

// A Subject is a kind of things that have names.
type Subject struct {
	Kind   string // "state"
	Plural string // "states", as 'tcpclose list' has it
	Names  func() []string
	// match returns the name that a word stands for, or "".
	match func(word string) string
	page  func(name string) *Page
}

// Subjects is every kind, in the order in which a word is looked up.
var Subjects = []Subject{
	{"state", "states", stateNames, matchState, statePage},
	{"sysctl", "sysctls", sysctlNames, matchSysctl, sysctlPage},
	{"option", "options", optionNames, exactly(optionNames, strings.ToUpper), optionPage},
	{"call", "calls", callNames, matchCall, optionPage},
	{"decision", "decisions", decisionNames, matchField(decisionNames), fieldPage},
	{"field", "fields", fieldNames, matchField(fieldNames), fieldPage},
	{"property", "properties", propertyNames, exactly(propertyNames, strings.ToLower), propertyPage},
	{"witness", "witnesses", witnessNames, exactly(witnessNames, strings.ToLower), propertyPage},
	{"preset", "presets", base.PresetNames, exactly(base.PresetNames, strings.ToLower), basePage},
	{"profile", "profiles", base.ProfileNames, exactly(base.ProfileNames, strings.ToLower), basePage},
	{"box", "boxes", boxNames, exactly(boxNames, strings.ToLower), boxPage},
	{"assumption", "assumptions", assumptionNames, exactly(assumptionNames, strings.ToLower), assumptionPage},
	{"fault", "faults", faultNames, exactly(faultNames, strings.ToLower), faultPage},
	{"clause", "clauses", clauseNames, exactly(clauseNames, strings.ToLower), clausePage},
	{"term", "terms", termNames, matchTerm, termPage},
	{"claim", "claims", claimNames, exactly(claimNames, nil), claimPage},
	{"remark", "remarks", remarkNames, matchRemark, remarkPage},
}

// A Thing is something that a word stands for.
type Thing struct {
	Subject *Subject
	Name    string
}

// Page returns the page about it, which names the other meanings of its word.
func (t Thing) Page(others []Thing) *Page {
	p := t.Subject.page(t.Name)
	also := Section{Title: "The word is also"}
	for _, o := range others {
		also.row("the "+o.Subject.Kind, "tcpclose about "+o.Subject.Kind+" "+o.Name)
	}
	p.add(also)
	return p
}

// Lookup returns what a word stands for, the likeliest first.
func Lookup(word string) (things []Thing) {
	for i := range Subjects {
		s := &Subjects[i]
		if name := s.match(word); name != "" {
			things = append(things, Thing{s, name})
		}
	}
	exact := func(t Thing) bool { return t.Name == word || "-"+t.Name == word }
	slices.SortStableFunc(things, func(x, y Thing) int {
		switch {
		case exact(x) == exact(y):
			return 0
		case exact(x):
			return -1
		}
		return 1
	})
	return things
}

// Kind returns the kind of what a word stands for first, or "".
func Kind(word string) string {
	if things := Lookup(word); len(things) > 0 {
		return things[0].Subject.Kind
	}
	return ""
}

// Of returns the thing of that kind and name. A kind may be in the plural.
func Of(kind, word string) (t Thing, knownKind bool) {
	for i := range Subjects {
		if s := &Subjects[i]; s.Kind == kind || s.Plural == kind {
			return Thing{s, s.match(word)}, true
		}
	}
	return Thing{}, false
}

// Names returns every name that there is a page about.
func Names() (names []string) {
	for i := range Subjects {
		names = append(names, Subjects[i].Names()...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Meant returns the name that may have been meant by a word, or "".
func Meant(word string) string { return near.Name(word, Names()) }

// exactly matches the names themselves, which are spelt as by fold.
func exactly(names func() []string, fold func(string) string) func(string) string {
	return func(word string) string {
		if fold != nil {
			word = fold(word)
		}
		if slices.Contains(names(), word) {
			return word
		}
		return ""
	}
}

// matchField matches the names of fields, of those without their side too, and of
// their flags.
func matchField(names func() []string) func(string) string {
	return func(word string) string {
		word = strings.ToLower(strings.TrimLeft(word, "-"))
		for _, name := range []string{word, "a-" + word} {
			if slices.Contains(names(), name) {
				return name
			}
		}
		return ""
	}
}

func decisionNames() (names []string) {
	for _, f := range fields.All() {
		if f.Decides {
			names = append(names, f.Name)
		}
	}
	return names
}

func fieldNames() (names []string) {
	for _, f := range fields.All() {
		if !f.Decides {
			names = append(names, f.Name)
		}
	}
	return names
}

func sysctlNames() (names []string) {
	for _, s := range profile.Sysctls {
		names = append(names, s.Name)
	}
	for _, c := range profile.Constants {
		names = append(names, c.Name)
	}
	return names
}

// matchSysctl matches with the whole name, too: net.ipv4.tcp_fin_timeout.
func matchSysctl(word string) string {
	word = strings.ReplaceAll(word, "/", ".")
	word = word[strings.LastIndexByte(word, '.')+1:]
	for _, name := range sysctlNames() {
		if strings.EqualFold(name, word) {
			return name
		}
	}
	return ""
}

func propertyNames() (names []string) {
	for _, p := range slices.Concat(invariants.PropertiesOf(true), invariants.LivenessProperties) {
		names = append(names, p.Name)
	}
	return names
}

func witnessNames() (names []string) {
	for _, p := range invariants.Witnesses {
		names = append(names, p.Name)
	}
	return names
}

func assumptionNames() (names []string) {
	for _, a := range invariants.Assumptions {
		names = append(names, a.Name)
	}
	return names
}

func faultNames() (names []string) {
	for _, f := range model.Faults()[1:] {
		names = append(names, f.String())
	}
	return names
}

func clauseNames() (names []string) {
	for c := range model.NumClauses {
		names = append(names, c.String())
	}
	return names
}

func termNames() (names []string) {
	for _, t := range ask.Terms() {
		names = append(names, t.Name)
	}
	return names
}

// matchTerm also matches the terms of b, which have the same names as those of a.
func matchTerm(word string) string {
	word = strings.ToLower(word)
	if rest, ok := strings.CutPrefix(word, "b."); ok {
		word = "a." + rest
	}
	if rest, ok := strings.CutPrefix(word, "net.b."); ok {
		word = "net.a." + rest
	}
	if slices.Contains(termNames(), word) {
		return word
	}
	return ""
}

func claimNames() (names []string) {
	for i := range claims.Claims {
		names = append(names, claims.Claims[i].ID)
	}
	return names
}

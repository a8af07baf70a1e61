package prose

import (
	"fmt"
	"strings"
)

// A Finding is a banned phrase in a passage.
type Finding struct {
	File string
	Line int
	Area Area
	Rule Rule
	Text string // as it is written there
}

// String returns the finding as file:line, the phrase, and what to write instead.
func (f Finding) String() string {
	return fmt.Sprintf("%s:%d: %q: write %s", f.File, f.Line, f.Text, f.Rule.Instead)
}

// Check returns what the rules ban in the passages.
func Check(passages []Passage, rules []Rule) []Finding {
	var all []Finding
	for _, p := range passages {
		text := p.Text
		if p.Area != Literal {
			text = hideCode(text)
		}
		lower := strings.ToLower(text)
		for _, r := range rules {
			if !r.applies(p.Area) || !strings.Contains(lower, r.needs) {
				continue
			}
			for _, at := range r.pattern.FindAllStringIndex(text, -1) {
				all = append(all, Finding{p.File, p.LineAt(at[0]), p.Area, r, p.Text[at[0]:at[1]]})
			}
		}
	}
	return all
}

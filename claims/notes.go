package claims

import (
	_ "embed"
	"strings"
	"unicode"
)

// Notes is the text of the notes.
//
//go:embed notes.md
var Notes string

// Find is the claims that text speaks of: the one with that identifier, or all
// whose words in the notes, or in English, contain the text, or are contained in
// it, as when a whole line of the notes is given. Marks and spaces do not count.
func Find(text string) (found []*Claim) {
	for i := range Claims {
		if strings.EqualFold(Claims[i].ID, strings.TrimSpace(text)) {
			return []*Claim{&Claims[i]}
		}
	}
	want := letters(text)
	if want == "" {
		return nil
	}
	for i := range Claims {
		c := &Claims[i]
		quote := letters(c.Quote)
		if strings.Contains(quote, want) || strings.Contains(letters(c.English), want) || strings.Contains(want, quote) {
			found = append(found, c)
		}
	}
	return found
}

// letters is what is left of text without case, spaces, and marks; a dash alone,
// of which nothing would be left, stays.
func letters(text string) string {
	if strings.TrimSpace(text) == "-" {
		return "-"
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, text)
}

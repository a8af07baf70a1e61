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

// Find returns the claims that text refers to: those with that identifier, perhaps
// without its last letter; or all that contain it, in the notes' words or in
// English; or, of more than one sentence of the notes, all that it contains. Marks
// and spaces do not count.
func Find(text string) (found []*Claim) {
	id := strings.TrimSpace(text)
	for i := range Claims {
		if c := &Claims[i]; strings.EqualFold(c.ID, id) || strings.EqualFold(strings.TrimRight(c.ID, "abp"), id) {
			found = append(found, c)
		}
	}
	if found != nil {
		return found
	}
	want := letters(text)
	if want == "" {
		return nil
	}
	for i := range Claims {
		c := &Claims[i]
		if strings.Contains(letters(c.Quote), want) || strings.Contains(letters(c.English), want) {
			found = append(found, c)
		}
	}
	if found != nil {
		return found
	}
	for i := range Claims {
		c := &Claims[i]
		if quote := letters(c.Quote); quote != "" && strings.Contains(want, quote) {
			found = append(found, c)
		}
	}
	return found
}

// letters returns what is left of text without case, spaces, and marks.
func letters(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, text)
}

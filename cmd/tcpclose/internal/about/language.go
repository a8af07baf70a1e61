package about

import (
	"regexp"
	"strings"

	"tcpclose/claims"
	"tcpclose/cmd/tcpclose/internal/screen"
	"tcpclose/internal/lang"
)

// In returns the page in a language. Names, sources and commands stay as they are.
func (p *Page) In(l lang.Language) *Page {
	if l == lang.English {
		return p
	}
	is := &Page{Name: p.Name, Kind: say(l, p.Kind), Says: say(l, p.Says), language: l}
	for _, s := range p.Sections {
		section := Section{Title: say(l, s.Title), Commands: s.Commands, Lines: s.Lines, More: s.More, language: l}
		for _, row := range s.Rows {
			var cells []screen.Cell
			for _, c := range row {
				c.Text = say(l, c.Text)
				cells = append(cells, c)
			}
			section.Rows = append(section.Rows, cells)
		}
		is.Sections = append(is.Sections, section)
	}
	return is
}

// A phrase is a text with parts that are translated by themselves.
type phrase struct {
	pattern *regexp.Regexp
	message string // with a verb for each part
}

// phrases lists the texts that pages compose, in the order in which they are tried.
var phrases = []phrase{
	{regexp.MustCompile(`^(.+) \(the default\)$`), "%s (the default)"},
	{regexp.MustCompile(`^(.+) \(the letter of the RFC\)$`), "%s (the letter of the RFC)"},
	{regexp.MustCompile(`^(.+), by default$`), "%s, by default"},
	{regexp.MustCompile(`^at most (.+)$`), "at most %s"},
	{regexp.MustCompile(`^(-?[0-9]+) to ([0-9]+) seconds$`), "%s to %s seconds"},
	{regexp.MustCompile(`^(-?[0-9]+) to ([0-9]+)$`), "%s to %s"},
	{regexp.MustCompile(`^(-?[0-9]+), meaning ([0-9]+): (.+)$`), "%s, meaning %s: %s"},
	{regexp.MustCompile(`^([0-9]+): (.+ s)$`), "%s: %s"},
	{regexp.MustCompile(`^(.+\?) (.+)\.$`), "%s %s."},
	{regexp.MustCompile(`^([0-9.]+ s) to ([0-9.]+ s)$`), "%s to %s"},
	{regexp.MustCompile(`^([0-9.]+) s$`), "%s s"},
	{regexp.MustCompile(`^a tick of ([0-9.]+ s)$`), "a tick of %s"},
	{regexp.MustCompile(`^(.+); Linux: ([A-Z_0-9]+)$`), "%s; Linux: %s"},
	{regexp.MustCompile(`^the ([a-z]+)$`), "the %s"},
	{regexp.MustCompile(`^RFC 9293, (.+): (.+)\. Linux: (.+)\.$`), "RFC 9293, %s: %s. Linux: %s."},
	{regexp.MustCompile(`^a: (.+), b: (.+)$`), "a: %s, b: %s"},
	{regexp.MustCompile(`^(.+) \[(.+)\]$`), "%s [%s]"},
	{regexp.MustCompile(`^remark of (.+)$`), "remark of %s"},
}

// say returns a text of a page in a language: a message, a sentence of the claims, parts
// between semicolons, or a phrase.
func say(l lang.Language, text string) string {
	if lang.Knows(text) {
		return l.Say(text)
	}
	if zh, ok := claimed[text]; ok {
		return zh
	}
	if lower := strings.TrimSuffix(text, "."); text != "" {
		for _, form := range []string{lower, strings.ToLower(text[:1]) + lower[1:], strings.ToLower(text[:1]) + text[1:]} {
			if lang.Knows(form) {
				return strings.TrimSuffix(l.Say(form), "。") + "。"
			}
		}
	}
	if parts := strings.Split(text, "; "); len(parts) > 1 {
		known := false
		for i, part := range parts {
			parts[i] = say(l, part)
			known = known || parts[i] != part
		}
		if known {
			return strings.Join(parts, l.Say("; "))
		}
	}
	for _, p := range phrases {
		m := p.pattern.FindStringSubmatch(text)
		if m == nil {
			continue
		}
		var parts []any
		for _, part := range m[1:] {
			parts = append(parts, say(l, part))
		}
		return l.Say(p.message, parts...)
	}
	return text
}

// claimed maps what the claims say in English to what they say in Chinese.
var claimed = func() map[string]string {
	all := map[string]string{}
	for i := range claims.Claims {
		c := &claims.Claims[i]
		all[c.Right.EN], all[c.Why.EN], all[c.English] = c.Right.ZH, c.Why.ZH, c.Quote
	}
	remarked(all)
	return all
}()

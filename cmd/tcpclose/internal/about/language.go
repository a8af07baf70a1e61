package about

import (
	"regexp"
	"strings"
	"sync"

	"tcpclose/claims"
	"tcpclose/internal/lang"
)

// In returns the page in a language. Names, sources and commands stay as they are.
func (p *Page) In(l lang.Language) *Page {
	if l == lang.English {
		return p
	}
	is := &Page{Name: p.Name, Kind: Say(l, p.Kind), Says: Say(l, p.Says), Source: l.Cite(p.Source), language: l}
	for _, s := range p.Sections {
		section := Section{Title: Say(l, s.Title), Commands: s.Commands, Lines: s.Lines, More: s.More, language: l}
		for _, row := range s.Rows {
			var cells []Cell
			for _, c := range row {
				switch c.kind {
				case asText:
					c.Text = Say(l, c.Text)
				case asSource:
					c.Text = l.Cite(c.Text)
				case asValues:
					c.Text = l.Values(c.Text)
				}
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
	{regexp.MustCompile(`^remark of (.+)$`), "remark of %s"},
	{regexp.MustCompile(`^flag, of 'tcpclose help ([a-z]+)'$`), "flag, of 'tcpclose help %s'"},
	{regexp.MustCompile(`^([0-9]+) of ([0-9]+) presets$`), "%s of %s presets"},
	{regexp.MustCompile(`^profile ([-a-z0-9.]+)$`), "profile %s"},
	{regexp.MustCompile(`^([^:]+): ([^:]+)$`), "%s: %s"},
	{regexp.MustCompile(`^([^:]+): ([^:]+: [^:]+)$`), "%s: %s"},
	{regexp.MustCompile(`^(.+) \(([Tt][Cc][Pp]_[A-Za-z0-9_, ]+)\)$`), "%s (%s)"},
}

// Say returns a text of a page in a language: a message, a sentence of the claims, parts
// between semicolons, or a phrase.
func Say(l lang.Language, text string) string {
	if lang.Knows(text) {
		return l.Say(text)
	}
	if zh, ok := claimed()[text]; ok {
		return zh
	}
	if lower := strings.TrimSuffix(text, "."); text != "" {
		for _, form := range []string{lower, strings.ToLower(text[:1]) + lower[1:], strings.ToLower(text[:1]) + text[1:]} {
			if lang.Knows(form) {
				return strings.TrimSuffix(l.Say(form), "。") + strings.Repeat("。", len(text)-len(lower))
			}
		}
	}
	for _, mark := range []string{"%s (the default)", "%s (the letter of the RFC)"} {
		if is, ok := strings.CutSuffix(text, strings.TrimPrefix(mark, "%s")); ok {
			return l.Say(mark, Say(l, is))
		}
	}
	if m := withSource.FindStringSubmatch(text); m != nil {
		return l.Say("%s [%s]", Say(l, m[1]), l.Cite(m[2]))
	}
	if parts := strings.Split(text, "; "); len(parts) > 1 {
		known := false
		for i, part := range parts {
			parts[i] = Say(l, part)
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
			parts = append(parts, Say(l, part))
		}
		return l.Say(p.message, parts...)
	}
	if strings.HasPrefix(text, "RFC ") || text != "" && '0' <= text[0] && text[0] <= '9' {
		return l.Cite(text)
	}
	return text
}

// withSource matches a sentence and its source.
var withSource = regexp.MustCompile(`^(.+) \[(.+)\]$`)

// claimed returns a map from what the claims say in English to what they say in Chinese.
var claimed = sync.OnceValue(func() map[string]string {
	all := map[string]string{}
	for i := range claims.Claims {
		c := &claims.Claims[i]
		all[c.Right.EN], all[c.Why.EN], all[c.English] = c.Right.ZH, c.Why.ZH, c.Quote
	}
	remarked(all)
	return all
})

package prose

import (
	"regexp"
	"strings"
)

var (
	code       = regexp.MustCompile("`[^`]+`")
	linkTarget = regexp.MustCompile(`\]\([^)\s]*\)`)
	listItem   = regexp.MustCompile(`^\s*([-*]|\d+\.)\s`)
)

// markdown returns the passages of a Markdown file. Fenced blocks, quotations and
// HTML comments are left out. A table row is a passage of its own.
func markdown(name, text string) []Passage {
	area := Docs
	if strings.HasPrefix(name, "README") {
		area = Readme
	}
	var all []Passage
	var open []Line
	flush := func() {
		if len(open) > 0 {
			all = append(all, newPassage(name, area, open))
			open = nil
		}
	}
	fenced := false
	for i, line := range strings.Split(text, "\n") {
		switch trimmed := strings.TrimSpace(line); {
		case strings.HasPrefix(trimmed, "```"):
			flush()
			fenced = !fenced
		case fenced:
		case trimmed == "", strings.HasPrefix(trimmed, ">"), strings.HasPrefix(trimmed, "<!--"):
			flush()
		case strings.HasPrefix(trimmed, "|"), strings.HasPrefix(trimmed, "#"):
			flush()
			open = []Line{{i + 1, strings.Trim(trimmed, "#|- ")}}
			flush()
		case listItem.MatchString(line):
			flush()
			open = []Line{{i + 1, line}}
		default:
			open = append(open, Line{i + 1, line})
		}
	}
	flush()
	return all
}

// hideCode replaces inline code and the targets of links by blanks of the same length.
func hideCode(text string) string {
	blank := func(s string) string { return strings.Repeat("\x00", len(s)) }
	return linkTarget.ReplaceAllStringFunc(code.ReplaceAllStringFunc(text, blank), blank)
}

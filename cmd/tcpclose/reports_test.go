package main

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A reportSection is a section of docs/reports.md that answers a report.
type reportSection struct {
	anchor string
	lines  []string
}

var (
	reportLink = regexp.MustCompile(`^\[[^]]+\]\(#([^)]+)\)$`)
	notInSlug  = regexp.MustCompile(`[^\p{L}\p{N} _-]`)
	violation  = regexp.MustCompile(`^(.*) is (violated|reached) in \d+ events?\b`)
	repaired   = regexp.MustCompile(`^  (\S.*?) +(holds|unreachable)\b`)

	// ratings are how good a first answer was. A cell may add to one.
	ratings = []string{"right", "misleading", "missing", "wrong", "cannot be said"}
)

// Every report of docs/reports.md has a first answer, and every section one row of
// the tables. A section shows the run of the report, and then that the remedy
// turns the verdict on the same statement. That TestDocs recomputes the outputs
// makes this a test of the verdicts.
func TestReports(t *testing.T) {
	text, err := os.ReadFile("../../docs/reports.md")
	require.NoError(t, err)
	linked, sections := readReports(t, string(text))
	assert.GreaterOrEqual(t, len(linked), 17+10, "rows: the reports that came first, and ten more")

	answered := map[string]bool{}
	for _, anchor := range linked {
		if anchor != "" {
			assert.False(t, answered[anchor], "#%s: two rows", anchor)
			answered[anchor] = true
		}
	}
	require.NotEmpty(t, sections)
	for _, s := range sections {
		assert.True(t, answered[s.anchor], "#%s: no row leads to this section", s.anchor)
		delete(answered, s.anchor)
		checkReport(t, s)
	}
	assert.Empty(t, answered, "rows lead to sections that do not exist")
}

// readReports returns, for each row of the tables, the anchor that it leads to or
// "", and the sections.
func readReports(t *testing.T, text string) (linked []string, sections []reportSection) {
	tables := true // the page has its tables before its sections
	for _, line := range strings.Split(text, "\n") {
		switch {
		case strings.HasPrefix(line, "## "):
			tables = line == "## As first tried"
		case strings.HasPrefix(line, "### ") && !tables:
			sections = append(sections, reportSection{anchor: slug(line[len("### "):])})
		case strings.HasPrefix(line, "| ") && tables:
			cells := strings.Split(strings.Trim(line, "|"), "|")
			require.Len(t, cells, 5, line)
			for i := range cells {
				cells[i] = strings.TrimSpace(cells[i])
			}
			if cells[0] == "report" {
				continue
			}
			for _, cell := range cells {
				assert.NotEmpty(t, cell, line)
			}
			known := false
			for _, rating := range ratings {
				known = known || strings.HasPrefix(cells[4], rating)
			}
			assert.True(t, known, "%q: want one of %q", cells[4], ratings)
			anchor := ""
			if m := reportLink.FindStringSubmatch(cells[0]); m != nil {
				anchor = m[1]
			}
			linked = append(linked, anchor)
		case len(sections) > 0:
			last := &sections[len(sections)-1]
			last.lines = append(last.lines, line)
		}
	}
	return linked, sections
}

// slug returns the anchor of a heading.
func slug(heading string) string {
	return strings.ReplaceAll(notInSlug.ReplaceAllString(strings.ToLower(heading), ""), " ", "-")
}

// firstSentence returns the first line of an output, with the lines that continue it,
// which are indented deeper.
func firstSentence(lines []string) string {
	first := lines[0]
	indent := func(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }
	for _, line := range lines[1:] {
		if strings.TrimSpace(line) == "" || indent(line) <= indent(first) {
			break
		}
		if strings.HasSuffix(first, ":") {
			break // what follows is the sentence of the property
		}
		first += " " + strings.TrimSpace(line)
	}
	return first
}

// checkReport checks that the first command of a section shows a violation and its
// ladder, and that the first one after the remedy answers the same question with
// "holds" or "unreachable".
func checkReport(t *testing.T, s reportSection) {
	var before, after []string // the outputs
	var into *[]string
	remedy := false
	for _, line := range s.lines {
		switch {
		case strings.HasPrefix(line, "Remedy: "):
			remedy = true
		case strings.HasPrefix(line, "```"):
			into = nil
		case strings.HasPrefix(line, "$ tcpclose ") && !remedy && before == nil:
			into = &before
		case strings.HasPrefix(line, "$ tcpclose ") && remedy && after == nil:
			into = &after
		case into != nil:
			*into = append(*into, line)
		}
	}
	if !assert.NotEmpty(t, before, "#%s: no command", s.anchor) || !assert.NotEmpty(t, after, "#%s: no remedy", s.anchor) {
		return
	}
	is := violation.FindStringSubmatch(firstSentence(before))
	assert.Regexp(t, `ESTABLISHED [ .:]\|`, strings.Join(before, "\n"), "#%s: no ladder", s.anchor)
	if assert.NotNil(t, is, "#%s: %q: want a violation", s.anchor, before[0]) {
		becomes := repaired.FindStringSubmatch(firstSentence(after))
		if assert.NotNil(t, becomes, "#%s: %q: want holds or unreachable", s.anchor, after[0]) {
			assert.Equal(t, is[1], becomes[1], "#%s: the remedy answers another question", s.anchor)
		}
	}
}

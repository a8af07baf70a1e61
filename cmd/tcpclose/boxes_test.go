package main

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Every report of docs/boxes.md is shown by a run with the lifeline of the box, and is
// gone with its remedy. That TestDocs recomputes the outputs makes this a test of them.
func TestBoxes(t *testing.T) {
	text, err := os.ReadFile("../../docs/boxes.md")
	require.NoError(t, err)
	reports := 0
	for section := range strings.SplitSeq(string(text), "\n## ") {
		name, rest, _ := strings.Cut(section, "\n")
		if !strings.Contains(name, "#") || strings.HasPrefix(name, "# ") {
			continue
		}
		reports++
		before, after, remedied := strings.Cut(rest, "\nRemedy: ")
		assert.True(t, remedied, "%s: no remedy", name)
		assert.Regexp(t, `(?m) is\s+(reached|violated)\s+in\s+\d+\s+events:$`, before, name)
		assert.Regexp(t, `ESTABLISHED  \| +\*ESTABLISHED|ESTABLISHED  \| +\*[A-Z/]+\*`, before, "%s: no lifeline of the box", name)
		assert.Regexp(t, `the box (drops|answers)|\*\d*-RST |box\.left > \d+`, before, name)
		assert.Regexp(t, `(?m)^  .* (holds|unreachable)$`, after, "%s: the remedy", name)
		assert.NotContains(t, after, "Not complete", name)
	}
	assert.GreaterOrEqual(t, reports, 12)
}

// What docs/boxes-decided.md says of each suspicion is what the command below it has shown.
func TestBoxes_Decided(t *testing.T) {
	text, err := os.ReadFile("../../docs/boxes-decided.md")
	require.NoError(t, err)
	verdicts := map[string]int{}
	for _, section := range strings.Split(string(text), "\n## ")[1:] {
		name, rest, _ := strings.Cut(section, "\n")
		says := regexp.MustCompile(`^\n(Confirmed|Refuted) by (this run|all runs)\. `).FindStringSubmatch(rest)
		if !assert.Len(t, says, 3, "%s: no verdict", name) {
			continue
		}
		verdicts[says[1]]++
		assert.Equal(t, 1, strings.Count(rest, "$ tcpclose find "), name)
		if says[2] == "this run" {
			assert.Regexp(t, `is\s+reached\s+in\s+\d+\s+events:\n`, rest, name)
			assert.Contains(t, rest, "is what the box", name)
		} else {
			assert.Regexp(t, `(?m)^  .* unreachable$`, rest, name)
			assert.Contains(t, rest, "Complete: the verdicts are for all runs", name)
		}
	}
	assert.Greater(t, verdicts["Confirmed"], 12)
	assert.Positive(t, verdicts["Refuted"])
}

package main

import (
	"os"
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
		assert.Regexp(t, `(?m)^\S.* is (reached|violated) in \d+ events:$`, before, name)
		assert.Regexp(t, `ESTABLISHED  \| +\*ESTABLISHED|ESTABLISHED  \| +\*[A-Z/]+\*`, before, "%s: no lifeline of the box", name)
		assert.Regexp(t, `the box (drops|answers)`, before, name)
		assert.Regexp(t, `(?m)^  \S.* +(holds|unreachable)$`, after, "%s: the remedy", name)
		assert.NotContains(t, after, "Not complete", name)
	}
	assert.GreaterOrEqual(t, reports, 3)
}

package check

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/box"
	"tcpclose/internal/naive"
	"tcpclose/invariants"
	"tcpclose/model"
)

// boxFaultCases has, for each seeded fault of a box, what is changed in a network that loses
// nothing, so that the fault shows.
var boxFaultCases = map[string]string{
	"acts-first":     "b-fails=abort",
	"rst-kept":       "b-fails=abort",
	"fin-wrong-side": "loss=1",
	"ack-revives":    "",
	"timer-kept":     "",
	"fin-removes":    "",
	"syn-refused":    "start=closed reopen=1 time-wait=1",
}

// boxFaults is the properties of boxes, whose violation is what catches a fault.
func boxFaults(t *testing.T, words string) *Report {
	t.Helper()
	if !strings.Contains(words, "loss=") {
		words += " loss=off"
	}
	c := naive.Parse(t, "a-octets=0 b-octets=0 msl=1 rto=3 r2=2 duplicate=off reorder=off capacity=4 "+words)
	r, err := Check(t.Context(), c, invariants.PropertiesOf(true)[len(invariants.Properties):], Options{})
	require.NoError(t, err)
	require.True(t, r.Result.Complete(), words)
	return r
}

// happens counts the events of a run that are no ticks.
func happens(f *Finding) (n int) {
	for _, e := range f.Trace.Events {
		if e.Action.Kind != model.Ticks {
			n++
		}
	}
	return n
}

// Every fault of a box is caught, by a property that the box without it does not violate.
// docs/boxes.md has the table.
func TestBoxFaults(t *testing.T) {
	const file, begin, end = "../docs/boxes.md", "<!-- The table of mistakes, which a test makes. -->\n", "\n<!-- The end of it. -->"
	require.Len(t, boxFaultCases, len(box.Faults))
	var table strings.Builder
	table.WriteString("\n| fault | seen at | what it does | changed | caught by |\n|---|---|---|---|---|\n")
	for _, f := range box.Faults {
		words, ok := boxFaultCases[f.Name]
		require.True(t, ok, f.Name)
		without := boxFaults(t, words+" box="+f.Of)
		with := boxFaults(t, words+" box="+f.Of+",fault="+f.Name)
		var caught []string
		for i := range with.Findings {
			is := &with.Findings[i]
			if is.Verdict == Violated && without.Findings[i].Verdict != Violated {
				naive.AssertReplays(t, is.Trace)
				caught = append(caught, fmt.Sprintf("%s %d", is.Property.Name, happens(is)))
			}
		}
		assert.NotEmpty(t, caught, f.Name)
		if words != "" {
			words = "`" + words + "`"
		}
		fmt.Fprintf(&table, "| `%s` | %s | %s | %s | %s |\n", f.Name, f.Like, f.Sentence, words, strings.Join(caught, ", "))
	}
	was, err := os.ReadFile(file)
	require.NoError(t, err)
	head, rest, ok := strings.Cut(string(was), begin)
	require.True(t, ok)
	old, tail, ok := strings.Cut(rest, end)
	require.True(t, ok)
	if *rewrite {
		require.NoError(t, os.WriteFile(file, []byte(head+begin+table.String()+end+tail), 0o644))
		return
	}
	assert.Equal(t, table.String(), old, "go test ./check -run TestBoxFaults -rewrite")
}

package trace_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/check"
	"tcpclose/internal/naive"
	"tcpclose/internal/tier"
	"tcpclose/invariants"
	"tcpclose/model"
)

// A trace fits into a terminal.
func TestTrace_Width(t *testing.T) {
	all := slices.Concat(invariants.Properties, invariants.Witnesses)
	configs := []model.Config{naive.Parse(t, "msl=2 rto=1 r2=1 b-octets=0 late-reset=silent loss=1 duplicate=1")}
	names := []string{"no-data", "notes", "reordering"}
	if tier.Leaves(t, "notes, reordering") {
		names = names[:1]
	}
	for _, name := range names {
		p, err := check.FindPreset(name)
		require.NoError(t, err)
		configs = append(configs, p.Config)
	}
	traces := 0
	for _, c := range configs {
		r, err := check.Check(t.Context(), c, all, check.Options{})
		require.NoError(t, err)
		for _, f := range r.Findings {
			if f.Trace == nil {
				continue
			}
			traces++
			text := f.Trace.Text(0)
			assert.True(t, strings.HasSuffix(text, "\n"))
			for _, line := range strings.Split(text+f.Trace.Text(100*time.Millisecond), "\n") {
				assert.LessOrEqual(t, utf8.RuneCountInString(line), 80, line)
				assert.Equal(t, strings.TrimRight(line, " "), line)
			}
		}
	}
	assert.Greater(t, traces, 20)
}

// Figure 12 of RFC 9293, and what comes after it.
func TestTrace_Golden(t *testing.T) {
	p, err := check.FindPreset("notes")
	require.NoError(t, err)
	property, err := invariants.Find("normal-close")
	require.NoError(t, err)
	r, err := check.Check(t.Context(), p.Config, []*invariants.Property{property}, check.Options{})
	require.NoError(t, err)
	f := r.Findings[0]
	require.Equal(t, check.Reached, f.Verdict)
	assertGolden(t, "normal-close.txt", f.Trace.Text(0))
}

// assertGolden asserts that text is what a file in testdata has.
func assertGolden(t *testing.T, name, text string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *rewrite {
		require.NoError(t, os.MkdirAll("testdata", 0o777))
		require.NoError(t, os.WriteFile(file, []byte(text), 0o666))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, string(want), text, "go test -rewrite writes it again")
}

// The text of a trace says where it begins to repeat itself, and whether time
// goes on.
func TestTrace_LoopText(t *testing.T) {
	c := naive.Parse(t, "a-octets=0 b-octets=0 r2=unlimited msl=2 rto=1")
	text := func(name, without string) string {
		p, err := invariants.Find(name)
		require.NoError(t, err)
		a, err := invariants.FindAssumption(without)
		require.NoError(t, err)
		r, err := check.Check(t.Context(), c, []*invariants.Property{p}, check.Options{Without: []*invariants.Assumption{a}})
		require.NoError(t, err)
		require.True(t, r.Findings[0].Trace.Repeats())
		return r.Findings[0].Trace.Text(0)
	}
	assert.Regexp(t, `(?s)-- again and again from here on --.*And so on forever, from event \d+: (a tick passes|\d+ ticks pass) each time\.\n$`, text("last-ack-left", "fin"))
	assert.Regexp(t, `from event \d+: no time passes each time\.\n$`, text("last-ack-left", "time"))
}

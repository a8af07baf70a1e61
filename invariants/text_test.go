package invariants

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/model"
)

var rewrite = flag.Bool("rewrite", false, "write the files in testdata anew")

// A trace fits into a terminal.
func TestTrace_Width(t *testing.T) {
	all := concat(Properties, Witnesses)
	configs := []model.Config{parse(t, "msl=2 rto=1 r2=1 b-octets=0 late-reset=silent loss=1 duplicate=1")}
	names := []string{"no-data", "notes", "reordering"}
	if testing.Short() {
		names = names[:2]
	}
	for _, name := range names {
		p, err := FindPreset(name)
		require.NoError(t, err)
		configs = append(configs, p.Config)
	}
	traces := 0
	for _, c := range configs {
		for _, f := range check(t, c, all, Options{}).Findings {
			if f.Trace == nil {
				continue
			}
			traces++
			text := f.Trace.String()
			assert.True(t, strings.HasSuffix(text, "\n"))
			for _, line := range strings.Split(text+f.Trace.Text(100*time.Millisecond), "\n") {
				assert.LessOrEqual(t, utf8.RuneCountInString(line), traceWidth, line)
				assert.Equal(t, strings.TrimRight(line, " "), line)
			}
		}
	}
	assert.Greater(t, traces, 20)
}

// The longest lines that there can be fit, too.
func TestTrace_Wide(t *testing.T) {
	p := model.Packet{Segment: model.Segment{Seq: 8, Ack: 8, Len: 7, Ctl: model.FIN | model.ACK}}
	var all []model.Clause
	for c := range model.NumClauses {
		all = append(all, c)
	}
	effect := model.Effect{
		Sent:    p.Segment,
		Told:    model.ToldEOF | model.ToldClosed | model.ToldReset | model.ToldTimeout,
		Clauses: model.ClausesOf(all...),
	}
	full := model.Channel{N: 1, Packets: [model.MaxCapacity]model.Packet{p}}
	for kind := model.Calls; kind <= model.Ticks; kind++ {
		e := Event{model.Action{Kind: kind, Packet: p}, model.Outcome{Effect: effect, Gone: [2]model.Channel{full, full}}}
		for _, line := range e.lines(0) {
			assert.LessOrEqual(t, len(line), traceWidth-traceIndent, "%s: %s", kind, line)
		}
	}
}

// Figure 12 of RFC 9293, and what comes after it.
func TestTrace_Golden(t *testing.T) {
	p, err := FindPreset("notes")
	require.NoError(t, err)
	f := check(t, p.Config, find(t, "normal-close"), Options{}).Findings[0]
	require.Equal(t, Reached, f.Verdict)
	assertGolden(t, "normal-close.txt", f.Trace.String())
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
	assert.Equal(t, string(want), text, "go test -rewrite writes it anew")
}

func TestWrap(t *testing.T) {
	for _, test := range []struct {
		text string
		want []string
	}{
		{"", []string{""}},
		{"word", []string{"word"}},
		{"a few words here", []string{"a few", "  words", "  here"}},
		{"  a few words", []string{"  a few", "    words"}},
		{"unbreakable", []string{"unbreakable"}},
		{"an unbreakable", []string{"an", "  unbreakable"}},
	} {
		assert.Equal(t, test.want, wrap(test.text, 8), "%q", test.text)
	}
}

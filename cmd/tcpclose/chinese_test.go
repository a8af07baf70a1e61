package main

import (
	"bytes"
	"context"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/check"
	"tcpclose/cmd/tcpclose/internal/about"
	"tcpclose/cmd/tcpclose/internal/base"
	"tcpclose/cmd/tcpclose/internal/fields"
	"tcpclose/cmd/tcpclose/internal/screen"
	"tcpclose/internal/lang"
	"tcpclose/invariants"
	"tcpclose/model"
)

// Whatever has a sentence that -lang zh shows is in the catalogue, except for a few new ones.
func TestHelp_Chinese(t *testing.T) {
	missing := map[string]bool{}
	has := func(kind, name, text string) {
		if text != "" && !lang.Knows(text) {
			missing[text] = true
			t.Logf("%s %s: %q is not in internal/lang", kind, name, text)
		}
	}
	for _, name := range base.Names() {
		b := base.Find(name)
		has("base", name, b.Sentence)
		for _, e := range b.Preset.Expected {
			has("expectation of", name+", "+e.Property, e.Why)
		}
	}
	all := slices.Concat(invariants.Properties, invariants.LivenessProperties, invariants.Witnesses)
	for _, p := range all {
		has("property", p.Name, p.Sentence)
		for i := range check.Presets {
			if p.Applies != nil {
				has("property", p.Name, p.Applies(check.Presets[i].Config))
			}
		}
	}
	for _, a := range invariants.Assumptions {
		has("assumption", a.Name, a.Sentence)
	}
	for _, f := range model.Faults() {
		has("fault", f.String(), f.Info().Sentence)
	}
	for c := range model.NumClauses {
		has("clause", c.String(), c.Info().Sentence)
	}
	for d := range model.NumDecisions {
		info := d.Info()
		has("decision", info.Name, info.Question)
	}
	for _, c := range commands() {
		for _, f := range c.Set().Flags() {
			has("flag -"+f.Name+" of", c.Name, f.Means)
		}
	}
	assert.LessOrEqual(t, len(missing), maxUntranslated)
}

// maxUntranslated is the number of new sentences that may wait for their translation.
const maxUntranslated = 10

// chineseLines contains command lines whose output in Chinese has names alone that are
// not Chinese.
var chineseLines = func() (lines [][]string) {
	for _, line := range []string{
		"check no-data", "check no-data -time-wait 1msl", "check no-data -q", "check rfc -traces=false", "check rfc -r2 1 -traces=false",
		"check b-never-closes -b-octets 0 -liveness all", "check no-data -liveness all", "check no-data -max-states 100 -traces=false",
		"check no-data -witness all", "check crash -b-octets 0 -a-octets 0 -witness all -traces=false", "check no-data -endings -traces=false",
		"check no-data -properties quiet -explain", "check notes -properties told -format text -a-octets 0", "check no-data -fault no-time-wait -traces=false",
		"lose 1", "lose 2 -always", "lose 3 linux", "lose 4 -format text", "lose 9", "lose", "lose 3 -loss 4", "lose 3 -lang", "lose -h",
		"claims", "claims Y2", "claims TIME_WAIT", "claims nothing-like-this", "claims -h",
		"check -h", "find -h", "replay -h", "faults -h", "about -h",
		"check nodata", "check -rot 3", "check -msl 0", "find", "replay /nowhere", "about CLOSE_WIAT", "about state nowhere",
	} {
		lines = append(lines, strings.Fields(line))
	}
	lines = append(lines, []string{"find", "a.state == CLOSING", "no-data"}, []string{"find", "a.state == LISTEN", "no-data"}, []string{"find", "-n", "2", "a.state == CLOSING", "no-data"})
	for i := range about.Subjects {
		if s := &about.Subjects[i]; slices.Contains([]string{"state", "sysctl", "option", "call", "preset", "profile", "assumption", "fault", "clause", "claim"}, s.Kind) {
			for _, name := range s.Names() {
				lines = append(lines, []string{"about", s.Kind, name})
			}
		}
	}
	return lines
}()

var (
	// notWords matches what is in no language: segments, commands, citations, the stacks
	// of a fault, expressions, what was quoted, and flags.
	notWords = regexp.MustCompile(`<[^>]*>|(?m)^ *(\$ )?(tcpclose|ss) [^\n]*(\n   +-[^\n]*)*|^(出处|协议栈)\n(  .*\n)*|\[[^\]]*\]|'[^']*'|“[^”]*”|"[^"\n]*"|(^|[^A-Za-z0-9])--?[a-z][-a-z0-9=]*|[a-z0-9-]+=\S+|\b[ab]\.[a-z.]+|[0-9.]+[µm]?s\b|tcpclose [a-z]+`)
	anyWord  = regexp.MustCompile(`[A-Za-z][A-Za-z0-9_]*([-./][A-Za-z0-9_]+)*(\(\))?`)
)

// With -lang zh no word is English but names: those that the program knows, and those of
// testdata/names.zh.txt.
func TestChinese_Words(t *testing.T) {
	text, err := os.ReadFile("testdata/names.zh.txt")
	require.NoError(t, err)
	names := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			names[line] = true
		}
	}
	for _, name := range about.Names() {
		names[name] = true
	}
	for _, f := range model.Fields {
		names[f.Name], names[strings.TrimPrefix(strings.TrimPrefix(f.Name, "a-"), "b-")] = true, true
	}
	for _, f := range fields.All {
		for _, word := range f.Words {
			names[word] = true
		}
	}
	for d := range model.NumDecisions {
		for _, a := range d.Info().Alternatives {
			names[a.Name] = true
		}
	}
	for timeout := range model.Timeout(20) {
		for _, word := range strings.Fields(timeout.String()) {
			names[word] = true
		}
	}
	used, english := map[string]bool{}, map[string]bool{}
	for _, line := range chineseLines {
		var out bytes.Buffer
		run(context.Background(), append(slices.Clone(line), "-lang", "zh"), &out, &out)
		require.NotEmpty(t, out.String(), line)
		for shown := range strings.Lines(out.String()) {
			if shown = strings.TrimSuffix(shown, "\n"); !strings.HasPrefix(shown, "tcpclose ") { // a mistake has one line
				assert.LessOrEqual(t, screen.Width(shown), screen.Columns, "%s: %s", line, shown)
			}
		}
		for _, word := range anyWord.FindAllString(notWords.ReplaceAllString(out.String(), " "), -1) {
			used[word] = true
			if len(word) > 1 && !names[word] && !names[strings.ToUpper(word)] {
				english[word] = true
				t.Logf("%s -lang zh: %q is English, or missing in testdata/names.zh.txt", strings.Join(line, " "), word)
			}
		}
	}
	assert.LessOrEqual(t, len(english), 4*maxUntranslated, "words of sentences without a translation")
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			assert.True(t, used[line], "testdata/names.zh.txt: %q is not used any more", line)
		}
	}
}

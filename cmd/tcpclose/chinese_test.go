package main

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/ask"
	"tcpclose/box"
	"tcpclose/check"
	"tcpclose/cmd/tcpclose/internal/about"
	"tcpclose/cmd/tcpclose/internal/base"
	"tcpclose/cmd/tcpclose/internal/explain"
	"tcpclose/cmd/tcpclose/internal/fields"
	"tcpclose/cmd/tcpclose/internal/screen"
	"tcpclose/internal/lang"
	"tcpclose/internal/tier"
	"tcpclose/invariants"
	"tcpclose/model"
)

// Whatever has a sentence that -lang zh shows is in the catalogue.
func TestHelp_Chinese(t *testing.T) {
	has := func(kind, name, text string) {
		if text != "" {
			assert.True(t, lang.Knows(text), "%s %s: %q is not in internal/lang", kind, name, text)
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
}

// chineseLines contains command lines whose output in Chinese has names alone that are
// not Chinese.
var chineseLines = func() (lines [][]string) {
	for i, line := range []string{
		"check no-data", "check no-data -time-wait 1msl", "check no-data -q", "check rfc -traces=false", "check rfc -r2 1 -traces=false",
		"check b-never-closes -b-octets 0 -liveness all", "check no-data -liveness all", "check no-data -max-states 100 -traces=false",
		"check no-data -witness all", "check crash -b-octets 0 -a-octets 0 -witness all -traces=false", "check no-data -endings -traces=false",
		"check no-data -capacity unlimited -endings", "check no-data -capacity unlimited -never net.a.spare>0", "check no-data -capacity unlimited -max-states 100 -traces=false",
		"check no-data -properties quiet -explain", "check notes -properties told -format text -a-octets 0", "check no-data -fault no-time-wait -traces=false",
		"lose 1", "lose 2 -always", "lose 3 linux", "lose 4 -format text", "lose 9", "lose", "lose 3 -loss 4", "lose 3 -lang", "lose -h",
		"claims Y2", "claims nothing-like-this", "claims -h",
		"check -h", "find -h", "replay -h", "faults -h", "about -h",
		"check no-data -v -coverage", "check crash -v -traces=false", "check linux -v -traces=false -max-states 1000", "check -a linux -b rfc -v -q=false -traces=false -max-states 1000",
		"check no-data -v -a-buffer 2 -a-reads slowly -a-octets 1 -a-fails die -stray <SEQ=101><ACK=300><CTL=ACK> -traces=false -max-states 1000",
		"check no-data -v -start closed -reopen 1 -a-isn clock -b-isn paced-clock -keepalive 9 -rto-max 8 -a-msl 2 -delayed-ack 2 -user-timeout 9 -traces=false -max-states 1000",
		"check no-data -v -loses a-fin -loss 1 -a-close-is full -b-close-is half-then-full -b-closes after-peer -delay 1 -fault no-time-wait -traces=false",
		"check no-data -properties time-wait-unbroken -format mermaid", "check no-data -properties time-wait-unbroken -format svg",
		"check b-never-closes -b-octets 0 -liveness fin-wait-2-left -format svg", "check b-never-closes -b-octets 0 -liveness fin-wait-2-left -format mermaid",
		"check crash -a-octets 0 -b-octets 0 -properties told -format svg",
		"margin notes -properties no-reset,frozen", "margin notes -properties time-wait-ends,syn-taken -v -reorder unlimited", "margin no-data -max-states 1000 -traces=false", "margin -h",
		"faults fin-before-hole", "faults -h", "faults no-time-wait -time-wait-rst ignored",
		"profile linux", "profile rfc", "profile linux-6.1", "profile -h", "profile nowhere",
		"graph notes -view endpoint -reasons", "graph no-data -path quiet -loops", "graph no-data -view endpoint -max-states 2000", "graph no-data -fault no-time-wait -view endpoint",
		"graph notes -view full -a-octets 1 -b-octets 0 -msl 1 -rto 4", "graph no-data -path nothing", "graph no-data -view full", "graph notes -path quiet",
		"list", "list states sysctls options calls", "list -h", "list stats", "help", "help check", "help find", "help timers", "help ends", "help -time", "help -leads-to", "help version", "",
		"version -h", "completion -h", "resume -h", "graph -h", "stack -h", "stack list", "interop -h", "explain -h", "replay -h",
		"interop linux rfc -situations orphan,abort", "interop linux linux -situations no-data -traces=false", "interop linux",
		"resume /nowhere", "stack nothing", "explain", "explain /nowhere", "graph -view", "check -a nowhere",
		"check nodata", "check -rot 3", "check -msl 0", "find", "replay /nowhere", "about CLOSE_WIAT", "about state nowhere",
	} {
		if searches := strings.HasPrefix(line, "check ") && !strings.Contains(line, "-h"); searches && !tier.Large() && i%tier.ChooseCI(12, 2) > 0 {
			continue
		}
		lines = append(lines, strings.Fields(line))
	}
	for _, wrong := range []string{
		"a.state = CLOSED", "a.state == 3", "a.stat == 3", "a.state == CLOSD", "a.state", "a.octets", "a.state == CLOSED &&", "(a.state == CLOSED", "a.owes == 1",
		"a.state in CLOSED", "a.state in [1]", "CLOSED", "\"x\"", "a", "event.clauses == 1", "event.call == a.state", "a.owes + b.owes", "a.owes && b.owes", "1 ? 2 : 3",
		"a.state == CLOSED ? 1 : true", "a.owes => b.owes", "1 in a.owes", "foo(1)", "net", "net.c", "a.receives", "a.receives.foo", "a.state < CLOSED", "a.owes > true", "", "!", "event.calls == SHUT", "a.follows == RESTE",
	} {
		lines = append(lines, []string{"find", wrong, "no-data"}, []string{"check", "-ltl", wrong, "no-data"})
	}
	lines = append(lines, []string{"margin", "no-data", "-time", "a: TIME-WAIT -> CLOSED", "-within", "2msl"},
		[]string{"margin", "no-data", "-time", "a: LISTEN -> CLOSED"}, []string{"margin", "no-data", "-time", "a: FIN-WAIT-2 -> CLOSED", "-q"}, []string{"margin", "no-data", "-time", "nothing"},
		[]string{"check", "no-data", "-ltl", "[](a.state == CLOSED"}, []string{"check", "no-data", "-ltl", "U(a.state == CLOSED)"}, []string{"check", "no-data", "-leads-to", "a.state"},
	)
	lines = append(lines, []string{"find", "a.state == CLOSING", "no-data"}, []string{"find", "a.state == LISTEN", "no-data"}, []string{"find", "-n", "2", "a.state == CLOSING", "no-data"})
	if tier.Large() {
		lines = append(lines, []string{"claims"}, []string{"claims", "TIME_WAIT"}, []string{"profile", "linux", "-times", "-traces"}, []string{"margin", "linux", "-time", "a: LAST-ACK -> CLOSED"}, []string{"faults"})
	}
	for i := range about.Subjects {
		s := &about.Subjects[i]
		if s.Kind == "remark" && !tier.Large() && i%tier.ChooseCI(20, 5) > 0 {
			continue // it makes a search
		}
		for _, name := range s.Names() {
			lines = append(lines, []string{"about", s.Kind, name})
		}
	}
	return lines
}()

var (
	// notWords matches what is in no language: segments, commands, citations, the stacks
	// of a fault, expressions, what was quoted, and flags.
	notWords = regexp.MustCompile(`ACKed segment that wasn't captured|'tcpclose[^']*'|-\[ab\]-[a-z0-9-]+|<[^>]*>|(?m)^ *(\$ )?(tcpclose|ss) [^\n]*(\n   +-[^\n]*)*|'[^'\n]*'|“[^”]*”|"[^"\n]*"|(^|[^A-Za-z0-9])--?[a-z][-a-z0-9=]*|[a-z0-9-]+=\S+|\b[ab]\.[a-z.]+|[0-9.]+[µm]?s\b|tcpclose [a-z]+|\b(MUST|SHLD|MAY|PR|Q|KB|SA|CVE|MS)-?[0-9][-0-9:A-Z]*|\b[A-Z][0-9]+[a-z]?\b|\btcp_[a-z0-9_]+|\b[0-9a-f]{7,12}\b|PR #|^用法.*`)
	verbs    = regexp.MustCompile(`%(\[[0-9]\])?[-.0-9]*[a-z]`)
	anyWord  = regexp.MustCompile(`[A-Za-z][A-Za-z0-9_]*([-./][A-Za-z0-9_]+)*(\(\))?`)
)

var (
	svgText     = regexp.MustCompile(`<(?:text|title|desc)[^>]*>([^<]*)</`)
	dotText     = regexp.MustCompile(`>([^<>\n\[\]]+)<|label="([^"]*)"`)
	mermaidWord = regexp.MustCompile(`(?m)^ *(sequenceDiagram|participant|Note (left|right) of|Note over|loop|end|activate|deactivate)\b|<br/>`)
	entity      = regexp.MustCompile(`[&#](lt|gt|amp);`)
)

// shownText returns what a reader sees of an output: of a picture its texts.
func shownText(out string) string {
	if strings.HasPrefix(strings.TrimSpace(out), "digraph") || strings.HasPrefix(strings.TrimSpace(out), "strict digraph") {
		var b strings.Builder
		for _, m := range dotText.FindAllStringSubmatch(out, -1) {
			fmt.Fprintln(&b, entity.ReplaceAllString(m[1]+m[2], " "))
		}
		return b.String()
	}
	if strings.HasPrefix(strings.TrimSpace(out), "sequenceDiagram") {
		return segmentWords.ReplaceAllString(entity.ReplaceAllString(mermaidWord.ReplaceAllString(out, " "), " "), " ")
	}
	if !strings.HasPrefix(out, "<svg") {
		return out
	}
	var b strings.Builder
	for _, m := range svgText.FindAllStringSubmatch(out, -1) {
		fmt.Fprintln(&b, segmentWords.ReplaceAllString(entity.ReplaceAllString(m[1], " "), " "))
	}
	return b.String()
}

// segmentWords matches the fields of a segment.
var segmentWords = regexp.MustCompile(`\b(SEQ|ACK|CTL|DATA|WND)=[A-Z0-9,]+`)

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
		for _, word := range append(strings.Fields(name), name) {
			names[word] = true
		}
	}
	for _, f := range model.Fields {
		names[f.Name], names[strings.TrimPrefix(strings.TrimPrefix(f.Name, "a-"), "b-")] = true, true
	}
	for _, f := range fields.All() {
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
	for _, f := range model.Faults() {
		for _, word := range anyWord.FindAllString(f.Info().Stack, -1) {
			names[word] = true
		}
	}
	_, words := ask.Words()
	for _, list := range append(slices.AppendSeq(slices.Collect(maps.Values(words)), maps.Values(explain.Filters().Words())), commandNames(), graphViews, subjectNames(), listNames()) {
		for _, word := range list {
			names[word] = true
		}
	}
	for _, term := range explain.Filters().Terms() {
		names[term.Name] = true
	}
	for _, b := range box.Builtin { // their texts are not translated, but for what they say
		for _, word := range append(anyWord.FindAllString(b.Text(), -1), b.States...) {
			if strings.ToLower(word) != word || strings.ContainsAny(word, "_./-") || slices.ContainsFunc(b.Timers, func(t box.Timer) bool { return t.Name == word }) {
				names[word] = true
			}
		}
		for _, s := range b.Source {
			for _, word := range anyWord.FindAllString(s, -1) {
				names[word] = true
			}
		}
	}
	for _, f := range box.Faults {
		names[f.Name] = true
	}
	for _, part := range box.Format() {
		for _, w := range part.Words {
			for _, word := range anyWord.FindAllString(w[0], -1) {
				names[word] = true
			}
		}
	}
	used, english := map[string]bool{}, map[string]bool{}
	for _, line := range chineseLines {
		var out bytes.Buffer
		run(context.Background(), append(slices.DeleteFunc(slices.Clone(line), func(word string) bool { return word == "" && len(line) == 1 }), "-lang", "zh"), &out, &out)
		require.NotEmpty(t, out.String(), line)
		picture := strings.HasPrefix(out.String(), "<svg") || strings.HasPrefix(out.String(), "digraph") || strings.HasPrefix(out.String(), "strict digraph") || strings.HasPrefix(out.String(), "sequenceDiagram")
		for shown := range strings.Lines(out.String()) {
			if picture {
				break
			}
			if shown = strings.TrimSuffix(shown, "\n"); !strings.HasPrefix(shown, "tcpclose ") { // a mistake has one line
				assert.LessOrEqual(t, screen.Width(shown), screen.Columns, "%s: %s", line, shown)
			}
		}
		for _, word := range anyWord.FindAllString(notWords.ReplaceAllString(shownText(out.String()), " "), -1) {
			used[word] = true
			if len(word) > 1 && !names[word] && !names[strings.ToUpper(word)] && !english[word] {
				english[word] = true
				t.Errorf("%s -lang zh: %q is English, or missing in testdata/names.zh.txt", strings.Join(line, " "), word)
			}
		}
	}
	if tier.Leaves(t, "claims, faults, most remarks, and whether each name is used") {
		return
	}
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			assert.True(t, used[line], "testdata/names.zh.txt: %q is not used any more", line)
		}
	}
}

// A command's text in Chinese shows the examples of the English one.
func TestHelp_Examples(t *testing.T) {
	example := regexp.MustCompile(`(?m)^    (\S.*?)(?: {2,}.*)?$`)
	for _, c := range commands() {
		zh := lang.Chinese.Say("text " + c.Name)
		if zh == "text "+c.Name {
			continue
		}
		var want, have []string
		for _, m := range example.FindAllStringSubmatch(c.Text, -1) {
			want = append(want, m[1])
		}
		for _, m := range example.FindAllStringSubmatch(zh, -1) {
			have = append(have, m[1])
		}
		assert.Equal(t, want, have, c.Name)
	}
}

package prose

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A module that breaks each kind of rule in each area, and beside it what must not
// be reported: code, links, quotations, output.
func TestCheck(t *testing.T) {
	const bad = "testdata/bad"
	passages, err := Read(bad)
	require.NoError(t, err)
	rules, err := Rules(bad)
	require.NoError(t, err)
	var found []string
	for _, f := range Check(passages, rules) {
		found = append(found, fmt.Sprintf("%s %s", f.Area, f))
	}
	assert.ElementsMatch(t, []string{
		`readme README.md:3: "Not judged": write not checked`,
		`readme README.md:3: "come about": write happens`,
		`readme README.md:3: "For what is not true": write the subject`,
		`readme README.md:14: "for ever": write forever`,
		`readme README.md:16: "goes off": write fire`,
		`readme README.md:16: "打破": write 违反`,
		`comment bad.go:5: "turnsBack is what": write returns`,
		`comment bad.go:5: "for ever": write forever`,
		`comment bad.go:9: "for ever": write forever`,
		`comment bad.go:16: "comes about": write happens`,
		`literal bad.go:13: "for ever": write forever`,
		`literal bad.go:15: "for ever": write forever`,
		`literal bad.go:15: "闭, 然": write full width`,
		`name bad.go:9: "turns back": write refuses`,
		`name bad.go:9: "ear": write listener`,
		`script testdata/bad.txtar:2: "for ever": write forever`,
	}, found)
	text, err := os.ReadFile(bad + "/README.md")
	require.NoError(t, err)
	assert.Equal(t, []int{4}, Wide(string(text)))
}

func TestRules_Errors(t *testing.T) {
	for text, want := range map[string]string{
		"for ever -> forever":         `1: "for ever -> forever": want kind: phrase -> replacement`,
		"\nphrase: for ever":          `2: "phrase: for ever": want kind: phrase -> replacement`,
		"word: for ever -> forever":   `1: "word": want phrase, regexp, comment or name`,
		"regexp: ( -> a parenthesis":  "1: error parsing regexp: missing closing ): `(?i)(`",
		"comment: [ -> a square":      "1: error parsing regexp: missing closing ]: `[`",
		"# nothing\n\nphrase: a -> b": "",
	} {
		_, err := parseRules(text)
		if want == "" {
			assert.NoError(t, err)
		} else {
			assert.EqualError(t, err, want)
		}
	}
	_, err := glossaryRules("| a | b |\n")
	assert.EqualError(t, err, "1: 2 columns: want 5")
}

func TestWide(t *testing.T) {
	word := strings.Repeat("x", 99)
	for text, wide := range map[string]bool{
		word + " y":                    true, // 101 columns
		word:                           false,
		word + "xx":                    false, // nothing to break
		"* " + word + "xx":             false,
		"| " + word + " a table":       false,
		"# " + word + " a heading":     false,
		"```\n" + word + " y\n```":     false,
		"a [link](" + word + ")":       false,
		"`" + word + " y`":             false,
		strings.Repeat("宽", 50):        false,
		strings.Repeat("宽", 51):        true,
		"a " + word + " b " + word[:9]: true,
	} {
		assert.Equal(t, wide, len(Wide(text)) > 0, text)
	}
}

func TestWords(t *testing.T) {
	for name, want := range map[string]string{
		"turnsBack": "turns back", "TIMEWait": "timewait", "rst_ends": "rst ends", "hunt": "hunt", "Year2": "year2",
	} {
		assert.Equal(t, want, strings.Join(words(name), " "))
	}
}

func TestCounts(t *testing.T) {
	allowed := Counts{{Docs, "for ever"}: 3, {Docs, "goes off"}: 2, {Name, "ear"}: 1}
	parsed, err := ParseCounts("# a comment\n" + allowed.String())
	require.NoError(t, err)
	assert.Equal(t, allowed, parsed)
	// A count falls to what is found, and never rises.
	found := Counts{{Docs, "for ever"}: 1, {Docs, "goes off"}: 5, {Readme, "for ever"}: 1}
	assert.Equal(t, Counts{{Docs, "for ever"}: 1, {Docs, "goes off"}: 2}, allowed.Lowered(found))
	for _, text := range []string{"docs\t1", "docs\tone\tfor ever", "docs\t0\tfor ever"} {
		_, err := ParseCounts(text)
		assert.ErrorContains(t, err, "line 1: ", text)
	}
}

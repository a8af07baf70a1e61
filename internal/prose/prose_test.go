package prose

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/internal/tier"
)

var (
	rewrite = flag.Bool("rewrite", false, "lower the counts in allowed.txt to what is found")
	find    = flag.String("find", "", "with -v: list what is found where file:line, area or phrase match this `regexp`")
	seed    = flag.Uint64("seed", 1, "with -v and -run Draw: the seed of the paragraphs")
	number  = flag.Int("paragraphs", 10, "with -run Draw: how many paragraphs")
	chinese = flag.Bool("zh", false, "with -run Draw: Chinese paragraphs")
)

const (
	root        = "../.."
	allowedFile = "allowed.txt"
)

// columns is the area of lines that are too wide; they are counted by file.
const columns Area = "columns"

// TestBanned compares the banned phrases and the wide lines of the module with
// allowed.txt. A count above it is an error, and so is one below: -rewrite lowers it.
// Only an editor can raise a count.
func TestBanned(t *testing.T) {
	passages, err := Read(root)
	require.NoError(t, err)
	rules, err := Rules(root)
	require.NoError(t, err)
	text, err := os.ReadFile(allowedFile)
	require.NoError(t, err)
	allowed, err := ParseCounts(string(text))
	require.NoError(t, err, allowedFile)

	found := Counts{}
	where := map[Key][]string{}
	for _, f := range Check(passages, rules) {
		k := Key{f.Area, f.Rule.Phrase}
		found[k]++
		where[k] = append(where[k], f.String())
	}
	for _, file := range documents(t) {
		text, err := os.ReadFile(filepath.Join(root, file))
		require.NoError(t, err)
		k := Key{columns, file}
		for _, line := range Wide(string(text)) {
			found[k]++
			where[k] = append(where[k], Finding{File: file, Line: line, Text: "a wide line",
				Rule: Rule{Instead: "at most 100 columns"}}.String())
		}
	}
	if *find != "" {
		logFound(t, found, where, regexp.MustCompile(*find))
	}
	if *rewrite {
		require.NoError(t, os.WriteFile(allowedFile, []byte(header(string(text))+allowed.Lowered(found).String()), 0o666))
		return
	}
	for _, k := range found.keys() {
		if n := found[k]; n > allowed[k] {
			t.Errorf("%s: %q: %d found, %d allowed:\n\t%s", k.Area, k.Phrase, n, allowed[k], strings.Join(where[k], "\n\t"))
		}
	}
	for _, k := range allowed.keys() {
		if n := found[k]; n < allowed[k] {
			t.Errorf("%s: %q: %d found, %d allowed: 'go test ./internal/prose -run Banned -rewrite' lowers the count", k.Area, k.Phrase, n, allowed[k])
		}
	}
}

// documents returns the Markdown files whose lines are measured.
func documents(t *testing.T) []string {
	t.Helper()
	files := []string{"README.md", "README.zh.md"}
	docs, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	require.NoError(t, err)
	for _, d := range docs {
		files = append(files, "docs/"+filepath.Base(d))
	}
	return files
}

func logFound(t *testing.T, found Counts, where map[Key][]string, match *regexp.Regexp) {
	for _, k := range found.keys() {
		for _, line := range where[k] {
			if match.MatchString(line) || match.MatchString(string(k.Area)) || match.MatchString(k.Phrase) {
				t.Logf("%s: %s", k.Area, line)
			}
		}
	}
}

// header returns the comments with which a text begins.
func header(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if line[0] != '#' {
			break
		}
		b.WriteString(line)
	}
	return b.String()
}

// TestDraw draws paragraphs to review:
//
//	go test ./internal/prose -run Draw -v -seed 7
//	go test ./internal/prose -run Draw -v -seed 7 -zh
func TestDraw(t *testing.T) {
	tier.SkipToCI(t)
	passages, err := Read(root)
	require.NoError(t, err)
	drawn := Draw(passages, *seed, *number, *chinese)
	assert.Len(t, drawn, *number)
	for i, p := range drawn {
		t.Logf("%d. %s:%d (%s)\n\n%s\n", i+1, p.File, p.Lines[0].Number, p.Area, p.Text)
	}
	assert.Equal(t, drawn, Draw(passages, *seed, *number, *chinese), "the same seed")
	assert.NotEqual(t, drawn, Draw(passages, *seed+1, *number, *chinese), "another seed")
	for _, zh := range []bool{false, true} {
		areas := map[Area]bool{}
		for _, p := range Draw(passages, 1, 10, zh) {
			areas[p.Area] = true
			assert.Equal(t, zh, han(p.Text) > 0, p.Text)
		}
		assert.True(t, areas[Readme] && areas[Docs] && areas[Literal], "areas %v", areas)
	}
}

// Every area has passages: a reader that finds nothing would pass every test.
func TestRead(t *testing.T) {
	passages, err := Read(root)
	require.NoError(t, err)
	counts := map[Area]int{}
	files := map[string]bool{}
	for _, p := range passages {
		counts[p.Area]++
		files[p.File] = true
	}
	for area, least := range map[Area]int{Readme: 30, Docs: 500, Comment: 1000, Literal: 1000, Script: 20, Name: 10000} {
		assert.Greater(t, counts[area], least, area)
	}
	assert.True(t, files["internal/prose/doc.go"])
	for _, skip := range unread {
		assert.False(t, files[skip], skip)
		assert.FileExists(t, filepath.Join(root, skip))
	}
	assert.False(t, slices.ContainsFunc(passages, func(p Passage) bool { return strings.Contains(p.File, "prose/testdata") }))
}

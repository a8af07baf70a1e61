package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/internal/tier"
)

var rewrite = flag.Bool("rewrite", false, "write testdata/fates.txt")

const sampleDir = "mutate/testdata/sample"

var sample = set{sampleDir, []tests{{dir: sampleDir, run: "."}}}

// Each mutant of the sample has the fate that testdata/fates.txt gives it.
func TestMutate(t *testing.T) {
	tier.SkipToCI(t)
	t.Chdir("..") // the directory of the module, as for 'go run ./mutate'
	var b bytes.Buffer
	err := mutate(&b, options{verbose: true, workers: 2, only: regexp.MustCompile("")}, []string{sampleDir}, "mutate/explained.txt", []set{sample})
	var lives *livesError
	require.ErrorAs(t, err, &lives)
	out := b.String()
	times := regexp.MustCompile(`(?m)^ *[0-9.]+ s  `)
	var fates []string
	before, summary, _ := strings.Cut(out, sampleDir+": ")
	lines := strings.Split(times.ReplaceAllString(before, ""), "\n")
	for i := 0; i+1 < len(lines); i += 2 {
		fates = append(fates, strings.TrimPrefix(lines[i], sampleDir+"/")+"\n"+lines[i+1]+"\n")
	}
	slices.Sort(fates)
	if *rewrite {
		require.NoError(t, os.WriteFile("mutate/testdata/fates.txt", []byte(strings.Join(fates, "")), 0o666))
	}
	want, err := os.ReadFile("mutate/testdata/fates.txt")
	require.NoError(t, err)
	assert.Equal(t, string(want), strings.Join(fates, ""))
	assert.Contains(t, summary, "4 do not compile", "they need a type that the file does not import")
	assert.Equal(t, livesError{lives: strings.Count(string(want), "    lives")}, *lives)
}

// What is explained may live; what is killed, or is not there, is not to be explained.
func TestResult(t *testing.T) {
	reasons := map[string]string{"model/a.go: f: removed: x++": "x", "model/a.go: f: removed: y++": "y", "model/a.go: f: removed: z++": "z", "model/sub/a.go: elsewhere": "other"}
	at := func(text string) *mutant { return &mutant{name: "model/a.go: f: removed: " + text} }
	x, y, w := at("x++"), at("y++"), at("w++")
	r := &result{drawn: 4, reasons: reasons}
	r.stale(&mutated{source: &source{dir: "model"}, mutants: []*mutant{x, y, w}})
	assert.Equal(t, []string{"model/a.go: f: removed: z++\n    there is no such mutant"}, r.wrong)
	r.note(x, verdict{reached: true})
	r.note(y, verdict{reached: true, killed: true, by: "TestF"})
	r.note(w, verdict{reached: true, killed: true, byTime: true})
	r.note(at("v++"), verdict{})
	assert.Equal(t, "model/a.go: f: removed: y++\n    it is killed by TestF", r.wrong[1])
	var out bytes.Buffer
	r.print(&out, "model", time.Minute)
	assert.Contains(t, out.String(), "model: 2 killed (1 by time), 1 explained, 1 live (1 reached by no test)\nmodel: score 50.0 %, and 66.7 % of those that are not explained\nlives: :0\nmodel/a.go: f: removed: v++\nwrongly explained:\n")
}

// The same seed draws the same mutants, and another others. One more mutant takes the
// place of one, or of none.
func TestDraw(t *testing.T) {
	var all []*mutant
	for i := range 100 {
		all = append(all, &mutant{id: i, name: fmt.Sprint("model/a.go: f: removed: x", i)})
	}
	assert.Equal(t, draw(all, 20, 1), draw(all, 20, 1))
	assert.NotEqual(t, draw(all, 20, 1), draw(all, 20, 2))
	assert.Len(t, draw(all, 20, 2), 20)
	before := draw(all, 20, 1)
	for i := range all {
		after := draw(slices.Delete(slices.Clone(all), i, i+1), 20, 1)
		gone := slices.DeleteFunc(slices.Clone(before), func(m *mutant) bool { return slices.Contains(after, m) })
		if slices.Contains(before, all[i]) {
			assert.Equal(t, []*mutant{all[i]}, gone)
		} else {
			assert.Empty(t, gone)
		}
	}
	assert.Len(t, draw(all, 0, 1), 100)
	assert.Len(t, draw(all, 200, 1), 100)
}

func TestReadExplained_Refused(t *testing.T) {
	for text, want := range map[string]string{
		"    a reason":            `:1: "    a reason": want the name of a mutant before a reason`,
		"a: b\n":                  ": a: b: want a reason in an indented line",
		"a: b\nc: d\n  why\n":     ": a: b: want a reason in an indented line",
		"a: b\n x\na: b\n  why\n": ":3: a: b: it is listed twice",
	} {
		file := filepath.Join(t.TempDir(), "explained.txt")
		require.NoError(t, os.WriteFile(file, []byte(text), 0o666))
		_, err := readExplained(file)
		assert.EqualError(t, err, file+want, text)
	}
}

func TestChoose(t *testing.T) {
	_, err := choose(sets, []string{"no-such"})
	assert.ErrorContains(t, err, `argument "no-such": want model`)
	chosen, err := choose(sets, []string{"./model/"})
	require.NoError(t, err)
	assert.Equal(t, "model", chosen[0].dir)
}

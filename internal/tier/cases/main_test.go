package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/internal/tier"
)

const (
	plain = `{"Action":"output","Package":"tcpclose/check","Test":"TestQuiet/5","Output":"    quiet_test.go:6: left to the large tier: all\n"}
{"Action":"skip","Package":"tcpclose/check","Test":"TestQuiet/5","Elapsed":0}
{"Action":"pass","Package":"tcpclose/check","Test":"TestQuiet","Elapsed":1.5}
{"Action":"pass","Package":"tcpclose/model","Test":"TestWalk","Elapsed":2.5}
{"Action":"pass","Package":"tcpclose/model","Elapsed":4}
`
	large = `{"Action":"output","Package":"tcpclose/check","Test":"TestQuiet/5","Output":"    quiet_test.go:6: of the large tier: all\n"}
{"Action":"pass","Package":"tcpclose/check","Test":"TestQuiet/5","Elapsed":3}
{"Action":"pass","Package":"tcpclose/check","Test":"TestQuiet","Elapsed":4.5}
{"Action":"pass","Package":"tcpclose/model","Test":"TestWalk","Elapsed":2.5}
`
	listed = "check TestQuiet\nmodel TestWalk\nlarge: check TestQuiet/5: all\n"
)

func runsOf(t *testing.T, texts ...string) (runs [2]*tests) {
	for i, text := range texts {
		r, err := read(strings.NewReader(text))
		require.NoError(t, err)
		runs[i] = r
	}
	return runs
}

func TestAgainst(t *testing.T) {
	runs := runsOf(t, plain, large)
	assert.Empty(t, readList(listed).against(runs))
	assert.Equal(t, []timed{{"model TestWalk", 2.5}, {"check TestQuiet", 1.5}}, runs[0].slowest(9))
	assert.Equal(t, listed, strings.SplitAfterN(readList("").with(runs).String(), "\n", 3)[2])
	for _, c := range []struct{ list, plain, large, want string }{
		{listed + "model TestGone\n", plain, large, "model TestGone: it is in the list, and not in the plain tier\nmodel TestGone: it is in the list, and not in the large tier"},
		{"check TestQuiet\nlarge: check TestQuiet/5: all\n", plain, large, "model TestWalk: it is in the plain tier, and not in the list\nmodel TestWalk: it is in the large tier, and not in the list"},
		{listed + "large: check TestQuiet/6: all\n", plain, large, "check TestQuiet/6: all: it is in the list, and the large tier does not take it"},
		{"check TestQuiet\nmodel TestWalk\n", plain, large, "check TestQuiet/5: all: the large tier takes it, and it is not in the list"},
		{listed, plain, strings.ReplaceAll(large, "/5", "/4"),
			"check TestQuiet/5: all: it is in the list, and the large tier does not take it\n" +
				"check TestQuiet/5: all: the plain tier leaves it to the large one, which does not take it\n" +
				"check TestQuiet/4: all: the large tier takes it, and it is not in the list"},
		{listed, plain, strings.ReplaceAll(large, `"pass","Package":"tcpclose/model"`, `"skip","Package":"tcpclose/model"`), "model TestWalk: it is skipped in the large tier"},
		{strings.Replace(listed, "TestWalk", "TestWalk may skip", 1), plain, strings.ReplaceAll(large, `"pass","Package":"tcpclose/model"`, `"skip","Package":"tcpclose/model"`), ""},
	} {
		assert.Equal(t, c.want, strings.Join(readList(c.list).against(runsOf(t, c.plain, c.large)), "\n"))
	}
}

// The plain tier alone is compared as far as it tells.
func TestAgainst_Plain(t *testing.T) {
	runs := runsOf(t, plain)
	assert.Empty(t, readList(listed).against(runs))
	assert.Equal(t, listed, strings.SplitAfterN(readList("").with(runs).String(), "\n", 3)[2])
	for list, want := range map[string]string{
		listed + "model TestGone\n":                        "model TestGone: it is in the list, and not in the plain tier",
		"check TestQuiet\nlarge: check TestQuiet/5: all\n": "model TestWalk: it is in the plain tier, and not in the list",
		"check TestQuiet\nmodel TestWalk\n":                "check TestQuiet/5: all: the plain tier leaves it to the large one, and it is not in the list",
		listed + "large: model TestWalk: long runs\n":      "",
	} {
		assert.Equal(t, want, strings.Join(readList(list).against(runs), "\n"))
	}
}

// What the plain tier leaves to CI's, CI's takes: the list is compared with either.
func TestAgainst_CI(t *testing.T) {
	const list = listed + "ci: check TestLong: all\n"
	line := func(says string) string {
		return `{"Action":"output","Package":"tcpclose/check","Test":"TestLong","Output":"    long_test.go:6: ` + says + `\n"}` + "\n"
	}
	left := runsOf(t, plain+line(tier.LeftToCI+"all"))
	assert.Empty(t, readList(list).against(left))
	assert.Empty(t, readList(list).against(runsOf(t, plain+line(tier.TakenByCI+"all"), large)))
	assert.Equal(t, []string{"check TestLong: all: it is in the list, and nothing leaves it to CI"}, readList(list).against(runsOf(t, plain)))
	assert.Equal(t, []string{"check TestLong: all: it is left to CI, and is not in the list"}, readList(listed).against(left))
	assert.Equal(t, readList(list), readList(readList("").with(left).String()))
}

// What is written is read as it was.
func TestList(t *testing.T) {
	l := readList(strings.Replace(listed, "TestWalk", "TestWalk may skip", 1))
	assert.Equal(t, l, readList(l.String()))
}

func TestRead_NoJSON(t *testing.T) {
	_, err := read(strings.NewReader("FAIL\n"))
	assert.ErrorContains(t, err, `"FAIL\n": `)
}

// What has failed is printed, be it a test or a build.
func TestPrintFailed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "plain.json")
	require.NoError(t, os.WriteFile(file, []byte(plain+`{"ImportPath":"tcpclose/ask","Action":"build-output","Output":"ask.go:1: undefined: x\n"}
{"ImportPath":"tcpclose/ask","Action":"build-fail"}
{"Action":"output","Package":"tcpclose/model","Test":"TestMore","Output":"    more_test.go:7: want 2\n"}
{"Action":"fail","Package":"tcpclose/model","Test":"TestMore","Elapsed":0}
`), 0o666))
	var out strings.Builder
	require.NoError(t, printFailed(&out, file))
	assert.Equal(t, "== ask\nask.go:1: undefined: x\n== model TestMore\n    more_test.go:7: want 2\n", out.String())
}

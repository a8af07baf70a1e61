package main

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var (
	fenced   = regexp.MustCompile("(?ms)^```.*?^```$")
	inlined  = regexp.MustCompile("`[^`]+`")
	linked   = regexp.MustCompile(`\]\(([^)]+)\)`)
	comments = regexp.MustCompile(` +#.*`)
)

//go:generate go test . -run ^TestReadme$ -rewrite

// README.zh.md shows the same commands with the same outputs as README.md, names
// the same ones in its text, and leads to the same places. With -rewrite it takes
// over the blocks.
func TestReadme(t *testing.T) {
	english, err := os.ReadFile("../../README.md")
	require.NoError(t, err)
	chinese, err := os.ReadFile("../../README.zh.md")
	require.NoError(t, err)
	want := fenced.FindAllString(string(english), -1)
	require.Len(t, fenced.FindAllString(string(chinese), -1), len(want), "blocks")
	if *rewrite {
		i := -1
		chinese = fenced.ReplaceAllFunc(chinese, func(was []byte) []byte {
			if i++; strings.HasPrefix(want[i], "```console") {
				return []byte(want[i])
			}
			return was // its comments are in Chinese
		})
		require.NoError(t, os.WriteFile("../../README.zh.md", chinese, 0o666))
	}
	for i, block := range fenced.FindAllString(string(chinese), -1) {
		assert.Equal(t, comments.ReplaceAllString(want[i], ""), comments.ReplaceAllString(block, ""),
			"README.zh.md is stale: 'go test ./cmd/tcpclose -run Readme -rewrite' takes over the blocks of README.md")
	}
	parts := func(text []byte) (list []string) {
		prose := fenced.ReplaceAllString(string(text), "")
		for _, code := range inlined.FindAllString(prose, -1) {
			list = append(list, strings.Join(strings.Fields(code), " "))
		}
		for _, m := range linked.FindAllStringSubmatch(prose, -1) {
			if !strings.HasSuffix(m[1], ".zh.md") && !slices.Contains([]string{"README.md", "docs/claims.md"}, m[1]) {
				list = append(list, m[1])
			}
		}
		slices.Sort(list)
		return list
	}
	assert.Equal(t, parts(english), parts(chinese), "commands, names and links in the text")
}

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

// siblings lists the pages that exist in both languages, and are not generated.
var siblings = [][2]string{
	{"../../README.md", "../../README.zh.md"},
	{"../../docs/reference.md", "../../docs/reference.zh.md"},
}

//go:generate go test . -run ^TestReadme$ -rewrite

// A page in Chinese shows the same commands with the same outputs as its sibling in
// English, names the same ones in its text, and links to the same pages. With -rewrite
// it takes over the blocks.
func TestReadme(t *testing.T) {
	for _, pair := range siblings {
		english, err := os.ReadFile(pair[0])
		require.NoError(t, err)
		chinese, err := os.ReadFile(pair[1])
		require.NoError(t, err)
		want := fenced.FindAllString(string(english), -1)
		require.Len(t, fenced.FindAllString(string(chinese), -1), len(want), "%s: blocks", pair[1])
		if *rewrite {
			i := -1
			chinese = fenced.ReplaceAllFunc(chinese, func(was []byte) []byte {
				if i++; strings.HasPrefix(want[i], "```console") {
					return []byte(want[i])
				}
				return was // its comments are in Chinese
			})
			require.NoError(t, os.WriteFile(pair[1], chinese, 0o666))
		}
		for i, block := range fenced.FindAllString(string(chinese), -1) {
			assert.Equal(t, comments.ReplaceAllString(want[i], ""), comments.ReplaceAllString(block, ""),
				"%s is stale: 'go test ./cmd/tcpclose -run Readme -rewrite' takes over the blocks of %s", pair[1], pair[0])
		}
		assert.Equal(t, namesIn(english), namesIn(chinese), "%s: commands, names and links in the text", pair[1])
	}
}

// namesIn returns the code in a page's text, and its links, sorted. A link to a page in
// Chinese counts as one to its sibling.
func namesIn(page []byte) (list []string) {
	prose := fenced.ReplaceAllString(string(page), "")
	for _, code := range inlined.FindAllString(prose, -1) {
		list = append(list, strings.Join(strings.Fields(code), " "))
	}
	for _, m := range linked.FindAllStringSubmatch(prose, -1) {
		link := strings.Replace(m[1], ".zh.md", ".md", 1)
		if link != "README.md" && link != "reference.md" { // each leads to the other
			list = append(list, link)
		}
	}
	slices.Sort(list)
	return list
}

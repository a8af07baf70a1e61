package prose

import (
	"strings"

	"github.com/rivo/uniseg"
)

// MaxColumns is how wide prose may be.
const MaxColumns = 100

// Wide returns the numbers of the lines of a Markdown text that are wider than
// MaxColumns and could be broken. Tables, headings, fenced blocks, images and the
// targets of links do not count.
func Wide(text string) []int {
	var wide []int
	fenced := false
	for i, line := range strings.Split(text, "\n") {
		trimmed := strings.TrimSpace(line)
		if strings.HasPrefix(trimmed, "```") {
			fenced = !fenced
		}
		if fenced || strings.HasPrefix(trimmed, "|") || strings.HasPrefix(trimmed, "#") || strings.HasPrefix(trimmed, "![") {
			continue
		}
		visible := linkTarget.ReplaceAllString(line, "]")
		if uniseg.StringWidth(visible) > MaxColumns && breakable(visible) {
			wide = append(wide, i+1)
		}
	}
	return wide
}

// breakable reports whether a line can be broken before MaxColumns, outside inline code.
func breakable(line string) bool {
	line = strings.TrimSpace(listItem.ReplaceAllString(hideCode(line), ""))
	space := strings.IndexByte(line, ' ')
	wide := strings.IndexFunc(line, func(c rune) bool { return c >= 0x2E80 }) // Chinese breaks anywhere
	return space >= 0 && space < MaxColumns || wide >= 0 && wide < MaxColumns
}

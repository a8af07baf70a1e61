package screen

import (
	"strings"

	"github.com/rivo/uniseg"
)

// Fold breaks text into lines of at most so many columns where it may be broken
// (UAX 14): at spaces, and between Chinese characters, which take two columns each.
func Fold(text string, columns int) (lines []string) {
	line, state := "", -1
	for text != "" {
		var segment string
		segment, text, _, state = uniseg.FirstLineSegmentInString(text, state)
		if line != "" && Width(strings.TrimRight(line+segment, " ")) > columns {
			lines = append(lines, strings.TrimRight(line, " "))
			line = ""
		}
		line += segment
	}
	return append(lines, strings.TrimRight(line, " \n"))
}

// Width is how many columns text takes.
func Width(text string) int { return uniseg.StringWidth(text) }

// Pad is text with spaces after it, up to so many columns.
func Pad(text string, columns int) string {
	return text + strings.Repeat(" ", max(0, columns-Width(text)))
}

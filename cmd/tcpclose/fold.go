package main

import (
	"strings"

	"github.com/rivo/uniseg"
)

// fold breaks text into lines of at most width columns where it may be broken
// (UAX 14): at spaces, and between Chinese characters, which take two columns each.
func fold(text string, width int) (lines []string) {
	line, state := "", -1
	for text != "" {
		var segment string
		segment, text, _, state = uniseg.FirstLineSegmentInString(text, state)
		if line != "" && uniseg.StringWidth(strings.TrimRight(line+segment, " ")) > width {
			lines = append(lines, strings.TrimRight(line, " "))
			line = ""
		}
		line += segment
	}
	return append(lines, strings.TrimRight(line, " \n"))
}

// pad is text with spaces after it, up to width columns.
func pad(text string, width int) string {
	return text + strings.Repeat(" ", max(0, width-uniseg.StringWidth(text)))
}

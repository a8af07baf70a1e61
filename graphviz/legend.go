package graphviz

import (
	"fmt"
	"strings"

	"tcpclose/explore"
)

// legend returns what stands under a picture: its title, what the colours of the edges
// and the rest mean, and of how much of the system it is.
func legend(title []string, used [numSorts]bool, lines []string, r *explore.Result) string {
	var keys []string
	for s, of := range sorts {
		if used[s] {
			keys = append(keys, key(of.colour, of.style, of.legend))
		}
	}
	return legendWith(title, keys, lines, r)
}

// key says what edges of a colour and style are.
func key(colour, style, words string) string {
	dash := map[string]string{"solid": "━━", "bold": "━━", "dashed": "╍╍", "dotted": "··"}[style]
	return text(apart(dash), colour, 0) + text(words, "", 0)
}

func legendWith(title, keys, lines []string, r *explore.Result) string {
	t := &table{}
	fmt.Fprint(t, `<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="1">`)
	row := func(cell string) { fmt.Fprintf(t, `<TR><TD ALIGN="LEFT">%s</TD></TR>`, cell) }
	for i, paragraph := range title {
		for _, line := range wrapped(paragraph) {
			if i == 0 {
				row(bold(line))
			} else {
				row(text(line, faint, 0))
			}
		}
	}
	row(strings.Join(keys, apart(apart(""))))
	for _, line := range lines {
		row(line)
	}
	size := counted(r.Distinct, "state") + ", " + counted(r.Generated, "step")
	if r.Complete() {
		row(text(size+". Complete: every run was explored.", "", 0))
	} else {
		row(text(size+". PARTIAL ("+strings.Join(r.Incomplete, ", ")+"): there may be more.", violation, 0))
	}
	return t.end()
}

// legendWidth is the length of a legend's lines in characters, about the width of a
// picture.
const legendWidth = 105

// wrapped returns text in lines, broken at spaces.
func wrapped(text string) (lines []string) {
	for _, word := range strings.Fields(text) {
		if n := len(lines) - 1; n >= 0 && len(lines[n])+1+len(word) <= legendWidth {
			lines[n] += " " + word
		} else {
			lines = append(lines, word)
		}
	}
	return lines
}

package graphviz

import (
	"fmt"
	"strings"

	"tcpclose/explore"
	"tcpclose/internal/lang"
)

// legend returns the text under a picture: its title, what colours and signs mean, and
// how much was explored.
func legend(l lang.Language, title []string, used [numSorts]bool, lines []string, r *explore.Result) string {
	var keys []string
	for s, of := range sorts {
		if used[s] {
			keys = append(keys, key(of.colour, of.style, l.Say(of.legend)))
		}
	}
	return legendWith(l, title, keys, lines, r)
}

// key says what edges of a colour and style are.
func key(colour, style, words string) string {
	dash := map[string]string{"solid": "━━", "bold": "━━", "dashed": "╍╍", "dotted": "··"}[style]
	return text(apart(dash), colour, 0) + text(words, "", 0)
}

func legendWith(l lang.Language, title, keys, lines []string, r *explore.Result) string {
	t := &table{}
	fmt.Fprint(t, `<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="1">`)
	row := func(cell string) { fmt.Fprintf(t, `<TR><TD ALIGN="LEFT">%s</TD></TR>`, cell) }
	for i, paragraph := range title {
		for _, line := range lang.Fold(paragraph, legendWidth) {
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
	states, steps := counted(l, r.Distinct, "state"), counted(l, r.Generated, "step")
	if r.Complete() {
		row(text(l.Say("%s, %s. Complete: every run was explored.", states, steps), "", 0))
	} else {
		row(text(l.Say("%s, %s. PARTIAL (%s): there may be more.", states, steps, l.List(r.Incomplete)), violation, 0))
	}
	return t.end()
}

// legendWidth is the length of a legend's lines in characters, about the width of a
// picture.
const legendWidth = 105

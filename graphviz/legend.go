package graphviz

import (
	"fmt"
	"strings"

	"tcpclose/explore"
)

// legend is what stands under a picture: its title, what the colours of the edges
// and the rest mean, and of how much of the system it is.
func legend(title []string, used [numSorts]bool, lines []string, r *explore.Result) string {
	t := &table{}
	fmt.Fprint(t, `<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="1">`)
	row := func(cell string) { fmt.Fprintf(t, `<TR><TD ALIGN="LEFT">%s</TD></TR>`, cell) }
	for i, line := range title {
		if i == 0 {
			row(bold(line))
		} else {
			row(text(line, faint, 0))
		}
	}
	var keys []string
	for s, of := range sorts {
		if used[s] {
			dash := "━━ "
			if of.style == "dashed" {
				dash = "╍╍ "
			}
			keys = append(keys, text(dash, of.colour, 0)+text(of.legend, "", 0))
		}
	}
	row(strings.Join(keys, text("    ", "", 0)))
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

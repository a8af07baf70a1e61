package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/dustin/go-humanize"

	"tcpclose/model"
	"tcpclose/survey"
)

// coverageText says which clauses are followed, and why there are so many states.
func coverageText(out io.Writer, c *survey.Coverage) {
	count := func(n int) string { return humanize.Comma(int64(n)) }
	table := func(rows func(w io.Writer)) {
		w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
		rows(w)
		w.Flush()
	}
	fmt.Fprintln(out, "\nIn how many steps each clause is followed:")
	var never []string
	table(func(w io.Writer) {
		for clause := range model.NumClauses {
			if n := c.Clauses[clause]; n > 0 {
				fmt.Fprintf(w, "%s\t %s\n", count(n), clause)
			} else {
				never = append(never, clause.String())
			}
		}
	})
	if len(never) > 0 {
		title := "never:"
		if !c.Result.Complete() {
			title = "not so far:"
		}
		fmt.Fprintf(out, "%s\n", wrap(title, never))
	}

	fmt.Fprintf(out, "\nWhat makes the %s states of the model:\n", count(c.Result.Distinct))
	actions := slices.Clone(c.Actions)
	slices.SortStableFunc(actions, func(x, y survey.ActionCount) int { return cmp.Compare(y.New, x.New) })
	table(func(w io.Writer) {
		fmt.Fprintln(w, "\tsteps\tto new states\t")
		for _, a := range actions {
			if a.Steps > 0 {
				fmt.Fprintf(w, "%s\t%s\t%s\t\n", a.Name, count(a.Steps), count(a.New))
			}
		}
	})
	fmt.Fprintln(out, "\nWhat they are made of, and how many values it has:")
	for _, p := range c.Parts {
		var fields []string
		for _, f := range p.Fields {
			fields = append(fields, fmt.Sprintf("%s %s", f.Name, count(f.Values)))
		}
		fmt.Fprintln(out, wrap(fmt.Sprintf("%s: %s;", p.Name, count(p.Values)), fields))
	}
	if !c.Result.Complete() {
		fmt.Fprintf(out, "Not complete (%s): these are the counts so far.\n", strings.Join(c.Result.Incomplete, ", "))
	}
	fmt.Fprintf(out, "Counted in %v.\n\n", c.Time.Round(time.Millisecond))
}

// wrap is a title and a list in lines of at most 78 columns.
func wrap(title string, list []string) string {
	const width, indent = 78, "      "
	lines := []string{"  " + title}
	for i, word := range list {
		if i+1 < len(list) {
			word += ","
		}
		last := &lines[len(lines)-1]
		if len(*last)+1+len(word) > width {
			lines = append(lines, indent+word)
		} else {
			*last += " " + word
		}
	}
	return strings.Join(lines, "\n")
}

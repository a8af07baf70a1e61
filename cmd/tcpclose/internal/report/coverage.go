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

	"tcpclose/cmd/tcpclose/internal/screen"
	"tcpclose/internal/lang"
	"tcpclose/model"
	"tcpclose/survey"
)

// coverageText says which clauses are followed, and why there are so many states.
func coverageText(l lang.Language, out io.Writer, c *survey.Coverage) {
	count := func(n int) string { return humanize.Comma(int64(n)) }
	fmt.Fprintf(out, "\n%s\n", l.Say("In how many steps each clause is followed:"))
	var never []string
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	for clause := range model.NumClauses {
		if n := c.Clauses[clause]; n > 0 {
			fmt.Fprintf(w, "%s\t %s\n", count(n), clause)
		} else {
			never = append(never, clause.String())
		}
	}
	w.Flush()
	if len(never) > 0 {
		title := l.Say("never:")
		if !c.Result.Complete() {
			title = l.Say("not so far:")
		}
		fmt.Fprintln(out, wrap(l, title, never))
	}

	fmt.Fprintf(out, "\n%s\n", l.Say("Which steps lead to the %s states of the model:", count(c.Result.Distinct)))
	actions := slices.Clone(c.Actions)
	slices.SortStableFunc(actions, func(x, y survey.ActionCount) int { return cmp.Compare(y.New, x.New) })
	rows := [][]string{{"", l.Say("steps"), l.Say("to new states")}}
	for _, a := range actions {
		if a.Steps > 0 {
			rows = append(rows, []string{named(l, a.Name), count(a.Steps), count(a.New)})
		}
	}
	screen.Right(out, rows)
	fmt.Fprintf(out, "\n%s\n", l.Say("What a state consists of, and how many values each part has:"))
	for _, p := range c.Parts {
		var fields []string
		for _, f := range p.Fields {
			fields = append(fields, fmt.Sprintf("%s %s", l.Say(f.Name), count(f.Values)))
		}
		fmt.Fprintln(out, wrap(l, l.Say("%s: %s;", named(l, p.Name), count(p.Values)), fields))
	}
	if !c.Result.Complete() {
		fmt.Fprintln(out, l.Say("Not complete (%s): these are the counts so far.", l.List(c.Result.Incomplete)))
	}
	fmt.Fprintf(out, "%s\n\n", l.Say("Counted in %v.", c.Time.Round(time.Millisecond)))
}

// named returns what a part or a kind of step is called: "deliver a".
func named(l lang.Language, name string) string {
	words := strings.Fields(name)
	for i, word := range words {
		if _, err := model.ParseSide(word); err == nil {
			words[i] = "%s"
			return l.Say(strings.Join(words, " "), word)
		}
	}
	return l.Say(name)
}

// wrap is a title and a list in lines of at most 78 columns.
func wrap(l lang.Language, title string, list []string) string {
	const width, indent = 78, "      "
	lines := []string{"  " + title}
	comma := strings.TrimSuffix(l.Say(", "), " ")
	space := strings.TrimPrefix(l.Say(", "), comma)
	for i, word := range list {
		if i+1 < len(list) {
			word += comma
		}
		last := &lines[len(lines)-1]
		if screen.Width(*last+space+word) > width {
			lines = append(lines, indent+word)
		} else {
			*last += space + word
		}
	}
	return strings.Join(lines, "\n")
}

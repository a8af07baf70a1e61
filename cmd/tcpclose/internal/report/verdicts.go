package report

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/dustin/go-humanize"

	"tcpclose/check"
	"tcpclose/cmd/tcpclose/internal/screen"
	"tcpclose/explore"
	"tcpclose/invariants"
)

// screenLines bounds the lines below the traces, unless -v asks for more: a terminal of
// 24 lines shows them and the prompt of the shell.
const screenLines = 23

// A detail says how verdicts are listed.
type detail struct {
	all     bool // each in a row, in the order of the properties
	short   bool // what is expected has a row of one line
	named   bool // what is expected is named, without a row
	rows    int  // at most so many rows of what is not expected
	oneLine bool // those have one line each
}

// screen returns the lines below the traces: what is violated, unexpected or new comes
// first.
func (v Check) screen(out io.Writer) []string {
	var tail bytes.Buffer
	v.tail(out, &tail)
	end := strings.Split(strings.TrimSuffix(tail.String(), "\n"), "\n")
	head := Heading(v.Show.Language, v.Base, v.Report.Config, v.Show.Verbose)
	if v.Show.Verbose || v.Named {
		return slices.Concat(head, v.verdicts(out, detail{all: true}), end)
	}
	room := screenLines - len(head) - len(end)
	most := len(v.Report.Findings)
	details := []detail{{rows: most}, {short: true, rows: most}, {named: true, rows: most}, {named: true, rows: most, oneLine: true}}
	for n := most; n >= 0; n-- {
		details = append(details, detail{named: true, rows: n, oneLine: true})
	}
	var rows []string
	for _, d := range details {
		if rows = v.verdicts(out, d); len(rows) <= room {
			break
		}
	}
	return slices.Concat(head, rows, end)
}

// verdicts returns the verdicts in lines.
func (v Check) verdicts(out io.Writer, d detail) []string {
	t := screen.Table{Indent: 2}
	folded := map[string][]string{}
	var kinds []string
	fold := func(kind string, f *check.Finding) {
		if folded[kind] == nil {
			kinds = append(kinds, kind)
		}
		folded[kind] = append(folded[kind], Name(f.Property.Name))
	}
	rows := 0
	for _, f := range v.ordered(d) {
		class, verdict := v.class(f), v.say(f.Verdict.String())
		row := []screen.Cell{{Text: Name(f.Property.Name)}, {Text: verdict, Style: v.style(f)}, {Text: v.remark(f, d.all)}}
		switch {
		case d.all:
			t.Row(row...)
		case class == asUsual || class == open:
			fold(verdict, f)
		case class == expected && d.named:
			as := "%s as expected"
			if v.compares() {
				as = "%s as before"
			}
			fold(v.say(as, verdict), f)
		case class == expected && d.short:
			t.Short(row...)
		case class == expected:
			t.Row(row...)
		case rows >= d.rows && class == better:
			fold(v.say("%s, better", verdict), f)
		case rows >= d.rows:
			switch {
			case v.compares():
				verdict = v.say("%s, worse", verdict)
			case !v.expectsNothing():
				verdict = v.say("%s, not expected", verdict)
			}
			fold(verdict, f)
		case d.oneLine:
			rows++
			t.Short(row...)
		default:
			rows++
			t.Row(row...)
		}
	}
	lines := t.Lines(out)
	for _, kind := range kinds {
		lines = append(lines, v.foldedLines(kind, folded[kind])...)
	}
	return lines
}

// foldedLines returns lines with the names of properties that share a verdict: of what
// is usual, or unknown, only those that fit on one line.
func (v Check) foldedLines(kind string, names []string) []string {
	text := v.say("%s: %s", kind, strings.Join(names, v.say(", ")))
	usual := slices.ContainsFunc([]check.Verdict{check.Holds, check.NotApplicable, check.Vacuous, check.Reached, check.Unknown}, func(u check.Verdict) bool { return kind == v.say(u.String()) })
	if !usual {
		return strings.Split(strings.TrimSuffix(screen.Indent(text, 2, 2), "\n"), "\n")
	}
	if screen.Width(text)+2 > screen.Columns {
		text = v.say("%s: %d properties (-v lists them)", kind, len(names))
		if v.Report.Findings[0].Property.Witness {
			text = v.say("%s: %d witnesses (-v lists them)", kind, len(names))
		}
	}
	return []string{"  " + text}
}

// A class says how much a finding matters.
type class uint8

const (
	surprise class = iota // not expected, and not known of the unchanged preset
	asBefore              // not expected, but known of the unchanged preset
	better                // mended by a change
	expected              // not usual, but expected
	open                  // unknown
	asUsual
)

func (v Check) class(f *check.Finding) class {
	switch {
	case v.surprises(f) && v.Base.Preset.Expects(f.Property).Verdict == f.Verdict:
		return asBefore
	case v.surprises(f):
		return surprise
	case v.improved(f), v.silenced(f):
		return better
	case f.Verdict == check.Unknown:
		return open
	}
	switch f.Verdict {
	case check.Holds, check.NotApplicable, check.Vacuous, check.Reached:
		return asUsual
	}
	return expected
}

// ordered is the findings, those that matter most first unless all are listed.
func (v Check) ordered(d detail) (list []*check.Finding) {
	for i := range v.Report.Findings {
		list = append(list, &v.Report.Findings[i])
	}
	if !d.all {
		slices.SortStableFunc(list, func(x, y *check.Finding) int { return int(v.class(x)) - int(v.class(y)) })
	}
	return list
}

// style is how a verdict looks.
func (v Check) style(f *check.Finding) screen.Style {
	switch {
	case v.surprises(f):
		return screen.Bad
	case f.Verdict == check.Unknown:
		return screen.Open
	case f.Verdict == check.Violated, f.Verdict == check.Zeno, f.Verdict == check.Unreachable && !v.Find:
		return screen.Known
	case f.Verdict == check.Holds, f.Verdict == check.Reached:
		return screen.Good
	}
	return screen.Faint
}

// tail writes what stands below the verdicts; out is where it will be shown.
func (v Check) tail(out io.Writer, w *bytes.Buffer) {
	r := v.Report
	v.assumptions(w)
	counts := v.say("%s states, %s steps, depth %d, in %v", humanize.Comma(int64(r.Result.Distinct)),
		humanize.Comma(int64(r.Result.Generated)), r.Result.Depth, r.Time.Round(time.Millisecond))
	if r.Unlimited {
		counts = v.say("%s states that stand for those of every capacity, %s steps, in %v",
			humanize.Comma(int64(r.Result.Distinct)), humanize.Comma(int64(r.Result.Generated)), r.Time.Round(time.Millisecond))
	} else if before := v.Base.Preset.States; before > 0 && v.compares() && v.Safety && !r.Symmetry {
		counts += v.say(" (before: %s states)", humanize.Comma(int64(before)))
	}
	if r.Remembers {
		counts += v.say(", monitors included")
	}
	fmt.Fprint(w, screen.Indent("\n"+counts, 0, 2))
	if r.Symmetry {
		fmt.Fprintln(w, v.say("By symmetry: of two states that differ by exchanging a and b, one is counted."))
	}
	if r.Whole > 0 {
		fmt.Fprint(w, screen.Indent(v.say("%s compared parts of the system with each other: each state was checked as a whole, which is slow.", v.Show.Language.Count(r.Whole, "expression")), 0, 2))
	}
	switch {
	case slices.Equal(r.Result.Incomplete, []string{explore.BoundEnough}):
		fmt.Fprintln(w, v.say("Explored as far as it takes to know that no run to it is shorter."))
	case r.Result.Complete() && r.Unlimited:
		fmt.Fprint(w, screen.Indent(v.say("Complete: the verdicts are for every capacity. A run is the shortest of all capacities, if none is named."), 0, 2))
	case r.Result.Complete():
		fmt.Fprintln(w, v.say("Complete: the verdicts are for all runs of this configuration."))
	case v.Find:
		fmt.Fprintln(w, v.say("Not complete (%s).", v.Show.Language.List(r.Result.Incomplete)))
	default:
		fmt.Fprint(w, screen.Indent(v.say("Not complete (%s): what is not violated so far is unknown.", v.Show.Language.List(r.Result.Incomplete)), 0, 2))
	}
	if r.Unkept != nil {
		fmt.Fprint(w, screen.Indent(v.say("%s could not be written: %v", v.File, Lastly(r.Unkept)), 0, 2))
	} else if v.File != "" && !r.Result.Complete() {
		fmt.Fprint(w, screen.Indent(v.say("'tcpclose resume %s' goes on.", v.File), 0, 2))
	}
	if v.Safety {
		fmt.Fprintln(w, v.say("Liveness was not checked ('tcpclose check -liveness all' does)."))
	}
	if v.Finer != nil {
		v.finerText(w)
	}
	if v.Endings != nil {
		v.endingsText(w)
	}
	switch {
	case v.Uncounted:
		fmt.Fprintf(w, "\n%s\n", v.say("There was no time to count which clauses are followed."))
	case v.Coverage != nil:
		coverageText(v.Show.Language, w, v.Coverage)
	}
	for _, line := range v.idle() {
		fmt.Fprint(w, screen.Indent(line, 0, 2))
	}
	fmt.Fprintln(w, v.painted(out))
}

// painted is the conclusion in its colour.
func (v Check) painted(out io.Writer) string {
	style := screen.Good
	switch status := v.Status(); {
	case status == 1:
		style = screen.Bad
	case status != 0:
		style = screen.Open
	}
	return screen.Paint(out, style, v.conclusion())
}

// assumptions says in words what is assumed by verdicts.
func (v Check) assumptions(w io.Writer) {
	assumed := func(a *invariants.Assumption) bool {
		return slices.ContainsFunc(v.Report.Findings, func(f check.Finding) bool { return slices.Contains(f.Assumed, a) })
	}
	list := slices.DeleteFunc(slices.Clone(invariants.Assumptions), func(a *invariants.Assumption) bool { return !assumed(a) })
	if len(list) == 0 {
		return
	}
	if !v.Show.Verbose {
		title := "Assumed of runs, each where it is named: %s ('tcpclose list assumptions')."
		if !v.Named {
			title = "Assumed of runs, each where it is needed: %s ('tcpclose list assumptions')."
		}
		fmt.Fprint(w, screen.Indent("\n"+v.say(title, v.names(list)), 0, 2))
		return
	}
	fmt.Fprintf(w, "\n%s\n", v.say("Assumed of runs, each where it is named:"))
	t := screen.Table{Indent: 2}
	for _, a := range list {
		t.Row(screen.Plain(a.Name, v.say(a.Sentence))...)
	}
	t.Write(w)
}

package report

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/dustin/go-humanize"

	"tcpclose/check"
	"tcpclose/cmd/tcpclose/internal/cli"
	"tcpclose/explore"
	"tcpclose/invariants"
	"tcpclose/model"
	"tcpclose/survey"
	"tcpclose/trace"
)

// A Check is a report as it is shown, with what the preset expects of it.
type Check struct {
	Report    *check.Report
	Show      Traces
	Finer     *check.Report // nil unless asked for
	Preset    *check.Preset
	Changed   bool // the configuration, or what is assumed, is not the preset's
	Strict    bool
	Safety    bool                // only what is judged without being asked for
	Find      bool                // one expression was looked for
	File      string              // of the checkpoint, if there is one
	Endings   []survey.EndingPair // if asked for
	EndingsOf explore.Result
	Coverage  *survey.Coverage // if asked for
	Uncounted bool             // there was no time for it
}

// expectation is what the preset expects of a property. A changed preset expects
// nothing but that properties hold.
func (v Check) expectation(p *invariants.Property) check.Expectation {
	if v.Changed {
		if p.Witness {
			return check.Expectation{Property: p.Name, Verdict: check.Reached}
		}
		return check.Expectation{Property: p.Name, Verdict: check.Holds}
	}
	return v.Preset.Expects(p)
}

// surprises reports whether a finding makes the exit status 1.
func (v Check) surprises(f *check.Finding) bool {
	want := v.expectation(f.Property).Verdict
	if v.Find {
		return f.Verdict == check.Unreachable
	}
	switch f.Verdict {
	case check.Violated, check.Zeno:
		return v.Strict || want != f.Verdict
	case check.Holds:
		return want == check.Violated || want == check.Zeno
	case check.Unreachable, check.Vacuous:
		return !v.Changed && want != f.Verdict
	case check.Reached:
		return want == check.Unreachable
	}
	return false
}

// Status is the exit status.
func (v Check) Status() int {
	status := cli.OK
	for i := range v.Report.Findings {
		f := &v.Report.Findings[i]
		if v.surprises(f) {
			return cli.Violated
		}
		if f.Verdict == check.Unknown {
			status = cli.Unknown
		}
	}
	if v.Finer != nil && (!v.Finer.Result.Complete() || len(check.Turned(v.Report, v.Finer)) > 0) {
		status = cli.Unknown
	}
	return status
}

// Exhibits is the traces that there are.
func (v Check) Exhibits() (list []Exhibit) {
	for i := range v.Report.Findings {
		if f := &v.Report.Findings[i]; f.Trace != nil {
			list = append(list, ExhibitFinding(f))
		}
	}
	return list
}

// Text writes the report for a reader: traces first, so that the verdicts stand
// at the end, where a terminal shows them.
func (v Check) Text(out io.Writer) error {
	r := v.Report
	for i := range r.Findings {
		f := &r.Findings[i]
		if f.Trace == nil {
			continue
		}
		verb := "is violated"
		switch {
		case f.Property.Witness:
			verb = "is reached"
		case f.Verdict == check.Zeno:
			verb = "is violated by a Zeno run"
		}
		fmt.Fprintf(out, "%s %s in %s:\n", f.Property.Name, verb, Length(f.Trace))
		fmt.Fprintf(out, "  %s\n", f.Property.Sentence)
		if f.Assumed != nil {
			fmt.Fprintf(out, "  Assumed: %s.\n", strings.Join(AssumptionNames(f.Assumed), ", "))
		}
		fmt.Fprintln(out)
		if err := v.Show.Text(out, ExhibitFinding(f)); err != nil {
			return err
		}
		switch {
		case f.RuledOutBy != nil:
			fmt.Fprintf(out, "This run is ruled out by: %s.\n", strings.Join(AssumptionNames(f.RuledOutBy), "; or by: "))
		case f.Trace.Repeats():
			fmt.Fprintln(out, "Nothing that can be assumed rules this run out.")
		}
		fmt.Fprintln(out)
	}

	Heading(out, v.Preset, r.Config)

	var table strings.Builder
	w := tabwriter.NewWriter(&table, 0, 0, 2, ' ', 0)
	for i := range r.Findings {
		f := &r.Findings[i]
		fmt.Fprintf(w, "  %s\t%s\t%s\n", f.Property.Name, f.Verdict, v.remark(f))
	}
	w.Flush()
	for line := range strings.Lines(table.String()) {
		fmt.Fprintln(out, strings.TrimRight(line, " \n"))
	}

	v.assumptions(out)
	fmt.Fprintln(out)
	fmt.Fprintf(out, "%s states, %s steps, depth %d, in %v", humanize.Comma(int64(r.Result.Distinct)),
		humanize.Comma(int64(r.Result.Generated)), r.Result.Depth, r.Time.Round(time.Millisecond))
	if r.Remembers {
		fmt.Fprint(out, " (with what the properties remember)")
	}
	fmt.Fprintln(out)
	if r.Symmetry {
		fmt.Fprintln(out, "By symmetry: of two states that differ by exchanging a and b, one is counted.")
	}
	if r.Whole > 0 {
		fmt.Fprintf(out, "%s compared parts of the system with each other: each state was judged as a whole, which is slow.\n", Plural(r.Whole, "expression"))
	}
	switch {
	case slices.Equal(r.Result.Incomplete, []string{explore.BoundEnough}):
		fmt.Fprintln(out, "Explored as far as it takes to know that no run to it is shorter.")
	case r.Result.Complete():
		fmt.Fprintln(out, "Complete: the verdicts are for all runs of this configuration.")
	case v.Find:
		fmt.Fprintf(out, "Not complete (%s).\n", strings.Join(r.Result.Incomplete, ", "))
	default:
		fmt.Fprintf(out, "Not complete (%s): what is not violated so far is unknown.\n", strings.Join(r.Result.Incomplete, ", "))
	}
	if v.File != "" && !r.Result.Complete() {
		fmt.Fprintf(out, "'tcpclose resume %s' goes on.\n", v.File)
	}
	if v.Safety {
		fmt.Fprintln(out, "Not judged: whether what should come about does ('tcpclose check -liveness all').")
	}
	if v.Finer != nil {
		v.finerText(out)
	}
	if v.Endings != nil {
		v.endingsText(out)
	}
	switch {
	case v.Uncounted:
		fmt.Fprintln(out, "\nThere was no time to count which clauses are followed.")
	case v.Coverage != nil:
		coverageText(out, v.Coverage)
	}
	fmt.Fprintln(out, v.conclusion())
	return nil
}

// endingsText says what the applications can be told in the end.
func (v Check) endingsText(out io.Writer) {
	fmt.Fprintln(out, "\nHow it can end for the two applications, and in how many events at the least:")
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, e := range v.Endings {
		fmt.Fprintf(w, "  a: %s\tb: %s\t%s\n", e.Of[model.A], e.Of[model.B], Plural(e.Steps, "event"))
	}
	w.Flush()
	if !v.EndingsOf.Complete() {
		fmt.Fprintf(out, "  not complete (%s): there may be more\n", strings.Join(v.EndingsOf.Incomplete, ", "))
	}
	fmt.Fprintln(out)
}

// Length is how long a trace is.
func Length(t *trace.Trace) string {
	switch {
	case t.Repeats():
		return fmt.Sprintf("%s, the last %d for ever", Plural(len(t.Events), "event"), len(t.Events)-t.Loop)
	case t.Rests():
		return Plural(len(t.Events), "event") + ", and then rests"
	}
	return Plural(len(t.Events), "event")
}

// assumptions says in words what is assumed by verdicts.
func (v Check) assumptions(out io.Writer) {
	assumed := func(a *invariants.Assumption) bool {
		return slices.ContainsFunc(v.Report.Findings, func(f check.Finding) bool { return slices.Contains(f.Assumed, a) })
	}
	list := slices.DeleteFunc(slices.Clone(invariants.Assumptions), func(a *invariants.Assumption) bool { return !assumed(a) })
	if len(list) == 0 {
		return
	}
	fmt.Fprintln(out, "\nAssumed of runs, each where it is named:")
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, a := range list {
		fmt.Fprintf(w, "  %s\t%s\n", a.Name, a.Sentence)
	}
	w.Flush()
}

// finerText says what a finer tick changes.
func (v Check) finerText(out io.Writer) {
	fmt.Fprintf(out, "\nWith finer ticks (%s), %s states:\n", strings.Join(v.Finer.Config.Against(v.Report.Config), " "),
		humanize.Comma(int64(v.Finer.Result.Distinct)))
	turned := check.Turned(v.Report, v.Finer)
	for _, i := range turned {
		f := &v.Report.Findings[i]
		fmt.Fprintf(out, "  %s turns from %s to %s: the first verdict is an artefact of the scale\n",
			f.Property.Name, f.Verdict, v.Finer.Findings[i].Verdict)
	}
	if !v.Finer.Result.Complete() {
		fmt.Fprintf(out, "  not complete (%s): what did not turn so far is unknown\n", strings.Join(v.Finer.Result.Incomplete, ", "))
	} else if len(turned) == 0 {
		fmt.Fprintln(out, "  no verdict turns")
	}
	fmt.Fprintln(out)
}

// remark is what is said about a finding beside its verdict.
func (v Check) remark(f *check.Finding) string {
	e := v.expectation(f.Property)
	var words []string
	switch f.Verdict {
	case check.Violated, check.Zeno, check.Reached:
		words = append(words, "in "+Plural(f.Steps, "event"))
	}
	if f.Assumed != nil {
		words = append(words, "assuming "+strings.Join(AssumptionNames(f.Assumed), ", "))
	}
	if f.Dropped != nil {
		words = append(words, "not assuming "+strings.Join(AssumptionNames(f.Dropped), ", "))
	}
	switch {
	case f.Verdict == check.Unknown:
		words = append(words, "not everything was explored: "+f.Reason)
	case f.Reason != "":
		words = append(words, f.Reason)
	}
	switch {
	case v.Find:
	case v.surprises(f) && e.Verdict == f.Verdict:
		words = append(words, "counted because of -strict")
	case v.surprises(f):
		words = append(words, fmt.Sprintf("NOT EXPECTED (want: %s)", e.Verdict))
	case e.Verdict == f.Verdict && e.Why != "" && e.Why != f.Reason:
		words = append(words, "as expected: "+e.Why)
	}
	return strings.Join(words, "; ")
}

// conclusion is the verdicts in a sentence.
func (v Check) conclusion() string {
	if v.Find {
		return map[check.Verdict]string{
			check.Reached:     "Found.",
			check.Unreachable: "There is no such run.",
			check.Unknown:     "None was found so far: unknown.",
		}[v.Report.Findings[0].Verdict]
	}
	surprises, unknown, violated := 0, 0, 0
	for i := range v.Report.Findings {
		f := &v.Report.Findings[i]
		if v.surprises(f) {
			surprises++
		}
		switch f.Verdict {
		case check.Unknown:
			unknown++
		case check.Violated, check.Zeno:
			violated++
		}
	}
	switch {
	case surprises > 0:
		return fmt.Sprintf("Not as expected: %d of %d verdicts.", surprises, len(v.Report.Findings))
	case v.Finer != nil && len(check.Turned(v.Report, v.Finer)) > 0:
		return "Verdicts that turn with the tick are artefacts of the scale: they are unknown."
	case unknown > 0:
		return fmt.Sprintf("Unknown: %d of %d verdicts.", unknown, len(v.Report.Findings))
	case violated > 0:
		return fmt.Sprintf("All verdicts are as expected, violations included (%d).", violated)
	}
	return "All verdicts are as expected."
}

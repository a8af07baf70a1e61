package report

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/dustin/go-humanize"

	"tcpclose/check"
	"tcpclose/cmd/tcpclose/internal/base"
	"tcpclose/cmd/tcpclose/internal/cli"
	"tcpclose/cmd/tcpclose/internal/screen"
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
	Base      *base.Base
	Changed   bool // the configuration, or what is assumed, is not that of the preset or profile
	Named     bool // the properties were named, one by one
	Strict    bool
	Safety    bool                // only what is checked by default
	Find      bool                // one expression was looked for
	File      string              // of the checkpoint, if there is one
	Endings   []survey.EndingPair // if asked for
	EndingsOf explore.Result
	Coverage  *survey.Coverage // if asked for
	Uncounted bool             // there was no time for it
}

// expectation returns what the preset expects of a property. A changed preset expects
// nothing but that properties hold.
func (v Check) expectation(p *invariants.Property) check.Expectation {
	if v.Changed {
		if p.Witness {
			return check.Expectation{Property: p.Name, Verdict: check.Reached}
		}
		return check.Expectation{Property: p.Name, Verdict: check.Holds}
	}
	return v.Base.Preset.Expects(p)
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
		return !v.Changed && !v.Base.IsProfile() && want != f.Verdict
	case check.Reached:
		return want == check.Unreachable
	}
	return false
}

// expectsNothing reports whether nobody knows what to expect: of two stacks together, or
// of one that was changed. That properties are violated is then a fact, and no surprise.
func (v Check) expectsNothing() bool {
	return v.Base.IsProfile() && (v.Changed || !v.Base.IsKnown())
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

// Text writes the report for a reader: traces first, so that the verdicts are
// at the end, where a terminal shows them.
func (v Check) Text(out io.Writer) error {
	if v.Show.Quiet {
		fmt.Fprintln(out, v.painted(out))
		return nil
	}
	for i := range v.Report.Findings {
		if f := &v.Report.Findings[i]; f.Trace != nil {
			if err := v.run(out, f); err != nil {
				return err
			}
		}
	}
	for _, line := range v.screen(out) {
		fmt.Fprintln(out, line)
	}
	return nil
}

// run writes the run that a finding has.
func (v Check) run(out io.Writer, f *check.Finding) error {
	verb := "is violated"
	switch {
	case f.Property.Witness:
		verb = "is reached"
	case f.Verdict == check.Zeno:
		verb = "is violated by a Zeno run"
	}
	fmt.Fprint(out, screen.Indent(fmt.Sprintf("%s %s in %s:", Name(f.Property.Name), verb, Length(f.Trace)), 0, 2))
	fmt.Fprint(out, screen.Indent(f.Property.Sentence, 2, 0))
	if f.Assumed != nil {
		fmt.Fprint(out, screen.Indent("Assumed: "+strings.Join(AssumptionNames(f.Assumed), ", ")+".", 2, 2))
	}
	fmt.Fprintln(out)
	if err := v.Show.Text(out, ExhibitFinding(f)); err != nil {
		return err
	}
	switch {
	case f.RuledOutBy != nil:
		fmt.Fprint(out, screen.Indent("This run is ruled out by: "+strings.Join(AssumptionNames(f.RuledOutBy), "; or by: ")+".", 0, 2))
	case f.Trace.Repeats():
		fmt.Fprintln(out, "Nothing that can be assumed rules this run out.")
	}
	fmt.Fprintln(out)
	return nil
}

// Name returns the name of a property, of an expression its beginning if it is too long
// to be repeated.
func Name(name string) string { return screen.Elide(name, 150) }

// endingsText says what the applications can be told in the end.
func (v Check) endingsText(out io.Writer) {
	fmt.Fprintln(out, "\nHow it can end for the two applications, and in how many events at least:")
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

// Length tells the length of a trace.
func Length(t *trace.Trace) string {
	switch {
	case t.Repeats():
		return fmt.Sprintf("%s, the last %d forever", Plural(len(t.Events), "event"), len(t.Events)-t.Loop)
	case t.Rests():
		return Plural(len(t.Events), "event") + ", and then rests"
	}
	return Plural(len(t.Events), "event")
}

// finerText says what a finer tick changes.
func (v Check) finerText(out io.Writer) {
	finer := strings.Join(v.Finer.Config.Against(v.Report.Config), " ")
	fmt.Fprint(out, screen.Indent(fmt.Sprintf("\nWith finer ticks (%s), %s states:", finer, humanize.Comma(int64(v.Finer.Result.Distinct))), 0, 0))
	turned := check.Turned(v.Report, v.Finer)
	for _, i := range turned {
		f := &v.Report.Findings[i]
		fmt.Fprint(out, screen.Indent(fmt.Sprintf("%s turns from %s to %s: the first verdict is an artefact of the scale",
			Name(f.Property.Name), f.Verdict, v.Finer.Findings[i].Verdict), 2, 2))
	}
	if !v.Finer.Result.Complete() {
		fmt.Fprintf(out, "  not complete (%s): what did not turn so far is unknown\n", strings.Join(v.Finer.Result.Incomplete, ", "))
	} else if len(turned) == 0 {
		fmt.Fprintln(out, "  no verdict turns")
	}
	fmt.Fprintln(out)
}

// remark returns what follows a verdict in its row; with assumed it names the
// assumptions, too.
func (v Check) remark(f *check.Finding, assumed bool) string {
	e := v.expectation(f.Property)
	var words []string
	switch f.Verdict {
	case check.Violated, check.Zeno, check.Reached:
		words = append(words, "in "+Plural(f.Steps, "event"))
	}
	if f.Assumed != nil && assumed {
		words = append(words, "assuming "+strings.Join(AssumptionNames(f.Assumed), ", "))
	}
	if f.Dropped != nil && assumed {
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
	case v.surprises(f) && v.expectsNothing():
	case v.surprises(f):
		words = append(words, fmt.Sprintf("NOT EXPECTED (want: %s)", e.Verdict))
		if v.Changed && v.class(f) == surprise {
			words = append(words, "new")
		}
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
	case surprises > 0 && v.expectsNothing():
		return fmt.Sprintf("Violated: %d of %d properties.", surprises, len(v.Report.Findings))
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

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
	"tcpclose/internal/lang"
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
	// ChangedFields is in the order of Report.Same.
	ChangedFields []Changed
}

// compares reports whether the report says what a change has changed: there is one, and
// the verdicts without it are known.
func (v Check) compares() bool { return v.Changed && v.Base.IsKnown() && !v.Find }

// expectation returns what the preset expects of a property, changed or not. Of two stacks
// together nothing is expected but that properties hold.
func (v Check) expectation(p *invariants.Property) check.Expectation {
	if v.Changed && !v.compares() {
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
		return !v.Changed && (want == check.Violated || want == check.Zeno)
	case check.Unreachable, check.Vacuous:
		return !v.Changed && !v.Base.IsProfile() && want != f.Verdict
	case check.Reached:
		return !v.Changed && want == check.Unreachable
	}
	return false
}

// improved reports whether a change has mended a property.
func (v Check) improved(f *check.Finding) bool {
	return v.compares() && broken(v.expectation(f.Property).Verdict) && f.Verdict == check.Holds
}

// silenced reports whether a change has taken from a property that was violated every
// occasion.
func (v Check) silenced(f *check.Finding) bool {
	return v.compares() && broken(v.expectation(f.Property).Verdict) && (f.Verdict == check.Vacuous || f.Verdict == check.NotApplicable)
}

// worse reports whether a change has broken a property.
func (v Check) worse(f *check.Finding) bool {
	return v.compares() && broken(f.Verdict) && !broken(v.expectation(f.Property).Verdict)
}

func broken(v check.Verdict) bool { return v == check.Violated || v == check.Zeno }

// expectsNothing reports whether nobody knows what to expect: of two stacks together.
// That properties are violated is then a fact, and no surprise.
func (v Check) expectsNothing() bool { return !v.Base.IsKnown() }

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
	v.Verdicts(out)
	return nil
}

// Verdicts writes what stands below the traces.
func (v Check) Verdicts(out io.Writer) {
	for _, line := range v.screen(out) {
		fmt.Fprintln(out, line)
	}
}

// run writes the run that a finding has.
func (v Check) run(out io.Writer, f *check.Finding) error {
	what := "%s is violated in %s:"
	switch {
	case f.Property.Witness:
		what = "%s is reached in %s:"
	case f.Verdict == check.Zeno:
		what = "%s is violated by a Zeno run in %s:"
	}
	fmt.Fprint(out, screen.Indent(v.say(what, Name(f.Property.Name), Length(v.Show.Language, f.Trace)), 0, 2))
	fmt.Fprint(out, screen.Indent(v.say(f.Property.Sentence), 2, 0))
	if f.Assumed != nil {
		fmt.Fprint(out, screen.Indent(v.say("Assumed: %s.", v.names(f.Assumed)), 2, 2))
	}
	if f.Property.Alike != nil {
		fmt.Fprint(out, screen.Indent(v.say("This run is possible %s.", v.say(f.Reason)), 2, 2))
	}
	if v.Report.Unlimited {
		at := "The network has room for %d segments in each direction; no capacity has a shorter run."
		if f.Capacity > 0 {
			at = "The network has room for %d segments in each direction, and no shorter run."
		}
		fmt.Fprint(out, screen.Indent(v.say(at, f.Trace.Config.Capacity), 2, 2))
	}
	fmt.Fprintln(out)
	if err := v.Show.Text(out, ExhibitFinding(f)); err != nil {
		return err
	}
	switch {
	case f.RuledOutBy != nil:
		fmt.Fprint(out, screen.Indent(v.say("This run is ruled out by: %s.", strings.Join(AssumptionNames(f.RuledOutBy), v.say("; or by: "))), 0, 2))
	case f.Trace.Repeats():
		fmt.Fprintln(out, v.say("Nothing that can be assumed rules this run out."))
	}
	fmt.Fprintln(out)
	return nil
}

// say returns a message in the language of the report.
func (v Check) say(english string, args ...any) string { return v.Show.Language.Say(english, args...) }

// names returns the names of assumptions in a row.
func (v Check) names(list []*invariants.Assumption) string {
	return v.Show.Language.List(AssumptionNames(list))
}

// Name returns the name of a property, of an expression its beginning if it is too long
// to be repeated.
func Name(name string) string { return screen.Elide(name, 150) }

// endingsText says what the applications can be told in the end.
func (v Check) endingsText(out io.Writer) {
	fmt.Fprintf(out, "\n%s\n", v.say("How it can end for the two applications, and in how many events at least:"))
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, e := range v.Endings {
		fmt.Fprintf(w, "  a: %s\tb: %s\t%s\n", v.ending(e, model.A), v.ending(e, model.B), v.Show.Language.Count(e.Steps, "event"))
	}
	w.Flush()
	if !v.EndingsOf.Complete() {
		fmt.Fprintf(out, "  %s\n", v.say("not complete (%s): there may be more", v.Show.Language.List(v.EndingsOf.Incomplete)))
	}
	fmt.Fprintln(out)
}

// ending returns how it ends for one side's user.
func (v Check) ending(e survey.EndingPair, side model.Side) string {
	is := v.say(e.Of[side].String())
	if e.Nobody[side] && e.Of[side] != invariants.Normal {
		is += v.say(", told to nobody")
	}
	return is
}

// Length tells the length of a trace.
func Length(l lang.Language, t *trace.Trace) string {
	events := l.Count(len(t.Events), "event")
	switch {
	case t.Repeats():
		return l.Say("%s, the last %d forever", events, len(t.Events)-t.Loop)
	case t.Rests():
		return l.Say("%s, and then rests", events)
	}
	return events
}

// finerText says what a finer tick changes.
func (v Check) finerText(out io.Writer) {
	finer := strings.Join(v.Finer.Config.Against(v.Report.Config), " ")
	fmt.Fprint(out, screen.Indent("\n"+v.say("With finer ticks (%s), %s states:", finer, humanize.Comma(int64(v.Finer.Result.Distinct))), 0, 0))
	turned := check.Turned(v.Report, v.Finer)
	for _, i := range turned {
		f := &v.Report.Findings[i]
		fmt.Fprint(out, screen.Indent(v.say("%s turns from %s to %s: the first verdict is an artefact of the scale",
			Name(f.Property.Name), v.say(f.Verdict.String()), v.say(v.Finer.Findings[i].Verdict.String())), 2, 2))
	}
	if !v.Finer.Result.Complete() {
		fmt.Fprintf(out, "  %s\n", v.say("not complete (%s): what did not turn so far is unknown", v.Show.Language.List(v.Finer.Result.Incomplete)))
	} else if len(turned) == 0 {
		fmt.Fprintf(out, "  %s\n", v.say("no verdict turns"))
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
		switch events := v.Show.Language.Count(f.Steps, "event"); {
		case f.Capacity > 0:
			words = append(words, v.say("in %s at capacity %d", events, f.Capacity))
		case f.Steps > 0 || f.Reason == "":
			words = append(words, v.say("in %s", events))
		}
	}
	if f.Assumed != nil && assumed {
		words = append(words, v.say("assuming %s", v.names(f.Assumed)))
	}
	if f.Dropped != nil && assumed {
		words = append(words, v.say("not assuming %s", v.names(f.Dropped)))
	}
	switch {
	case f.Verdict == check.Unknown:
		words = append(words, v.say("not everything was explored: %s", v.Show.Language.Foreign(f.Reason)))
	case f.Reason != "":
		words = append(words, v.Show.Language.Foreign(f.Reason))
	case f.Verdict == check.Vacuous && f.Property.Source == "asked" && ofSteps(f.Property):
		words = append(words, v.say("of a step, what is not the step's is of the state after it"))
	}
	switch {
	case v.Find:
	case v.surprises(f) && e.Verdict == f.Verdict:
		words = append(words, v.say("counted because of -strict"))
	case v.surprises(f) && v.expectsNothing():
	case v.worse(f):
		words = append(words, v.say("WORSE (before: %s)", v.say(e.Verdict.String())))
	case v.improved(f):
		words = append(words, v.say("better (before: %s)", v.say(e.Verdict.String())))
	case v.silenced(f):
		words = append(words, v.say("has no occasion (before: %s)", v.say(e.Verdict.String())))
	case v.surprises(f):
		words = append(words, v.say("NOT EXPECTED (want: %s)", v.say(e.Verdict.String())))
	case v.compares() && e.Verdict == f.Verdict && e.Why != "" && e.Why != f.Reason:
		words = append(words, v.say("as before: %s", v.say(e.Why)))
	case e.Verdict == f.Verdict && e.Why != "" && e.Why != f.Reason:
		words = append(words, v.say("as expected: %s", v.say(e.Why)))
	}
	return strings.Join(words, v.say("; "))
}

// changes says in a sentence what a change has changed.
func (v Check) changes() string {
	worse, better, silenced, unknown := 0, 0, 0, 0
	for i := range v.Report.Findings {
		f := &v.Report.Findings[i]
		switch {
		case v.worse(f):
			worse++
		case v.improved(f):
			better++
		case v.silenced(f):
			silenced++
		case f.Verdict == check.Unknown:
			unknown++
		}
	}
	words := []string{v.say("%d worse", worse), v.say("%d better", better)}
	if silenced > 0 {
		words = append(words, v.say("%d without occasion", silenced))
	}
	if unknown > 0 {
		words = append(words, v.say("%d unknown", unknown))
	}
	words = append(words, v.say("%d as before", len(v.Report.Findings)-worse-better-silenced-unknown))
	return v.say("The change: %s.", strings.Join(words, v.say(", ")))
}

// conclusion is the verdicts in a sentence.
func (v Check) conclusion() string {
	if v.Find {
		return v.say(map[check.Verdict]string{
			check.Reached:     "Found.",
			check.Unreachable: "There is no such run.",
			check.Unknown:     "None was found so far: unknown.",
		}[v.Report.Findings[0].Verdict])
	}
	surprises, unknown, violated, vacuous := 0, 0, 0, 0
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
		case check.Vacuous:
			if f.Property.Liveness != nil {
				vacuous++
			}
		}
	}
	switch {
	case surprises > 0 && v.expectsNothing():
		return v.say("Violated: %d of %d properties.", surprises, len(v.Report.Findings))
	case surprises > 0 && (v.Strict || !v.compares()):
		return v.say("Not as expected: %d of %d verdicts.", surprises, len(v.Report.Findings))
	case v.Finer != nil && len(check.Turned(v.Report, v.Finer)) > 0:
		return v.say("Verdicts that turn with the tick are artefacts of the scale: they are unknown.")
	case vacuous > 0 && vacuous == len(v.Report.Findings):
		return v.say("All verdicts are vacuous: nothing that they are about ever happens.")
	case v.compares():
		return v.changes()
	case unknown > 0:
		return v.say("Unknown: %d of %d verdicts.", unknown, len(v.Report.Findings))
	case violated > 0:
		return v.say("All verdicts are as expected, violations included (%d).", violated)
	}
	return v.say("All verdicts are as expected.")
}

// ofSteps reports whether what is asked of whole runs begins with a step.
func ofSteps(p *invariants.Property) bool {
	return p.Liveness != nil && p.Liveness.Occasion != nil && p.Liveness.Occasion.Kind == explore.Steps
}

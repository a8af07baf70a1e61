package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"tcpclose/check"
	"tcpclose/cmd/tcpclose/internal/cli"
	"tcpclose/cmd/tcpclose/internal/report"
	"tcpclose/cmd/tcpclose/internal/screen"
	"tcpclose/cmd/tcpclose/internal/target"
	"tcpclose/internal/lang"
	"tcpclose/model"
)

const faultsText = `Seeds mistakes that real stacks have made, each in a configuration of its own,
and says which properties catch it: those that are violated with it and not
without it. A named fault is shown with its shortest trace; without a name, all
are checked.

Exit status: 0 when every fault is caught; 1 when one survives; 2 for a wrong
command line; 3 when not everything was explored.
`

var faultsCommand = &cli.Command{
	Name: "faults", Args: "[FAULT ...] [FLAGS]", Kind: kindShow,
	Summary: "which properties catch the mistakes that real stacks have made",
	Text:    faultsText, Words: faultNames,
	Set: func() *cli.Set { return faultsSet(new(report.Traces), new(target.Ends), new(bool)) },
	Run: runFaults,
}

// faultsSet returns the flags of faults.
func faultsSet(show *report.Traces, of *target.Ends, asJSON *bool) *cli.Set {
	set := cli.NewSet("faults")
	of.AddDecisions(set)
	show.Add(set)
	set.Switch(cli.Flag{Name: "json", Group: cli.Output, Means: "write the report as JSON"}, asJSON)
	return set
}

func runFaults(ctx context.Context, args []string, out, errs io.Writer) (int, error) {
	var show report.Traces
	var of target.Ends
	asJSON := false
	names, err := faultsSet(&show, &of, &asJSON).Parse(args)
	if err != nil {
		return 0, err
	}
	if err := show.Together(asJSON); err != nil {
		return 0, err
	}
	cases := check.FaultCases
	if len(names) > 0 {
		cases = nil
		for i, name := range names {
			f, err := model.FindFault(name)
			c, ok := check.FindFaultCase(f)
			if err != nil || !ok {
				return 0, cli.WantName(name, "a fault", "tcpclose list faults", faultNames()).Of("argument", name)
			}
			if slices.Contains(names[:i], name) {
				return 0, cli.Argument(name, "it once")
			}
			cases = append(cases, c)
		}
	}
	if cases, err = decided(cases, of.Decisions()); err != nil {
		return 0, err
	}
	progress := screen.NewProgress(errs, show.Language, "checking %s", show.Language.Count(len(cases), "fault"))
	defer progress.End()
	reports, err := check.JudgeFaults(ctx, cases, check.Options{})
	progress.End()
	if err != nil {
		return ours(err)
	}
	m := matrix{reports, len(names) > 0, show, true}
	if asJSON {
		return m.status(), writeJSON(out, m.json())
	}
	var list []report.Exhibit
	for _, r := range reports {
		if c := r.Shortest(); c != nil && m.named {
			s := report.ExhibitFinding(c.Finding)
			s.About.Property = r.Case.Fault.String() + "-" + s.About.Property
			list = append(list, s)
		}
	}
	if err := show.Apart(out, list); err != nil {
		m.traces = false
		return 0, errors.Join(m.text(out), err)
	}
	if show.Alone() {
		return m.status(), nil
	}
	return m.status(), m.text(out)
}

// decided returns the cases with decisions, as words of a configuration.
func decided(cases []check.FaultCase, words []string) ([]check.FaultCase, error) {
	list := slices.Clone(cases)
	for i := range list {
		for _, word := range words {
			name, value, _ := strings.Cut(word, "=")
			f, err := model.FindField(name)
			if err != nil {
				return nil, err
			}
			if err := f.Set(&list[i].Config, value); err != nil {
				return nil, err
			}
		}
	}
	return list, nil
}

func faultNames() (names []string) {
	for _, c := range check.FaultCases {
		names = append(names, c.Fault.String())
	}
	return names
}

// A matrix is which properties catch which faults.
type matrix struct {
	reports []*check.FaultReport
	named   bool // these were asked for, and others not
	show    report.Traces
	traces  bool
}

// status is the exit status.
func (m matrix) status() int {
	status := cli.OK
	for _, r := range m.reports {
		if r.Survives() {
			return cli.Violated
		}
		if !r.Complete() {
			status = cli.Unknown
		}
	}
	return status
}

// text writes the matrix for a reader.
func (m matrix) text(out io.Writer) error {
	l, caught, complete := m.show.Language, 0, true
	one := len(m.reports) == 1
	for _, r := range m.reports {
		info := r.Case.Fault.Info()
		fmt.Fprint(out, screen.Indent(l.Say("%s: %s", info.Name, l.Say(info.Sentence)), 0, 4))
		fmt.Fprint(out, screen.Indent(l.Say("%s: %s", info.Stack, l.Cite(info.Reference)), 4, 4))
		fmt.Fprint(out, screen.Command(4, append([]string{"tcpclose check"}, flagsOf(r.Case.Config)...)...))
		fmt.Fprint(out, screen.Indent(m.verdict(r), 4, 4))
		if c := r.Shortest(); c != nil {
			caught++
			if m.named && m.traces {
				fmt.Fprintf(out, "\n%s\n%s\n", l.Say("%s is violated:", c.Finding.Property.Name), screen.Indent(l.Say(c.Finding.Property.Sentence), 2, 0))
				if err := m.show.Text(out, report.ExhibitFinding(c.Finding)); err != nil {
					return err
				}
				if !one || !r.Complete() {
					fmt.Fprintln(out)
				}
			}
		}
		complete = complete && r.Complete()
	}
	if !m.named {
		fmt.Fprintf(out, "\n%s\n", l.Say("What each property catches:"))
		for _, row := range check.FaultRows(m.reports) {
			fmt.Fprint(out, screen.Indent(rowText(l, row), 2, 4))
		}
		fmt.Fprintln(out)
	}
	if !complete {
		fmt.Fprintln(out, l.Say("Not complete: what is not caught so far is unknown."))
	}
	if !one {
		fmt.Fprintln(out, l.Say("%d of %s caught.", caught, l.Count(len(m.reports), "fault")))
	}
	return nil
}

// verdict returns the outcome for a fault, in a line.
func (m matrix) verdict(r *check.FaultReport) string {
	l := m.show.Language
	if len(r.Catches) == 0 {
		if !r.Complete() {
			return l.Say("UNKNOWN: not everything was explored")
		}
		return l.Say("SURVIVES")
	}
	var words []string
	for _, c := range r.Catches {
		words = append(words, fmt.Sprintf("%s %d", c.Finding.Property.Name, c.Events))
	}
	text := l.Say("caught in %s: %s", l.Count(r.Least(), "event"), strings.Join(words, l.Say(", ")))
	if !m.named && check.CaughtAlone(m.reports, r) {
		text += l.Say(" (a property that catches nothing else)")
	}
	return text
}

// rowText is a property's row in a line.
func rowText(l lang.Language, row check.FaultRow) string {
	if len(row.Catches) == 0 {
		return l.Say("%s: %s", row.Property.Name, l.Say("nothing"))
	}
	var names []string
	for _, f := range row.Catches {
		names = append(names, f.String())
	}
	text := l.Say("%s: %s", row.Property.Name, strings.Join(names, l.Say(", ")))
	if len(row.Within) > 0 {
		text += within(l, row.Within)
	}
	return text
}

// within says that these properties catch all of them.
func within(l lang.Language, names []string) string {
	n := len(names) - 1
	if n == 0 {
		return l.Say(" (all of which %s catches too)", names[0])
	}
	return l.Say(" (all of which %s and %s catch too)", strings.Join(names[:n], l.Say(", ")), names[n])
}

// flagsOf returns what makes c of the default, as a shell reads it.
func flagsOf(c model.Config) (flags []string) {
	for _, word := range c.Against(model.Default()) {
		flag := "-" + word
		if strings.ContainsAny(word, "<>") {
			flag = "'" + flag + "'"
		}
		flags = append(flags, flag)
	}
	return flags
}

// The JSON form. Fields are added, not renamed.
type jsonMatrix struct {
	Faults     []jsonFault    `json:"faults"`
	Properties []jsonFaultRow `json:"properties"`
	Status     int            `json:"status"`
}

type jsonFault struct {
	Name      string             `json:"name"`
	Stack     string             `json:"stack"`
	Reference string             `json:"reference"`
	Sentence  string             `json:"sentence"`
	Chooses   string             `json:"chooses,omitempty"` // the choice of a decision that it is
	Flags     []string           `json:"flags"`             // of check
	Survives  bool               `json:"survives"`
	Complete  bool               `json:"complete"`
	Alone     bool               `json:"alone"` // caught by one property, which catches nothing else
	Least     int                `json:"least"` // events, ticks not counted
	Catches   []jsonCatch        `json:"catches"`
	Events    []report.JSONEvent `json:"events,omitempty"` // of the shortest trace, if it was named
}

type jsonCatch struct {
	Property string `json:"property"`
	Events   int    `json:"events"`
}

type jsonFaultRow struct {
	Name    string   `json:"name"`
	Catches []string `json:"catches"`
	Within  []string `json:"within"` // properties that catch all of these, too
}

func (m matrix) json() jsonMatrix {
	j := jsonMatrix{Faults: []jsonFault{}, Properties: []jsonFaultRow{}, Status: m.status()}
	for _, r := range m.reports {
		info := r.Case.Fault.Info()
		f := jsonFault{
			Name: info.Name, Stack: info.Stack, Reference: info.Reference, Sentence: info.Sentence, Chooses: info.Chooses(),
			Flags: []string{}, Survives: r.Survives(), Complete: r.Complete(), Alone: !m.named && check.CaughtAlone(m.reports, r),
			Least: r.Least(), Catches: []jsonCatch{},
		}
		for _, word := range r.Case.Config.Against(model.Default()) {
			f.Flags = append(f.Flags, "-"+word)
		}
		for _, c := range r.Catches {
			f.Catches = append(f.Catches, jsonCatch{c.Finding.Property.Name, c.Events})
		}
		if c := r.Shortest(); c != nil && m.named {
			f.Events = report.JSONEvents(c.Finding.Trace)
		}
		j.Faults = append(j.Faults, f)
	}
	if !m.named {
		for _, row := range check.FaultRows(m.reports) {
			r := jsonFaultRow{row.Property.Name, []string{}, append([]string{}, row.Within...)}
			for _, f := range row.Catches {
				r.Catches = append(r.Catches, f.String())
			}
			j.Properties = append(j.Properties, r)
		}
	}
	return j
}

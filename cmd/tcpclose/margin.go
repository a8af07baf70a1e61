package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/dustin/go-humanize"

	"tcpclose/check"
	"tcpclose/cmd/tcpclose/internal/base"
	"tcpclose/cmd/tcpclose/internal/cli"
	"tcpclose/cmd/tcpclose/internal/report"
	"tcpclose/cmd/tcpclose/internal/screen"
	"tcpclose/internal/lang"
	"tcpclose/invariants"
	"tcpclose/model"
	"tcpclose/survey"
	"tcpclose/trace"
)

const marginText = `Finds for each property the fewest faults of the network that violate it: the
fewest losses, duplications and overtakings together, and the fewest of each
kind when the others are free. It compares all runs; the trace is one of the
cheapest. Where the network is unlimited, its faults are counted, not limited.

With -time it finds the shortest and the longest time that something takes. It
assumes only that time goes on, and nothing about the users and the network.

With -timers it finds how long each timer of a box between the ends has to be,
so that the two applications are told what they are told without it.

    tcpclose margin no-data -properties no-reset,rest
    tcpclose margin no-data -time 'a: TIME-WAIT -> CLOSED' -within 2msl
    tcpclose margin linux -time 'a: LAST-ACK -> CLOSED'
    tcpclose margin rfc -box cilium -timers -loss 4

Exit status: 0 when every margin is known; 1 when -within is violated; 2 for a
wrong command line; 3 when not everything was explored.
`

var marginCommand = &cli.Command{
	Name: "margin", Args: "[PRESET | PROFILE] [FLAGS]", Kind: kindAsk,
	Summary: "the fewest faults that violate a property; how long something takes",
	Text:    marginText, Words: base.Names,
	Set: func() *cli.Set { return new(marginFlags).set() },
	Run: runMargin,
}

// marginFlags contains the flags of margin, as given.
type marginFlags struct {
	checkFlags
	interval *survey.Interval
	within   *model.Span
	timers   bool
}

// set returns the flags of margin.
func (f *marginFlags) set() *cli.Set {
	set := cli.NewSet("margin")
	f.Target.Add(set)
	set.Names(cli.Flag{
		Name: "properties", Group: cli.Question, Values: "NAMES", Means: "only of these, separated by commas",
		Words: func() []string { return propertyNames(invariants.Properties) },
	}, &f.properties)
	set.Add(cli.Flag{
		Name: "time", Group: cli.Question, Values: "'P -> Q'", Means: "find instead the time from P to Q",
		More: "From where P becomes true to where Q is, for the first time after that; or between two states, as in 'a: TIME-WAIT -> CLOSED'. 'tcpclose list terms' lists the terms of P and Q.",
		Set: func(text string) (err error) {
			if f.interval, err = survey.ParseInterval(text); err != nil {
				return asked(err, text)
			}
			return nil
		},
	})
	set.Add(cli.Flag{
		Name: "within", Group: cli.Question, Values: "TIME", Means: "with -time: does it take at most so many ticks, or 2msl?",
		Set: func(text string) error {
			s, err := model.ParseSpan(text)
			if err != nil {
				return cli.Want("ticks, or MSLs as in 2msl, or both as in 1msl+2")
			}
			f.within = &s
			return nil
		},
	})
	set.Switch(cli.Flag{
		Name: "timers", Group: cli.Question, Means: "find instead how long each timer of the box has to be",
		More: "At least, and alone, so that box-told holds: the two applications are told what they are told without the box. What is longer than box-counted does not run out, and is not tried.",
	}, &f.timers)
	f.Limits.Add(set)
	f.output(set)
	return set
}

func runMargin(ctx context.Context, args []string, out, errs io.Writer) (int, error) {
	f := &marginFlags{}
	words, err := f.set().Parse(args)
	if err != nil {
		return 0, err
	}
	if err := f.Bare(words); err != nil {
		return 0, err
	}
	switch {
	case f.within != nil && f.interval == nil:
		return 0, &cli.Mistake{Thing: "flag -within", Want: "want -time with it"}
	case f.interval != nil && f.properties != nil:
		return 0, &cli.Mistake{Thing: "flags -properties and -time", Want: "want one of them"}
	case f.timers && (f.interval != nil || f.properties != nil):
		return 0, &cli.Mistake{Thing: "flag -timers", Want: "want it without -time and -properties"}
	}
	if err := f.show.Together(f.json); err != nil {
		return 0, err
	}
	from, config, err := f.Config()
	if err != nil {
		return 0, err
	}
	if f.interval != nil {
		return f.timing(ctx, from, config, out, errs)
	}
	if f.timers {
		return f.boxTimers(ctx, from, config, out, errs)
	}
	properties, err := f.checkFlags.asked()
	if err != nil {
		return 0, err
	}
	ctx, o, progress, end := f.Begin(ctx, errs, f.show.Language, "looking for the cheapest runs of %s", from.TitleIn(f.show.Language))
	defer end()
	r, err := survey.Margins(ctx, config, properties, o)
	progress.End()
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return cli.Unknown, errors.New("stopped before a margin was known")
	}
	if err != nil {
		return 0, err
	}
	status := cli.OK
	for i := range r.Margins {
		if m := &r.Margins[i]; m.Verdict == check.Unknown || m.AtMost {
			status = cli.Unknown
		}
	}
	if f.json {
		return status, writeJSON(out, jsonMargins(from, r))
	}
	var list []report.Exhibit
	for i := range r.Margins {
		if m := &r.Margins[i]; m.Trace != nil {
			list = append(list, report.ExhibitProperty(m.Trace, m.Property, m.Verdict))
		}
	}
	if err := f.show.Apart(out, list); err != nil {
		f.traces = false
		return 0, errors.Join(f.text(out, from, config, r, status), err)
	}
	if f.show.Alone() {
		return status, nil
	}
	return status, f.text(out, from, config, r, status)
}

// boxTimers finds how long the timers of the box have to be.
func (f *marginFlags) boxTimers(ctx context.Context, from *base.Base, config model.Config, out, errs io.Writer) (int, error) {
	ctx, o, progress, end := f.Begin(ctx, errs, f.show.Language, "looking for the least timers of %s", from.TitleIn(f.show.Language))
	defer end()
	r, err := survey.LeastBoxTimers(ctx, config, o)
	progress.End()
	if err != nil {
		return 0, err
	}
	status := cli.OK
	if !r.Known() {
		status = cli.Unknown
	}
	if f.json {
		j := report.EncodedBoxTimers(r)
		j.Preset, j.Profiles = from.PresetName(), from.EndNames()
		return status, writeJSON(out, j)
	}
	for _, line := range report.Heading(f.show.Language, from, config, f.show.Verbose) {
		fmt.Fprintln(out, line)
	}
	report.BoxTimers(out, f.show.Language, r)
	return status, nil
}

// text writes the margins for a reader.
func (f *marginFlags) text(out io.Writer, from *base.Base, config model.Config, r *survey.MarginReport, status int) error {
	l := f.show.Language
	last := l.Say("%s states, depth %d, in %v", humanize.Comma(int64(r.Result.Distinct)), r.Result.Depth, r.Time.Round(time.Millisecond))
	if status == cli.Unknown {
		last += "\n" + l.Say("Not complete (%s): fewer may be enough.", l.List(r.Result.Incomplete))
	}
	if f.show.Quiet {
		fmt.Fprintln(out, last[strings.LastIndexByte(last, '\n')+1:])
		return nil
	}
	for i := range r.Margins {
		m := &r.Margins[i]
		if m.Trace == nil || !f.traces {
			continue
		}
		fmt.Fprintln(out, l.Say("%s is violated with %s:", m.Property.Name, l.Count(m.Total, "fault")))
		fmt.Fprint(out, screen.Indent(l.Say(m.Property.Sentence), 2, 0)+"\n")
		if err := f.show.Text(out, report.ExhibitProperty(m.Trace, m.Property, m.Verdict)); err != nil {
			return err
		}
		fmt.Fprintln(out)
	}
	for _, line := range report.Heading(l, from, config, f.show.Verbose) {
		fmt.Fprintln(out, line)
	}
	marginTable(l, out, r)
	fmt.Fprintf(out, "\n%s\n", last)
	return nil
}

// marginTable writes the margins of what can be violated, and names the rest.
func marginTable(l lang.Language, out io.Writer, r *survey.MarginReport) {
	var rows [][]string
	rest := map[check.Verdict][]string{}
	for i := range r.Margins {
		m := &r.Margins[i]
		if m.Verdict != check.Violated {
			rest[m.Verdict] = append(rest[m.Verdict], m.Property.Name)
			continue
		}
		if rows == nil {
			rows = [][]string{{"", l.Say("together"), l.Say("losses"), l.Say("duplications"), l.Say("overtakings")}}
		}
		row := []string{m.Property.Name}
		for _, n := range append([]int{m.Total}, m.Least[:]...) {
			if text := strconv.Itoa(n); m.AtMost {
				row = append(row, l.Say("at most %s", text))
			} else {
				row = append(row, text)
			}
		}
		rows = append(rows, row)
	}
	screen.Right(out, rows)
	for _, v := range []check.Verdict{check.Holds, check.Unknown, check.NotApplicable} {
		if len(rest[v]) > 0 {
			says := map[check.Verdict]string{check.Holds: "No number of faults violates %s.", check.Unknown: "Unknown: %s.", check.NotApplicable: "Not applicable: %s."}[v]
			fmt.Fprint(out, screen.Indent(l.Say(says, strings.Join(rest[v], l.Say(", "))), 0, 2))
		}
	}
}

type jsonMargin struct {
	Name         string             `json:"name"`
	Verdict      check.Verdict      `json:"verdict"`
	Reason       string             `json:"reason,omitempty"`
	Faults       *int               `json:"faults,omitempty"` // together, at least
	Losses       *int               `json:"losses,omitempty"` // with the others free, as are the next two
	Duplications *int               `json:"duplications,omitempty"`
	Overtakings  *int               `json:"overtakings,omitempty"`
	AtMost       bool               `json:"at_most,omitempty"` // not everything was explored
	Events       []report.JSONEvent `json:"events,omitempty"`
}

func jsonMargins(from *base.Base, r *survey.MarginReport) any {
	var list []jsonMargin
	for i := range r.Margins {
		m := &r.Margins[i]
		j := jsonMargin{Name: m.Property.Name, Verdict: m.Verdict, Reason: m.Reason, AtMost: m.AtMost, Events: report.JSONEvents(m.Trace)}
		if m.Verdict == check.Violated {
			j.Faults = &m.Total
			j.Losses, j.Duplications, j.Overtakings = &m.Least[trace.Loss], &m.Least[trace.Duplication], &m.Least[trace.Overtaking]
		}
		list = append(list, j)
	}
	j := map[string]any{"preset": from.PresetName(), "config": report.JSONConfig(r.Config), "margins": list}
	if name := from.ProfileName(); name != "" {
		j["profile"] = name
	}
	if names := from.EndNames(); names != nil {
		j["profiles"] = names
	}
	return j
}

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/dustin/go-humanize"

	"tcpclose/check"
	"tcpclose/cmd/tcpclose/internal/cli"
	"tcpclose/cmd/tcpclose/internal/report"
	"tcpclose/model"
	"tcpclose/survey"
	"tcpclose/trace"
)

const marginText = `usage: tcpclose margin [flags]

Tells of each property the least that the network has to do to break it: the least
losses, duplications and overtakings together, and the least of each kind when the
others are free, by the cheapest way through all runs. The trace is a cheapest one.
Where the network is unlimited it is counted, not limited.

With -time it tells how long something takes, at the least and at the most, if
nothing is assumed of users and network but that time goes on.

Exit status: 0 when every margin is known; 1 when -within is violated; 2 for a wrong command line; 3 when not
everything was explored.

`

func runMargin(ctx context.Context, args []string, out, errs io.Writer) (int, error) {
	f := &checkFlags{}
	set := newFlags("margin")
	f.common(set)
	set.Func("properties", "only of these, `names` separated by commas", func(text string) error {
		f.properties = strings.Split(text, ",")
		return nil
	})
	var interval *survey.Interval
	set.Func("time", "tell instead the least and the greatest time of `P->Q`: from where P becomes true to where Q is, for the first time after that, as in 'a: TIME-WAIT -> CLOSED' ('tcpclose list terms')", func(text string) (err error) {
		interval, err = survey.ParseInterval(text)
		return err
	})
	var within *model.Span
	set.Func("within", "with -time: judge whether it takes at most this `time`, in ticks or MSLs as in 2msl", func(text string) error {
		s, err := model.ParseSpan(text)
		within = &s
		return want(err)
	})
	if err := parse(set, args, marginText, out); err != nil {
		return 0, err
	}
	switch {
	case set.NArg() > 0:
		return 0, fmt.Errorf("argument %q: want flags only", set.Arg(0))
	case within != nil && interval == nil:
		return 0, errors.New("flag -within: want -time with it")
	case interval != nil && f.properties != nil:
		return 0, errors.New("flags -properties and -time: want one of them")
	}
	preset, config, err := f.config()
	if err != nil {
		return 0, err
	}
	if interval != nil {
		return f.timing(ctx, preset, config, interval, within, out, errs)
	}
	properties, err := f.asked()
	if err != nil {
		return 0, err
	}
	ctx, o, progress, end := f.begin(ctx, errs)
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
		e := json.NewEncoder(out)
		e.SetIndent("", "  ")
		e.SetEscapeHTML(false)
		return status, e.Encode(jsonMargins(preset.Name, r))
	}
	var list []report.Exhibit
	for i := range r.Margins {
		if m := &r.Margins[i]; m.Trace != nil {
			list = append(list, report.ExhibitProperty(m.Trace, m.Property, m.Verdict))
		}
	}
	if err := f.show.Apart(out, list); err != nil {
		return 0, err
	}
	if f.show.Alone() {
		return status, nil
	}
	if f.traces {
		for i := range r.Margins {
			if m := &r.Margins[i]; m.Trace != nil {
				fmt.Fprintf(out, "%s is violated with %s:\n  %s\n\n", m.Property.Name, report.Plural(m.Total, "fault"), m.Property.Sentence)
				if err := f.show.Text(out, report.ExhibitProperty(m.Trace, m.Property, m.Verdict)); err != nil {
					return 0, err
				}
				fmt.Fprintln(out)
			}
		}
	}
	report.Heading(out, preset, config)
	marginTable(out, r)
	fmt.Fprintf(out, "\n%s states, depth %d, in %v\n",
		humanize.Comma(int64(r.Result.Distinct)), r.Result.Depth, r.Time.Round(time.Millisecond))
	if status == cli.Unknown {
		fmt.Fprintf(out, "Not complete (%s): less may do.\n", strings.Join(r.Result.Incomplete, ", "))
	}
	return status, nil
}

// marginTable writes the margins of what can be broken, and names the rest.
func marginTable(out io.Writer, r *survey.MarginReport) {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	rest := map[check.Verdict][]string{}
	broken := 0
	for i := range r.Margins {
		m := &r.Margins[i]
		if m.Verdict != check.Violated {
			rest[m.Verdict] = append(rest[m.Verdict], m.Property.Name)
			continue
		}
		if broken++; broken == 1 {
			fmt.Fprintln(w, "\ttogether\tlosses\tduplications\tovertakings\t")
		}
		atMost := ""
		if m.AtMost {
			atMost = "at most "
		}
		fmt.Fprintf(w, "%s\t%s%d\t", m.Property.Name, atMost, m.Total)
		for _, n := range m.Least {
			fmt.Fprintf(w, "%s%d\t", atMost, n)
		}
		fmt.Fprintln(w)
	}
	w.Flush()
	for _, v := range []check.Verdict{check.Holds, check.Unknown, check.NotApplicable} {
		if len(rest[v]) > 0 {
			says := map[check.Verdict]string{check.Holds: "No number of faults breaks", check.Unknown: "Unknown:", check.NotApplicable: "Not applicable:"}[v]
			fmt.Fprintf(out, "%s %s.\n", says, strings.Join(rest[v], ", "))
		}
	}
}

type jsonMargin struct {
	Name         string             `json:"name"`
	Verdict      check.Verdict      `json:"verdict"`
	Reason       string             `json:"reason,omitempty"`
	Faults       *int               `json:"faults,omitempty"` // together, at the least
	Losses       *int               `json:"losses,omitempty"` // with the others free, as are the next two
	Duplications *int               `json:"duplications,omitempty"`
	Overtakings  *int               `json:"overtakings,omitempty"`
	AtMost       bool               `json:"at_most,omitempty"` // not everything was explored
	Events       []report.JSONEvent `json:"events,omitempty"`
}

func jsonMargins(preset string, r *survey.MarginReport) any {
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
	return map[string]any{"preset": preset, "config": report.JSONConfig(r.Config), "margins": list}
}

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/dustin/go-humanize"

	"tcpclose/explore"
	"tcpclose/invariants"
)

const marginText = `usage: tcpclose margin [flags]

Tells of each property the least that the network has to do to break it: the least
losses, duplications and overtakings together, and the least of each kind when the
others are free, by the cheapest way through all runs. The trace is a cheapest one.
Where the network is unlimited it is counted, not limited.

Exit status: 0 when every margin is known; 2 for a wrong command line; 3 when not
everything was explored.

`

func runMargin(ctx context.Context, args []string, out, errs io.Writer) (int, error) {
	f := &checkFlags{}
	set := newFlags("margin")
	f.common(set)
	if err := parse(set, args, marginText, out); err != nil {
		return 0, err
	}
	if set.NArg() > 0 {
		return 0, fmt.Errorf("argument %q: want flags only", set.Arg(0))
	}
	preset, config, err := f.config()
	if err != nil {
		return 0, err
	}
	properties, err := f.asked()
	if err != nil {
		return 0, err
	}
	if f.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, f.timeout)
		defer cancel()
	}
	o := explore.Options{Workers: f.workers, Limits: explore.Limits{States: f.maxStates, Depth: f.maxDepth}}
	progress := newProgress(errs)
	if progress != nil {
		o.Progress = progress.show
	}
	defer progress.end()
	r, err := invariants.Margins(ctx, config, properties, o)
	progress.end()
	if err != nil {
		return 0, err
	}
	status := exitOK
	for i := range r.Margins {
		if m := &r.Margins[i]; m.Verdict == invariants.Unknown || m.AtMost {
			status = exitUnknown
		}
	}
	if f.json {
		e := json.NewEncoder(out)
		e.SetIndent("", "  ")
		e.SetEscapeHTML(false)
		return status, e.Encode(jsonMargins(preset.Name, r))
	}
	if f.traces {
		for i := range r.Margins {
			if m := &r.Margins[i]; m.Trace != nil {
				fmt.Fprintf(out, "%s is violated with %s:\n  %s\n\n%s\n", m.Property.Name, plural(m.Total, "fault"), m.Property.Sentence, m.Trace)
			}
		}
	}
	fmt.Fprintf(out, "preset %s", preset.Name)
	if against := config.Against(preset.Config); len(against) > 0 {
		fmt.Fprintf(out, ", changed: %s", strings.Join(against, " "))
	}
	fmt.Fprintf(out, "\n%s\n\n", describe(config))
	var table strings.Builder
	w := tabwriter.NewWriter(&table, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "  \tfaults\tlosses\tduplications\tovertakings")
	for i := range r.Margins {
		fmt.Fprintln(w, marginRow(&r.Margins[i]))
	}
	w.Flush()
	for line := range strings.Lines(table.String()) {
		fmt.Fprintln(out, strings.TrimRight(line, " \n"))
	}
	fmt.Fprintf(out, "\n%s states, depth %d, in the last of the searches, one for each property; in %v\n",
		humanize.Comma(int64(r.Result.Distinct)), r.Result.Depth, r.Time.Round(time.Millisecond))
	if status == exitUnknown {
		fmt.Fprintf(out, "Not complete (%s): less may do.\n", strings.Join(r.Result.Incomplete, ", "))
	}
	return status, nil
}

// marginRow is a row of the table.
func marginRow(m *invariants.Margin) string {
	switch {
	case m.Verdict == invariants.Holds:
		return fmt.Sprintf("  %s\tno number of faults breaks it", m.Property.Name)
	case m.Verdict != invariants.Violated:
		return fmt.Sprintf("  %s\t%s\t%s", m.Property.Name, m.Verdict, m.Reason)
	}
	atMost := ""
	if m.AtMost {
		atMost = "at most "
	}
	row := fmt.Sprintf("  %s\t%s%d", m.Property.Name, atMost, m.Total)
	for _, n := range m.Least {
		row += fmt.Sprintf("\t%s%d", atMost, n)
	}
	return row
}

type jsonMargin struct {
	Name         string             `json:"name"`
	Verdict      invariants.Verdict `json:"verdict"`
	Reason       string             `json:"reason,omitempty"`
	Faults       *int               `json:"faults,omitempty"` // together, at the least
	Losses       *int               `json:"losses,omitempty"` // with the others free, as are the next two
	Duplications *int               `json:"duplications,omitempty"`
	Overtakings  *int               `json:"overtakings,omitempty"`
	AtMost       bool               `json:"at_most,omitempty"` // not everything was explored
	Events       []jsonEvent        `json:"events,omitempty"`
}

func jsonMargins(preset string, r *invariants.MarginReport) any {
	var list []jsonMargin
	for i := range r.Margins {
		m := &r.Margins[i]
		j := jsonMargin{Name: m.Property.Name, Verdict: m.Verdict, Reason: m.Reason, AtMost: m.AtMost, Events: jsonEvents(m.Trace)}
		if m.Verdict == invariants.Violated {
			j.Faults = &m.Total
			j.Losses, j.Duplications, j.Overtakings = &m.Least[invariants.Loss], &m.Least[invariants.Duplication], &m.Least[invariants.Overtaking]
		}
		list = append(list, j)
	}
	return map[string]any{"preset": preset, "config": jsonConfig(r.Config), "margins": list}
}

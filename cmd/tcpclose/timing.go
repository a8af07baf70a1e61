package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/dustin/go-humanize"

	"tcpclose/check"
	"tcpclose/cmd/tcpclose/internal/cli"
	"tcpclose/cmd/tcpclose/internal/report"
	"tcpclose/model"
	"tcpclose/survey"
	"tcpclose/trace"
)

// timing tells how long an interval can be, and if within is given whether it is
// at most that.
func (f *checkFlags) timing(ctx context.Context, preset *check.Preset, c model.Config, i *survey.Interval, within *model.Span, out, errs io.Writer) (int, error) {
	ctx, o, progress, end := f.begin(ctx, errs)
	defer end()
	t, err := survey.Time(ctx, c, i, o)
	progress.End()
	if err != nil {
		return 0, err
	}
	status := cli.OK
	if len(t.Incomplete) > 0 {
		status = cli.Unknown
	}
	var verdict check.Verdict
	if within != nil {
		switch verdict = t.Within(within.In(c.MSL)); verdict {
		case check.Violated:
			status = cli.Violated
		case check.Unknown:
			status = cli.Unknown
		}
	}
	if f.json {
		e := json.NewEncoder(out)
		e.SetIndent("", "  ")
		e.SetEscapeHTML(false)
		j := jsonTiming{Preset: preset.Name, Config: report.JSONConfig(c), Interval: i.Text, Begins: t.Begins, Ends: t.Ends,
			Incomplete: append([]string{}, t.Incomplete...), Soonest: report.JSONEvents(t.Soonest), Latest: report.JSONEvents(t.Latest), Endless: report.JSONEvents(t.Endless)}
		if t.Ends {
			j.Least = &t.Least
		}
		if t.Latest != nil {
			j.Greatest = &t.Greatest
		}
		if within != nil {
			j.Within, j.Verdict = within.String(), &verdict
		}
		return status, e.Encode(j)
	}
	var list []report.Exhibit
	show := func(name, title string, t *trace.Trace, from int) {
		if t != nil && f.traces {
			if from > 0 {
				title += fmt.Sprintf(", from event %d to the last", from)
			}
			list = append(list, report.Exhibit{Trace: t, About: trace.About{Property: name, Sentence: i.Text + ": " + title}})
		}
	}
	show("soonest", "at the least, "+ticks(t.Least, c.MSL), t.Soonest, t.SoonestFrom)
	show("latest", "at the most, "+ticks(t.Greatest, c.MSL), t.Latest, t.LatestFrom)
	show("endless", "without end", t.Endless, 0)
	if err := f.show.Apart(out, list); err != nil {
		return 0, err
	}
	if f.show.Alone() {
		return status, nil
	}
	for _, e := range list {
		fmt.Fprintf(out, "%s\n\n", e.About.Sentence)
		if err := f.show.Text(out, e); err != nil {
			return 0, err
		}
		fmt.Fprintln(out)
	}
	report.Heading(out, preset, c)
	fmt.Fprintf(out, "%s\n", i.Text)
	unless := ""
	if len(t.Incomplete) > 0 {
		unless = ", as far as was explored"
	}
	switch {
	case !t.Begins:
		fmt.Fprintf(out, "  does not begin%s\n", unless)
	case !t.Ends:
		fmt.Fprintf(out, "  does not end%s\n", unless)
	default:
		fmt.Fprintf(out, "  at the least  %s%s\n", ticks(t.Least, c.MSL), unless)
	}
	switch most := "  at the most   "; {
	case t.Endless != nil && t.Endless.Repeats():
		fmt.Fprintf(out, "%sunbounded: events %d to %d can go on for ever\n", most, t.Endless.Loop+1, len(t.Endless.Events))
	case t.Endless != nil:
		fmt.Fprintf(out, "%sunbounded: all can come to rest before\n", most)
	case t.Ends:
		fmt.Fprintf(out, "%s%s%s\n", most, ticks(t.Greatest, c.MSL), unless)
	}
	if within != nil {
		fmt.Fprintf(out, "  within %s: %s\n", within, verdict)
	}
	fmt.Fprintf(out, "\n%s states, depth %d, in %v\n",
		humanize.Comma(int64(t.Result.Distinct)), t.Result.Depth, t.Time.Round(time.Millisecond))
	if len(t.Incomplete) > 0 {
		fmt.Fprintf(out, "Not complete (%s): the least may be less, and the most more.\n", strings.Join(t.Incomplete, ", "))
	}
	return status, nil
}

// ticks is a time in ticks and MSLs.
func ticks(n int, msl uint16) string {
	text := report.Plural(n, "tick")
	if m := int(msl); m > 1 && n >= m {
		text += fmt.Sprintf(" (%d MSL", n/m)
		if n%m > 0 {
			text += fmt.Sprintf(" and %d", n%m)
		}
		text += ")"
	}
	return text
}

type jsonTiming struct {
	Preset     string             `json:"preset"`
	Config     map[string]string  `json:"config"`
	Interval   string             `json:"interval"`
	Begins     bool               `json:"begins"`
	Ends       bool               `json:"ends"`
	Least      *int               `json:"least,omitempty"`    // ticks, as are the others
	Greatest   *int               `json:"greatest,omitempty"` // none if it is unbounded
	Within     string             `json:"within,omitempty"`
	Verdict    *check.Verdict     `json:"verdict,omitempty"`
	Incomplete []string           `json:"incomplete"`
	Soonest    []report.JSONEvent `json:"soonest,omitempty"`
	Latest     []report.JSONEvent `json:"latest,omitempty"`
	Endless    []report.JSONEvent `json:"endless,omitempty"`
}

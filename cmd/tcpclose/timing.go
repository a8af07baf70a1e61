package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/dustin/go-humanize"

	"tcpclose/check"
	"tcpclose/cmd/tcpclose/internal/base"
	"tcpclose/cmd/tcpclose/internal/cli"
	"tcpclose/cmd/tcpclose/internal/report"
	"tcpclose/cmd/tcpclose/internal/screen"
	"tcpclose/internal/lang"
	"tcpclose/model"
	"tcpclose/survey"
	"tcpclose/trace"
)

// timing finds the shortest and the longest time of an interval, and with -within whether
// it is at most that.
func (f *marginFlags) timing(ctx context.Context, from *base.Base, c model.Config, out, errs io.Writer) (int, error) {
	ctx, o, progress, end := f.Begin(ctx, errs, f.show.Language, "timing runs of %s", from.TitleIn(f.show.Language))
	defer end()
	t, err := survey.Time(ctx, c, f.interval, o)
	progress.End()
	if err != nil {
		return 0, err
	}
	status := cli.OK
	if len(t.Incomplete) > 0 {
		status = cli.Unknown
	}
	var verdict check.Verdict
	if f.within != nil {
		switch verdict = t.Within(f.within.In(c.MSL)); verdict {
		case check.Violated:
			status = cli.Violated
		case check.Unknown:
			status = cli.Unknown
		}
	}
	if f.json {
		return status, writeJSON(out, f.encodedTiming(from, c, t, verdict))
	}
	l := f.show.Language
	lengths := lengths{l, c.MSL, from.Tick}
	var list []report.Exhibit
	show := func(name, title string, t *trace.Trace, start int) {
		if t != nil && f.traces {
			if start > 0 {
				title = l.Say("%s, from event %d to the last", title, start)
			}
			list = append(list, report.Exhibit{Trace: t, About: trace.About{Property: name, Sentence: l.Say("%s: %s", report.Name(f.interval.Text), title), Tick: from.Tick}})
		}
	}
	show("soonest", l.Say("shortest, %s", lengths.text(t.Least)), t.Soonest, t.SoonestFrom)
	show("latest", l.Say("longest, %s", lengths.text(t.Greatest)), t.Latest, t.LatestFrom)
	show("endless", l.Say("unbounded"), t.Endless, 0)
	if err := f.show.Apart(out, list); err != nil {
		return 0, errors.Join(f.timingText(out, from, t, nil, verdict), err)
	}
	if f.show.Alone() {
		return status, nil
	}
	most := timingMost(t, lengths)
	if f.show.Quiet {
		if f.within != nil {
			most = l.Say("within %s: %s", f.within, l.Say(verdict.String()))
		}
		fmt.Fprintln(out, strings.Join(strings.Fields(most), " "))
		return status, nil
	}
	return status, f.timingText(out, from, t, list, verdict)
}

// timingText writes the runs, and how long the interval can be.
func (f *marginFlags) timingText(out io.Writer, from *base.Base, t *survey.Timing, list []report.Exhibit, verdict check.Verdict) error {
	l := f.show.Language
	lengths := lengths{l, t.Config.MSL, from.Tick}
	most := timingMost(t, lengths)
	for _, e := range list {
		fmt.Fprintf(out, "%s\n", screen.Indent(e.About.Sentence, 0, 2))
		if err := f.show.Text(out, e); err != nil {
			return err
		}
		fmt.Fprintln(out)
	}
	for _, line := range report.Heading(l, from, t.Config, f.show.Verbose) {
		fmt.Fprintln(out, line)
	}
	fmt.Fprint(out, screen.Indent(report.Name(f.interval.Text), 0, 2))
	unless := ""
	if len(t.Incomplete) > 0 {
		unless = l.Say(", as far as was explored")
	}
	switch {
	case !t.Begins:
		fmt.Fprintf(out, "  %s%s\n", l.Say("never begins"), unless)
	case !t.Ends:
		fmt.Fprintf(out, "  %s%s\n", l.Say("never ends"), unless)
	default:
		fmt.Fprintf(out, "  %s%s\n", l.Say("shortest  %s", lengths.text(t.Least)), unless)
	}
	if most != "" {
		fmt.Fprintf(out, "  %s\n", most)
	}
	if f.within != nil {
		fmt.Fprintf(out, "  %s\n", l.Say("within %s: %s", f.within, l.Say(verdict.String())))
	}
	fmt.Fprintf(out, "\n%s\n", l.Say("%s states, depth %d, in %v",
		humanize.Comma(int64(t.Result.Distinct)), t.Result.Depth, t.Time.Round(time.Millisecond)))
	if len(t.Incomplete) > 0 {
		fmt.Fprint(out, screen.Indent(l.Say("Not complete (%s): the shortest time may be shorter, and the longest longer.", l.List(t.Incomplete)), 0, 2))
	}
	return nil
}

// timingMost returns the longest time, if the interval ends or begins at all.
func timingMost(t *survey.Timing, l lengths) string {
	const longest = "longest   %s"
	switch {
	case t.Endless != nil && t.Endless.Repeats():
		return l.Say(longest, l.Say("unbounded: events %d to %d can go on forever", t.Endless.Loop+1, len(t.Endless.Events)))
	case t.Endless != nil:
		return l.Say(longest, l.Say("unbounded: all can come to rest before"))
	case t.Ends && len(t.Incomplete) > 0:
		return l.Say(longest, l.text(t.Greatest)+l.Say(", as far as was explored"))
	case t.Ends:
		return l.Say(longest, l.text(t.Greatest))
	}
	return ""
}

// encodedTiming is the JSON form.
func (f *marginFlags) encodedTiming(from *base.Base, c model.Config, t *survey.Timing, verdict check.Verdict) jsonTiming {
	j := jsonTiming{
		Preset: from.PresetName(), Profile: from.ProfileName(), Profiles: from.EndNames(), Config: report.JSONConfig(c), Interval: f.interval.Text, Begins: t.Begins, Ends: t.Ends,
		Incomplete: append([]string{}, t.Incomplete...),
		Soonest:    report.JSONEvents(t.Soonest), Latest: report.JSONEvents(t.Latest), Endless: report.JSONEvents(t.Endless),
	}
	if t.Ends {
		j.Least = &t.Least
	}
	if t.Latest != nil {
		j.Greatest = &t.Greatest
	}
	if f.within != nil {
		j.Within, j.Verdict = f.within.String(), &verdict
	}
	return j
}

// lengths tells the lengths of times.
type lengths struct {
	lang.Language
	msl  uint16
	tick time.Duration // 0 if it has no length
}

// text is a time in ticks and MSLs; or in seconds, if a tick has a length.
func (l lengths) text(n int) string {
	if l.tick > 0 {
		return report.Seconds(l.Language, time.Duration(n)*l.tick)
	}
	text := l.Count(n, "tick")
	switch m := int(l.msl); {
	case m <= 1 || n < m:
	case n%m > 0:
		text = l.Say("%s (%d MSL and %d)", text, n/m, n%m)
	default:
		text = l.Say("%s (%d MSL)", text, n/m)
	}
	return text
}

type jsonTiming struct {
	Preset     string             `json:"preset"`
	Profile    string             `json:"profile,omitempty"`
	Profiles   map[string]string  `json:"profiles,omitempty"` // of the two ends, if one was named for one
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

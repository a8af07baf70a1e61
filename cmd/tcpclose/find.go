package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/dustin/go-humanize"

	"tcpclose/ask"
	"tcpclose/cmd/tcpclose/internal/cli"
	"tcpclose/cmd/tcpclose/internal/report"
	"tcpclose/survey"
	"tcpclose/trace"
)

const findText = `usage: tcpclose find EXPRESSION [flags]

Finds the shortest run to a state in which the expression is true or, if it
mentions what happens in a step, to such a step. 'tcpclose list terms' shows of
what it can speak.

    tcpclose find 'a.state == TIME-WAIT && b.state == TIME-WAIT'
    tcpclose find 'a.receives.rst && a.before == FIN-WAIT-2' -preset abort

With -n it finds so many runs that differ in kind: in which faults of the network
there are, and in which clauses are followed; not in the order of events alone. It
says when there are no more.

Exit status: 0 when there is such a run; 1 when there is none; 2 for a wrong
command line; 3 when it is unknown because not everything was explored.

`

func runFind(ctx context.Context, args []string, out, errs io.Writer) (int, error) {
	f := &checkFlags{find: true, fields: map[string]string{}, properties: []string{}}
	set := newFlags("find")
	f.common(set)
	kinds := 0
	set.Func("n", "find runs of so `many` kinds", func(text string) (err error) {
		if kinds, err = strconv.Atoi(text); err != nil || kinds < 1 || kinds > maxKinds {
			return fmt.Errorf("want 1 to %d", maxKinds)
		}
		return nil
	})
	text, err := parseAround(set, args, findText, out)
	if err != nil {
		return 0, err
	}
	if len(text) != 1 {
		return 0, fmt.Errorf("%d arguments: want one expression, in quotes", len(text))
	}
	q, err := ask.Parse(text[0])
	if err != nil {
		return 0, err
	}
	if kinds > 0 {
		return f.findKinds(ctx, q, kinds, out, errs)
	}
	f.questions = append(f.questions, q.Seek())
	return f.check(ctx, out, errs)
}

const maxKinds = 1000

// findKinds finds runs of n kinds.
func (f *checkFlags) findKinds(ctx context.Context, q *ask.Question, n int, out, errs io.Writer) (int, error) {
	preset, config, err := f.config()
	if err != nil {
		return 0, err
	}
	ctx, o, progress, end := f.begin(ctx, errs)
	defer end()
	r, err := survey.FindKinds(ctx, config, q, n, o)
	progress.End()
	if err != nil {
		return 0, err
	}
	status := cli.OK
	switch {
	case len(r.Runs) == n:
	case !r.Result.Complete():
		status = cli.Unknown
	case len(r.Runs) == 0:
		status = cli.Violated
	}
	if f.json {
		j := jsonKinds{Preset: preset.Name, Config: report.JSONConfig(config), Expression: q.Text,
			Runs: []jsonKind{}, More: r.More, Incomplete: append([]string{}, r.Result.Incomplete...)}
		for i := range r.Runs {
			k := jsonKind{Faults: r.Runs[i].Faults.String(), Events: report.JSONEvents(r.Runs[i].Trace)}
			for _, c := range r.Runs[i].Clauses().List() {
				k.Clauses = append(k.Clauses, c.String())
			}
			j.Runs = append(j.Runs, k)
		}
		e := json.NewEncoder(out)
		e.SetIndent("", "  ")
		e.SetEscapeHTML(false)
		return status, e.Encode(j)
	}
	var list []report.Exhibit
	for i := range r.Runs {
		if f.traces {
			list = append(list, report.Exhibit{Trace: r.Runs[i].Trace, About: trace.About{Property: fmt.Sprintf("run-%d", i+1), Sentence: q.Text}})
		}
	}
	if err := f.show.Apart(out, list); err != nil {
		return 0, err
	}
	if f.show.Alone() {
		return status, nil
	}
	common := r.Common()
	for i := range r.Runs {
		k := &r.Runs[i]
		fmt.Fprintf(out, "%d. %s, with %s", i+1, report.Plural(len(k.Trace.Events), "event"), k.Faults)
		own := 0
		for _, c := range k.Clauses().List() {
			if common.Has(c) {
				continue
			}
			if own++; own == 1 {
				fmt.Fprint(out, "; unlike some other:")
			}
			fmt.Fprintf(out, "\n     %s", c)
		}
		fmt.Fprintln(out)
		if f.traces {
			fmt.Fprintln(out)
			if err := f.show.Text(out, list[i]); err != nil {
				return 0, err
			}
			fmt.Fprintln(out)
		}
	}
	if !f.traces && len(r.Runs) > 0 {
		fmt.Fprintln(out)
	}
	report.Heading(out, preset, config)
	fmt.Fprintf(out, "  %s\n\n%s, %s states, depth %d, in %v\n", q.Text, report.Plural(len(r.Runs), "kind"),
		humanize.Comma(int64(r.Result.Distinct)), r.Result.Depth, r.Time.Round(time.Millisecond))
	switch {
	case r.More:
		fmt.Fprintln(out, "There are more.")
	case r.Result.Complete():
		fmt.Fprintln(out, "There are no more.")
	default:
		fmt.Fprintf(out, "Not complete (%s): there may be more.\n", strings.Join(r.Result.Incomplete, ", "))
	}
	return status, nil
}

type jsonKinds struct {
	Preset     string            `json:"preset"`
	Config     map[string]string `json:"config"`
	Expression string            `json:"expression"`
	Runs       []jsonKind        `json:"runs"`
	More       bool              `json:"more"` // there are more, for sure
	Incomplete []string          `json:"incomplete"`
}

type jsonKind struct {
	Faults  string             `json:"faults"`
	Clauses []string           `json:"clauses"`
	Events  []report.JSONEvent `json:"events"`
}

package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/dustin/go-humanize"

	"tcpclose/ask"
	"tcpclose/cmd/tcpclose/internal/base"
	"tcpclose/cmd/tcpclose/internal/cli"
	"tcpclose/cmd/tcpclose/internal/report"
	"tcpclose/cmd/tcpclose/internal/screen"
	"tcpclose/cmd/tcpclose/internal/target"
	"tcpclose/model"
	"tcpclose/survey"
	"tcpclose/trace"
)

const findText = `Finds the shortest run to a state in which the expression is true or, if it
mentions what happens in a step, to such a step. 'tcpclose list terms' lists the
terms of expressions.

    tcpclose find 'a.state == TIME-WAIT && b.state == TIME-WAIT'
    tcpclose find 'a.receives.rst && a.before == FIN-WAIT-2' abort

-n N finds N runs that differ in kind: in the faults of the network or in the
clauses that they follow, not only in the order of events. It says when there
are no more.

Exit status: 0 when there is such a run; 1 when there is none; 2 for a wrong
command line; 3 when it is unknown because not everything was explored.
`

var findCommand = &cli.Command{
	Name: "find", Args: "EXPRESSION [PRESET | PROFILE] [FLAGS]", Kind: kindAsk,
	Summary: "the shortest run to where an expression is true",
	Text:    findText, Words: base.Names,
	Set: func() *cli.Set {
		set, _ := findSet(new(checkFlags))
		return set
	},
	Run: runFind,
}

// findSet returns the flags of find, and where -n is put.
func findSet(f *checkFlags) (*cli.Set, *int) {
	set, kinds := cli.NewSet("find"), new(int)
	f.Every = &f.unlimited
	f.Target.Add(set)
	set.Number(cli.Flag{Name: "n", Group: cli.Question, Values: "N", Means: "find runs of N kinds"}, 1, maxKinds, kinds)
	f.Limits.Add(set)
	f.output(set)
	return set, kinds
}

func runFind(ctx context.Context, args []string, out, errs io.Writer) (int, error) {
	f := &checkFlags{find: true, properties: []string{}}
	set, kinds := findSet(f)
	words, err := set.Parse(args)
	if err != nil {
		return 0, err
	}
	var texts, names []string
	for _, word := range words {
		if target.IsBase(word) {
			names = append(names, word)
		} else {
			texts = append(texts, word)
		}
	}
	if err := f.Bare(names); err != nil {
		return 0, err
	}
	if len(texts) != 1 {
		return 0, wantWords(texts, "one expression, in quotes, as 'a.state == CLOSING', and perhaps a preset")
	}
	if err := f.show.Together(f.json); err != nil {
		return 0, err
	}
	q, err := ask.Parse(texts[0])
	if err != nil {
		return 0, asked(err, texts[0]).Of("expression", texts[0])
	}
	if *kinds > 0 && f.unlimited {
		return 0, f.needsCapacity("want no -n with it, which counts")
	}
	if *kinds > 0 {
		return f.findKinds(ctx, q, *kinds, out, errs)
	}
	f.questions = append(f.questions, q.Seek())
	return f.check(ctx, out, errs)
}

const maxKinds = 1000

// findKinds finds runs of n kinds.
func (f *checkFlags) findKinds(ctx context.Context, q *ask.Question, n int, out, errs io.Writer) (int, error) {
	from, config, err := f.Config()
	if err != nil {
		return 0, err
	}
	ctx, o, progress, end := f.Begin(ctx, errs, f.show.Language, "looking for runs of %s", from.TitleIn(f.show.Language))
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
		return status, writeJSON(out, encodedKinds(from, config, q, r))
	}
	var list []report.Exhibit
	for i := range r.Runs {
		if f.traces {
			list = append(list, report.Exhibit{Trace: r.Runs[i].Trace, About: trace.About{Property: fmt.Sprintf("run-%d", i+1), Sentence: q.Text}})
		}
	}
	complaint := f.show.Apart(out, list)
	if complaint != nil {
		f.traces, status = false, 0
	}
	if complaint == nil && f.show.Alone() {
		return status, nil
	}
	l := f.show.Language
	last := l.Say("Not complete (%s): there may be more.", l.List(r.Result.Incomplete))
	switch {
	case r.More:
		last = l.Say("There are more.")
	case r.Result.Complete():
		last = l.Say("There are no more.")
	}
	if f.show.Quiet {
		fmt.Fprintln(out, last)
		return status, complaint
	}
	if err := f.kindsText(out, r, list); err != nil {
		return 0, err
	}
	for _, line := range report.Heading(f.show.Language, from, config, f.show.Verbose) {
		fmt.Fprintln(out, line)
	}
	fmt.Fprint(out, screen.Indent(report.Name(q.Text), 2, 2))
	fmt.Fprintf(out, "\n%s\n%s\n", l.Say("%s, %s states, depth %d, in %v", l.Count(len(r.Runs), "kind"),
		humanize.Comma(int64(r.Result.Distinct)), r.Result.Depth, r.Time.Round(time.Millisecond)), last)
	return status, complaint
}

// kindsText writes the runs, and what of each is not in all.
func (f *checkFlags) kindsText(out io.Writer, r *survey.KindReport, list []report.Exhibit) error {
	common := r.Common()
	for i := range r.Runs {
		k := &r.Runs[i]
		l := f.show.Language
		text := l.Say("%d. %s, with %s", i+1, l.Count(len(k.Trace.Events), "event"), l.List(strings.Split(k.Faults.String(), ", ")))
		own := 0
		for _, c := range k.Clauses().List() {
			if common.Has(c) {
				continue
			}
			if own++; own == 1 {
				text += l.Say("; unlike some other:")
			}
			text += fmt.Sprintf("\n%s", c)
		}
		fmt.Fprint(out, screen.Indent(text, 0, 5))
		if f.traces {
			fmt.Fprintln(out)
			if err := f.show.Text(out, list[i]); err != nil {
				return err
			}
			fmt.Fprintln(out)
		}
	}
	if !f.traces && len(r.Runs) > 0 {
		fmt.Fprintln(out)
	}
	return nil
}

// encodedKinds is the JSON form.
func encodedKinds(from *base.Base, config model.Config, q *ask.Question, r *survey.KindReport) jsonKinds {
	j := jsonKinds{
		Preset: from.PresetName(), Profile: from.ProfileName(), Profiles: from.EndNames(), Config: report.JSONConfig(config), Expression: q.Text,
		Runs: []jsonKind{}, More: r.More, Incomplete: append([]string{}, r.Result.Incomplete...),
	}
	for i := range r.Runs {
		k := jsonKind{Faults: r.Runs[i].Faults.String(), Events: report.JSONEvents(r.Runs[i].Trace)}
		for _, c := range r.Runs[i].Clauses().List() {
			k.Clauses = append(k.Clauses, c.String())
		}
		j.Runs = append(j.Runs, k)
	}
	return j
}

type jsonKinds struct {
	Preset     string            `json:"preset"`
	Profile    string            `json:"profile,omitempty"`
	Profiles   map[string]string `json:"profiles,omitempty"` // of the two ends, if one was named for one
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

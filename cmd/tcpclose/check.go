package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"slices"

	"tcpclose/check"
	"tcpclose/cmd/tcpclose/internal/base"
	"tcpclose/cmd/tcpclose/internal/cli"
	"tcpclose/cmd/tcpclose/internal/fields"
	"tcpclose/cmd/tcpclose/internal/report"
	"tcpclose/cmd/tcpclose/internal/screen"
	"tcpclose/cmd/tcpclose/internal/target"
	"tcpclose/explore/product"
	"tcpclose/internal/lang"
	"tcpclose/invariants"
	"tcpclose/model"
	"tcpclose/survey"
)

const checkText = `Explores every run of two TCP endpoints that close their connection over a
network that loses, duplicates and reorders, and gives the verdict on every
property, with a shortest trace where one is violated. Without arguments it
starts from the preset default; 'tcpclose check no-data' is smaller, 'tcpclose
check linux' is the stack of Linux.

With -liveness it checks liveness properties instead: does what must eventually
happen really happen? That takes more memory and time: 500 MB and four times as
long for the default preset, less than a second for most small ones.

If flags change a preset, it also says what the change does: which verdicts are
worse, which are better, and which flags have no effect. With -against it finds
instead the shortest run after which two configurations behave differently:

    tcpclose check no-data -closed-answer nothing -against ''

Exit status: 0 when every verdict is "holds", or is what the preset expects; 1
when one is not or, with a changed preset, is worse than before; 2 for a wrong
command line; 3 when a verdict is unknown because not everything was explored.
With -against: 0 when the two always behave alike, 1 when they do not.
`

var checkCommand = &cli.Command{
	Name: "check", Args: "[PRESET | PROFILE] [FLAGS]", Kind: kindAsk,
	Summary: "the verdict on every property, with a trace where one is violated",
	Text:    checkText, Words: base.Names,
	Set: func() *cli.Set { return new(checkFlags).checkSet() },
	Run: func(ctx context.Context, args []string, out, errs io.Writer) (int, error) {
		f, err := parseCheck(args)
		if err != nil {
			return 0, err
		}
		return f.check(ctx, out, errs)
	},
}

// check does what was asked for.
func (f *checkFlags) check(ctx context.Context, out, errs io.Writer) (int, error) {
	from, config, err := f.Config()
	if err != nil {
		return 0, err
	}
	if f.against != nil {
		return f.compare(ctx, from, config, out, errs)
	}
	properties, err := f.asked()
	if err != nil {
		return 0, err
	}
	if err := f.symmetric(config, properties); err != nil {
		return 0, err
	}
	if err := f.everyCapacity(config, properties); err != nil {
		return 0, err
	}
	ctx, search, progress, end := f.Begin(ctx, errs, f.show.Language, "exploring %s", from.TitleIn(f.show.Language))
	defer end()
	o := check.Options{
		Options:    search,
		NoTraces:   !f.traces || f.show.Quiet,
		UntilFound: f.find,
		Symmetry:   f.symmetry,
		Unlimited:  f.unlimited,
		Without:    f.without, Besides: f.besides,
	}
	if f.checkpoint.File != "" {
		o.Checkpoint = &f.checkpoint
	}
	var finer model.Config
	if f.finer != 0 {
		if finer, err = check.Finer(config, f.finer); err != nil {
			return 0, cli.Because(err).About("flag -finer")
		}
	}
	v := report.Check{Base: from, Show: f.show, Find: f.find, Strict: f.strict, File: f.checkpoint.File, Named: f.named()}
	v.Safety = f.properties == nil && f.witness == nil && f.liveness == nil && f.questions == nil
	v.Changed = len(config.Against(from.Config)) > 0 || f.without != nil || f.besides != nil
	if !f.find {
		v.ChangedFields = report.ChangedFields(from, config)
		for _, c := range v.ChangedFields {
			o.Otherwise = append(o.Otherwise, c.Old)
		}
	}
	var bounded *check.NeedsCapacity
	v.Report, err = check.Check(ctx, config, properties, o)
	switch {
	case errors.Is(err, check.ErrOneSearch):
		return 0, cli.Because(err).About("flag -checkpoint")
	case errors.Is(err, product.ErrCheckpoint):
		return 0, err
	case errors.As(err, &bounded):
		return 0, f.needsCapacity(bounded.Why)
	case err != nil:
		return ours(err)
	}
	if err := f.further(ctx, &v, config, finer, properties, o, progress); err != nil {
		return ours(err)
	}
	progress.End()
	if f.json {
		return v.Status(), writeJSON(out, v.JSON())
	}
	if err := f.show.Apart(out, v.Exhibits()); err != nil {
		v.Verdicts(out)
		return 0, err
	}
	if f.show.Alone() {
		return v.Status(), nil
	}
	return v.Status(), v.Text(out)
}

// compare finds where two configurations part.
func (f *checkFlags) compare(ctx context.Context, from *base.Base, config model.Config, out, errs io.Writer) (int, error) {
	other, err := target.Against(from, *f.against)
	if err != nil {
		return 0, cli.Because(err).Of("flag -against", *f.against)
	}
	if other == config {
		return 0, cli.Want("another configuration than this one").Of("flag -against", *f.against)
	}
	ctx, o, progress, end := f.Begin(ctx, errs, f.show.Language, "comparing configurations")
	defer end()
	r, err := check.Against(ctx, config, other, cmp.Or(o.Limits.States, check.MostPairs))
	progress.End()
	if err != nil {
		return 0, cli.Because(err).Of("flag -against", *f.against)
	}
	c := report.Comparison{Base: from, Comparison: r, Show: f.show}
	if f.json {
		return c.Status(), writeJSON(out, c.JSON())
	}
	if err := f.show.Apart(out, c.Exhibits()); err != nil {
		c.Summary(out)
		return 0, err
	}
	if f.show.Alone() {
		return c.Status(), nil
	}
	return c.Status(), c.Text(out)
}

// further explores what else was asked for.
func (f *checkFlags) further(ctx context.Context, v *report.Check, config, finer model.Config, properties []*invariants.Property, o check.Options, progress *screen.Progress) (err error) {
	if f.finer != 0 {
		progress.Doing("exploring finer ticks")
		o.NoTraces, o.Otherwise = true, nil
		if v.Finer, err = check.Check(ctx, finer, properties, o); err != nil {
			return err
		}
	}
	if f.endings {
		progress.Doing("exploring the endings")
		v.Endings, v.EndingsOf, err = survey.Endings(ctx, config, o.Options)
		if err != nil {
			return err
		}
	}
	if f.coverage {
		progress.Doing("counting clauses and values")
		v.Coverage, err = survey.Cover(ctx, config, o.Options)
		if ctx.Err() != nil {
			v.Uncounted = true
			return nil
		}
	}
	return err
}

// symmetric reports why there can be no -symmetry, if it was asked for.
func (f *checkFlags) symmetric(c model.Config, properties []*invariants.Property) error {
	why := ""
	switch {
	case !f.symmetry:
		return nil
	case f.checkpoint.File != "":
		why = "want no checkpoint with it"
	case f.endings || f.coverage:
		why = "want no -endings or -coverage with it, which want every state"
	default:
		why = check.Asymmetry(c, properties)
	}
	if why != "" {
		return &cli.Mistake{Thing: "flag -symmetry", Want: why}
	}
	return nil
}

// everyCapacity reports why there can be no -capacity unlimited, if it was asked for.
func (f *checkFlags) everyCapacity(c model.Config, properties []*invariants.Property) error {
	why := ""
	switch {
	case !f.unlimited:
		return nil
	case f.symmetry:
		why = "want no -symmetry with it"
	case f.checkpoint.File != "":
		why = "want no -checkpoint with it"
	case f.Spill != "":
		why = "want no -spill with it"
	case f.MaxDepth > 0:
		why = "want no -max-depth with it: the search does not go by steps"
	case f.endings || f.coverage:
		why = "want no -endings or -coverage with it, which want every state"
	default:
		why = check.Bounded(c, properties)
	}
	if why != "" {
		return f.needsCapacity(why)
	}
	return nil
}

// needsCapacity returns the mistake of asking for every capacity.
func (f *checkFlags) needsCapacity(why string) error {
	return cli.Said(func(l lang.Language) string { return l.Foreign(why) }).Of("flag -capacity", fields.EveryCapacity)
}

// parseCheck reads the command line of a check.
func parseCheck(args []string) (*checkFlags, error) {
	f := &checkFlags{}
	words, err := f.checkSet().Parse(args)
	if err != nil {
		return nil, err
	}
	if err := f.Bare(words); err != nil {
		return nil, err
	}
	if err := f.together(); err != nil {
		return nil, err
	}
	note, err := json.Marshal(args)
	if err != nil {
		return nil, err
	}
	f.checkpoint.Note = string(note)
	return f, nil
}

// together reports flags that do not go together.
func (f *checkFlags) together() error {
	ofRuns := func(p *invariants.Property) bool { return p.Liveness != nil }
	whole := f.liveness != nil || slices.ContainsFunc(f.questions, ofRuns)
	given := 0
	for _, names := range [][]string{f.properties, f.witness, f.liveness} {
		if names != nil {
			given++
		}
	}
	switch {
	case f.against != nil && f.unlimited:
		return f.needsCapacity("want no -against with it")
	case f.against != nil && (given > 0 || f.questions != nil || f.finer != 0 || f.endings || f.coverage || f.symmetry || f.strict || f.checkpoint.File != "" || f.Spill != "" || f.MaxMemory > 0):
		return &cli.Mistake{Thing: "flag -against", Want: "want no property, and nothing of the exploration of one configuration, with it"}
	case f.checkpoint.File != "" && (f.finer != 0 || f.endings):
		return &cli.Mistake{Thing: "flag -checkpoint", Want: "want no -finer or -endings with it, which are searches of their own"}
	case f.Spill != "" && whole:
		return &cli.Mistake{Thing: "flag -spill", Want: "want no question about whole runs with it: their graph is in memory"}
	case f.MaxMemory > 0 && whole:
		return &cli.Mistake{Thing: "flag -max-memory", Want: "want no question about whole runs with it: their graph would not fit"}
	case given > 1:
		return &cli.Mistake{Thing: "flags -properties, -witness and -liveness", Want: "want one of them"}
	case !whole && (f.without != nil || f.besides != nil):
		return &cli.Mistake{Thing: "flags -without and -assume", Want: "want -liveness, -eventually, -leads-to or -ltl with them"}
	}
	if !f.traces && f.show.Output != "" {
		return &cli.Mistake{Thing: "flags -traces=false and -o", Want: "want one of them"}
	}
	return f.show.Together(f.json)
}

package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"tcpclose/ask"
	"tcpclose/check"
	"tcpclose/cmd/tcpclose/internal/cli"
	"tcpclose/cmd/tcpclose/internal/report"
	"tcpclose/cmd/tcpclose/internal/screen"
	"tcpclose/explore"
	"tcpclose/explore/product"
	"tcpclose/invariants"
	"tcpclose/model"
	"tcpclose/survey"
)

const checkText = `usage: tcpclose check [flags]

Explores every run of two TCP endpoints that close their connection over a
network that loses, duplicates and reorders, and gives the verdict on every
property, with the shortest trace where one is violated.

With -liveness it judges instead whether what should come about does, in every
run, for ever. That takes more memory and time: 3 GB and minutes for the default
preset, less than a second for most that are small.

Exit status: 0 when every verdict is "holds", or is what the unchanged preset
expects; 1 when a verdict is another (as soon as a flag changes the preset, it
expects every property to hold); 2 for a wrong command line; 3 when the verdict is
unknown because not everything was explored.

`

const (
	maxLimit   = 1_000_000_000_000 // more than any memory holds
	maxWorkers = 1024              // each needs memory of its own
)

// checkFlags is what check was asked for.
type checkFlags struct {
	preset     string
	properties []string // nil if not given
	witness    []string
	liveness   []string
	without    []*invariants.Assumption
	besides    []*invariants.Assumption
	questions  []*invariants.Property // by -always and -never, or by find
	find       bool                   // it is find that asks
	json       bool
	show       report.Traces
	strict     bool
	traces     bool
	endings    bool
	coverage   bool
	symmetry   bool
	timeout    time.Duration
	maxStates  int
	maxDepth   int
	workers    int
	maxMemory  int64
	spill      string
	checkpoint product.Checkpoint // File is "" if not asked for
	finer      int
	fields     map[string]string // of model.Fields, as given
}

func runCheck(ctx context.Context, args []string, out, errs io.Writer) (int, error) {
	f, err := parseCheck(args, out)
	if err != nil {
		return 0, err
	}
	return f.check(ctx, out, errs)
}

// check does what was asked for.
func (f *checkFlags) check(ctx context.Context, out, errs io.Writer) (int, error) {
	preset, config, err := f.config()
	if err != nil {
		return 0, err
	}
	properties, err := f.asked()
	if err != nil {
		return 0, err
	}
	if err := f.symmetric(config, properties); err != nil {
		return 0, err
	}
	ctx, search, progress, end := f.begin(ctx, errs)
	defer end()
	o := check.Options{
		Options:    search,
		NoTraces:   !f.traces,
		UntilFound: f.find,
		Symmetry:   f.symmetry,
		Without:    f.without, Besides: f.besides,
	}
	var finer model.Config
	if f.finer != 0 {
		if finer, err = check.Finer(config, f.finer); err != nil {
			return 0, fmt.Errorf("flag -finer: %w", err)
		}
	}
	v := report.Check{Preset: preset, Show: f.show, Find: f.find, Strict: f.strict, File: f.checkpoint.File}
	v.Safety = f.properties == nil && f.witness == nil && f.liveness == nil && f.questions == nil
	v.Changed = len(config.Against(preset.Config)) > 0 || f.without != nil || f.besides != nil
	v.Report, err = check.Check(ctx, config, properties, o)
	switch {
	case errors.Is(err, check.ErrOneSearch):
		return 0, fmt.Errorf("flag -checkpoint: %w", err)
	case errors.Is(err, product.ErrCheckpoint):
		return 0, err
	case err != nil:
		return cli.Unknown, fmt.Errorf("an error of this program: %w", err)
	}
	if f.finer != 0 {
		o.NoTraces = true
		if v.Finer, err = check.Check(ctx, finer, properties, o); err != nil {
			return cli.Unknown, fmt.Errorf("an error of this program: %w", err)
		}
	}
	if f.endings {
		v.Endings, v.EndingsOf, err = survey.Endings(ctx, config, o.Options)
		if err != nil {
			return cli.Unknown, fmt.Errorf("an error of this program: %w", err)
		}
	}
	if f.coverage {
		v.Coverage, err = survey.Cover(ctx, config, o.Options)
		switch {
		case ctx.Err() != nil:
			v.Uncounted = true
		case err != nil:
			return cli.Unknown, fmt.Errorf("an error of this program: %w", err)
		}
	}
	progress.End()
	if f.json {
		e := json.NewEncoder(out)
		e.SetIndent("", "  ")
		e.SetEscapeHTML(false)
		return v.Status(), e.Encode(v.JSON())
	}
	if err := f.show.Apart(out, v.Exhibits()); err != nil {
		return 0, err
	}
	if f.show.Alone() {
		return v.Status(), nil
	}
	return v.Status(), v.Text(out)
}

// symmetric reports why there can be no -symmetry, if it was asked for.
func (f *checkFlags) symmetric(c model.Config, properties []*invariants.Property) error {
	switch {
	case !f.symmetry:
		return nil
	case f.checkpoint.File != "":
		return fmt.Errorf("flag -symmetry: want no checkpoint with it")
	case f.endings || f.coverage:
		return fmt.Errorf("flag -symmetry: want no -endings or -coverage with it, which want every state")
	}
	if why := check.Asymmetry(c, properties); why != "" {
		return fmt.Errorf("flag -symmetry: %s", why)
	}
	return nil
}

// begin is what an exploration needs: the time it may take, its options, and what
// shows its progress. At last, end is to be called.
func (f *checkFlags) begin(ctx context.Context, errs io.Writer) (_ context.Context, o product.Options, p *screen.Progress, end func()) {
	cancel := func() {}
	if f.timeout > 0 {
		ctx, cancel = context.WithTimeout(ctx, f.timeout)
	}
	o = product.Options{Workers: f.workers, Limits: explore.Limits{States: f.maxStates, Depth: f.maxDepth}, MaxMemory: f.maxMemory, Spill: f.spill}
	if f.maxMemory > 0 {
		debug.SetMemoryLimit(f.maxMemory / 4 * 3) // of the garbage collector, which does not have all
	}
	if f.checkpoint.File != "" {
		o.Checkpoint = &f.checkpoint
	}
	if p = screen.NewProgress(errs); p != nil {
		o.Progress = p.Show
	}
	return ctx, o, p, func() {
		p.End()
		cancel()
	}
}

// config is the preset that was asked for, and its configuration with the fields
// that were given.
func (f *checkFlags) config() (*check.Preset, model.Config, error) {
	preset, err := check.FindPreset(f.preset)
	if err != nil {
		return nil, model.Config{}, fmt.Errorf("flag -preset: %q: want %s", f.preset, strings.Join(presetNames(), ", "))
	}
	config := preset.Config
	for _, field := range model.Fields {
		if text, given := f.fields[field.Name]; given {
			if err := field.Set(&config, text); err != nil {
				return nil, config, fmt.Errorf("flag -%w", err)
			}
		}
	}
	if err := config.Validate(); err != nil {
		return nil, config, fmt.Errorf("flag -%w", err)
	}
	return preset, config, nil
}

func parseCheck(args []string, out io.Writer) (*checkFlags, error) {
	f := &checkFlags{}
	set := newFlags("check")
	f.common(set)
	names := func(name, usage string, at *[]string) {
		set.Func(name, usage, func(text string) error {
			*at = strings.Split(text, ",")
			return nil
		})
	}
	names("properties", "judge only these, `names` separated by commas", &f.properties)
	names("witness", "show these witnesses instead, `names` separated by commas, or all", &f.witness)
	names("liveness", "judge these properties of whole runs instead, `names` separated by commas, or all", &f.liveness)
	assumptions := func(name, usage string, at *[]*invariants.Assumption) {
		set.Func(name, usage, func(text string) error {
			*at = nil
			for name := range strings.SplitSeq(text, ",") {
				a, err := invariants.FindAssumption(name)
				if err != nil || slices.Contains(*at, a) {
					return fmt.Errorf("want different ones of %s", strings.Join(report.AssumptionNames(invariants.Assumptions), ", "))
				}
				*at = append(*at, a)
			}
			return nil
		})
	}
	assumptions("without", "with -liveness: do not assume these, `names` separated by commas, though the properties do", &f.without)
	assumptions("assume", "with -liveness: assume these, `names` separated by commas, though the properties do not", &f.besides)
	question := func(name, usage string, of func(*ask.Question) *invariants.Property) {
		set.Func(name, usage, func(text string) error {
			q, err := ask.Parse(text)
			if err != nil {
				return cmp.Or(errors.Unwrap(err), err) // parse names the expression
			}
			p := of(q)
			if slices.ContainsFunc(f.questions, func(had *invariants.Property) bool { return had.Name == p.Name }) {
				return fmt.Errorf("want it once")
			}
			f.questions = append(f.questions, p)
			return nil
		})
	}
	question("always", "judge whether this `expression` is always true; -properties and -witness name what else ('tcpclose list terms'; may be repeated)", (*ask.Question).Always)
	question("never", "judge whether this `expression` is never true, as -always", (*ask.Question).Never)
	f.askRuns(set)
	f.survival(set)
	set.BoolVar(&f.strict, "strict", false, "count every violation, whatever the preset expects")
	set.BoolVar(&f.endings, "endings", false, "also tell how the connection can end for the two applications")
	set.BoolVar(&f.coverage, "coverage", false, "also tell in how many steps each clause is followed, and what makes so many states")
	set.BoolVar(&f.symmetry, "symmetry", false, "keep one of two states in which a and b have changed places; a and b must be alike, and no expression may name them")
	set.Func("finer", "check again with so `many` times as many ticks, and say which verdicts turn by it", func(text string) error {
		f.finer, _ = strconv.Atoi(text) // 0 is refused, too
		_, err := check.Finer(model.Default(), f.finer)
		return want(err)
	})
	if err := parse(set, args, checkText, out); err != nil {
		return nil, err
	}
	if set.NArg() > 0 {
		return nil, fmt.Errorf("argument %q: want flags only", set.Arg(0))
	}
	ofRuns := func(p *invariants.Property) bool { return p.Liveness != nil }
	whole := f.liveness != nil || slices.ContainsFunc(f.questions, ofRuns)
	switch {
	case f.checkpoint.File != "" && (f.finer != 0 || f.endings):
		return nil, fmt.Errorf("flag -checkpoint: want no -finer or -endings with it, which are searches of their own")
	case f.spill != "" && whole:
		return nil, fmt.Errorf("flag -spill: want no question about whole runs with it: their graph is in memory")
	case f.maxMemory > 0 && whole:
		return nil, fmt.Errorf("flag -max-memory: want no question about whole runs with it: their graph would not fit")
	}
	note, err := json.Marshal(args)
	if err != nil {
		return nil, err
	}
	f.checkpoint.Note = string(note)
	given := 0
	for _, names := range [][]string{f.properties, f.witness, f.liveness} {
		if names != nil {
			given++
		}
	}
	if given > 1 {
		return nil, fmt.Errorf("flags -properties, -witness and -liveness: want one of them")
	}
	if !whole && (f.without != nil || f.besides != nil) {
		return nil, fmt.Errorf("flags -without and -assume: want -liveness, -eventually, -leads-to or -ltl with them")
	}
	return f, nil
}

// askRuns adds the flags that ask about whole runs.
func (f *checkFlags) askRuns(set *flag.FlagSet) {
	add := func(name, usage string, of func(text string) (*invariants.Property, error)) {
		set.Func(name, usage, func(text string) error {
			p, err := of(text)
			if err != nil {
				return err
			}
			if slices.ContainsFunc(f.questions, func(had *invariants.Property) bool { return had.Name == p.Name }) {
				return fmt.Errorf("want it once")
			}
			f.questions = append(f.questions, p)
			return nil
		})
	}
	add("eventually", "judge whether this `expression` is true some time in every run, all of 'tcpclose list assumptions' being assumed",
		func(text string) (*invariants.Property, error) {
			q, err := ask.Parse(text)
			if err != nil {
				return nil, err
			}
			p := q.Eventually()
			return p, p.Err
		})
	add("leads-to", "judge whether, in each of `P=>Q`, after P comes Q, as -eventually",
		func(text string) (*invariants.Property, error) {
			is, will, ok := strings.Cut(text, "=>")
			if !ok {
				return nil, errors.New("want two expressions with => between them")
			}
			p, err := ask.Parse(is)
			if err != nil {
				return nil, err
			}
			q, err := ask.Parse(will)
			if err != nil {
				return nil, err
			}
			leads := p.LeadsTo(q)
			return leads, leads.Err
		})
	add("ltl", "judge whether this `formula` is true of every run, as -eventually: expressions joined by "+strings.Join(ask.Connectives(), " ")+" && || !",
		func(text string) (*invariants.Property, error) {
			p, err := ask.Formula(text)
			return p, cmp.Or(errors.Unwrap(err), err) // parse names the expression
		})
}

// common adds the flags that every command has which reports on a configuration.
func (f *checkFlags) common(set *flag.FlagSet) {
	f.exploring(set)
	set.BoolVar(&f.json, "json", false, "write the report as JSON")
	set.BoolVar(&f.traces, "traces", true, "print a trace for each violation and witness")
	f.show.Add(set)
}

// exploring adds the flags that every command has which explores a configuration.
func (f *checkFlags) exploring(set *flag.FlagSet) {
	f.fields = map[string]string{}
	set.StringVar(&f.preset, "preset", "default", "the configuration to start from, a `name` that 'tcpclose list presets' shows")
	number := func(name, usage string, at *int, high int) {
		set.Func(name, usage, func(text string) error {
			n, err := strconv.ParseInt(text, 0, 64)
			if err != nil || n < 0 || n > int64(high) {
				return fmt.Errorf("want 0 to %d", high)
			}
			*at = int(n)
			return nil
		})
	}
	set.Func("timeout", "stop after this `time`; what is not decided by then is unknown (0: never)", func(text string) error {
		d, err := time.ParseDuration(text)
		if err != nil || d < 0 {
			return errors.New("want 0 or more, as in 90s or 1h30m")
		}
		f.timeout = d
		return nil
	})
	number("max-states", "stop after so `many` states (0: no limit)", &f.maxStates, maxLimit)
	number("max-depth", "stop after so `many` steps from the start (0: no limit)", &f.maxDepth, maxLimit)
	number("workers", "`how many` goroutines explore (0: one for each processor)", &f.workers, maxWorkers)
	for _, field := range model.Fields {
		set.Func(field.Name, field.Help(), func(text string) error {
			f.fields[field.Name] = text
			var probe model.Config
			return want(field.Set(&probe, text))
		})
	}
}

// want is the part of err that says what is wanted: parse names the flag and the
// value.
func want(err error) error {
	if err == nil {
		return nil
	}
	_, why, _ := strings.Cut(err.Error(), "want ")
	return fmt.Errorf("want %s", why)
}

// asked is the properties or witnesses that were asked for.
func (f *checkFlags) asked() ([]*invariants.Property, error) {
	pick := func(flag string, names []string, all []*invariants.Property) (list []*invariants.Property, err error) {
		for _, name := range names {
			i := slices.IndexFunc(all, func(p *invariants.Property) bool { return p.Name == name })
			if i < 0 {
				return nil, fmt.Errorf("flag -%s: %q: want %s", flag, name, strings.Join(propertyNames(all), ", "))
			}
			if slices.Contains(list, all[i]) {
				return nil, fmt.Errorf("flag -%s: %q: want it once", flag, name)
			}
			list = append(list, all[i])
		}
		return list, nil
	}
	var list []*invariants.Property
	var err error
	switch {
	case slices.Equal(f.witness, []string{"all"}):
		list = invariants.Witnesses
	case f.witness != nil:
		list, err = pick("witness", f.witness, invariants.Witnesses)
	case slices.Equal(f.liveness, []string{"all"}):
		list = invariants.LivenessProperties
	case f.liveness != nil:
		list, err = pick("liveness", f.liveness, invariants.LivenessProperties)
	case f.properties != nil:
		list, err = pick("properties", f.properties, invariants.Properties)
	case len(f.questions) == 0:
		list = invariants.Properties
	}
	return slices.Concat(list, f.questions), err
}

func presetNames() (names []string) {
	for _, p := range check.Presets {
		names = append(names, p.Name)
	}
	return names
}

func propertyNames(list []*invariants.Property) (names []string) {
	for _, p := range list {
		names = append(names, p.Name)
	}
	return names
}

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"strings"
	"time"

	"tcpclose/ask"
	"tcpclose/cmd/tcpclose/internal/about"
	"tcpclose/cmd/tcpclose/internal/base"
	"tcpclose/cmd/tcpclose/internal/cli"
	"tcpclose/cmd/tcpclose/internal/fields"
	"tcpclose/cmd/tcpclose/internal/screen"
	"tcpclose/explore"
	"tcpclose/explore/product"
	"tcpclose/internal/near"
	"tcpclose/model"
)

// A target is a configuration to explore: a preset or a profile, with the fields that were given.
type target struct {
	name   string            // of the preset or profile; "" is the default
	by     string            // the flag or argument that named it
	fields map[string]string // of model.Fields, as given
}

// add adds the flags that every command has which explores a configuration.
func (t *target) add(set *cli.Set) {
	t.fields = map[string]string{}
	set.Add(cli.Flag{
		Name: "preset", Group: cli.Question, Values: "NAME", Default: base.PresetNames()[0],
		Means: "the configuration to start from, of 'tcpclose list presets'",
		More:  "The name may also stand alone: 'tcpclose check no-data'.",
		Words: base.PresetNames,
		Set:   func(name string) error { return t.start("-preset", name, "presets", base.PresetNames()) },
	})
	set.Add(cli.Flag{
		Name: "profile", Group: cli.Question, Values: "NAME",
		Means: "start from a stack as it is, at both ends: " + strings.Join(base.ProfileNames(), " or "),
		More:  "The name may also stand alone: 'tcpclose check linux'. Times are then also taken in seconds: '-rto 300ms'.",
		Words: base.ProfileNames,
		Set:   func(name string) error { return t.start("-profile", name, "profiles", base.ProfileNames()) },
	})
	for _, f := range fields.All {
		set.Add(cli.Flag{
			Name: f.Name, Group: f.Group, Values: f.Values, Unit: f.Unit, Default: f.Default, Means: f.Meaning, Both: f.Plain(),
			Words: func() []string { return f.Words },
			Set: func(text string) error {
				t.fields[f.Name] = text
				return f.Check(text)
			},
		})
	}
}

// start takes the name of a preset or profile.
func (t *target) start(by, name, kind string, names []string) error {
	if b := base.Find(name); b == nil || b.IsProfile() != (kind == "profiles") {
		if b != nil {
			return cli.Want("one of 'tcpclose list %s'; it is a %s", kind, strings.Fields(b.Title())[0])
		}
		return cli.WantName(name, "one", "tcpclose list "+kind, names)
	}
	return t.named(by, name)
}

// named takes a name, unless there was another.
func (t *target) named(by, name string) error {
	if t.by != "" && t.by != by {
		return cli.Want("one preset or profile; there is %s, too", t.name)
	}
	t.name, t.by = name, by
	return nil
}

// bare takes the words that stand alone on the command line: a preset or a profile,
// at most one.
func (t *target) bare(words []string) error {
	for i, word := range words {
		if base.Find(word) == nil {
			return notABase(word)
		}
		if i > 0 {
			return cli.Argument(word, "one preset or profile; there is %s, too", words[0])
		}
		if err := t.named("argument", word); err != nil {
			return cli.Because(err).Of("argument", word)
		}
	}
	return nil
}

// notABase is the mistake of a word that is no preset and no profile.
func notABase(word string) *cli.Mistake {
	m := cli.Argument(word, "a preset or profile ('tcpclose list presets profiles')")
	if meant := near.Name(word, base.Names()); meant != "" {
		m.Hint = "did you mean " + meant + "?"
	}
	if is := about.Kind(word); is != "" {
		m.Hint = "it is a " + is + ": 'tcpclose about " + screen.Quoted(word) + "'"
	}
	return m
}

// config returns what was asked for: where it starts, and the configuration with the
// fields that were given.
func (t *target) config() (*base.Base, model.Config, error) {
	name := t.name
	if name == "" {
		name = base.PresetNames()[0]
	}
	b := base.Find(name)
	config := b.Config
	for _, f := range fields.All {
		text, given := t.fields[f.Name]
		if !given {
			continue
		}
		text, err := f.InTicks(text, b.Tick)
		if err == nil {
			err = f.Set(&config, text)
		}
		if err != nil {
			return nil, config, f.Mistake(t.fields[f.Name], err).Of("flag -"+f.Name, t.fields[f.Name])
		}
	}
	if err := config.Validate(); err != nil {
		return nil, config, fmt.Errorf("flag -%w", err)
	}
	return b, config, nil
}

const (
	maxLimit   = 1_000_000_000_000 // more than any memory holds
	maxWorkers = 1024              // each needs memory of its own
)

// limits bounds an exploration.
type limits struct {
	timeout   time.Duration
	maxStates int
	maxDepth  int
	workers   int
	maxMemory int64
	spill     string
}

// add adds the flags of how far an exploration may go.
func (l *limits) add(set *cli.Set) {
	set.Add(cli.Flag{
		Name: "timeout", Group: cli.Limits, Values: "TIME", Default: "0",
		Means: "stop after this time (90s, 1h30m); 0: never",
		More:  "What is not decided by then is unknown, and the exit status 3.",
		Set: func(text string) error {
			d, err := time.ParseDuration(text)
			if err != nil || d < 0 {
				return cli.Want("0 or more, as in 90s or 1h30m")
			}
			l.timeout = d
			return nil
		},
	})
	set.Number(cli.Flag{Name: "max-states", Group: cli.Limits, Values: "N", Default: "0", Means: "stop after so many states; 0: no limit"}, 0, maxLimit, &l.maxStates)
	set.Number(cli.Flag{Name: "max-depth", Group: cli.Limits, Values: "N", Default: "0", Means: "stop after so many steps from the start; 0: no limit"}, 0, maxLimit, &l.maxDepth)
	set.Number(cli.Flag{Name: "workers", Group: cli.Limits, Values: "N", Default: "0", Means: "so many goroutines explore; 0: one for each processor"}, 0, maxWorkers, &l.workers)
}

// begin returns what an exploration needs: the time it may take, its options, and what
// shows its progress. At last, end is to be called.
func (l *limits) begin(ctx context.Context, errs io.Writer, doing string) (_ context.Context, o product.Options, p *screen.Progress, end func()) {
	cancel := func() {}
	if l.timeout > 0 {
		ctx, cancel = context.WithTimeout(ctx, l.timeout)
	}
	o = product.Options{Workers: l.workers, Limits: explore.Limits{States: l.maxStates, Depth: l.maxDepth}, MaxMemory: l.maxMemory, Spill: l.spill}
	if l.maxMemory > 0 {
		debug.SetMemoryLimit(l.maxMemory / 4 * 3) // of the garbage collector, which does not have all
	}
	p = screen.NewProgress(errs, doing)
	if p != nil {
		o.Progress = p.Show
	}
	return ctx, o, p, func() {
		p.End()
		cancel()
	}
}

// ours is an error that is none of the command line.
func ours(err error) (int, error) {
	return cli.Unknown, fmt.Errorf("an error of this program: %w", err)
}

// asked returns an error of an expression as a mistake of a value. The message repeats
// the value, so the expression is left out unless it is a part of the value.
func asked(err error, value string) *cli.Mistake {
	e, ok := errors.AsType[*ask.Error](err)
	if !ok {
		return cli.Because(err)
	}
	what := e.What
	if e.Column > 0 {
		what = fmt.Sprintf("column %d: %s", e.Column, e.What)
	}
	if strings.TrimSpace(e.Text) != strings.TrimSpace(value) && e.Text != "" {
		what = fmt.Sprintf("in %s, %s", cli.Quoted(e.Text), what)
	}
	return &cli.Mistake{Want: what}
}

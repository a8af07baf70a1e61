// Package verdicts is the command check for programs that search in another way: the same
// flags of a configuration, and the same report.
package verdicts

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"tcpclose/check"
	"tcpclose/cmd/tcpclose/internal/cli"
	"tcpclose/cmd/tcpclose/internal/report"
	"tcpclose/cmd/tcpclose/internal/screen"
	"tcpclose/cmd/tcpclose/internal/target"
	"tcpclose/invariants"
)

// The exit statuses of tcpclose.
const (
	OK       = cli.OK
	Violated = cli.Violated
	Usage    = cli.Usage
	Unknown  = cli.Unknown
)

// A Command is a command line that asks for verdicts.
type Command struct {
	target.Target
	target.Limits
	set                 *cli.Set
	name                string
	properties, witness []string
	traces, strict      bool
	json                bool
	show                report.Traces
}

// New returns a command with the flags of a configuration, of properties, of limits and of the
// report.
func New(name string) *Command {
	c := &Command{set: cli.NewSet(name), name: name, traces: true}
	c.Target.Add(c.set)
	c.set.Names(cli.Flag{Name: "properties", Group: cli.Question, Values: "NAMES", Means: "check only these, separated by commas"}, &c.properties)
	c.set.Names(cli.Flag{Name: "witness", Group: cli.Question, Values: "NAMES", Means: "show these witnesses instead"}, &c.witness)
	c.set.Switch(cli.Flag{Name: "strict", Group: cli.Question, Means: "count every violation, whatever the preset expects"}, &c.strict)
	c.Limits.Add(c.set)
	c.set.Switch(cli.Flag{Name: "traces", Group: cli.Output, Means: "print only the verdicts, no traces"}, &c.traces)
	c.show.Fold(c.set)
	c.show.Add(c.set)
	c.set.Switch(cli.Flag{Name: "json", Group: cli.Output, Means: "write the report as JSON"}, &c.json)
	return c
}

// Flag adds a flag of the program's own. set takes its value; its error says what was wanted.
func (c *Command) Flag(name string, set func(value string) error) {
	c.set.Add(cli.Flag{Name: name, Values: "VALUE", Set: set})
}

// Switch adds a flag that is true or false.
func (c *Command) Switch(name string, at *bool) { c.set.Switch(cli.Flag{Name: name}, at) }

// ErrHelp is the error of Parse if help was asked for.
var ErrHelp = cli.ErrHelp

// Parse reads the arguments.
func (c *Command) Parse(args []string) error {
	words, err := c.set.Parse(args)
	if err != nil {
		return err
	}
	if err := c.Bare(words); err != nil {
		return err
	}
	if c.properties != nil && c.witness != nil {
		return &cli.Mistake{Thing: "flags -properties and -witness", Want: "want one of them"}
	}
	return c.show.Together(c.json)
}

// asked returns the properties that were asked for.
func (c *Command) asked() (list []*invariants.Property, err error) {
	flag, names, of := "properties", c.properties, invariants.PropertiesOf(true)
	if c.witness != nil {
		flag, names, of = "witness", c.witness, invariants.Witnesses
	}
	if names == nil {
		return invariants.PropertiesOf(c.Boxed()), nil
	}
	var all []string
	for _, p := range of {
		all = append(all, p.Name)
	}
	for _, name := range names {
		i := slices.Index(all, name)
		if i < 0 {
			return nil, cli.WantName(name, "names", "tcpclose list properties", all).Of("flag -"+flag, name)
		}
		if slices.Contains(list, of[i]) {
			return nil, cli.Want("it once").Of("flag -"+flag, name)
		}
		list = append(list, of[i])
	}
	return list, nil
}

// Check has the engine search, and writes the report.
func (c *Command) Check(ctx context.Context, engine check.Engine, to, errs io.Writer) (status int, err error) {
	out := screen.NewWriter(to)
	from, config, err := c.Config()
	if err != nil {
		return Usage, err
	}
	properties, err := c.asked()
	if err != nil {
		return Usage, err
	}
	ctx, search, progress, end := c.Begin(ctx, errs, c.show.Language, "exploring %s", from.TitleIn(c.show.Language))
	defer end()
	v := report.Check{
		Base: from, Show: c.show, Strict: c.strict, Named: c.properties != nil || c.witness != nil,
		Safety:  c.properties == nil && c.witness == nil,
		Changed: len(config.Against(from.Config)) > 0,
	}
	v.Report, err = check.Check(ctx, config, properties, check.Options{Options: search, NoTraces: !c.traces || c.show.Quiet, Engine: engine})
	if err != nil {
		return Unknown, err
	}
	progress.End()
	if c.json {
		e := json.NewEncoder(out)
		e.SetIndent("", "  ")
		e.SetEscapeHTML(false)
		return v.Status(), e.Encode(v.JSON())
	}
	if err := c.show.Apart(out, v.Exhibits()); err != nil {
		v.Verdicts(out)
		return Usage, err
	}
	if c.show.Alone() {
		return v.Status(), nil
	}
	if err := v.Text(out); err != nil {
		return Usage, err
	}
	return v.Status(), out.Err()
}

// Mistake returns an error as the program says it, in the language of the report.
func (c *Command) Mistake(err error) string {
	return fmt.Sprintf("%s: %v", c.name, cli.Because(err).In(c.show.Language))
}

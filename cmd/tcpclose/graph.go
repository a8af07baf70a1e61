package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"tcpclose/check"
	"tcpclose/cmd/tcpclose/internal/cli"
	"tcpclose/cmd/tcpclose/internal/report"
	"tcpclose/cmd/tcpclose/internal/screen"
	"tcpclose/explore"
	"tcpclose/explore/product"
	"tcpclose/graphviz"
	"tcpclose/invariants"
	"tcpclose/model"
	"tcpclose/survey"
	"tcpclose/trace"
)

const graphText = `usage: tcpclose graph [flags]

Draws the reachable states as a graph in the DOT language; Graphviz makes a picture
of it:

    tcpclose graph -preset no-data | dot -Tsvg -o no-data.svg

The views are
  states    the states by the pair of connection states, with how many there are,
            what leads from one to another, and where properties are violated
  endpoint  one endpoint's own state diagram as it was found, against figure 5 of
            RFC 9293; figure5 is another name of it
  full      every state and every step, if there are few

Exit status: 0 when the picture is of all runs; 2 for a wrong command line, or if
what was asked for cannot be drawn; 3 when not everything was explored, which the
picture says, too.

`

// The views of a graph.
const (
	viewStates   = "states"
	viewEndpoint = "endpoint"
	viewFigure5  = "figure5"
	viewFull     = "full"
)

var graphViews = []string{viewStates, viewEndpoint, viewFigure5, viewFull}

// graphFlags is what graph was asked for.
type graphFlags struct {
	checkFlags
	view    string
	file    string // "" is out
	path    *invariants.Property
	loops   bool
	reasons bool
	force   bool
}

func runGraph(ctx context.Context, args []string, out, errs io.Writer) (int, error) {
	f, err := parseGraph(args, out)
	if err != nil {
		return 0, err
	}
	preset, config, err := f.config()
	if err != nil {
		return 0, err
	}
	var properties []*invariants.Property // looked out for
	if f.view == viewStates {
		if properties, err = f.asked(); err != nil {
			return 0, err
		}
	}
	within := ctx // the exploration; what was explored is drawn in any case
	if f.timeout > 0 {
		var cancel context.CancelFunc
		within, cancel = context.WithTimeout(ctx, f.timeout)
		defer cancel()
	}
	o := product.Options{Workers: f.workers, Limits: explore.Limits{States: f.maxStates, Depth: f.maxDepth}}
	if progress := screen.NewProgress(errs); progress != nil {
		o.Progress = progress.Show
		defer progress.End()
	}
	// No more is explored than is needed to know that there are too many.
	few := f.view == viewFull && !f.force && (f.maxStates == 0 || f.maxStates > graphviz.MaxFull)
	if few {
		o.Limits.States = graphviz.MaxFull
	}
	trace, status, err := f.trace(within, config, o)
	if err != nil {
		return status, err
	}
	space, err := survey.ExploreSpace(within, config, properties, o)
	if err != nil {
		return cli.Unknown, fmt.Errorf("an error of this program: %w", err)
	}
	if few && slices.Contains(space.Result.Incomplete, explore.BoundStates) {
		return 0, fmt.Errorf("flag -view: %q: more than %d states, which nobody could see: want %s or %s, a smaller configuration, or -force",
			viewFull, graphviz.MaxFull, viewStates, viewEndpoint)
	}
	title := graphTitle(preset, config)
	err = f.write(out, func(w io.Writer) error {
		if f.view == viewFull {
			return graphviz.Full(ctx, w, space, title)
		}
		quotient, err := space.Quotient(ctx)
		if err != nil {
			return err
		}
		var text []byte
		if f.view == viewStates {
			so := graphviz.StatesOptions{Title: title, Loops: f.loops, Path: trace}
			if trace != nil {
				so.Of = f.path.Name
			}
			text, err = graphviz.States(quotient, so)
		} else {
			text, err = graphviz.Endpoint(quotient.Diagram(), &quotient.Result, graphviz.EndpointOptions{Title: title, Reasons: f.reasons})
		}
		if err != nil {
			return err
		}
		_, err = io.Copy(w, bytes.NewReader(text))
		return err
	})
	switch {
	case ctx.Err() != nil && errors.Is(err, ctx.Err()):
		return cli.Unknown, errors.New("stopped before anything was drawn")
	case err != nil:
		return 0, err
	case !space.Result.Complete():
		return cli.Unknown, nil
	}
	return cli.OK, nil
}

func parseGraph(args []string, out io.Writer) (*graphFlags, error) {
	f := &graphFlags{view: viewStates}
	set := newFlags("graph")
	f.exploring(set)
	set.Func("view", "what to draw, `states`, endpoint (or figure5) or full (default states)", func(text string) error {
		if !slices.Contains(graphViews, text) {
			return fmt.Errorf("want %s", strings.Join(graphViews, " or "))
		}
		f.view = text
		return nil
	})
	set.StringVar(&f.file, "o", "", "write to this `file`, not to standard output")
	set.Func("properties", "with -view states: mark where these are violated, `names` separated by commas, or none (default all)", func(text string) error {
		f.properties = []string{}
		if text != "none" {
			f.properties = strings.Split(text, ",")
		}
		return nil
	})
	set.Func("path", "with -view states: colour the run that violates this property, or shows this witness, by `name`", func(text string) error {
		all := slices.Concat(invariants.Properties, invariants.Witnesses, invariants.LivenessProperties)
		i := slices.IndexFunc(all, func(p *invariants.Property) bool { return p.Name == text })
		if i < 0 {
			return errors.New("want a property or witness of 'tcpclose list'")
		}
		f.path = all[i]
		return nil
	})
	set.BoolVar(&f.loops, "loops", false, "with -view states: tell also what happens without a change of state")
	set.BoolVar(&f.reasons, "reasons", false, "with -view endpoint: tell why what only the RFC's text has was not found")
	set.BoolVar(&f.force, "force", false, fmt.Sprintf("with -view full: write more than %d states, too", graphviz.MaxFull))
	if err := parse(set, args, graphText, out); err != nil {
		return nil, err
	}
	if set.NArg() > 0 {
		return nil, fmt.Errorf("argument %q: want flags only", set.Arg(0))
	}
	if f.view == viewFigure5 {
		f.view = viewEndpoint
	}
	only := map[string]string{"properties": viewStates, "path": viewStates, "loops": viewStates, "reasons": viewEndpoint, "force": viewFull}
	var err error
	set.Visit(func(g *flag.Flag) {
		if view := only[g.Name]; err == nil && view != "" && view != f.view {
			err = fmt.Errorf("flag -%s: want -view %s with it", g.Name, view)
		}
	})
	return f, err
}

// trace is the run that is to be coloured, nil if none is.
func (f *graphFlags) trace(ctx context.Context, c model.Config, o product.Options) (_ *trace.Trace, status int, err error) {
	if f.path == nil {
		return nil, cli.OK, nil
	}
	r, err := check.Check(ctx, c, []*invariants.Property{f.path}, check.Options{Options: o, UntilFound: true})
	if err != nil {
		return nil, cli.Unknown, fmt.Errorf("an error of this program: %w", err)
	}
	switch found := &r.Findings[0]; {
	case found.Trace != nil:
		return found.Trace, cli.OK, nil
	case found.Verdict == check.Unknown:
		return nil, cli.Unknown, fmt.Errorf("flag -path: %q is unknown (%s): want what there is a run of", f.path.Name, found.Reason)
	default:
		return nil, cli.Usage, fmt.Errorf("flag -path: %q is %v: want what there is a run of", f.path.Name, found.Verdict)
	}
}

// graphTitle is what stands under a picture of config.
func graphTitle(preset *check.Preset, config model.Config) []string {
	title := "preset " + preset.Name
	if against := config.Against(preset.Config); len(against) > 0 {
		title += ", changed: " + strings.Join(against, " ")
	}
	lines := []string{title}
	for line := range strings.Lines(report.Describe(config)) {
		lines = append(lines, strings.TrimSpace(line))
	}
	return lines
}

// write writes to out or to the file that was asked for. A file is there as a whole
// or not at all.
func (f *graphFlags) write(out io.Writer, to func(io.Writer) error) (err error) {
	if f.file == "" {
		return to(out)
	}
	temp, own := os.CreateTemp(filepath.Dir(f.file), "."+filepath.Base(f.file)+"-*")
	if own == nil {
		defer os.Remove(temp.Name()) // it has gone if all went well
		err = to(temp)
		if own = errors.Join(temp.Chmod(0o644), temp.Close()); own == nil && err == nil {
			own = os.Rename(temp.Name(), f.file)
		}
	}
	if cause := (syscall.Errno)(0); errors.As(own, &cause) {
		own = cause // the name is that of a temporary file
	}
	if own != nil {
		own = fmt.Errorf("flag -o: %q: %w", f.file, own)
	}
	return cmp.Or(err, own)
}

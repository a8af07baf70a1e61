package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"tcpclose/check"
	"tcpclose/cmd/tcpclose/internal/base"
	"tcpclose/cmd/tcpclose/internal/cli"
	"tcpclose/cmd/tcpclose/internal/report"
	"tcpclose/explore"
	"tcpclose/explore/product"
	"tcpclose/graphviz"
	"tcpclose/internal/lang"
	"tcpclose/invariants"
	"tcpclose/model"
	"tcpclose/survey"
	"tcpclose/trace"
)

const graphText = `Draws the reachable states as a graph in the DOT language; Graphviz makes a
picture of it:

    tcpclose graph no-data | dot -Tsvg -o no-data.svg

The views are
  states    the states by the pair of connection states, with their number, what
            leads from one to another, and where properties are violated
  endpoint  one endpoint's own state diagram as it was found, against figure 5
            of RFC 9293; figure5 is another name of it
  full      every state and every step, if there are few

Exit status: 0 when the picture shows all runs; 2 for a wrong command line, or
for a picture that cannot be drawn; 3 when not everything was explored, as the
picture then says.
`

var graphCommand = &cli.Command{
	Name: "graph", Args: "[PRESET | PROFILE] [FLAGS]", Kind: kindShow,
	Summary: "draw the reachable states, for Graphviz",
	Text:    graphText, Words: base.Names,
	Set: func() *cli.Set { return new(graphFlags).set() },
	Run: runGraph,
}

// The views of a graph.
const (
	viewStates   = "states"
	viewEndpoint = "endpoint"
	viewFigure5  = "figure5"
	viewFull     = "full"
)

var graphViews = []string{viewStates, viewEndpoint, viewFigure5, viewFull}

// graphFlags contains the flags of graph, as given.
type graphFlags struct {
	checkFlags
	view     string
	file     string // "" is out
	language lang.Language
	path     *invariants.Property
	loops    bool
	reasons  bool
	force    bool
}

func runGraph(ctx context.Context, args []string, out, errs io.Writer) (int, error) {
	f, err := parseGraph(args)
	if err != nil {
		return 0, err
	}
	from, config, err := f.Config()
	if err != nil {
		return 0, err
	}
	var properties []*invariants.Property // searched for
	if f.view == viewStates {
		if properties, err = f.asked(); err != nil {
			return 0, err
		}
	}
	// What was explored is drawn in any case.
	within, o, progress, end := f.Begin(ctx, errs, f.language, "exploring %s", from.TitleIn(f.language))
	defer end()
	// No more is explored than is needed to know that there are too many.
	few := f.view == viewFull && !f.force && (f.MaxStates == 0 || f.MaxStates > graphviz.MaxFull)
	if few {
		o.Limits.States = graphviz.MaxFull
	}
	trace, status, err := f.trace(within, config, o)
	if err != nil {
		return status, err
	}
	space, err := survey.ExploreSpace(within, config, properties, o)
	if err != nil {
		return ours(err)
	}
	if few && slices.Contains(space.Result.Incomplete, explore.BoundStates) {
		return 0, cli.Want("%s or %s, a smaller configuration, or -force: there are more than %d states, too many to see",
			viewStates, viewEndpoint, graphviz.MaxFull).Of("flag -view", viewFull)
	}
	progress.Doing("drawing")
	err = f.write(out, func(w io.Writer) error { return f.draw(ctx, w, space, trace, f.title(from, config)) })
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

// draw writes the picture.
func (f *graphFlags) draw(ctx context.Context, w io.Writer, space *survey.Space, trace *trace.Trace, title []string) error {
	if f.view == viewFull {
		return graphviz.Full(ctx, w, space, graphviz.FullOptions{Title: title, Language: f.language})
	}
	quotient, err := space.Quotient(ctx)
	if err != nil {
		return err
	}
	var text []byte
	if f.view == viewStates {
		so := graphviz.StatesOptions{Title: title, Language: f.language, Loops: f.loops, Path: trace}
		if trace != nil {
			so.Of = f.path.Name
		}
		text, err = graphviz.States(quotient, so)
	} else {
		text, err = graphviz.Endpoint(quotient.Diagram(), &quotient.Result, graphviz.EndpointOptions{Title: title, Language: f.language, Reasons: f.reasons})
	}
	if err != nil {
		return err
	}
	_, err = io.Copy(w, bytes.NewReader(text))
	return err
}

// set returns the flags of graph.
func (f *graphFlags) set() *cli.Set {
	f.view = viewStates
	set := cli.NewSet("graph")
	f.Target.Add(set)
	set.Add(cli.Flag{
		Name: "view", Group: cli.Question, Values: "VIEW", Default: viewStates, Means: "what to draw: states, endpoint (or figure5), or full",
		Words: func() []string { return graphViews },
		Set: func(text string) error {
			if !slices.Contains(graphViews, text) {
				return cli.WantName(text, "a view", "tcpclose help graph", graphViews)
			}
			f.view = text
			return nil
		},
	})
	set.Add(cli.Flag{
		Name: "properties", Group: cli.Question, Values: "NAMES", Default: all, Means: "of states: mark where these are violated, or none",
		Words: func() []string { return append(propertyNames(invariants.Properties), "none") },
		Set: func(text string) error {
			f.properties = []string{}
			if text != "none" {
				f.properties = strings.Split(text, ",")
			}
			return nil
		},
	})
	every := slices.Concat(invariants.Properties, invariants.Witnesses, invariants.LivenessProperties)
	set.Add(cli.Flag{
		Name: "path", Group: cli.Question, Values: "NAME", Means: "of states: colour the run that violates a property",
		More:  "Or that shows a witness.",
		Words: func() []string { return propertyNames(every) },
		Set: func(text string) error {
			i := slices.IndexFunc(every, func(p *invariants.Property) bool { return p.Name == text })
			if i < 0 {
				return cli.WantName(text, "a property or witness", "tcpclose list properties witnesses", propertyNames(every))
			}
			f.path = every[i]
			return nil
		},
	})
	f.Limits.Add(set)
	set.Switch(cli.Flag{Name: "loops", Group: cli.Output, Means: "of states: also show what happens without a change of state"}, &f.loops)
	set.Switch(cli.Flag{Name: "reasons", Group: cli.Output, Means: "of endpoint: say why an arrow of the RFC was not found"}, &f.reasons)
	set.Switch(cli.Flag{Name: "force", Group: cli.Output, Means: fmt.Sprintf("of full: write more than %d states, too", graphviz.MaxFull)}, &f.force)
	set.Text(cli.Flag{Name: "o", Group: cli.Output, Values: "FILE", Means: "write to this file, not to standard output"}, &f.file)
	report.AddLanguage(set, &f.language)
	return set
}

func parseGraph(args []string) (*graphFlags, error) {
	f := &graphFlags{}
	set := f.set()
	words, err := set.Parse(args)
	if err != nil {
		return nil, err
	}
	if err := f.Bare(words); err != nil {
		return nil, err
	}
	if f.view == viewFigure5 {
		f.view = viewEndpoint
	}
	for _, only := range []struct{ name, view string }{
		{"properties", viewStates}, {"path", viewStates}, {"loops", viewStates}, {"reasons", viewEndpoint}, {"force", viewFull},
	} {
		if set.Given(only.name) && only.view != f.view {
			return nil, cli.Want("-view %s with it", only.view).About("flag -" + only.name)
		}
	}
	return f, nil
}

// trace is the run to colour, or nil.
func (f *graphFlags) trace(ctx context.Context, c model.Config, o product.Options) (_ *trace.Trace, status int, err error) {
	if f.path == nil {
		return nil, cli.OK, nil
	}
	r, err := check.Check(ctx, c, []*invariants.Property{f.path}, check.Options{Options: o, UntilFound: true})
	if err != nil {
		status, err := ours(err)
		return nil, status, err
	}
	switch found := &r.Findings[0]; {
	case found.Trace != nil:
		return found.Trace, cli.OK, nil
	case found.Verdict == check.Unknown:
		return nil, cli.Unknown, cli.Want("a property that is violated or a witness that is reached, not %s (unknown)", cli.Quoted(f.path.Name)).About("flag -path")
	default:
		return nil, cli.Usage, cli.Want("a property that is violated or a witness that is reached, not %s (%s)", cli.Quoted(f.path.Name), found.Verdict.String()).About("flag -path")
	}
}

// title returns the caption of a picture of config.
func (f *graphFlags) title(from *base.Base, config model.Config) []string {
	title := from.TitleIn(f.language)
	if against := config.Against(from.Config); len(against) > 0 {
		title = f.language.Say("%s, changed: %s", title, strings.Join(against, " "))
	}
	return append([]string{title}, report.Describe(f.language, config)...)
}

// write writes to out or to the file that was asked for.
func (f *graphFlags) write(out io.Writer, to func(io.Writer) error) error {
	if f.file == "" {
		return to(out)
	}
	return report.WriteFile("o", f.file, to)
}

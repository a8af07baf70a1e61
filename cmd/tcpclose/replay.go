package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"tcpclose/cmd/tcpclose/internal/cli"
	"tcpclose/cmd/tcpclose/internal/report"
	"tcpclose/cmd/tcpclose/internal/screen"
	"tcpclose/trace"
)

const replayText = `Replays a trace that was written with -format json ("-" is standard input)
against the model, and shows it. If the model goes another way, it shows the run
so far and says where the trace departs from it. docs/traces.md describes the
form.

Exit status: 0 when the trace replays; 1 when it departs; 2 for a file that is
not a trace, or a wrong command line.
`

var replayCommand = &cli.Command{
	Name: "replay", Args: "FILE [FLAGS]", Kind: kindShow,
	Summary: "replay and show a trace that was written as JSON",
	Text:    replayText,
	Set:     func() *cli.Set { return replaySet(new(report.Traces)) },
	Run:     runReplay,
}

// replaySet returns the flags of replay.
func replaySet(show *report.Traces) *cli.Set {
	set := cli.NewSet("replay")
	show.Add(set)
	return set
}

// maxFile is the largest file that is read, in bytes.
const maxFile = 64 << 20

func runReplay(_ context.Context, args []string, out, _ io.Writer) (int, error) {
	var show report.Traces
	names, err := replaySet(&show).Parse(args)
	if err != nil {
		return 0, err
	}
	if len(names) != 1 {
		return 0, wantWords(names, "the name of one file, or - for standard input")
	}
	text, err := readFile(names[0])
	if err != nil {
		return 0, err
	}
	file, err := trace.Read(text)
	if err != nil {
		return 0, cli.Want("a trace that -format json wrote: %v", err).Of("file", names[0])
	}
	story, err := file.Replay()
	departure, departs := errors.AsType[*trace.Departure](err)
	if err != nil && !departs {
		return 0, err
	}
	if show.Output != "" {
		err = report.WriteFile("o", show.File(story.About), func(w io.Writer) error { return show.Story(w, story) })
	} else {
		err = show.Story(out, story)
	}
	if err != nil {
		return 0, err
	}
	if departs {
		if !show.Alone() {
			fmt.Fprint(out, screen.Indent(show.Language.Say("The trace departs from the model: %v.", departure), 0, 2))
			return cli.Violated, nil
		}
		return cli.Violated, nil
	}
	if !show.Alone() {
		fmt.Fprintln(out, show.Language.Say("The trace replays: %s.", report.Length(show.Language, story.Trace)))
	}
	return cli.OK, nil
}

// readFile returns the contents of a file.
func readFile(name string) ([]byte, error) {
	in := os.Stdin
	if name != "-" {
		var err error
		if in, err = os.Open(name); err != nil {
			return nil, cli.Want("a file that can be read: %v", cli.Innermost(err)).Of("file", name)
		}
		defer in.Close()
	}
	text, err := io.ReadAll(io.LimitReader(in, maxFile+1))
	if err != nil {
		return nil, cli.Want("a file that can be read: %v", cli.Innermost(err)).Of("file", name)
	}
	if len(text) > maxFile {
		err = cli.Want("a trace; it has more than %d bytes", maxFile).Of("file", name)
	}
	return text, err
}

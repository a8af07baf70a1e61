package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"tcpclose/cmd/tcpclose/internal/cli"
	"tcpclose/cmd/tcpclose/internal/report"
	"tcpclose/trace"
)

const replayText = `usage: tcpclose replay FILE [flags]

Replays a trace that was written with -format json ("-" is standard input) against
the model, and shows it. If the model goes another way, it shows the run so far and
says where the trace departs from it. docs/traces.md describes the form.

Exit status: 0 when the trace replays; 1 when it departs; 2 for a file that is no
trace, or a wrong command line.

`

// maxFile is the largest file that is read, in bytes.
const maxFile = 64 << 20

func runReplay(_ context.Context, args []string, out, _ io.Writer) (int, error) {
	set := newFlags("replay")
	var show report.Traces
	show.Add(set)
	var names []string
	if len(args) > 0 && (args[0] == "-" || !strings.HasPrefix(args[0], "-")) {
		names, args = args[:1], args[1:]
	}
	if err := parse(set, args, replayText, out); err != nil {
		return 0, err
	}
	if names = append(names, set.Args()...); len(names) != 1 {
		return 0, fmt.Errorf("%d arguments: want the name of a file, before the flags or after them", len(names))
	}
	text, err := readFile(names[0])
	if err != nil {
		return 0, err
	}
	file, err := trace.Read(text)
	if err != nil {
		return 0, fmt.Errorf("file %q: %w", names[0], err)
	}
	story, err := file.Replay()
	departure, departs := errors.AsType[*trace.Departure](err)
	if err != nil && !departs {
		return 0, err
	}
	if show.Output != "" {
		err = report.WriteFile(show.File(story.About), func(w io.Writer) error { return show.Story(w, story) })
	} else {
		err = show.Story(out, story)
	}
	if err != nil {
		return 0, err
	}
	if departs {
		if !show.Alone() {
			fmt.Fprintf(out, "The trace departs from the model: %v.\n", departure)
			return cli.Violated, nil
		}
		return cli.Violated, nil
	}
	if !show.Alone() {
		fmt.Fprintf(out, "The trace replays: %s.\n", report.Length(story.Trace))
	}
	return cli.OK, nil
}

// readFile is what stands in a file.
func readFile(name string) ([]byte, error) {
	in := os.Stdin
	if name != "-" {
		var err error
		if in, err = os.Open(name); err != nil {
			return nil, fmt.Errorf("file %q: %w", name, report.Lastly(err))
		}
		defer in.Close()
	}
	text, err := io.ReadAll(io.LimitReader(in, maxFile+1))
	if err != nil {
		return nil, fmt.Errorf("file %q: %w", name, report.Lastly(err))
	}
	if len(text) > maxFile {
		err = fmt.Errorf("file %q: more than %d bytes: want a trace", name, maxFile)
	}
	return text, err
}

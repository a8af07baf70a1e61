package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"tcpclose/capture"
	"tcpclose/claims"
	"tcpclose/cmd/tcpclose/internal/cli"
	"tcpclose/cmd/tcpclose/internal/explain"
	"tcpclose/cmd/tcpclose/internal/report"
	"tcpclose/cmd/tcpclose/internal/screen"
)

const explainText = `Explains a capture, or a list of sockets ("-" is standard input).

Of a capture (pcap or pcapng, packed by gzip or not) it tells for each
connection who closed first, how it ended, what came again, came late or was
not captured, and what an RST answers. It uses the frames alone: it cannot know
what was lost after the capture, and does not say whether an end broke a rule.
Of many connections it counts the kinds of ends, the worst first.

Of what 'ss -tanop' or 'netstat -tanp' writes, or /proc/net/tcp, it tells for
each state what the sockets wait for, what ends that and when.

    tcpclose explain FILE.pcap
    ss -tanop | tcpclose explain -
    tcpclose explain /proc/net/tcp

Exit status: 0; 2 for a wrong command line or a file that is neither; 3 for a
capture that could not be read to its end.
`

var explainCommand = &cli.Command{
	Name: "explain", Args: "FILE [FLAGS]", Kind: kindKnow,
	Summary: "tell how the connections of a capture ended, or what sockets wait for",
	Text:    explainText,
	Set:     func() *cli.Set { return explainSet(new(explain.Teller)) },
	Run:     runExplain,
}

// explainSet returns the flags of explain.
func explainSet(t *explain.Teller) *cli.Set {
	set := cli.NewSet("explain")
	set.Switch(cli.Flag{Name: "all", Group: cli.Output, Means: "tell every connection of a capture, however many"}, &t.All)
	report.AddLanguage(set, &t.Lang)
	set.Switch(cli.Flag{Name: "json", Group: cli.Output, Means: "write JSON: of a capture, a connection a line"}, &t.JSON)
	return set
}

func runExplain(_ context.Context, args []string, out, errs io.Writer) (int, error) {
	t := &explain.Teller{Out: out}
	names, err := explainSet(t).Parse(args)
	if err != nil {
		return 0, err
	}
	if len(names) != 1 {
		return 0, wantWords(names, "the name of one file, or - for standard input")
	}
	in := os.Stdin
	if names[0] != "-" {
		if in, err = os.Open(names[0]); err != nil {
			return 0, cli.Want("a file that can be read: %v", cli.Innermost(err)).Of("file", names[0])
		}
		defer in.Close()
	}
	reading := claims.Text{EN: "reading the capture", ZH: "正在读取抓包"}.In(t.Lang)
	progress := screen.NewProgress(errs, reading)
	err = t.Explain(in, func(frames int) { progress.Doing(fmt.Sprintf("%s: %d", reading, frames)) })
	progress.End()
	if broken, ok := errors.AsType[*capture.BrokenError](err); ok {
		fmt.Fprintf(errs, "tcpclose explain: %s: broken after frame %d: %v\n", names[0], broken.Frames, broken.Err)
		return cli.Unknown, nil
	}
	if err != nil {
		return 0, &cli.Mistake{Thing: "file", Value: names[0], Given: true, Want: err.Error()}
	}
	return cli.OK, nil
}

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"

	"github.com/dustin/go-humanize"

	"tcpclose/capture"
	"tcpclose/capture/ends"
	"tcpclose/claims"
	"tcpclose/cmd/tcpclose/internal/cli"
	"tcpclose/cmd/tcpclose/internal/explain"
	"tcpclose/cmd/tcpclose/internal/report"
	"tcpclose/cmd/tcpclose/internal/screen"
	"tcpclose/profile"
)

const explainText = `Explains how the connections of a capture closed, or what the sockets of a list
wait for ("-" is standard input).

For each connection of a capture (pcap or pcapng, gzipped or not) it says which
end closed first, how the connection ended, which segments were retransmitted,
arrived late or are missing from the capture, and what an RST answers. Then it
follows both ends through everything that can have happened unseen, and says
which states they can be in, what their programs were told, and whether
conforming ends can have sent these segments. Given two captures of the same
connections, it says what both allow, which segments did not arrive, and how far
apart the clocks are. Many connections are counted by how they ended, the worst
first. Ctrl-C stops the reading; what was read by then is explained.

For the output of 'ss -tanop' or 'netstat -tanp', and for /proc/net/tcp, it says
what the sockets in each state wait for, and what ends that state and when. For
'conntrack -L', and for /proc/net/nf_conntrack, it says what the states mean,
which are the tracker's, and in which states the two ends can be.

    tcpclose explain FILE.pcap
    tcpclose explain CLIENT.pcap SERVER.pcap    (one close to each end)
    tcpclose explain FILE.pcap -kind aborted,reset-after-fin -all
    tcpclose explain FILE.pcap -where 'client.fins > 1 && ms > 1000' -csv
    ss -tanop | tcpclose explain -
    tcpclose explain /proc/net/tcp
    conntrack -L | tcpclose explain -

Exit status: 0; 2 for a wrong command line, or a file that is neither; 3 for a
capture that was not read to its end.
`

var explainCommand = &cli.Command{
	Name: "explain", Args: "FILE [FLAGS]", Kind: kindKnow,
	Summary: "how the connections of a capture ended, or what sockets wait for",
	Text:    explainText,
	Set:     func() *cli.Set { return explainSet(new(explain.Teller)) },
	Run:     runExplain,
}

// explainSet returns the flags of explain.
func explainSet(t *explain.Teller) *cli.Set {
	set := cli.NewSet("explain")
	set.Switch(cli.Flag{Name: "all", Group: cli.Output, Means: "explain every connection of a capture, every socket of a list"}, &t.All)
	set.Switch(cli.Flag{Name: "ladder", Group: cli.Output, Means: "draw each explained connection, with the states of both ends"}, &t.Ladder)
	report.AddLanguage(set, &t.Lang)
	form := func(name, means string, is explain.Form) {
		set.Add(cli.Flag{Name: name, Group: cli.Output, Means: means, Alone: true, Words: func() []string { return []string{"true", "false"} }, Set: func(text string) error {
			on, err := strconv.ParseBool(text)
			switch {
			case err != nil:
				return cli.Want("true or false")
			case on && t.Form != explain.Text && t.Form != is:
				return cli.Want("one of -json, -csv and -svg")
			case on:
				t.Form = is
			}
			return nil
		}})
	}
	form("json", "write JSON; for a capture, one line for each connection", explain.JSON)
	form("svg", "draw the connections that are told as a picture, at most twelve without -all", explain.SVG)
	form("csv", "write comma-separated values, one line for each connection", explain.CSV)
	set.Add(cli.Flag{Name: "host", Group: cli.Output, Means: "use the sysctls of this machine, not Linux's defaults", Alone: true, Words: func() []string { return []string{"true", "false"} }, Set: func(text string) error {
		on, err := strconv.ParseBool(text)
		if err != nil {
			return cli.Want("true or false")
		}
		if on {
			if t.Linux, _, err = profile.Host(profile.HostDir); err != nil {
				return cli.Because(err)
			}
		}
		return nil
	}})
	choice(set, &t.Choice)
	set.Add(cli.Flag{Name: "at", Group: cli.Question, Values: "PLACE", Means: "where the capture was made: close to the client (a), the server (b) or both, or in the middle; else it is found by round trips",
		Words: func() []string { return []string{"a", "b", "both", "middle"} }, Set: func(text string) error {
			places := map[string]ends.Place{"a": ends.AtClient, "b": ends.AtServer, "both": ends.AtBoth, "middle": ends.Middle}
			at, known := places[text]
			if !known {
				return cli.Want("a, b, both or middle")
			}
			t.At = at
			return nil
		}})
	return set
}

// choice adds the flags that say which connections are told.
func choice(set *cli.Set, h *explain.Choice) {
	set.Add(cli.Flag{Name: "where", Group: cli.Question, Values: "EXPR", Means: "only the connections that satisfy it ('tcpclose list connections')", Set: func(text string) (err error) {
		if h.Where, err = explain.Filters().Parse(text); err != nil {
			return asked(err, text)
		}
		return nil
	}})
	set.Add(cli.Flag{Name: "kind", Group: cli.Question, Values: "NAMES", Means: "only the connections that ended in these ways", Words: capture.Kinds, Set: func(text string) error {
		h.Kinds = strings.Split(text, ",")
		for _, name := range h.Kinds {
			if !slices.Contains(capture.Kinds(), name) {
				return cli.WantName(name, "a kind of end", "tcpclose list connections", capture.Kinds())
			}
		}
		return nil
	}})
	set.Add(cli.Flag{Name: "addr", Group: cli.Question, Values: "ADDRS", Means: "only the connections of HOST, NETWORK, :PORT or HOST:PORT", Set: func(text string) error {
		for _, word := range strings.Split(text, ",") {
			a, err := explain.ParseAddr(word)
			if err != nil {
				return cli.Because(err)
			}
			h.Addrs = append(h.Addrs, a)
		}
		return nil
	}})
}

func runExplain(ctx context.Context, args []string, out, errs io.Writer) (int, error) {
	t := &explain.Teller{Out: out, Linux: profile.Defaults()}
	names, err := explainSet(t).Parse(args)
	if err != nil {
		return 0, err
	}
	if len(names) == 2 {
		return explainPair(t, names)
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
	size := int64(0)
	info, err := in.Stat()
	if err == nil && info.IsDir() {
		return 0, cli.Want("a file that can be read: %v", syscall.EISDIR).Of("file", names[0])
	}
	if err == nil && info.Mode().IsRegular() {
		size = info.Size()
	}
	read := &countingReader{Reader: in}
	doing := claims.Text{EN: "reading the capture", ZH: "正在读取抓包"}.In(t.Lang)
	progress := screen.NewProgress(errs, t.Lang, "%s", doing)
	err = t.Explain(ctx, read, func(frames int) {
		how := fmt.Sprintf("%s: %s", doing, humanize.Comma(int64(frames)))
		if size > 0 {
			how += fmt.Sprintf(" (%d%%)", 100*read.n.Load()/size)
		}
		progress.Doing("%s", how)
	})
	progress.End()
	if broken, ok := errors.AsType[*capture.BrokenError](err); ok {
		if errors.Is(err, ctx.Err()) {
			fmt.Fprintln(errs, t.Lang.Say("tcpclose explain: %s: stopped after frame %d", names[0], broken.Frames))
			return cli.Unknown, nil
		}
		fmt.Fprintln(errs, t.Lang.Say("tcpclose explain: %s: broken after frame %d: %s", names[0], broken.Frames, t.Lang.Reason(broken.Err)))
		return cli.Unknown, nil
	}
	if err != nil {
		return 0, cli.Because(err).Of("file", names[0])
	}
	return cli.OK, nil
}

// explainPair explains what is in both of two captures.
func explainPair(t *explain.Teller, names []string) (int, error) {
	if t.Form == explain.CSV {
		return 0, wantWords(names, "the name of one file, with -csv")
	}
	var files [2]*os.File
	for i, name := range names {
		f, err := os.Open(name)
		if err != nil {
			return 0, cli.Want("a file that can be read: %v", cli.Innermost(err)).Of("file", name)
		}
		defer f.Close()
		files[i] = f
	}
	if err := t.Pair(files[0], files[1]); err != nil {
		return 0, &cli.Mistake{Thing: "files", Value: strings.Join(names, " "), Given: true, Want: err.Error()}
	}
	return cli.OK, nil
}

// A countingReader counts the octets that are read.
type countingReader struct {
	io.Reader
	n atomic.Int64
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.n.Add(int64(n))
	return n, err
}

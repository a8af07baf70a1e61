// Package command is 'tcpclose explore'.
package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/url"
	"slices"
	"syscall"
	"time"

	"tcpclose/cmd/tcpclose/internal/base"
	"tcpclose/cmd/tcpclose/internal/cli"
	"tcpclose/cmd/tcpclose/internal/explorer"
	"tcpclose/cmd/tcpclose/internal/explorer/page"
	"tcpclose/cmd/tcpclose/internal/explorer/serve"
	"tcpclose/cmd/tcpclose/internal/report"
	"tcpclose/cmd/tcpclose/internal/target"
	"tcpclose/internal/lang"
	"tcpclose/model"
)

const helpText = `Serves a page that runs the model in your browser: choose what happens next, and
the ladder grows; see what else could have happened, what each property says
there, and the shortest run on to a state or a violation; ask for verdicts, and
step through the counterexamples. A lesson has tasks whose answers the model
checks. The page is in English and Chinese. Its address has all that it shows.

    tcpclose explore
    tcpclose explore linux
    tcpclose explore -html close.html

-html writes the page with the engine in it, as one file that opens from a disk
and needs no server. That takes Go and the source: call it in a checkout.

The server can be reached from this machine only, unless -listen says otherwise.
It ends with ctrl-C. docs/explore.md describes the page.

Exit status: 0; 2 for a wrong command line, an address on which it cannot
listen, or if Go or the source is missing.
`

// Command returns the command, of a kind of commands.
func Command(kind string) *cli.Command {
	return &cli.Command{
		Name: "explore", Args: "[PRESET | PROFILE] [FLAGS]", Kind: kind,
		Summary: "a page in the browser that steps through every run",
		Text:    helpText, Words: base.Names,
		Set: func() *cli.Set { return new(flags).set() },
		Run: run,
	}
}

// flags are the flags of explore, as given.
type flags struct {
	target.Target
	language lang.Language
	listen   string
	html     string
	timeout  time.Duration
	states   int
	memory   int
}

func (f *flags) set() *cli.Set {
	set := cli.NewSet("explore")
	f.Target.Add(set)
	f.listen, f.timeout, f.states, f.memory = "127.0.0.1:8317", 10*time.Minute, 500_000_000, 8
	set.Add(cli.Flag{
		Name: "listen", Group: cli.Output, Values: "ADDRESS", Default: f.listen, Means: "where the server listens: host:port; port 0 is any",
		Set: func(text string) error {
			if _, _, err := net.SplitHostPort(text); err != nil {
				return cli.Want("an address to listen on: %v", "host:port")
			}
			f.listen = text
			return nil
		},
	})
	set.Add(cli.Flag{
		Name: "html", Group: cli.Output, Values: "FILE", Means: "write the page with the engine in it, as one file, and serve nothing",
		Set: func(text string) error {
			if text == "" {
				return cli.Want("a file that can be written: %v", "FILE")
			}
			f.html = text
			return nil
		},
	})
	report.AddLanguage(set, &f.language)
	set.Add(cli.Flag{
		Name: "timeout", Group: cli.Limits, Values: "TIME", Default: "10m", Means: "end each search after this time; 0: never",
		Set: func(text string) error {
			d, err := time.ParseDuration(text)
			if err != nil || d < 0 {
				return cli.Want("0 or more, as in 90s or 1h30m")
			}
			f.timeout = d
			return nil
		},
	})
	set.Number(cli.Flag{Name: "max-states", Group: cli.Limits, Values: "N", Default: "500000000", Means: "end each search after this many states; 0: no limit"}, 0, target.MaxLimit, &f.states)
	set.Number(cli.Flag{Name: "max-gigabytes", Group: cli.Limits, Values: "N", Default: "8", Means: "end each search when the server takes so much memory; 0: no limit"}, 0, 1<<20, &f.memory)
	return set
}

func run(ctx context.Context, args []string, out, _ io.Writer) (int, error) {
	f := new(flags)
	words, err := f.set().Parse(args)
	if err != nil {
		return 0, err
	}
	if err := f.Bare(words); err != nil {
		return 0, err
	}
	b, c, err := f.Config()
	if err != nil {
		return 0, err
	}
	if f.html != "" {
		return cli.OK, f.write(ctx, out)
	}
	l, err := net.Listen("tcp", f.listen)
	if err != nil {
		m := cli.Want("an address to listen on: %v", cli.Innermost(err)).Of("flag -listen", f.listen)
		if errors.Is(err, syscall.EADDRINUSE) {
			m.Hint = "another port, as in -listen 127.0.0.1:0"
		}
		return 0, m
	}
	address := l.Addr().String()
	fmt.Fprintln(out, "http://"+address+"/"+fragment(b, c, f.language))
	if !serve.IsLoopback(address) {
		fmt.Fprintln(out, f.language.Say("Whoever reaches this address can have this machine search."))
	}
	e := explorer.NewEngine(explorer.Limits{Time: f.timeout, States: f.states, Memory: int64(f.memory) << 30})
	if err := serve.Run(ctx, l, serve.Handler(e, page.HTML, address)); err != nil {
		return 0, cli.Because(err).About("server")
	}
	return cli.OK, nil
}

// write writes the page with the engine in it.
func (f *flags) write(ctx context.Context, out io.Writer) error {
	size := 0
	err := report.WriteFile("html", f.html, func(w io.Writer) error {
		script, engine, err := build(ctx)
		if err != nil {
			return cli.Because(err).Of("flag -html", f.html)
		}
		text := page.WithEngine(script, engine)
		size = len(text)
		_, err = w.Write(text)
		return err
	})
	if err == nil {
		fmt.Fprintln(out, f.language.Say("%s: the page and the engine, %.1f MB.", f.html, float64(size)/1e6))
	}
	return err
}

// fragment returns the part of the address that has the configuration.
func fragment(b *base.Base, c model.Config, l lang.Language) string {
	u := explorer.SetupOf(b, c)
	q := url.Values{"lang": {l.String()}}
	for name, value := range map[string]string{"base": u.Base, "a": u.A, "b": u.B} {
		if value != "" {
			q.Set(name, value)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(u.Fields)) {
		q.Set("f."+name, u.Fields[name])
	}
	return "#" + q.Encode()
}

// Command tcpclose explores how a TCP connection can end, exhaustively.
//
//	tcpclose check   # the verdict on every property, with a trace where one fails
//	tcpclose resume  # a check goes on from its checkpoint
//	tcpclose find    # a run to where an expression is true
//	tcpclose margin  # the least losses, copies and overtakings that break a property
//	tcpclose graph   # the reachable states as a picture, in DOT
//	tcpclose faults  # which properties catch the mistakes that real stacks have made
//	tcpclose claims  # what the notes on the four-way close say, judged
//	tcpclose lose    # what comes of losing one of the four segments
//	tcpclose replay  # whether a trace can happen, and how it looks
//	tcpclose profile # how Linux closes, in seconds, and what that comes to here
//	tcpclose list    # presets, profiles, properties, witnesses, decisions, faults, fields, clauses, terms
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"regexp"
	"strconv"
	"strings"
	"syscall"

	"tcpclose/cmd/tcpclose/internal/cli"
	"tcpclose/model"
)

// A command of tcpclose.
type command struct {
	name    string
	summary string
	run     func(ctx context.Context, args []string, out, errs io.Writer) (int, error)
}

var commands = []command{
	{"check", "give the verdict on every property", runCheck},
	{"resume", "go on with a check from its checkpoint", runResume},
	{"find", "find the shortest run to where an expression is true", runFind},
	{"margin", "tell the least that the network has to do to break each property", runMargin},
	{"graph", "draw the reachable states, for Graphviz", runGraph},
	{"faults", "say which properties catch the mistakes that real stacks have made", runFaults},
	{"claims", "judge what the notes on the four-way close say", runClaims},
	{"lose", "tell what comes of losing one of the four segments", runLose},
	{"replay", "replay a trace that was written as JSON, and show it", runReplay},
	{"profile", "show how Linux closes, in seconds, and what that comes to on this machine", runProfile},
	{"list", "show presets, profiles, properties, witnesses, decisions, faults, fields, clauses, terms", runList},
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run is the program without its process. An error of a command is one of its
// use, unless its status says that the verdict is unknown.
func run(ctx context.Context, args []string, out, errs io.Writer) int {
	if len(args) == 0 {
		usage(errs)
		return cli.Usage
	}
	if args[0] == "help" || args[0] == "-h" || args[0] == "-help" || args[0] == "--help" {
		usage(out)
		return cli.OK
	}
	for _, c := range commands {
		if c.name != args[0] {
			continue
		}
		status, err := c.run(ctx, args[1:], out, errs)
		if errors.Is(err, flag.ErrHelp) {
			return cli.OK
		}
		if err != nil {
			fmt.Fprintf(errs, "tcpclose %s: %v\n", c.name, err)
			return max(status, cli.Usage)
		}
		return status
	}
	fmt.Fprintf(errs, "tcpclose: command %q: want %s ('tcpclose help' says more)\n", args[0], commandNames())
	return cli.Usage
}

func commandNames() string {
	var names []string
	for _, c := range commands {
		names = append(names, c.name)
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " or " + names[last]
}

func usage(w io.Writer) {
	fmt.Fprintln(w, "tcpclose explores how a TCP connection can end, exhaustively.")
	fmt.Fprintln(w)
	for _, c := range commands {
		fmt.Fprintf(w, "  tcpclose %-7s  %s\n", c.name, c.summary)
	}
	fmt.Fprintln(w)
	fmt.Fprintln(w, "'tcpclose COMMAND -h' says more.")
}

// newFlags is a flag set whose errors are reported by parse alone.
func newFlags(name string) *flag.FlagSet {
	f := flag.NewFlagSet(name, flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.Usage = func() {}
	return f
}

// parse parses flags. If help is asked for, it writes text and what the flags
// mean. Any other error it puts in the words of this program.
func parse(f *flag.FlagSet, args []string, text string, out io.Writer) error {
	err := f.Parse(args)
	if err == nil {
		return nil
	}
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(out, text)
		printDefaults(f, out)
		return err
	}
	if m := badValue.FindStringSubmatch(err.Error()); m != nil {
		value, name, why := m[1], m[2], m[3]
		if why == "parse error" { // of a flag that is true or false; the others say what they want
			why = "want true or false"
		}
		return fmt.Errorf("flag -%s: %s: %s", name, value, why)
	}
	what, arg, _ := strings.Cut(err.Error(), ": ")
	quoted := strconv.Quote(arg)
	name := quoted[1 : len(quoted)-1] // on one line, whatever was typed
	switch what {
	case "flag provided but not defined":
		return fmt.Errorf("flag %s: no such flag ('tcpclose %s -h' lists them)", name, f.Name())
	case "flag needs an argument":
		return fmt.Errorf("flag %s: want a value", name)
	case "bad flag syntax":
		return fmt.Errorf("argument %s: want -name or -name=value", quoted)
	}
	return err
}

// printDefaults writes what the flags mean. Of what belongs to an end the plain name
// stands for the others, too.
func printDefaults(f *flag.FlagSet, out io.Writer) {
	shown, ends := flag.NewFlagSet(f.Name(), flag.ContinueOnError), false
	f.VisitAll(func(each *flag.Flag) {
		field, err := model.FindField(each.Name)
		if err == nil && field.Scope == model.OfEnd && field.Forms()[0] == field.Base {
			ends = true
			return
		}
		shown.Var(each.Value, each.Name, each.Usage)
	})
	shown.SetOutput(out)
	shown.PrintDefaults()
	if ends {
		fmt.Fprint(out, "\nDecisions and timers of one end have a- or b- before the name, as in -a-rto 4; without\nit they are set at both ends ('tcpclose list fields').\n")
	}
}

// parseAround is parse where flags stand before the other arguments, after them, or
// both. It returns the others.
func parseAround(f *flag.FlagSet, args []string, text string, out io.Writer) (others []string, err error) {
	for rest := args; ; others = append(others, rest[0]) {
		if len(others) > 0 {
			rest = rest[1:]
		}
		if err := parse(f, rest, text, out); err != nil {
			return nil, err
		}
		if rest = f.Args(); len(rest) == 0 {
			return others, nil
		}
	}
}

// badValue is how the flag package puts it.
var badValue = regexp.MustCompile(`^invalid (?:boolean )?value (".*") for (?:flag )?-(\S+): (.*)$`)

// Command tcpclose explores how a TCP connection can end, exhaustively.
//
// 'tcpclose' alone says where to begin, 'tcpclose help' lists the commands, and
// 'tcpclose about WORD' explains a state, a sysctl, a socket option, a flag or a
// property.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"tcpclose/ask"
	"tcpclose/cmd/tcpclose/internal/about"
	"tcpclose/cmd/tcpclose/internal/cli"
	"tcpclose/cmd/tcpclose/internal/corpus"
	explorecommand "tcpclose/cmd/tcpclose/internal/explorer/command"
	"tcpclose/cmd/tcpclose/internal/heap"
	"tcpclose/cmd/tcpclose/internal/screen"
	"tcpclose/cmd/tcpclose/internal/target"
	"tcpclose/internal/lang"
	"tcpclose/internal/near"
)

// commands returns every command, in the order of help. It is a function because help
// is one of them.
func commands() []*cli.Command {
	return []*cli.Command{
		checkCommand, findCommand, marginCommand, stackCommand, interopCommand, resumeCommand,
		explorecommand.Command(kindAsk), explainCommand, aboutCommand, listCommand, loseCommand, claimsCommand, profileCommand,
		graphCommand, replayCommand, faultsCommand, corpus.Command(kindShow),
		helpCommand, versionCommand, completionCommand, completeCommand,
	}
}

// The kinds of commands, as help orders them.
const (
	kindAsk   = "Ask what can happen"
	kindKnow  = "Look something up"
	kindShow  = "Draw, replay, and test the checker"
	kindTool  = "About this program"
	lastHints = "'tcpclose help COMMAND' explains a command, 'tcpclose about WORD' a state,\nsysctl, socket option, flag or property."
)

func main() {
	heap.LimitGarbage()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run is the program without its process.
func run(ctx context.Context, args []string, to, errs io.Writer) int {
	out := screen.NewWriter(to)
	name, status, err := dispatch(ctx, args, out, errs)
	if lost := out.Err(); lost != nil {
		// Nobody reads any more: that is no mistake, and SIGPIPE would have said as little.
		if errors.Is(lost, syscall.EPIPE) {
			return cli.Usage
		}
		status, err = cli.Usage, cli.Because(cli.Innermost(lost)).About("standard output")
	}
	if err != nil {
		fmt.Fprintf(errs, "tcpclose%s: %v\n", name, cli.Because(err).In(language(args)))
		return max(status, cli.Usage)
	}
	return status
}

// language returns the language that args ask for. Mistakes of other flags are in it, too.
func language(args []string) lang.Language {
	for i, arg := range args {
		name, value, has := strings.Cut(strings.TrimLeft(arg, "-"), "=")
		if name != "lang" || !strings.HasPrefix(arg, "-") {
			continue
		}
		if !has && i+1 < len(args) {
			value = args[i+1]
		}
		if l, err := lang.Parse(value); err == nil {
			return l
		}
	}
	return lang.English
}

// withoutLanguage returns args unless they only set a language.
func withoutLanguage(args []string) []string {
	if len(args) > 2 || len(args) == 0 || !strings.HasPrefix(args[0], "-") {
		return args
	}
	if l, words, err := languageFlag(args); err == nil && len(words) == 0 && l == language(args) {
		return nil
	}
	return args
}

// dispatch runs the command that args name, and returns how messages name it.
func dispatch(ctx context.Context, args []string, out, errs io.Writer) (name string, status int, err error) {
	if rest := withoutLanguage(args); len(rest) == 0 {
		welcome(language(args), out)
		return "", cli.OK, nil
	}
	first := args[0]
	switch first {
	case "-h", "-help", "--help":
		first = helpCommand.Name
	case "-version", "--version":
		first = versionCommand.Name
	}
	for _, c := range commands() {
		if c.Name != first {
			continue
		}
		status, err := c.Run(ctx, args[1:], out, errs)
		if errors.Is(err, cli.ErrHelp) {
			c.Help(language(args), out)
			return "", cli.OK, nil
		}
		return " " + c.Name, status, err
	}
	return "", cli.Usage, unknownCommand(first)
}

// unknownCommand is the mistake of a word that is no command: it may be something else
// that is known, or may have been meant for something.
func unknownCommand(word string) *cli.Mistake {
	m := &cli.Mistake{Thing: "command", Value: word, Given: true, Want: "want one that 'tcpclose help' lists"}
	switch {
	case target.IsBase(word):
		m.Hint = "it is a " + about.Kind(word) + ": 'tcpclose check " + word + "'"
	case slices.Contains(listNames(), word):
		m.Hint = "did you mean 'tcpclose list " + word + "'?"
	case about.Kind(word) != "":
		m.Hint = "it is a " + about.Kind(word) + ": 'tcpclose about " + screen.Quoted(word) + "'"
	default:
		if meant := near.Name(word, commandNames()); meant != "" {
			m.Hint = "did you mean " + meant + "?"
		} else if meant := about.Meant(word); meant != "" {
			m.Hint = "did you mean 'tcpclose about " + screen.Quoted(meant) + "'?"
		}
	}
	return m
}

// ours is an error that is not the command line's.
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
	return cli.Said(func(l lang.Language) string {
		what := e.In(l)
		if e.Column > 0 {
			what = l.Say("column %d: %s", e.Column, what)
		}
		if strings.TrimSpace(e.Text) != strings.TrimSpace(value) && e.Text != "" {
			what = l.Say("in %s, %s", cli.Quoted(e.Text), what)
		}
		return what
	})
}

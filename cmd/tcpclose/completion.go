package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"tcpclose/cmd/tcpclose/internal/cli"
)

const completionText = `Writes what a shell needs to complete the command lines of tcpclose:

    source <(tcpclose completion bash)
    tcpclose completion zsh > "${fpath[1]}/_tcpclose"
    tcpclose completion fish > ~/.config/fish/completions/tcpclose.fish
`

var completionCommand = &cli.Command{
	Name: "completion", Args: "bash | zsh | fish", Kind: kindTool,
	Summary: "what bash, zsh or fish needs to complete command lines",
	Text:    completionText, Words: cli.Shells,
	Set: func() *cli.Set { return cli.NewSet("completion") },
	Run: func(_ context.Context, args []string, out, _ io.Writer) (int, error) {
		words, err := cli.NewSet("completion").Parse(args)
		if err != nil {
			return 0, err
		}
		if len(words) != 1 {
			return 0, wantWords(words, "one shell: bash, zsh or fish")
		}
		script, ok := cli.Script(words[0])
		if !ok {
			return 0, cli.WantName(words[0], "a shell", "tcpclose help completion", cli.Shells()).Of("argument", words[0])
		}
		fmt.Fprint(out, script)
		return cli.OK, nil
	},
}

var completeCommand = &cli.Command{
	Name: "__complete", Args: "SHELL WORD ...", Hidden: true,
	Summary: "complete the last word, for a shell",
	Text:    "Lists what the last word can be; the scripts of 'tcpclose completion' call it.\n",
	Set:     func() *cli.Set { return cli.NewSet("__complete") },
}

func init() { completeCommand.Run = runComplete } // it completes the names of commands

func runComplete(_ context.Context, args []string, out, _ io.Writer) (int, error) {
	if len(args) < 2 {
		return 0, wantWords(args, "a shell and the words of a command line")
	}
	for _, c := range cli.Complete(commands(), args[0], args[1:]) {
		fmt.Fprintln(out, strings.TrimRight(c, "\t"))
	}
	return cli.OK, nil
}

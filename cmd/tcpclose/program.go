package main

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"strings"

	"tcpclose/check"
	"tcpclose/cmd/tcpclose/internal/cli"
	"tcpclose/cmd/tcpclose/internal/screen"
	"tcpclose/internal/lang"
	"tcpclose/model"
	"tcpclose/trace"
)

const versionText = `Shows the revision of the source, the checksums of this build and of the model's
fields, decisions, clauses and faults, and the version of the trace format.
'tcpclose resume' accepts only checkpoints of the same build.
`

var versionCommand = &cli.Command{
	Name: "version", Kind: kindTool,
	Summary: "the build of the program and of the model",
	Text:    versionText,
	Set:     func() *cli.Set { return languageSet("version", new(lang.Language)) },
	Run: func(_ context.Context, args []string, out, _ io.Writer) (int, error) {
		var l lang.Language
		words, err := languageSet("version", &l).Parse(args)
		if err != nil {
			return 0, err
		}
		if len(words) > 0 {
			return 0, cli.Argument(words[0], "nothing behind version")
		}
		build, err := check.BuildSum()
		if err != nil {
			return ours(err)
		}
		fmt.Fprintf(out, "tcpclose %s\n", revision())
		fmt.Fprintf(out, "  go      %s %s/%s\n", runtime.Version(), runtime.GOOS, runtime.GOARCH)
		fmt.Fprintf(out, "  %s%s\n", screen.Pad(l.Say("build"), 8), l.Say("%s, which 'resume' compares", fmt.Sprintf("%.8x", build)))
		fmt.Fprintf(out, "  %s%s\n", screen.Pad(l.Say("model"), 8), l.Say("%s, %d fields, %d decisions, %d clauses", fmt.Sprintf("%.8x", modelSum()), len(model.Fields), model.NumDecisions, model.NumClauses))
		fmt.Fprintf(out, "  %s%s\n", screen.Pad(l.Say("traces"), 8), l.Say("version %d", trace.Version))
		return cli.OK, nil
	},
}

// revision returns the version of the module, or the revision of the source that was
// built.
func revision() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "(unknown)"
	}
	text, modified := info.Main.Version, ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision" && (text == "" || text == "(devel)"):
			text = s.Value
		case s.Key == "vcs.modified" && s.Value == "true" && text != info.Main.Version:
			modified = ", modified"
		}
	}
	return text + modified
}

// modelSum returns the checksum of what the model's parts are called and mean.
func modelSum() []byte {
	sum := sha256.New()
	for _, f := range model.Fields {
		fmt.Fprintf(sum, "%s %s %s\n", f.Name, f.Meaning, f.Get(model.Default()))
	}
	for d := range model.NumDecisions {
		fmt.Fprintf(sum, "%v\n", d.Info())
	}
	for c := range model.NumClauses {
		fmt.Fprintf(sum, "%v\n", c.Info())
	}
	for _, f := range model.Faults() {
		fmt.Fprintf(sum, "%v\n", f.Info())
	}
	return sum.Sum(nil)
}

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

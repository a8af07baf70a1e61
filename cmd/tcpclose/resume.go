package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/dustin/go-humanize"

	"tcpclose/cmd/tcpclose/internal/cli"
	"tcpclose/cmd/tcpclose/internal/target"
	"tcpclose/explore/product"
)

const resumeText = `Continues a check that was stopped, or killed, from its checkpoint ('tcpclose
check -checkpoint FILE'), and keeps writing that file. Verdicts, numbers and
traces are the same as without the interruption.

Accepts the flags of check that leave the question as it was, such as -workers
and -json, in addition to those of the check itself. -timeout, -max-memory and
-spill are not kept: give them again if you want them.

Exit status: as for check; 2 when the file is damaged, belongs to another
question, or was written by another build of the program ('tcpclose version'
says which this is).
`

var resumeCommand = &cli.Command{
	Name: "resume", Args: "FILE [FLAGS of check]", Kind: kindAsk,
	Summary: "continue a check from its checkpoint",
	Text:    resumeText,
	Set:     func() *cli.Set { return cli.NewSet("resume") },
	Run:     runResume,
}

// checkpointEvery is the time between two checkpoints, unless -checkpoint-every sets it.
const checkpointEvery = time.Minute

// survival adds the flags of what a run does when it would be killed.
func (f *checkFlags) survival(set *cli.Set) {
	set.Add(cli.Flag{
		Name: "max-memory", Group: cli.Limits, Values: "SIZE", Default: "0", Means: "stop before the process uses more memory, as in 8GiB; 0: none",
		More: "What is not decided by then is unknown, and the exit status 3; with -spill the run goes on, on the disk.",
		Set: func(text string) error {
			n, err := humanize.ParseBytes(text)
			if err != nil || n > 0 && n < minMemory || n > target.MaxLimit*1000 {
				return cli.Want("64MiB or more, as in 8GiB")
			}
			f.MaxMemory = int64(n)
			return nil
		},
	})
	set.Add(cli.Flag{
		Name: "spill", Group: cli.Limits, Values: "DIR", Means: "store in this directory what does not fit into memory",
		More: "With -max-memory the run goes on where it would stop.",
		Set: func(dir string) error {
			f.Spill = dir
			return writable(dir)
		},
	})
	f.checkpoint.Every = checkpointEvery
	set.Text(cli.Flag{
		Name: "checkpoint", Group: cli.Limits, Values: "FILE", Means: "the checkpoint file, from which 'tcpclose resume' continues",
		More: "It is written now and then, and when the run is stopped.",
	}, &f.checkpoint.File)
	set.Add(cli.Flag{
		Name: "checkpoint-every", Group: cli.Limits, Values: "TIME", Default: "1m", Means: "with -checkpoint: the time between two checkpoints",
		Set: func(text string) error {
			d, err := time.ParseDuration(text)
			if err != nil || d <= 0 {
				return cli.Want("more than 0, as in 90s or 1h30m")
			}
			f.checkpoint.Every = d
			return nil
		},
	})
}

// writable finds out whether a file can be made in a directory.
func writable(dir string) error {
	if dir == "" {
		return nil
	}
	f, err := os.CreateTemp(dir, "tcpclose")
	if err != nil {
		return cli.Want("a directory in which files can be made: %v", cli.Innermost(err))
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// minMemory is a little more than the program takes without a search.
const minMemory = 64 << 20

func runResume(ctx context.Context, args []string, out, errs io.Writer) (int, error) {
	if len(args) > 0 && slices.Contains([]string{"-h", "-help", "--help"}, args[0]) {
		return 0, cli.ErrHelp
	}
	if len(args) == 0 || strings.HasPrefix(args[0], "-") {
		return 0, wantWords(args[:min(1, len(args))], "the file of a checkpoint, before the flags")
	}
	file := args[0]
	note, err := product.ReadNote(file)
	if err != nil {
		return 0, cli.Want("a checkpoint that 'tcpclose check -checkpoint' wrote: %v", errors.New(strings.TrimPrefix(err.Error(), "checkpoint "+file+": "))).Of("file", file)
	}
	var given []string
	if err := json.Unmarshal([]byte(note), &given); err != nil {
		return 0, cli.Want("the checkpoint of a check; it belongs to something else").Of("file", file)
	}
	limits := []string{"-timeout", "0", "-max-memory", "0", "-spill", ""} // of the run that was stopped
	f, err := parseCheck(slices.Concat(given, limits, args[1:]))
	if err != nil {
		return 0, err
	}
	f.checkpoint.Note = note
	f.checkpoint.File, f.checkpoint.Resume = file, true
	return f.check(ctx, out, errs)
}

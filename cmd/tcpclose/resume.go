package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/dustin/go-humanize"

	"tcpclose/explore/product"
)

const resumeText = `usage: tcpclose resume FILE [flags]

Goes on with a check that was stopped, or killed, from the checkpoint that it
wrote ('tcpclose check -checkpoint FILE'), and goes on writing it. The verdicts,
numbers and traces are those of a check that was never disturbed.

Flags are those of check, and add to those that it was given: -workers, -json,
whatever leaves the question as it was. -timeout, -max-memory and -spill are
forgotten: give them again, or others.

Exit status: that of check; 2 when the file is damaged, of another question, or by
another build of the program.

`

// checkpointEvery is how often a checkpoint is written, if nothing else was said.
const checkpointEvery = time.Minute

// survival adds the flags of what a run does when it would be killed.
func (f *checkFlags) survival(set *flag.FlagSet) {
	set.Func("max-memory", "stop before the process takes more than so much `memory`, as in 8GiB; what is not decided by then is unknown (0: no limit)", func(text string) error {
		n, err := humanize.ParseBytes(text)
		if err != nil || n > 0 && n < minMemory || n > maxLimit*1000 {
			return errors.New("want 64MiB or more, as in 8GiB")
		}
		f.maxMemory = int64(n)
		return nil
	})
	set.Func("spill", "put what there is no memory for into this `directory`; with -max-memory, go on where it would stop", func(dir string) error {
		f.spill = dir
		return writable(dir)
	})
	f.checkpoint.Every = checkpointEvery
	set.StringVar(&f.checkpoint.File, "checkpoint", "", "keep in this `file`, now and then and when stopped, what 'tcpclose resume' goes on from")
	set.Func("checkpoint-every", "with -checkpoint: the `time` between two writings (default 1m)", func(text string) error {
		d, err := time.ParseDuration(text)
		if err != nil || d <= 0 {
			return errors.New("want more than 0, as in 90s or 1h30m")
		}
		f.checkpoint.Every = d
		return nil
	})
}

// writable finds out whether a file can be made in a directory.
func writable(dir string) error {
	if dir == "" {
		return nil
	}
	f, err := os.CreateTemp(dir, "tcpclose")
	if err != nil {
		return errors.Unwrap(err)
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// minMemory is what the program takes without a search, and a little more.
const minMemory = 64 << 20

func runResume(ctx context.Context, args []string, out, errs io.Writer) (int, error) {
	if len(args) == 0 || strings.HasPrefix(args[0], "-") {
		set := newFlags("resume")
		if err := parse(set, args, resumeText, out); errors.Is(err, flag.ErrHelp) {
			return 0, err
		}
		return 0, fmt.Errorf("want the file of a checkpoint, before the flags")
	}
	file := args[0]
	note, err := product.ReadNote(file)
	if err != nil {
		return 0, err
	}
	var given []string
	if err := json.Unmarshal([]byte(note), &given); err != nil {
		return 0, fmt.Errorf("checkpoint %s: it is not of a check", file)
	}
	limits := []string{"-timeout", "0", "-max-memory", "0", "-spill", ""} // of the run that was stopped
	f, err := parseCheck(slices.Concat(given, limits, args[1:]), out)
	if err != nil {
		return 0, err
	}
	f.checkpoint.Note = note
	f.checkpoint.File, f.checkpoint.Resume = file, true
	return f.check(ctx, out, errs)
}

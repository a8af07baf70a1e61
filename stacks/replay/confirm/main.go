// Command confirm plays on real stacks what interop finds about their profiles: each
// end's half of each run, on its own stack.
//
//	go run ./stacks/replay/confirm [-root DIR] [-v] PROFILE=STACK PROFILE=STACK
//	go run ./stacks/replay/confirm [-root DIR] -record FILE PROFILE=STACK PROFILE=STACK ...
//	go run ./stacks/replay/confirm -page FILE
//
// A profile is the name of a built-in one, or a file. -record plays all pairs of those
// that are named, and writes what has come of it to a file, after each pair. If there is
// such a file it goes on with it: the ends of the file come first. -page writes the file
// as a page.
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"tcpclose/explore/product"
	"tcpclose/interop"
	"tcpclose/model"
	"tcpclose/profile"
	"tcpclose/stacks"
	"tcpclose/stacks/adapter"
	"tcpclose/stacks/replay"
	"tcpclose/trace"
)

func main() {
	root := flag.String("root", ".", "the `directory` of the module tcpclose")
	verbose := flag.Bool("v", false, "write the run of each finding")
	record := flag.String("record", "", "play all pairs, and write what has come of it to this `file`")
	page := flag.String("page", "", "write the page of what a `file` has recorded")
	flag.Parse()
	var err error
	switch {
	case *page != "" && flag.NArg() == 0:
		err = writePage(os.Stdout, *page)
	case *record != "" && flag.NArg() > 0:
		err = writeRecord(*record, *root, flag.Args())
	case *record == "" && flag.NArg() == 2:
		err = confirm(os.Stdout, *root, flag.Args(), *verbose)
	default:
		err = errors.New("want two of PROFILE=STACK, or more with -record, or -page FILE alone")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "confirm:", err)
		os.Exit(2)
	}
}

// writeRecord plays all pairs that the file does not have yet, and writes what has come of
// it, after each.
func writeRecord(name, root string, args []string) error {
	known, err := readRecord(name)
	if errors.Is(err, fs.ErrNotExist) {
		known, err = &matrix{}, nil
	}
	if err != nil {
		return err
	}
	if n := len(known.Args); n > len(args) || !slices.Equal(known.Args, args[:n]) {
		return fmt.Errorf("%s: it is of %s: want these first", name, strings.Join(known.Args, " "))
	}
	_, err = newMatrix(root, args, known, func(m *matrix) error {
		var text bytes.Buffer
		if err := m.kept().write(&text); err != nil {
			return err
		}
		return os.WriteFile(name, text.Bytes(), 0o644)
	})
	return err
}

// readRecord reads a record.
func readRecord(name string) (*matrix, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	m, err := readMatrix(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return m, nil
}

// writePage writes the page of a record.
func writePage(out io.Writer, name string) error {
	m, err := readRecord(name)
	if err != nil {
		return err
	}
	return m.page(out)
}

// A bench is an end: its profile, and its stack.
type bench struct {
	end   *profile.End
	stack *adapter.Program
}

// startAll starts the stacks of some arguments; stop ends them.
func startAll(root string, args []string) (list []bench, stop func() error, err error) {
	dir, err := os.MkdirTemp("", "confirm")
	if err != nil {
		return nil, nil, err
	}
	stop = func() error {
		var all []error
		for _, b := range list {
			all = append(all, b.stack.Close())
		}
		return errors.Join(append(all, os.RemoveAll(dir))...)
	}
	for i, arg := range args {
		b, err := start(root, filepath.Join(dir, fmt.Sprint(i)), arg)
		if err != nil {
			return nil, nil, errors.Join(err, stop())
		}
		list = append(list, b)
	}
	return list, stop, nil
}

func confirm(out io.Writer, root string, args []string, verbose bool) (err error) {
	ends, stop, err := startAll(root, args)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	report, err := interop.Compare(context.Background(), ends[0].end, ends[1].end, interop.Situations, product.Options{})
	if err != nil {
		return err
	}
	confirmed, rows := 0, 0
	for i := range report.Rows {
		row := &report.Rows[i]
		if row.Answers[0] != interop.Can || row.Traces[0] == nil {
			continue
		}
		rows++
		a, b := play(ends[0], row.Traces[0], model.A, report.Pairs[0].Tick), play(ends[1], row.Traces[0], model.B, report.Pairs[0].Tick)
		if a == "" && b == "" {
			confirmed++
		}
		fmt.Fprintf(out, "%s, %s: %s: %s\n", row.Situation.Name, row.Network.Says.EN, row.Question, verdict(a, b))
		if verbose {
			fmt.Fprintf(out, "%s\n", row.Traces[0])
		}
	}
	fmt.Fprintf(out, "%d of %d findings confirmed\n", confirmed, rows)
	return nil
}

// verdict says what both halves have come to.
func verdict(a, b string) string {
	if a == "" && b == "" {
		return "confirmed by both"
	}
	var words []string
	for i, why := range []string{a, b} {
		name := string(rune('a' + i))
		if why == "" {
			words = append(words, name+" confirmed")
		} else {
			words = append(words, name+": "+why)
		}
	}
	return strings.Join(words, "; ")
}

// start reads the profile and starts the stack of an argument.
func start(root, file, arg string) (b bench, err error) {
	name, stack, ok := strings.Cut(arg, "=")
	if !ok {
		return b, fmt.Errorf("%q: want PROFILE=STACK", arg)
	}
	if b.end = profile.FindEnd(name); b.end == nil {
		f, err := os.Open(name)
		if err != nil {
			return b, err
		}
		defer f.Close()
		if b.end, err = profile.Read(filepath.Base(name), f); err != nil {
			return b, err
		}
	}
	s, err := stacks.Find(stack)
	if err != nil {
		return b, err
	}
	if err := s.Missing(root); err != nil {
		return b, fmt.Errorf("stack %s: %w", stack, err)
	}
	if err := s.Build(root, file); err != nil {
		return b, err
	}
	command := s.Command(file)
	command.Stderr = os.Stderr
	b.stack, err = adapter.Start(command)
	return b, err
}

// unplayable begins why a run cannot be played.
const unplayable = "cannot be played: "

// play plays the end's half of a run, and returns what is otherwise, or "".
func play(b bench, t *trace.Trace, side model.Side, tick time.Duration) string {
	script, err := replay.Script(t, side, tick, replay.Real)
	if err != nil {
		return unplayable + err.Error()
	}
	o, err := script.Run(b.stack.Run, b.stack.Caps.Slack)
	if err != nil {
		return err.Error()
	}
	if o.Difference != nil {
		return o.Difference.String()
	}
	return ""
}

package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/term"

	"tcpclose/check"
	"tcpclose/invariants"
	"tcpclose/model"
	"tcpclose/trace"
)

// traceFlags is how traces are to be shown.
type traceFlags struct {
	view    trace.View
	options trace.ViewOptions
	output  string // the name of the file, perhaps with a *; "" is standard output
}

// inline is how many of trace.Views can stand within a report: the first ones.
const inline = 2

// add adds the flags that every command has which shows traces.
func (f *traceFlags) add(set *flag.FlagSet) {
	f.view = trace.Views[0]
	var names, meanings []string
	for _, v := range trace.Views {
		names = append(names, v.Name)
		meanings = append(meanings, v.Name+" ("+v.Meaning+")")
	}
	set.Func("format", "show a trace as `one of` "+strings.Join(meanings, ", "), func(text string) error {
		at := slices.Index(names, text)
		if at < 0 {
			return fmt.Errorf("want %s", strings.Join(names, ", "))
		}
		f.view = trace.Views[at]
		return nil
	})
	set.StringVar(&f.output, "o", "", "write traces to this `file`; a * in its name stands for the name of the property")
	set.Func("capture", "with -format pcap: capture at `a or b` (default a)", func(text string) (err error) {
		f.options.Capture, err = model.ParseSide(text)
		return want(err)
	})
	set.BoolVar(&f.options.Explain, "explain", false, "say in a ladder which clauses each event follows")
}

// alone reports whether a trace is shown instead of a report.
func (f *traceFlags) alone() bool {
	return f.output == "" && slices.IndexFunc(trace.Views, func(v trace.View) bool { return v.Name == f.view.Name }) >= inline
}

// text writes a trace as a part of a report, or where it is to be found.
func (f *traceFlags) text(out io.Writer, s exhibit) error {
	if f.output != "" {
		fmt.Fprintf(out, "    written to %s\n", f.file(s.about))
		return nil
	}
	return f.write(out, s)
}

// An exhibit is a trace that is to be shown.
type exhibit struct {
	trace *trace.Trace
	about trace.About
}

func (f *traceFlags) write(out io.Writer, s exhibit) error {
	story, err := trace.NewStory(s.trace, s.about)
	if err != nil {
		return fmt.Errorf("an error of this program: %w", err)
	}
	return f.story(out, story)
}

func (f *traceFlags) story(out io.Writer, s *trace.Story) error {
	o := f.options
	o.Color = colors(out)
	if f.view.Binary && isTerminal(out) {
		return fmt.Errorf("flag -format: %s is not for a terminal: want -o FILE", f.view.Name)
	}
	return f.view.Write(out, s, o)
}

// file is the name of the file for a trace.
func (f *traceFlags) file(about trace.About) string {
	return strings.ReplaceAll(f.output, "*", fileName(about.Property))
}

// fileName is a name as a part of a file's.
func fileName(name string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.", r) {
			return r
		}
		return '_'
	}, name)
}

// apart writes traces that are not part of a report: to files, or the only one to
// out.
func (f *traceFlags) apart(out io.Writer, list []exhibit) error {
	if f.output == "" && !f.alone() {
		return nil
	}
	if len(list) == 0 {
		return fmt.Errorf("flag -format: there is no trace to show")
	}
	if len(list) > 1 && !strings.Contains(f.output, "*") {
		var names []string
		for _, s := range list {
			names = append(names, s.about.Property)
		}
		return fmt.Errorf("flag -format: %d traces (%s): want only one to be asked for, or -o FILE with a * in its name", len(list), strings.Join(names, ", "))
	}
	if f.output == "" {
		return f.write(out, list[0])
	}
	for _, s := range list {
		if err := writeFile(f.file(s.about), func(w io.Writer) error { return f.write(w, s) }); err != nil {
			return err
		}
	}
	return nil
}

// writeFile writes a file as a whole or not at all.
func writeFile(name string, write func(io.Writer) error) (err error) {
	file, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+"-*")
	if err != nil {
		return fmt.Errorf("flag -o: %q: %w", name, lastly(err))
	}
	defer func() {
		if err != nil {
			os.Remove(file.Name())
		}
	}()
	if err := errors.Join(write(file), file.Chmod(0o644), file.Close()); err != nil {
		return err
	}
	if err := os.Rename(file.Name(), name); err != nil {
		return fmt.Errorf("flag -o: %q: cannot be written: %w", name, lastly(err))
	}
	return nil
}

// lastly is what an error comes down to, without the names of files.
func lastly(err error) error {
	for errors.Unwrap(err) != nil {
		err = errors.Unwrap(err)
	}
	return err
}

func isTerminal(out io.Writer) bool {
	f, ok := out.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// colors reports whether out shows colours: a terminal does, unless its user has
// said otherwise (https://no-color.org).
func colors(out io.Writer) bool {
	return isTerminal(out) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}

func exhibitProperty(t *trace.Trace, p *invariants.Property, v check.Verdict) exhibit {
	return exhibit{t, trace.About{Property: p.Name, Sentence: p.Sentence, Verdict: v.String()}}
}

func exhibitFinding(f *check.Finding) exhibit {
	return exhibitProperty(f.Trace, f.Property, f.Verdict)
}

package report

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

// Traces is how traces are to be shown.
type Traces struct {
	View    trace.View
	Options trace.ViewOptions
	Output  string // the name of the file, perhaps with a *; "" is standard output
}

// inline is how many of trace.Views can stand within a report: the first ones.
const inline = 2

// Add adds the flags that every command has which shows traces.
func (f *Traces) Add(set *flag.FlagSet) {
	f.View = trace.Views[0]
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
		f.View = trace.Views[at]
		return nil
	})
	set.StringVar(&f.Output, "o", "", "write traces to this `file`; a * in its name stands for the name of the property")
	set.Func("capture", "with -format pcap: capture at `a or b` (default a)", func(text string) (err error) {
		if f.Options.Capture, err = model.ParseSide(text); err != nil {
			return errors.New("want a or b")
		}
		return nil
	})
	set.BoolVar(&f.Options.Explain, "explain", false, "say in a ladder which clauses each event follows")
}

// Alone reports whether a trace is shown instead of a report.
func (f *Traces) Alone() bool {
	return f.Output == "" && slices.IndexFunc(trace.Views, func(v trace.View) bool { return v.Name == f.View.Name }) >= inline
}

// Text writes a trace as a part of a report, or where it is to be found.
func (f *Traces) Text(out io.Writer, s Exhibit) error {
	if f.Output != "" {
		fmt.Fprintf(out, "    written to %s\n", f.File(s.About))
		return nil
	}
	return f.Write(out, s)
}

// An exhibit is a trace that is to be shown.
type Exhibit struct {
	Trace *trace.Trace
	About trace.About
}

func (f *Traces) Write(out io.Writer, s Exhibit) error {
	story, err := trace.NewStory(s.Trace, s.About)
	if err != nil {
		return fmt.Errorf("an error of this program: %w", err)
	}
	return f.Story(out, story)
}

func (f *Traces) Story(out io.Writer, s *trace.Story) error {
	o := f.Options
	o.Color = Colors(out)
	if f.View.Binary && IsTerminal(out) {
		return fmt.Errorf("flag -format: %s is not for a terminal: want -o FILE", f.View.Name)
	}
	return f.View.Write(out, s, o)
}

// File is the name of the file for a trace.
func (f *Traces) File(about trace.About) string {
	return strings.ReplaceAll(f.Output, "*", fileName(about.Property))
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

// Apart writes traces that are not part of a report: to files, or the only one to
// out.
func (f *Traces) Apart(out io.Writer, list []Exhibit) error {
	if f.Output == "" && !f.Alone() {
		return nil
	}
	if len(list) == 0 {
		return fmt.Errorf("flag -format: there is no trace to show")
	}
	if len(list) > 1 && !strings.Contains(f.Output, "*") {
		var names []string
		for _, s := range list {
			names = append(names, s.About.Property)
		}
		return fmt.Errorf("flag -format: %d traces (%s): want only one to be asked for, or -o FILE with a * in its name", len(list), strings.Join(names, ", "))
	}
	if f.Output == "" {
		return f.Write(out, list[0])
	}
	for _, s := range list {
		if err := WriteFile(f.File(s.About), func(w io.Writer) error { return f.Write(w, s) }); err != nil {
			return err
		}
	}
	return nil
}

// WriteFile writes a file as a whole or not at all.
func WriteFile(name string, write func(io.Writer) error) (err error) {
	file, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+"-*")
	if err != nil {
		return fmt.Errorf("flag -o: %q: %w", name, Lastly(err))
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
		return fmt.Errorf("flag -o: %q: cannot be written: %w", name, Lastly(err))
	}
	return nil
}

// Lastly is what an error comes down to, without the names of files.
func Lastly(err error) error {
	for errors.Unwrap(err) != nil {
		err = errors.Unwrap(err)
	}
	return err
}

func IsTerminal(out io.Writer) bool {
	f, ok := out.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// Colors reports whether out shows colours: a terminal does, unless its user has
// said otherwise (https://no-color.org).
func Colors(out io.Writer) bool {
	return IsTerminal(out) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}

func ExhibitProperty(t *trace.Trace, p *invariants.Property, v check.Verdict) Exhibit {
	return Exhibit{t, trace.About{Property: p.Name, Sentence: p.Sentence, Verdict: v.String()}}
}

func ExhibitFinding(f *check.Finding) Exhibit {
	return ExhibitProperty(f.Trace, f.Property, f.Verdict)
}

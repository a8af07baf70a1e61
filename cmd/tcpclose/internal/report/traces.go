package report

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"tcpclose/check"
	"tcpclose/cmd/tcpclose/internal/cli"
	"tcpclose/cmd/tcpclose/internal/screen"
	"tcpclose/internal/lang"
	"tcpclose/invariants"
	"tcpclose/model"
	"tcpclose/trace"
)

// Traces says how to show traces, and what is below them.
type Traces struct {
	View    trace.View
	Options trace.ViewOptions
	Output  string // the name of the file, perhaps with a *; "" is standard output
	Verbose bool   // nothing is folded
	Quiet   bool   // the last line alone
	// Language is that of the explanations.
	Language lang.Language

	formed, captured bool // -format and -capture were given
}

// inline is the number of trace.Views that can be part of a report: the first ones.
const inline = 2

// Fold adds the flags that unfold a report, or leave its last line.
func (f *Traces) Fold(set *cli.Set) {
	set.Switch(cli.Flag{
		Name: "v", Group: cli.Output, Means: "list every verdict, and the configuration",
		More: "Without it what holds, and what does not apply, is counted, unless it was named.",
	}, &f.Verbose)
	set.Switch(cli.Flag{Name: "q", Group: cli.Output, Means: "print the last line only"}, &f.Quiet)
}

// Together reports what does not go together.
func (f *Traces) Together(json bool) error {
	switch {
	case f.Quiet && f.Verbose:
		return &cli.Mistake{Thing: "flags -v and -q", Want: "want one of them"}
	case f.Quiet && json:
		return &cli.Mistake{Thing: "flags -q and -json", Want: "want one of them"}
	case f.Quiet && (f.Output != "" || f.Alone()):
		return &cli.Mistake{Thing: "flag -q", Want: "want no -o or -format with it"}
	case json && f.Output != "":
		return &cli.Mistake{Thing: "flags -json and -o", Want: "want one of them: the report has the traces"}
	case json && f.formed:
		return &cli.Mistake{Thing: "flags -json and -format", Want: "want one of them: the report has the traces"}
	case f.Options.Explain && (json || f.View.Name != trace.Views[0].Name):
		return cli.Want("it with -format %s", trace.Views[0].Name).About("flag -explain")
	case f.captured && !f.View.OfEnd():
		return cli.Want("it with -format %s", "pcap, packetdrill").About("flag -capture")
	}
	return nil
}

// AddLanguage adds the flag of the language of explanations.
func AddLanguage(set *cli.Set, at *lang.Language) {
	set.Add(cli.Flag{
		Name: "lang", Group: cli.Output, Values: "LANGUAGE", Default: "en", Means: "the language of explanations: en or zh",
		Words: lang.Names,
		Set: func(text string) error {
			is, err := lang.Parse(text)
			if err != nil {
				return cli.Want("en or zh")
			}
			*at = is
			return nil
		},
	})
}

// Add adds the flags that every command has which shows traces.
func (f *Traces) Add(set *cli.Set) {
	f.View = trace.Views[0]
	var names, meanings []string
	for _, v := range trace.Views {
		names = append(names, v.Name)
		meanings = append(meanings, v.Name+": "+v.Meaning)
	}
	set.Add(cli.Flag{
		Name: "format", Group: cli.Output, Values: "FORM", Default: names[0],
		Means: "traces as " + strings.Join(names, ", "),
		More:  strings.Join(meanings, "; ") + ".",
		Words: func() []string { return names },
		Set: func(text string) error {
			at := slices.Index(names, text)
			if at < 0 {
				return cli.WantName(text, "a form", "tcpclose help format", names)
			}
			f.View, f.formed = trace.Views[at], true
			return nil
		},
	})
	set.Text(cli.Flag{Name: "o", Group: cli.Output, Values: "FILE", Means: "write traces to this file; * is the property's name"}, &f.Output)
	set.Add(cli.Flag{
		Name: "capture", Group: cli.Output, Values: "SIDE", Default: "a", Means: "with -format pcap or packetdrill: as a or b sees it",
		Words: func() []string { return []string{"a", "b"} },
		Set: func(text string) (err error) {
			if f.Options.Capture, err = model.ParseSide(text); err != nil {
				return cli.Want("a or b")
			}
			f.captured = true
			return nil
		},
	})
	AddLanguage(set, &f.Language)
	set.Switch(cli.Flag{Name: "explain", Group: cli.Output, Means: "say in a ladder which clauses each event follows"}, &f.Options.Explain)
}

// Alone reports whether a trace is shown instead of a report.
func (f *Traces) Alone() bool {
	return f.Output == "" && slices.IndexFunc(trace.Views, func(v trace.View) bool { return v.Name == f.View.Name }) >= inline
}

// Text writes a trace as a part of a report, or the name of its file.
func (f *Traces) Text(out io.Writer, s Exhibit) error {
	if f.Output != "" {
		fmt.Fprintf(out, "    %s\n", f.Language.Say("written to %s", f.File(s.About)))
		return nil
	}
	return f.Write(out, s)
}

// An Exhibit is a trace to show.
type Exhibit struct {
	Trace *trace.Trace
	About trace.About
}

func (f *Traces) Write(out io.Writer, s Exhibit) error {
	s.About.Language = f.Language
	story, err := trace.NewStory(s.Trace, s.About)
	if err != nil {
		return fmt.Errorf("an error of this program: %w", err)
	}
	return f.Story(out, story)
}

func (f *Traces) Story(out io.Writer, s *trace.Story) error {
	s.About.Language = f.Language
	o := f.Options
	o.Color = screen.Colors(out)
	if f.View.Binary && screen.IsTerminal(out) {
		return cli.Want("-o FILE: %s is not for a terminal", f.View.Name).About("flag -format")
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
		return &cli.Mistake{Thing: "flag -format", Want: "there is no trace to show: want what is violated, or reached"}
	}
	if len(list) > 1 && !strings.Contains(f.Output, "*") {
		var names []string
		for _, s := range list {
			names = append(names, s.About.Property)
		}
		return cli.Want("one trace, or -o FILE with a * in its name; there are %d (%s)", len(list), screen.Elide(strings.Join(names, ", "), 50)).About("flag -format")
	}
	if f.Output == "" {
		return f.Write(out, list[0])
	}
	for _, s := range list {
		if err := WriteFile("o", f.File(s.About), func(w io.Writer) error { return f.Write(w, s) }); err != nil {
			return err
		}
	}
	return nil
}

// WriteFile writes a file as a whole or not at all; a device or a pipe it writes to. A
// mistake names the flag that named the file, if there is one.
func WriteFile(flag, name string, write func(io.Writer) error) (err error) {
	unwritable := func(err error) error {
		thing := "file"
		if flag != "" {
			thing = "flag -" + flag
		}
		return cli.Want("a file that can be written: %v", Lastly(err)).Of(thing, name)
	}
	if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() && !info.IsDir() {
		device, err := os.OpenFile(name, os.O_WRONLY, 0)
		if err != nil {
			return unwritable(err)
		}
		err = errors.Join(write(device), device.Close())
		if lost, ok := errors.AsType[*fs.PathError](err); ok {
			return unwritable(lost)
		}
		return err
	}
	to := name
	if real, err := filepath.EvalSymlinks(name); err == nil {
		to = real
	}
	file, err := os.CreateTemp(filepath.Dir(to), "."+filepath.Base(to)+"-*")
	if err != nil {
		return unwritable(err)
	}
	defer func() {
		if err != nil {
			os.Remove(file.Name())
		}
	}()
	if err := write(file); err != nil {
		return errors.Join(err, file.Close())
	}
	if err := errors.Join(file.Chmod(0o644), file.Close()); err != nil {
		return unwritable(err)
	}
	if err := os.Rename(file.Name(), to); err != nil {
		return unwritable(err)
	}
	return nil
}

// Lastly returns the innermost error, which does not name files.
func Lastly(err error) error {
	for errors.Unwrap(err) != nil {
		err = errors.Unwrap(err)
	}
	return err
}

func ExhibitProperty(t *trace.Trace, p *invariants.Property, v check.Verdict) Exhibit {
	return Exhibit{t, trace.About{Property: p.Name, Sentence: p.Sentence, Verdict: v.String()}}
}

func ExhibitFinding(f *check.Finding) Exhibit {
	return ExhibitProperty(f.Trace, f.Property, f.Verdict)
}

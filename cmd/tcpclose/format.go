package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"tcpclose/invariants"
	"tcpclose/trace"
)

// traceFlags is how traces are to be shown.
type traceFlags struct {
	format  string
	explain bool
}

// The forms of a trace that stand within a report.
const (
	formatLadder = "ladder"
	formatText   = "text"
)

// add adds the flags that every command has which shows traces.
func (f *traceFlags) add(set *flag.FlagSet) {
	f.format = formatLadder
	formats := []string{formatLadder, formatText}
	set.Func("format", "show traces as `one of` "+strings.Join(formats, ", ")+" (default ladder)", func(text string) error {
		for _, name := range formats {
			if name == text {
				f.format = text
				return nil
			}
		}
		return fmt.Errorf("want %s", strings.Join(formats, " or "))
	})
	set.BoolVar(&f.explain, "explain", false, "say in a ladder which clauses each event follows")
}

// text writes a trace as a part of a report.
func (f *traceFlags) text(out io.Writer, t *invariants.Trace, about trace.About) error {
	if f.format == formatText {
		_, err := io.WriteString(out, t.String())
		return err
	}
	s, err := trace.NewStory(t, about)
	if err != nil {
		return err
	}
	return s.Ladder(out, trace.LadderOptions{Color: colors(out), Explain: f.explain})
}

// colors reports whether out shows colours: a terminal does, unless its user has
// said otherwise (https://no-color.org).
func colors(out io.Writer) bool {
	f, ok := out.(*os.File)
	return ok && term.IsTerminal(int(f.Fd())) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}

func aboutProperty(p *invariants.Property, v invariants.Verdict) trace.About {
	return trace.About{Property: p.Name, Sentence: p.Sentence, Verdict: v.String()}
}

func aboutFinding(f *invariants.Finding) trace.About { return aboutProperty(f.Property, f.Verdict) }

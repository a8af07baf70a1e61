package main

import (
	"fmt"
	"io"
	"strings"

	"tcpclose/cmd/tcpclose/internal/base"
	"tcpclose/cmd/tcpclose/internal/cli"
	"tcpclose/cmd/tcpclose/internal/report"
	"tcpclose/cmd/tcpclose/internal/screen"
	"tcpclose/cmd/tcpclose/internal/target"
	"tcpclose/model"
	"tcpclose/profile"
)

// end shows a profile that is not of Linux, or of a file, by its settings.
func (f *profileFlags) end(set *cli.Set, name string, out io.Writer) (int, error) {
	for _, flag := range []string{"host", "times", "traces", "proc", "rto", "user-timeout", "linger2", "keepalive", "finer"} {
		if set.Given(flag) {
			return 0, &cli.Mistake{Thing: "flag -" + flag, Want: "want it with linux"}
		}
	}
	e, err := target.Open(name)
	if err != nil {
		return 0, cli.Because(err).Of("argument", name)
	}
	if f.write != "" {
		return cli.OK, f.written(e, out)
	}
	p, err := profile.NewPair(e, e)
	if err != nil {
		return 0, err
	}
	b := base.OfPair(p, nil)
	if f.json {
		return cli.OK, writeJSON(out, encodedEnd(e, b))
	}
	fmt.Fprint(out, screen.Indent(e.Name+":", 0, 2))
	for _, line := range e.About {
		fmt.Fprint(out, screen.Indent(line, 2, 2))
	}
	fmt.Fprintln(out)
	for _, s := range e.Settings {
		fmt.Fprint(out, screen.Indent(fmt.Sprintf("%s %s: %s", s.Field.Base, s.Value, says(s)), 2, 6))
		if s.Comment != "" {
			fmt.Fprint(out, screen.Indent("# "+s.Comment, 6, 2))
		}
	}
	fmt.Fprint(out, screen.Indent("Everything else is as by default.", 2, 2))
	title := "\nIn ticks of any length:"
	if b.Tick > 0 {
		title = fmt.Sprintf("\nIn ticks of %s, with a segment in transit for at most %s:", profile.Seconds(b.Tick), report.Plural(int(p.Way), "tick"))
	}
	fmt.Fprint(out, screen.Indent(title, 0, 0))
	fmt.Fprint(out, screen.Command(2, append([]string{"tcpclose check"}, flags(b.Config)...)...))
	return cli.OK, nil
}

// says returns what a setting is: of a decision, what is chosen, and else what the
// field means.
func says(s profile.Setting) string {
	for d := range model.NumDecisions {
		if d.String() != s.Field.Base {
			continue
		}
		for _, a := range d.Info().Alternatives {
			if a.Name == s.Value.String() {
				return d.Info().Question + " " + a.Sentence
			}
		}
	}
	return s.Field.Meaning
}

// The JSON form of a profile that is not of Linux. Fields are added, not renamed.
type jsonEnd struct {
	Profile  string            `json:"profile"`
	About    []string          `json:"about"`
	Settings []jsonSetting     `json:"settings"`
	Tick     float64           `json:"tick"` // seconds; 0 if the times are in ticks
	Config   map[string]string `json:"config"`
	Command  string            `json:"command"`
}

type jsonSetting struct {
	Name    string   `json:"name"`
	Value   string   `json:"value"`
	Seconds *float64 `json:"seconds,omitempty"`
	Comment string   `json:"comment,omitempty"`
}

func encodedEnd(e *profile.End, b *base.Base) jsonEnd {
	j := jsonEnd{
		Profile: e.Name, About: append([]string{}, e.About...), Settings: []jsonSetting{}, Tick: exactly(b.Tick),
		Config: report.JSONConfig(b.Config), Command: strings.Join(append([]string{"tcpclose check"}, flags(b.Config)...), " "),
	}
	for _, s := range e.Settings {
		j.Settings = append(j.Settings, jsonSetting{s.Field.Base, s.Value.String(), inSeconds(s.Value.Time, s.Value.Timed && s.Value.MSLs == 0), s.Comment})
	}
	return j
}

package profile

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"tcpclose/internal/lang"
	"tcpclose/internal/near"
	"tcpclose/model"
)

// The text form: a first line with the version, then lines of a name and a value, or
// nothing. Behind # is a comment; lines of it at the top say what there is to say of
// the whole.
const (
	signature = "tcpclose profile"
	version   = "1"

	maxLines = 1000
	maxLine  = 1000 // octets
)

// Read returns the end that a text has.
func Read(name string, text io.Reader) (*End, error) {
	r := &reader{end: &End{Name: name}}
	s := bufio.NewScanner(text)
	s.Buffer(make([]byte, 0, maxLine+2), maxLine+2)
	for s.Scan() {
		if r.line++; r.line > maxLines {
			return nil, lang.Errorf("line %d: want at most %d lines", r.line, maxLines)
		}
		if err := r.read(strings.TrimRight(s.Text(), "\r")); err != nil {
			return nil, lang.Errorf("line %d: %w", r.line, err)
		}
	}
	if err := s.Err(); err == bufio.ErrTooLong {
		return nil, lang.Errorf("line %d: want at most %d octets", r.line+1, maxLine)
	} else if err != nil {
		return nil, err
	}
	if r.line == 0 {
		return nil, lang.Errorf("line 1: want %q", signature+" "+version)
	}
	return r.end, r.end.whole()
}

// A reader reads line by line.
type reader struct {
	end  *End
	line int
	head bool // comments are about the whole
}

func (r *reader) read(line string) error {
	if r.line == 1 {
		return r.first(line)
	}
	words, comment, commented := strings.Cut(line, "#")
	comment = strings.TrimSpace(printable(comment))
	given := strings.Fields(words)
	switch {
	case len(given) == 0 && commented && r.head:
		r.end.About = append(r.end.About, comment)
		return nil
	case len(given) == 0:
		r.head = r.head && commented
		return nil
	case len(given) != 2:
		return lang.Errorf("%.60q: want a name and a value", strings.TrimSpace(words))
	}
	r.head = false
	s, err := setting(given[0], given[1])
	if err != nil {
		return err
	}
	s.Comment = comment
	if _, twice := r.end.value(s.Field.Base); twice {
		return lang.Errorf("%s: want it once", s.Field.Base)
	}
	r.end.Settings = append(r.end.Settings, s)
	return nil
}

// first reads the first line.
func (r *reader) first(line string) error {
	r.head = true
	v, ok := strings.CutPrefix(line, signature+" ")
	switch v = strings.TrimSpace(v); {
	case !ok:
		return lang.Errorf("%.60q: want %q", line, signature+" "+version)
	case v != version:
		return lang.Errorf("version %.20q: want %s", v, version)
	}
	return nil
}

// printable returns text without what is no character to print.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if !strconv.IsPrint(r) {
			return ' '
		}
		return r
	}, text)
}

// setting returns the setting of a name to a value.
func setting(name, value string) (s Setting, err error) {
	list := endFields()
	i := slices.IndexFunc(list, func(f model.Field) bool { return f.Base == name })
	if i < 0 {
		err = lang.Errorf("%.40q: want a timer or a decision", name)
		if meant := near.Name(name, EndNames()); meant != "" {
			err = lang.Errorf("%w; did you mean %s?", err, meant)
		} else if _, e := model.FindField(name); e == nil {
			err = lang.Errorf("%w: %s is of the network, of an application or of ticks", err, name)
		}
		return s, err
	}
	s.Field = list[i]
	if s.Value, err = parseValue(s.Field, value); err != nil {
		return s, lang.Errorf("%s: %w", name, err)
	}
	return s, nil
}

// parseValue reads the value of a field: what the field takes or, of ticks, a time.
func parseValue(f model.Field, text string) (v Value, err error) {
	if f.Unit != "ticks" {
		probe := model.Default()
		if strings.Contains(text, "clock") && f.Base == "isn" {
			return v, lang.Errorf("%.40q: want larger or same: what a clock gives hangs on the tick", text)
		}
		if err := f.Set(&probe, text); err != nil {
			return v, lang.Errorf("%.40q: want %s", text, f.Values)
		}
		return Value{Text: f.Get(probe)}, nil
	}
	msls, rest := 0, text
	if number, behind, ok := strings.Cut(text, "msl"); ok && f.Base == "time-wait" {
		n, err := strconv.ParseUint(number, 10, 8)
		if err != nil || n < 1 || n > 60 {
			return v, wantTime(f, text)
		}
		if rest, msls = strings.TrimPrefix(behind, "+"), int(n); rest == "" {
			return Value{Timed: true, MSLs: msls, Text: text}, nil
		}
	}
	d, err := time.ParseDuration(rest)
	if err == nil && !strings.ContainsAny(rest, "+-") && rest != "0" {
		if d < time.Millisecond && f.Base != "reuse-age" || d > maxTime || d%time.Millisecond != 0 {
			return v, lang.Errorf("%.40q: want a time of 1ms to %dh in milliseconds", text, int(maxTime.Hours()))
		}
		return Value{Timed: true, MSLs: msls, Time: d, Text: text}, nil
	}
	probe := model.Default()
	if err := f.Set(&probe, text); err != nil {
		return v, wantTime(f, text)
	}
	n, err := strconv.ParseUint(rest, 10, 16)
	return Value{Text: f.Get(probe), Ticked: err == nil && n <= math.MaxUint16}, nil
}

// maxTime is the longest time of a profile.
const maxTime = 1000 * time.Hour

// wantTime is the error of a value that is no time.
func wantTime(f model.Field, text string) error {
	word, _, isWord := strings.Cut(f.Values, ", or ")
	switch {
	case f.Base == "time-wait":
		return lang.Errorf("%.40q: want a time as in 60s, MSLs as in 2msl, or both as in 1msl+2s", text)
	case isWord && !strings.Contains(word, "ticks"):
		return lang.Errorf("%.40q: want %s, or a time as in 1.5s or 200ms", text, word)
	}
	return lang.Errorf("%.40q: want a time as in 1.5s or 200ms", text)
}

// whole reports what is wrong with an end as a whole, and puts its settings in order.
func (e *End) whole() error {
	list := endFields()
	at := func(s Setting) int {
		return slices.IndexFunc(list, func(f model.Field) bool { return f.Base == s.Field.Base })
	}
	slices.SortFunc(e.Settings, func(x, y Setting) int { return at(x) - at(y) })
	inTicks, inSeconds := "", ""
	for _, s := range e.Settings {
		switch {
		case s.Value.Ticked:
			inTicks = s.Field.Base
		case s.Value.Timed && s.Value.Time > 0:
			inSeconds = s.Field.Base
		}
	}
	_, rto := e.value("rto")
	wait, waits := e.value("time-wait")
	_, msl := e.value("msl")
	reuse, _ := e.value(model.ConnectReuse.String())
	_, age := e.value("reuse-age")
	switch {
	case inTicks != "" && inSeconds != "":
		return lang.Errorf("%s is in ticks, %s in seconds: want all times of one kind", inTicks, inSeconds)
	case !rto:
		return lang.Errorf("rto: want it")
	case inSeconds != "" && !msl && (!waits || wait.MSLs > 0):
		return lang.Errorf("msl: want it, for time-wait is in MSLs")
	case inSeconds != "" && !age && reuse.Text == "aged":
		return lang.Errorf("reuse-age: want it, with connect-reuse aged")
	}
	_, err := NewPair(e, e)
	return err
}

// Write writes the end as a text that Read reads.
func (e *End) Write(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s\n", signature, version)
	for _, line := range e.About {
		fmt.Fprintln(&b, strings.TrimRight("# "+line, " "))
	}
	b.WriteString("\n")
	width := [2]int{}
	for _, s := range e.Settings {
		width = [2]int{max(width[0], len(s.Field.Base)), max(width[1], len(s.Value.String()))}
	}
	for _, s := range e.Settings {
		line := fmt.Sprintf("%-*s  %-*s", width[0], s.Field.Base, width[1], s.Value)
		if s.Comment != "" {
			line += "  # " + s.Comment
		}
		fmt.Fprintln(&b, strings.TrimRight(line, " "))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

package drive

import (
	"strings"

	"tcpclose/internal/lang"
)

// A Waiver accepts a deviation: one of a rule, at a clause, for a reason.
type Waiver struct {
	Rule   string // the name of a deviation; "*" stands for anything
	Clause string // of which clause; "" is any
	Reason string
}

// ParseWaivers reads a file of waivers: a line each, with a rule, a clause and a
// reason, separated by |. Empty lines, and lines that begin with #, are left out.
func ParseWaivers(text string) (list []Waiver, err error) {
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		cells := strings.SplitN(line, "|", 3)
		if len(cells) != 3 {
			return nil, lang.Errorf("line %d: %q: want rule | clause | reason", i+1, line)
		}
		w := Waiver{strings.TrimSpace(cells[0]), strings.TrimSpace(cells[1]), strings.TrimSpace(cells[2])}
		if w.Rule == "" || w.Reason == "" {
			return nil, lang.Errorf("line %d: %q: want a rule and a reason", i+1, line)
		}
		list = append(list, w)
	}
	return list, nil
}

// accepts reports whether the waiver is of d.
func (w Waiver) accepts(d *Deviation) bool {
	if w.Clause != "" && w.Clause != d.Clause {
		return false
	}
	parts := strings.Split(w.Rule, "*")
	rest, ok := strings.CutPrefix(d.Rule, parts[0])
	if !ok || len(parts) == 1 {
		return ok && rest == ""
	}
	for _, part := range parts[1 : len(parts)-1] {
		i := strings.Index(rest, part)
		if i < 0 {
			return false
		}
		rest = rest[i+len(part):]
	}
	return strings.HasSuffix(rest, parts[len(parts)-1])
}

// Waive marks the deviations that are accepted, and returns the waivers that
// accept none.
func Waive(list []*Deviation, waivers []Waiver) (idle []Waiver) {
	for _, w := range waivers {
		used := false
		for _, d := range list {
			if w.accepts(d) {
				d.Waived, used = w.Reason, true
			}
		}
		if !used {
			idle = append(idle, w)
		}
	}
	return idle
}

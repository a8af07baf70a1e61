package packetdrill

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Parse reads a script. defined has the names for its preprocessor conditions.
func Parse(text string, defined map[string]bool) (*Script, error) {
	p := &parser{script: &Script{Tolerance: defaultTolerance}, fds: map[int]role{}}
	statements, err := split(text, defined)
	if err != nil {
		return nil, err
	}
	for _, s := range statements {
		if err := p.statement(s); err != nil {
			return nil, err
		}
	}
	return p.script, nil
}

// defaultTolerance is packetdrill's.
const defaultTolerance = 4 * time.Millisecond

// maxScript bounds the statements, and maxTime the times of a script.
const (
	maxScript = 10_000
	maxTime   = 30 * 24 * time.Hour
)

// A statement is one of a script, on one line.
type statement struct {
	line int
	text string
}

var (
	comments  = regexp.MustCompile(`(?s)/\*.*?\*/`)
	codeBlock = regexp.MustCompile(`(?s)%\{.*?\}%`)
)

// split returns the statements that the conditions leave.
func split(text string, defined map[string]bool) (list []statement, err error) {
	blank := func(s string) string { return strings.Repeat("\n", strings.Count(s, "\n")) }
	text = comments.ReplaceAllStringFunc(text, blank)
	// A block of code is one word, at its first line.
	text = codeBlock.ReplaceAllStringFunc(text, func(s string) string {
		return strings.Join(strings.Fields(s), " ") + blank(s)
	})
	type condition struct{ holds, seen bool }
	var conditions []condition
	holds := func() bool {
		for _, c := range conditions {
			if !c.holds {
				return false
			}
		}
		return true
	}
	open := 0 // brackets
	for n, line := range strings.Split(text, "\n") {
		if i := comment(line); i >= 0 {
			line = line[:i]
		}
		line = strings.TrimSpace(line)
		if word, rest, _ := strings.Cut(line, " "); strings.HasPrefix(line, "#") {
			fail := func(why string) ([]statement, error) { return nil, &UnreadError{n + 1, line, why} }
			switch word {
			case "#ifdef", "#ifndef":
				is := defined[strings.TrimSpace(rest)] == (word == "#ifdef")
				conditions = append(conditions, condition{is, is})
			case "#else", "#endif":
				if len(conditions) == 0 {
					return fail("want #ifdef before it")
				}
				last := &conditions[len(conditions)-1]
				if last.holds = !last.seen; word == "#endif" {
					conditions = conditions[:len(conditions)-1]
				}
			case "#if":
				is := defined[strings.TrimSpace(rest)]
				conditions = append(conditions, condition{is, is})
			default:
				return fail("want #ifdef, #ifndef, #if, #else or #endif")
			}
			continue
		}
		if line == "" || !holds() {
			continue
		}
		if open > 0 {
			list[len(list)-1].text += " " + line
		} else {
			list = append(list, statement{n + 1, line})
		}
		if len(list) > maxScript {
			return nil, &UnreadError{n + 1, line, fmt.Sprintf("more than %d statements", maxScript)}
		}
		if !strings.Contains(line, "`") {
			open = max(0, open+strings.Count(line, "(")-strings.Count(line, ")")+strings.Count(line, "{")-strings.Count(line, "}"))
		}
	}
	if len(conditions) > 0 {
		return nil, &UnreadError{strings.Count(text, "\n") + 1, "", "want #endif"}
	}
	return list, nil
}

// comment returns where a comment begins, outside of quotation, or -1.
func comment(line string) int {
	quote := byte(0)
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '`':
			quote = c
		case c == '/' && i+1 < len(line) && line[i+1] == '/':
			return i
		}
	}
	return -1
}

// A role is what a file descriptor is of the connection.
type role uint8

const (
	fresh role = 1 + iota
	listening
	connected
)

type parser struct {
	script *Script
	now    time.Duration
	fds    map[int]role
	hard   map[int]bool // a close aborts: SO_LINGER with a time of 0
	opened bool
}

var (
	timeWord = regexp.MustCompile(`^(\*|[+]?[0-9.]+(?:~[+]?[0-9.]+)?(?:\s*\.\.\.\s*[0-9.]+)?)\s+(.*)$`)
	option   = regexp.MustCompile(`^--(\w+)(?:=(\S+))?$`)
)

func (p *parser) statement(s statement) error {
	unread := func(format string, args ...any) error {
		return &UnreadError{s.line, s.text, fmt.Sprintf(format, args...)}
	}
	if m := option.FindStringSubmatch(s.text); m != nil {
		if m[1] == "tolerance_usecs" {
			n, err := strconv.ParseInt(m[2], 10, 32)
			if err != nil || n < 0 {
				return unread("want microseconds")
			}
			p.script.Tolerance = time.Duration(n) * time.Microsecond
			return nil
		}
		p.skip(s)
		return nil
	}
	if strings.HasPrefix(s.text, "`") {
		p.skip(s)
		return nil
	}
	m := timeWord.FindStringSubmatch(s.text)
	if m == nil {
		return unread("want a time, as +0.1, and what happens then")
	}
	step := Step{Line: s.line, Text: s.text}
	if err := p.time(m[1], &step); err != nil {
		return unread("%v", err)
	}
	switch rest := m[2]; {
	case rest[0] == '<' || rest[0] == '>':
		if err := p.segment(rest, &step); err != nil {
			return unread("%v", err)
		}
		p.script.Steps = append(p.script.Steps, step)
	case rest[0] == '`':
		p.shell(rest, step, s)
	case strings.HasPrefix(rest, "%{"):
		if state := assertedState(rest); state != "" {
			step.Kind, step.State = Asserts, state
			p.script.Steps = append(p.script.Steps, step)
		} else {
			p.skip(s)
		}
	default:
		known, err := p.call(rest, &step)
		if err != nil {
			return unread("%v", err)
		}
		if !known {
			p.skip(s)
			return nil
		}
		p.script.Steps = append(p.script.Steps, step)
	}
	return nil
}

func (p *parser) skip(s statement) {
	p.script.Skipped = append(p.script.Skipped, Skipped{s.line, s.text})
}

// time reads when a statement is: +0.1 after the one before, 1.5 since the start, with
// ~ a range, * at any time; what follows ... is when a blocking call ends.
func (p *parser) time(word string, step *Step) error {
	if word == "*" {
		step.Any, step.Earliest, step.Latest = true, p.now, p.now
		return nil
	}
	begin, end, blocks := strings.Cut(strings.ReplaceAll(word, " ", ""), "...")
	first, last, isRange := strings.Cut(begin, "~")
	from, err := p.moment(first, p.now)
	if err != nil {
		return err
	}
	to := from
	if isRange {
		if to, err = p.moment(last, p.now); err != nil {
			return err
		}
	}
	step.Earliest, step.Latest = from, to
	p.now = from
	if blocks {
		if _, err := p.moment(end, p.now); err != nil {
			return err
		}
	}
	return nil
}

func (p *parser) moment(word string, now time.Duration) (time.Duration, error) {
	digits, relative := strings.CutPrefix(word, "+")
	n, err := strconv.ParseFloat(digits, 64)
	if err != nil || !(n >= 0 && n <= maxTime.Seconds()) {
		return 0, fmt.Errorf("time %q: want seconds, as +0.1", word)
	}
	d := time.Duration(n * float64(time.Second)).Round(time.Microsecond)
	if relative {
		d += now
	}
	if d > maxTime {
		return 0, fmt.Errorf("time %q: want no more than 30 days", word)
	}
	return d, nil
}

// shell reads a command: one that looks for the state is an assertion.
func (p *parser) shell(text string, step Step, s statement) {
	if m := regexp.MustCompile(`grep -c ([A-Z_0-9]+) \| grep 1`).FindStringSubmatch(text); m != nil && stateName(m[1]) != "" {
		step.Kind, step.State = Asserts, stateName(m[1])
		p.script.Steps = append(p.script.Steps, step)
		return
	}
	p.skip(s)
}

var stateAssertion = regexp.MustCompile(`assert\s+\(?\s*tcpi_state\s*==\s*(?:TCPI?_)?([A-Z_0-9]+)`)

// assertedState returns the state of an assertion on tcpi_state, or "".
func assertedState(code string) string {
	m := stateAssertion.FindStringSubmatch(code)
	if m == nil {
		return ""
	}
	return stateName(m[1])
}

// stateName returns the RFC's name of a state, or "".
func stateName(name string) string {
	switch name = strings.ReplaceAll(strings.TrimPrefix(name, "TCPI_"), "_", "-"); name {
	case "SYN-RECV", "SYN-RCVD":
		return "SYN-RECEIVED"
	case "FIN-WAIT1":
		return "FIN-WAIT-1"
	case "FIN-WAIT2":
		return "FIN-WAIT-2"
	case "CLOSE":
		return "CLOSED"
	case "LISTEN", "SYN-SENT", "ESTABLISHED", "FIN-WAIT-1", "FIN-WAIT-2", "CLOSE-WAIT", "CLOSING", "LAST-ACK", "TIME-WAIT", "CLOSED":
		return name
	}
	return ""
}

package adapter

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"tcpclose/stacks/wire"
)

// The line protocol, version 1. The stack is a program. When it starts it writes
// one line that says what it is, with the fields of Caps:
//
//	tcpclose-stack 1 name=lwip version=2.2.0 time=virtual exact=yes slack=0 calls=send,receive,shutdown,close,abort states=yes signals=no deadlines=no note=any text
//
// It then reads lines, and answers each by one. A line is a whole schedule:
//
//	run SEED BUFFER EVENT; EVENT; ...    on a new host
//	more EVENT; EVENT; ...               on the same one, where it stands
//
// A program that says batch=N plays many schedules at once, too; see BatchVerb.
//
// An event is one of
//
//	open active | open passive
//	call send N | call receive N | call shutdown | call close | call abort
//	in CTL SEQ ACK WND LEN [mss=N] [sack] [ts=N/N] [scale=N]
//	in+ ...                              the same, and the next segment arrives before the
//	                                     stack can send anything; with bursts=yes alone
//	advance MICROSECONDS
//	next
//
// The answer is "ok", and for each event what was seen of it, as parts with
// commas between them, each only if there is something to say:
//
//	ok PART, PART; PART; ...
//
//	told WORD N NATIVE          of a call: a Told, octets, and the stack's own word or -
//	out AT CTL SEQ ACK WND LEN [options]
//	wrong TEXT                  what is wrong with the packet of the out before it
//	state NAME
//	signals WORD WORD ...       or none
//	now MICROSECONDS            since run, after the event
//	next MICROSECONDS | next never
//	error TEXT                  the adapter has failed; no event comes after it
//
// An event of which nothing was seen is "-". A line that cannot be read is
// answered by "bad" and what is wrong with it. A part that the bench does not know
// is an error. At the end of its input the program ends.
const (
	protocolName    = "tcpclose-stack"
	protocolVersion = 1
)

// maxLine bounds a line of either direction.
const maxLine = 1 << 20

// BatchVerb is the verb with which a program plays many schedules at once, if its first
// line has batch=N. Package peer says how its line reads.
const BatchVerb = "batch"

// A Verb is a line that a program answers besides run and more, by any number of lines.
type Verb struct {
	Name   string
	Answer func(rest string) ([]string, error)
}

// BadLine returns the answer to a line that cannot be done.
func BadLine(err error) string { return "bad " + clean(err.Error()) }

// Serve speaks the line protocol for a until the input ends.
func Serve(a Adapter, in io.Reader, out io.Writer, verbs ...Verb) error {
	w := bufio.NewWriter(out)
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, maxLine)
	var s *Session
	if _, err := fmt.Fprintln(w, a.Caps().hello()); err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for lines.Scan() {
		answers, ok := serveVerb(verbs, lines.Text())
		if !ok {
			next, answer := serveLine(a, s, lines.Text())
			s, answers = next, []string{answer}
		}
		for _, answer := range answers {
			if _, err := fmt.Fprintln(w, answer); err != nil {
				return err
			}
		}
		if err := w.Flush(); err != nil {
			return err
		}
	}
	if err := lines.Err(); err != nil {
		return err
	}
	return a.Close()
}

// serveVerb answers a line that begins with one of the verbs, if it does.
func serveVerb(verbs []Verb, line string) (answers []string, ok bool) {
	name, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
	for _, v := range verbs {
		if v.Name == name {
			answers, err := v.Answer(rest)
			if err != nil {
				answers = []string{BadLine(err)}
			}
			return answers, true
		}
	}
	return nil, false
}

// serveLine answers a line of the bench.
func serveLine(a Adapter, s *Session, line string) (*Session, string) {
	bad := func(format string, args ...any) (*Session, string) {
		return s, "bad " + clean(fmt.Sprintf(format, args...))
	}
	verb, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
	var setup Setup
	switch verb {
	case "run":
		var err, err2 error
		words := strings.SplitN(rest, " ", 3)
		if len(words) < 2 {
			return bad("run: want SEED BUFFER and events")
		}
		setup.Seed, err = strconv.ParseUint(words[0], 10, 64)
		setup.Buffer, err2 = strconv.Atoi(words[1])
		if err != nil || err2 != nil || setup.Buffer < 0 {
			return bad("run %s %s: want numbers", words[0], words[1])
		}
		rest = strings.Join(words[2:], "")
	case "more":
		if s == nil {
			return bad("more: want run before it")
		}
	default:
		return bad("%q: want run or more", verb)
	}
	events, err := ParseSchedule(rest)
	if err != nil {
		return bad("%v", err)
	}
	if verb == "run" {
		if s, err = NewSession(a, setup); err != nil {
			return bad("%v", err)
		}
	}
	before := len(s.Results)
	for _, e := range events {
		if r := s.Do(e); r.Err != "" {
			break
		}
	}
	return s, FormatResults(s.Results[before:])
}

// clean makes text fit into a part.
func clean(text string) string {
	return strings.NewReplacer(",", " ", ";", " ", "\n", " ").Replace(text)
}

// FormatResults returns the answer of the line protocol that has these results.
func FormatResults(results []Result) string {
	items := make([]string, len(results))
	for i, r := range results {
		items[i] = r.String()
	}
	return strings.TrimSpace("ok " + strings.Join(items, "; "))
}

// String returns the result as the line protocol writes it.
func (r Result) String() string {
	if r.Err != "" {
		return "error " + clean(r.Err)
	}
	var parts []string
	add := func(format string, args ...any) { parts = append(parts, fmt.Sprintf(format, args...)) }
	if a := r.Answer; a != nil {
		native := "-"
		if a.Native != "" {
			native = strings.ReplaceAll(clean(a.Native), " ", "_")
		}
		add("told %s %d %s", a.Told, a.Octets, native)
	}
	for _, e := range r.Emitted {
		add("out %d %s", e.At.Microseconds(), e.Segment)
		if e.Wrong != "" {
			add("wrong %s", clean(e.Wrong))
		}
	}
	if r.State != "" {
		add("state %s", clean(r.State))
	}
	if r.Signal {
		add("signals %s", r.Signals)
	}
	if r.Now > 0 {
		add("now %d", r.Now.Microseconds())
	}
	if r.Timed {
		add("next %d", r.Next.Microseconds())
	}
	if len(parts) == 0 {
		return "-"
	}
	return strings.Join(parts, ", ")
}

// String returns the words of the set, or "none".
func (s Signals) String() string {
	var words []string
	for i, name := range signalNames {
		if s>>i&1 != 0 {
			words = append(words, name)
		}
	}
	if len(words) == 0 {
		return "none"
	}
	return strings.Join(words, " ")
}

// parseResults reads an answer of the stack to so many events.
func parseResults(line string, events int) ([]Result, error) {
	verb, rest, _ := strings.Cut(line, " ")
	if verb != "ok" {
		return nil, fmt.Errorf("the stack says %q: want ok", line)
	}
	if events == 0 {
		return nil, nil
	}
	items := strings.Split(rest, ";")
	results := make([]Result, len(items))
	for i, item := range items {
		r, err := parseResult(item)
		if err != nil {
			return nil, err
		}
		results[i] = r
	}
	if n := len(results); n > events || n < events && results[n-1].Err == "" {
		return nil, fmt.Errorf("the stack has answered %d events of %d: %q", n, events, line)
	}
	return results, nil
}

func parseResult(item string) (r Result, err error) {
	if strings.TrimSpace(item) == "-" {
		return r, nil
	}
	for part := range strings.SplitSeq(item, ",") {
		verb, rest, _ := strings.Cut(strings.TrimSpace(part), " ")
		if err := r.read(verb, rest); err != nil {
			return r, fmt.Errorf("the stack says %q: %w", strings.TrimSpace(part), err)
		}
	}
	return r, nil
}

// read takes a part.
func (r *Result) read(verb, rest string) (err error) {
	switch verb {
	case "told":
		words := strings.Fields(rest)
		if len(words) != 3 || !slices.Contains(told, Told(words[0])) {
			return fmt.Errorf("want a word of %v, octets, and the stack's own or -", told)
		}
		n, err := strconv.Atoi(words[1])
		if err != nil || n < 0 {
			return fmt.Errorf("%q: want octets", words[1])
		}
		r.Answer = &Answer{Told: Told(words[0]), Octets: n}
		if words[2] != "-" {
			r.Answer.Native = words[2]
		}
	case "out":
		at, segment, _ := strings.Cut(rest, " ")
		var e Emitted
		if e.At, err = parseMoment(at); err != nil {
			return err
		}
		if e.Segment, err = wire.ParseSegment(segment); err != nil {
			return err
		}
		r.Emitted = append(r.Emitted, e)
	case "wrong":
		if len(r.Emitted) == 0 {
			return fmt.Errorf("want an out before it")
		}
		r.Emitted[len(r.Emitted)-1].Wrong = rest
	case "state":
		r.State = rest
	case "signals":
		r.Signal = true
		for _, word := range strings.Fields(rest) {
			i := slices.Index(signalNames, word)
			if i < 0 && word != "none" {
				return fmt.Errorf("%q: want %v or none", word, signalNames)
			}
			if i >= 0 {
				r.Signals |= 1 << i
			}
		}
	case "now":
		r.Now, err = parseMoment(rest)
	case "next":
		if rest != "never" {
			r.Timed = true
			r.Next, err = parseMoment(rest)
		}
	case "error":
		r.Err = rest
	default:
		return fmt.Errorf("want told, out, wrong, state, signals, now, next or error")
	}
	return err
}

func parseMoment(text string) (time.Duration, error) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 || n > maxWait.Microseconds() {
		return 0, fmt.Errorf("%q: want microseconds", text)
	}
	return time.Duration(n) * time.Microsecond, nil
}

// hello returns the line with which a stack begins.
func (c Caps) hello() string {
	yes := func(b bool) string {
		if b {
			return "yes"
		}
		return "no"
	}
	kind := "real"
	if c.Virtual {
		kind = "virtual"
	}
	calls := make([]string, len(c.Calls))
	for i, call := range c.Calls {
		calls[i] = call.String()
	}
	word := func(text string) string { return strings.Join(strings.Fields(text), "_") }
	line := fmt.Sprintf("%s %d name=%s version=%s time=%s exact=%s slack=%d calls=%s states=%s signals=%s deadlines=%s",
		protocolName, protocolVersion, word(c.Name), word(c.Version), kind, yes(c.Exact), c.Slack.Microseconds(),
		strings.Join(calls, ","), yes(c.States), yes(c.Signals), yes(c.Deadlines))
	if c.Batch > 0 {
		line += fmt.Sprintf(" batch=%d", c.Batch)
	}
	if c.Bursts {
		line += " bursts=yes"
	}
	if c.Note != "" {
		line += " note=" + strings.ReplaceAll(c.Note, "\n", " ")
	}
	return line
}

// parseHello reads the line with which a stack begins.
func parseHello(line string) (c Caps, err error) {
	fail := func(format string, args ...any) (Caps, error) {
		return c, fmt.Errorf("the stack begins with %q: %s", line, fmt.Sprintf(format, args...))
	}
	rest, note, _ := strings.Cut(line, " note=")
	c.Note = note
	words := strings.Fields(rest)
	if len(words) < 2 || words[0] != protocolName {
		return fail("want %s and a version", protocolName)
	}
	if words[1] != strconv.Itoa(protocolVersion) {
		return fail("version %s: want %d", words[1], protocolVersion)
	}
	for _, word := range words[2:] {
		name, value, _ := strings.Cut(word, "=")
		yes := value == "yes"
		if !yes && value != "no" && slices.Contains([]string{"exact", "states", "signals", "deadlines", "bursts"}, name) {
			return fail("%s: want yes or no", word)
		}
		switch name {
		case "name":
			c.Name = value
		case "version":
			c.Version = value
		case "time":
			if c.Virtual = value == "virtual"; !c.Virtual && value != "real" {
				return fail("%s: want virtual or real", word)
			}
		case "exact":
			c.Exact = yes
		case "slack":
			if c.Slack, err = parseMoment(value); err != nil {
				return fail("slack: %v", err)
			}
		case "calls":
			for name := range strings.FieldsFuncSeq(value, func(r rune) bool { return r == ',' }) {
				i := slices.Index(callNames[:], name)
				if i < 0 {
					return fail("call %q: want one of %s", name, strings.Join(callNames[:], ", "))
				}
				c.Calls = append(c.Calls, Call(i))
			}
		case "states":
			c.States = yes
		case "signals":
			c.Signals = yes
		case "deadlines":
			c.Deadlines = yes
		case "batch":
			if c.Batch, err = strconv.Atoi(value); err != nil || c.Batch <= 0 {
				return fail("batch=%s: want a number of schedules", value)
			}
		case "bursts":
			c.Bursts = yes
		default:
			return fail("%q is no field", word)
		}
	}
	if c.Name == "" {
		return fail("want name=")
	}
	return c, nil
}

package box

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"tcpclose/internal/lang"
)

// Limits of a text.
const (
	maxText    = 1 << 16 // octets
	maxLine    = 200
	maxStates  = 16
	maxRules   = 200
	maxTimers  = 24
	maxOptions = 16
	maxSeconds = 100_000_000
	maxRepeats = 20
)

const (
	signature = "tcpclose box"
	version   = "1"
)

// errorf returns an error that can be said in other languages.
func errorf(format string, args ...any) error { return lang.Errorf(format, args...) }

// Read returns the box that a text has. Errors name the line.
func Read(r io.Reader) (*Box, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxText+1))
	if err != nil {
		return nil, err
	}
	if len(text) > maxText {
		return nil, errorf("want at most %d octets", maxText)
	}
	return parse(string(text))
}

// A reader reads line by line.
type reader struct {
	*Box
	line int
	head bool // comments are about the whole
}

func parse(text string) (*Box, error) {
	r := &reader{Box: &Box{text: text}, head: true}
	for line := range strings.Lines(text) {
		r.line++
		if err := r.read(strings.TrimRight(line, "\r\n")); err != nil {
			return nil, errorf("line %d: %w", r.line, err)
		}
	}
	if err := r.whole(); err != nil {
		return nil, err
	}
	return r.Box, nil
}

// whole reports what is missing.
func (r *reader) whole() error {
	switch {
	case r.line == 0:
		return errorf("line 1: want %q", signature+" "+version)
	case r.Name == "":
		return errorf("it has no name: want a line 'box NAME'")
	case len(r.States) == 0:
		return errorf("it has no states: want a line 'states NAME ...' or 'ends NAME ...'")
	case len(r.rules) == 0:
		return errorf("it has no rules: want lines 'on KIND ...: ACTION, ...' and 'none KIND ...: ACTION, ...'")
	}
	return nil
}

func (r *reader) read(line string) error {
	if len(line) > maxLine {
		return errorf("want at most %d octets", maxLine)
	}
	if r.line == 1 {
		if line != signature+" "+version {
			return errorf("%.60q: want %q", line, signature+" "+version)
		}
		return nil
	}
	words, comment, commented := strings.Cut(line, "#")
	comment = strings.TrimSpace(printable(comment))
	given := strings.Fields(words)
	if len(given) == 0 {
		if r.head = r.head && commented; r.head {
			r.About = append(r.About, comment)
		}
		return nil
	}
	r.head = false
	switch given[0] {
	case "box":
		return r.name(given[1:])
	case "source":
		r.Source = append(r.Source, printable(strings.Join(given[1:], " ")))
		return nil
	case "states", "ends":
		return r.stateNames(given[0] == "ends", given[1:])
	case "option":
		return r.option(given[1:], comment)
	case "timer":
		return r.timer(given[1:])
	case "limit":
		return r.limit(given[1:])
	case "evict":
		return r.stateSet(given[1:], &r.evict)
	case "expire":
		if len(given) != 2 || given[1] != "reset" {
			return errorf("expire: want 'expire reset'")
		}
		r.resets = true
		return nil
	case "on", "none":
		return r.rule(words, given[0] == "none")
	}
	return errorf("%.40q: want one of box, source, states, ends, option, timer, limit, evict, expire, on, none", given[0])
}

// printable returns text without what is no character to print.
func printable(text string) string {
	return strings.Map(func(c rune) rune {
		if !strconv.IsPrint(c) {
			return ' '
		}
		return c
	}, text)
}

// isName reports whether a word can be a name: letters, digits, and . _ - within.
func isName(word string) bool {
	if word == "" || len(word) > 30 {
		return false
	}
	for i, c := range word {
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if !letter && (i == 0 || !strings.ContainsRune("0123456789._-+", c)) {
			return false
		}
	}
	return true
}

func (r *reader) name(words []string) error {
	switch {
	case r.Name != "":
		return errorf("box: want it once")
	case len(words) != 1 || !isName(words[0]):
		return errorf("%.40q: want a name of letters, digits, '.', '_' and '-'", strings.Join(words, " "))
	}
	r.Name = words[0]
	return nil
}

func (r *reader) stateNames(each bool, words []string) error {
	if len(r.States) > 0 {
		return errorf("states: want one line of them")
	}
	if len(words) == 0 || len(words) > maxStates {
		return errorf("%d states: want 1 to %d", len(words), maxStates)
	}
	for i, w := range words {
		if !isName(w) || slices.Contains(words[:i], w) {
			return errorf("%.40q: want different names of states", w)
		}
	}
	r.Each, r.States = each, words
	return nil
}

func (r *reader) option(words []string, comment string) error {
	if len(words) != 2 || !isName(words[0]) || len(r.Options) == maxOptions {
		return errorf("%.60q: want a name and a number, at most %d options", strings.Join(words, " "), maxOptions)
	}
	if slices.Contains(r.settings(), words[0]) {
		return errorf("%s: want it once", words[0])
	}
	n, err := number(words[1], 0, maxRepeats)
	if err != nil {
		return err
	}
	r.Options = append(r.Options, Option{words[0], n, comment})
	return nil
}

func number(word string, low, high int) (int, error) {
	n, err := strconv.ParseUint(word, 10, 32) // no sign
	if err != nil || int(n) < low || int(n) > high {
		return 0, errorf("%.40q: want a number from %d to %d", word, low, high)
	}
	return int(n), nil
}

func (r *reader) timer(words []string) error {
	if len(words) < 2 || !isName(words[0]) || len(r.Timers) == maxTimers {
		return errorf("%.60q: want a name, seconds, and perhaps in, both, either or else with states; at most %d timers", strings.Join(words, " "), maxTimers)
	}
	if slices.Contains(r.settings(), words[0]) {
		return errorf("%s: want it once", words[0])
	}
	n, err := number(words[1], 1, maxSeconds)
	if err != nil {
		return err
	}
	t := Timer{Name: words[0], Seconds: n}
	if len(words) > 2 {
		at := slices.Index(whereWords[:], words[2])
		if at < 0 || (where(at) != inState && !r.Each) || (where(at) == inState && r.Each) || len(r.States) == 0 {
			want := "in, behind a line 'states'"
			if r.Each {
				want = "both, either or else"
			}
			return errorf("%.40q: want %s", words[2], want)
		}
		t.where = where(at)
		if t.where == otherwise {
			if len(words) > 3 {
				return errorf("%.40q: want nothing behind else", words[3])
			}
		} else if err := r.stateSet(words[3:], &t.in); err != nil {
			return err
		}
	}
	r.Timers = append(r.Timers, t)
	return nil
}

func (r *reader) limit(words []string) error {
	if len(words) < 3 || words[1] != "if" {
		return errorf("%.60q: want a timer, if, and conditions", strings.Join(words, " "))
	}
	t, err := r.timerNamed(words[0])
	if err != nil {
		return err
	}
	when, err := r.conditions(words[2:])
	if err != nil {
		return err
	}
	if len(r.limits) == maxTimers {
		return errorf("want at most %d limits", maxTimers)
	}
	r.limits = append(r.limits, limit{t, when})
	return nil
}

// stateSet reads names of states.
func (r *reader) stateSet(words []string, to *states) error {
	if len(words) == 0 {
		return errorf("want states behind it, of %s", strings.Join(r.States, ", "))
	}
	for _, w := range words {
		n, err := r.stateNamed(w)
		if err != nil {
			return err
		}
		*to |= 1 << n
	}
	return nil
}

func (r *reader) stateNamed(word string) (uint8, error) {
	n := slices.Index(r.States, word)
	if n < 0 {
		return 0, errorf("%.40q: want a state, one of %s", word, strings.Join(r.States, ", "))
	}
	return uint8(n), nil
}

func (r *reader) timerNamed(word string) (int, error) {
	n := slices.IndexFunc(r.Timers, func(t Timer) bool { return t.Name == word })
	if n < 0 {
		return 0, errorf("%.40q: want a timer that stands above", word)
	}
	return n, nil
}

// conditions reads the words behind if.
func (r *reader) conditions(words []string) (when []condition, err error) {
	for _, w := range words {
		var c condition
		word, value, valued := strings.Cut(strings.TrimPrefix(w, "!"), "=")
		c.not = strings.HasPrefix(w, "!")
		at := slices.IndexFunc(tests[1:], func(t struct{ word, means string }) bool { return strings.TrimSuffix(t.word, "=N") == word })
		c.what = test(1 + at)
		isOption := func(name string) bool {
			return slices.ContainsFunc(r.Options, func(o Option) bool { return o.Name == name })
		}
		switch {
		case at < 0 && !valued && isOption(word):
			c.what, c.named = asksOption, word
		case at < 0 || valued != (c.what == isRepeated):
			return nil, errorf("%.40q: want a condition or an option that stands above", w)
		case valued && isOption(value):
			c.named = value
		case valued:
			if c.value, err = number(value, 1, maxRepeats); err != nil {
				return nil, err
			}
		}
		when = append(when, c)
	}
	if len(when) == 0 {
		return nil, errorf("want conditions behind if")
	}
	return when, nil
}

// rule reads a rule: what it is for, a colon, what it does.
func (r *reader) rule(words string, without bool) error {
	head, does, ok := strings.Cut(words, ":")
	if !ok {
		return errorf("want ': ACTION, ...' behind what the rule is for")
	}
	if len(r.rules) == maxRules {
		return errorf("want at most %d rules", maxRules)
	}
	rule := rule{line: r.line, without: without}
	if err := r.premise(&rule, strings.Fields(head)[1:]); err != nil {
		return err
	}
	for text := range strings.SplitSeq(does, ",") {
		a, err := r.action(strings.Fields(text), without)
		if err != nil {
			return err
		}
		rule.does = append(rule.does, a)
	}
	r.rules = append(r.rules, rule)
	return nil
}

// premise reads what a rule is for.
func (r *reader) premise(rule *rule, words []string) error {
	part := func() (list []string) { // the words up to the next that begins another part
		for len(words) > 0 && !slices.Contains([]string{"from", "in", "self", "peer", "if"}, words[0]) {
			list, words = append(list, words[0]), words[1:]
		}
		return list
	}
	for _, w := range part() {
		n := slices.Index(kindWords[:], w)
		switch {
		case w == "any":
			rule.kinds = 1<<numKinds - 1
		case n < 0:
			return errorf("%.40q: want kinds of segments: any, or of %s", w, strings.Join(kindWords[:], ", "))
		default:
			rule.kinds |= 1 << n
		}
	}
	if rule.kinds == 0 {
		return errorf("want kinds of segments: any, or of %s", strings.Join(kindWords[:], ", "))
	}
	for len(words) > 0 {
		word := words[0]
		words = words[1:]
		list := part()
		var err error
		set := map[string]*states{"in": &rule.in, "self": &rule.self, "peer": &rule.others}[word]
		switch {
		case word == "if":
			if len(words) > 0 {
				return errorf("%.40q: want it before if", words[0])
			}
			rule.when, err = r.conditions(list)
		case rule.without:
			return errorf("%s: without an entry there is none", word)
		case word == "from" && len(list) == 1 && list[0] == "client":
			rule.from = fromClient
		case word == "from" && len(list) == 1 && list[0] == "server":
			rule.from = fromServer
		case word == "from":
			return errorf("from %.40q: want client or server", strings.Join(list, " "))
		case (word == "in") == r.Each:
			return errorf("%s: want in with 'states', self and peer with 'ends'", word)
		default:
			err = r.stateSet(list, set)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// action reads a part of what a rule does.
func (r *reader) action(words []string, without bool) (a action, err error) {
	text := strings.Join(words, " ")
	if len(words) == 0 {
		return a, errorf("want an action between the commas")
	}
	var all []string
	for _, v := range verbs {
		all = append(all, v.word)
	}
	at := slices.Index(all, words[0])
	if at < 0 {
		return a, errorf("%.40q: want an action: %s", text, strings.Join(all, ", "))
	}
	a.what = verb(at)
	takes := len(strings.Fields(verbs[at].takes))
	switch given := len(words) - 1; {
	case a.what == creates && (given == 1 && !r.Each || given == 2 && r.Each):
		if a.state, err = r.stateNamed(words[1]); err == nil {
			a.peer = a.state
			if r.Each {
				a.peer, err = r.stateNamed(words[2])
			}
		}
		return a, err
	case a.what == creates:
		return a, errorf("%.60q: want a state, or with 'ends' two: of the sender and of its peer", text)
	case given != takes:
		return a, errorf("%.60q: want %q", text, strings.TrimSpace(words[0]+" "+verbs[at].takes))
	case without && !slices.Contains([]verb{passes, drops, answers, invalidates, continues, keeps, setsTimer, goesSelf, goesPeer}, a.what):
		return a, errorf("%.40q: without an entry there is none", text)
	case (a.what == goes) && r.Each, slices.Contains([]verb{goesSelf, goesPeer, goesBoth}, a.what) && !r.Each:
		return a, errorf("%.40q: want go with 'states', self, peer and both with 'ends'", text)
	}
	switch verbs[at].takes {
	case "STATE":
		a.state, err = r.stateNamed(words[1])
	case "TIMER":
		a.timer, err = r.timerNamed(words[1])
	}
	return a, err
}

// Format returns the description of the format: a line each, a word and what it means.
func Format() (parts []FormatPart) {
	lines := FormatPart{Title: "lines", Words: [][2]string{
		{signature + " " + version, "the first line"},
		{"# TEXT", "a comment; the lines of it at the top say what there is to say of the whole"},
		{"box NAME", "its name"},
		{"source TEXT", "where that is from"},
		{"states NAME ...", "the states of the connection"},
		{"ends NAME ...", "or the states of each end"},
		{"option NAME N # TEXT", "a setting, as a sysctl is, with its default"},
		{"timer NAME SECONDS in STATE ...", "how long an entry lives in these states"},
		{"timer NAME SECONDS both|either STATE ...", "the same, where ends have states; the first that is for both counts"},
		{"timer NAME SECONDS [else]", "for all other states, or only where a rule or a limit names it"},
		{"limit TIMER if CONDITION ...", "a timer that is longer is cut to this one"},
		{"evict STATE ...", "in these states an entry may be evicted"},
		{"expire reset", "when an entry expires both ends are sent an RST"},
		{"on KIND ... [from client|server] [in|self|peer STATE ...] [if CONDITION ...]: ACTION, ...", "what a segment does; the first rule that is for it counts"},
		{"none KIND ... [if CONDITION ...]: ACTION, ...", "the same where there is no entry"},
	}}
	kinds := FormatPart{Title: "kinds"}
	means := [numKinds]string{
		"it has RST", "SYN without ACK, and no RST", "SYN and ACK, and no RST", "FIN, and no RST or SYN", "ACK alone, with or without text", "none of these bits",
	}
	for k, word := range kindWords {
		kinds.Words = append(kinds.Words, [2]string{word, means[k]})
	}
	conditions, actions := FormatPart{Title: "conditions"}, FormatPart{Title: "actions"}
	for _, t := range tests {
		conditions.Words = append(conditions.Words, [2]string{t.word, t.means})
	}
	conditions.Words = append(conditions.Words, [2]string{"!CONDITION", "it does not hold"})
	for _, v := range verbs {
		actions.Words = append(actions.Words, [2]string{strings.TrimSpace(fmt.Sprint(v.word, " ", v.takes)), v.means})
	}
	return []FormatPart{lines, kinds, conditions, actions}
}

// A FormatPart is a part of the description of the format.
type FormatPart struct {
	Title string
	Words [][2]string
}

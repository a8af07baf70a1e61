package ask

import (
	"slices"
	"strings"

	"tcpclose/explore/ltl"
	"tcpclose/invariants"
)

// A connective makes a formula of formulas. It is written as a call, always(P), or as
// the logic's books have it: []P, P U Q.
type connective struct {
	names    []string // the first for calls, the others also between or before operands
	operands int
	of       func([]ltl.Formula) ltl.Formula
}

// connectives contains those of LTL, with the names, letters and signs that are usual.
var connectives = []connective{
	{[]string{"always", "G", "[]"}, 1, func(f []ltl.Formula) ltl.Formula { return ltl.Always(f[0]) }},
	{[]string{"eventually", "F", "<>"}, 1, func(f []ltl.Formula) ltl.Formula { return ltl.Eventually(f[0]) }},
	{[]string{"next", "X"}, 1, func(f []ltl.Formula) ltl.Formula { return ltl.Next(f[0]) }},
	{[]string{"until", "U"}, 2, func(f []ltl.Formula) ltl.Formula { return ltl.Until(f[0], f[1]) }},
	{[]string{"release", "R"}, 2, func(f []ltl.Formula) ltl.Formula { return ltl.Release(f[0], f[1]) }},
	{[]string{"weak", "W"}, 2, func(f []ltl.Formula) ltl.Formula {
		return ltl.Release(f[1], ltl.Or(f[0], f[1]))
	}},
	{[]string{"implies", "=>", "->"}, 2, func(f []ltl.Formula) ltl.Formula { return ltl.Implies(f[0], f[1]) }},
	{[]string{"equivalent", "<=>", "<->"}, 2, func(f []ltl.Formula) ltl.Formula {
		return ltl.And(ltl.Implies(f[0], f[1]), ltl.Implies(f[1], f[0]))
	}},
}

// connectiveOf returns the connective of that name and number of operands, or nil.
func connectiveOf(name string, operands int) *connective {
	for i := range connectives {
		if c := &connectives[i]; c.operands == operands && slices.Contains(c.names, name) {
			return c
		}
	}
	return nil
}

// Connectives returns how the connectives of formulas are written.
func Connectives() (list []string) {
	for _, c := range connectives {
		for i, name := range c.names {
			switch {
			case i > 0 && c.operands == 1:
				list = append(list, name+" P")
			case i > 0:
				list = append(list, "P "+name+" Q")
			case c.operands == 1:
				list = append(list, name+"(P)")
			default:
				list = append(list, name+"(P, Q)")
			}
		}
	}
	return list
}

// Formula returns the property that a formula of LTL is true of every run, if runs are
// as all Assumptions say. The formula is written with Connectives and &&, || and !; what
// is between them are questions. A question about an event is true where that is the
// next step.
func Formula(text string) (*invariants.Property, error) {
	line := oneLine(text)
	switch {
	case strings.TrimSpace(line) == "":
		return nil, wrong(line, "want a formula, as [](a.state == LAST_ACK => <>(a.state == CLOSED))")
	case len(line) > maxQuestion:
		return nil, wrong(line, "want at most %d bytes", maxQuestion)
	}
	p := formulaParser{line: []rune(line), tokens: tokens(line)}
	if err := notClosed(p.tokens); err != nil {
		return nil, inText(line, err)
	}
	f, err := p.formula(0)
	if err == nil && p.at < len(p.tokens) {
		err = p.unexpected()
	}
	if err != nil {
		return nil, inText(line, err)
	}
	property := ofRuns(strings.TrimSpace(line), "This should be true of every run.", nil, nil, f)
	if property.Err != nil {
		return nil, property.Err
	}
	return property, nil
}

// A viewed formula is one as a side sees it.
type viewed = func(invariants.View) ltl.Formula

// A formulaParser parses a formula by recursive descent. Arrows bind least, then ||,
// &&, the connectives between two operands, and those before one.
type formulaParser struct {
	line   []rune
	tokens []lexeme
	at     int // the next token
	texts  []string
	cases  []alternativeConditions // of the questions with these texts, each once
}

// next returns the next token, or "".
func (p *formulaParser) next() string { return p.ahead(0) }

// ahead returns the token after the next n, or "".
func (p *formulaParser) ahead(n int) string {
	if p.at+n >= len(p.tokens) {
		return ""
	}
	return p.tokens[p.at+n].text
}

// column returns where the next token begins.
func (p *formulaParser) column() int {
	if p.at >= len(p.tokens) {
		return len(p.line) + 1
	}
	return p.tokens[p.at].from + 1
}

func (p *formulaParser) fail(format string, args ...any) error {
	return misreadAt(p.column(), format, args...)
}

func (p *formulaParser) unexpected() error {
	if p.next() == "" {
		return p.fail("the formula ends too soon: want an expression")
	}
	return p.fail("%q is not expected here: want an expression, or what joins two", shortened(p.next()))
}

func (p *formulaParser) formula(depth int) (viewed, error) {
	if depth++; depth > maxDepth {
		return nil, p.fail("want less nesting")
	}
	if end := p.conditional(); end > 0 {
		return p.question(end)
	}
	left, err := p.joined(depth, []string{"||", "or"}, ltl.Or, func(depth int) (viewed, error) {
		return p.joined(depth, []string{"&&", "and"}, ltl.And, p.until)
	})
	if err != nil {
		return nil, err
	}
	if c := connectiveOf(p.next(), 2); c != nil && isArrow(p.next()) {
		p.at++
		right, err := p.formula(depth)
		if err != nil {
			return nil, err
		}
		return combined(c.of, left, right), nil
	}
	return left, nil
}

// joined parses operands with any of the operators between them.
func (p *formulaParser) joined(depth int, operators []string, of func(...ltl.Formula) ltl.Formula, operand func(int) (viewed, error)) (viewed, error) {
	var parts []viewed
	for {
		f, err := operand(depth)
		if err != nil {
			return nil, err
		}
		parts = append(parts, f)
		if !slices.Contains(operators, p.next()) {
			break
		}
		p.at++
	}
	if len(parts) == 1 {
		return parts[0], nil
	}
	return combined(func(f []ltl.Formula) ltl.Formula { return of(f...) }, parts...), nil
}

// until parses what U, W and R are between; they group to the right.
func (p *formulaParser) until(depth int) (viewed, error) {
	if depth++; depth > maxDepth {
		return nil, p.fail("want less nesting")
	}
	left, err := p.unary(depth)
	if err != nil {
		return nil, err
	}
	c := connectiveOf(p.next(), 2)
	if c == nil || isArrow(p.next()) {
		return left, nil
	}
	p.at++
	right, err := p.until(depth)
	if err != nil {
		return nil, err
	}
	return combined(c.of, left, right), nil
}

func (p *formulaParser) unary(depth int) (viewed, error) {
	if depth++; depth > maxDepth {
		return nil, p.fail("want less nesting")
	}
	name := p.next()
	one, two := connectiveOf(name, 1), connectiveOf(name, 2)
	switch {
	case one != nil:
		p.at++
		if p.next() == "(" && p.closed() {
			return p.call(name, one, depth)
		}
		f, err := p.unary(depth)
		if err != nil {
			return nil, err
		}
		return combined(one.of, f), nil
	case two != nil && !isArrow(name) && p.ahead(1) == "(":
		p.at++
		return p.call(name, two, depth)
	case (name == "!" || name == "not") && p.negatesFormula():
		p.at++
		f, err := p.unary(depth)
		if err != nil {
			return nil, err
		}
		return combined(func(f []ltl.Formula) ltl.Formula { return ltl.Not(f[0]) }, f), nil
	case name == "(" && p.closed():
		p.at++
		f, err := p.formula(depth)
		if err != nil {
			return nil, err
		}
		if p.next() != ")" {
			return nil, p.unexpected()
		}
		p.at++
		return f, nil
	}
	if w := p.ahead(1); name != "" && w == "(" && isName(name) && !strings.Contains(name, ".") && name != "not" {
		return nil, p.fail("%s: want %s", name, strings.Join(Connectives(), ", "))
	}
	return p.question(p.questionEnd())
}

// call parses the operands of a connective in parentheses.
func (p *formulaParser) call(name string, c *connective, depth int) (viewed, error) {
	open := p.at
	var parts []viewed
	for {
		p.at++ // the parenthesis or the comma
		f, err := p.formula(depth)
		if err != nil {
			return nil, err
		}
		parts = append(parts, f)
		if p.next() != "," {
			break
		}
	}
	if p.next() != ")" {
		return nil, p.unexpected()
	}
	p.at++
	if len(parts) != c.operands {
		return nil, misreadAt(p.tokens[open-1].from+1, "%s of %d: want %d", name, len(parts), c.operands)
	}
	return combined(c.of, parts...), nil
}

// closes returns the token that closes the parenthesis or bracket which is next, or -1.
func (p *formulaParser) closes() int {
	level := 0
	for i := p.at; i < len(p.tokens); i++ {
		switch p.tokens[i].text {
		case "(", "[":
			level++
		case ")", "]":
			if level--; level == 0 {
				return i
			}
		}
	}
	return -1
}

// closed reports whether the parentheses that are next contain a whole operand: no
// operator of a question is behind them.
func (p *formulaParser) closed() bool {
	end := p.closes()
	return end >= 0 && (end+1 == len(p.tokens) || isBoundary(p.tokens[end+1].text))
}

// negatesFormula reports whether the ! that is next negates a formula, rather than a
// part of a question.
func (p *formulaParser) negatesFormula() bool {
	was := p.at
	defer func() { p.at = was }()
	for p.next() == "!" || p.next() == "not" {
		p.at++
	}
	name := p.next()
	switch {
	case connectiveOf(name, 1) != nil:
		return true
	case connectiveOf(name, 2) != nil && p.ahead(1) == "(":
		return true
	}
	return name == "(" && p.closed()
}

// conditional returns where a question with ?: ends that is next, or 0 if none is.
func (p *formulaParser) conditional() int {
	level, found := 0, false
	for i := p.at; i < len(p.tokens); i++ {
		switch text := p.tokens[i].text; {
		case text == "(" || text == "[":
			level++
		case level == 0 && (text == ")" || text == "]" || text == "," || isArrow(text)):
			if found {
				return i
			}
			return 0
		case text == ")" || text == "]":
			level--
		case level == 0 && text == "?":
			found = true
		}
	}
	if found {
		return len(p.tokens)
	}
	return 0
}

// questionEnd returns the token behind the question that is next.
func (p *formulaParser) questionEnd() int {
	level := 0
	for i := p.at; i < len(p.tokens); i++ {
		text := p.tokens[i].text
		if level == 0 && isBoundary(text) && (i > p.at || text == ")" || text == ",") {
			return i
		}
		switch text {
		case "(", "[":
			level++
		case ")", "]":
			level--
		}
	}
	return len(p.tokens)
}

// question parses a question up to a token.
func (p *formulaParser) question(end int) (viewed, error) {
	if end <= p.at {
		return nil, p.unexpected()
	}
	from := p.tokens[p.at].from
	text := string(p.line[from:p.tokens[end-1].to])
	p.at = end
	i := slices.Index(p.texts, text)
	if i < 0 {
		list, err := conditionsOf(text)
		if m, ok := err.(*misreading); ok {
			return nil, &misreading{m.column + from, m.message}
		}
		if err != nil {
			return nil, misreadAt(from+1, "%s", err)
		}
		i = len(p.texts)
		p.texts, p.cases = append(p.texts, text), append(p.cases, list)
	}
	return p.cases[i].seenBy, nil
}

// conditionsOf returns the conditions of a question within a formula.
func conditionsOf(text string) (alternativeConditions, error) {
	tree, err := closes().parseLine(text)
	if err != nil {
		return nil, err
	}
	q, err := about(tree.Node)
	if err != nil {
		return nil, err
	}
	q.Text = text
	list, err := q.alternatives()
	if err != nil {
		return nil, misreadAt(1, "%s", err)
	}
	return list, nil
}

// combined makes a viewed of several.
func combined(of func([]ltl.Formula) ltl.Formula, parts ...viewed) viewed {
	return func(view invariants.View) ltl.Formula {
		var fs []ltl.Formula
		for _, f := range parts {
			fs = append(fs, f(view))
		}
		return of(fs)
	}
}

package ask

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"

	"tcpclose/internal/lang"
	"tcpclose/internal/near"
)

// An Error says what is wrong with an expression, and where.
type Error struct {
	Text   string // the expression
	Column int    // from 1; 0 if the expression is wrong as a whole
	What   string

	message message // What, to be said in other languages
}

// In returns what is wrong with the expression in a language.
func (e *Error) In(l lang.Language) string {
	if e.message.format == "" {
		return e.What
	}
	return e.message.in(l)
}

// A message is a format, and what goes into it. Of its arguments kinds and messages are
// translated with it; all others are names, or what was asked.
type message struct {
	format string
	args   []any
}

func (m message) String() string { return m.in(lang.English) }

func (m message) in(l lang.Language) string {
	args := slices.Clone(m.args)
	for i, arg := range args {
		switch arg := arg.(type) {
		case message:
			args[i] = arg.in(l)
		case kind:
			args[i] = l.Say(arg.String())
		}
	}
	return l.Say(m.format, args...)
}

func (e *Error) Error() string {
	if e.Column == 0 {
		return fmt.Sprintf("expression %q: %s", shortened(e.Text), e.What)
	}
	return fmt.Sprintf("expression %q, column %d: %s", shortened(e.Text), e.Column, e.What)
}

// inText returns an error as an Error of that text.
func inText(text string, err error) error {
	if m, ok := errors.AsType[*misreading](err); ok {
		return &Error{oneLine(text), m.column, m.String(), m.message}
	}
	return &Error{Text: oneLine(text), What: err.Error()}
}

// wrong returns an Error of a whole text.
func wrong(text, format string, args ...any) error {
	m := message{format, args}
	return &Error{Text: oneLine(text), What: m.String(), message: m}
}

// shortened returns the beginning of a text that is too long to be repeated.
func shortened(text string) string {
	const most = 60
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most-3]) + "..."
	}
	return text
}

// A misreading is an error at a place in an expression.
type misreading struct {
	column int
	message
}

func (m *misreading) Error() string { return fmt.Sprintf("column %d: %s", m.column, m.message) }

func misreadAt(column int, format string, args ...any) error {
	return &misreading{column, message{format, args}}
}

func misread(n ast.Node, format string, args ...any) error {
	return misreadAt(n.Location().From+1, format, args...)
}

// located returns an error of the library as a misreading.
func located(err error) error {
	if e, ok := errors.AsType[*file.Error](err); ok {
		return misreadAt(e.From+1, "%s", strings.Join(strings.Fields(e.Message), " "))
	}
	return misreadAt(1, "%s", strings.Join(strings.Fields(err.Error()), " "))
}

// unparsed returns what is wrong with a line that the library cannot parse: the place is
// the library's, the words are not.
func unparsed(line string, err error) error {
	column := 1
	if e, ok := errors.AsType[*file.Error](err); ok {
		column = e.From + 1
	}
	list := tokens(line)
	if n := len(list); n > 0 && column > list[n-1].from && opens(list[n-1].text) {
		return misreadAt(list[n-1].to+1, "the expression ends too soon: want a term, a number or a word")
	}
	if err := notClosed(list); err != nil {
		return err
	}
	text := ""
	for _, t := range list {
		if t.to >= column && text == "" {
			text, column = t.text, t.from+1
		}
	}
	return misreadAt(column, "%q is not expected here: want terms, numbers and words, joined by %s", shortened(text), strings.Join(operators, " "))
}

// notClosed reports the first parenthesis or bracket that is not closed, if none is
// closed that was not opened.
func notClosed(list []lexeme) error {
	var open []lexeme
	for _, t := range list {
		switch t.text {
		case "(", "[":
			open = append(open, t)
		case ")", "]":
			if len(open) == 0 {
				return nil
			}
			open = open[:len(open)-1]
		}
	}
	if len(open) == 0 {
		return nil
	}
	closing := map[string]string{"(": ")", "[": "]"}[open[0].text]
	return misreadAt(open[0].from+1, "%s is not closed: want %s behind it", open[0].text, closing)
}

// opens reports whether something has to follow a token.
func opens(text string) bool {
	return slices.Contains(operators, text) || slices.Contains([]string{"(", "[", ",", "!", "not", "?", ":", "."}, text)
}

// unequal returns what is wrong with a single = in a line, which compares nothing, or
// nil.
func unequal(line string) error {
	for _, t := range tokens(line) {
		switch t.text {
		case "=":
			return misreadAt(t.from+1, "= compares nothing: want ==")
		case "=>", "->", "<->", "<=>":
			return misreadAt(t.from+1, "%s joins expressions in a formula: want none in an expression", t.text)
		}
	}
	return nil
}

// wantPart returns what can be after a prefix in place of a word that is not.
func (v *vocabulary) wantPart(prefix, last string) message {
	parts := v.members[prefix]
	if len(parts) <= 6 {
		return message{"want %s", []any{v.after(prefix)}}
	}
	if meant := near.Name(last, parts); meant != "" {
		return message{"want %s.%s, or another of '%s'", []any{prefix, meant, v.listedBy}}
	}
	return message{"want one of '%s', as %s.%s", []any{v.listedBy, prefix, parts[0]}}
}

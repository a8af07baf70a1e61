package ask

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"

	"tcpclose/internal/near"
)

// An Error says what is wrong with an expression, and where.
type Error struct {
	Text   string // the expression
	Column int    // from 1; 0 if the expression is wrong as a whole
	What   string
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
		return &Error{oneLine(text), m.column, m.what}
	}
	return &Error{Text: oneLine(text), What: err.Error()}
}

// wrong returns an Error of a whole text.
func wrong(text, format string, args ...any) error {
	return &Error{Text: oneLine(text), What: fmt.Sprintf(format, args...)}
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
	what   string
}

func (m *misreading) Error() string { return fmt.Sprintf("column %d: %s", m.column, m.what) }

func misread(n ast.Node, format string, args ...any) error {
	return &misreading{n.Location().From + 1, fmt.Sprintf(format, args...)}
}

// located returns an error of the library as a misreading.
func located(err error) error {
	if e, ok := errors.AsType[*file.Error](err); ok {
		return &misreading{e.From + 1, strings.Join(strings.Fields(e.Message), " ")}
	}
	return &misreading{1, strings.Join(strings.Fields(err.Error()), " ")}
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
		return &misreading{list[n-1].to + 1, "the expression ends too soon: want a term, a number or a word"}
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
	return &misreading{column, fmt.Sprintf("%q is not expected here: want terms, numbers and words, joined by %s", shortened(text), strings.Join(operators, " "))}
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
	return &misreading{open[0].from + 1, fmt.Sprintf("%s is not closed: want %s behind it", open[0].text, closing)}
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
			return &misreading{t.from + 1, "= compares nothing: want =="}
		case "=>", "->", "<->", "<=>":
			return &misreading{t.from + 1, t.text + " joins questions in a formula: want none in a question"}
		}
	}
	return nil
}

// wantPart returns what can be after a prefix in place of a word that is not.
func (v *vocabulary) wantPart(prefix, last string) string {
	parts := v.members[prefix]
	if len(parts) <= 6 {
		return "want " + v.after(prefix)
	}
	if meant := near.Name(last, parts); meant != "" {
		return fmt.Sprintf("want %s.%s, or another of '%s'", prefix, meant, v.listedBy)
	}
	return fmt.Sprintf("want one of '%s', as %s.%s", v.listedBy, prefix, parts[0])
}

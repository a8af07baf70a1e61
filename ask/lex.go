package ask

import (
	"slices"
	"strings"
	"unicode"
)

// A lexeme is a token of an expression or a formula.
type lexeme struct {
	text     string
	from, to int // in runes
}

// signs contains the tokens of several characters that are no names, the longer first.
var signs = []string{"<->", "<=>", "->", "=>", "&&", "||", "==", "!=", "<=", ">=", "[]", "<>", "?:"}

// tokens returns the tokens of a line. What is in quotes is one.
func tokens(line string) (list []lexeme) {
	runes := []rune(line)
	for i := 0; i < len(runes); {
		from := i
		switch r := runes[i]; {
		case unicode.IsSpace(r):
			i++
			continue
		case strings.ContainsRune("\"'`", r):
			for i++; i < len(runes) && runes[i] != r; i++ {
				if runes[i] == '\\' && r != '`' {
					i++
				}
			}
			i = min(i+1, len(runes))
		case inName(r):
			for i < len(runes) && inName(runes[i]) {
				i++
			}
		default:
			i++
			for _, sign := range signs {
				if strings.HasPrefix(string(runes[from:min(from+3, len(runes))]), sign) {
					i = from + len(sign)
					break
				}
			}
		}
		list = append(list, lexeme{string(runes[from:i]), from, i})
	}
	return list
}

// inName reports whether names, numbers and terms can contain r.
func inName(r rune) bool { return r == '_' || r == '.' || unicode.IsLetter(r) || unicode.IsDigit(r) }

// isName reports whether a token is a name or a number.
func isName(text string) bool { return text != "" && inName([]rune(text)[0]) }

// isArrow reports whether a token is an arrow.
func isArrow(text string) bool { return slices.Contains([]string{"=>", "->", "<=>", "<->"}, text) }

// isBoundary reports whether a token ends a question within a formula.
func isBoundary(text string) bool {
	switch text {
	case "&&", "||", "and", "or", ")", ",":
		return true
	}
	return isArrow(text) || connectiveOf(text, 2) != nil
}

// CutArrow returns what is before and what is behind the arrow of a text, => or ->, which
// is in no quotes and no parentheses.
func CutArrow(text string) (before, behind string, found bool) {
	runes := []rune(text)
	level := 0
	for _, t := range tokens(text) {
		switch t.text {
		case "(", "[":
			level++
		case ")", "]":
			level--
		case "=>", "->":
			if level == 0 {
				return strings.TrimSpace(string(runes[:t.from])), strings.TrimSpace(string(runes[t.to:])), true
			}
		}
	}
	return text, "", false
}

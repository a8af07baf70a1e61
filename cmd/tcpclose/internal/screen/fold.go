package screen

import (
	"iter"
	"strings"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// Columns is how wide a screen is taken to be.
const Columns = 80

// Fold breaks text into lines of at most so many columns where it may be broken
// (UAX 14): at spaces, and between Chinese characters, which take two columns each.
// Hyphens are no such places: FIN-WAIT-2 is a word. What is wider than a line by
// itself is cut.
func Fold(text string, columns int) (lines []string) {
	line := ""
	for word := range words(text) {
		if line != "" && Width(strings.TrimRight(line+word, " ")) > columns {
			lines = append(lines, strings.TrimRight(line, " "))
			line = ""
		}
		for line += word; Width(strings.TrimRight(line, " ")) > columns; {
			head := cut(line, columns)
			lines, line = append(lines, head), line[len(head):]
		}
	}
	return append(lines, strings.TrimRight(line, " \n"))
}

// command is how a command in quotes begins, which is not to be broken if it is short.
const (
	command     = "'tcpclose "
	commandMost = 40
)

// words yields text in the parts that stay together, spaces with what they follow.
func words(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		word, state := "", -1
		for text != "" {
			var segment string
			segment, text, _, state = uniseg.FirstLineSegmentInString(text, state)
			if word += segment; text != "" && !strings.HasSuffix(segment, " ") && !wide(text) && !endsWide(segment) {
				continue
			}
			if i := strings.Index(word, command); i >= 0 && !strings.Contains(word[i+1:], "'") && len(word)-i < commandMost && text != "" {
				continue
			}
			if !yield(word) {
				return
			}
			word = ""
		}
		if word != "" {
			yield(word)
		}
	}
}

// wide reports whether text begins with a character of two columns, as Chinese is
// written with.
func wide(text string) bool {
	_, _, width, _ := uniseg.FirstGraphemeClusterInString(text, -1)
	return width > 1
}

// endsWide reports whether text ends with such a character, as Chinese lists have between
// two names.
func endsWide(text string) bool {
	last, _ := utf8.DecodeLastRuneInString(text)
	return Width(string(last)) > 1
}

// cut returns the beginning of text that fits into so many columns, and at least one
// character.
func cut(text string, columns int) string {
	head, state, used := 0, -1, 0
	for rest := text; rest != ""; {
		var cluster string
		var width int
		if cluster, rest, width, state = uniseg.FirstGraphemeClusterInString(rest, state); head > 0 && used+width > columns {
			break
		}
		head, used = head+len(cluster), used+width
	}
	return text[:head]
}

// Elide returns text in at most so many columns: what is longer ends in "...", after
// a word if there is one.
func Elide(text string, columns int) string {
	if Width(text) <= columns {
		return text
	}
	head := cut(text, max(1, columns-3))
	if space := max(strings.LastIndexByte(head, ' '), strings.LastIndex(head, "、")); space > columns/2 {
		head = head[:space]
	}
	return strings.TrimRight(head, " ,;:") + "..."
}

// Width returns how many columns text takes.
func Width(text string) int { return uniseg.StringWidth(text) }

// Pad returns text padded with spaces to that width.
func Pad(text string, columns int) string {
	return text + strings.Repeat(" ", max(0, columns-Width(text)))
}

// Indent returns text folded into lines that begin with so many spaces; those after
// the first with hang more.
func Indent(text string, indent, hang int) string {
	var all strings.Builder
	first := true
	for paragraph := range strings.SplitSeq(text, "\n") {
		for _, line := range Fold(paragraph, Columns-indent-hang) {
			n := indent + hang
			if first {
				n = indent
			}
			if line != "" {
				all.WriteString(strings.Repeat(" ", n) + line)
				first = false
			}
			all.WriteByte('\n')
		}
	}
	return all.String()
}

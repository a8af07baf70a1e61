// Package lang has the languages in which the program explains what it finds, and the
// catalogue of its messages: plain tables from English to Chinese. Nothing in Chinese has
// a plural, for which golang.org/x/text/message is made.
package lang

import (
	"fmt"
	"strings"
	"sync"

	"github.com/rivo/uniseg"
)

// A Language is one of those in which the program explains.
type Language uint8

const (
	English Language = iota
	Chinese
)

var names = [...]string{"en", "zh"}

func (l Language) String() string { return names[l] }

// Parse returns the language of that name.
func Parse(name string) (Language, error) {
	for i, n := range names {
		if n == name {
			return Language(i), nil
		}
	}
	return 0, fmt.Errorf("%q: want zh or en", name)
}

// Names returns the names of the languages.
func Names() []string { return names[:] }

// Say returns a message in the language, formatted if there are args. What is not in the
// catalogue, as a name, stays as it is.
func (l Language) Say(english string, args ...any) string {
	text := english
	if l == Chinese {
		if zh, ok := catalogue()[english]; ok {
			text = zh
		}
	}
	if len(args) == 0 {
		return text
	}
	return fmt.Sprintf(text, args...)
}

// Knows reports whether the catalogue has a message.
func Knows(english string) bool {
	_, ok := catalogue()[english]
	return ok
}

// List returns words in the language, translated, and separated as it separates them.
func (l Language) List(words []string) string {
	said := make([]string, len(words))
	for i, word := range words {
		said[i] = l.Say(word)
	}
	return strings.Join(said, l.comma())
}

func (l Language) comma() string {
	if l == Chinese {
		return "、"
	}
	return ", "
}

// Comma returns what separates the clauses of a sentence.
func (l Language) Comma() string {
	if l == Chinese {
		return "，"
	}
	return ", "
}

// Count returns a number of things: "3 events".
func (l Language) Count(n int, thing string) string {
	switch {
	case l == Chinese:
		return l.Say("%d "+thing+"s", n)
	case n == 1:
		return "1 " + thing
	case strings.HasSuffix(thing, "y"):
		return fmt.Sprintf("%d %sies", n, strings.TrimSuffix(thing, "y"))
	case strings.HasSuffix(thing, "s"):
		return fmt.Sprintf("%d %ses", n, thing)
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// Width returns how many columns text takes: a Chinese character takes two.
func Width(text string) int { return uniseg.StringWidth(text) }

// Pad returns text padded with spaces to that width.
func Pad(text string, columns int) string {
	return text + strings.Repeat(" ", max(0, columns-Width(text)))
}

// PadLeft returns text padded on the left with spaces to that width.
func PadLeft(text string, columns int) string {
	return strings.Repeat(" ", max(0, columns-Width(text))) + text
}

// Fold breaks text into lines of so many columns: at spaces, and within words that are
// wider than a line where Unicode allows it.
func Fold(text string, columns int) (lines []string) {
	line := ""
	add := func(piece, gap string) {
		if line != "" && Width(line+gap+piece) > columns {
			lines, line, gap = append(lines, line), "", ""
		}
		if line == "" {
			gap = ""
		}
		line += gap + piece
	}
	for _, word := range strings.Fields(text) {
		if Width(word) <= columns {
			add(word, " ")
			continue
		}
		for piece, gap, state := "", " ", -1; word != ""; gap = "" {
			piece, word, _, state = uniseg.FirstLineSegmentInString(word, state)
			add(piece, gap)
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// catalogue returns every message of the tables.
var catalogue = sync.OnceValue(func() map[string]string {
	all := map[string]string{}
	for _, table := range tables {
		for english, chinese := range table {
			if _, twice := all[english]; twice {
				panic("lang: twice in the catalogue: " + english)
			}
			all[english] = chinese
		}
	}
	return all
})

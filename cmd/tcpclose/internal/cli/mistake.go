package cli

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tcpclose/cmd/tcpclose/internal/screen"
	"tcpclose/internal/lang"
	"tcpclose/internal/near"
)

// A Mistake is what is wrong with a command line, in a line: the thing, the value,
// what was expected and, where there is something, what may have been meant.
type Mistake struct {
	Thing string // "flag -msl", "argument", "file"
	Value string // as it was typed
	Given bool   // there was a value
	Want  string // "want 1 to 60000 ticks", or what is wrong otherwise
	Hint  string // "did you mean -msl?"
	// format and args make Want, in English.
	format  string
	args    []any
	within  string // the part of the value that is wrong
	chinese bool   // its parts are separated as in Chinese
	says    func(lang.Language) string
}

// Said returns a Mistake whose Want a function returns in each language.
func Said(says func(lang.Language) string) *Mistake {
	return &Mistake{Want: says(lang.English), says: says}
}

const (
	valueColumns = 40  // of a value that is repeated
	lineColumns  = 240 // of the whole
)

func (m *Mistake) Error() string {
	thing, colon, semicolon := m.Thing, ": ", "; "
	if m.chinese {
		colon, semicolon = "：", "；"
	}
	switch {
	case m.Given && strings.Contains(thing, " -"):
		thing += colon + Quoted(m.Value)
	case m.Given:
		thing = strings.TrimSpace(thing + " " + Quoted(m.Value))
	}
	text := m.Want
	if thing != "" {
		text = thing + colon + text
	}
	text = oneLine(text)
	if m.Hint != "" {
		text = screen.Elide(text, lineColumns-screen.Width(m.Hint)-2) + semicolon + m.Hint
	}
	return screen.Elide(text, lineColumns)
}

// Want returns a Mistake of a value; Parse adds the flag and the value.
func Want(format string, args ...any) *Mistake {
	return &Mistake{Want: "want " + fmt.Sprintf(format, args...), format: "want " + format, args: args}
}

// In returns the mistake in a language.
func (m *Mistake) In(l lang.Language) *Mistake {
	if l == lang.English {
		return m
	}
	is := *m
	is.chinese = true
	if kind, name, ok := strings.Cut(m.Thing, " "); ok {
		is.Thing = l.Say(kind+" %s", name)
	} else {
		is.Thing = l.Say(m.Thing)
	}
	is.Want = l.Say(m.Want)
	switch {
	case m.says != nil:
		is.Want = m.says(l)
	case m.format != "":
		args := slices.Clone(m.args)
		for i := range args {
			switch arg := args[i].(type) {
			case string:
				args[i] = l.Say(arg)
			case Values:
				args[i] = l.Values(string(arg))
			case error:
				args[i] = l.Reason(arg)
			}
		}
		// What was added to the sentence stays as it is.
		is.Want = strings.Replace(m.Want, fmt.Sprintf(m.format, m.args...), l.Say(m.format, args...), 1)
	}
	if m.within != "" {
		is.Want = l.Say("in %s, %s", Quoted(m.within), strings.TrimPrefix(is.Want, inside(m.within)))
	}
	is.Hint = l.Say(m.Hint)
	if name, ok := strings.CutPrefix(m.Hint, "did you mean "); ok {
		is.Hint = l.Say("did you mean %s?", strings.TrimSuffix(name, "?"))
	} else if kind, command, ok := strings.Cut(strings.TrimPrefix(m.Hint, "it is a "), ": "); ok {
		is.Hint = l.Say("it is a %s: %s", l.Say(kind), command)
	}
	return &is
}

// Inside returns the mistake of a part of a value.
func (m *Mistake) Inside(part string) *Mistake {
	is := *m
	is.Want, is.within = inside(part)+m.Want, part
	return &is
}

func inside(part string) string { return "in " + Quoted(part) + ", " }

// Values are what a flag can have, as its help lists them: "off, or 1 to 100".
type Values string

// About returns the mistake with the thing that it is about, unless it has one.
func (m *Mistake) About(thing string) *Mistake {
	is := *m
	if is.Thing == "" {
		is.Thing = thing
	}
	return &is
}

// WantName returns a Mistake of a name that is not one of names, which a command
// lists.
func WantName(value, kind, command string, names []string) *Mistake {
	m := Want("%s that '%s' shows", kind, command)
	if list := strings.Join(names, ", "); len(names) > 0 && len(list) <= 60 {
		m = Want("%s", Values(orOf(names)))
	}
	return m.meant(near.Name(value, names))
}

// Because returns a Mistake whose reason is an error's.
func Because(err error) *Mistake {
	if m, ok := errors.AsType[*Mistake](err); ok {
		return m
	}
	return Said(func(l lang.Language) string { return oneLine(l.Reason(err)) })
}

// Of returns the mistake with the thing and the value that it is of, unless it has
// them.
func (m *Mistake) Of(thing, value string) *Mistake {
	is := *m
	if is.Thing == "" {
		is.Thing = thing
	}
	if !is.Given {
		is.Value, is.Given = value, true
	}
	return &is
}

// meant adds what may have been meant, if that is something.
func (m *Mistake) meant(name string) *Mistake {
	if name == "" {
		return m
	}
	is := *m
	is.Hint = "did you mean " + name + "?"
	return &is
}

// Argument returns a Mistake of an argument that is no flag.
func Argument(value, format string, args ...any) *Mistake {
	return Want(format, args...).Of("argument", value)
}

// Quoted returns a value as messages repeat it: in quotes, in one line, and not for
// pages.
func Quoted(value string) string {
	text := strconv.Quote(value)
	if screen.Width(text) > valueColumns {
		quoted := strconv.Quote(screen.Elide(oneLine(value), valueColumns-2))
		return quoted
	}
	return text
}

// oneLine returns text with a space for whatever is no printable character.
func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if !strconv.IsPrint(r) {
			return ' '
		}
		return r
	}, text)
}

// orOf returns a list with "or" before its last.
func orOf(names []string) string {
	last := len(names) - 1
	if last == 0 {
		return names[0]
	}
	return strings.Join(names[:last], ", ") + " or " + names[last]
}

// Innermost returns the innermost error, which does not name files.
func Innermost(err error) error {
	for errors.Unwrap(err) != nil {
		err = errors.Unwrap(err)
	}
	return err
}

package lang

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// A Message is an error that can be said in other languages: a format, in English, and
// what goes into it.
type Message interface {
	error
	Message() (format string, args []any)
}

// Errorf returns an error as fmt.Errorf does, and a Message.
func Errorf(format string, args ...any) error {
	return &failure{format, args, fmt.Errorf(format, args...)}
}

type failure struct {
	format string
	args   []any
	err    error
}

func (f *failure) Error() string                        { return f.err.Error() }
func (f *failure) Unwrap() error                        { return errors.Unwrap(f.err) }
func (f *failure) Message() (format string, args []any) { return f.format, f.args }

// Reason returns an error in the language, with all that it wraps. What is not a Message
// and not in the catalogue stays as it is.
func (l Language) Reason(err error) string {
	m, ok := err.(Message)
	if !ok {
		return l.wrapped(err)
	}
	format, args := m.Message()
	args = slices.Clone(args)
	for i := range args {
		if inner, ok := args[i].(error); ok {
			args[i] = l.Reason(inner)
		}
	}
	return fmt.Sprintf(strings.ReplaceAll(l.Say(format), "%w", "%v"), args...)
}

// Foreign returns the text of an error of a package that does not use this one: by the
// catalogue, or by the formats of foreignWords.
func (l Language) Foreign(text string) string {
	if l == English || Knows(text) {
		return l.Say(text)
	}
	for _, f := range foreignFormats() {
		if parts := f.english.FindStringSubmatch(text); parts != nil {
			var args []any
			for _, part := range parts[1:] {
				args = append(args, l.Foreign(part))
			}
			return fmt.Sprintf(f.chinese, args...)
		}
	}
	return text
}

type foreignFormat struct {
	english *regexp.Regexp
	chinese string
}

// foreignFormats returns the formats as regular expressions, the longest first.
var foreignFormats = sync.OnceValue(func() (list []foreignFormat) {
	formats := slices.SortedFunc(maps.Keys(foreignWords), func(x, y string) int {
		return cmp.Or(cmp.Compare(len(y), len(x)), cmp.Compare(x, y))
	})
	for _, format := range formats {
		text := strings.ReplaceAll(regexp.QuoteMeta(format), "%s", "(.*?)")
		list = append(list, foreignFormat{regexp.MustCompile("^" + text + "$"), foreignWords[format]})
	}
	return list
})

// wrapped returns an error that is not a Message, but may wrap one.
func (l Language) wrapped(err error) string {
	inner, ok := errors.AsType[Message](err)
	if !ok {
		return l.Foreign(err.Error())
	}
	before, after, ok := strings.Cut(err.Error(), inner.Error())
	if !ok {
		return l.Foreign(err.Error())
	}
	return l.Say(before) + l.Reason(inner) + l.Say(after)
}

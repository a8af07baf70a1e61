package lang

import (
	"errors"
	"fmt"
	"slices"
	"strings"
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

// wrapped returns an error that is not a Message, but may wrap one.
func (l Language) wrapped(err error) string {
	inner, ok := errors.AsType[Message](err)
	if !ok {
		return l.Say(err.Error())
	}
	before, after, ok := strings.Cut(err.Error(), inner.Error())
	if !ok {
		return l.Say(err.Error())
	}
	return l.Say(before) + l.Reason(inner) + l.Say(after)
}

package model

import (
	"fmt"
	"strconv"
	"strings"
)

const (
	maxTicks = 60000 // so that no timer's count reaches Never
	maxMSLs  = 60
)

// A kind writes and reads the values of a field.
type kind[T any] struct {
	values string // what is allowed, for display
	unit   string
	text   func(T) string
	parse  func(string) (T, error)
}

// read sets *to to the value that text stands for, if it stands for one.
func (k kind[T]) read(text string, to *T) error {
	v, err := k.parse(text)
	if err == nil {
		*to = v
	}
	return err
}

// number is a number from low to high.
func number(low, high int, unit string) kind[uint8] {
	return kind[uint8]{
		values: fmt.Sprintf("%d to %d", low, high), unit: unit,
		text:  func(n uint8) string { return strconv.Itoa(int(n)) },
		parse: func(s string) (uint8, error) { return parseSmall(s, low, high) },
	}
}

// tickCount is a time of at least low.
func tickCount(low int) kind[uint16] {
	return kind[uint16]{
		values: fmt.Sprintf("%d to %d ticks", low, maxTicks), unit: "ticks",
		text:  func(n uint16) string { return strconv.Itoa(int(n)) },
		parse: func(s string) (uint16, error) { return parseNumber(s, low, maxTicks) },
	}
}

// timeOr is a time of which 0 has a name.
func timeOr(zero string) kind[uint16] {
	return kind[uint16]{
		values: fmt.Sprintf("%s, or 1 to %d ticks", zero, maxTicks), unit: "ticks",
		text: func(n uint16) string {
			if n == 0 {
				return zero
			}
			return strconv.Itoa(int(n))
		},
		parse: func(s string) (uint16, error) {
			if s == zero {
				return 0, nil
			}
			n, err := parseNumber(s, 1, maxTicks)
			if err != nil {
				return 0, invalid("%q: want %s or 1 to %d", s, zero, maxTicks)
			}
			return n, nil
		},
	}
}

// timeout is the time of a timer that may be off, and assumed an MSL that may be
// the network's.
var timeout, assumed = timeOr("off"), timeOr("same")

var span = kind[Span]{
	values: "ticks, or MSLs as in 2msl, or both as in 1msl+2", unit: "ticks",
	text: Span.String, parse: ParseSpan,
}

// limit is a kind for a Limit on the number of things.
func limit(unit string) kind[Limit] {
	return kind[Limit]{
		values: fmt.Sprintf("off, unlimited, or 1 to %d", maxLimit), unit: unit,
		text: Limit.String, parse: parseLimit,
	}
}

var window = kind[Window]{
	values: fmt.Sprintf("unlimited, or 0 to %d", MaxOctets), unit: "octets",
	text: Window.String,
	parse: func(s string) (Window, error) {
		if s == Wide.String() {
			return Wide, nil
		}
		n, err := parseSmall(s, 0, MaxOctets)
		if err != nil {
			return 0, invalid("%q: want unlimited or 0 to %d", s, MaxOctets)
		}
		return WindowOf(n), nil
	},
}

var stray = kind[Stray]{
	values: "off, or as in <SEQ=101><ACK=300><DATA=1><CTL=ACK>",
	text:   Stray.String, parse: parseStray,
}

var fault = kind[Fault]{
	values: "none, or the name of a fault",
	text:   Fault.String,
	parse: func(s string) (Fault, error) {
		f, err := FindFault(s)
		if err != nil {
			return 0, invalid("%q: want none or the name of a fault", s)
		}
		return f, nil
	},
}

// alternatives is one of d's.
func alternatives(d Decision) kind[Choice] {
	var names []string
	for _, a := range d.Info().Alternatives {
		names = append(names, a.Name)
	}
	return oneOf[Choice](names)
}

// oneOf is a value that has a name.
func oneOf[T ~uint8](names []string) kind[T] {
	return kind[T]{
		values: strings.Join(names, ", "),
		text:   func(v T) string { return nameOf(names, v) },
		parse: func(s string) (T, error) {
			for i, n := range names {
				if n == s {
					return T(i), nil
				}
			}
			return 0, invalid("%q: want %s", s, strings.Join(names, " or "))
		},
	}
}

func parseNumber(s string, low, high int) (uint16, error) {
	n, err := strconv.ParseUint(s, 10, 16) // no sign
	if err != nil || int(n) < low || int(n) > high {
		return 0, invalid("%q: want %d to %d", s, low, high)
	}
	return uint16(n), nil
}

func parseSmall(s string, low, high int) (uint8, error) {
	n, err := parseNumber(s, low, high) // high is small
	return uint8(n), err
}

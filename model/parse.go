package model

import (
	"fmt"
	"strings"
)

// named returns the value from 0 to n-1 whose String is name.
func named[T interface {
	~uint8
	fmt.Stringer
}](what, name string, n T) (T, error) {
	var names []string
	for v := T(0); v < n; v++ {
		if v.String() == name {
			return v, nil
		}
		names = append(names, v.String())
	}
	return 0, invalid("%s %q: want one of %q", what, name, names)
}

// ParseKind returns the kind of action with that name.
func ParseKind(name string) (Kind, error) { return named("kind of event", name, numKinds) }

// ParseCall returns the call with that name.
func ParseCall(name string) (Call, error) { return named("call", name, numCalls) }

// ParseTimeout returns the timeout with that name.
func ParseTimeout(name string) (Timeout, error) { return named("timeout", name, numTimeouts) }

// ParseSide returns the side with that name.
func ParseSide(name string) (Side, error) { return named("side", name, B+1) }

func nameOf[T ~uint8](names []string, v T) string {
	if int(v) >= len(names) {
		return strings.TrimPrefix(fmt.Sprintf("%T(%d)", v, uint8(v)), "model.")
	}
	return names[v]
}

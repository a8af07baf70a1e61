package model

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// newSystem is the system of the configuration in text.
func newSystem(t require.TestingT, text string) *System {
	c, err := ParseConfig(text)
	require.NoError(t, err)
	y, err := NewSystem(c)
	require.NoError(t, err)
	return y
}

// find is the possible action of which the text is, or begins with, name.
func find(y *System, s State, name string) (Action, bool) {
	for _, a := range y.Actions(nil, s) {
		if text, _, _ := strings.Cut(actionText(a), ":"); text == name {
			return a, true
		}
	}
	return Action{}, false
}

func possible(y *System, s State, name string) bool {
	_, ok := find(y, s, name)
	return ok
}

// play does actions one after the other: "call a CLOSE", "deliver a 0", "tick".
func play(t testing.TB, y *System, s State, names ...string) State {
	t.Helper()
	for _, name := range names {
		a, ok := find(y, s, name)
		require.True(t, ok, "%s is not possible in\n%s", name, describe(y, s))
		o, ok := y.Step(s, a)
		require.True(t, ok)
		s = o.To
	}
	return s
}

// ticks is play of so many ticks.
func ticks(t testing.TB, y *System, s State, n int) State {
	t.Helper()
	for range n {
		s = play(t, y, s, "tick")
	}
	return s
}

func describe(y *System, s State) string {
	return strings.Join((&script{sys: y, state: s}).show(), "\n")
}

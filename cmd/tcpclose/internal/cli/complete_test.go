package cli

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// two commands of which each kind of word can be completed.
func two() []*Command {
	set := func() *Set {
		s := NewSet("check")
		s.Add(Flag{Name: "preset", Values: "NAME", Words: func() []string { return []string{"no-data", "notes"} }, Set: func(string) error { return nil }})
		s.Names(Flag{Name: "properties", Values: "NAMES", Words: func() []string { return []string{"quiet", "rest"} }}, new([]string))
		s.Switch(Flag{Name: "json", Means: "for programs"}, new(bool))
		s.Text(Flag{Name: "o", Values: "FILE"}, new(string))
		return s
	}
	return []*Command{
		{Name: "check", Summary: "the verdicts", Set: set, Words: func() []string { return []string{"no-data", "notes", "linux"} }},
		{Name: "claims", Set: set}, {Name: "__hidden", Hidden: true, Set: set}, {Name: "replay", Args: "FILE", Set: set},
	}
}

func TestComplete(t *testing.T) {
	for _, c := range []struct {
		shell string
		words []string
		want  []string
	}{
		{"bash", []string{"c"}, []string{"check", "claims"}},
		{"bash", []string{""}, []string{"check", "claims", "replay"}},
		{"zsh", []string{"ch"}, []string{"check:the verdicts"}},
		{"fish", []string{"ch"}, []string{"check\tthe verdicts"}},
		{"bash", []string{"check", "no"}, []string{"no-data", "notes"}},
		{"bash", []string{"check", "notes", "l"}, []string{"linux"}},
		{"bash", []string{"check", "-p"}, []string{"-preset", "-properties"}},
		{"bash", []string{"check", "--p"}, []string{"--preset", "--properties"}},
		{"bash", []string{"check", "-preset", "n"}, []string{"no-data", "notes"}},
		{"bash", []string{"check", "-json", "n"}, []string{"no-data", "notes"}},
		{"bash", []string{"check", "-properties", "quiet,r"}, []string{"quiet,rest"}},
		// bash takes -preset=no apart, and completes the last part alone.
		{"bash", []string{"check", "-preset", "=", "no"}, []string{"no-data", "notes"}},
		{"zsh", []string{"check", "-preset=no"}, []string{"-preset=no-data", "-preset=notes"}},
		{"bash", []string{"check", "-json", "="}, []string{"true", "false"}},
		{"bash", []string{"check", "-o", "complete_t"}, []string{"complete_test.go"}},
		{"bash", []string{"replay", "complete_t"}, []string{"complete_test.go"}},
		{"bash", []string{"none", "x"}, nil},
		{"bash", []string{"check", "-none=x"}, nil},
	} {
		assert.Equal(t, c.want, Complete(two(), c.shell, c.words), "%s %q", c.shell, c.words)
	}
}

func TestParse(t *testing.T) {
	for _, c := range []struct {
		args   []string
		others []string
		wrong  string
	}{
		{args: []string{"a", "-n", "3", "b", "--s", "c"}, others: []string{"a", "b", "c"}},
		{args: []string{"-n=3", "--s=false", "-"}, others: []string{"-"}},
		{args: []string{"-s", "--", "-n", "-x"}, others: []string{"-n", "-x"}},
		{args: []string{"-t", "-n"}},
		{args: []string{"-t="}},
		{args: []string{"-n"}, wrong: "flag -n: want a value"},
		{args: []string{"-n", "x"}, wrong: `flag -n: "x": want 1 to 9`},
		{args: []string{"-nn", "2"}, wrong: "flag -nn: no such flag ('tcpclose help it' lists them); did you mean -n?"},
		{args: []string{"---n"}, wrong: `argument "---n": want -name or -name=value`},
		{args: []string{"-=1"}, wrong: `argument "-=1": want -name or -name=value`},
		{args: []string{"-s=2"}, wrong: `flag -s: "2": want true or false`},
		{args: []string{"-a\nb"}, wrong: `flag "-a\nb": no such flag ('tcpclose help it' lists them)`},
		{args: []string{"x", "-help"}, wrong: ErrHelp.Error()},
		{args: []string{"--h"}, wrong: ErrHelp.Error()},
	} {
		n, text, is := 1, "", false
		s := NewSet("it")
		s.Number(Flag{Name: "n", Values: "N"}, 1, 9, &n)
		s.Text(Flag{Name: "t"}, &text)
		s.Switch(Flag{Name: "s"}, &is)
		others, err := s.Parse(c.args)
		if c.wrong != "" {
			assert.EqualError(t, err, c.wrong, c.args)
			continue
		}
		assert.NoError(t, err, c.args)
		assert.Equal(t, c.others, others, c.args)
	}
}

// A mistake is one line, however much was typed.
func TestMistake(t *testing.T) {
	long := string(make([]byte, 5000))
	for _, m := range []*Mistake{
		{Thing: "flag -x", Value: long, Given: true, Want: "want " + long, Hint: "did you mean y?"},
		Argument("a\nb\tc", "one"), WantName("x", "a name", "tcpclose list", nil).Of("argument", long),
	} {
		assert.NotContains(t, m.Error(), "\n")
		assert.LessOrEqual(t, len(m.Error()), 2*lineColumns)
	}
}

package external

import (
	"fmt"
	"strings"
	"testing"

	"tcpclose/check"
	"tcpclose/invariants"
	"tcpclose/model"
)

// A noted test keeps what it is told, and goes on.
type noted struct{ logs, errors []string }

func (n *noted) Helper() {}

func (n *noted) Logf(format string, args ...any) {
	n.logs = append(n.logs, fmt.Sprintf(format, args...))
}

func (n *noted) Errorf(format string, args ...any) {
	n.errors = append(n.errors, fmt.Sprintf(format, args...))
}

// fails fails t unless Require does, with one error that has all these words.
func fails(t *testing.T, c model.Config, properties []*invariants.Property, words ...string) {
	t.Helper()
	n := &noted{}
	if check.Require(n, c, properties...) {
		t.Errorf("it passes: want an error with %q", words)
		return
	}
	failedWith(t, n, words...)
}

// failedWith fails t unless n has one error, which has all these words.
func failedWith(t *testing.T, n *noted, words ...string) {
	t.Helper()
	if len(n.errors) != 1 {
		t.Errorf("%d errors: want one: %q", len(n.errors), n.errors)
		return
	}
	for _, w := range words {
		if !strings.Contains(n.errors[0], w) {
			t.Errorf("the error has no %q:\n%s", w, n.errors[0])
		}
	}
}

// config is a configuration in which little happens.
func config(t *testing.T, words string) model.Config {
	t.Helper()
	c, err := model.ParseConfig("a-octets=0 b-octets=0 msl=2 rto=1 r2=1 " + words)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// preset is a preset's configuration.
func preset(t *testing.T, name string) model.Config {
	t.Helper()
	p, err := check.FindPreset(name)
	if err != nil {
		t.Fatal(err)
	}
	return p.Config
}

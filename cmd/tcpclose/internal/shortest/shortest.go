// Package shortest finds the shortest run to where an expression is true, in a
// configuration that is written in words.
package shortest

import (
	"context"
	"fmt"
	"strings"

	"tcpclose/ask"
	"tcpclose/check"
	"tcpclose/explore"
	"tcpclose/invariants"
	"tcpclose/model"
	"tcpclose/trace"
)

// Config returns the configuration of a preset and fields, as in "no-data rto=3".
func Config(in string) (model.Config, error) {
	words := strings.Fields(in)
	if len(words) == 0 {
		return model.Config{}, fmt.Errorf("no preset in %q", in)
	}
	p, err := check.FindPreset(words[0])
	if err != nil {
		return model.Config{}, err
	}
	c := p.Config
	for _, word := range words[1:] {
		name, value, _ := strings.Cut(word, "=")
		f, err := model.FindField(name)
		if err != nil {
			return c, err
		}
		if err := f.Set(&c, value); err != nil {
			return c, err
		}
	}
	return c, c.Validate()
}

// Command returns the command that finds the same run.
func Command(where, in string) []string {
	words := strings.Fields(in)
	command := []string{"tcpclose", "find", where, words[0]}
	for _, word := range words[1:] {
		name, value, _ := strings.Cut(word, "=")
		command = append(command, "-"+name+" "+value)
	}
	return command
}

// A Found is what Find finds.
type Found struct {
	Config   model.Config
	Question *ask.Question
	Trace    *trace.Trace // nil if there is none, as far as Result goes
	Result   explore.Result
}

// Find looks for the shortest run to where the expression is true.
func Find(ctx context.Context, where, in string) (*Found, error) {
	c, err := Config(in)
	if err != nil {
		return nil, err
	}
	q, err := ask.Parse(where)
	if err != nil {
		return nil, err
	}
	r, err := check.Check(ctx, c, []*invariants.Property{q.Seek()}, check.Options{UntilFound: true})
	if err != nil {
		return nil, err
	}
	return &Found{c, q, r.Findings[0].Trace, r.Result}, ctx.Err()
}

// Package remarks has what other tools say of a close, and finds the runs of two
// conforming ends that make them say so.
package remarks

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"tcpclose/claims"
	"tcpclose/cmd/tcpclose/internal/shortest"
	"tcpclose/explore"
	"tcpclose/explore/product"
	"tcpclose/model"
	"tcpclose/survey"
	"tcpclose/trace"
)

// A Remark is something that a tool says of a segment, or of a connection.
type Remark struct {
	Tool  Tool
	Name  string
	Other []string    // other spellings: fields, rules
	Says  claims.Text // when the tool says so, in a sentence
	// Where is the condition as an expression, about a frame that is captured at side At;
	// In is the configuration, a preset and fields. If Where is "", Why says why there is
	// no such condition.
	Where string
	In    string
	At    model.Side
	Why   claims.Text
}

// A Tool is a tool that reads captures.
type Tool uint8

// The tools.
const (
	Wireshark Tool = iota
	Zeek
	Suricata
)

func (t Tool) String() string { return [...]string{"Wireshark", "zeek", "Suricata"}[t] }

// All lists the remarks.
var All = slices.Concat(wireshark, zeekStates, zeekLetters, zeekWeirds, suricata)

// Find returns the remark that a word stands for, or nil. Case, and what is no letter or
// digit, do not matter; nor does what Wireshark puts before a remark or behind it, as in
// "TCP Dup ACK 42#1".
func Find(word string) *Remark {
	plain := folded(word)
	for i := range All {
		r := &All[i]
		if word == r.Name || folded(r.Name) == plain || slices.ContainsFunc(r.Other, func(other string) bool { return folded(other) == plain }) {
			return r
		}
	}
	return nil
}

// folded returns a word without what spellings differ in.
func folded(word string) string {
	word = strings.Trim(strings.TrimSpace(strings.ToLower(word)), "[]")
	word, _, _ = strings.Cut(word, "#")
	word = strings.TrimPrefix(word, "tcp.analysis.")
	word = strings.TrimPrefix(word, "stream-event:")
	word = strings.TrimPrefix(word, "tcp ")
	word = strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '^' {
			return r
		}
		return -1
	}, word)
	if strings.HasPrefix(word, "dupack") {
		word = strings.TrimRight(word, "0123456789")
	}
	return word
}

// Command returns the command that looks for the run.
func (r *Remark) Command() []string { return shortest.Command(r.Where, r.In) }

// A Cause is what conforming ends do so that a tool says so.
type Cause struct {
	// Trace is the shortest run, or nil if there is none: Complete then says that all
	// States were explored.
	Trace    *trace.Trace
	Faults   []string // what the network does in runs of several kinds, the shortest first
	Complete bool
	States   int
}

// kinds bounds the kinds of run that are looked for, kindStates the states that are
// explored for that: what runs have met is part of these.
const (
	kinds      = 4
	kindStates = 60_000
)

// Cause looks for the runs.
func (r *Remark) Cause(ctx context.Context) (*Cause, error) {
	found, err := shortest.Find(ctx, r.Where, r.In)
	if err != nil {
		return nil, fmt.Errorf("remark %s: %w", r.Name, err)
	}
	is := &Cause{Trace: found.Trace, Complete: found.Result.Complete(), States: found.Result.Distinct}
	if is.Trace == nil || found.Question.Cases(true) == nil {
		return is, nil
	}
	o := product.Options{Limits: explore.Limits{States: kindStates}}
	more, err := survey.FindKinds(ctx, found.Config, found.Question, kinds, o)
	if err != nil {
		return nil, err
	}
	for i := range more.Runs {
		if f := more.Runs[i].Faults.String(); !slices.Contains(is.Faults, f) {
			is.Faults = append(is.Faults, f)
		}
	}
	return is, nil
}

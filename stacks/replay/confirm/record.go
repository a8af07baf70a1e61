package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"tcpclose/model"
	"tcpclose/trace"
)

// A matrix is what can go wrong for all pairs, and what the replays have come to. It is
// written as JSON, so that a page can be written of it, and its runs be played, without
// another search.
type matrix struct {
	Args     []string // PROFILE=STACK each
	Names    []string // of the profiles
	Asked    [][2]int // the pairs
	Findings []finding
}

// A finding is what can go wrong for a pair, with the run that shows it.
type finding struct {
	Pair      [2]int // in Names
	Situation string
	Network   string
	Question  string
	Why       [2]string // what is otherwise at each end; "" is confirmed
	Events    int       // of the run
	Tick      int64     // nanoseconds
	// Run is the run, if both ends have confirmed it. Of those of a kind the shortest has
	// its run.
	Run *run `json:",omitempty"`
}

// A run is a run of the model. What follows itself, as ticks do by the hundred, is written
// once.
type run struct{ trace.File }

// A folded is a run as it is written.
type folded struct {
	trace.File
	Events []repeated `json:"events"`
}

// A repeated is an event that happens so many times, one after the other.
type repeated struct {
	trace.FileEvent
	Times int `json:"times,omitempty"` // 0 is once
}

// mostTimes bounds what is read: no run of the page has as many events.
const mostTimes = 1 << 20

// MarshalJSON is json.Marshaler's.
func (r *run) MarshalJSON() ([]byte, error) {
	out := folded{File: r.File, Events: []repeated{}}
	for _, e := range r.Events {
		last := len(out.Events) - 1
		if last < 0 || out.Events[last].FileEvent != e {
			out.Events = append(out.Events, repeated{FileEvent: e})
			continue
		}
		out.Events[last].Times = max(1, out.Events[last].Times) + 1
	}
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	err := e.Encode(out)
	return text.Bytes(), err
}

// UnmarshalJSON is json.Unmarshaler's.
func (r *run) UnmarshalJSON(text []byte) error {
	var in folded
	if err := json.Unmarshal(text, &in); err != nil {
		return err
	}
	r.File = in.File
	for i, e := range in.Events {
		times := max(1, e.Times)
		if e.Times < 0 || len(r.Events)+times > mostTimes {
			return fmt.Errorf("event %d: %d times: want 0 to %d events in all", i+1, e.Times, mostTimes)
		}
		for range times {
			r.Events = append(r.Events, e.FileEvent)
		}
	}
	return nil
}

// kind returns what findings of different pairs have in common.
func (f *finding) kind() string {
	return fmt.Sprintf("%s, %s: %s", f.Situation, f.Network, f.Question)
}

// Marks of what a replay has come to.
const (
	confirmed = "confirmed"
	differs   = "explained"
	modelOnly = "model only"
)

// mark returns what the replay has come to.
func (f *finding) mark() string {
	switch {
	case f.Why == [2]string{}:
		return confirmed
	case strings.HasPrefix(f.Why[0], unplayable) || strings.HasPrefix(f.Why[1], unplayable):
		return modelOnly
	}
	return differs
}

// kept returns m with the shortest of the confirmed runs of each kind alone.
func (m *matrix) kept() *matrix {
	m = &matrix{m.Args, m.Names, m.Asked, slices.Clone(m.Findings)}
	best := map[string]*finding{}
	for i := range m.Findings {
		f := &m.Findings[i]
		if f.mark() != confirmed {
			f.Run = nil
			continue
		}
		if b := best[f.kind()]; b == nil || f.Events < b.Events {
			if b != nil {
				b.Run = nil
			}
			best[f.kind()] = f
			continue
		}
		f.Run = nil
	}
	return m
}

// write writes m, a finding a line.
func (m *matrix) write(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	if err := e.Encode(matrix{Args: m.Args, Names: m.Names, Asked: m.Asked}); err != nil {
		return err
	}
	for i := range m.Findings {
		if err := e.Encode(m.Findings[i]); err != nil {
			return err
		}
	}
	return nil
}

// readMatrix reads what write has written.
func readMatrix(r io.Reader) (*matrix, error) {
	var m matrix
	d := json.NewDecoder(r)
	if err := d.Decode(&m); err != nil {
		return nil, fmt.Errorf("line 1: %w", err)
	}
	for d.More() {
		var f finding
		if err := d.Decode(&f); err != nil {
			return nil, fmt.Errorf("finding %d: %w", len(m.Findings)+1, err)
		}
		for _, end := range f.Pair {
			if end < 0 || end >= len(m.Names) {
				return nil, fmt.Errorf("finding %d: end %d: want one of %d", len(m.Findings)+1, end, len(m.Names))
			}
		}
		m.Findings = append(m.Findings, f)
	}
	return &m, nil
}

// fileOf returns the run in its JSON form, without what the model says comes of it.
func fileOf(t *trace.Trace) (*run, error) {
	s, err := trace.NewStory(t, trace.About{})
	if err != nil {
		return nil, err
	}
	var text bytes.Buffer
	if err := s.JSON(&text); err != nil {
		return nil, err
	}
	f, err := trace.Read(text.Bytes())
	if err != nil {
		return nil, err
	}
	plain := model.Default()
	usual := map[string]string{}
	for _, field := range plain.Fields() {
		usual[field.Name] = field.Get(plain)
	}
	for name, value := range f.Config {
		if usual[name] == value {
			delete(f.Config, name)
		}
	}
	for i := range f.Events {
		f.Events[i].Outcome = nil
	}
	return &run{*f}, nil
}

package corpus

import (
	"encoding/json"
	"fmt"
	"io"
)

// Read reads the answers, and refuses those that contradict themselves.
func Read(r io.Reader) (*Corpus, error) {
	var c Corpus
	d := json.NewDecoder(r)
	d.DisallowUnknownFields()
	if err := d.Decode(&c); err != nil {
		return nil, fmt.Errorf("corpus: %w", err)
	}
	if c.Schema != Schema {
		return nil, fmt.Errorf("corpus: schema %.40q: want %q", c.Schema, Schema)
	}
	names := map[string]bool{}
	for i := range c.Cases {
		a := &c.Cases[i]
		if a.Name == "" || names[a.Name] {
			return nil, fmt.Errorf("corpus: case %d: name %.40q: want one of its own", i+1, a.Name)
		}
		names[a.Name] = true
		if err := a.check(); err != nil {
			return nil, fmt.Errorf("corpus: case %.40s: %w", a.Name, err)
		}
	}
	return &c, nil
}

// check reports whether the frames are of segments, and the ends are a and b.
func (a *Answer) check() error {
	if len(a.Ends) != 2 || len(a.Captures) != 2 {
		return fmt.Errorf("%d ends and %d captures: want two each, a and b", len(a.Ends), len(a.Captures))
	}
	switch a.ClosedFirst {
	case "a", "b", "both", "nobody":
	default:
		return fmt.Errorf("closed_first %.40q: want a, b, both or nobody", a.ClosedFirst)
	}
	for i, s := range a.Segments {
		switch {
		case s.Number != i+1:
			return fmt.Errorf("segment %d has the number %d: want them in order, from 1", i+1, s.Number)
		case s.From != "a" && s.From != "b":
			return fmt.Errorf("segment %d is from %.40q: want a or b", s.Number, s.From)
		case s.Text < 0 || s.Arrives < 0:
			return fmt.Errorf("segment %d: want no negative numbers", s.Number)
		}
	}
	for _, side := range []string{"a", "b"} {
		_, end := a.Ends[side]
		c, captured := a.Captures[side]
		if !end || !captured {
			return fmt.Errorf("%s is missing: want both ends, and captures of both", side)
		}
		for _, n := range c.Frames {
			if n < 1 || n > len(a.Segments) {
				return fmt.Errorf("a frame of segment %d: want one of the %d", n, len(a.Segments))
			}
		}
	}
	return nil
}

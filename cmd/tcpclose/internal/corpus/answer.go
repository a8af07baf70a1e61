package corpus

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"

	"tcpclose/cmd/tcpclose/internal/shortest"
	"tcpclose/model"
	"tcpclose/trace"
)

// Schema names the form of the answers.
const Schema = "tcpclose-corpus-1"

// A Corpus is the answers: what corpus.json has.
type Corpus struct {
	Schema string   `json:"schema"`
	Cases  []Answer `json:"cases"`
}

// An Answer is what is right of a case. The ends are a, which sends the first SYN, and b.
type Answer struct {
	Name          string         `json:"name"`
	Says          string         `json:"says"`
	Expression    string         `json:"expression"`    // what the run was looked for by
	Configuration string         `json:"configuration"` // in which
	ClosedFirst   string         `json:"closed_first"`  // a, b, both or nobody: who sent FIN without having had one; of the first connection
	Ends          map[string]End `json:"ends"`
	Segments      []Segment      `json:"segments"` // in the order of sending
	// Captures has the frames at each end, in order, by the number of the segment.
	Captures map[string]Capture `json:"captures"`
}

// An End is how an end and its application fare.
type End struct {
	Address string   `json:"address"`
	State   string   `json:"state"` // in the end
	Told    []string `json:"told"`  // the application, in order
	Written string   `json:"written"`
	Read    string   `json:"read"` // by the application, of the other's
}

// A Segment is one sending.
type Segment struct {
	Number  int    `json:"number"` // from 1
	From    string `json:"from"`
	Flags   string `json:"flags"`
	Seq     int    `json:"seq"`
	Ack     int    `json:"ack"`
	Text    int    `json:"text"`    // octets
	Again   bool   `json:"again"`   // a retransmission: all its numbers were sent before
	Arrives int    `json:"arrives"` // how often; 0: it is lost, or in transit in the end
}

// A Capture is what is captured at an end.
type Capture struct {
	File   string `json:"file"`
	Frames []int  `json:"frames"`
}

// A Made is a case with its captures, by the names of their files.
type Made struct {
	Answer Answer
	Files  map[string][]byte
}

// Make makes the cases. Each is given its number, from 0, before it is looked for.
func Make(ctx context.Context, doing func(i, of int, name string)) (list []Made, err error) {
	for i := range cases {
		doing(i, len(cases), cases[i].name)
		m, err := make1(ctx, &cases[i])
		if err != nil {
			return nil, fmt.Errorf("case %s: %w", cases[i].name, err)
		}
		list = append(list, m)
	}
	return list, nil
}

func make1(ctx context.Context, k *kase) (Made, error) {
	found, err := shortest.Find(ctx, k.where, k.in)
	if err != nil {
		return Made{}, err
	}
	if found.Trace == nil {
		return Made{}, fmt.Errorf("no run to where %s, in %s", k.where, k.in)
	}
	run, err := complete(found.Trace)
	if err != nil {
		return Made{}, err
	}
	s, err := trace.NewStory(run, trace.About{})
	if err != nil {
		return Made{}, err
	}
	m := Made{Files: map[string][]byte{}, Answer: Answer{
		Name: k.name, Says: k.says, Expression: k.where, Configuration: k.in, ClosedFirst: closedFirst(run),
		Ends: map[string]End{}, Captures: map[string]Capture{}, Segments: segments(s),
	}}
	for _, side := range model.Sides {
		m.Answer.Ends[side.String()] = end(s, side)
		c := Capture{File: k.name + "-" + side.String() + ".pcap", Frames: []int{}}
		for _, f := range s.Frames(side) {
			c.Frames = append(c.Frames, f.Flight.Number)
		}
		m.Answer.Captures[side.String()] = c
		var file bytes.Buffer
		if err := s.Capture(&file, side); err != nil {
			return Made{}, err
		}
		m.Files[c.File] = file.Bytes()
	}
	return m, nil
}

// closedFirst returns who sent FIN before it had one of the other end.
func closedFirst(t *trace.Trace) string {
	var first [2]bool
	for i := range t.Events {
		o := &t.Events[i].Outcome
		if a := t.Events[i].Action; a.Kind == model.Calls && a.Call == model.Open && first != [2]bool{} {
			break // the next connection
		}
		if o.Moved && o.Effect.Sent.Ctl.Has(model.FIN) {
			before := t.States[i].Ends[o.Mover]
			first[o.Mover] = first[o.Mover] || !before.FinReceived()
		}
	}
	switch first {
	case [2]bool{true, true}:
		return "both"
	case [2]bool{true, false}:
		return "a"
	case [2]bool{false, true}:
		return "b"
	}
	return "nobody"
}

func segments(s *trace.Story) (list []Segment) {
	sent := [2]map[int]bool{{}, {}} // the numbers that were sent
	for i := range s.Flights {
		f := &s.Flights[i]
		g := f.Segment
		n := Segment{
			Number: f.Number, From: f.From.String(), Flags: g.Ctl.Names(), Seq: g.Seq.In(f.From), Text: int(g.Len),
			Again: g.SpaceLen() > 0, Arrives: len(f.Arrives),
		}
		if g.Ctl.Has(model.ACK) {
			n.Ack = g.Ack.In(f.From.Peer())
		}
		for j := range int(g.SpaceLen()) {
			n.Again = n.Again && sent[f.From][n.Seq+j]
			sent[f.From][n.Seq+j] = true
		}
		list = append(list, n)
	}
	return list
}

func end(s *trace.Story, side model.Side) End {
	e := End{Address: trace.Host(side).String(), State: s.States[len(s.States)-1].Ends[side].State.String(), Told: []string{}}
	e.Written = text(s, side)
	read := 0
	for i := range s.Events {
		if o := &s.Events[i].Outcome; o.Moved && o.Mover == side {
			read += int(o.Effect.Delivered)
			if o.Effect.Told != 0 {
				e.Told = append(e.Told, o.Effect.Told.String())
			}
		}
	}
	e.Read = text(s, side.Peer())[:read]
	return e
}

// text returns the octets that were sent, in the order of their numbers.
func text(s *trace.Story, from model.Side) string {
	octets := map[int]byte{}
	for i := range s.Flights {
		f := &s.Flights[i]
		first := f.Segment.Seq.In(from)
		if f.From != from {
			continue
		}
		for j, c := range trace.Octets(f) {
			octets[first+j] = c
		}
	}
	var numbers []int
	for n := range octets {
		numbers = append(numbers, n)
	}
	slices.Sort(numbers)
	var b strings.Builder
	for _, n := range numbers {
		b.WriteByte(octets[n])
	}
	return b.String()
}

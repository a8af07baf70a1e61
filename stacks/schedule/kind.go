package schedule

import (
	"fmt"
	"slices"

	"tcpclose/model"
	"tcpclose/stacks/adapter"
	"tcpclose/stacks/wire"
)

// A Kind is a kind of event: a segment by its control bits, where its numbers lie
// and whether it has text; a call; or a time that passes.
type Kind struct {
	Step Step
	Name string // for display; no two kinds have the same
	Flag Flag   // the column of a table to which it belongs
}

// A Flag is a column of tables: the control bits of a segment, a call, a time.
type Flag uint8

const (
	FlagSYN Flag = iota
	FlagSYNACK
	FlagSYNFIN
	FlagACK
	FlagFIN
	FlagFINACK
	FlagRST
	FlagRSTACK
	FlagNone // no bit at all
	FlagCall
	FlagTime

	NumFlags
)

// flags has the columns of segments: the first eight are those of FreeBSD's suite.
var flags = [NumFlags]struct {
	name, freebsd string
	ctl           wire.Ctl
}{
	{"SYN", "syn", wire.SYN},
	{"SYN,ACK", "syn-ack", wire.SYN | wire.ACK},
	{"SYN,FIN", "syn-fin", wire.SYN | wire.FIN},
	{"ACK", "ack", wire.ACK},
	{"FIN", "fin", wire.FIN},
	{"FIN,ACK", "fin-ack", wire.FIN | wire.ACK},
	{"RST", "rst", wire.RST},
	{"RST,ACK", "rst-ack", wire.RST | wire.ACK},
	{"none", "", 0},
	{"call", "", 0},
	{"time", "", 0},
}

func (f Flag) String() string {
	if f >= NumFlags {
		return fmt.Sprintf("Flag(%d)", uint8(f))
	}
	return flags[f].name
}

// FlagOf returns the column of a step.
func FlagOf(s Step) Flag {
	switch s.Kind {
	case adapter.Arrives:
		ctl := s.Segment.Ctl &^ wire.PSH
		for f := FlagSYN; f <= FlagNone; f++ {
			if flags[f].ctl == ctl {
				return f
			}
		}
		return FlagNone
	case adapter.Advances:
		return FlagTime
	}
	return FlagCall
}

// States lists the states, in the order of tables.
var States = []model.ConnState{
	model.Closed, model.Listen, model.SynSent, model.SynReceived, model.Established, model.CloseWait,
	model.FinWait1, model.Closing, model.LastAck, model.FinWait2, model.TimeWait,
}

// freebsdStates has the names of states in FreeBSD's suite.
var freebsdStates = map[model.ConnState]string{
	model.Closed: "closed", model.Listen: "listen", model.SynSent: "syn-sent", model.SynReceived: "syn-rcvd",
	model.Established: "established", model.CloseWait: "close-wait", model.FinWait1: "fin-wait-1",
	model.Closing: "closing", model.LastAck: "last-ack", model.FinWait2: "fin-wait-2", model.TimeWait: "time-wait",
}

// FreeBSD returns the name that freebsd-net/tcp-testsuite gives to segments with
// these bits in that state, as "rcv-fin-ack-closing"; ok is false for what has none.
func FreeBSD(state model.ConnState, f Flag) (name string, ok bool) {
	if f > FlagRSTACK || freebsdStates[state] == "" {
		return "", false
	}
	return "rcv-" + flags[f].freebsd + "-" + freebsdStates[state], true
}

// FreeBSDNames lists the 88 names: each state with each of eight kinds of segment.
func FreeBSDNames() (names []string) {
	for _, state := range States {
		for f := FlagSYN; f <= FlagRSTACK; f++ {
			name, _ := FreeBSD(state, f)
			names = append(names, name)
		}
	}
	return names
}

// A position is where a number lies, with a name for display.
type position struct {
	Number
	name string
}

var before, last = position{Number{Anchor: Next, Plus: -1}, "before"}, position{Number{Anchor: Edge, Plus: -1}, "last"}

var (
	seqPositions = []position{
		before, {Number{Anchor: Next, Plus: 0}, "at"}, {Number{Anchor: Next, Plus: 1}, "within"},
		last, {Number{Anchor: Edge, Plus: 0}, "beyond"},
	}
	ackPositions = []position{
		{Number{Anchor: Floor, Plus: -1}, "old"}, {Number{Anchor: Edge, Plus: -1}, "below"}, {Number{Anchor: Edge, Plus: 0}, "una"},
		{Number{Anchor: Next, Plus: -1}, "less"}, {Number{Anchor: Next, Plus: 0}, "at"}, {Number{Anchor: Next, Plus: 1}, "unsent"},
	}
)

// Kinds lists all kinds of events.
var Kinds = func() (list []Kind) {
	for f := FlagSYN; f <= FlagNone; f++ {
		list = append(list, segmentKinds(f)...)
	}
	for _, c := range []Step{
		Call(adapter.Send, 1), Call(adapter.Receive, 9), Call(adapter.Shutdown, 0), Call(adapter.Release, 0), Call(adapter.Abort, 0),
	} {
		list = append(list, Kind{c, c.Call.String(), FlagCall})
	}
	for w := Settle; w < NumWaits; w++ {
		list = append(list, Kind{Pass(w), w.String(), FlagTime})
	}
	return list
}()

// segmentKinds lists the kinds of segments with these bits.
func segmentKinds(f Flag) (list []Kind) {
	ctl := flags[f].ctl
	add := func(seq, ack position, text int, words string) {
		name := fmt.Sprintf("%s seq=%s", f, seq.name)
		if ack.name != "" {
			name += " ack=" + ack.name
		}
		g := Segment{Ctl: ctl, Seq: seq.Number, Ack: ack.Number, Len: text}
		if words == shutWords {
			g.Window = Shut
		}
		list = append(list, Kind{In(g), name + words, f})
	}
	acks, at := []position{{}}, position{}
	if ctl.Has(wire.ACK) {
		acks, at = ackPositions, position{Number{Anchor: Next, Plus: 0}, "at"}
	}
	for _, seq := range seqPositions {
		for _, ack := range acks {
			add(seq, ack, 0, "")
			// With SYN and RST, whose text few look at, one acknowledgement is enough.
			if ctl&(wire.SYN|wire.RST) == 0 || ack == at {
				add(seq, ack, 1, " text")
			}
		}
	}
	if ctl&(wire.SYN|wire.RST) != 0 {
		return list
	}
	add(before, at, 2, " text across")
	add(last, at, 2, " text across")
	if ctl.Has(wire.FIN) { // sent again as it was, with its text
		add(position{Number{Anchor: Next, Plus: -2}, "whole before"}, at, 1, " text")
	}
	if ctl.Has(wire.ACK) {
		add(position{Number{Anchor: Next, Plus: 0}, "at"}, at, 0, shutWords)
	}
	return list
}

const shutWords = " window=0"

// KindOf returns the kind of a step, by its number in Kinds; -1 is none of them. A
// window, and how long a text is, count only where a kind says so.
func KindOf(s Step) int {
	s.Octets, s.More = 0, false
	if i := slices.IndexFunc(Kinds, func(k Kind) bool {
		k.Step.Octets = 0
		return k.Step == s
	}); i >= 0 {
		return i
	}
	s.Segment.Window, s.Segment.Len = Wide, min(s.Segment.Len, 1)
	return slices.IndexFunc(Kinds, func(k Kind) bool {
		k.Step.Octets = 0
		return k.Step == s
	})
}

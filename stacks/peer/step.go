package peer

import (
	"fmt"
	"strconv"
	"strings"

	"tcpclose/stacks/adapter"
	"tcpclose/stacks/wire"
)

// A Step is an event of a schedule. A segment of the peer is in Segment, not in Event;
// or, if Copies is above 0, the segment that the peer sent so many segments back.
type Step struct {
	Event   adapter.Event
	Segment Segment
	Copies  int
}

// A Schedule is what to do, in order.
type Schedule []Step

var (
	anchorNames = [numAnchors]string{"", "next", "edge", "floor"}
	windowNames = [numWindows]string{"wide", "shut"}
)

// line returns the number as a line of a batch has it.
func (n Number) line() string {
	return fmt.Sprintf("%s%+d", anchorNames[n.Anchor%numAnchors], n.Plus)
}

// String returns the step as a line of a batch has it: an event of the line protocol,
// or one of
//
//	peer CTL SEQ ACK WINDOW LEN
//	copy N
//
// where a number is an anchor and what is added, and the window is wide or shut.
func (s Step) String() string {
	switch {
	case s.Event.Kind != adapter.Arrives:
		return s.Event.String()
	case s.Copies > 0:
		return fmt.Sprintf("copy %d", s.Copies)
	}
	g := s.Segment
	return fmt.Sprintf("peer %s %s %s %s %d", g.Ctl, g.Seq.line(), g.Ack.line(), windowNames[g.Window%numWindows], g.Len)
}

// String returns the schedule as a line of a batch has it.
func (s Schedule) String() string {
	words := make([]string, len(s))
	for i, e := range s {
		words[i] = e.String()
	}
	return strings.Join(words, "; ")
}

const maxText = 1 << 15

func parseNumber(text string) (n Number, err error) {
	at := strings.LastIndexAny(text, "+-")
	for i, name := range anchorNames {
		if at >= 0 && text[:at] == name {
			plus, err := strconv.ParseInt(text[at:], 10, 32)
			if err != nil {
				break
			}
			return Number{Anchor(i), int32(plus)}, nil
		}
	}
	return n, fmt.Errorf("number %q: want next, edge, floor or nothing, and what is added", text)
}

// ParseStep reads what String writes.
func ParseStep(text string) (s Step, err error) {
	words := strings.Fields(text)
	if len(words) == 0 || words[0] != "peer" && words[0] != "copy" {
		s.Event, err = adapter.ParseEvent(text)
		if err == nil && s.Event.Kind == adapter.Arrives {
			err = fmt.Errorf("step %q: want peer or copy", text)
		}
		return s, err
	}
	s.Event.Kind = adapter.Arrives
	if words[0] == "copy" {
		if len(words) == 2 {
			s.Copies, err = strconv.Atoi(words[1])
		}
		if err != nil || s.Copies <= 0 {
			return s, fmt.Errorf("step %q: want how many segments back", text)
		}
		return s, nil
	}
	if len(words) != 6 {
		return s, fmt.Errorf("step %q: want control bits, SEQ, ACK, window, length", text)
	}
	g := &s.Segment
	if g.Ctl, err = wire.ParseCtl(words[1]); err != nil {
		return s, err
	}
	if g.Seq, err = parseNumber(words[2]); err != nil {
		return s, err
	}
	if g.Ack, err = parseNumber(words[3]); err != nil {
		return s, err
	}
	switch words[4] {
	case windowNames[Wide]:
	case windowNames[Shut]:
		g.Window = Shut
	default:
		return s, fmt.Errorf("window %q: want wide or shut", words[4])
	}
	if g.Len, err = strconv.Atoi(words[5]); err != nil || g.Len < 0 || g.Len > maxText {
		return s, fmt.Errorf("length %q: want 0 to %d", words[5], maxText)
	}
	return s, nil
}

// ParseSchedule reads what String writes.
func ParseSchedule(text string) (s Schedule, err error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	for part := range strings.SplitSeq(text, ";") {
		step, err := ParseStep(part)
		if err != nil {
			return nil, err
		}
		s = append(s, step)
	}
	return s, nil
}

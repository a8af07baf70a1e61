package model

import (
	"strings"
)

// A Stray is a segment of an earlier connection that is in transit when this one is about
// to close. The zero Stray is none.
type Stray struct {
	From    Side
	Segment Segment
}

// String returns the segment in the notation of the RFC's figures, or "off".
func (s Stray) String() string {
	if s.Segment == (Segment{}) {
		return "off"
	}
	return s.Segment.Text(s.From)
}

func parseStray(text string) (s Stray, err error) {
	if text == "off" {
		return Stray{}, nil
	}
	s.Segment, s.From, err = ParseSegment(text)
	if err != nil {
		_, why, _ := strings.Cut(err.Error(), ": ")
		return Stray{}, invalid("%q: want off, or a segment as in <SEQ=101><ACK=300><DATA=1><CTL=ACK>: %s", text, why)
	}
	return s, nil
}

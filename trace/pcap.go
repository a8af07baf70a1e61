package trace

import (
	"net/netip"
	"time"

	"tcpclose/model"
)

// How a capture shows what the model leaves open. The addresses are those for
// documentation (RFC 5737); sequence numbers are those of the text, so a's begin
// at 100 and b's at 300; a tick is a second, and of events at one instant each
// comes a millisecond after the other.
var captureHosts = [2]netip.AddrPort{netip.MustParseAddrPort("192.0.2.1:49152"), netip.MustParseAddrPort("198.51.100.2:80")}

// A Frame is a segment as it passes one end.
type Frame struct {
	Flight *Flight
	Event  int // that sends or delivers it
	// Copied: it is delivered once more.
	Copied bool
}

// Frames returns what is sent and received at one end, in the order in which it is there.
func (s *Story) Frames(at model.Side) (list []Frame) {
	for i := range s.Events {
		if a := s.arrived[i]; a.flight >= 0 && s.Flights[a.flight].From != at && s.Events[i].Outcome.Moved {
			list = append(list, Frame{&s.Flights[a.flight], i, a.copied})
		}
		if f := s.sent[i]; f >= 0 && s.Flights[f].From == at {
			list = append(list, Frame{&s.Flights[f], i, false})
		}
	}
	return list
}

// instant returns when an event is. So many events at one instant that they would reach
// into the next tick share the end of it.
func (s *Story) instant(event int, tick, step time.Duration) time.Time {
	first := event
	for first > 0 && s.Times[first] == s.Times[event+1] {
		first--
	}
	if s.Times[first] != s.Times[event+1] {
		first++
	}
	return time.Unix(0, 0).Add(time.Duration(s.Times[event+1])*tick + min(time.Duration(event+1-first)*step, tick-step))
}

// Octets returns the text of a segment in captures. The same number has the same octet,
// however often it is sent.
func Octets(f *Flight) []byte {
	text := make([]byte, f.Segment.Len)
	for i := range text {
		text[i] = 'a' + byte(f.Segment.Seq) + byte(i)
	}
	return text
}

// Host returns the address and port of an end in captures.
func Host(side model.Side) netip.AddrPort { return captureHosts[side] }

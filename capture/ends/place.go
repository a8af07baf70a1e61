package ends

import (
	"time"

	"tcpclose/capture"
	"tcpclose/stacks/wire"
)

// A Place is where a capture was made.
type Place uint8

// The places.
const (
	Unknown  Place = iota // it is found, if it can be
	Middle                // somewhere on the path
	AtClient              // close to the client
	AtServer              // close to the server
	AtBoth                // both ends are on one host, or close to each other
)

func (p Place) String() string {
	return [5]string{"unknown", "middle", "client", "server", "both"}[p]
}

// near returns the ends that are close.
func (p Place) near() Near {
	return Near{p == AtClient || p == AtBoth, p == AtServer || p == AtBoth}
}

// Far is the round trip from which on an end is not close to the place of a capture.
const Far = time.Millisecond

// RoundTrips returns the shortest time in which each end has answered: from a segment
// to the first that acknowledges it. 0 is not known.
func RoundTrips(c capture.Connection) (trips [2]time.Duration) {
	type sent struct {
		end int64
		at  time.Duration
	}
	var waits [2][]sent // by who has to answer
	for _, g := range c.Frames {
		if g.Ctl.Has(wire.ACK) && !g.Ctl.Has(wire.RST) {
			list := waits[g.From]
			for len(list) > 0 && list[0].end <= g.Ack {
				if list[0].end == g.Ack || len(list) == 1 {
					if d := g.At - list[0].at; trips[g.From] == 0 || d < trips[g.From] {
						trips[g.From] = max(d, 1)
					}
				}
				list = list[1:]
			}
			waits[g.From] = list
		}
		if g.End() > g.Seq && !g.Remarks.Has(capture.Again) {
			to := g.From.Peer()
			if waits[to] = append(waits[to], sent{g.End(), g.At}); len(waits[to]) > 32 {
				waits[to] = waits[to][1:]
			}
		}
	}
	return trips
}

// find returns the place of a capture, if the round trips tell it: an end that has
// answered within a millisecond is close, unless its peer is no further.
func find(trips [2]time.Duration) Place {
	var close Near
	for side, d := range trips {
		close[side] = d > 0 && d < Far
	}
	c, s := trips[capture.Client], trips[capture.Server]
	switch {
	case close[0] && close[1] && c < 8*s && s < 8*c:
		return AtBoth
	case close[0] && (s == 0 || c < s):
		return AtClient
	case close[1] && (c == 0 || s < c):
		return AtServer
	}
	return Middle
}

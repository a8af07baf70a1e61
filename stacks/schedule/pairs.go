package schedule

import (
	"tcpclose/model"
	"tcpclose/stacks/adapter"
	"tcpclose/stacks/wire"
)

// A Pair is a place, a kind of event there, and a schedule that does both.
type Pair struct {
	Route    *Route
	Kind     int // in Kinds
	Schedule Schedule
	Event    int // the step that is the event
}

// probes show a state on the wire. Each ends with an old segment, which a
// connection answers by an acknowledgement, and a host without one by RST.
var probes = []Schedule{
	{In(old), Pass(Settle), In(fin), Pass(Settle), Call(adapter.Receive, 9), Call(adapter.Shutdown, 0), Pass(Settle), In(ack), Pass(Settle), In(old), Pass(Settle)},
	{Pass(Settle), In(rst), Pass(Settle), In(old), Pass(Settle)},
	{Pass(Retransmit), In(ack), Pass(Settle), In(fin), Pass(MostTimeWait), In(old), Pass(Settle)},
	{In(ack), Pass(Settle), Call(adapter.Receive, 9), Pass(GiveUp), In(old), Pass(Settle)},
	{Pass(MostTimeWait), In(old), Pass(Settle), In(ack), Pass(Settle), Pass(RestTimeWait), In(old), Pass(Settle)},
}

var (
	old = Segment{Ctl: wire.ACK, Seq: Number{Anchor: Next, Plus: -1}, Ack: Number{Anchor: Next, Plus: 0}}
	fin = Segment{Ctl: wire.FIN | wire.ACK, Seq: Number{Anchor: Next, Plus: 0}, Ack: Number{Anchor: Next, Plus: 0}}
	ack = Segment{Ctl: wire.ACK, Seq: Number{Anchor: Next, Plus: 0}, Ack: Number{Anchor: Next, Plus: 0}}
	rst = Segment{Ctl: wire.RST, Seq: Number{Anchor: Next, Plus: 0}}
)

// rests has the waits that show whether an event has restarted a timer that was nearly
// over.
var rests = map[Wait]Wait{MostTimeWait: RestTimeWait, MostFinWait2: RestFinWait2}

// Probes counts the schedules for a pair, each with another probe.
const Probes = 5

// Pairs returns the schedules of all places that have a route and all kinds, with
// the probe of that number.
func Pairs(routes []Route, probe int) (list []Pair) {
	for i := range routes {
		r := &routes[i]
		if r.Schedule == nil && r.Place.State != model.Closed {
			continue
		}
		for k, kind := range Kinds {
			if !possible(r.Place, kind) {
				continue
			}
			p := Pair{Route: r, Kind: k, Event: len(r.Schedule)}
			tail := probes[probe%len(probes)]
			if rest, ok := rests[r.Place.then]; ok && probe == 0 {
				tail = Schedule{Pass(rest), In(old), Pass(Settle)}
			}
			p.Schedule = append(append(append(p.Schedule, r.Schedule...), kind.Step), tail...)
			list = append(list, p)
		}
	}
	return list
}

// possible reports whether the kind differs from others at the place: before the
// peer's SYN has come there is no window, and no number is old.
func possible(p Place, k Kind) bool {
	g := k.Step.Segment
	switch p.State {
	case model.Closed, model.Listen, model.SynSent:
		if k.Flag <= FlagNone && g.Seq != (Number{Anchor: Next, Plus: 0}) {
			return false
		}
	}
	return true
}

package schedule

import (
	"tcpclose/model"
	"tcpclose/stacks/adapter"
	"tcpclose/stacks/wire"
)

// honest contains what a peer, a network that loses, copies and reorders, and a user do
// without a mistake. A segment that was sent before the peer knew of the last one has
// an older acknowledgement; one that has overtaken another begins after RCV.NXT.
var honest = func() (list []Step) {
	const bits = wire.ACK | wire.FIN
	at, ahead := Number{Anchor: Next, Plus: 0}, Number{Anchor: Next, Plus: 1}
	for _, acked := range []Number{{Anchor: Next}, {Anchor: Edge, Plus: -1}} {
		list = append(list,
			In(Segment{Ctl: wire.ACK, Seq: at, Ack: acked}), In(Segment{Ctl: wire.ACK, Seq: at, Ack: acked, Len: 1}),
			In(Segment{Ctl: bits, Seq: at, Ack: acked}), In(Segment{Ctl: bits, Seq: ahead, Ack: acked}))
	}
	return append(list,
		In(Segment{Ctl: wire.ACK, Seq: ahead, Ack: at}), In(Segment{Ctl: wire.ACK, Seq: ahead, Ack: at, Len: 1}),
		In(Segment{Ctl: bits, Seq: at, Ack: at, Len: 1}), In(Segment{Ctl: wire.ACK, Seq: at, Ack: at, Window: Shut}),
		In(old), In(rst), Step{Kind: adapter.Arrives, Copies: 1}, Step{Kind: adapter.Arrives, Copies: 2},
		Call(adapter.Send, 1), Call(adapter.Receive, 9), Call(adapter.Shutdown, 0), Call(adapter.Release, 0), Pass(Retransmit))
}()

// rest shows whether the connection comes to its end: nothing arrives any more until
// TIME-WAIT would have ended.
var rest = Schedule{Pass(Settle), Pass(Retransmit), Pass(TimeWait), In(old), Pass(Settle), In(ack), Pass(Settle)}

// Couples returns, for the first place of each state that has a connection, the schedules
// in which two things happen there one after the other that may happen to an end
// without a mistake by anybody, and then nothing.
func Couples(routes []Route) (list []Schedule) {
	for _, r := range firsts(routes) {
		for _, one := range honest {
			for _, two := range honest {
				s := append(append(Schedule(nil), r.Schedule...), one, two)
				list = append(list, append(s, rest...))
			}
		}
	}
	return list
}

// often counts the events of Repeats: more than stacks put up with.
const often = 12

// Repeats returns, for the first place of each state that has a connection, the schedules
// in which a segment that may arrive without a mistake by anybody does so again and
// again, as from a peer that probes, or is not answered.
func Repeats(routes []Route) (list []Schedule) {
	for _, r := range firsts(routes) {
		for _, e := range honest {
			if e.Kind != adapter.Arrives {
				continue
			}
			s := append(Schedule(nil), r.Schedule...)
			for range often {
				s = append(s, e, Pass(Settle))
			}
			list = append(list, append(s, rest...))
		}
	}
	return list
}

// Bursts returns schedules in which two segments of Couples arrive before the end can send
// anything.
func Bursts(routes []Route) (list []Schedule) {
	for _, r := range firsts(routes) {
		for _, one := range honest {
			for _, two := range honest {
				if one.Kind != adapter.Arrives || two.Kind != adapter.Arrives {
					continue
				}
				one.More = true
				s := append(append(Schedule(nil), r.Schedule...), one, two)
				list = append(list, append(s, rest...))
			}
		}
	}
	return list
}

// firsts returns the route to the first place of each state that has a connection.
func firsts(routes []Route) (list []Route) {
	done := map[model.ConnState]bool{model.Closed: true, model.Listen: true}
	for _, r := range routes {
		if r.Schedule != nil && !done[r.Place.State] {
			done[r.Place.State] = true
			list = append(list, r)
		}
	}
	return list
}

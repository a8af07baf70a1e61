package schedule

import (
	"math/rand/v2"

	"tcpclose/stacks/adapter"
	"tcpclose/stacks/wire"
)

// A Walk draws the steps of a schedule by lot, one after the other.
type Walk struct {
	// Weight returns how much a kind is wanted where the connection stands; nil is
	// for all alike.
	Weight func(kind int) int

	lot *rand.Rand
	n   int // steps so far
	end int // steps in all
}

// NewWalk returns a walk of that number.
func NewWalk(seed uint64) *Walk {
	lot := rand.New(rand.NewPCG(seed, 16))
	return &Walk{lot: lot, end: 6 + lot.IntN(14)}
}

// usual contains what a peer does that is no attacker, and what a user does.
var usual = []Step{
	In(ack), In(ack), In(fin), In(fin), In(old), In(rst),
	In(Segment{Ctl: wire.ACK, Seq: Number{Anchor: Next, Plus: 0}, Ack: Number{Anchor: Edge, Plus: 0}}),
	In(Segment{Ctl: wire.ACK, Seq: Number{Anchor: Next, Plus: 0}, Ack: Number{Anchor: Next, Plus: 0}, Len: 1}),
	In(Segment{Ctl: wire.ACK, Seq: Number{Anchor: Next, Plus: 1}, Ack: Number{Anchor: Next, Plus: 0}, Len: 1}),
	In(Segment{Ctl: wire.FIN | wire.ACK, Seq: Number{Anchor: Next, Plus: 0}, Ack: Number{Anchor: Edge, Plus: 0}}),
	In(Segment{Ctl: wire.FIN | wire.ACK, Seq: Number{Anchor: Next, Plus: 0}, Ack: Number{Anchor: Next, Plus: 0}, Len: 1}),
	In(Segment{Ctl: wire.FIN | wire.ACK, Seq: Number{Anchor: Next, Plus: 1}, Ack: Number{Anchor: Next, Plus: 0}}),
	In(Segment{Ctl: wire.ACK, Seq: Number{Anchor: Next, Plus: 0}, Ack: Number{Anchor: Next, Plus: 0}, Window: Shut}),
	{Kind: adapter.Arrives, Segment: ack, Copies: 1}, {Kind: adapter.Arrives, Segment: ack, Copies: 2}, {Kind: adapter.Arrives, Segment: ack, Copies: 3},
	Call(adapter.Send, 1), Call(adapter.Send, 1), Call(adapter.Receive, 9), Call(adapter.Receive, 1),
	Call(adapter.Shutdown, 0), Call(adapter.Shutdown, 0), Call(adapter.Release, 0), Call(adapter.Abort, 0),
	Pass(Settle), Pass(Settle), Pass(Retransmit), Pass(Retransmit), Pass(MostTimeWait), Pass(TimeWait), Pass(GiveUp),
}

// begins has how walks begin.
var begins = []Schedule{
	{Open(true), In(Segment{Ctl: wire.SYN | wire.ACK, Ack: Number{Anchor: Next, Plus: 0}})},
	{Open(true), In(Segment{Ctl: wire.SYN | wire.ACK, Ack: Number{Anchor: Next, Plus: 0}})},
	{Open(false), In(Segment{Ctl: wire.SYN}), In(ack)},
	{Open(false), In(Segment{Ctl: wire.SYN}), In(ack)},
	{Open(true), In(Segment{Ctl: wire.SYN}), In(Segment{Ctl: wire.SYN | wire.ACK, Ack: Number{Anchor: Next, Plus: 0}})},
	{Open(true), In(Segment{Ctl: wire.SYN | wire.ACK, Ack: Number{Anchor: Next, Plus: 0}, Window: Shut})},
	{Open(true)},
	{Open(false)},
}

// Begin returns the steps with which the walk begins.
func (w *Walk) Begin() Schedule { return begins[w.lot.IntN(len(begins))] }

// Next returns the next step; ok is false at the end.
func (w *Walk) Next() (s Step, ok bool) {
	if w.n++; w.n > w.end {
		return s, false
	}
	if w.lot.IntN(3) > 0 {
		return usual[w.lot.IntN(len(usual))], true
	}
	if w.Weight == nil {
		return Kinds[w.lot.IntN(len(Kinds))].Step, true
	}
	sum := 0
	for k := range Kinds {
		sum += w.Weight(k)
	}
	if sum <= 0 {
		return Kinds[w.lot.IntN(len(Kinds))].Step, true
	}
	at := w.lot.IntN(sum)
	for k := range Kinds {
		if at -= w.Weight(k); at < 0 {
			return Kinds[k].Step, true
		}
	}
	return s, false
}

// Goodbye brings every connection to its end: both ends close, the user reads
// what is there, and the peer acknowledges all.
var Goodbye = Schedule{
	Call(adapter.Receive, 99), Call(adapter.Shutdown, 0), In(ack), In(fin), Call(adapter.Receive, 99), Pass(Settle), In(ack), Pass(Retransmit), In(ack), In(fin), In(ack),
	Pass(Settle), Pass(TimeWait), Pass(TimeWait), In(old), Pass(Settle),
}

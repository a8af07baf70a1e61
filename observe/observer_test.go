package observe

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"tcpclose/model"
	"tcpclose/stacks/adapter"
	"tcpclose/stacks/own"
	"tcpclose/stacks/wire"
)

// drawn returns a schedule that a driver makes up while it plays the peer of a:
// numbers are near those that a knows.
func drawn(t *rapid.T, a adapter.Adapter, setup adapter.Setup) (adapter.Schedule, []adapter.Result) {
	s, err := adapter.NewSession(a, setup)
	require.NoError(t, err)
	active := rapid.Bool().Draw(t, "active")
	s.Do(adapter.Event{Kind: adapter.Opens, Active: active})
	next, acked := int32(0), int32(0) // of the peer's numbers, and of those of a
	in := func(ctl wire.Ctl, seq, ack int32, length int, wnd uint16) adapter.Event {
		if !ctl.Has(wire.ACK) {
			ack = 0
		}
		return adapter.In(wire.Segment{Ctl: ctl, Seq: seq, Ack: ack, Len: length, Wnd: wnd})
	}
	near := func(n int32, name string) int32 {
		return max(0, n+rapid.SampledFrom([]int32{0, 0, 0, 0, 0, -1, 1, -2, 2}).Draw(t, name))
	}
	windows := []uint16{65535, 65535, 65535, 7, 3, 2, 1, 0}
	window := func() uint16 { return rapid.SampledFrom(windows).Draw(t, "wnd") }
	do := func(e adapter.Event) {
		if g := e.Segment; e.Kind == adapter.Arrives && g.Seq == next && !g.Ctl.Has(wire.RST) {
			next += g.SpaceLen()
		}
		for _, out := range s.Do(e).Emitted {
			acked = max(acked, out.Segment.Seq+out.Segment.SpaceLen())
		}
	}
	if rapid.IntRange(0, 9).Draw(t, "handshake") > 0 { // else anything may come first
		if active {
			do(in(wire.SYN|wire.ACK, 0, acked, 0, window()))
		} else {
			do(in(wire.SYN, 0, 0, 0, window()))
			do(in(wire.ACK, next, acked, 0, window()))
		}
	}
	for range rapid.IntRange(1, 16).Draw(t, "events") {
		switch rapid.SampledFrom([]string{"right", "right", "right", "in", "call", "call", "call", "wait", "next", "next"}).Draw(t, "event") {
		case "right": // what a peer may send
			ctl := rapid.SampledFrom([]wire.Ctl{wire.ACK, wire.ACK, wire.FIN | wire.ACK}).Draw(t, "ctl")
			length := rapid.SampledFrom([]int{0, 0, 1, 2}).Draw(t, "len")
			do(in(ctl, max(0, next-rapid.SampledFrom([]int32{0, 0, 0, 1}).Draw(t, "again")), acked-rapid.SampledFrom([]int32{0, 0, 0, 1}).Draw(t, "late"), length, window()))
		case "in":
			ctl := rapid.SampledFrom([]wire.Ctl{wire.ACK, wire.ACK, wire.FIN | wire.ACK, wire.FIN | wire.ACK,
				wire.RST, wire.RST | wire.ACK, wire.SYN, wire.SYN | wire.ACK, 0}).Draw(t, "ctl")
			length := 0
			if !ctl.Has(wire.SYN) && !ctl.Has(wire.RST) {
				length = rapid.SampledFrom([]int{0, 0, 1, 2}).Draw(t, "len")
			}
			do(in(ctl, near(next, "seq"), near(acked, "ack"), length, window()))
		case "call":
			c := rapid.SampledFrom([]adapter.Call{adapter.Send, adapter.Receive, adapter.Receive, adapter.Shutdown, adapter.Shutdown, adapter.Release, adapter.Abort}).Draw(t, "call")
			e := adapter.Make(c, 0)
			if c.Counts() {
				e.Octets = rapid.IntRange(1, 2).Draw(t, "octets")
			}
			do(e)
		case "wait":
			do(adapter.Wait(time.Duration(rapid.IntRange(1, 30).Draw(t, "ticks")) * own.Tick))
		case "next":
			do(adapter.Event{Kind: adapter.Next})
		}
	}
	return s.Events, s.Results
}

func TestObserve_OwnModel(t *testing.T) {
	c := own.Default()
	a, err := own.New(c, own.Tick)
	require.NoError(t, err)
	for _, rules := range []Rules{Known(c, own.Tick), Open(c, own.Tick)} {
		rules.States = true
		o, err := New(rules)
		require.NoError(t, err)
		rapid.Check(t, func(t *rapid.T) {
			schedule, results := drawn(t, a, adapter.Setup{})
			report := o.Observe(FromBench(schedule, results))
			if report.Err != nil {
				return
			}
			require.Emptyf(t, report.Deviations, "%s\n%+v", schedule, results)
			require.True(t, report.Options.Has(model.RSTCheck, 0))
		})
	}
}

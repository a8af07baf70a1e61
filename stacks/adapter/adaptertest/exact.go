package adaptertest

import (
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"tcpclose/stacks/adapter"
	"tcpclose/stacks/wire"
)

// Exact runs so many schedules, drawn by lot, twice each: an adapter that says
// that it is exact gives the same both times, and fails at none.
func Exact(t *testing.T, run Runner, schedules int) {
	t.Helper()
	for seed := range uint64(schedules) {
		events := Random(seed)
		setup := adapter.Setup{Seed: seed}
		first, err := run(setup, events)
		if err != nil {
			t.Fatalf("schedule %d, %s: %v", seed, events, err)
		}
		if n := len(first); n < len(events) || first[n-1].Err != "" {
			t.Errorf("schedule %d, %s: event %d: %s", seed, events, n, first[n-1].Err)
		}
		again, err := run(setup, events)
		if err != nil {
			t.Fatalf("schedule %d, %s: %v", seed, events, err)
		}
		for i := range first {
			if i >= len(again) || !reflect.DeepEqual(first[i], again[i]) {
				t.Fatalf("schedule %d, %s: event %d: %s; run again: %s", seed, events, i+1, first[i], again[i])
			}
		}
	}
}

// Random returns a schedule drawn by lot: a connection is opened, and then anything
// happens, with numbers near those that matter.
func Random(seed uint64) adapter.Schedule {
	r := rand.New(rand.NewPCG(seed, 1))
	number := func() int32 { return int32(r.IntN(8)) - 1 }
	active := r.IntN(2) == 0
	syn := wire.Segment{Ctl: wire.SYN, Wnd: 8000, Opts: wire.Options{MSS: 1460}}
	events := adapter.Schedule{{Kind: adapter.Opens, Active: active}}
	if active {
		syn.Ctl, syn.Ack = wire.SYN|wire.ACK, 1
		events = append(events, adapter.In(syn))
	} else {
		events = append(events, adapter.In(syn), adapter.In(wire.Segment{Ctl: wire.ACK, Seq: 1, Ack: 1, Wnd: 8000}))
	}
	controls := []wire.Ctl{wire.ACK, wire.ACK, wire.ACK, wire.FIN | wire.ACK, wire.FIN | wire.ACK, wire.RST, wire.RST | wire.ACK, wire.SYN, wire.FIN, 0}
	waits := []time.Duration{time.Millisecond, 100 * time.Millisecond, time.Second, time.Minute}
	calls := []adapter.Call{adapter.Send, adapter.Receive, adapter.Shutdown, adapter.Release, adapter.Abort}
	for range 4 + r.IntN(12) {
		switch r.IntN(4) {
		case 0:
			c := calls[min(r.IntN(8)*r.IntN(2), len(calls)-1)]
			n := 0
			if c.Counts() {
				n = 1 + r.IntN(3)
			}
			events = append(events, adapter.Make(c, n))
		case 1:
			events = append(events, adapter.Wait(waits[r.IntN(len(waits))]))
		default:
			g := wire.Segment{Ctl: controls[r.IntN(len(controls))], Seq: number(), Wnd: uint16(r.IntN(2) * 8000), Len: r.IntN(2) * r.IntN(3)}
			if g.Ctl.Has(wire.ACK) {
				g.Ack = number()
			}
			if g.Ctl.Has(wire.SYN) || g.Ctl.Has(wire.RST) {
				g.Len = 0
			}
			events = append(events, adapter.In(g))
		}
	}
	return events
}

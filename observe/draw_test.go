package observe

import (
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"tcpclose/model"
	"tcpclose/stacks/adapter"
	"tcpclose/stacks/own"
	"tcpclose/stacks/wire"
)

// A drawer makes up a schedule while it plays the peer of a stack.
type drawer struct {
	pick    func(n int) int // a number below n
	session *adapter.Session
	setup   adapter.Setup
	next    int32 // of the peer's numbers
	acked   int32 // of those of the stack
	octets  int   // in a segment, or a call
	wide    bool  // windows have no limit
}

// shortcuts lead to states that random events seldom reach.
var shortcuts = []string{"", "", "", "shutdown ack", "close ack", "shutdown ack fin", "close ack fin", "shutdown crossing-fin",
	"shutdown crossing-fin ack", "fin shutdown", "fin close", "fin", "send shutdown", "fin send shutdown", "text", "text shutdown",
	"send shutdown crossing-ack", "narrow send send shutdown", "narrow send send fin shutdown", "shut send send shutdown", "shutdown next next next next next",
	"fin shutdown next next next next next", "shutdown ack fin long", "close ack long", "shutdown crossing-fin ack long", "close ack text long",
	"shutdown ack hole text", "hole text", "shutdown ack fin close ack", "shutdown ack fin half rst half ack", "shut send shutdown fin fin", "shut shutdown ack",
	"shut send close next refuse next refuse next refuse next refuse next refuse", "shutdown ack fin half fin-again half ack"}

func oneOf[T any](d *drawer, list ...T) T { return list[d.pick(len(list))] }

func (d *drawer) do(e adapter.Event) {
	if g := e.Segment; e.Kind == adapter.Arrives && g.Seq == d.next && !g.Ctl.Has(wire.RST) {
		d.next += g.SpaceLen()
	}
	for _, out := range d.session.Do(e).Emitted {
		if !out.Segment.Raw {
			d.acked = max(d.acked, out.Segment.Seq+out.Segment.SpaceLen())
		}
	}
}

func (d *drawer) in(ctl wire.Ctl, seq, ack int32, length int, wnd uint16) {
	if !ctl.Has(wire.ACK) {
		ack = 0
	}
	d.do(adapter.In(wire.Segment{Ctl: ctl, Seq: max(0, seq), Ack: max(0, ack), Len: length, Wnd: wnd}))
}

func (d *drawer) window() uint16 { return d.windows(65535, 65535, 65535, 7, 3, 2, 1, 0) }

// windows returns one of the list, unless windows have no limit.
func (d *drawer) windows(list ...uint16) uint16 {
	if d.wide {
		return 65535
	}
	return oneOf(d, list...)
}

// word does what a word of a shortcut says.
func (d *drawer) word(word string) {
	switch word {
	case "shutdown":
		d.do(adapter.Make(adapter.Shutdown, 0))
	case "close":
		d.do(adapter.Make(adapter.Release, 0))
	case "send":
		d.do(adapter.Make(adapter.Send, d.octets))
	case "ack":
		d.in(wire.ACK, d.next, d.acked, 0, 65535)
	case "crossing-ack":
		d.in(wire.ACK, d.next, d.acked-1, 0, 65535)
	case "narrow":
		d.in(wire.ACK, d.next, d.acked, 0, d.windows(1))
	case "shut":
		d.in(wire.ACK, d.next, d.acked, 0, d.windows(0))
	case "fin-again":
		d.in(wire.FIN|wire.ACK, d.next-1, d.acked, 0, 65535)
	case "refuse": // a probe
		d.in(wire.ACK, d.next, d.acked-1, 0, d.windows(0))
	case "fin":
		d.in(wire.FIN|wire.ACK, d.next, d.acked, 0, 65535)
	case "crossing-fin":
		d.in(wire.FIN|wire.ACK, d.next, d.acked-1, 0, 65535)
	case "rst":
		d.in(wire.RST, d.next, 0, 0, 0)
	case "text":
		d.in(wire.ACK, d.next, d.acked, d.octets, 65535)
	case "hole": // behind as many octets
		d.in(wire.FIN|wire.ACK, d.next+int32(d.octets), d.acked, 0, 65535)
	case "next":
		d.do(adapter.Event{Kind: adapter.Next})
	case "half":
		d.do(adapter.Wait(40 * own.Tick))
	case "long":
		d.do(adapter.Wait(90 * own.Tick))
	}
}

// random does something that may be wrong, or out of place.
func (d *drawer) random() {
	lens := func() int { return oneOf(d, 0, 0, d.octets, 2*d.octets) }
	switch oneOf(d, "right", "right", "right", "in", "in", "call", "call", "call", "wait", "next", "next") {
	case "right": // what a peer may send
		d.in(oneOf(d, wire.ACK, wire.ACK, wire.FIN|wire.ACK), d.next-oneOf[int32](d, 0, 0, 0, 1), d.acked-oneOf[int32](d, 0, 0, 0, 1), lens(), d.window())
	case "in":
		ctl := oneOf(d, wire.ACK, wire.ACK, wire.FIN|wire.ACK, wire.FIN|wire.ACK, wire.RST, wire.RST|wire.ACK, wire.SYN, wire.SYN|wire.ACK, 0)
		length := lens()
		near := func() int32 { return oneOf[int32](d, 0, 0, 0, 0, 0, -1, 1, -2, 2) }
		d.in(ctl, d.next+near(), d.acked+near(), length, d.window())
	case "call":
		c := oneOf(d, adapter.Send, adapter.Receive, adapter.Receive, adapter.Shutdown, adapter.Shutdown, adapter.Release, adapter.Abort)
		e := adapter.Make(c, 0)
		if c.Counts() {
			e.Octets = oneOf(d, d.octets, 2*d.octets)
		}
		d.do(e)
	case "wait":
		d.do(adapter.Wait(time.Duration(oneOf(d, 1, 2, 5, 10, 20, 30, 70)) * own.Tick))
	case "next":
		d.do(adapter.Event{Kind: adapter.Next})
	}
}

// draw returns the run of a schedule that is made up with pick.
func draw(t require.TestingT, a adapter.Adapter, pick func(int) int) Run {
	return (&drawer{pick: pick, octets: 1}).run(t, a)
}

func (d *drawer) run(t require.TestingT, a adapter.Adapter) Run {
	d.setup.Buffer = oneOf(d, 0, 0, 1, 2, 7)
	if d.wide {
		d.setup.Buffer = 0
	}
	s, err := adapter.NewSession(a, d.setup)
	require.NoError(t, err)
	d.session = s
	active := oneOf(d, true, false)
	d.do(adapter.Event{Kind: adapter.Opens, Active: active})
	if oneOf(d, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9) > 0 { // else anything may come first
		if active {
			d.in(wire.SYN|wire.ACK, 0, d.acked, 0, d.window())
		} else {
			d.in(wire.SYN, 0, 0, 0, d.window())
			d.in(wire.ACK, d.next, d.acked, 0, d.window())
		}
		for word := range strings.FieldsSeq(oneOf(d, shortcuts...)) {
			d.word(word)
		}
	}
	for range oneOf(d, 0, 1, 2, 4, 6, 9, 12) {
		d.random()
	}
	run := FromBench(s.Events, s.Results)
	run.Name = s.Events.String()
	return run
}

// testConfig has every timer.
func testConfig() model.Config {
	c := own.Default()
	c.EachEnd(func(e *model.Endpoint) {
		e.TimeWait = model.Span{Ticks: 60}
		e.R2, e.GiveUp = 3, 0
		e.FinWait2, e.UserTimeout = 80, 400
		e.KeepAlive, e.Probes = 50, 2
		e.ChallengeInterval = 5
	})
	return c
}

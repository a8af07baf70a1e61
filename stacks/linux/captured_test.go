package linux

import (
	"fmt"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/capture"
	"tcpclose/capture/ends"
	"tcpclose/model"
	"tcpclose/stacks/adapter"
	"tcpclose/stacks/drive"
	"tcpclose/stacks/wire"
)

// A tapped is a kernel, and what it does is noted.
type tapped struct {
	drive.Host
	t     *testing.T
	end   int
	tape  *[]moment
	clock time.Duration
}

// A moment is what a kernel was given, and what was seen of it.
type moment struct {
	end    int
	at     time.Duration // by its clock
	event  adapter.Event
	result adapter.Result
}

func (h *tapped) Reset(s adapter.Setup) error {
	h.clock = 0
	return h.Host.Reset(s)
}

func (h *tapped) Do(e adapter.Event) adapter.Result {
	r := h.Host.Do(e)
	require.Empty(h.t, r.Err)
	*h.tape = append(*h.tape, moment{h.end, h.clock, e, r})
	h.clock = r.Now
	return r
}

// initial is the first number of each end.
const initial = 10_000

// A tape is what has happened at both ends, in order.
type tape []moment

// active returns the end that has opened the connection: the client.
func (p tape) active() int {
	i := slices.IndexFunc(p, func(m moment) bool { return m.event.Kind == adapter.Opens && m.event.Active })
	return p[i].end
}

// captured returns the connection as it was captured at an end.
func (p tape) captured(at int) (conn capture.Connection, some bool) {
	addr := [2]netip.AddrPort{netip.MustParseAddrPort("192.0.2.1:40000"), netip.MustParseAddrPort("192.0.2.2:40000")}
	passive := 1 - p.active()
	addr[passive] = netip.AddrPortFrom(addr[passive].Addr(), 80)
	table := capture.NewTable(func(c capture.Connection) { conn, some = c, true })
	frame := 0
	note := func(from int, when time.Duration, g wire.Segment) {
		frame++
		s := capture.Segment{
			Frame: frame, Time: time.Unix(1_700_000_000, 0).Add(when), From: addr[from], To: addr[1-from],
			Seq: initial + uint32(g.Seq), Ctl: g.Ctl, Wnd: g.Wnd, Len: g.Len, Opts: g.Opts, ID: uint16(frame),
		}
		if g.Raw {
			s.Seq = uint32(g.Seq)
		}
		if g.Ctl.Has(wire.ACK) {
			s.Ack = initial + uint32(g.Ack)
		}
		table.Add(s)
	}
	for _, m := range p {
		if m.end != at {
			continue
		}
		if m.event.Kind == adapter.Arrives {
			note(1-at, m.at, m.event.Segment)
		}
		for _, out := range m.result.Emitted {
			note(at, out.At, out.Segment)
		}
	}
	table.Close()
	return conn, some
}

// state returns the state that the kernel has said an end is in.
func (p tape) state(end int) string {
	for _, m := range slices.Backward(p) {
		if m.end == end && m.result.State != "" {
			return m.result.State
		}
	}
	return model.Closed.String()
}

// seen returns the state that an end was in when it was last seen to send something, or
// something to arrive; "" if more time has passed than the capture shows.
func (p tape) seen(end int) string {
	for i, m := range slices.Backward(p) {
		if m.end != end || m.event.Kind != adapter.Arrives && len(m.result.Emitted) == 0 {
			continue
		}
		if m.event.Wait > time.Second {
			return ""
		}
		return p[:i+1].state(end)
	}
	return ""
}

// told returns what the program at an end was told of how the connection ended, once it was
// open: Linux calls it a reset, too, when SHUTDOWN is called before.
func (p tape) told(end int) (told model.Notice) {
	open := false
	for _, m := range p {
		if m.end != end {
			continue
		}
		open = open || m.result.State == model.Established.String()
		if a := m.result.Answer; a != nil && open {
			switch a.Told {
			case adapter.EOF:
				told |= model.ToldEOF
			case adapter.Reset:
				told |= model.ToldReset
			}
		}
	}
	return told
}

// first returns who has closed first: by their clocks, an end before it had taken the
// peer's FIN.
func (p tape) first() capture.Closer {
	var sent, before [2]bool
	fins := [2]int32{-1, -1}
	for _, m := range p {
		for _, out := range m.result.Emitted {
			g := out.Segment
			if !g.Ctl.Has(wire.FIN) || sent[m.end] {
				continue
			}
			fins[m.end] = g.Seq + int32(g.Len)
			peer := fins[1-m.end]
			sent[m.end], before[m.end] = true, peer < 0 || g.Ack <= peer
		}
	}
	c := p.active()
	switch {
	case before[0] && before[1]:
		return capture.Both
	case before[c]:
		return capture.ClientFirst
	case before[1-c]:
		return capture.ServerFirst
	}
	return capture.Nobody
}

// between has the faults of the network between the kernels.
var between = drive.Faults{Loss: 6, Copy: 8, Reorder: 5}

// TestCaptured: connections of Linux 6.1 with Linux 6.12, with loss, copies and overtaking
// between them, captured at both ends, whole and cut off. They are explained from either end:
// what is certain is not refuted by the other capture, nor by what the kernels have said.
func TestCaptured(t *testing.T) {
	const runs = 12
	var all tape
	var pair drive.Ends
	for i, series := range Series() {
		p := start(t, series)
		pair.Hosts[i] = &tapped{Host: drive.OfProgram(p, nil), t: t, end: i, tape: (*[]moment)(&all)}
	}
	o := ends.NewObserver()
	var n counts
	for seed := range uint64(runs) {
		all = nil
		acts := between.Draw(seed)
		_, _, wrong, err := pair.Run(acts)
		require.NoError(t, err)
		assert.Emptyf(t, wrong, "run %d", seed)
		for _, cut := range []int{len(all), len(all) / 2, len(acts), len(acts) / 2} {
			if part := all[:cut]; len(part) > 2 {
				part.confirm(t, fmt.Sprintf("run %d, %d events of %d", seed, cut, len(all)), o, &n)
			}
		}
	}
	t.Logf("%+v", n)
	assert.Greater(t, n.connections, runs)
	assert.NotZero(t, n.lost)
	assert.NotZero(t, n.first)
}

// counts counts what was explained from either end, how often it was certain who had closed
// first, and what was lost.
type counts struct{ connections, first, lost int }

// confirm explains what was captured at either end.
func (p tape) confirm(t *testing.T, name string, o *ends.Observer, n *counts) {
	client := p.active()
	of := [2]int{client, 1 - client}
	var conns [2]capture.Connection
	for side, end := range of {
		conn, some := p.captured(end)
		if !some {
			return
		}
		conns[side] = conn
	}
	n.connections++
	from := [2]*ends.Explanation{o.Explain(conns[0], ends.AtClient), o.Explain(conns[1], ends.AtServer)}
	for at, x := range from {
		here := fmt.Sprintf("%s, at the %s", name, capture.Side(at))
		if !assert.Nilf(t, x.Wrong, here) {
			t.Logf("%+v\n%+v", x.Wrong, conns[at].Frames)
			continue
		}
		assert.Emptyf(t, x.Doubts, here)
		for side, e := range x.Ends {
			state, told := p.state(of[side]), p.told(of[side])
			likely, possible := names(e.States), names(slices.Concat(e.States, e.Others))
			if side == at {
				state = p.seen(of[side])
				if state != "" && !assert.Containsf(t, likely, state, "%s: %s\n%+v", here, capture.Side(side), x.Doubts) {
					t.Logf("%+v", conns[at].Frames)
				}
			} else {
				assert.Containsf(t, possible, state, "%s: %s", here, capture.Side(side))
			}
			assert.Zerof(t, told&^e.Possible, "%s: %s was told %s", here, capture.Side(side), told)
			assert.Zerof(t, e.Told&^from[1-at].Ends[side].Possible, "%s: %s: what the other capture excludes", here, capture.Side(side))
		}
		if x.First.Certain {
			n.first++
			assert.Equalf(t, []capture.Closer{p.first()}, x.First.Possible, here)
			assert.Subsetf(t, from[1-at].First.Possible, x.First.Possible, here)
		}
		assert.Containsf(t, x.First.Possible, p.first(), here)
	}
	both := o.ExplainPair(conns[0], conns[1])
	n.lost += len(both.Lost[0]) + len(both.Lost[1])
	for side, e := range both.Ends {
		assert.Containsf(t, names(slices.Concat(e.States, e.Others)), p.state(of[side]), "%s: %s", name, capture.Side(side))
	}
}

// names returns the names of states.
func names(list []model.ConnState) (out []string) {
	for _, s := range list {
		out = append(out, s.String())
	}
	return out
}

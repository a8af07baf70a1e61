//go:build linux

package conntrack

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/ask"
	"tcpclose/box"
	"tcpclose/check"
	"tcpclose/invariants"
	"tcpclose/model"
	"tcpclose/trace"
)

// arrived returns the segment that an event brings to the box; ok is false if it brings none.
func arrived(e *trace.Event) (s box.Segment, ok bool) {
	p := e.Action.Packet
	if e.Action.Kind != model.Deliveries && e.Action.Kind != model.Copies || p.Behind {
		return s, false
	}
	g := p.Segment
	s = box.Segment{From: box.Side(e.Action.Side), Seq: int8(g.Seq), Ack: int8(g.Ack), Len: g.Len}
	for _, bit := range [...]struct {
		is   model.Ctl
		seen box.Ctl
	}{{model.FIN, box.FIN}, {model.SYN, box.SYN}, {model.RST, box.RST}, {model.ACK, box.ACK}} {
		if g.Ctl.Has(bit.is) {
			s.Ctl |= bit.seen
		}
	}
	return s, true
}

// The runs of docs/boxes-decided.md that are about conntrack happen with the kernel's, too:
// the segments that come to the box come to it, and its states are those of the ladder.
func TestKernel_Decided(t *testing.T) {
	const plain = "b-octets=0 msl=1 rto=3 duplicate=off reorder=off capacity=4 box=conntrack box-tick=1s box-counted=60000 "
	for _, tt := range []struct{ name, question, words, ends string }{
		{"the same FIN again", "box.state == LAST_ACK && !b.closecalled && b.state == CLOSE_WAIT", plain + "a-octets=0 loss=1", "LAST_ACK"},
		{"TIME_WAIT while one side has not closed", "box.state == TIME_WAIT && !b.closecalled && b.state == CLOSE_WAIT", plain + "a-octets=0 loss=1", "TIME_WAIT"},
		{"an ACK that was in transit", "box.state == CLOSE_WAIT && a.state == FIN_WAIT_1 && b.state == ESTABLISHED", plain + "a-octets=1 loss=off", "CLOSE_WAIT"},
		{"an RST of any number", "box.state == CLOSE && a.state == FIN_WAIT_1 && b.state == CLOSE_WAIT",
			"a-octets=0 b-octets=0 msl=8 delay=8 rto=9 loss=off duplicate=off reorder=2 capacity=4 box=conntrack box-tick=1s box-counted=2 stray=<SEQ=303><CTL=RST>", "CLOSE"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b, err := box.Find("conntrack")
			require.NoError(t, err)
			r := rig(t, b)
			c, err := model.ParseConfig(tt.words)
			require.NoError(t, err)
			question, err := ask.Parse(tt.question)
			require.NoError(t, err)
			report, err := check.Check(t.Context(), c, []*invariants.Property{question.Seek()}, check.Options{UntilFound: true})
			require.NoError(t, err)
			require.Equal(t, check.Reached, report.Findings[0].Verdict)
			run := report.Findings[0].Trace
			p := open(t, r, b.Table(time.Second, box.Never-1))
			for i := range run.Events {
				if s, ok := arrived(&run.Events[i]); ok {
					difference, err := p.step(s, false)
					require.NoError(t, err)
					require.Empty(t, difference, "event %d", i+1)
				}
			}
			e, ok, err := p.conn.Entry()
			require.NoError(t, err)
			assert.True(t, ok)
			assert.Equal(t, tt.ends, e.State)
		})
	}
}

// kubernetes #32551, with a timer of 2 s: the half-closed connection is silent for longer, and
// the server's FIN is dropped. A segment with text picks the connection up, unless tcp_loose
// is 0.
func TestKernel_Expires(t *testing.T) {
	for _, tt := range []struct {
		box    string
		ctl    box.Ctl
		passes bool
	}{
		{"conntrack,close_wait=2", box.FIN | box.ACK, false},
		{"conntrack,close_wait=2", box.ACK, true},
		{"conntrack,close_wait=2,tcp_loose=0", box.ACK, false},
	} {
		b, err := box.Find(tt.box)
		require.NoError(t, err)
		r := rig(t, b)
		table := b.Table(time.Second, box.Never-1)
		p := open(t, r, table)
		for _, s := range []box.Segment{{From: 0, Ctl: box.FIN | box.ACK}, {From: 1, Ctl: box.ACK, Ack: 1}} {
			difference, err := p.step(s, false)
			require.NoError(t, err)
			require.Empty(t, difference)
		}
		time.Sleep(2500 * time.Millisecond)
		_, alive := table.Tick(p.entry, 3)
		require.False(t, alive)
		p.entry = box.Entry{}
		difference, err := p.step(box.Segment{From: 1, Ctl: tt.ctl, Ack: 1}, false)
		require.NoError(t, err)
		assert.Empty(t, difference, tt.box)
		assert.Equal(t, tt.passes, p.entry.Used, tt.box)
	}
}

package ends

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/capture"
	"tcpclose/model"
	"tcpclose/stacks/wire"
)

// In a capture that begins in the middle, text and the FIN of the client overtake the text
// before them. Whether the server has acknowledged something by then or not: when that text
// comes, which acknowledges its FIN as well, the FIN that it has held counts.
func TestFollow_Held(t *testing.T) {
	const (
		c, s     = capture.Client, capture.Server
		ack, end = wire.ACK, wire.FIN | wire.ACK
	)
	text := capture.Seen{From: c, Seq: 1, Len: 1, Ack: 1, Ctl: ack}
	fin := capture.Seen{From: c, Seq: 2, Ack: 2, Ctl: end}
	missing := func(from int64) capture.Seen {
		return capture.Seen{From: c, Seq: from, Len: int(1 - from), Ack: 2, Ctl: ack}
	}
	// In the state in which it sends its FIN it has not taken the client's.
	closes := func(acked int64) capture.Seen {
		return capture.Seen{From: s, Seq: 1, Ack: acked, Ctl: end}
	}
	lists := map[string][]capture.Seen{
		"acknowledged before": {text, {From: s, Seq: 1, Ack: 0, Ctl: ack}, fin, closes(0), missing(0)},
		"seen after the FIN":  {fin, closes(0), text, missing(0)},
		"far below":           {text, fin, closes(-5), missing(-5)},
		"answered":            {text, fin, closes(-5), missing(-5), {From: s, Seq: 2, Ack: 3, Ctl: ack}},
	}
	m := newMachine(model.AllOptions(), 0)
	want := Condition{State: model.TimeWait, Closing: true, Fin: true, Got: true, Unread: true, Opened: true}
	for name, list := range lists {
		t.Run(name, func(t *testing.T) {
			conn := capture.Connection{Frames: list}
			for i := range conn.Frames {
				g := &conn.Frames[i]
				g.Frame, g.At, g.Wnd = i+1, time.Duration(i)*10*time.Millisecond, 1000
			}
			r := m.follow(conn, Near{s: true}, 0)
			require.Negative(t, r.bad)
			now := m.elementsOf(r.after[len(list)-1][s])
			assert.True(t, slices.ContainsFunc(now, func(e element) bool { return e.is(want) && e.trust < Late }), m.describe(r.after[len(list)-1][s]))
		})
	}
}

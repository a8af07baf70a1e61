package ends

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"tcpclose/capture"
	"tcpclose/model"
	"tcpclose/stacks/wire"
)

// A FIN waits for the congestion window, which is one segment after something was lost
// (RFC 5681, 3.1). CLOSE has entered FIN-WAIT-1 all the same (RFC 9293, 3.10.4), so that the
// peer's FIN, which arrives meanwhile, makes it CLOSING. Two kernels have shown both.
func TestFollow_KeptFin(t *testing.T) {
	const c, s = capture.Client, capture.Server
	ms := func(n int) time.Duration { return time.Duration(n) * time.Millisecond }
	syn := func(at int) capture.Seen { return capture.Seen{From: c, At: ms(at), Ctl: wire.SYN} }
	opening := []capture.Seen{
		syn(2044),
		{From: s, At: ms(2050), Ack: 1, Ctl: wire.SYN | wire.ACK},
		{From: c, At: ms(2050), Seq: 1, Ack: 1, Ctl: wire.ACK},
		{From: c, At: ms(2066), Seq: 1, Ack: 1, Ctl: wire.ACK, Len: 700},
		{From: s, At: ms(2074), Seq: 1, Ack: 1, Ctl: wire.ACK, Len: 700},
		{From: c, At: ms(2075), Seq: 701, Ack: 701, Ctl: wire.ACK},
	}
	// The FIN of the server acknowledges the text, or not; the client sends its own after that.
	ends := func(acks int64, later int) []capture.Seen {
		return []capture.Seen{
			{From: s, At: ms(2157), Seq: 701, Ack: acks, Ctl: wire.FIN | wire.ACK},
			{From: c, At: ms(2157), Seq: 701, Ack: 702, Ctl: wire.ACK},
			{From: c, At: ms(2157 + later), Seq: 701, Ack: 702, Ctl: wire.FIN | wire.ACK},
		}
	}
	acked := capture.Seen{From: s, At: ms(2183), Seq: 702, Ack: 702, Ctl: wire.ACK}
	join := func(lists ...[]capture.Seen) (all []capture.Seen) {
		for _, l := range lists {
			all = append(all, l...)
		}
		return all
	}
	lost := []capture.Seen{syn(0), syn(1020)}
	o := NewObserver()
	for name, is := range map[string]struct {
		frames         []capture.Seen
		states, others []model.ConnState
	}{
		"after a lost SYN": {join(lost, opening, ends(701, 0), []capture.Seen{acked}), []model.ConnState{model.Closed, model.TimeWait}, nil},
		"text not taken":   {join(lost, opening, ends(1, 2230)), []model.ConnState{model.Closing, model.LastAck}, nil},
		"nothing was lost": {join(opening, ends(701, 0), []capture.Seen{acked}), []model.ConnState{model.Closed}, []model.ConnState{model.TimeWait}},
		"nothing in its way": {join(lost, opening, ends(701, 0)[:2], []capture.Seen{
			{From: c, At: ms(2600), Seq: 701, Ack: 702, Ctl: wire.FIN | wire.ACK},
		}), []model.ConnState{model.LastAck}, []model.ConnState{model.Closing}},
	} {
		t.Run(name, func(t *testing.T) {
			conn := capture.Connection{Frames: is.frames}
			for i := range conn.Frames {
				conn.Frames[i].Frame, conn.Frames[i].Wnd = i+1, 64000
			}
			e := o.Explain(conn, AtClient).Ends[c]
			assert.ElementsMatch(t, is.states, e.States)
			for _, other := range is.others {
				assert.Contains(t, e.Others, other)
			}
		})
	}
}

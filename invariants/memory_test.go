package invariants

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/model"
)

// What each monitor keeps, step by step.
func TestNeeds_Next(t *testing.T) {
	const msl = 2
	fin1 := model.Segment{Seq: 0, Ctl: model.FIN | model.ACK}
	tick := func(st model.ConnState) Step { return Step{From: tcb(st), To: tcb(st), Kind: model.Ticks, Elapsed: 1} }
	stay := func(st model.ConnState, g model.Segment) Step { return arrival(st, st, g) }
	tells := func(s Step, n model.Notice) Step { s.Effect.Told = n; return s }
	sends := func(s Step, g model.Segment) Step { s.Effect.Sent = g; return s }
	unread := func(s Step, from, to uint8) Step { s.From.Unread, s.To.Unread = from, to; return s }
	delivers := func(s Step, n uint8) Step { s.Effect.Delivered = n; return s }
	type then struct {
		step Step
		want Memory
	}
	for _, test := range []struct {
		name  string
		needs Monitors
		steps []then
	}{
		{"clock", MonitorClock, []then{
			{tick(model.FinWait2), Memory{}},
			{arrival(model.FinWait2, model.TimeWait, fin1), Memory{Since: 1}},
			{tick(model.TimeWait), Memory{Since: 2}},
			{stay(model.TimeWait, ackOfFin), Memory{Since: 2}},
			{tick(model.TimeWait), Memory{Since: 3}},
			{stay(model.TimeWait, fin1), Memory{Since: 1}}, // once more
			{tick(model.TimeWait), Memory{Since: 2}},
			{tick(model.TimeWait), Memory{Since: 3}},
			{tick(model.TimeWait), Memory{Since: 4}},
			{tick(model.TimeWait), Memory{Since: 5}},
			{tick(model.TimeWait), Memory{Since: 5}},                                                            // 1 + 2 MSL, and no more
			{stay(model.TimeWait, model.Segment{Seq: 0, Len: 1, Ctl: model.FIN | model.ACK}), Memory{Since: 5}}, // not the peer's FIN
			{stay(model.TimeWait, model.Segment{Seq: 0, Len: 1, Ctl: model.ACK}), Memory{Since: 5}},
			{stay(model.TimeWait, fin1), Memory{Since: 1}},
			{timeoutOf(model.TimeWait, model.Closed, model.TimeWaitEnds), Memory{}},
			{tick(model.Closed), Memory{}},
		}},
		{"clock, from CLOSING", MonitorClock, []then{
			{arrival(model.Closing, model.TimeWait, ackOfFin), Memory{Since: 1}},
			{arrival(model.TimeWait, model.Closed, lateRST), Memory{}},
		}},
		{"active", MonitorRole, []then{
			{callOf(model.Established, model.Established, model.Send), Memory{}},
			{callOf(model.Established, model.FinWait1, model.Close), Memory{Role: Active}},
			{tells(arrival(model.FinWait1, model.Closing, fin1), model.ToldEOF), Memory{Role: Active}},
			{tells(arrival(model.Closing, model.TimeWait, ackOfFin), model.ToldClosed), Memory{Role: Active, Waited: true}},
			{timeoutOf(model.TimeWait, model.Closed, model.TimeWaitEnds), Memory{Waited: true}},
			{stay(model.Closed, fin1), Memory{Waited: true}},
		}},
		{"passive", MonitorRole, []then{
			{tells(arrival(model.Established, model.CloseWait, fin1), model.ToldEOF), Memory{}},
			{callOf(model.CloseWait, model.LastAck, model.Close), Memory{Role: Passive}},
			{tells(arrival(model.LastAck, model.Closed, ackOfFin), model.ToldClosed), Memory{}},
		}},
		{"normal", MonitorTold, []then{
			{callOf(model.Established, model.FinWait1, model.Close), Memory{}},
			{tells(arrival(model.FinWait1, model.FinWait2, ackOfFin), model.ToldClosed), Memory{Done: true}},
			{tells(arrival(model.FinWait2, model.TimeWait, fin1), model.ToldEOF), Memory{Done: true, EOF: true, Ended: Normal}},
			{arrival(model.TimeWait, model.Closed, lateRST), Memory{Ended: Normal}}, // told before
			{stay(model.Closed, fin1), Memory{Ended: Normal}},
		}},
		{"normal, in one step", MonitorTold, []then{
			{tells(arrival(model.Established, model.CloseWait, fin1), model.ToldEOF), Memory{EOF: true}},
			{tells(arrival(model.LastAck, model.Closed, ackOfFin), model.ToldClosed), Memory{Ended: Normal}},
		}},
		{"reset", MonitorTold, []then{
			{tells(arrival(model.Established, model.CloseWait, fin1), model.ToldEOF), Memory{EOF: true}},
			{tells(arrival(model.CloseWait, model.Closed, lateRST), model.ToldReset), Memory{Ended: Reset}},
			{tick(model.Closed), Memory{Ended: Reset}},
		}},
		{"timed out", MonitorTold, []then{
			{tells(timeoutOf(model.FinWait1, model.Closed, model.Retransmission), model.ToldTimeout), Memory{Ended: TimedOut}},
		}},
		{"told nothing", MonitorTold, []then{
			{arrival(model.LastAck, model.Closed, lateRST), Memory{Ended: Untold}},
		}},
		{"aborted", MonitorTold, []then{
			{tells(callOf(model.Established, model.Closed, model.Abort), model.ToldAborted), Memory{Ended: Aborted}},
		}},
		{"gone", MonitorTold, []then{
			{callOf(model.CloseWait, model.Closed, model.Crash), Memory{Ended: Gone}},
		}},
		{"read when both have closed", MonitorTold, []then{
			{unread(tells(arrival(model.FinWait2, model.TimeWait, fin1), model.ToldClosed), 0, 1), Memory{Done: true}},
			{unread(timeoutOf(model.TimeWait, model.Closed, model.TimeWaitEnds), 1, 1), Memory{Done: true}},
			{unread(tells(delivers(callOf(model.Closed, model.Closed, model.Receive), 1), model.ToldEOF), 1, 0), Memory{Ended: Normal}},
		}},
		{"text that was taken away", MonitorTold, []then{
			{unread(tells(arrival(model.FinWait2, model.TimeWait, fin1), model.ToldClosed), 0, 1), Memory{Done: true}},
			{unread(timeoutOf(model.TimeWait, model.Closed, model.TimeWaitEnds), 1, 0), Memory{Ended: Unread}},
		}},
		{"early", MonitorEarly, []then{
			{callOf(model.Established, model.Established, model.Send), Memory{Early: true}},
			{arrival(model.Established, model.CloseWait, fin1), Memory{Early: true}},
			{arrival(model.LastAck, model.Closed, ackOfFin), Memory{}},
		}},
		{"late", MonitorEarly, []then{
			{arrival(model.Established, model.CloseWait, fin1), Memory{}},
			{callOf(model.CloseWait, model.CloseWait, model.Send), Memory{}},
		}},
		{"delivery", MonitorDelivery, []then{
			{callOf(model.Established, model.Established, model.Send), Memory{Written: 1}},
			{callOf(model.Established, model.Established, model.SendHeld), Memory{Written: 2}},
			{delivers(stay(model.Established, someAck), 2), Memory{Written: 2, Delivered: 2}},
			{callOf(model.Established, model.FinWait1, model.Close), Memory{Written: 2, Delivered: 2}},
			{delivers(stay(model.FinWait1, someAck), 1), Memory{Written: 2, Delivered: 3}},
			{timeoutOf(model.FinWait1, model.Closed, model.Retransmission), Memory{Written: 2, Delivered: 3}},
		}},
		{"fin", MonitorFin, []then{
			{sends(callOf(model.Established, model.Established, model.Send), model.Segment{Seq: 0, Len: 1, Ctl: model.ACK}), Memory{Sent: 1}},
			{sends(stay(model.Established, fin1), someAck), Memory{Sent: 1}},
			{sends(callOf(model.Established, model.FinWait1, model.Close), model.Segment{Seq: 1, Len: 2, Ctl: model.FIN | model.ACK}), Memory{Sent: 3, Fin: 4}},
			{sends(tick(model.FinWait1), model.Segment{Seq: 0, Len: 1, Ctl: model.ACK}), Memory{Sent: 3, Fin: 4}},
			{sends(tick(model.FinWait1), model.Segment{Seq: 7, Ctl: model.FIN | model.ACK}), Memory{Sent: 3, Fin: 4}}, // the first counts
			{timeoutOf(model.FinWait1, model.Closed, model.Retransmission), Memory{}},
			{sends(stay(model.Closed, fin1), model.Segment{Seq: 1, Ctl: model.RST | model.FIN}), Memory{}},
		}},
		{"none", 0, []then{
			{tells(delivers(callOf(model.Established, model.FinWait1, model.Close), 1), model.ToldEOF|model.ToldClosed), Memory{}},
			{arrival(model.FinWait2, model.TimeWait, fin1), Memory{}},
			{timeoutOf(model.TimeWait, model.Closed, model.TimeWaitEnds), Memory{}},
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var m Memory
			for i, each := range test.steps {
				m = test.needs.Next(m, &each.step, msl)
				require.Equal(t, each.want, m, "step %d", i+1)
			}
		})
	}
}

func TestEnding_String(t *testing.T) {
	var names []string
	for e := Open; e <= Untold; e++ {
		names = append(names, e.String())
	}
	assert.Equal(t, "open, normal, reset, timed out, aborted, gone, unread, told nothing", strings.Join(names, ", "))
}

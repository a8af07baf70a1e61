package invariants

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/model"
)

// What each monitor keeps, step by step.
func TestMonitors_Next(t *testing.T) {
	const msl = 2
	fin1 := model.Segment{Seq: 0, Ctl: model.FIN | model.ACK}
	tick := func(st model.ConnState) Step { return Step{From: tcb(st), To: tcb(st), Kind: model.Ticks, Elapsed: 1} }
	stay := func(st model.ConnState, g model.Segment) Step { return arrival(st, st, g) }
	tells := func(s Step, n model.Notice) Step { s.Effect.Told = n; return s }
	sends := func(s Step, g model.Segment) Step { s.Effect.Sent = g; return s }
	unread := func(s Step, from, to uint8) Step { s.From.Unread, s.To.Unread = from, to; return s }
	delivers := func(s Step, n uint8) Step { s.Effect.Delivered = n; return s }
	shut := func(s Step) Step { // the peer's window is zero, and something waits
		s.From.Queued, s.To.Queued = s.From.SndNxt+1, s.To.SndNxt+1
		s.From.SndWnd, s.To.SndWnd = 1, 1
		return s
	}
	orphaned := func(s Step) Step { s.From.Orphan = true; return s }
	advances := func(s Step) Step { s.To.SndUna, s.To.SndNxt = 1, 1; return s }
	type then struct {
		step Step
		want Record
	}
	for _, test := range []struct {
		name  string
		run   Monitors
		steps []then
	}{
		{"clock", MonitorClock, []then{
			{tick(model.FinWait2), Record{}},
			{arrival(model.FinWait2, model.TimeWait, fin1), Record{since: 1}},
			{tick(model.TimeWait), Record{since: 2}},
			{stay(model.TimeWait, ackOfFin), Record{since: 2}},
			{tick(model.TimeWait), Record{since: 3}},
			{stay(model.TimeWait, fin1), Record{since: 1}}, // once more
			{tick(model.TimeWait), Record{since: 2}},
			{tick(model.TimeWait), Record{since: 3}},
			{tick(model.TimeWait), Record{since: 4}},
			{tick(model.TimeWait), Record{since: 5}},
			{tick(model.TimeWait), Record{since: 5}},                                                            // 1 + 2 MSL, and no more
			{stay(model.TimeWait, model.Segment{Seq: 0, Len: 1, Ctl: model.FIN | model.ACK}), Record{since: 5}}, // not the peer's FIN
			{stay(model.TimeWait, model.Segment{Seq: 0, Len: 1, Ctl: model.ACK}), Record{since: 5}},
			{stay(model.TimeWait, fin1), Record{since: 1}},
			{timeoutOf(model.TimeWait, model.Closed, model.TimeWaitEnds), Record{}},
			{tick(model.Closed), Record{}},
		}},
		{"clock, from CLOSING", MonitorClock, []then{
			{arrival(model.Closing, model.TimeWait, ackOfFin), Record{since: 1}},
			{arrival(model.TimeWait, model.Closed, lateRST), Record{}},
		}},
		{"active", MonitorRole, []then{
			{callOf(model.Established, model.Established, model.Send), Record{}},
			{callOf(model.Established, model.FinWait1, model.Close), Record{role: Active}},
			{tells(arrival(model.FinWait1, model.Closing, fin1), model.ToldEOF), Record{role: Active}},
			{tells(arrival(model.Closing, model.TimeWait, ackOfFin), model.ToldClosed), Record{role: Active, waited: true}},
			{timeoutOf(model.TimeWait, model.Closed, model.TimeWaitEnds), Record{waited: true}},
			{stay(model.Closed, fin1), Record{waited: true}},
		}},
		{"passive", MonitorRole, []then{
			{tells(arrival(model.Established, model.CloseWait, fin1), model.ToldEOF), Record{}},
			{callOf(model.CloseWait, model.LastAck, model.Close), Record{role: Passive}},
			{tells(arrival(model.LastAck, model.Closed, ackOfFin), model.ToldClosed), Record{}},
		}},
		{"normal", MonitorTold, []then{
			{callOf(model.Established, model.FinWait1, model.Close), Record{}},
			{tells(arrival(model.FinWait1, model.FinWait2, ackOfFin), model.ToldClosed), Record{done: true}},
			{tells(arrival(model.FinWait2, model.TimeWait, fin1), model.ToldEOF), Record{done: true, eof: true, ended: Normal}},
			{arrival(model.TimeWait, model.Closed, lateRST), Record{ended: Normal}}, // told before
			{stay(model.Closed, fin1), Record{ended: Normal}},
		}},
		{"normal, in one step", MonitorTold, []then{
			{tells(arrival(model.Established, model.CloseWait, fin1), model.ToldEOF), Record{eof: true}},
			{tells(arrival(model.LastAck, model.Closed, ackOfFin), model.ToldClosed), Record{ended: Normal}},
		}},
		{"reset", MonitorTold, []then{
			{tells(arrival(model.Established, model.CloseWait, fin1), model.ToldEOF), Record{eof: true}},
			{tells(arrival(model.CloseWait, model.Closed, lateRST), model.ToldReset), Record{ended: Reset}},
			{tick(model.Closed), Record{ended: Reset}},
		}},
		{"timed out", MonitorTold, []then{
			{tells(timeoutOf(model.FinWait1, model.Closed, model.Retransmission), model.ToldTimeout), Record{ended: TimedOut}},
		}},
		{"told nothing", MonitorTold, []then{
			{arrival(model.LastAck, model.Closed, lateRST), Record{ended: Untold}},
		}},
		{"aborted", MonitorTold, []then{
			{tells(callOf(model.Established, model.Closed, model.Abort), model.ToldAborted), Record{ended: Aborted}},
		}},
		{"gone", MonitorTold, []then{
			{callOf(model.CloseWait, model.Closed, model.Crash), Record{ended: Gone}},
		}},
		{"read when both have closed", MonitorTold, []then{
			{unread(tells(arrival(model.FinWait2, model.TimeWait, fin1), model.ToldClosed), 0, 1), Record{done: true}},
			{unread(timeoutOf(model.TimeWait, model.Closed, model.TimeWaitEnds), 1, 1), Record{done: true}},
			{unread(tells(delivers(callOf(model.Closed, model.Closed, model.Receive), 1), model.ToldEOF), 1, 0), Record{ended: Normal}},
		}},
		{"text that was taken away", MonitorTold, []then{
			{unread(tells(arrival(model.FinWait2, model.TimeWait, fin1), model.ToldClosed), 0, 1), Record{done: true}},
			{unread(timeoutOf(model.TimeWait, model.Closed, model.TimeWaitEnds), 1, 0), Record{ended: Unread}},
		}},
		{"early", MonitorEarly, []then{
			{callOf(model.Established, model.Established, model.Send), Record{early: true}},
			{arrival(model.Established, model.CloseWait, fin1), Record{early: true}},
			{arrival(model.LastAck, model.Closed, ackOfFin), Record{}},
		}},
		{"late", MonitorEarly, []then{
			{arrival(model.Established, model.CloseWait, fin1), Record{}},
			{callOf(model.CloseWait, model.CloseWait, model.Send), Record{}},
		}},
		{"delivery", MonitorDelivery, []then{
			{callOf(model.Established, model.Established, model.Send), Record{written: 1}},
			{callOf(model.Established, model.Established, model.SendHeld), Record{written: 2}},
			{delivers(stay(model.Established, someAck), 2), Record{written: 2, delivered: 2}},
			{callOf(model.Established, model.FinWait1, model.Close), Record{written: 2, delivered: 2}},
			{delivers(stay(model.FinWait1, someAck), 1), Record{written: 2, delivered: 3}},
			{timeoutOf(model.FinWait1, model.Closed, model.Retransmission), Record{written: 2, delivered: 3}},
		}},
		{"fin", MonitorFin, []then{
			{sends(callOf(model.Established, model.Established, model.Send), model.Segment{Seq: 0, Len: 1, Ctl: model.ACK}), Record{sent: 1}},
			{sends(stay(model.Established, fin1), someAck), Record{sent: 1}},
			{sends(callOf(model.Established, model.FinWait1, model.Close), model.Segment{Seq: 1, Len: 2, Ctl: model.FIN | model.ACK}), Record{sent: 3, fin: 4}},
			{sends(tick(model.FinWait1), model.Segment{Seq: 0, Len: 1, Ctl: model.ACK}), Record{sent: 3, fin: 4}},
			{sends(tick(model.FinWait1), model.Segment{Seq: 7, Ctl: model.FIN | model.ACK}), Record{sent: 3, fin: 4}}, // the first counts
			{timeoutOf(model.FinWait1, model.Closed, model.Retransmission), Record{}},
			{sends(stay(model.Closed, fin1), model.Segment{Seq: 1, Ctl: model.RST | model.FIN}), Record{}},
		}},
		{"probe", MonitorProbe, []then{
			{shut(stay(model.Established, someAck)), Record{}}, // nothing was probed
			{shut(timeoutOf(model.Established, model.Established, model.WindowProbe)), Record{probe: probeOut}},
			{shut(tick(model.Established)), Record{probe: probeOut}},
			{shut(stay(model.Established, aRST)), Record{probe: probeOut}},
			{shut(stay(model.Established, someAck)), Record{probe: probeAnswered}},
			{shut(tick(model.Established)), Record{probe: probeAnswered}},
			{shut(timeoutOf(model.Established, model.Established, model.Retransmission)), Record{probe: probeOut}},
			{shut(stay(model.Established, someAck)), Record{probe: probeAnswered}},
			{stay(model.Established, someAck), Record{}}, // the window has opened
			{shut(timeoutOf(model.Established, model.Established, model.Retransmission)), Record{probe: probeOut}},
			{shut(advances(stay(model.Established, ackOfFin))), Record{}},
		}},
		{"alone", MonitorTold | MonitorAlone, []then{
			{callOf(model.Established, model.FinWait1, model.Release), Record{}},
			{orphaned(tells(timeoutOf(model.FinWait1, model.Closed, model.Retransmission), model.ToldTimeout)), Record{ended: TimedOut, alone: true}},
			{stay(model.Closed, fin1), Record{ended: TimedOut, alone: true}},
		}},
		{"not alone", MonitorTold | MonitorAlone, []then{
			{tells(arrival(model.CloseWait, model.Closed, lateRST), model.ToldReset), Record{ended: Reset}},
			{orphaned(stay(model.Closed, fin1)), Record{ended: Reset}},
		}},
		{"none", 0, []then{
			{tells(delivers(callOf(model.Established, model.FinWait1, model.Close), 1), model.ToldEOF|model.ToldClosed), Record{}},
			{arrival(model.FinWait2, model.TimeWait, fin1), Record{}},
			{timeoutOf(model.TimeWait, model.Closed, model.TimeWaitEnds), Record{}},
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var m Record
			for i, each := range test.steps {
				m = test.run.Next(m, &each.step, msl)
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

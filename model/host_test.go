package model

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// How an end is at the start.
func TestBegin(t *testing.T) {
	of := func(words string) TCB {
		y := newSystem(t, words)
		return y.Init().Ends[A]
	}
	assert.Equal(t, TCB{State: Established}, of("timestamps=on"), "no timestamps without a second connection")
	assert.Equal(t, TimestampsOff, newSystem(t, "timestamps=on").Stack(A).Timestamps)
	assert.Equal(t, TCB{State: Established, Host: Host{Life: 1, Peer: 1}}, of("reopen=1"))
	assert.Equal(t, TCB{State: Established, Host: Host{Life: 1, Peer: 1, Top: -1}}, of("reopen=1 a-isn=clock"))
	assert.Equal(t, TCB{State: Established, Host: Host{Life: 1, Peer: 1, Clock: 1}, Recent: 1}, of("reopen=1 timestamps=on"))
	assert.Equal(t, TCB{}, of("start=closed"))
	assert.Equal(t, TCB{Host: Host{Clock: 1}}, of("start=closed timestamps=on"))
	assert.Equal(t, TCB{Host: Host{Clock: 3}}, of("start=closed reopen=1 timestamps=on timestamp-clock=restarts"))
	assert.Equal(t, TCB{Host: Host{Clock: 3}}, of("start=closed reopen=1 timestamps=on b-timestamp-clock=restarts"), "as the peer's")
}

// What outlives a connection, for as long as there is another to open.
func TestFinish_Host(t *testing.T) {
	ended := TCB{State: LastAck, SndUna: 2, SndNxt: 3, Written: 2, RcvNxt: 4, Rto: 1}
	last := Segment{Seq: 4, Ack: 3, Ctl: ACK}
	for _, c := range []struct {
		words string
		has   Host
		want  Host
	}{
		{"reopen=1 a-isn=larger", Host{Life: 1, Peer: 1, Top: 1}, Host{Life: 1, Top: 3}},
		{"reopen=1 a-isn=larger", Host{Life: 1, Peer: 1, Top: 7}, Host{Life: 1, Top: 7}},
		{"reopen=1 a-isn=larger", Host{Life: 2, Peer: 1, Top: 7}, Host{Life: 2}},
		{"reopen=1 a-isn=same", Host{Life: 1, Peer: 2}, Host{Life: 1}},
		{"reopen=1 a-isn=clock", Host{Life: 1, Peer: 2, Top: 1}, Host{Life: 1, Top: 3}},
		{"reopen=1 a-isn=clock", Host{Life: 2, Peer: 2, Top: 1}, Host{Life: 2}},
	} {
		s := newSystem(t, c.words).Stack(A)
		end := ended
		end.Host = c.has
		to, _ := s.SegmentArrives(end, last)
		assert.Equal(t, TCB{Host: c.want}, to, c.words)
	}
	// While a connection is there, its host has a Top only if somebody will ask.
	for words, top := range map[string]Seq{"reopen=1 a-isn=larger": 0, "reopen=2 a-isn=larger": 5, "reopen=1 a-isn=clock": 0, "reopen=2 a-isn=clock": 5} {
		s := newSystem(t, words).Stack(A)
		to, _ := s.Call(TCB{State: Established, Host: Host{Life: 2, Top: 5}}, Close)
		assert.Equal(t, top, to.Top, words)
	}
	// After a crash it is as if no number had been used.
	for words, want := range map[string]Host{
		"reopen=1 a-isn=larger a-fails=crash quiet-time=3":              {Life: 1, Top: -1, Quiet: 3},
		"reopen=1 start=closed a-isn=larger a-fails=crash":              {Life: 1, Top: 0},
		"reopen=1 a-isn=clock a-fails=crash":                            {Life: 1, Top: 7},
		"reopen=1 timestamps=on a-fails=crash a-isn=same":               {Life: 1, Clock: 4, Ticked: true, Top: 5},
		"reopen=1 timestamp-clock=restarts a-fails=crash a-isn=same":    {Life: 1, Top: 5},
		"reopen=1 timestamps=on timestamp-clock=restarts a-fails=crash": {Life: 1, Clock: 1, Top: -1},
	} {
		s := newSystem(t, words).Stack(A)
		has := Host{Life: 1, Peer: 1, Top: 5}
		if s.Timestamps != TimestampsOff {
			has.Clock, has.Ticked = 4, true
		}
		to, _ := s.Call(TCB{State: Established, Host: has}, Crash)
		assert.Equal(t, TCB{Host: want}, to, words)
	}
}

// Of which connection a segment is: that of its sender, or, where the sender has
// agreed on none, that of what it answers.
func TestArrives_Tags(t *testing.T) {
	y := newSystem(t, "reopen=1 b-octets=2 a-close-is=full a-opens=passively")
	s := y.Stack(A)
	host := Host{Life: 2, Peer: 1}
	for _, c := range []struct {
		state ConnState
		g     Segment
		want  Tag
		ctl   Ctl
	}{
		{Established, Segment{Seq: 1, Len: 1, Ctl: ACK}, Tag{2, 1}, RST}, // late text
		{FinWait2, Segment{Seq: 1, Len: 1, Ctl: ACK}, Tag{2, 1}, RST},
		{SynReceived, Segment{Seq: 1, Ack: 7, Ctl: ACK}, Tag{To: 3}, RST},
		{SynSent, Segment{Seq: 1, Ack: 7, Ctl: ACK}, Tag{To: 3}, RST},
		{Closed, Segment{Seq: 1, Ack: 7, Ctl: ACK}, Tag{To: 3}, RST},
		{Established, Segment{Seq: 0, Ctl: ACK}, Tag{2, 1}, ACK},
	} {
		end := TCB{State: c.state, SndUna: 1, SndNxt: 1, Written: 1, RcvNxt: 1, Orphan: c.state >= Established, Host: host}
		if c.state == SynReceived || c.state == SynSent {
			end.SndUna, end.First = 0, 1
		}
		if c.state == Closed {
			end = TCB{Host: host}
		}
		_, e := s.Arrives(end, c.g, Tag{From: 3})
		assert.Equal(t, c.ctl, e.Sent.Ctl, "%s, %+v", c.state, c.g)
		assert.Equal(t, c.want, e.Of, "%s, %+v", c.state, c.g)
	}
	// A SYN that is taken tells of which connection the peer's is.
	to, e := s.Arrives(TCB{State: Listen, Host: Host{Life: 2}}, Segment{Seq: 4, Ctl: SYN}, Tag{From: 3})
	assert.Equal(t, SynReceived, to.State)
	assert.Equal(t, uint8(3), to.Peer)
	assert.Equal(t, Tag{2, 3}, e.Of)
}

// The next connection: which it is, and with which clock.
func TestNextHost(t *testing.T) {
	for _, c := range []struct {
		words     string
		has, want Host
	}{
		{"reopen=2", Host{Life: 1, Peer: 2, Top: 3}, Host{Life: 2, Top: 3}},
		{"reopen=2 timestamps=on", Host{Life: 1, Clock: 2}, Host{Life: 2, Clock: 2}},
		{"reopen=2 timestamps=on", Host{Life: 1, Clock: 2, Ticked: true}, Host{Life: 2, Clock: 3}},
		{"reopen=2 timestamps=fine", Host{Life: 1, Clock: 2}, Host{Life: 2, Clock: 3}},
	} {
		assert.Equal(t, c.want, newSystem(t, c.words).Stack(A).nextHost(c.has), c.words)
	}
}

// Where numbers begin that no clock selects.
func TestFirst(t *testing.T) {
	for _, c := range []struct {
		words string
		top   Seq
		want  Seq
	}{
		{"reopen=1 a-isn=same", 5, 0},
		{"reopen=1 start=closed a-isn=same", 5, 1},
		{"reopen=1 a-isn=larger", 5, 6},
		{"reopen=1 a-isn=larger", -1, 0},
		{"reopen=1 start=closed a-isn=larger", -1, 1},
	} {
		s := newSystem(t, c.words).Stack(A)
		assert.Equal(t, c.want, s.first(Host{Top: c.top}), c.words)
		to, e := s.Call(TCB{Host: Host{Life: 1, Top: c.top}}, Open)
		assert.Equal(t, TCB{State: SynSent, First: c.want, SndUna: c.want - 1, SndNxt: c.want, Written: c.want, Rto: s.RTO, Host: Host{Life: 2}}, to, c.words)
		assert.Equal(t, Segment{Seq: c.want - 1, Ctl: SYN}, e.Sent, c.words)
	}
}

// The clock that initial sequence numbers are read from: where it stands, when it
// runs, and what is read.
func TestISNClock(t *testing.T) {
	s := newSystem(t, "reopen=1 a-octets=1 a-isn=clock isn-clock=2").Stack(A)
	for _, c := range []struct {
		name string
		t    TCB
		runs bool
		want Seq // after two ticks
	}{
		{"no connection yet", TCB{}, false, 0},
		{"a connection", TCB{State: Established, Host: Host{Life: 1, Top: -1}}, true, 0},
		{"at its end", TCB{State: Established, Host: Host{Life: 1, Top: 0}}, false, 0},
		{"between two", TCB{Host: Host{Life: 1, Top: -1}}, true, 2},
		{"the last", TCB{State: Established, Host: Host{Life: 2, Top: -1}}, false, -1},
		{"the last, in LISTEN", TCB{State: Listen, Host: Host{Life: 2, Top: 1}}, true, 2},
		{"the last, when it was offered", TCB{State: SynReceived, Passive: true, Host: Host{Life: 2, Top: 1}}, true, 3},
		{"the last, when it offered itself", TCB{State: SynReceived, Host: Host{Life: 2, Top: 1}}, false, 1},
	} {
		assert.Equal(t, c.runs, s.clockRuns(c.t), c.name)
		assert.Equal(t, c.want, s.advanceClock(c.t, 2).Top, c.name)
	}
	stands := newSystem(t, "reopen=1 a-octets=1 a-isn=clock isn-clock=0").Stack(A)
	assert.False(t, stands.clockRuns(TCB{State: Established, Host: Host{Life: 1, Top: -1}}))
	// A TIME-WAIT that may come back has its clock with it; without one, nothing moves.
	replaced := TCB{State: SynReceived, Passive: true, Host: Host{Life: 2, Top: 1}, Reused: Replaced{SndNxt: 2, Host: Host{Life: 1, Top: -1}}}
	assert.Equal(t, Seq(0), s.advanceClock(replaced, 2).Reused.Host.Top)
	none := newSystem(t, "reopen=1 a-octets=1 a-isn=same isn-clock=2").Stack(A)
	assert.Equal(t, replaced, none.advanceClock(replaced, 2))

	// Where time leaps it does not leap over a clock that runs.
	leaps := newSystem(t, "reopen=1 a-octets=1 a-isn=clock isn-clock=1 clock=leaps a-closes=never")
	end := TCB{State: FinWait1, SndNxt: 1, Rto: 9, Host: Host{Life: 1, Top: -1}}
	assert.Equal(t, uint16(1), leaps.Stack(A).Leap(end))
	end.Top = 0
	assert.Equal(t, uint16(9), leaps.Stack(A).Leap(end))
	end.Host = Host{Life: 2, Top: -1}
	assert.Equal(t, uint16(9), leaps.Stack(A).Leap(end))

	// What is read is no number that cannot be reached, and the next after it is first.
	to := s.selectISN(TCB{State: Listen, First: 7, Host: Host{Life: 2, Top: 1}})
	assert.Equal(t, TCB{State: Listen, First: 2, SndUna: 2, SndNxt: 2, Written: 2, Host: Host{Life: 2, Top: 1}}, to)
	to = s.selectISN(TCB{State: Listen, Host: Host{Life: 2, Top: 9}})
	assert.Equal(t, s.unusedFrom(1), to.Top)
	assert.Equal(t, s.unusedFrom(1)+1, to.First)
	other := TCB{State: Listen, First: 7, Host: Host{Life: 2, Top: 9}}
	assert.Equal(t, other, none.selectISN(other))

	// Beyond all that was used, and not below the clock, which has gone on by two.
	for _, c := range []struct{ next, top, want Seq }{{3, 0, 4}, {3, 1, 4}, {3, 5, 8}} {
		assert.Equal(t, c.want, s.firstBeyond(TCB{State: TimeWait, SndNxt: c.next, Host: Host{Top: c.top}}), "%+v", c)
	}
	assert.Equal(t, Seq(4), none.firstBeyond(TCB{State: TimeWait, SndNxt: 3, Host: Host{Top: 9}}))
}

// A SYN in TIME-WAIT passes RFC 6191's test, or does not.
func TestNewer(t *testing.T) {
	const last = 4
	for _, c := range []struct {
		recent, ts uint8
		seq        Seq
		want       bool
	}{
		{0, 1, 1, true}, {0, 0, 5, true}, {0, 0, 4, false}, {0, 1, 5, true},
		{2, 0, 5, true}, {2, 0, 4, false}, {2, 3, 1, true}, {2, 2, 5, true}, {2, 2, 4, false}, {2, 1, 5, false},
		{1, 0, 4, false}, {1, 1, 4, false}, {1, 0, 5, true},
	} {
		assert.Equal(t, c.want, TCB{Recent: c.recent}.newer(Segment{Ts: c.ts, Seq: c.seq, Ctl: SYN}, last), "%+v", c)
	}
}

// With what a connection begins that replaces a TIME-WAIT.
func TestReuse_First(t *testing.T) {
	wait := TCB{State: TimeWait, SndUna: 3, SndNxt: 3, Written: 2, RcvNxt: 2, Wait: 5, Recent: 1, Host: Host{Life: 1, Top: 1, Clock: 1, Ticked: true}}
	syn := Segment{Seq: 5, Ts: 2, Ctl: SYN}
	for words, first := range map[string]Seq{
		"time-wait-reuse=may-2 a-isn=clock":          4, // beyond SND.NXT
		"time-wait-reuse=may-2 a-isn=same":           4,
		"time-wait-reuse=may-2-no-return a-isn=same": 4,
		"time-wait-reuse=may-2-no-isn a-isn=clock":   3, // the clock's: max(1+2, ...), which cannot be more
		"time-wait-reuse=may-2-no-isn a-isn=same":    0,
		"time-wait-reuse=bare a-isn=larger":          0,
		"time-wait-reuse=rfc-6191 a-isn=same":        0,
		"time-wait-reuse=rfc-6191 a-isn=larger":      4,
		"time-wait-reuse=linux a-isn=same":           4,
	} {
		s := newSystem(t, "reopen=1 a-octets=1 a-opens=passively timestamps=on "+words).Stack(A)
		to, e := s.SegmentArrives(wait, syn)
		require.Equal(t, SynReceived, to.State, words)
		assert.Equal(t, first, to.First, words)
		assert.Equal(t, Segment{Seq: first - 1, Ack: 6, Ts: to.Clock, Ctl: SYN | ACK}, e.Sent, words)
		returns := s.ask(TimeWaitReuse) == ReuseByNumber || s.ask(TimeWaitReuse) == ReuseNoISN
		require.Equal(t, returns, to.Reused != (Replaced{}), words)
		if returns {
			assert.False(t, to.Reused.Host.Ticked, words)
			assert.Equal(t, wait.SndNxt, to.Reused.SndNxt, words)
		}
	}
}

// What an OPEN begins with that replaces a TIME-WAIT, or is refused for a quiet time;
// and what it learns from the SYN that answers it.
func TestOpen_InTimeWait(t *testing.T) {
	wait := TCB{State: TimeWait, SndUna: 6, SndNxt: 6, Written: 5, RcvNxt: 2, Wait: 5, Host: Host{Life: 1, Top: 1}}
	for words, first := range map[string]Seq{"a-isn=clock": 7, "a-isn=larger": 7, "a-isn=same": 7} {
		s := newSystem(t, "reopen=1 a-octets=1 connect-reuse=at-once a-buffer=1 b-buffer=1 "+words).Stack(A)
		to, e := s.Call(wait, Open)
		require.Equal(t, SynSent, to.State, words)
		assert.Equal(t, first, to.First, words)
		assert.Equal(t, Segment{Seq: first - 1, Wnd: WindowOf(1), Ctl: SYN}, e.Sent, words)
		to, _ = s.SegmentArrives(to, Segment{Seq: 4, Ack: first, Wnd: WindowOf(1), Ctl: SYN | ACK})
		require.Equal(t, Established, to.State, words)
		assert.Equal(t, []Seq{4, first}, []Seq{to.SndWl1, to.SndWl2}, words)
	}
	s := newSystem(t, "reopen=1 quiet-time=1 a-fails=crash").Stack(A)
	assert.Equal(t, "insufficient resources", s.Refusal(TCB{Host: Host{Life: 1, Quiet: 1}}, Open))
	assert.Empty(t, s.Refusal(TCB{Host: Host{Life: 1}}, Open))
}

// After a challenge ACK there is none for a time, to its last tick.
func TestChallenge_Interval(t *testing.T) {
	s := newSystem(t, "challenge-interval=3").Stack(A)
	syn := Segment{Seq: 1, Ctl: SYN}
	for left, challenged := range map[uint16]bool{0: true, 1: false, 3: false} {
		to, e := s.SegmentArrives(TCB{State: Established, RcvNxt: 1, Throttle: left}, syn)
		assert.Equal(t, challenged, e.Sent != (Segment{}), left)
		assert.Equal(t, challenged, to.Throttle == 3 && left != 3, left)
	}
}

// What an RST acknowledges.
func TestRST_Acknowledges(t *testing.T) {
	for words, want := range map[string][2]Ctl{"rst-ack=none": {RST, RST}, "rst-ack=own": {RST | ACK, RST}, "rst-ack=all": {RST | ACK, RST | ACK}} {
		s := newSystem(t, words+" a-fails=abort").Stack(A)
		_, e := s.Call(TCB{State: Established, RcvNxt: 1}, Abort)
		assert.Equal(t, want[0], e.Sent.Ctl, words)
		_, e = s.SegmentArrives(TCB{State: FinWait2, Orphan: true, RcvNxt: 1, SndUna: 1, SndNxt: 1}, Segment{Seq: 1, Ack: 1, Len: 1, Ctl: ACK})
		assert.Equal(t, want[1], e.Sent.Ctl, words)
	}
}

// When an active OPEN may replace a TIME-WAIT.
func TestConnects(t *testing.T) {
	wait := TCB{State: TimeWait, Recent: 1, Wait: 2, Host: Host{Life: 1}}
	for _, c := range []struct {
		words string
		turn  func(*TCB)
		want  bool
	}{
		{"connect-reuse=aged reuse-age=4 time-wait=6", func(*TCB) {}, true},
		{"connect-reuse=aged reuse-age=5 time-wait=6", func(*TCB) {}, false},
		{"connect-reuse=aged reuse-age=4 time-wait=6", func(t *TCB) { t.Recent = 0 }, false},
		{"connect-reuse=aged reuse-age=0 time-wait=6", func(t *TCB) { t.Wait = Never }, false},
		{"connect-reuse=aged reuse-age=0 time-wait=6", func(t *TCB) { t.Wait = 6 }, true},
		{"connect-reuse=aged reuse-age=4 time-wait=6", func(t *TCB) { t.Life = 2 }, false},
		{"connect-reuse=aged reuse-age=4 time-wait=6", func(t *TCB) { t.State = FinWait2 }, false},
		{"connect-reuse=at-once", func(t *TCB) { t.Recent = 0 }, true},
		{"connect-reuse=at-once a-opens=passively", func(*TCB) {}, false},
		{"connect-reuse=off", func(*TCB) {}, false},
	} {
		s := newSystem(t, "reopen=1 timestamps=on "+c.words).Stack(A)
		end := wait
		c.turn(&end)
		assert.Equal(t, c.want, s.connects(end), "%s, %+v", c.words, end)
	}
}

// A segment with an old timestamp acknowledges nothing, also where the ACK field of
// what is out of sequence is read.
func TestOlder_IsNotRead(t *testing.T) {
	s := newSystem(t, "reopen=1 timestamps=on off-sequence-ack=read").Stack(A)
	end := TCB{State: FinWait1, SndNxt: 1, RcvNxt: 1, Recent: 2, Rto: 1, Cuts: 1, Host: Host{Life: 1, Clock: 1}}
	to, e := s.SegmentArrives(end, Segment{Seq: 0, Ack: 1, Ts: 1, Ctl: ACK})
	assert.Equal(t, FinWait1, to.State)
	assert.Equal(t, ClausesOf(TimestampOld), e.Clauses)
	to, _ = s.SegmentArrives(end, Segment{Seq: 0, Ack: 1, Ts: 2, Ctl: ACK})
	assert.Equal(t, FinWait2, to.State)
}

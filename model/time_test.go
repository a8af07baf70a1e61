package model

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A segment sent at t can be delivered at t, t+1, ... t+MSL-1, and by a copy as
// late as by itself.
func TestMSL_DeliverableUntilTheEnd(t *testing.T) {
	for _, network := range []string{"", "loss=1 duplicate=1 reorder=1"} {
		for _, msl := range []int{1, 2, 5} {
			y := newSystem(t, fmt.Sprintf("a-octets=0 b-octets=0 rto=50 msl=%d %s", msl, network))
			s := play(t, y, y.Init(), "call a CLOSE")
			for age := range msl {
				assert.Equal(t, uint8(age), s.Nets[A].Packets[0].Age)
				for _, how := range []string{"deliver a 0", "duplicate a 0"} {
					require.True(t, possible(y, s, how), "%s, %d of %d ticks old", how, age, msl)
					assert.Equal(t, CloseWait, play(t, y, s, how).Ends[B].State)
				}
				s = ticks(t, y, s, 1)
			}
			assert.Equal(t, Channel{}, s.Nets[A], "after %d ticks", msl)
		}
	}
}

// A copy is as old as its original: it does not live longer.
func TestMSL_CopyIsAsOldAsOriginal(t *testing.T) {
	for _, network := range []string{"", "loss=off"} {
		y := newSystem(t, "a-octets=0 b-octets=0 rto=50 msl=3 "+network)
		s := ticks(t, y, play(t, y, y.Init(), "call a CLOSE"), 2)
		s = play(t, y, s, "duplicate a 0", "deliver b 0")
		require.Equal(t, uint8(1), s.Nets[A].N)
		s = ticks(t, y, s, 1)
		assert.Equal(t, Channel{}, s.Nets[A])
	}
}

// What expires at an instant is gone before a timer that is due then goes off.
func TestMSL_GoneBeforeTimer(t *testing.T) {
	y := newSystem(t, "a-octets=0 b-octets=0 rto=3 msl=3")
	s := ticks(t, y, play(t, y, y.Init(), "call a CLOSE"), 3)
	require.True(t, possible(y, s, "timeout a"))
	assert.Equal(t, Channel{}, s.Nets[A], "the FIN of three ticks ago")
	assert.Equal(t, []Packet{{Segment: Segment{Seq: 0, Ack: 0, Ctl: FIN | ACK}}}, play(t, y, s, "timeout a").Nets[A].packets())

	// A tick earlier there are both, and in either order.
	y = newSystem(t, "a-octets=0 b-octets=0 rto=2 msl=3")
	s = ticks(t, y, play(t, y, y.Init(), "call a CLOSE"), 2)
	assert.True(t, possible(y, s, "timeout a"))
	assert.True(t, possible(y, s, "deliver a 0"))
	assert.Equal(t, CloseWait, play(t, y, s, "timeout a", "deliver a 0").Ends[B].State)
	assert.Equal(t, uint8(1), play(t, y, s, "deliver a 0", "timeout a").Ends[A].Rtx)
}

// packets is List of a Channel that has no address.
func (c Channel) packets() []Packet { return c.List() }

// An acknowledgement that arrives at the instant at which the retransmission is due
// may come before it; then there is none.
func TestTimeout_ArrivalAtTheSameInstant(t *testing.T) {
	y := newSystem(t, "a-octets=0 b-octets=0 rto=2 msl=3")
	s := ticks(t, y, play(t, y, y.Init(), "call a CLOSE", "deliver a 0"), 2)
	require.True(t, possible(y, s, "timeout a"))
	assert.Equal(t, FinWait1, play(t, y, s, "timeout a").Ends[A].State)
	acked := play(t, y, s, "deliver b 0")
	assert.Equal(t, FinWait2, acked.Ends[A].State)
	assert.False(t, possible(y, acked, "timeout a"))

	// Likewise a retransmitted FIN that comes at the end of TIME-WAIT: before it
	// prolongs it, after it meets CLOSED.
	y = newSystem(t, "a-octets=0 b-octets=0 time-wait=2 rto=2 msl=3")
	s = play(t, y, y.Init(), "call a CLOSE", "deliver a 0", "deliver b 0", "call b CLOSE", "deliver b 0")
	s = play(t, y, ticks(t, y, s, 2), "timeout b")
	require.True(t, possible(y, s, "timeout a"))
	assert.Equal(t, TimeWait, play(t, y, s, "deliver b 0").Ends[A].State)
	assert.False(t, possible(y, play(t, y, s, "deliver b 0"), "timeout a"))
	assert.Equal(t, Closed, play(t, y, s, "timeout a", "deliver b 0").Ends[A].State)
}

func TestTimeout_TwoAtOneInstant(t *testing.T) {
	y := newSystem(t, "a-octets=0 b-octets=0 rto=2 msl=3")
	s := ticks(t, y, play(t, y, y.Init(), "call a CLOSE", "call b CLOSE"), 2)
	ab := play(t, y, s, "timeout a", "timeout b")
	ba := play(t, y, s, "timeout b", "timeout a")
	assert.Equal(t, ab, ba, "they do not touch each other")
	assert.Equal(t, [2]uint8{1, 1}, [2]uint8{ab.Ends[A].Rtx, ab.Ends[B].Rtx})

	// What one sends then may reach the other before its own timer goes off.
	assert.Equal(t, Closing, play(t, y, s, "timeout a", "deliver a 0", "timeout b").Ends[B].State)
}

// Time stands still while a timeout is due, at whichever side.
func TestTick_RefusedWhileDue(t *testing.T) {
	y := newSystem(t, "a-octets=0 b-octets=0 rto=2 msl=3")
	s := ticks(t, y, play(t, y, y.Init(), "call a CLOSE", "call b CLOSE"), 2)
	assert.False(t, possible(y, s, "tick"))
	assert.False(t, possible(y, play(t, y, s, "timeout a"), "tick"))
	assert.False(t, possible(y, play(t, y, s, "timeout b"), "tick"))
	assert.True(t, possible(y, play(t, y, s, "timeout a", "timeout b"), "tick"))

	s = y.Init()
	s.Ends[B] = TCB{State: TimeWait, SndUna: 1, SndNxt: 1, RcvNxt: 1, Wait: 1}
	s = play(t, y, s, "tick")
	assert.False(t, possible(y, s, "tick"))
	assert.False(t, possible(y, play(t, y, s, "timeout b"), "tick"), "now nothing waits for time to pass")
}

// Time passes only if something comes of it.
func TestTick_NoStepIfNothingIsPending(t *testing.T) {
	y := newSystem(t, "")
	timeWait := TCB{State: TimeWait, SndUna: 1, SndNxt: 1, RcvNxt: 1, Wait: Never}
	for _, ends := range [][2]TCB{
		{{State: Established}, {State: Established}},
		{{State: FinWait2, SndUna: 1, SndNxt: 1}, {State: CloseWait, RcvNxt: 1}},
		{{State: FinWait2, SndUna: 1, SndNxt: 1}, {}},
		{timeWait, {}},
		{},
	} {
		s := y.Init()
		s.Ends = ends
		o, ok := y.Step(s, Action{Kind: Ticks})
		assert.False(t, ok, "tick in\n%s", describe(y, s))
		assert.False(t, possible(y, s, "tick"), "tick in\n%s", describe(y, s))
		assert.Equal(t, s, o.To)

		// Each of the three things that time has an effect on makes it a step.
		packet := s
		packet.Nets[B] = Channel{N: 1, Packets: [MaxCapacity]Packet{{Segment: Segment{Ctl: ACK}}}}
		assert.True(t, possible(y, packet, "tick"))
		outstanding := s
		outstanding.Ends[B] = TCB{State: LastAck, SndNxt: 1, RcvNxt: 1, Cuts: 1, Rto: 1}
		assert.True(t, possible(y, outstanding, "tick"))
		waiting := s
		waiting.Ends[B] = timeWait
		waiting.Ends[B].Wait = 1
		assert.True(t, possible(y, waiting, "tick"))
	}
}

// TIME-WAIT of n ticks ends n ticks after it was started for the last time.
func TestTimeWait_Length(t *testing.T) {
	for _, length := range []string{"1", "2", "1msl", "2msl", "1msl+2"} {
		y := newSystem(t, "a-octets=0 b-octets=0 rto=50 msl=3 time-wait="+length)
		n := y.Config.TimeWait.In(3)
		s := play(t, y, y.Init(), "call a CLOSE", "deliver a 0", "deliver b 0", "call b CLOSE", "duplicate b 0", "deliver a 0")
		for at := range n {
			assert.False(t, possible(y, s, "timeout a"), "%s: %d ticks", length, at)
			s = ticks(t, y, s, 1)
		}
		require.True(t, possible(y, s, "timeout a"), "%s: %d ticks", length, n)
		assert.Equal(t, Closed, play(t, y, s, "timeout a").Ends[A].State)
	}
}

func TestTimeWait_LengthAfterRestart(t *testing.T) {
	y := newSystem(t, "a-octets=0 b-octets=0 rto=50 msl=3 time-wait=4")
	s := play(t, y, y.Init(), "call a CLOSE", "deliver a 0", "deliver b 0", "call b CLOSE", "duplicate b 0", "deliver a 0")
	s = play(t, y, ticks(t, y, s, 2), "deliver b 0") // the same FIN again
	for at := range 4 {
		assert.False(t, possible(y, s, "timeout a"), "%d ticks after the restart", at)
		s = play(t, y, s, "tick")
	}
	assert.True(t, possible(y, s, "timeout a"))
}

// A retransmission timeout of n ticks comes n ticks after the sending, and n after
// each retransmission: it does not back off.
func TestRTO_Length(t *testing.T) {
	for _, n := range []int{1, 2, 7} {
		y := newSystem(t, fmt.Sprintf("a-octets=0 b-octets=0 msl=3 rto=%d r2=3", n))
		s := play(t, y, y.Init(), "call a CLOSE")
		for range 4 {
			for at := range n {
				assert.False(t, possible(y, s, "timeout a"), "rto=%d: %d ticks", n, at)
				s = ticks(t, y, s, 1)
			}
			s = play(t, y, s, "timeout a")
		}
		assert.Equal(t, TCB{}, s.Ends[A], "the fourth, after r2=3 retransmissions")
	}
}

// What is sent while the timer runs does not start it again (RFC 6298, 5.1); the
// acknowledgement of a part does (5.3); that of all stops it (5.2).
func TestRTO_StartsAnewForWhatIsLeft(t *testing.T) {
	y := newSystem(t, "a-octets=1 b-octets=0 msl=9 rto=3")
	s := play(t, y, y.Init(), "call a SEND")
	s = play(t, y, ticks(t, y, s, 2), "call a CLOSE")
	assert.True(t, possible(y, ticks(t, y, s, 1), "timeout a"), "three ticks after the first segment")

	s = play(t, y, s, "deliver a 0", "deliver b 0")
	assert.False(t, possible(y, ticks(t, y, s, 2), "timeout a"))
	s = ticks(t, y, s, 3)
	assert.True(t, possible(y, s, "timeout a"), "three ticks after the acknowledgement of the first")

	s = play(t, y, s, "deliver a 0", "deliver b 0")
	assert.Equal(t, FinWait2, s.Ends[A].State)
	assert.False(t, possible(y, s, "timeout a"))
	assert.False(t, possible(y, s, "tick"))

	// A duplicate acknowledgement does not start it again either.
	s = play(t, y, y.Init(), "call a SEND", "call a CLOSE", "deliver a 1")
	s = play(t, y, ticks(t, y, s, 2), "deliver b 0")
	assert.True(t, possible(y, ticks(t, y, s, 1), "timeout a"))
}

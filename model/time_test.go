package model

import (
	"fmt"
	"slices"
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
				assert.Equal(t, uint16(age), s.Nets[A].Packets[0].Age)
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

// What expires at an instant is gone before a timer that is due then fires.
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

	// What one sends then may reach the other before its own timer fires.
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
		n := y.Config.TimeWaitOf(A)
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

// lasts counts the ticks that pass from s until a timeout of side is due, and the state
// then.
func lasts(t testing.TB, y *System, s State, side Side) (int, State) {
	t.Helper()
	for n := range 100 {
		if len(y.Stack(side).Due(nil, s.Ends[side])) > 0 {
			return n, s
		}
		s = play(t, y, s, "tick")
	}
	require.Fail(t, "no timeout", "of %s in\n%s", side, describe(y, s))
	return 0, s
}

// The RTO doubles with each retransmission, up to rto-max (RFC 6298, 5.5); and the
// connection is closed by R2 when the last has not been answered either.
func TestRTO_BacksOff(t *testing.T) {
	for config, want := range map[string][]int{
		"rto=1 rto-max=8":  {1, 2, 4, 8, 8, 8},
		"rto=3 rto-max=7":  {3, 6, 7, 7, 7, 7},
		"rto=3 rto-max=3":  {3, 3, 3, 3, 3, 3},
		"rto=2 rto-max=99": {2, 4, 8, 16, 32, 64},
		"rto=2":            {2, 2, 2, 2, 2, 2},
	} {
		for _, r2 := range []string{"5", "unlimited"} {
			y := newSystem(t, "a-octets=0 b-octets=0 msl=1 r2="+r2+" "+config)
			s := play(t, y, y.Init(), "call a CLOSE")
			var lengths []int
			for range want {
				var n int
				n, s = lasts(t, y, s, A)
				lengths = append(lengths, n)
				s = play(t, y, s, "timeout a")
			}
			assert.Equal(t, want, lengths, "%s r2=%s", config, r2)
			assert.Equal(t, r2 == "5", s.Ends[A].State == Closed, "%s r2=%s", config, r2)
		}
	}
}

// What is left when a part has been acknowledged is given the first RTO again.
func TestRTO_BackOffEndsWithAcknowledgement(t *testing.T) {
	y := newSystem(t, "a-octets=1 b-octets=0 msl=9 rto=1 rto-max=8 r2=unlimited")
	s := play(t, y, y.Init(), "call a SEND", "call a CLOSE", "lose a 1")
	for range 3 {
		s = play(t, y, ticks(t, y, s, 1<<s.Ends[A].Rtx), "timeout a")
	}
	assert.Equal(t, uint16(8), s.Ends[A].Rto)
	s = play(t, y, s, "deliver a 0", "deliver b 0")
	n, s := lasts(t, y, s, A)
	assert.Equal(t, 1, n)
	s = play(t, y, s, "timeout a")
	n, _ = lasts(t, y, s, A)
	assert.Equal(t, 2, n, "and it backs off again")
}

// A window is probed an RTO after all that there is to send waits for it, and then as
// often as is retransmitted.
func TestWindowProbe_Length(t *testing.T) {
	y := newSystem(t, "a-octets=1 b-octets=0 b-buffer=1 b-reads=never b-closes=never msl=9 rto=2 rto-max=4 r2=unlimited capacity=4")
	s := ticks(t, y, play(t, y, y.Init(), "call a SEND", "deliver a 0", "call a CLOSE"), 1)
	require.True(t, s.Ends[A].Outstanding())
	s = play(t, y, s, "deliver b 0")
	n, s := lasts(t, y, s, A)
	assert.Equal(t, 2, n, "after the acknowledgement, by which it waits")
	for _, want := range []int{2, 4, 4} {
		s = play(t, y, s, "timeout a")
		n, s = lasts(t, y, s, A)
		assert.Equal(t, want, n)
	}
}

// An acknowledgement is delayed for n ticks from the first segment that it is for.
func TestDelayedAck_Length(t *testing.T) {
	for _, n := range []int{1, 2, 5} {
		y := newSystem(t, fmt.Sprintf("a-octets=2 b-octets=0 b-closes=never msl=9 rto=50 delayed-ack=%d", n))
		s := play(t, y, y.Init(), "call a SEND", "deliver a 0")
		require.Equal(t, Channel{}, s.Nets[B])
		length, due := lasts(t, y, s, B)
		assert.Equal(t, n, length)
		assert.False(t, possible(y, due, "tick"))
		acked := play(t, y, due, "timeout b")
		assert.Equal(t, []Packet{{Segment: Segment{Ack: 1, Ctl: ACK}}}, acked.Nets[B].packets())
		assert.False(t, possible(y, acked, "timeout b"))

		// The second segment is acknowledged at once, and the third is a first one.
		s = play(t, y, ticks(t, y, s, n-1), "call a SEND", "deliver a 0")
		assert.Equal(t, uint8(1), s.Nets[B].N)
		s = play(t, y, s, "call a CLOSE", "deliver a 0")
		assert.Equal(t, uint8(1), s.Nets[B].N)
		length, _ = lasts(t, y, s, B)
		assert.Equal(t, n, length)
	}

	// Without a bound nothing is due, and time does not stand still.
	y := newSystem(t, "a-octets=1 b-octets=0 b-closes=never msl=9 rto=50 delayed-ack=unlimited")
	s := ticks(t, y, play(t, y, y.Init(), "call a SEND", "deliver a 0"), 40)
	assert.True(t, s.Ends[B].Owes)
	assert.Empty(t, y.Stack(B).Due(nil, s.Ends[B]))
}

// The user timeout runs from the sending, through retransmissions, and starts again
// when some of it is acknowledged.
func TestUserTimeout_Length(t *testing.T) {
	for _, n := range []int{1, 4, 6} {
		y := newSystem(t, fmt.Sprintf("a-octets=2 b-octets=0 msl=9 rto=50 r2=unlimited user-timeout=%d", n))
		s := play(t, y, y.Init(), "call a SEND", "call a SEND")
		length, due := lasts(t, y, s, A)
		assert.Equal(t, n, length)
		assert.Equal(t, TCB{}, play(t, y, due, "timeout a").Ends[A])

		s = play(t, y, ticks(t, y, s, n-1), "deliver a 0", "deliver b 0")
		length, _ = lasts(t, y, s, A)
		assert.Equal(t, n, length, "after the acknowledgement of the first octet")
		s = play(t, y, s, "deliver a 0", "deliver b 0")
		assert.Empty(t, y.Stack(A).Due(nil, s.Ends[A]))
		assert.False(t, possible(y, s, "tick"), "nothing is undelivered")
	}

	y := newSystem(t, "a-octets=1 b-octets=0 msl=1 rto=2 user-timeout=5")
	s := play(t, y, y.Init(), "call a SEND")
	s = play(t, y, ticks(t, y, s, 2), "timeout a")
	s = play(t, y, ticks(t, y, s, 2), "timeout a")
	length, s := lasts(t, y, s, A)
	assert.Equal(t, 1, length, "retransmissions do not start it again")
	assert.Equal(t, []Timeout{UserTimeout}, y.Stack(A).Due(nil, s.Ends[A]))
}

// In any state it runs while the connection is closing, from one state to the next.
func TestUserTimeout_LengthInAnyState(t *testing.T) {
	y := newSystem(t, "a-octets=0 b-octets=0 msl=9 rto=50 user-timeout=4 user-timeout-runs=any-state")
	s := ticks(t, y, play(t, y, y.Init(), "call a CLOSE", "deliver a 0"), 3)
	s = play(t, y, s, "deliver b 0")
	length, due := lasts(t, y, s, B)
	assert.Equal(t, 1, length, "of CLOSE-WAIT")
	due = play(t, y, due, "timeout b")
	length, _ = lasts(t, y, due, A)
	assert.Equal(t, 3, length, "of FIN-WAIT-2")
}

// The timer of FIN-WAIT-2 runs from the entry into it, or from the moment from which
// nobody reads.
func TestFinWait2_Length(t *testing.T) {
	for _, n := range []int{1, 3} {
		config := fmt.Sprintf("a-octets=0 b-octets=1 b-closes=never msl=9 rto=50 a-fails=die fin-wait-2=%d ", n)
		y := newSystem(t, config+"fin-wait-2-timer=all")
		s := play(t, y, ticks(t, y, play(t, y, y.Init(), "call a CLOSE", "deliver a 0"), 1), "deliver b 0")
		length, due := lasts(t, y, s, A)
		assert.Equal(t, n, length)
		assert.Equal(t, TCB{}, play(t, y, due, "timeout a").Ends[A])

		length, _ = lasts(t, y, play(t, y, ticks(t, y, s, n-1), "call b SEND", "deliver b 0"), A)
		assert.Equal(t, 1, length, "text does not start it again")
		length, _ = lasts(t, y, play(t, y, ticks(t, y, s, n-1), "call a process dies"), A)
		assert.Equal(t, 1, length, "nor does the death of the user")

		y = newSystem(t, config)
		assert.Empty(t, y.Stack(A).timers(&s.Ends[A]), "somebody reads")
		s.Ends[A].Wait = 0
		length, _ = lasts(t, y, play(t, y, s, "call a process dies"), A)
		assert.Equal(t, n, length, "from then on")
	}
}

// A peer that says nothing is probed after n ticks, and every n after that; what is
// given up is given up n after the last probe.
func TestKeepAlive_Length(t *testing.T) {
	for _, n := range []int{1, 3} {
		for _, probes := range []int{1, 2, 5} {
			y := newSystem(t, fmt.Sprintf("msl=1 closed-answer=nothing keepalive=%d keepalive-probes=%d", n, probes))
			s := y.Init()
			s.Ends[B] = TCB{}
			for range probes {
				length, due := lasts(t, y, s, A)
				assert.Equal(t, n, length)
				s = play(t, y, due, "timeout a")
				require.Equal(t, Established, s.Ends[A].State)
			}
			length, due := lasts(t, y, s, A)
			assert.Equal(t, n, length)
			assert.Equal(t, TCB{}, play(t, y, due, "timeout a").Ends[A])
		}
	}
}

// Whatever the peer says starts it again, and so does the acknowledgement of what was
// outstanding, while it does not run.
func TestKeepAlive_StartsAgain(t *testing.T) {
	y := newSystem(t, "a-octets=1 b-octets=1 msl=9 rto=50 keepalive=4")
	s := play(t, y, ticks(t, y, y.Init(), 3), "call b SEND")
	length, _ := lasts(t, y, s, A)
	assert.Equal(t, 1, length, "before it has come")
	s = play(t, y, s, "deliver b 0")
	length, _ = lasts(t, y, s, A)
	assert.Equal(t, 4, length)
	assert.Empty(t, y.Stack(B).Due(nil, ticks(t, y, s, 3).Ends[B]), "b waits for the acknowledgement")
	s = play(t, y, ticks(t, y, s, 3), "deliver a 0")
	assert.Equal(t, [2]uint16{1, 4}, [2]uint16{y.Stack(A).Deadline(s.Ends[A]), y.Stack(B).Deadline(s.Ends[B])})
}

// With a longest delay a segment that was not delivered is gone after it; the copy of
// one that was lives until the MSL.
func TestDelay_Length(t *testing.T) {
	for _, network := range []string{"", "loss=1 duplicate=1 reorder=1", "loss=1"} {
		for _, delay := range []int{1, 2, 3} {
			y := newSystem(t, fmt.Sprintf("a-octets=0 b-octets=0 rto=50 msl=4 delay=%d %s", delay, network))
			s := play(t, y, y.Init(), "call a CLOSE")
			for age := range delay {
				require.True(t, possible(y, s, "deliver a 0"), "%d of %d ticks old", age, delay)
				spare := play(t, y, s, "duplicate a 0", "deliver b 0")
				for older := age; older < 4; older++ {
					require.True(t, possible(y, spare, "deliver a 0"), "copy, %d ticks old", older)
					assert.Equal(t, y.Init().Left.Losses, spare.Left.Losses)
					spare = ticks(t, y, spare, 1)
				}
				assert.Equal(t, Channel{}, spare.Nets[A], "the copy, after the MSL")
				assert.Equal(t, y.Init().Left.Losses, spare.Left.Losses, "free of charge")
				s = ticks(t, y, s, 1)
			}
			assert.Equal(t, Channel{}, s.Nets[A], "after the delay")
			if y.Config.Loss != Unlimited {
				assert.Equal(t, uint8(0), s.Left.Losses, "it is a loss")
			}
		}
	}
}

// Without losses a segment arrives before its longest delay is over: time waits for it.
func TestDelay_TickWaitsForDelivery(t *testing.T) {
	y := newSystem(t, "a-octets=0 b-octets=0 rto=50 msl=4 delay=2 loss=off")
	s := ticks(t, y, play(t, y, y.Init(), "call a CLOSE"), 1)
	assert.False(t, possible(y, s, "tick"))
	s = play(t, y, s, "duplicate a 0", "deliver b 0")
	s = ticks(t, y, s, 2)
	assert.True(t, possible(y, s, "deliver a 0"), "the copy has two ticks more")
	assert.Equal(t, Channel{}, ticks(t, y, s, 1).Nets[A])
}

// A segment that is sent again beside a copy of it is one more, of which there may be
// a copy that lives until its own MSL. That holds where the network does what it likes
// as where what it does is counted.
func TestDelay_SentAgainBesideItsCopy(t *testing.T) {
	for _, network := range []string{"", "loss=5 duplicate=5"} {
		y := newSystem(t, "a-octets=0 b-octets=0 b-closes=never rto=1 msl=4 delay=2 r2=1 capacity=4 "+network)
		s := play(t, y, y.Init(), "call a CLOSE", "duplicate a 0", "tick", "timeout a")
		again := Packet{Segment: Segment{Ctl: FIN | ACK}}
		require.Contains(t, s.Nets[A].packets(), again, network)
		a, _ := find(y, s, fmt.Sprintf("duplicate a %d", slices.Index(s.Nets[A].packets(), again)))
		o, ok := y.Step(s, a)
		require.True(t, ok)
		s = ticks(t, y, play(t, y, ticks(t, y, o.To, 1), "timeout a"), 2)
		assert.Equal(t, uint16(3), s.Nets[A].Packets[0].Age, network)
		assert.True(t, possible(y, s, "deliver a 0"), "%s: three ticks after it was sent again", network)
		assert.Equal(t, Channel{}, ticks(t, y, s, 1).Nets[A], network)
	}
}

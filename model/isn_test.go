package model

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"tcpclose/internal/tier"
)

// A shownClock is the clock of 3.4.1 as an observer has it, without an end, and what
// the host has used.
type shownClock struct {
	at   int  // the initial sequence number that would be read now
	used int  // the lowest number that no connection before this one has used
	next int  // the same of this one, too
	read bool // this connection's number has been read
}

// The clock of the model stands where it makes no difference any more. One that goes
// on without end gives the same initial sequence numbers, but for those beyond all that
// can have been used: they begin there. And where users write no faster than the
// clock goes every number is beyond all that was used, whatever has become of the
// connection before: after TIME-WAIT or none, an RST, R2 or a crash.
func TestISN_Clock(t *testing.T) {
	asClock := []Choice{ReuseNoISN, ReuseBare, ReuseByTimestamp} // the others ask for more
	read, outrun, crashes, replaced := 0, 0, 0, 0
	tier.CheckUntil(t, func() bool { return read > 100 && outrun > 5 && crashes > 5 && replaced > 5 }, func(t *rapid.T) {
		c := anyOpening().Draw(t, "config")
		for _, side := range Sides {
			c.Apps[side].Octets = rapid.Uint8Range(0, 3).Draw(t, "few octets")
			c.Ends[side].ISN = rapid.SampledFrom([]ISNRule{ISNClock, ISNPaced}).Draw(t, "clock")
		}
		c.Reopen = rapid.Uint8Range(1, MaxLives-1).Draw(t, "reopen")
		c.Loss = 0
		c.EachEnd(func(e *Endpoint) {
			e.Choices[TimeWaitReuse] = rapid.SampledFrom(append(asClock, ReuseOff, ReuseByNumber, ReuseLinux)).Draw(t, "reuse")
		})
		y, err := NewSystem(c)
		require.NoError(t, err)
		s := y.Init()
		var clocks [2]shownClock
		for side, end := range s.Ends {
			first := int(y.stacks[side].firstEver)
			clocks[side] = shownClock{at: first - 1, used: first - 1, next: max(first-1, int(end.SndNxt)), read: end.State == Established}
		}
		for range 80 {
			actions := y.Actions(nil, s)
			if len(actions) == 0 {
				return
			}
			o, _ := y.Step(s, actions[rapid.IntRange(0, len(actions)-1).Draw(t, "action")])
			for side := range s.Ends {
				k, stack, before, now := &clocks[side], y.stacks[side], s.Ends[side], o.To.Ends[side]
				k.at += int(o.Elapsed) * int(c.Ends[side].ISNClock)
				if o.Moved && o.Mover == Side(side) && o.Effect.Clauses.Has(HostCrashes) {
					crashes++
				}
				back := before.State == SynReceived && before.Reused != (Replaced{}) && now.State == TimeWait
				switch {
				case back: // what the SYN has opened never was
					k.at -= 2
					k.next, k.read = k.used, true
					k.used = int(stack.firstEver) - 1
				case before.State != Closed && (now.Life != before.Life || now.State == Closed):
					k.at += 2
					fallthrough
				case now.Life != before.Life:
					k.used, k.read = k.next, false
				case now.State == Listen:
					k.read = false
				}
				if now.State == Listen {
					k.at = min(k.at, int(stack.unusedFrom(now.Life-1)))
				}
				if now.State > Listen && !k.read && !back {
					k.at, k.read = min(k.at, int(stack.unusedFrom(now.Life-1))), true
					want := k.at
					if before.State == TimeWait && !(o.Effect.Clauses.Has(ReuseAccepts) && slices.Contains(asClock, stack.ask(TimeWaitReuse))) {
						want = max(want, int(before.SndNxt))
					}
					require.Equal(t, want, int(now.First)-1, "the initial sequence number is the clock's")
					read++
					if int(now.First)-1 < k.used {
						outrun++
						require.Equal(t, ISNClock, stack.ISN, "a clock that is not outrun gives %d, and up to %d was used", now.First-1, k.used)
					}
				}
				if now.State > Listen {
					k.next = max(k.next, int(now.SndNxt))
				}
				if now.Reused != (Replaced{}) {
					replaced++
					require.True(t, stack.willReadClock(now.Reused.timeWait()), "its clock runs as long as it may come back")
				}
				if stack.willReadClock(now) {
					require.GreaterOrEqual(t, k.at, int(now.Top))
					require.LessOrEqual(t, now.Top, stack.unusedFrom(now.Life))
				} else {
					require.Zero(t, now.Top, "nobody asks for it")
				}
			}
			s = o.To
		}
	})
	assert.Positive(t, read)
	assert.Positive(t, outrun, "a clock that is outrun gives numbers that were used")
	assert.Positive(t, crashes)
	assert.Positive(t, replaced)
	t.Logf("%d numbers were read, %d had been used; %d crashes", read, outrun, crashes)
}

// The clock goes on in TIME-WAIT and afterwards, and gives the number of a
// connection when it is opened: in LISTEN when the SYN comes.
func TestISN_Waits(t *testing.T) {
	for rate := range uint8(3) {
		for wait := range 5 {
			c := Default()
			c.Reopen, c.Ends[B].ISNClock = 1, rate
			c.Ends[B].ISN, c.Apps[B].Octets = ISNClock, 5
			s := c.Stack(B)
			end := s.begin(StartEstablished)
			require.Equal(t, Seq(-1), end.Top)
			tick := func() { end, _ = s.Tick(end, 1) }
			end, _ = s.Call(end, SendHeld)
			for range wait {
				tick()
			}
			end = TCB{Host: s.hostAfter(end, Segment{})} // it is over, by whatever comes
			end, _ = s.Call(end, OpenPassive)
			tick()
			end, e := s.SegmentArrives(end, Segment{Seq: 9, Ctl: SYN})
			want := min(-1+2+int(rate)*(wait+1), 6) // which none has used that wrote 5 octets
			assert.Equal(t, Seq(want), e.Sent.Seq, "%d a tick, %d ticks", rate, wait+1)
			assert.Equal(t, Seq(want+1), end.First)
		}
	}
}

// A SYN that was none of the peer's, and has interrupted TIME-WAIT, leaves the clock
// as it would be without it.
func TestISN_Returns(t *testing.T) {
	for rate := range uint8(3) {
		c := Default()
		c.Reopen, c.Ends[B].ISNClock = 2, rate
		c.Ends[B].ISN, c.Apps[B].Octets = ISNClock, 5
		c.Ends[B].Choices[TimeWaitReuse] = ReuseByNumber
		s := c.Stack(B)
		end := s.begin(StartEstablished)
		end.State, end.RcvNxt, end.SndNxt, end.SndUna, end.Written = TimeWait, 1, 1, 1, 0
		end = s.startTimeWait(end)
		waits, _ := s.Tick(end, 2)

		end, e := s.SegmentArrives(end, Segment{Seq: 9, Ctl: SYN})
		require.True(t, e.Clauses.Has(ReuseAccepts))
		require.Equal(t, SynReceived, end.State)
		require.Equal(t, Seq(1), e.Sent.Seq)
		end, ok := s.Tick(end, 2)
		require.True(t, ok)
		end, e = s.SegmentArrives(end, Segment{Seq: 10, Ctl: RST})
		require.True(t, e.Clauses.Has(ReturnsToTimeWait))
		waits.Wait = end.Wait // which restarts
		assert.Equal(t, waits, end, "%d a tick", rate)
		assert.Equal(t, Seq(-1+2*int(rate)), end.Top)
	}
}

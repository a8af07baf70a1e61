package model

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"tcpclose/internal/tier"
)

// smallConfig draws a configuration that has few states.
func smallConfig() *rapid.Generator[Config] {
	return rapid.Custom(func(t *rapid.T) Config {
		c := anyConfig().Draw(t, "config")
		few := func(name string, from ...Limit) Limit { return rapid.SampledFrom(from).Draw(t, name) }
		for _, side := range Sides {
			c.Apps[side].Octets = rapid.SampledFrom([]uint8{0, 0, 1}).Draw(t, "few octets")
			c.Apps[side].Fails = FailNever
		}
		c.Capacity = 2
		c.MSL = rapid.Uint16Range(1, 2).Draw(t, "short msl")
		c.Delay = Span{Ticks: rapid.Uint16Range(1, c.MSL).Draw(t, "short delay")}
		c.EachEnd(func(e *Endpoint) {
			e.TimeWait = Span{Ticks: rapid.Uint16Range(1, 7).Draw(t, "short time-wait")}
			e.RTO = rapid.Uint16Range(1, 7).Draw(t, "short rto")
			if e.RTOMax > 0 {
				e.RTOMax = e.RTO + rapid.Uint16Range(0, 3).Draw(t, "short rto-max")
			}
			e.R2 = few("small r2", 0, 1, Unlimited)
		})
		if rapid.Bool().Draw(t, "alike after all") {
			c.Ends[B] = c.Ends[A]
		}
		c.Loss, c.Duplicate, c.Reorder = few("few losses", 0, 1), few("few duplicates", 0, 0, 1), few("few overtakes", 0, 0, 1)
		return c
	})
}

// A seenEvent is what an endpoint or the network does in a step, without when.
type seenEvent struct {
	kind     Kind
	side     Side
	call     Call
	timeout  Timeout
	segment  Segment
	effect   Effect
	overflow bool
}

// walkAll is the states of y and the events other than ticks, in the plainest way. leap
// is called with every tick. It gives up, with ok false, after too many states.
func walkAll(y *System, most int, leap func(s State, o Outcome)) (states map[State]bool, events map[seenEvent]bool, ok bool) {
	states, events = map[State]bool{y.Init(): true}, map[seenEvent]bool{}
	queue := []State{y.Init()}
	for len(queue) > 0 {
		if len(states) > most {
			return nil, nil, false
		}
		s := queue[0]
		queue = queue[1:]
		y.candidates(s, func(a Action) {
			o, ok := y.Step(s, a)
			if !ok {
				return
			}
			if a.Kind == Ticks {
				leap(s, o)
			} else {
				events[seenEvent{a.Kind, a.Side, a.Call, a.Timeout, a.Packet.Segment, o.Effect, o.Overflow}] = true
			}
			if !o.Overflow && !states[o.To] {
				states[o.To] = true
				queue = append(queue, o.To)
			}
		})
	}
	return states, events, true
}

// A leap leaves out nothing but clocks: the states of a system in which time leaps are
// those of the one in which it goes on by a tick, without those within a leap, in
// which nothing but a tick is possible; and the same happens.
func TestLeaps_LeaveOutClocksOnly(t *testing.T) {
	explored, leapt := 0, 0
	tier.CheckUntil(t, func() bool { return leapt > 0 }, func(t *rapid.T) {
		c := smallConfig().Draw(t, "config")
		c.Time = TimeSteps
		steps, err := NewSystem(c)
		require.NoError(t, err)
		c.Time = TimeLeaps
		leaps, err := NewSystem(c)
		require.NoError(t, err)

		const most = 5000
		all, happens, ok := walkAll(steps, most, func(_ State, o Outcome) { require.Equal(t, uint16(1), o.Elapsed) })
		if !ok {
			return
		}
		within := map[State]bool{}
		few, happensToo, ok := walkAll(leaps, most, func(s State, o Outcome) {
			for n := o.Elapsed; n > 1; n-- {
				require.Equal(t, []Action{{Kind: Ticks}}, steps.Actions(nil, s), "left out with a leap of %d ticks from\n%s", o.Elapsed, describe(steps, s))
				next, _ := steps.Step(s, Action{Kind: Ticks})
				s = next.To
				within[s] = true
			}
			if o.Elapsed > 1 {
				require.Equal(t, []Action{{Kind: Ticks}}, steps.Actions(nil, s))
				next, _ := steps.Step(s, Action{Kind: Ticks})
				require.Equal(t, next.To, o.To)
				require.NotEqual(t, []Action{{Kind: Ticks}}, steps.Actions(nil, o.To), "it leaps no less than it may")
			}
		})
		require.True(t, ok, "no more than with steps")
		explored++
		if len(few) < len(all) {
			leapt++
		}
		for s := range few {
			require.True(t, all[s], "only a leap leads to\n%s", describe(leaps, s))
		}
		for s := range all {
			require.True(t, few[s] || within[s], "no leap leads to, or over,\n%s", describe(steps, s))
		}
		require.Equal(t, happens, happensToo)
	})
	t.Logf("%d configurations, %d with leaps", explored, leapt)
	require.Positive(t, leapt)
}

// That the limit of challenge ACKs runs out is no deadline: time leaps over it to the
// next timer, and to its end where there is none.
func TestLeaps_OverChallengeInterval(t *testing.T) {
	c := Default()
	c.Time, c.MSL = TimeLeaps, 4
	c.EachEnd(func(e *Endpoint) { e.ChallengeInterval = 3 })
	y, err := NewSystem(c)
	require.NoError(t, err)
	s := y.Init()
	for _, side := range Sides {
		s.Ends[side].State, s.Ends[side].Throttle = Closed, uint16(side)+2
	}

	o, ok := y.Step(s, Action{Kind: Ticks})
	require.True(t, ok)
	require.Equal(t, uint16(3), o.Elapsed, "nothing else waits for time to pass")
	short := s
	short.Ends[A].Throttle, short.Ends[B].Throttle = 1, 0
	brief, ok := y.Step(short, Action{Kind: Ticks})
	require.True(t, ok)
	require.Equal(t, uint16(1), brief.Elapsed)
	_, ok = y.Step(o.To, Action{Kind: Ticks})
	require.False(t, ok)

	s.Ends[A].State, s.Ends[A].Wait = TimeWait, 8
	o, ok = y.Step(s, Action{Kind: Ticks})
	require.True(t, ok)
	require.Equal(t, uint16(8), o.Elapsed, "as far as the end of TIME-WAIT")
}

package model

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"tcpclose/box"
	"tcpclose/internal/tier"
)

// strideBoxes is boxes whose timers are short enough for single ticks of 10 s.
var strideBoxes = []string{
	"idle,idle=150", "idle-rst,idle=200", "rfc5382,established=200,transitory=40", "cilium,tcp=160,close=30",
	"conntrack,established=180,unacknowledged=120,max_retrans=120,time_wait=60,fin_wait=90", "pf,tcp.established=200,tcp.closing=120",
	"rfc6146,TCP_EST=170,TCP_TRANS=50", "ovs,tcp.established=200,tcp.fin_wait=100", "libtelio,established=150",
}

// An occurrence is what happens in a step other than a tick, without when.
type occurrence struct {
	seenEvent
	behind bool
	act    BoxAct
	does   BoxEffect
}

// events returns the steps of s other than the tick, and the state after the tick.
func events(y *System, s State) (happens map[occurrence][]State, tick *State, short bool) {
	happens = map[occurrence][]State{}
	y.candidates(s, func(a Action) {
		o, ok := y.Step(s, a)
		switch {
		case !ok:
		case a.Kind == Ticks:
			tick = &o.To
		case a.Kind == Boxes && o.Overflow:
			short = true
		default:
			is := occurrence{seenEvent{a.Kind, a.Side, a.Call, a.Timeout, a.Packet.Segment, o.Effect, o.Overflow}, a.Packet.Behind, a.Act, o.Box}
			happens[is] = append(happens[is], o.To)
		}
	})
	return happens, tick, short
}

// Strides leave out only how long users wait: whatever sequence of events there is when
// time goes on by a tick, there is when it strides, and the other way round. A horizon that
// is too short for that is told.
func TestStrides_LeaveOutWaitingOnly(t *testing.T) {
	tier.SkipToCI(t)
	tier.Draws(t, 40)
	compared, strode, tooShort := 0, 0, 0
	tier.CheckUntil(t, func() bool { return strode > 2 && tooShort > 2 }, func(t *rapid.T) {
		c := smallConfig().Draw(t, "config")
		c.Reopen, c.Stray, c.Capacity = 0, Stray{}, 1
		b, err := box.Find(rapid.SampledFrom(strideBoxes).Draw(t, "box"))
		require.NoError(t, err)
		c.Between = Between{
			Box: b, Tick: 10 * time.Second, Counted: 60000, Horizon: rapid.Uint16Range(1, 16).Draw(t, "horizon"),
			Restarts: rapid.SampledFrom([]Limit{0, 0, 1}).Draw(t, "restarts"), Sees: Sees(rapid.IntRange(0, 2).Draw(t, "sees")),
		}
		if c.Validate() != nil {
			return
		}
		c.Time = TimeSteps
		steps, err := NewSystem(c)
		require.NoError(t, err)
		c.Time = TimeStrides
		strides, err := NewSystem(c)
		require.NoError(t, err)
		const most = 1500
		all, _, ok := walkAll(steps, most, func(State, Outcome) {})
		if !ok {
			return
		}
		few, short, long := strideStates(t, strides, all)
		if short {
			tooShort++
			return
		}
		compared++
		if len(few) < len(all) && long {
			strode++
		}
		requireSameEvents(t, steps, strides, 4*most)
	})
	t.Logf("%d configurations compared, %d with strides, %d with a horizon that is too short", compared, strode, tooShort)
	require.Positive(t, strode)
	require.Positive(t, tooShort)
}

// strideStates returns the states of a system whose time strides: all have to be states of
// single ticks. short reports whether its horizon is too short.
func strideStates(t *rapid.T, y *System, all map[State]bool) (states map[State]bool, short, long bool) {
	states = map[State]bool{y.Init(): true}
	queue := []State{y.Init()}
	for len(queue) > 0 {
		s := queue[0]
		queue = queue[1:]
		bare := s
		bare.Box.Strode = false
		require.True(t, all[bare], "only a stride leads to\n%s", describe(y, s))
		y.candidates(s, func(a Action) {
			o, ok := y.Step(s, a)
			if !ok {
				return
			}
			long = long || a.Kind == Ticks && o.Elapsed > 1 && len(y.Stack(A).Calls(nil, s.Ends[A]))+len(y.Stack(B).Calls(nil, s.Ends[B])) > 0
			short = short || a.Kind == Boxes && o.Overflow
			if !o.Overflow && !states[o.To] {
				states[o.To] = true
				queue = append(queue, o.To)
			}
		})
	}
	return states, short, long
}

// requireSameEvents requires that each sequence of events of one system is one of the other,
// up to so many pairs of a state and of all those where the other can be.
func requireSameEvents(t *rapid.T, steps, strides *System, most int) {
	type node struct {
		at State
		in string // the other's states
	}
	seen := map[node]bool{}
	type pair struct {
		at State
		in []State
	}
	waiting := func(list []State) []State { // after any number of ticks
		known := map[State]bool{}
		for i := 0; i < len(list); i++ {
			known[list[i]] = true
			if _, tick, _ := events(strides, list[i]); tick != nil && !known[*tick] {
				list = append(list, *tick)
			}
		}
		var closed []State
		for s := range known {
			closed = append(closed, s)
		}
		return closed
	}
	numbers := map[State]int{}
	key := func(list []State) string {
		has := map[int]bool{}
		for _, s := range list {
			n, known := numbers[s]
			if !known {
				n = len(numbers)
				numbers[s] = n
			}
			has[n] = true
		}
		text := make([]byte, len(numbers)/8+1)
		for n := range has {
			text[n/8] |= 1 << (n % 8)
		}
		for len(text) > 0 && text[len(text)-1] == 0 {
			text = text[:len(text)-1]
		}
		return string(text)
	}
	queue := []pair{{steps.Init(), waiting([]State{strides.Init()})}}
	for len(queue) > 0 && len(seen) < most {
		p := queue[0]
		queue = queue[1:]
		add := func(at State, in []State) {
			if n := (node{at, key(in)}); !seen[n] {
				seen[n] = true
				queue = append(queue, pair{at, in})
			}
		}
		happens, tick, _ := events(steps, p.at)
		if tick != nil {
			add(*tick, p.in)
		}
		var its map[occurrence][]State
		if len(happens) > 0 {
			its = map[occurrence][]State{}
			for _, s := range p.in {
				more, _, _ := events(strides, s)
				for what, to := range more {
					its[what] = append(its[what], to...)
				}
			}
		}
		for what, to := range happens {
			require.NotEmpty(t, its[what], "with strides this cannot happen: %+v\nin %s", what, describe(steps, p.at))
			var next []State
			if !what.overflow {
				next = waiting(its[what])
			}
			for _, s := range to {
				if !what.overflow {
					add(s, next)
				}
			}
		}
	}
}

// Where no user may act, time goes to where the entry expires; where one may, to the
// horizon, and from there a tick at a time.
func TestStrides_Leap(t *testing.T) {
	b, err := box.Find("conntrack")
	require.NoError(t, err)
	c := Default()
	c.Time, c.Between = TimeStrides, Between{Box: b, Horizon: 5}
	w := c.Watcher()
	for _, v := range []struct {
		left uint32
		n    uint16
		want uint16
	}{
		{3, Never, 3}, {9, Never, 9}, {3, Still, 1}, {5, Still, 1}, {9, Still, 4}, {9, 2, 2}, {3, 1, 1},
	} {
		b := BoxState{Entry: box.Entry{Used: true, Left: v.left}}
		leap, still := w.Leap(b, v.n)
		assert.Equal(t, v.want, leap, "%+v", v)
		assert.Equal(t, v.n >= Still, still, "%+v", v)
	}
}

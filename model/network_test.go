package model

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"tcpclose/internal/tier"
)

// With loss off time waits for the delivery.
func TestLossOff_TickWaitsForDelivery(t *testing.T) {
	for _, reorder := range []string{"off", "1", "unlimited"} {
		y := newSystem(t, "a-octets=0 b-octets=0 loss=off rto=50 msl=3 reorder="+reorder)
		s := ticks(t, y, play(t, y, y.Init(), "call a CLOSE"), 2)
		assert.False(t, possible(y, s, "tick"), "the FIN would expire")
		assert.False(t, possible(y, s, "lose a 0"))
		assert.True(t, possible(y, play(t, y, s, "deliver a 0"), "tick"))

		// Not for the second delivery of what has been delivered.
		s = play(t, y, s, "duplicate a 0")
		require.Equal(t, uint8(1), s.Nets[A].N)
		assert.True(t, s.Nets[A].Packets[0].Spare)
		assert.True(t, possible(y, s, "lose a 0"))
		o, ok := y.Step(s, Action{Kind: Ticks})
		require.True(t, ok)
		assert.Equal(t, [2]Channel{A: s.Nets[A]}, o.Gone)
		assert.Equal(t, s.Left, o.To.Left, "free of charge")
	}
}

// Each way of losing a packet costs one: expiry, want of room, and the network's
// will. A packet that was delivered is not lost.
func TestLossCounted_EachLossCostsOne(t *testing.T) {
	left := func(s State) int { return int(s.Left.Losses) }
	y := newSystem(t, "a-octets=0 b-octets=0 loss=2 rto=50 msl=2 capacity=1")
	sent := play(t, y, y.Init(), "call a CLOSE")
	assert.Equal(t, 2, left(sent))
	assert.Equal(t, 1, left(play(t, y, sent, "lose a 0")))
	assert.Equal(t, 1, left(ticks(t, y, sent, 2)))
	assert.Equal(t, 2, left(play(t, y, sent, "deliver a 0")))
	spare := play(t, y, sent, "duplicate a 0")
	assert.Equal(t, 2, left(spare))
	assert.Equal(t, 2, left(play(t, y, spare, "lose a 0")))
	assert.Equal(t, 1, left(play(t, y, spare, "deliver a 0")), "b's second reply finds no room")
	assert.Equal(t, 2, left(play(t, y, spare, "deliver b 0", "deliver a 0")), "or it does")

	// Two that expire at once cost two.
	both := play(t, y, sent, "call b CLOSE")
	assert.Equal(t, 0, left(ticks(t, y, both, 2)))
	y = newSystem(t, "a-octets=0 b-octets=0 loss=1 rto=50 msl=2 capacity=1")
	both = ticks(t, y, play(t, y, y.Init(), "call a CLOSE", "call b CLOSE"), 1)
	assert.False(t, possible(y, both, "tick"))
	assert.True(t, possible(y, play(t, y, both, "lose a 0", "deliver b 0"), "tick"))

	// After k of them it is as with loss off.
	y = newSystem(t, "a-octets=2 b-octets=0 loss=2 rto=1 msl=3 capacity=2 r2=unlimited")
	s := play(t, y, y.Init(), "call a CLOSE", "lose a 0", "tick", "timeout a", "lose a 0", "tick", "timeout a")
	assert.Equal(t, 0, left(s))
	assert.False(t, possible(y, s, "lose a 0"))
	assert.True(t, possible(y, s, "deliver a 0"))
}

// Want of room is a loss where it can be paid for; where not, the step is cut, and
// said to be.
func TestCapacity_Overflow(t *testing.T) {
	for loss, want := range map[string]struct {
		listed, overflow bool
		left             uint8
	}{
		"unlimited": {listed: true},
		"1":         {listed: true},
		"off":       {overflow: true},
	} {
		y := newSystem(t, "a-octets=2 b-octets=0 capacity=1 loss="+loss)
		s := play(t, y, y.Init(), "call a SEND")
		o, ok := y.Step(s, Action{Kind: Calls, Side: A, Call: Send})
		require.True(t, ok)
		assert.Equal(t, want.overflow, o.Overflow, "loss=%s", loss)
		assert.Equal(t, want.listed, possible(y, s, "call a SEND"), "loss=%s", loss)
		if want.listed {
			assert.Equal(t, want.left, o.To.Left.Losses)
			assert.Equal(t, s.Nets, o.To.Nets, "what was there stays there")
			assert.Equal(t, Seq(2), o.To.Ends[A].SndNxt, "and a does not know")
		}
	}

	// A step that cannot be for another reason is not said to be cut by that.
	y := newSystem(t, "a-octets=0 b-octets=0 capacity=1 loss=off duplicate=off")
	s := play(t, y, y.Init(), "call b CLOSE", "call a CLOSE")
	o, ok := y.Step(s, Action{Kind: Copies, Side: A, Packet: s.Nets[A].Packets[0]})
	assert.False(t, ok)
	assert.False(t, o.Overflow)
}

// A segment that is its own copy's successor takes the room that it needs: where
// everything is unlimited, one that is in transit already always finds room.
func TestCapacity_CopyNeedsNone(t *testing.T) {
	y := newSystem(t, "a-octets=0 b-octets=0 capacity=1 rto=1 msl=3")
	s := play(t, y, y.Init(), "call a CLOSE", "tick", "timeout a")
	assert.Equal(t, []Packet{{Segment: Segment{Ctl: FIN | ACK}}}, s.Nets[A].packets(), "the younger one")
}

func TestDuplicate_Counted(t *testing.T) {
	y := newSystem(t, "a-octets=0 b-octets=0 duplicate=2 rto=50 capacity=4")
	s := play(t, y, y.Init(), "call a CLOSE", "duplicate a 0", "duplicate a 0")
	assert.Equal(t, uint8(0), s.Left.Duplicates)
	assert.False(t, possible(y, s, "duplicate a 0"))
	assert.False(t, possible(y, s, "duplicate b 0"), "one budget for both directions")
	s = play(t, y, s, "deliver a 0")
	assert.Equal(t, uint8(0), s.Nets[A].N, "delivered three times in all")
	assert.Equal(t, uint8(3), count(s.Nets[B], Segment{Ack: 1, Ctl: ACK}))

	y = newSystem(t, "a-octets=0 b-octets=0 duplicate=off")
	assert.False(t, possible(y, play(t, y, y.Init(), "call a CLOSE"), "duplicate a 0"))
}

// count returns the number of a segment in c.
func count(c Channel, g Segment) (n uint8) {
	for _, p := range c.List() {
		if p.Segment == g {
			n++
		}
	}
	return n
}

// Reordering off is first in, first out; counted, every delivery from behind costs
// one, however many it overtakes; unlimited it costs nothing.
func TestReorder_Off(t *testing.T) {
	y := newSystem(t, "a-octets=3 b-octets=0 reorder=off capacity=4")
	s := play(t, y, y.Init(), "call a SEND", "call a SEND", "call a SEND")
	for _, late := range []string{"deliver a 1", "deliver a 2", "duplicate a 1", "duplicate a 2"} {
		assert.False(t, possible(y, s, late), late)
	}
	s = play(t, y, s, "deliver a 0", "deliver a 0", "deliver a 0")
	assert.Equal(t, Seq(3), s.Ends[B].RcvNxt)

	// What is lost is not overtaken.
	s = play(t, y, y.Init(), "call a SEND", "call a SEND", "lose a 0", "deliver a 0")
	assert.Equal(t, Seq(0), s.Ends[B].RcvNxt)

	// A copy comes right behind its original, or not at all.
	y = newSystem(t, "a-octets=3 b-octets=0 reorder=off capacity=4 loss=off")
	s = play(t, y, y.Init(), "call a SEND", "call a SEND", "duplicate a 0")
	assert.False(t, possible(y, s, "deliver a 1"))
	assert.True(t, possible(y, play(t, y, s, "lose a 0"), "deliver a 0"))
	assert.True(t, possible(y, play(t, y, s, "deliver a 0"), "deliver a 0"))
}

func TestReorder_Counted(t *testing.T) {
	y := newSystem(t, "a-octets=3 b-octets=0 reorder=1 capacity=4")
	s := play(t, y, y.Init(), "call a SEND", "call a SEND", "call a SEND")
	for _, late := range []string{"deliver a 1", "deliver a 2", "duplicate a 1", "duplicate a 2"} {
		after := play(t, y, s, late)
		assert.Equal(t, uint8(0), after.Left.Overtakes, late)
		assert.False(t, possible(y, after, "deliver a 1"), late)
		assert.True(t, possible(y, after, "deliver a 0"), late)
	}
	assert.Equal(t, uint8(1), play(t, y, s, "deliver a 0").Left.Overtakes)
	assert.Equal(t, uint8(1), play(t, y, s, "lose a 2").Left.Overtakes, "a loss overtakes nothing")
}

func TestReorder_Unlimited(t *testing.T) {
	y := newSystem(t, "a-octets=3 b-octets=0 reorder=unlimited capacity=4")
	s := play(t, y, y.Init(), "call a SEND", "call a SEND", "call a SEND", "deliver a 2", "deliver a 1", "deliver a 0")
	assert.Equal(t, Seq(1), s.Ends[B].RcvNxt, "the first alone was in order")
	assert.Equal(t, Budget{}, s.Left)
}

// What can happen to two endpoints, without the network between them: a call, a
// timeout, an arrival, a tick.
type happening struct {
	Before, After [2]TCB
	Kind          Kind
	Side          Side
	Segment       Segment // that arrived
}

type happenings map[happening]bool

// tooMany is where a reachability test has been given too large a system.
const tooMany = 200_000

// reach is all that can happen in y, found the simple way, and how much the network
// had left when it had most and least.
func reach(t testing.TB, y *System) (all happenings, least Budget) {
	t.Helper()
	all, least = happenings{}, y.Init().Left
	seen := map[State]bool{y.Init(): true}
	for queue := []State{y.Init()}; len(queue) > 0; queue = queue[1:] {
		s := queue[0]
		least.Overtakes = min(least.Overtakes, s.Left.Overtakes)
		for _, a := range y.Actions(nil, s) {
			o, _ := y.Step(s, a)
			switch a.Kind {
			case Calls, Timeouts, Ticks:
				all[happening{s.Ends, o.To.Ends, a.Kind, a.Side, Segment{}}] = true
			case Deliveries, Copies:
				all[happening{s.Ends, o.To.Ends, Deliveries, a.Side, a.Packet.Segment}] = true
			}
			if !seen[o.To] {
				seen[o.To] = true
				queue = append(queue, o.To)
			}
		}
		require.Less(t, len(seen), tooMany)
	}
	t.Logf("%s: %d states, %d happenings", strings.Join(y.Config.Against(Default()), " "), len(seen), len(all))
	return all, least
}

// missing is some of what is in sub and not in super.
func missing(sub, super happenings) (list []string) {
	for h := range sub {
		if !super[h] && len(list) < 3 {
			list = append(list, fmt.Sprintf("%s %s %s: %s / %s -> %s / %s", h.Kind, h.Side, h.Segment.Text(h.Side),
				tcbText(A, h.Before[A]), tcbText(B, h.Before[B]), tcbText(A, h.After[A]), tcbText(B, h.After[B])))
		}
	}
	return list
}

// The three modes of reordering agree where they must: with a budget larger than any
// run can use up, counted is the same as unlimited; with less there is less.
func TestReorder_ModesAgree(t *testing.T) {
	tier.SkipToCI(t)
	const enough = 12
	for _, rest := range []string{
		"a-octets=1 b-octets=0 b-closes=never loss=unlimited duplicate=off msl=2 rto=3 r2=1 capacity=2",
		"a-octets=1 b-octets=0 b-closes=never loss=off duplicate=1 msl=2 rto=2 r2=1 capacity=4",
		"a-octets=2 b-octets=0 b-closes=never loss=1 duplicate=off msl=2 rto=3 r2=1 capacity=3",
		"a-octets=0 b-octets=0 loss=off duplicate=1 msl=2 rto=2 r2=1 time-wait=1 capacity=4",
	} {
		modes := map[string]happenings{}
		for _, reorder := range []string{"off", "1", "2", strconv.Itoa(enough), "unlimited"} {
			all, least := reach(t, newSystem(t, rest+" reorder="+reorder))
			modes[reorder] = all
			if reorder == strconv.Itoa(enough) {
				require.Positive(t, least.Overtakes, "a run used up the budget: it is not enough")
			}
		}
		for _, inclusion := range [][2]string{{"off", "1"}, {"1", "2"}, {"2", "unlimited"}, {strconv.Itoa(enough), "unlimited"}, {"unlimited", strconv.Itoa(enough)}} {
			assert.Empty(t, missing(modes[inclusion[0]], modes[inclusion[1]]), "%s: reorder=%s has more than %s", rest, inclusion[0], inclusion[1])
		}
		assert.Less(t, len(modes["off"]), len(modes["unlimited"]), "reordering makes a difference: %s", rest)
	}
}

// A run that never overtakes is one in all three modes, step by step.
func TestReorder_RunsInOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rest := rapid.SampledFrom([]string{
			"a-octets=2 b-octets=1 loss=unlimited duplicate=3 capacity=3",
			"a-octets=2 b-octets=1 loss=2 duplicate=2 capacity=4",
			"a-octets=2 b-octets=1 loss=off duplicate=1 capacity=4",
		}).Draw(t, "config")
		off, counted, free := newSystem(t, rest+" reorder=off"), newSystem(t, rest+" reorder=3"), newSystem(t, rest+" reorder=unlimited")
		s, c, u := off.Init(), counted.Init(), free.Init()
		for range 40 {
			actions := off.Actions(nil, s)
			if len(actions) == 0 {
				return
			}
			a := actions[rapid.IntRange(0, len(actions)-1).Draw(t, "action")]
			o, _ := off.Step(s, a)
			s = o.To

			require.Contains(t, counted.Actions(nil, c), a, "reorder=3")
			o, _ = counted.Step(c, a)
			c = o.To
			require.Equal(t, uint8(3), c.Left.Overtakes)
			require.Equal(t, s.Ends, c.Ends)
			require.Equal(t, s.Nets, c.Nets)

			// In the bag the packet stands elsewhere; it is found by what it is.
			if a.Kind == Deliveries || a.Kind == Copies || a.Kind == Losses {
				a.Place = uint8(slices.Index(u.Nets[a.Side].List(), a.Packet))
			}
			require.Contains(t, free.Actions(nil, u), a, "reorder=unlimited")
			o, _ = free.Step(u, a)
			u = o.To
			require.Equal(t, s.Ends, u.Ends)
			for _, side := range Sides {
				require.ElementsMatch(t, s.Nets[side].List(), u.Nets[side].List())
			}
		}
	})
}

// A naive network for the case in which nothing is limited: a bag of packets, sorted
// only so that equal bags are equal, from which any can be taken, lost or doubled
// while there is room. It shares no code with channel.go.
type naive struct {
	Ends [2]TCB
	Nets [2]bag
}

type bag struct {
	N       int
	Packets [4]Packet
}

func (b bag) with(p Packet) bag {
	b.Packets[b.N] = p
	b.N++
	b.sort()
	return b
}

func (b bag) without(i int) bag {
	b.N--
	b.Packets[i] = b.Packets[b.N]
	b.Packets[b.N] = Packet{}
	b.sort()
	return b
}

func (b *bag) sort() {
	number := func(p Packet) (n int) {
		for _, field := range []int{int(p.Age), int(p.Seq), int(p.Ack), int(p.Len), int(p.Ctl), int(p.Wnd)} {
			n = n<<8 | field
		}
		return n
	}
	slices.SortFunc(b.Packets[:b.N], func(p, q Packet) int { return number(p) - number(q) })
}

// reachNaive is reach with the naive network, which has room for so many packets.
func reachNaive(t testing.TB, y *System, room int) happenings {
	t.Helper()
	var init naive
	init.Ends = y.Init().Ends
	all := happenings{}
	seen := map[naive]bool{init: true}
	queue := []naive{init}
	found := func(s naive) {
		if !seen[s] {
			seen[s] = true
			queue = append(queue, s)
		}
	}
	// moved: side of s, of which what has arrived is gone from the network, became
	// after, with effect e.
	moved := func(s naive, h happening, side Side, after TCB, e Effect) {
		h.Before = s.Ends
		s.Ends[side] = after
		h.After = s.Ends
		all[h] = true
		if g := e.Sent; g != (Segment{}) && s.Nets[side].N < room {
			s.Nets[side] = s.Nets[side].with(Packet{Segment: g})
		}
		found(s)
	}
	for ; len(queue) > 0; queue = queue[1:] {
		s := queue[0]
		due := false
		for _, side := range Sides {
			k, end := y.Stack(side), s.Ends[side]
			for _, c := range k.Calls(nil, end) {
				after, e := k.Call(end, c)
				moved(s, happening{Kind: Calls, Side: side}, side, after, e)
			}
			for _, which := range k.Due(nil, end) {
				due = true
				after, e := k.Timeout(end, which)
				moved(s, happening{Kind: Timeouts, Side: side}, side, after, e)
			}
			for i := range s.Nets[side].N {
				p := s.Nets[side].Packets[i]
				gone := s
				gone.Nets[side] = s.Nets[side].without(i)
				found(gone)
				to := side.Peer()
				after, e := y.Stack(to).SegmentArrives(s.Ends[to], p.Segment)
				moved(gone, happening{Kind: Deliveries, Side: side, Segment: p.Segment}, to, after, e)
				if s.Nets[side].N < room {
					twice := s
					twice.Nets[side] = s.Nets[side].with(p)
					found(twice)
				}
			}
		}
		if !due {
			later := s
			for _, side := range Sides {
				later.Ends[side], _ = y.Stack(side).Tick(s.Ends[side], 1)
				later.Nets[side] = bag{}
				for _, p := range s.Nets[side].Packets[:s.Nets[side].N] {
					if int(p.Age)+1 < int(y.Config.MSL) {
						p.Age++
						later.Nets[side] = later.Nets[side].with(p)
					}
				}
			}
			if later != s {
				all[happening{Before: s.Ends, After: later.Ends, Kind: Ticks}] = true
				found(later)
			}
		}
		require.Less(t, len(seen), tooMany)
	}
	t.Logf("naive with room %d: %d states, %d happenings", room, len(seen), len(all))
	return all
}

// Where nothing is limited a channel keeps only the youngest of equal segments, and
// makes a copy only as it is delivered. Against the naive network that is no
// difference but for room, of which the naive one needs one more, for the copy that
// is about to be delivered:
//
//	naive with room n  <=  ours with capacity n  <=  naive with room n+1
func TestAbsorbs_AgainstNaive(t *testing.T) {
	for _, config := range []string{
		"a-octets=0 b-octets=0 msl=2 rto=1 r2=1 time-wait=1",
		"a-octets=0 b-octets=0 msl=3 rto=1 r2=1 time-wait=1 b-closes=after-peer",
		"a-octets=1 b-octets=0 b-closes=never msl=2 rto=1 r2=1 time-wait=2",
	} {
		smaller := reachNaive(t, newSystem(t, config), 1)
		for room := 1; room < tier.Choose(2, 3); room++ {
			larger := reachNaive(t, newSystem(t, config), room+1)
			ours, _ := reach(t, newSystem(t, fmt.Sprintf("%s capacity=%d", config, room)))
			assert.Empty(t, missing(smaller, ours), "%s: naive with room %d has more", config, room)
			assert.Empty(t, missing(ours, larger), "%s: capacity %d has more", config, room)
			smaller = larger
		}
	}
}

// What the network loses can be named: nothing else is lost, and without a limit it
// is never delivered.
func TestLoses(t *testing.T) {
	for _, always := range []bool{false, true} {
		c := Default()
		c.Loses, c.Loss, c.Duplicate, c.Reorder = LosesFinOfA, 1, 0, 0
		if always {
			c.Loss = Unlimited
		}
		y, err := NewSystem(c)
		require.NoError(t, err)
		kinds := func(s State) (list []Kind) {
			for _, a := range y.Actions(nil, s) {
				if a.Kind == Deliveries || a.Kind == Losses {
					list = append(list, a.Kind)
				}
			}
			return list
		}
		closes := func(side Side) State {
			o, ok := y.Step(y.Init(), Action{Kind: Calls, Side: side, Call: Close})
			require.True(t, ok)
			return o.To
		}
		assert.Equal(t, []Kind{Deliveries}, kinds(closes(B)))
		s := closes(A)
		if always {
			assert.Equal(t, []Kind{Losses}, kinds(s))
			continue
		}
		assert.Equal(t, []Kind{Deliveries, Losses}, kinds(s))
		s.Left.Losses = 0
		assert.Equal(t, []Kind{Deliveries}, kinds(s))
	}
}

package model

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A toll is paid from what is left, or nothing is.
func TestPay(t *testing.T) {
	m := Medium{Loss: 2, Duplicate: 1, Reorder: 1}
	left := Budget{Losses: 2, Duplicates: 1, Overtakes: 1}
	for _, c := range []struct {
		toll         Toll
		rest         Budget
		ok, overflow bool
	}{
		{Toll{}, left, true, false},
		{Toll{Lost: 2}, Budget{0, 1, 1}, true, false},
		{Toll{Lost: 3}, left, false, false},
		{Toll{Lost: 3, Overflow: 1}, left, false, true},
		{Toll{Lost: 1, Overflow: 1}, Budget{1, 1, 1}, true, false},
		{Toll{Lost: 1, Barred: 1}, left, false, false},
		{Toll{Lost: 1, Barred: 1, Overflow: 1}, left, false, true},
		{Toll{Duplicated: 1, Overtaken: 1}, Budget{2, 0, 0}, true, false},
		{Toll{Duplicated: 2}, left, false, false},
		{Toll{Duplicated: 1, Overtaken: 2, Overflow: 1}, left, false, false},
		{Toll{Lost: 1, Duplicated: 1, Overtaken: 1}, Budget{1, 0, 0}, true, false},
		{Toll{Lost: 3, Duplicated: 1, Overflow: 1}, left, false, true},
	} {
		rest, ok, overflow := m.Pay(left, c.toll)
		assert.Equal(t, c.ok, ok, "%+v", c.toll)
		assert.Equal(t, c.overflow, overflow, "%+v", c.toll)
		assert.Equal(t, c.rest, rest, "%+v", c.toll)
	}
	free := Medium{Loss: Unlimited, Duplicate: Unlimited, Reorder: Unlimited}
	rest, ok, overflow := free.Pay(Budget{}, Toll{Lost: 9, Duplicated: 9, Overtaken: 9, Overflow: 1})
	assert.True(t, ok)
	assert.False(t, overflow)
	assert.Equal(t, Budget{}, rest)
	assert.Equal(t, Toll{5, 7, 9, 11, 13}, Toll{1, 2, 3, 4, 5}.plus(Toll{4, 5, 6, 7, 8}))
}

// What a loss costs, where the network loses something only, and what is lost always.
func TestLoses_Toll(t *testing.T) {
	fin, ack := Packet{Segment: Segment{Ctl: FIN | ACK}}, Packet{Segment: Segment{Ctl: ACK}}
	some := Medium{Loss: 1, Loses: LosesFinOfA, MSL: 3, Delay: 3, Capacity: 2}
	always := some
	always.Loss = Unlimited
	for _, m := range []Medium{some, always} {
		assert.Equal(t, Toll{Lost: 1}, m.lost(fin))
		assert.Equal(t, Toll{Lost: 1, Barred: 1}, m.lost(ack))
		assert.Equal(t, Toll{Lost: 1, Barred: 1}, m.Of(B).lost(fin))
		assert.Zero(t, m.barred(ack))
	}
	assert.Zero(t, some.barred(fin))
	assert.Equal(t, uint8(1), always.barred(fin))
	assert.Equal(t, Toll{Lost: 1}, Medium{}.lost(ack))
	assert.Zero(t, Medium{Loss: Unlimited}.barred(ack))
}

// Packets are ordered by age, and of one age by all that they are.
func TestPacket_Compare(t *testing.T) {
	in := []Packet{
		{Age: 2, Segment: Segment{Seq: 9}},
		{Age: 1, Segment: Segment{Seq: 1}},
		{Age: 1, Segment: Segment{Seq: 1}, Of: Tag{To: 1}},
		{Age: 1, Segment: Segment{Seq: 1}, Of: Tag{From: 1}},
		{Age: 1, Segment: Segment{Seq: 1}, Spare: true},
		{Age: 1, Segment: Segment{Seq: 1, Ts: 1}},
		{Age: 1, Segment: Segment{Seq: 1, Wnd: 1}},
		{Age: 1, Segment: Segment{Seq: 1, Ctl: FIN}},
		{Age: 1, Segment: Segment{Seq: 1, Len: 1}},
		{Age: 1, Segment: Segment{Seq: 1, Ack: 1}},
		{Age: 1, Segment: Segment{Seq: 2}},
	}
	m := Medium{Reorder: Unlimited}
	for i, p := range in {
		for j, q := range in {
			want := 0
			switch {
			case i < j:
				want = -1
			case i > j:
				want = 1
			}
			require.Equal(t, want, p.compare(q), "%d, %d", i, j)
		}
	}
	var c Channel
	for _, i := range []int{3, 0, 2, 3, 1, 3} {
		c = m.with(c, in[i])
	}
	assert.Equal(t, []Packet{in[0], in[1], in[2], in[3], in[3], in[3]}, c.List())
	assert.Equal(t, []int{0, 1, 2, 3}, c.Different())
}

// A segment that is sent again, where copies that live longest are enough, takes the
// place of older ones, and of none that lives longer.
func TestSend_SubsumesOlder(t *testing.T) {
	m := Medium{MSL: 5, Delay: 2, Capacity: 3, Loss: Unlimited, Duplicate: Unlimited, Reorder: Unlimited}
	g, other := Segment{Ctl: ACK}, Segment{Ctl: FIN | ACK}
	at := func(g Segment, age uint16, spare bool) Packet { return Packet{Segment: g, Age: age, Spare: spare} }
	for _, c := range []struct{ has, want []Packet }{
		{nil, []Packet{at(g, 0, false)}},
		{[]Packet{at(g, 0, false)}, []Packet{at(g, 0, false)}},
		{[]Packet{at(g, 0, true)}, []Packet{at(g, 0, true)}},
		{[]Packet{at(g, 1, false)}, []Packet{at(g, 0, false)}},
		{[]Packet{at(g, 3, true)}, []Packet{at(g, 0, false)}},
		{[]Packet{at(g, 4, true), at(g, 1, false)}, []Packet{at(g, 0, false)}},
		{[]Packet{at(g, 2, true)}, []Packet{at(g, 2, true), at(g, 0, false)}},
		{[]Packet{at(g, 2, true), at(other, 1, false)}, []Packet{at(g, 2, true), at(other, 1, false), at(g, 0, false)}},
		{[]Packet{at(other, 1, false), at(g, 1, false)}, []Packet{at(other, 1, false), at(g, 0, false)}},
	} {
		var in Channel
		for _, p := range c.has {
			in = m.with(in, p)
		}
		out, toll := m.Send(in, g, Tag{})
		assert.Equal(t, c.want, out.List(), "%v", c.has)
		assert.Zero(t, toll)
	}
	// A full channel is looked through to its end.
	full := m
	full.Capacity = MaxCapacity
	var in Channel
	for i := range Seq(MaxCapacity) {
		in = full.with(in, at(Segment{Seq: i, Ctl: ACK}, 1, false))
	}
	out, toll := full.Send(in, Segment{Seq: MaxCapacity - 1, Ctl: ACK}, Tag{})
	assert.Equal(t, Packet{Segment: Segment{Seq: MaxCapacity - 1, Ctl: ACK}}, out.Packets[MaxCapacity-1])
	assert.Zero(t, toll)
	out, toll = full.Send(in, Segment{Seq: MaxCapacity, Ctl: ACK}, Tag{})
	assert.Equal(t, in, out)
	assert.Equal(t, Toll{Lost: 1, Overflow: 1}, toll)
	// Of a copy that stays, older copies go, and it goes itself if one is younger.
	spare := at(g, 3, true)
	out, toll = m.DeliverCopy(m.with(m.with(Channel{}, spare), at(g, 1, false)), 1)
	assert.Equal(t, []Packet{at(g, 1, true)}, out.List())
	assert.Equal(t, Toll{Duplicated: 1}, toll)
	out, toll = m.DeliverCopy(m.with(m.with(Channel{}, spare), at(g, 1, true)), 0)
	assert.Equal(t, []Packet{at(g, 1, true)}, out.List())
	assert.Equal(t, Toll{Duplicated: 1}, toll)
	out, _ = m.DeliverCopy(m.with(m.with(Channel{}, at(g, 1, true)), at(g, 1, false)), 0)
	assert.Equal(t, []Packet{at(g, 1, true)}, out.List())
}

// Where a packet stands for no other, each toll is told; that changes the network of
// a system, and nothing else of it.
func TestSystem_Counted(t *testing.T) {
	y := newSystem(t, "a-octets=0 b-octets=0")
	z := y.Counted()
	assert.False(t, y.Medium().Counted)
	m := y.Medium()
	m.Counted = true
	assert.Equal(t, m, z.Medium())
	assert.Equal(t, y.Init(), z.Init())
	assert.Equal(t, y.Stack(A), z.Stack(A))
}

// A step that there is not is refused, and changes nothing.
func TestStep_Refused(t *testing.T) {
	y := newSystem(t, "a-octets=0 b-octets=0")
	s := y.Init()
	o, ok := y.Step(s, Action{Kind: Calls, Side: A, Call: Close})
	require.True(t, ok)
	sent := o.To
	fin := sent.Nets[A].Packets[0]
	for name, a := range map[string]Action{
		"a third side":             {Kind: Calls, Side: B + 1, Call: Close},
		"a second CLOSE":           {Kind: Calls, Side: A, Call: Close},
		"no timeout":               {Kind: Timeouts, Side: A, Timeout: Retransmission},
		"an empty place":           {Kind: Deliveries, Side: A, Place: 1, Packet: fin},
		"an empty place, its zero": {Kind: Deliveries, Side: A, Place: 1},
		"another packet":           {Kind: Deliveries, Side: A, Packet: Packet{Segment: Segment{Ctl: ACK}}},
		"the other network":        {Kind: Losses, Side: B, Packet: fin},
		"no kind":                  {Kind: numKinds, Side: A},
	} {
		o, ok := y.Step(sent, a)
		assert.False(t, ok, name)
		assert.Equal(t, sent, o.To, name)
	}
	// Time does not pass a timeout that is due, nor where nothing waits for it.
	o, ok = y.Step(s, Action{Kind: Ticks})
	assert.False(t, ok)
	assert.Equal(t, uint16(1), o.Elapsed)
	due := sent
	due.Ends[A].Rto = 0
	o, ok = y.Step(due, Action{Kind: Ticks})
	assert.False(t, ok)
	assert.Equal(t, due.Ends, o.To.Ends)
	rest, ok := y.Stack(A).Tick(due.Ends[A], 1)
	assert.False(t, ok)
	assert.Equal(t, due.Ends[A], rest)
}

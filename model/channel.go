package model

import (
	"cmp"
	"slices"
)

// MaxCapacity is the largest capacity of a channel.
const MaxCapacity = 8

// A Packet is a segment in the network.
type Packet struct {
	Segment
	Of  Tag    // history, as none but monitors see it
	Age uint16 // ticks since it was sent; less than the MSL
	// Spare: it has been delivered before, and this is a copy. It may vanish free
	// of charge, and may live longer than what was not delivered. Where neither
	// makes a difference none is marked.
	Spare bool
	// Behind: it has come by the box, where there is one.
	Behind bool
}

// A Channel is one direction of the network: the packets in transit. If
// reordering is unlimited they are a set, sorted, oldest first; otherwise they
// are in the order in which they were sent.
type Channel struct {
	N       uint8
	Packets [MaxCapacity]Packet // the first N; the rest is zero
}

// A Toll is what a step costs the network, where that is counted.
type Toll struct {
	Lost       uint8 // packets that will never be delivered
	Duplicated uint8
	Overtaken  uint8
	// Barred counts what the network does not do: see Loses.
	Barred uint8
	// Overflow counts those of the lost that did not find room: that they are lost is
	// the model's doing, and only as good as a loss where it can be paid.
	Overflow uint8
}

// plus returns both tolls together.
func (t Toll) plus(u Toll) Toll {
	return Toll{t.Lost + u.Lost, t.Duplicated + u.Duplicated, t.Overtaken + u.Overtaken, t.Barred + u.Barred, t.Overflow + u.Overflow}
}

// A Medium is the rules of a channel.
type Medium struct {
	MSL       uint16 // ticks after which a packet is gone
	Delay     uint16 // ticks after which one that was never delivered is gone; at most the MSL
	Capacity  uint8
	Loss      Limit
	Duplicate Limit
	Reorder   Limit
	From      Side // the side that sends into it, where that makes a difference
	Loses     Loses
	Boxed     bool // there is a box: a channel is two hops
	// Counted: every toll is told, also of what is not limited. Then no packet
	// stands for another, and packets keep their order.
	Counted bool
}

// Of returns the rules of the channel into which side sends.
func (m Medium) Of(side Side) Medium {
	m.From = side
	return m
}

// keepsOrder reports whether the packets of a channel are in the order in which they
// were sent: where it matters which overtakes which.
func (m Medium) keepsOrder() bool { return m.Reorder != Unlimited || m.Counted }

// subsumes reports whether of several copies of a segment the one that lives
// longest makes the others redundant: where the network may lose and duplicate at
// will and in any order, whatever another could do it can.
func (m Medium) subsumes() bool {
	return m.Loss == Unlimited && m.Duplicate == Unlimited && m.Reorder == Unlimited && m.Loses == LosesAny && !m.Counted
}

// remaining returns how many ticks p has to live.
func (m Medium) remaining(p Packet) uint16 {
	if p.Spare {
		return m.MSL - p.Age
	}
	return m.Delay - p.Age
}

// Unlimited reports whether the network may lose, duplicate and reorder whatever it has.
func (m Medium) Unlimited() bool { return m.subsumes() }

// Covers reports whether the network can do with q whatever it can do with p, where it is
// Unlimited: q is the same segment and lives at least as long, also when it has been
// delivered.
func (m Medium) Covers(q, p Packet) bool {
	if q.Segment != p.Segment || q.Of != p.Of || q.Behind != p.Behind {
		return false
	}
	if p.Spare && !q.Spare {
		return m.remaining(q) >= m.remaining(p)
	}
	return q.Age <= p.Age
}

// marks reports whether it makes a difference that a packet has been delivered
// before.
func (m Medium) marks() bool {
	return m.Loss != Unlimited || m.Loses != LosesAny || m.Delay < m.MSL || m.Counted
}

// List returns the packets in transit.
func (c *Channel) List() []Packet { return c.Packets[:c.N] }

// Send puts a segment into the channel.
func (m Medium) Send(c Channel, g Segment, of Tag) (Channel, Toll) {
	return m.Enter(c, Packet{Segment: g, Of: of})
}

// Enter puts a packet into the channel: one that is sent, or that the box passes.
func (m Medium) Enter(c Channel, p Packet) (Channel, Toll) {
	if m.subsumes() {
		// A copy that lives longer than p may wait to be delivered does not stand
		// for p, of which there may be a copy yet that lives longer still.
		for i := int(c.N) - 1; i >= 0; i-- {
			switch q := c.Packets[i]; {
			case m.Covers(q, p):
				return c, Toll{}
			case m.Covers(p, q):
				c = c.without(i)
			}
		}
	}
	if m.full(&c, p.Behind) && (m.Loss != Unlimited || m.Counted) {
		// A spare copy may vanish free of charge, and now does.
		if i := slices.IndexFunc(c.List(), func(q Packet) bool { return q.Spare && q.Behind == p.Behind }); i >= 0 {
			c = c.without(i)
		}
	}
	if m.full(&c, p.Behind) {
		if p.Spare {
			return c, Toll{}
		}
		toll := m.lost(p)
		toll.Overflow = 1
		return c, toll
	}
	return m.with(c, p), Toll{}
}

// full reports whether there is no room in a hop of the channel.
func (m Medium) full(c *Channel, behind bool) bool {
	if !m.Boxed {
		return c.N >= m.Capacity
	}
	n := uint8(0)
	for _, p := range c.List() {
		if p.Behind == behind {
			n++
		}
	}
	return n >= m.Capacity
}

// with puts p where it belongs.
func (m Medium) with(c Channel, p Packet) Channel {
	i := int(c.N)
	if !m.keepsOrder() {
		for i > 0 && p.compare(c.Packets[i-1]) < 0 {
			c.Packets[i] = c.Packets[i-1]
			i--
		}
	}
	c.Packets[i] = p
	c.N++
	return c
}

// without takes out the packet at i.
func (c Channel) without(i int) Channel {
	copy(c.Packets[i:], c.Packets[i+1:c.N])
	c.N--
	c.Packets[c.N] = Packet{}
	return c
}

// compare orders packets: the older first, then by what they say.
func (p Packet) compare(q Packet) int {
	spare := func(p Packet) int {
		if p.Spare {
			return 1
		}
		return 0
	}
	return cmp.Or(
		-cmp.Compare(p.Age, q.Age),
		cmp.Compare(p.Seq, q.Seq),
		cmp.Compare(p.Ack, q.Ack),
		cmp.Compare(p.Len, q.Len),
		cmp.Compare(p.Ctl, q.Ctl),
		cmp.Compare(p.Wnd, q.Wnd),
		cmp.Compare(p.Ts, q.Ts),
		cmp.Compare(spare(p), spare(q)),
		cmp.Compare(p.Of.From, q.Of.From),
		cmp.Compare(p.Of.To, q.Of.To),
		cmp.Compare(hop(p), hop(q)),
	)
}

// hop orders the hops of a channel.
func hop(p Packet) int {
	if p.Behind {
		return 1
	}
	return 0
}

// Different lists the places of packets between which there is a difference: of
// equal ones that stand together, the first.
func (c *Channel) Different() []int {
	var places []int
	for i := range c.List() {
		if i == 0 || c.Packets[i] != c.Packets[i-1] {
			places = append(places, i)
		}
	}
	return places
}

// Deliver takes the packet at i out of the channel.
func (m Medium) Deliver(c Channel, i int) (Channel, Toll) {
	toll := m.overtaking(&c, i)
	toll.Barred = m.barred(c.Packets[i])
	return c.without(i), toll
}

// DeliverCopy delivers the packet at i and keeps a copy. A duplicate matters only
// when it is delivered, so it is made then: copying without delivering would add
// states and no behaviour.
func (m Medium) DeliverCopy(c Channel, i int) (Channel, Toll) {
	toll := m.overtaking(&c, i)
	toll.Duplicated, toll.Barred = 1, m.barred(c.Packets[i])
	if m.marks() {
		p := c.Packets[i]
		p.Spare = true
		if !m.keepsOrder() {
			c = c.without(i)
			if m.subsumes() {
				for j, q := range c.List() {
					if q.Segment == p.Segment && q.Of == p.Of && q.Behind == p.Behind && q.Spare { // an older copy
						if q.Age < p.Age {
							return c, toll
						}
						c = c.without(j)
						break
					}
				}
			}
			c = m.with(c, p)
		} else {
			c.Packets[i] = p
		}
	}
	return c, toll
}

// overtaking returns the toll for a delivery from place i.
func (m Medium) overtaking(c *Channel, i int) Toll {
	if !m.keepsOrder() {
		return Toll{}
	}
	for _, older := range c.Packets[:i] {
		if older.Behind == c.Packets[i].Behind {
			return Toll{Overtaken: 1}
		}
	}
	return Toll{}
}

// Lose drops the packet at i.
func (m Medium) Lose(c Channel, i int) (Channel, Toll) {
	var toll Toll
	if !c.Packets[i].Spare {
		toll = m.lost(c.Packets[i])
	}
	return c.without(i), toll
}

// Tick makes every packet a tick older. One whose time is over is gone.
func (m Medium) Tick(c Channel) (Channel, Toll) {
	var older Channel
	var toll Toll
	for _, p := range c.List() {
		if p.Age++; m.remaining(p) > 0 {
			older.Packets[older.N] = p
			older.N++
		} else if !p.Spare {
			toll = toll.plus(m.lost(p))
		}
	}
	return older, toll
}

// lost returns the toll for the loss of p.
func (m Medium) lost(p Packet) Toll {
	if m.Loses != LosesAny && !m.Loses.names(m.From, p.Segment) {
		return Toll{Lost: 1, Barred: 1}
	}
	return Toll{Lost: 1}
}

// barred returns 1 if p is always lost, and so never delivered, and 0 otherwise.
func (m Medium) barred(p Packet) uint8 {
	if m.Loss == Unlimited && m.Loses != LosesAny && m.Loses.names(m.From, p.Segment) {
		return 1
	}
	return 0
}

// Expiring returns the packets of c that the next tick removes.
func (m Medium) Expiring(c Channel) (gone Channel) {
	for _, p := range c.List() {
		if m.remaining(p) == 1 {
			gone.Packets[gone.N] = p
			gone.N++
		}
	}
	return gone
}

// A Budget is how much the network may still do, of what is limited.
type Budget struct {
	Losses     uint8
	Duplicates uint8
	Overtakes  uint8
}

// Pay takes a toll from the budget. ok is false if there is not enough, so that the step
// is impossible; overflow is true if only room was lacking, so that a larger channel
// would have the step.
func (m Medium) Pay(b Budget, t Toll) (rest Budget, ok, overflow bool) {
	rest = b
	pay := func(limit Limit, left *uint8, n uint8) bool {
		if limit == Unlimited {
			return true
		}
		if n > *left {
			return false
		}
		*left -= n
		return true
	}
	if t.Barred > 0 {
		return b, false, t.Overflow > 0
	}
	ok = pay(m.Duplicate, &rest.Duplicates, t.Duplicated) && pay(m.Reorder, &rest.Overtakes, t.Overtaken)
	if !ok {
		return b, false, false
	}
	if !pay(m.Loss, &rest.Losses, t.Lost) {
		return b, false, t.Overflow > 0
	}
	return rest, true, false
}

// Medium returns the rules of the network, but for who sends: see Medium.Of.
func (c Config) Medium() Medium {
	return Medium{
		MSL: c.MSL, Delay: uint16(c.Delay.In(c.MSL)), Capacity: c.Capacity,
		Loss: c.Loss, Loses: c.Loses, Duplicate: c.Duplicate, Reorder: c.Reorder,
		Boxed: c.Between.Box != nil,
	}
}

package model

import (
	"cmp"
	"fmt"
	"time"

	"tcpclose/box"
)

// A box stands between the ends, where there is one (package box). What an end sends is in
// transit to the box; what the box passes is in transit behind it. Both hops lose,
// duplicate and reorder as the network does, each has the capacity, and the age of a packet
// goes on: the MSL is its life in the whole network. The box itself takes no time.

// A Between is the box of a configuration, and what may happen to it. Without a box the
// rest has no meaning.
type Between struct {
	Box       *box.Box
	Tick      time.Duration // how long a tick is for its timers; 0 for 10 seconds
	Counted   uint16        // ticks; a longer timer does not run out, unless time strides; 0 for 100
	Horizon   uint16        // ticks: where time strides to, if it does; 0 for 50
	Linger    uint16        // ticks: how long an entry should at most outlive both ends; 0 for 24
	Restarts  Limit         // that it forgets its entry at any time
	Evictions Limit         // that it forgets an entry in a state in which it may
	Sees      Sees
}

// Finer returns the same at a tick that is n times finer.
func (b Between) Finer(n int) (Between, error) {
	tick, counted := cmp.Or(b.Tick, defaultBoxTick), int(cmp.Or(b.Counted, defaultCounted))*n
	horizon, linger := int(cmp.Or(b.Horizon, defaultHorizon))*n, int(b.LingerLimit())*n
	if tick%(time.Duration(n)*time.Millisecond) != 0 || max(counted, horizon, linger) > maxTicks {
		return b, invalid("box-tick: %v, box-counted: %d: want a tick of %d milliseconds or a multiple, and at most %d ticks then", tick, counted/n, n, maxTicks)
	}
	b.Tick, b.Counted, b.Horizon, b.Linger = tick/time.Duration(n), uint16(counted), uint16(horizon), uint16(linger)
	return b, nil
}

// TickLength returns how long a tick is for the timers of the box.
func (b *Between) TickLength() time.Duration { return cmp.Or(b.Tick, defaultBoxTick) }

// LongestCounted returns the longest timer of the box that runs out, unless time strides.
func (b *Between) LongestCounted() time.Duration {
	return time.Duration(cmp.Or(b.Counted, defaultCounted)) * b.TickLength()
}

// LingerLimit returns how many ticks an entry should at most outlive both ends.
func (b *Between) LingerLimit() uint16 { return cmp.Or(b.Linger, defaultLinger) }

// Sees says which segments come by the box.
type Sees uint8

const (
	SeesBoth Sees = iota
	SeesA         // those of a; those of b take another way
	SeesB
)

var seesNames = [...]string{"both", "a", "b"}

func (s Sees) String() string { return nameOf(seesNames[:], s) }

// LargestCapacity returns the largest capacity that a network like that of c can have.
func (c *Config) LargestCapacity() uint8 {
	if c.Between.Box != nil {
		return maxBoxCapacity
	}
	return MaxCapacity
}

// maxBoxCapacity is the largest capacity of a hop: a Channel has room for both.
const maxBoxCapacity = MaxCapacity / 2

// sees reports whether what side sends comes by the box.
func (b *Between) sees(side Side) bool {
	return b.Box != nil && (b.Sees == SeesBoth || (b.Sees == SeesA) == (side == A))
}

// A BoxState is what a box knows, and how often it may yet forget.
type BoxState struct {
	Entry     box.Entry
	Restarts  uint8
	Evictions uint8
	// Strode: time has gone on in a stride to the horizon, and since then there was no tick
	// in which all was still, nor was the timer started or cut short. Should the entry expire
	// now, what users do earlier could make it expire, too, and the horizon is too short.
	Strode bool
}

// A BoxAct is what a box does of itself.
type BoxAct uint8

const (
	BoxExpires  BoxAct = iota // the time of its entry is over
	BoxEvicts                 // it has too many entries
	BoxRestarts               // it has lost them

	numBoxActs
)

var boxActNames = [numBoxActs]string{"expire", "evict", "restart"}

func (a BoxAct) String() string { return nameOf(boxActNames[:], a) }

// ParseBoxAct returns the act of that name.
func ParseBoxAct(name string) (BoxAct, error) {
	for i, n := range boxActNames {
		if n == name {
			return BoxAct(i), nil
		}
	}
	return 0, invalid("%q: want expire, evict or restart", name)
}

// A BoxEffect is what a box does in a step.
type BoxEffect struct {
	Acts    bool // it does something: a segment has arrived, or it acts of itself
	Verdict box.Verdict
	Resets  [2]Segment // the RSTs that it sends, by who seems to send them
	Tag     [2]Tag     // of these
}

// A Watcher is the rules of a box: those of its table, and which segments it sees.
type Watcher struct {
	*box.Table
	between Between
	time    TimeKind
}

// Watcher returns the rules of the box, or nil if there is none.
func (c Config) Watcher() *Watcher {
	if c.Between.Box == nil {
		return nil
	}
	between, counted := c.Between, uint32(cmp.Or(c.Between.Counted, defaultCounted))
	if c.Time == TimeStrides {
		counted = box.Never
	}
	between.Horizon = cmp.Or(between.Horizon, defaultHorizon)
	return &Watcher{between.Box.Table(cmp.Or(between.Tick, defaultBoxTick), counted), between, c.Time}
}

// begin returns what the box knows at the start: what the handshake has left, if the
// connection is open.
func (w *Watcher) begin(c *Config) (b BoxState) {
	b.Restarts, b.Evictions = uint8(max(c.Between.Restarts, 0)), uint8(max(c.Between.Evictions, 0))
	if c.Start == StartEstablished {
		client := A
		if c.Apps[A].Opens == OpensPassively && c.Apps[B].Opens != OpensPassively {
			client = B
		}
		b.Entry = w.Open(box.Side(client))
	}
	return b
}

// Meets reports whether the box is where a packet of side arrives next.
func (w *Watcher) Meets(side Side, p Packet) bool {
	return w != nil && !p.Behind && w.between.sees(side)
}

// view returns a segment as the box sees it.
func view(from Side, g Segment) box.Segment {
	s := box.Segment{From: box.Side(from), Seq: int8(g.Seq), Ack: int8(g.Ack), Len: g.Len, Closed: g.Wnd != Wide && g.Wnd.Size() == 0 && !g.Ctl.Has(RST)}
	for _, bit := range [...]struct {
		is   Ctl
		seen box.Ctl
	}{{FIN, box.FIN}, {SYN, box.SYN}, {RST, box.RST}, {ACK, box.ACK}} {
		if g.Ctl.Has(bit.is) {
			s.Ctl |= bit.seen
		}
	}
	return s
}

// made returns a segment that the box has made: an RST.
func made(s box.Segment) Segment {
	if s.Ctl == 0 {
		return Segment{}
	}
	g := Segment{Seq: Seq(s.Seq), Ack: Seq(s.Ack), Ctl: RST}
	if s.Ctl&box.ACK != 0 {
		g.Ctl |= ACK
	}
	return g
}

// Arrives returns what becomes of the box when a packet of side arrives, and what it does.
func (w *Watcher) Arrives(b BoxState, side Side, p Packet) (BoxState, BoxEffect) {
	e := BoxEffect{Acts: true}
	s := view(side, p.Segment)
	var restarted bool
	b.Entry, e.Verdict, restarted = w.Follow(b.Entry, s)
	b.Strode = b.Strode && !restarted
	if e.Verdict == box.Answered {
		to := side.Peer()
		e.Resets[to], e.Tag[to] = made(w.Reset(s)), Tag{From: p.Of.To, To: p.Of.From}
	}
	return b, e
}

// Acts appends what the box may do of itself.
func (w *Watcher) Acts(dst []BoxAct, b BoxState) []BoxAct {
	may := func(limit Limit, left uint8) bool { return limit == Unlimited || left > 0 }
	if w.Due(b.Entry) {
		dst = append(dst, BoxExpires)
	}
	if w.MayEvict(b.Entry) && may(w.between.Evictions, b.Evictions) {
		dst = append(dst, BoxEvicts)
	}
	if b.Entry.Used && may(w.between.Restarts, b.Restarts) {
		dst = append(dst, BoxRestarts)
	}
	return dst
}

// Act returns what becomes of the box when it does something of itself.
func (w *Watcher) Act(b BoxState, a BoxAct) (BoxState, BoxEffect) {
	e := BoxEffect{Acts: true}
	switch a {
	case BoxExpires:
		for side, s := range w.Expire(b.Entry) {
			e.Resets[side] = made(s)
		}
	case BoxEvicts:
		if w.between.Evictions != Unlimited {
			b.Evictions--
		}
	case BoxRestarts:
		if w.between.Restarts != Unlimited {
			b.Restarts--
		}
	}
	b.Entry, b.Strode = box.Entry{}, false
	return b, e
}

// Short reports whether an act shows that the horizon is too short: what a user has done at
// the horizon has neither come to rest nor had the timer started again when the entry expires.
func (w *Watcher) Short(b BoxState, a BoxAct) bool { return a == BoxExpires && b.Strode }

// Tick lets n ticks pass; still reports whether they do for the box alone. It reports false
// if the entry expires before.
func (w *Watcher) Tick(b BoxState, n uint16, still bool) (BoxState, bool) {
	far := b.Entry.Used && b.Entry.Left > uint32(w.between.Horizon)
	to, ok := w.Table.Tick(b.Entry, uint32(n))
	if !ok {
		return b, false
	}
	b.Entry = to
	if still {
		b.Strode = far && to.Left == uint32(w.between.Horizon)
	}
	return b, true
}

// Leap returns how far time may go in one step: n for all that ends and network have to do
// with it, and less if the box does something before. still reports whether it is the box
// alone for which time passes.
func (w *Watcher) Leap(b BoxState, n uint16) (leap uint16, still bool) {
	left := w.Deadline(b.Entry)
	still = n >= Still && w.time == TimeStrides
	switch horizon := uint32(w.between.Horizon); {
	case left == box.Never:
		return n, still
	case n == Still && still && left <= horizon:
		return 1, still
	case n == Still && still:
		left -= horizon
	}
	return uint16(min(uint32(n), max(1, left), maxTicks)), still
}

// between returns the fields of the box.
func between() []Field {
	const forBox = "with a box: "
	list := []Field{{
		Name: "box", Base: "box", Scope: OfSystem, Group: Network, Meaning: "what follows the connection between the ends; also with settings, as in conntrack,tcp_loose=0",
		Values: "off, or the name of a box",
		get: func(c *Config) string {
			if c.Between.Box == nil {
				return "off"
			}
			return c.Between.Box.Name
		},
		set: func(c *Config, text string) (err error) {
			if text == "off" {
				c.Between.Box = nil
				return nil
			}
			b, err := box.Find(text)
			if err == nil {
				c.Between.Box = b
			}
			return err
		},
	}}
	add := func(more []Field) { list = append(list, more...) }
	add(ofSystem("box-tick", Network, forBox+"how long a tick is for its timers", seconds, func(c *Config) *time.Duration { return &c.Between.Tick }))
	add(ofSystem("box-counted", Network, forBox+"the longest timer that is counted, unless time strides", counted, func(c *Config) *uint16 { return &c.Between.Counted }))
	add(ofSystem("box-horizon", Network, forBox+"where 'strides' lead, before it forgets", horizon, func(c *Config) *uint16 { return &c.Between.Horizon }))
	add(ofSystem("box-linger", Network, forBox+"how long its entry may outlive both ends", linger, func(c *Config) *uint16 { return &c.Between.Linger }))
	add(ofSystem("box-restarts", Network, forBox+"how often it may lose its entry at any time", limit("times"), func(c *Config) *Limit { return &c.Between.Restarts }))
	add(ofSystem("box-evictions", Network, forBox+"how often it may evict its entry, in states in which it may", limit("times"), func(c *Config) *Limit { return &c.Between.Evictions }))
	add(ofSystem("box-sees", Network, forBox+"whose segments come by it", oneOf[Sees](seesNames[:]), func(c *Config) *Sees { return &c.Between.Sees }))
	return list
}

const (
	defaultBoxTick = 10 * time.Second
	defaultCounted = 100
	defaultHorizon = 50
	defaultLinger  = 24 // 240 s of the usual ticks, as RFC 5382 has it
)

var counted, horizon, linger = ticksOr(defaultCounted), ticksOr(defaultHorizon), ticksOr(defaultLinger)

// ticksOr returns the kind of a number of ticks of which 0 stands for the usual one.
func ticksOr(usual uint16) kind[uint16] {
	return kind[uint16]{
		values: tickCount(1).values, unit: "ticks",
		text: func(n uint16) string { return tickCount(1).text(cmp.Or(n, usual)) },
		parse: func(s string) (uint16, error) {
			n, err := tickCount(1).parse(s)
			if n == usual {
				n = 0
			}
			return n, err
		},
	}
}

// maxBoxTick bounds the length of a tick.
const maxBoxTick = time.Hour

var seconds = kind[time.Duration]{
	values: "1ms-1h",
	text:   func(d time.Duration) string { return cmp.Or(d, defaultBoxTick).String() },
	parse: func(s string) (time.Duration, error) {
		d, err := time.ParseDuration(s)
		if err != nil || d < time.Millisecond || d > maxBoxTick || d%time.Millisecond != 0 {
			return 0, invalid("%q: want a time from 1ms to 1h, as in 500ms", s)
		}
		if d == defaultBoxTick {
			return 0, nil
		}
		return d, nil
	},
}

// validateBox reports the first thing about the box that cannot be.
func (c Config) validateBox() error {
	if c.Between.Box != nil && c.Capacity > maxBoxCapacity {
		return invalid("capacity: %d: want at most %d with a box, on each side of it", c.Capacity, maxBoxCapacity)
	}
	return nil
}

// String returns what happens as traces name it.
func (e BoxEffect) String() string { return fmt.Sprint(e.Verdict) }

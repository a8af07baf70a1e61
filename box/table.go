package box

import "time"

// A Table is a box whose timers are in ticks, and whose options are settled.
type Table struct {
	Box   *Box
	tick  time.Duration
	ticks []uint32 // by timer
	// NotCounted is the timers that do not run out, because they are longer than what is
	// counted.
	NotCounted []Timer

	rules        []rule
	limits       []limit
	dropsInvalid bool
	mostRepeats  uint8
	needs        needs
}

// needs tells what of an entry has to be kept, because a rule asks it.
type needs struct {
	ends, acks, fins     bool // numbers
	fin, answered        bool
	last, ends2, repeats bool // the kind of the last segment; where it ended; all of it
}

// Table returns the box with its timers in ticks, rounded up. A timer of more ticks than
// counted does not run out.
func (b *Box) Table(tick time.Duration, counted uint32) *Table {
	t := &Table{Box: b, tick: tick, dropsInvalid: true}
	for _, timer := range b.Timers {
		n := (time.Duration(timer.Seconds)*time.Second + tick - 1) / tick
		if n > time.Duration(counted) || n >= Never {
			n = Never
			t.NotCounted = append(t.NotCounted, timer)
		}
		t.ticks = append(t.ticks, uint32(n))
	}
	options := map[string]int{}
	for _, o := range b.Options {
		options[o.Name] = o.Value
		if o.Name == dropInvalid {
			t.dropsInvalid = o.Value != 0
		}
	}
	settle := func(when []condition) (settled []condition, may bool) {
		for _, c := range when {
			if c.named != "" {
				c.value = options[c.named]
			}
			if c.what == asksOption {
				if (c.value != 0) == c.not {
					return nil, false
				}
				continue
			}
			t.need(c)
			settled = append(settled, c)
		}
		return settled, true
	}
	for _, r := range b.rules {
		if when, may := settle(r.when); may {
			r.when = when
			t.rules = append(t.rules, r)
		}
	}
	for _, l := range b.limits {
		if when, may := settle(l.when); may && t.ticks[l.timer] != Never {
			l.when = when
			t.limits = append(t.limits, l)
		}
	}
	if b.resets {
		t.needs.acks, t.needs.ends = true, true
	}
	return t
}

// TickLength returns how long a tick is.
func (t *Table) TickLength() time.Duration { return t.tick }

// dropInvalid is the option that says what becomes of an invalid segment.
const dropInvalid = "drop_invalid"

// need notes what a condition asks.
func (t *Table) need(c condition) {
	n := &t.needs
	switch c.what {
	case acksFin:
		n.fins = true
	case isExact, isBelow:
		n.acks = true
	case isTrain:
		n.last, n.ends2 = true, true
	case inWindow:
		n.ends = true
	case isUnacked:
		n.ends, n.acks = true, true
	case isRepeated:
		n.last, n.ends2, n.repeats = true, true, true
		t.mostRepeats = max(t.mostRepeats, uint8(min(c.value, maxRepeats)))
	case afterSYN, afterOwnRST:
		n.last = true
	case finSeen:
		n.fin = true
	case isAnswered:
		n.answered = true
	}
}

// reduced returns the entry without what no rule asks.
func (t *Table) reduced(e Entry) Entry {
	n := &t.needs
	for i := range e.seen {
		s := &e.seen[i]
		if !n.ends {
			s.end, s.numbered = 0, false
		}
		if !n.acks {
			s.ack, s.acking = 0, false
		}
		if !n.fins {
			s.fin, s.closes = 0, false
		}
	}
	e.fin, e.answered = e.fin && n.fin, e.answered && n.answered
	if !n.last {
		e.last = last{}
	}
	if !n.ends2 {
		e.last.end = 0
	}
	if !n.repeats {
		e.last.ack, e.last.len, e.last.closed, e.last.times = 0, 0, false, 0
	}
	return e
}

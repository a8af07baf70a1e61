package box

// Never is the time left of an entry that does not expire.
const Never = 1<<32 - 1

// A Side is one of the two ends, 0 or 1.
type Side = uint8

// Ctl is the control bits of a segment.
type Ctl uint8

const (
	FIN Ctl = 1 << iota
	SYN
	RST
	ACK
)

// A Segment is what a box sees of one. The zero Segment is none.
type Segment struct {
	From     Side
	Ctl      Ctl
	Seq, Ack int8
	Len      uint8
	Closed   bool // its window is 0
}

// end returns the number behind the segment.
func (s Segment) end() int8 {
	n := s.Seq + int8(s.Len)
	if s.Ctl&SYN != 0 {
		n++
	}
	if s.Ctl&FIN != 0 {
		n++
	}
	return n
}

// An Entry is what a box knows of a connection. The zero Entry is none. What the rules of
// a box do not ask is not kept.
type Entry struct {
	Used   bool
	Client Side
	States [2]uint8 // by side; of the connection: both are the same
	Left   uint32   // ticks until it expires, or Never

	seen     [2]seen
	fin      bool // one was seen
	answered bool
	last     last
}

// seen has what was seen of one side.
type seen struct {
	end, ack         int8 // the highest number behind a segment, and acknowledged
	numbered, acking bool // there is such a number
	fin              int8 // the number behind its FIN
	closes           bool // there is one
}

// last is the segment before.
type last struct {
	kind     uint8 // 1 + its kind; 0 for none
	from     Side
	end, ack int8
	len      uint8
	closed   bool
	times    uint8 // that it was repeated
}

// A Verdict is what a box does with a segment.
type Verdict uint8

const (
	Passed Verdict = iota
	Dropped
	Answered // dropped, and answered with an RST
)

func (v Verdict) String() string { return [...]string{"passes", "drops", "resets"}[v] }

// State returns the state of an entry as the box names it: of the connection, or of both
// sides, with a slash between them.
func (t *Table) State(e Entry) string {
	switch {
	case !e.Used:
		return "-"
	case t.Box.Each:
		return t.Box.States[e.States[0]] + "/" + t.Box.States[e.States[1]]
	}
	return t.Box.States[e.States[0]]
}

// Open returns the entry of a connection that client has just opened: what its handshake
// leaves. The first octet of each side has the number 0.
func (t *Table) Open(client Side) (e Entry) {
	for _, s := range []Segment{
		{From: client, Ctl: SYN, Seq: -1},
		{From: 1 - client, Ctl: SYN | ACK, Seq: -1},
		{From: client, Ctl: ACK},
	} {
		e, _ = t.Arrives(e, s)
	}
	return e
}

// Arrives returns what becomes of the entry when a segment arrives, and what the box does
// with the segment.
func (t *Table) Arrives(e Entry, s Segment) (Entry, Verdict) {
	e, v, _ := t.Follow(e, s)
	return e, v
}

// Follow returns what Arrives does, and whether what is left of the entry's time is no
// longer what it was before: the timer was started, or cut short, or there is none.
func (t *Table) Follow(e Entry, s Segment) (to Entry, v Verdict, restarted bool) {
	from := e
	step := step{Table: t, e: e, s: s, kind: kindOf(s), timer: -1}
	for range 2 { // again happens once: there is no entry then
		if !step.run() {
			break
		}
	}
	switch {
	case step.untouched:
		return from, step.verdict, false
	case step.removed:
		return Entry{}, step.verdict, true
	case !step.e.Used:
		return Entry{}, step.verdict, true
	}
	to, restarted = step.e, !from.Used
	if step.noted {
		to = from
	} else {
		to = step.count(to)
		if !step.keep {
			to.Left = step.left(to)
			restarted = true
		}
		if lower := step.ticksOf(step.lower); lower < to.Left {
			to.Left = lower
			restarted = true
		}
	}
	if !step.forget {
		to.last = step.note(to.last)
	} else {
		to.last = last{}
	}
	return t.reduced(to), step.verdict, restarted
}

// A step is a segment's way through the rules.
type step struct {
	*Table
	e         Entry
	s         Segment
	kind      kind
	verdict   Verdict
	untouched bool // the entry stays as it was
	removed   bool
	noted     bool // of the entry only the last segment changes
	keep      bool
	forget    bool
	timer     int // that the rules name, or -1
	lower     int // 1 + the timer that says how much is left at most; 0 for none
}

// run goes through the rules, and reports whether they are to be gone through again.
func (p *step) run() (again bool) {
	found := false
	for i := range p.rules {
		r := &p.rules[i]
		if !p.matches(r) {
			continue
		}
		found = true
		goOn := false
		for _, a := range r.does {
			switch a.what {
			case continues:
				goOn = true
			case repeats:
				p.e = Entry{}
				return true
			default:
				p.do(a)
			}
		}
		if !goOn {
			return false
		}
	}
	p.untouched = !found && !p.e.Used
	return false
}

// matches reports whether a rule is for the segment.
func (p *step) matches(r *rule) bool {
	self, peer := p.e.States[p.s.From], p.e.States[1-p.s.From]
	switch {
	case r.without == p.e.Used || r.kinds>>p.kind&1 == 0:
		return false
	case r.from == fromClient && p.s.From != p.e.Client, r.from == fromServer && p.s.From == p.e.Client:
		return false
	case r.in != 0 && !r.in.has(self), r.self != 0 && !r.self.has(self), r.others != 0 && !r.others.has(peer):
		return false
	}
	for _, c := range r.when {
		if p.holds(c) == c.not {
			return false
		}
	}
	return true
}

// holds reports whether what a condition asks is so.
func (p *step) holds(c condition) bool {
	mine, its := &p.e.seen[p.s.From], &p.e.seen[1-p.s.From]
	was := p.e.last
	switch c.what {
	case asksOption:
		return c.value != 0
	case hasAck:
		return p.s.Ctl&ACK != 0
	case acksFin:
		return p.s.Ctl&ACK != 0 && its.closes && p.s.Ack >= its.fin
	case isExact:
		return !its.acking || p.s.Seq == its.ack
	case isBelow:
		return its.acking && p.s.Seq < its.ack
	case isTrain:
		return was.kind == 1+uint8(ofACK) && was.from == p.s.From && p.s.Seq == was.end
	case inWindow:
		return p.s.Ctl&ACK == 0 || !its.numbered || p.s.Ack <= its.end || p.kind == ofRST && p.s.Ack == 0
	case isUnacked:
		return mine.unacked(its) || its.unacked(mine)
	case isRepeated:
		return int(was.times) >= c.value
	case zeroWindow:
		return p.s.Closed
	case afterSYN:
		return was.kind == 1+uint8(ofSYN) && was.from != p.s.From
	case afterOwnRST:
		return was.kind == 1+uint8(ofRST) && was.from == p.s.From
	case finSeen:
		return p.e.fin
	case isAnswered:
		return p.e.answered
	}
	return false
}

// unacked reports whether something that s has sent was not seen acknowledged by its peer.
func (s *seen) unacked(peer *seen) bool {
	return s.numbered && peer.acking && peer.ack < s.end
}

// do does what a rule says.
func (p *step) do(a action) {
	switch a.what {
	case goes, goesBoth:
		p.e.States = [2]uint8{a.state, a.state}
	case goesSelf:
		p.e.States[p.s.From] = a.state
	case goesPeer:
		p.e.States[1-p.s.From] = a.state
	case keeps:
		p.keep = true
	case setsTimer:
		p.timer = a.timer
	case lowers:
		p.keep, p.lower = true, a.timer+1
	case passes:
		p.verdict = Passed
	case drops:
		p.verdict, p.untouched = Dropped, true
	case answers:
		p.verdict, p.untouched = Answered, true
	case invalidates:
		if p.untouched = true; p.dropsInvalid {
			p.verdict = Dropped
		}
	case removes:
		p.removed = true
	case creates:
		p.e = Entry{Used: true, Client: p.s.From}
		p.e.States[p.s.From], p.e.States[1-p.s.From] = a.state, a.peer
	case ignores:
		p.noted = true
	case forgets:
		p.forget = true
	case renumbers:
		p.e.seen = [2]seen{}
		if p.s.Ctl&ACK != 0 {
			p.e.seen[1-p.s.From] = seen{end: p.s.Ack, numbered: true}
		}
	}
}

// count returns the entry with the numbers of the segment.
func (p *step) count(e Entry) Entry {
	mine := &e.seen[p.s.From]
	if p.kind == ofRST {
		return e // what it says need not be of the connection
	}
	if end := p.s.end(); !mine.numbered || end > mine.end {
		mine.end, mine.numbered = end, true
	}
	if p.s.Ctl&ACK != 0 && (!mine.acking || p.s.Ack > mine.ack) {
		mine.ack, mine.acking = p.s.Ack, true
	}
	if p.s.Ctl&FIN != 0 {
		mine.fin, mine.closes = p.s.end(), true
		e.fin = true
	}
	e.answered = e.answered || p.s.From != e.Client
	return e
}

// note returns what there is to know of the segment before the next.
func (p *step) note(was last) last {
	is := last{kind: 1 + uint8(p.kind), from: p.s.From, end: p.s.end(), ack: p.s.Ack, len: p.s.Len, closed: p.s.Closed}
	if same := was; p.kind == ofACK {
		same.times = 0
		if same == is {
			is.times = min(was.times+1, p.mostRepeats)
		}
	}
	return is
}

// ticksOf returns the ticks of the timer of number n-1, or Never if n is 0.
func (p *step) ticksOf(n int) uint32 {
	if n == 0 {
		return Never
	}
	return p.ticks[n-1]
}

// left returns the ticks until an entry expires whose timer is restarted now.
func (p *step) left(e Entry) uint32 {
	timer := p.timer
	if timer < 0 {
		timer = p.Box.timerOf(e.States)
	}
	left := uint32(Never)
	if timer >= 0 {
		left = p.ticks[timer]
	}
	now := step{Table: p.Table, e: e, s: p.s, kind: p.kind}
	if now.e.last = p.note(e.last); p.timer >= 0 {
		return left
	}
	for _, l := range p.limits {
		cut := true
		for _, c := range l.when {
			cut = cut && now.holds(c) != c.not
		}
		if cut {
			left = min(left, p.ticks[l.timer])
		}
	}
	return left
}

// timerOf returns the number of the timer that is for the states, or -1.
func (b *Box) timerOf(s [2]uint8) int {
	for i := range b.Timers {
		t := &b.Timers[i]
		first, second := t.in.has(s[0]), t.in.has(s[1])
		switch {
		case t.where == otherwise, t.where == ofEither && (first || second), t.where != ofEither && first && second:
			return i
		}
	}
	return -1
}

// Tick returns the entry after n ticks. It reports false if it expires before.
func (t *Table) Tick(e Entry, n uint32) (Entry, bool) {
	if !e.Used || e.Left == Never {
		return e, true
	}
	if e.Left < n {
		return e, false
	}
	e.Left -= n
	return e, true
}

// Due reports whether the entry expires now.
func (t *Table) Due(e Entry) bool { return e.Used && e.Left == 0 }

// Deadline returns the number of ticks until the entry expires; Never if it does not.
func (t *Table) Deadline(e Entry) uint32 {
	if !e.Used {
		return Never
	}
	return e.Left
}

// MayEvict reports whether a box that has too many entries may forget this one.
func (t *Table) MayEvict(e Entry) bool {
	return e.Used && t.Box.evict.has(e.States[0]) && t.Box.evict.has(e.States[1])
}

// Expire returns the RSTs that the box sends when the entry expires: by which side they
// seem to be from.
func (t *Table) Expire(e Entry) (resets [2]Segment) {
	if !t.Box.resets {
		return resets
	}
	for side := range resets {
		// The receiver takes an RST of the number that it has acknowledged.
		r := Segment{From: Side(side), Ctl: RST, Seq: e.seen[1-side].ack}
		if !e.seen[1-side].acking {
			r.Seq = e.seen[side].end
		}
		resets[side] = r
	}
	return resets
}

// Reset returns the RST with which the box answers a segment, as from its receiver
// (RFC 9293, 3.10.7.1).
func (t *Table) Reset(s Segment) Segment {
	if s.Ctl&RST != 0 {
		return Segment{}
	}
	if s.Ctl&ACK != 0 {
		return Segment{From: 1 - s.From, Ctl: RST, Seq: s.Ack}
	}
	return Segment{From: 1 - s.From, Ctl: RST | ACK, Ack: s.end()}
}

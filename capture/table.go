package capture

import (
	"net/netip"
	"time"

	"tcpclose/stacks/wire"
)

// A Table sorts segments into connections.
type Table struct {
	// Linger is the time after which a connection that is closed is given. Quiet is that
	// for one that is not.
	Linger, Quiet time.Duration
	// Most is the number of connections that are followed at a time, MostFrames that of
	// frames that are kept of them: where there are more, the connection of which nothing
	// was heard for longest is given.
	Most, MostFrames int

	give   func(Connection)
	conns  map[key]*open
	frames int // that are kept
	// lists has the connections that are open, and those that are done.
	lists [2]list
}

type key struct{ low, high netip.AddrPort }

// NewTable returns a table that gives each connection once it is over.
func NewTable(give func(Connection)) *Table {
	return &Table{Linger: 2 * time.Minute, Quiet: 24 * time.Hour, Most: 100_000, MostFrames: 2_000_000, give: give, conns: map[key]*open{}}
}

// Add takes a segment. Segments come in the order of their frames.
func (t *Table) Add(s Segment) {
	t.expire(s.Time)
	k := keyOf(s)
	o := t.conns[k]
	replaced := o != nil && o.replacedBy(s)
	if replaced {
		t.end(o, Replaced)
		o = nil
	}
	if o == nil {
		o = t.begin(k, s)
		o.Follows = replaced
	}
	from := Client
	if s.From != o.Addrs[Client] {
		from = Server
	}
	kept := o.kept()
	o.add(s, from)
	t.touch(o)
	for t.frames += o.kept() - kept; t.frames > t.MostFrames && len(t.conns) > 1; {
		t.evict(o)
	}
}

// evict gives the connection of which nothing was heard for longest, one that is closed
// before one that is not, and not the one whose turn it is.
func (t *Table) evict(but *open) {
	if o := t.lists[1].eldest; o != nil && o != but {
		t.end(o, Closed)
	} else if o := t.lists[0].eldest; o != nil && o != but {
		t.end(o, Evicted)
	}
}

// Close gives all that is left: the capture has ended.
func (t *Table) Close() {
	for i, why := range []End{Ceased, Closed} {
		for o := t.lists[i].eldest; o != nil; o = t.lists[i].eldest {
			t.end(o, why)
		}
	}
}

func keyOf(s Segment) key {
	if s.From.Compare(s.To) < 0 {
		return key{s.From, s.To}
	}
	return key{s.To, s.From}
}

// begin begins a connection with its first segment. A SYN,ACK comes from the server.
func (t *Table) begin(k key, s Segment) *open {
	if len(t.conns) >= max(1, t.Most) {
		t.evict(nil)
	}
	o := &open{Connection: Connection{Addrs: [2]netip.AddrPort{s.From, s.To}, Began: s.Time}}
	if s.Ctl.Has(wire.SYN | wire.ACK) {
		o.Addrs[Client], o.Addrs[Server] = s.To, s.From
	}
	o.Shaken = s.Ctl.Has(wire.SYN)
	t.conns[k] = o
	o.last = s.Time
	t.lists[0].link(o)
	return o
}

// replacedBy reports whether the segment begins another connection between the same
// addresses: a SYN with a number that is not that of the SYN before it.
func (o *open) replacedBy(s Segment) bool {
	if !s.Ctl.Has(wire.SYN) || s.Ctl.Has(wire.ACK) {
		return false
	}
	from := Client
	if s.From != o.Addrs[Client] {
		from = Server
	}
	w := &o.ways[from]
	if !w.known || s.Seq == w.base {
		return false
	}
	// Both ends may open at once, and a challenged SYN has a number of its own: a
	// connection that lives is not replaced by a SYN within its numbers.
	return o.done() || !o.Shaken || len(o.Frames) > 0 && o.Story.Answered
}

// expire gives those of which nothing was heard for so long.
func (t *Table) expire(now time.Time) {
	for o := t.lists[1].eldest; o != nil && now.Sub(o.last) >= t.Linger; o = t.lists[1].eldest {
		t.end(o, Closed)
	}
	for o := t.lists[0].eldest; o != nil && now.Sub(o.last) >= t.Quiet; o = t.lists[0].eldest {
		t.end(o, Idle)
	}
}

// end gives the connection.
func (t *Table) end(o *open, why End) {
	o.in.unlink(o)
	k := key{o.Addrs[Client], o.Addrs[Server]}
	if k.high.Compare(k.low) < 0 {
		k.low, k.high = k.high, k.low
	}
	delete(t.conns, k)
	t.frames -= o.kept()
	c := o.Connection
	c.Frames, c.Cause = append(c.Frames, o.tail...), why
	c.Story.finish(o)
	t.give(c)
}

// touch makes o the newest of its list.
func (t *Table) touch(o *open) {
	to := &t.lists[0]
	if o.done() {
		to = &t.lists[1]
	}
	if to.newest != o {
		o.in.unlink(o)
		to.link(o)
	}
}

// A list has connections in the order of their last segments.
type list struct{ eldest, newest *open }

func (l *list) link(o *open) {
	o.in, o.before, o.after = l, l.newest, nil
	if l.newest != nil {
		l.newest.after = o
	} else {
		l.eldest = o
	}
	l.newest = o
}

func (l *list) unlink(o *open) {
	if o.before != nil {
		o.before.after = o.after
	} else {
		l.eldest = o.after
	}
	if o.after != nil {
		o.after.before = o.before
	} else {
		l.newest = o.before
	}
	o.in, o.before, o.after = nil, nil, nil
}

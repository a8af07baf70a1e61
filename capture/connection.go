package capture

import (
	"net/netip"
	"time"

	"tcpclose/stacks/wire"
)

// A Side is an end of a connection.
type Side uint8

// The ends. Where no SYN was seen, the client is the end whose segment came first.
const (
	Client Side = iota
	Server
)

// Sides lists both.
var Sides = [2]Side{Client, Server}

// Peer returns the other end.
func (s Side) Peer() Side { return 1 - s }

func (s Side) String() string { return [2]string{"client", "server"}[s] }

// A Seen is a segment of a connection. Seq counts from the initial number of its
// sender, Ack from that of the other end; they do not wrap.
type Seen struct {
	Frame    int
	At       time.Duration // since the connection's first frame
	From     Side
	Seq, Ack int64
	Ctl      wire.Ctl
	Wnd      int // octets; with Unscaled the field itself
	Len      int
	Opts     wire.Options
	Remarks  Remarks
}

// End returns the number after the segment's last.
func (s Seen) End() int64 {
	return s.Seq + int64(wire.Segment{Ctl: s.Ctl, Len: s.Len}.SpaceLen())
}

// Remarks says what a segment is, beside those before it.
type Remarks uint8

// The remarks.
const (
	Again     Remarks = 1 << iota // all that it has in sequence space had been seen
	Overtaken                     // part of it had not, and what follows it had
	Gap                           // something before it has not been seen
	Probe                         // without text, or with an octet of old text, before what was sent: RFC 9293, 3.8.4, 3.8.6.1
	Unscaled                      // the window's factor is not known
	Twice                         // the same packet was captured twice; it counts once
	Foreign                       // an RST, and its end goes on with other numbers: something between has sent it
)

// Has reports whether all of r are set.
func (s Remarks) Has(r Remarks) bool { return s&r == r }

// A Connection is what was captured of one.
type Connection struct {
	Addrs    [2]netip.AddrPort
	Began    time.Time
	Shaken   bool   // a SYN was seen
	Frames   []Seen // in order; of a long one those in the middle may be missing
	Left     int    // frames that Frames has not
	Segments [2]int
	Octets   [2]int64 // of text that was seen, once each
	Story    Story
	Cause    End  // why it was given
	Follows  bool // another one between the same addresses came right before it
}

// End says why a connection was given.
type End uint8

// The reasons.
const (
	Closed   End = iota // both FINs were acknowledged, or it was reset, and nothing came for a while
	Replaced            // a SYN began another one between the same addresses
	Ceased              // the capture ended
	Idle                // nothing came for so long that nothing more is expected
	Evicted             // its place was needed: what comes later counts as another one
)

var endNames = [...]string{"closed", "replaced", "ceased", "idle", "evicted"}

func (e End) String() string { return endNames[e] }

// Ends lists the names of why a connection is given.
func Ends() []string { return endNames[:] }

// A way is what has been seen of one direction.
type way struct {
	base   uint32 // the initial number
	known  bool   // base is
	next   int64  // the number after the highest seen
	acked  int64  // the highest that the other end has acknowledged
	seen   spans
	fin    int64 // the number of the FIN, if closed
	closed bool
	scale  uint8
	scaled scaling
	lastID uint16
	last   Seen
	opened bool // more than SYNs was sent
	// reset is the first RST after that, if any.
	reset Seen
	// tries counts the latest segments that came again or asked, without one of the other
	// end between.
	tries int
}

// scaling says how a window's factor is known.
type scaling uint8

const (
	notKnown scaling = iota
	offered          // in the SYN
	plain            // its SYN has no factor
)

// relative returns a number of the direction, near the last ones.
func (w *way) relative(n uint32, near int64) int64 {
	return near + int64(int32(n-w.base-uint32(near)))
}

// maxKept bounds the frames of a connection that are kept before its first FIN or RST: the
// first and the last of them. maxTail bounds those from there on.
const (
	maxKept = 64
	maxTail = 512
)

// open is a connection that is being followed.
type open struct {
	Connection
	ways          [2]way
	reset         bool
	last          time.Time
	in            *list // by last
	before, after *open
	tail          []Seen // before closing begins: the latest frames
	closing       bool
}

// add takes the segment.
func (o *open) add(s Segment, from Side) {
	w, back := &o.ways[from], &o.ways[from.Peer()]
	if !w.known {
		w.known = true
		if w.base = s.Seq - 1; s.Ctl.Has(wire.SYN) {
			w.base = s.Seq
		} else {
			w.next = 1
		}
	}
	if s.Ctl.Has(wire.ACK) && !back.known {
		back.known, back.base, back.next, back.acked = true, s.Ack-1, 1, 1
	}
	seen := Seen{
		Frame: s.Frame, At: s.Time.Sub(o.Began), From: from, Seq: w.relative(s.Seq, w.next),
		Ctl: s.Ctl, Wnd: int(s.Wnd), Len: s.Len, Opts: s.Opts,
	}
	if s.Ctl.Has(wire.ACK) {
		seen.Ack = back.relative(s.Ack, back.next)
	}
	o.last = s.Time
	if w.copied(s, seen) {
		o.twice(w.last.Frame)
		return
	}
	o.scale(w, s, &seen)
	o.remark(w, &seen)
	if s.Ctl.Has(wire.ACK) && !s.Ctl.Has(wire.RST) && seen.Ack > back.acked {
		back.acked = seen.Ack
	}
	o.Segments[from]++
	o.goesOn(w, seen)
	o.Story.take(o, seen)
	w.last, w.lastID = seen, s.ID
	if w.tries++; !seen.Remarks.Has(Probe) && !seen.Remarks.Has(Again) {
		w.tries = 0
	}
	back.tries = 0
	o.keep(seen)
}

// twice remarks that a frame was captured again, if it is among the latest.
func (o *open) twice(frame int) { o.mark(frame, Twice, 8) }

// mark adds a remark to a frame, if it is among the latest.
func (o *open) mark(frame int, r Remarks, latest int) {
	for _, list := range [][]Seen{o.tail, o.Frames} {
		for i := len(list) - 1; i >= max(0, len(list)-latest); i-- {
			if list[i].Frame == frame {
				list[i].Remarks |= r
				return
			}
		}
	}
}

// goesOn notes an RST, and finds out that the end has not sent it: an end has nothing
// behind the number of its RST, and acknowledges no more after it.
func (o *open) goesOn(w *way, seen Seen) {
	rst := w.reset
	switch {
	case seen.Ctl.Has(wire.SYN):
		w.reset = Seen{}
	case seen.Ctl.Has(wire.RST):
		// Before that an end has answered something else, if it has not named its own number.
		if own := seen.Ctl.Has(wire.ACK) && seen.Seq == w.next; (w.opened || own) && rst.Frame == 0 {
			w.reset = seen
		}
	case rst.Frame == 0:
		w.opened = true
	case seen.End() > rst.Seq && seen.End() > seen.Seq || rst.Ctl.Has(wire.ACK) && seen.Ctl.Has(wire.ACK) && seen.Ack > rst.Ack:
		o.mark(rst.Frame, Foreign, maxTail)
		o.Story.disown(rst.Frame)
		_, o.reset = o.Story.ending()
		w.reset = Seen{}
	}
}

// copied reports whether the same packet was captured before: nothing of it differs,
// its identification does not either, and it has one; or it came at once.
func (w *way) copied(s Segment, seen Seen) bool {
	l := w.last
	if l.Frame == 0 || l.Seq != seen.Seq || l.Ack != seen.Ack || l.Ctl != seen.Ctl || l.Len != seen.Len || l.Opts != seen.Opts {
		return false
	}
	apart := seen.At - l.At
	const atOnce, soon = 20 * time.Microsecond, 200 * time.Millisecond
	return s.ID != 0 && s.ID == w.lastID && apart < soon || apart <= atOnce && seen.SpaceLen() > 0
}

// SpaceLen returns SEG.LEN.
func (s Seen) SpaceLen() int64 { return s.End() - s.Seq }

// scale finds the window in octets.
func (o *open) scale(w *way, s Segment, seen *Seen) {
	if s.Ctl.Has(wire.SYN) {
		if s.Short && !s.Opts.Scaled {
			return
		}
		if w.scaled = plain; s.Opts.Scaled {
			w.scaled, w.scale = offered, s.Opts.Scale
		}
		return // RFC 7323, 2.2: the window of a SYN is never scaled
	}
	other := o.ways[seen.From.Peer()].scaled
	switch {
	case w.scaled == plain || other == plain:
	case w.scaled == offered && other == offered:
		seen.Wnd <<= w.scale
	default:
		seen.Remarks |= Unscaled
	}
}

// remark finds what the segment is, beside those before it in its direction.
func (o *open) remark(w *way, seen *Seen) {
	from, to := seen.Seq, seen.End()
	if seen.Ctl.Has(wire.RST) {
		return
	}
	switch {
	case to == from && from < w.next && from == w.acked-1:
		seen.Remarks |= Probe
	case to == from:
	case to <= w.next && w.seen.has(from, to):
		if seen.Remarks |= Again; seen.Len <= 1 && !seen.Ctl.Has(wire.FIN|wire.SYN) && from == w.acked-1 {
			seen.Remarks |= Probe
		}
	case from < w.next && len(w.seen) > 0 && !w.seen.has(from, min(to, w.next)):
		seen.Remarks |= Overtaken
	case from > w.next:
		seen.Remarks |= Gap
	}
	if seen.Len > 0 {
		text := from
		if seen.Ctl.Has(wire.SYN) {
			text++
		}
		o.Octets[seen.From] += w.seen.missing(text, text+int64(seen.Len))
	}
	w.seen.add(from, to)
	w.next = max(w.next, to)
	if seen.Ctl.Has(wire.FIN) && !w.closed {
		w.closed, w.fin = true, to-1
	}
}

// kept returns how many frames are kept.
func (o *open) kept() int { return len(o.Frames) + len(o.tail) }

// keep keeps the frame, or leaves out one in the middle.
func (o *open) keep(seen Seen) {
	if !o.closing && (seen.Ctl.Has(wire.FIN) || seen.Ctl.Has(wire.RST)) {
		o.closing = true
		o.Frames, o.tail = append(o.Frames, o.tail...), nil
	}
	switch {
	case o.closing && len(o.Frames) < maxKept+maxTail || len(o.Frames) < maxKept/2:
		o.Frames = append(o.Frames, seen)
	case o.closing:
		o.Left++
	default:
		if len(o.tail) == maxKept/2 {
			o.Left++
			copy(o.tail, o.tail[1:])
			o.tail = o.tail[:len(o.tail)-1]
		}
		o.tail = append(o.tail, seen)
	}
}

// done reports whether nothing more is expected: both FINs are acknowledged, or there
// was an RST.
func (o *open) done() bool {
	a, b := &o.ways[Client], &o.ways[Server]
	return o.reset || a.closed && b.closed && a.acked > a.fin && b.acked > b.fin
}

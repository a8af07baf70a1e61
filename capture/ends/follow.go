package ends

import (
	"time"

	"tcpclose/capture"
	"tcpclose/model"
	"tcpclose/stacks/wire"
)

// numbers contains what all frames of a connection show of an end's numbers.
type numbers struct {
	fin     int64 // of the FIN; -1 if none was seen
	another bool  // FINs with different numbers were seen
}

// A follower follows one end of a connection.
type follower struct {
	m       *machine
	near    bool
	excused int      // the frame that may not have arrived
	own     *numbers // of this end
	peer    *numbers

	set    set
	before set // and everything that it has been able to be
	pool   events
	again  events // what may have arrived twice, close to the end

	text        int64 // the end of the text, or the SYN, that it was seen to send
	next        int64 // the highest number that it was seen to send, or an RST with
	high, acked int64 // highest number that it has sent, and acknowledged
	stamp       uint32
	stamped     bool
	toText      int64         // the end of the text and FIN that has passed towards it
	toFin       bool          // a FIN has passed
	hole        bool          // text or a FIN has passed that others come before
	located     bool          // where RCV.NXT is is known, near it
	low, top    int64         // and is here
	una         int64         // what has passed of acknowledgements
	taken       int64         // the highest acknowledgement that has passed towards it
	room        int64         // its peer's window, or less
	flight      int64         // what it may have in flight, as a rule
	freedAt     time.Duration // since when nothing keeps a FIN back
	kept        bool          // something does
	early       bool          // since the event before at little time has passed
	widest      int64         // the largest window that has passed; -1 is not known
	edge        int64         // of its receive window as announced; -1 is not known
	at          time.Duration // of the last event
	sentAt      time.Duration // when it has last sent something to be acknowledged
	heardAt     time.Duration
	heard       bool
	recent      []crossing
	last        crossing // what has passed last towards it
	passed      []crossing
	reset       int // the frame of its first RST
	began       bool
	acks        bool // it was seen to acknowledge something: an RST may not
	bare        bool // it has sent an RST without ACK, which tells nothing of what it had sent and received
}

// A crossing is a segment that passed just now towards an end, which may have sent
// something before it arrives.
type crossing struct {
	frame int
	at    time.Duration
	was   set
	kinds events
}

// Times that are not absurd.
const (
	soonest = 100 * time.Millisecond // an end gives up no sooner after it has sent something
	answers = 200 * time.Millisecond // an answer that is due is sent by then
	crosses = time.Millisecond       // on the way between a tap and an end that is near
)

// Times that are short for what happens by itself.
const (
	earlyEnd  = time.Second // of TIME-WAIT, or FIN-WAIT-2
	hastyQuit = 5 * time.Second
)

// What an end may have in flight from the start (RFC 6928), and when it has sent something
// again: one segment, so that its FIN waits behind any text (RFC 5681, 3.1).
const (
	usualFlight = 10 * 1460
	lossFlight  = 1
)

// scene returns what is around the end.
func (f *follower) scene(near bool) scene {
	return scene{pool: f.pool, again: f.again, near: near, free: f.free(), early: f.early, hasty: f.at-f.sentAt < hastyQuit}
}

// free reports whether nothing keeps a FIN back.
func (f *follower) free() bool { return f.high-f.taken < min(f.room, f.flight) }

// frees notes whether something keeps a FIN back from now on.
func (f *follower) frees() {
	if f.kept && f.free() {
		f.freedAt = f.at
	}
	f.kept = !f.free()
}

// waits lets time pass.
func (f *follower) waits(at time.Duration) {
	f.early = at-f.at < earlyEnd
	f.at = at
	if at-f.sentAt >= soonest {
		f.pool |= eventsOf(givesUp)
	} else {
		f.pool &^= eventsOf(givesUp)
	}
	if f.near && f.heard && at-f.heardAt > answers {
		f.set, f.heard = f.m.overdue(f.set), false
	}
	if !f.kept && at-f.freedAt > answers {
		f.set = f.m.dawdling(f.set)
	}
	for len(f.recent) > 0 && at-f.recent[0].at > crosses {
		f.recent = f.recent[1:]
	}
}

// now returns what the end can be now.
func (f *follower) now() set { return f.m.hidden(f.set, f.scene(f.near)) }

// passes notes a segment that has passed towards the end.
func (f *follower) passes(g capture.Seen) {
	f.waits(g.At)
	if g.Ctl.Has(wire.ACK) && !g.Ctl.Has(wire.RST) {
		f.taken, f.room = max(f.taken, g.Ack), int64(g.Wnd)
		f.frees()
	}
	if !g.Ctl.Has(wire.RST) && f.widest >= 0 {
		if f.widest = max(f.widest, int64(g.Wnd)); g.Remarks.Has(capture.Unscaled) {
			f.widest = -1
		}
	}
	kinds, sure := f.kinds(g)
	f.pool |= kinds
	if g.Len > 0 || g.Ctl.Has(wire.FIN) {
		f.toText = max(f.toText, g.End())
		f.toFin = f.toFin || g.Ctl.Has(wire.FIN)
	}
	f.spend()
	if !f.near {
		return
	}
	if g.Remarks.Has(capture.Twice) {
		f.again |= kinds // the second finds another number due than the first
	}
	was := f.now()
	f.last = crossing{g.Frame, g.At, was, sure}
	f.recent = append(f.recent, f.last)
	f.passed = append(f.passed, f.last)
	f.set = f.m.arrive(was, sure)
	if g.Frame == f.excused {
		f.set = f.m.union(f.set, was)
	}
	f.heardAt, f.heard = g.At, true
}

// spend takes from the pool what has arrived: it was acknowledged.
func (f *follower) spend() {
	if f.acked >= f.toText {
		f.pool &^= spacedArrive
	}
}

// kinds returns what g can be when it arrives; and what it is if nothing was lost
// close to the end.
func (f *follower) kinds(g capture.Seen) (all, sure events) {
	if g.Ctl.Has(wire.RST) {
		return f.rstKinds(g)
	}
	if g.Ctl.Has(wire.SYN) {
		return f.synKinds(g)
	}
	c := nothing
	switch fins := g.Ctl.Has(wire.FIN); {
	case g.Len > 0 && fins:
		c = textFin
	case g.Len > 0:
		c = text
	case fins:
		c = fin
	}
	contents := []content{c}
	if c == textFin { // its text may have come before
		contents = append(contents, fin)
	}
	var ack []place
	switch {
	case !g.Ctl.Has(wire.ACK):
		ack = []place{old}
	case f.own.fin >= 0 && g.Ack > f.own.fin:
		ack = []place{onFin}
	case f.own.fin < 0 && g.Ack > f.text:
		ack = []place{old, exact, onFin}
	default:
		ack = []place{old, exact}
	}
	ancient := ack[0] == old && (!f.near || f.widest < 0 || f.una-g.Ack > f.widest)
	add := func(list *events, c content, seq place, ack ...place) {
		for _, a := range ack {
			*list |= 1 << arrival(c, seq, a)
			if a == old && seq == exact && ancient {
				*list |= 1 << (ancients + event(c))
			}
		}
	}
	for _, c := range contents {
		add(&all, c, old, ack...)
		if c == nothing || g.End() > f.acked {
			add(&all, c, exact, ack...)
			add(&all, c, ahead, ack...)
		}
	}
	switch {
	case f.near && !f.located:
		sure = all
		if g.End() > g.Seq {
			f.top = max(f.top, g.End(), f.toText)
			f.hole = true // what came before may be missing
			sure |= f.held(c, add, ack)
		}
	case f.near:
		sure = f.sure(g, c, ack, add)
	}
	return all, sure
}

// sure returns what g is if everything before it has arrived.
func (f *follower) sure(g capture.Seen, c content, ack []place, add func(*events, content, place, ...place)) (list events) {
	if g.Ctl.Has(wire.ACK) && ack[0] != onFin && len(ack) == 2 {
		switch {
		case g.Ack < f.una:
			ack = []place{old}
		case g.Ack >= f.una:
			ack = []place{exact}
		}
	}
	f.una = max(f.una, g.Ack)
	at := func(next int64) {
		switch {
		case g.End() <= next && g.End() > g.Seq:
			add(&list, c, old, ack...)
			if c == fin || c == textFin { // the end knows whether it has taken the FIN
				add(&list, fin, exact, ack...)
			}
		case g.Seq > next:
			add(&list, c, ahead, ack...)
		case g.End() == g.Seq && g.Seq < next:
			add(&list, c, old, ack...)
		case c == textFin && g.Seq+int64(g.Len) <= next:
			add(&list, fin, exact, ack...)
		default:
			add(&list, c, exact, ack...)
		}
	}
	at(f.low)
	if f.top != f.low { // or anywhere between
		for _, p := range []place{exact, old, ahead} {
			add(&list, c, p, ack...)
		}
		if c == textFin {
			add(&list, fin, exact, ack...)
		}
	}
	if g.End() > g.Seq {
		refusable := f.edge < 0 || g.End() > f.edge
		if refusable { // there may be no room
			add(&list, c, old, ack...)
			add(&list, c, ahead, ack...)
		}
		if g.Seq > f.low {
			f.hole = true
		}
		if g.Seq <= f.top {
			f.top = max(f.top, g.End())
			if f.hole { // what was held may follow, with the FIN
				f.top = max(f.top, f.toText)
				list |= f.held(c, add, ack)
			}
		}
		if g.Seq <= f.low && !refusable {
			f.low = max(f.low, g.End())
		}
		f.top = max(f.top, f.low)
	}
	return list
}

// held returns what content is if it comes before a FIN that was held, and nothing else is
// missing.
func (f *follower) held(c content, add func(*events, content, place, ...place), ack []place) (list events) {
	if f.toFin && c == text {
		add(&list, textFin, exact, ack...)
	}
	return list
}

// rstKinds does so for an RST.
func (f *follower) rstKinds(g capture.Seen) (all, sure events) {
	acks := g.Ctl.Has(wire.ACK)
	all = eventsOf(rstArrival(exact, acks), rstArrival(old, acks), rstArrival(ahead, acks))
	if g.Seq < f.acked-1 {
		all = eventsOf(rstArrival(old, acks))
	}
	if f.near && !f.located {
		return all, all
	}
	if f.near {
		for _, n := range []int64{f.low, f.top} {
			switch {
			case g.Seq == n:
				sure |= eventsOf(rstArrival(exact, acks))
			case g.Seq < n:
				sure |= eventsOf(rstArrival(old, acks))
			default:
				sure |= eventsOf(rstArrival(ahead, acks), rstArrival(old, acks))
			}
		}
	}
	return all, sure
}

// synKinds does so for a SYN.
func (f *follower) synKinds(g capture.Seen) (all, sure events) {
	if g.Ctl.Has(wire.ACK) {
		all = eventsOf(synAckArrives, synAckArrives+1)
	} else {
		all = eventsOf(synArrives, synArrives+1)
	}
	sure = all
	f.toText = max(f.toText, 1)
	if f.near {
		f.located = true
		f.low, f.top = max(f.low, g.Seq+1), max(f.top, g.Seq+1)
	}
	if g.Len > 0 { // RFC 7413: it is taken with the SYN, or not
		for _, ack := range []place{old, exact} {
			all |= 1 << arrival(text, exact, ack)
		}
		f.toText = max(f.toText, g.End())
		f.top = max(f.top, g.End())
	}
	return all, sure
}

// classes returns what g can be as an emission of the end.
func (f *follower) classes(g capture.Seen) (list []emission, got, sent bool) {
	var ctl emission
	for _, b := range []struct {
		on wire.Ctl
		to emission
	}{{wire.FIN, sentFIN}, {wire.SYN, sentSYN}, {wire.RST, sentRST}, {wire.ACK, sentACK}} {
		if g.Ctl.Has(b.on) {
			ctl |= b.to
		}
	}
	if ctl&sentRST != 0 {
		ctl &= sentRST | sentACK
	}
	if g.Len > 0 && ctl&(sentRST|sentSYN) == 0 {
		ctl |= sentText
	}
	list = []emission{ctl}
	if ctl&sentSYN != 0 {
		return list, false, false
	}
	with := func(bit emission, yes, no bool) {
		var out []emission
		for _, e := range list {
			if yes {
				out = append(out, e|bit)
			}
			if no {
				out = append(out, e)
			}
		}
		list = out
	}
	if ctl&sentRST != 0 {
		switch {
		case ctl&sentACK != 0 && (g.Seq < 0 || g.Seq > f.high+1): // 0, of no connection
			with(sentAfter, true, true)
		case f.own.fin >= 0:
			with(sentAfter, g.Seq > f.own.fin, g.Seq <= f.own.fin)
		case g.Seq > f.text:
			with(sentAfter, true, true)
		}
		return list, false, false
	}
	if g.Ctl.Has(wire.ACK) {
		switch {
		case f.peer.fin >= 0:
			got = g.Ack > f.peer.fin
			with(ackedFin, got, !got)
		case g.Ack > f.toText: // it acknowledges what was not seen
			with(ackedFin, true, true)
		}
	}
	if ctl&(sentFIN|sentText) == 0 {
		switch {
		case f.own.fin >= 0:
			sent = g.Seq > f.own.fin
			with(sentAfter, sent, !sent)
		case g.Seq > f.text:
			with(sentAfter, true, true)
		}
	}
	return list, got, sent || ctl&sentFIN != 0
}

// sends notes a segment that the end has sent, and reports whether it can have done
// so.
func (f *follower) sends(g capture.Seen) bool {
	f.waits(g.At)
	list, got, sent := f.classes(g)
	now := f.now()
	f.before = f.m.union(f.before, now)
	out := f.sent(now, list)
	for i := range f.recent { // it may have crossed with what passed just now
		was := f.sent(f.recent[i].was, list)
		for _, c := range f.recent[i:] {
			if was != 0 {
				was = f.m.arrive(f.m.hidden(was, f.scene(true)), c.kinds)
			}
		}
		out = f.m.union(out, was)
	}
	late := set(0)
	if !f.newer(g) && f.began && f.sent(f.before, list) != 0 {
		k := known(0)
		if got {
			k |= ofPeersFin
		}
		if sent {
			k |= ofOwnFin
		}
		if g.Ctl.Has(wire.FIN|wire.ACK) && f.peer.fin >= 0 && !f.peer.another && !got {
			k |= beforePeers
		}
		if g.Ctl.Has(wire.RST) {
			k = ofReset
		}
		if late = f.m.knowing(now, k); f.near {
			late = f.m.raise(late, Late)
		}
	}
	if out == 0 && late == 0 {
		return false
	}
	f.set = f.m.union(out, late)
	f.note(g)
	return true
}

// sent returns what the ends of a set are when they have sent one of a list.
func (f *follower) sent(s set, list []emission) set {
	var all []set
	for _, e := range list {
		all = append(all, f.m.emits(s, f.scene(f.near), e))
	}
	return f.m.union(all...)
}

// known contains what an end knows that has sent a segment.
type known uint8

const (
	ofPeersFin known = 1 << iota
	ofOwnFin
	ofReset
	beforePeers // its FIN was sent before the peer's FIN arrived
)

// knows reports whether an end like e can have sent a segment before that shows what it
// knew.
func (e *element) knows(k known) bool {
	switch {
	case e.Away:
		return true
	case k&ofReset != 0:
		return e.State < model.Established || e.State == model.TimeWait
	case k&beforePeers != 0 && (e.order == AfterPeer || e.order == NotClosed):
		return false
	case k&ofPeersFin != 0 && !e.Got, k&ofOwnFin != 0 && !e.Fin:
		return false
	}
	return e.Opened
}

// newer reports whether g was sent after all that was seen of the end before.
func (f *follower) newer(g capture.Seen) bool {
	if !f.began || g.Opts.Stamped && f.stamped && int32(g.Opts.Stamp-f.stamp) > 0 {
		return true
	}
	return !f.bare && (f.acks && g.Ctl.Has(wire.ACK) && !g.Ctl.Has(wire.RST) && g.Ack > f.acked || !g.Ctl.Has(wire.RST) && g.End() > f.next)
}

// note takes the numbers of what the end has sent.
func (f *follower) note(g capture.Seen) {
	if f.began && g.End() > g.Seq && g.End() <= f.high {
		f.flight = lossFlight
	}
	f.began = true
	f.next = max(f.next, g.End())
	if g.Opts.Stamped && (!f.stamped || int32(g.Opts.Stamp-f.stamp) > 0) {
		f.stamp, f.stamped = g.Opts.Stamp, true
	}
	if g.End() > g.Seq || g.Ctl.Has(wire.RST) {
		f.sentAt = g.At
	}
	if g.Ctl.Has(wire.RST) {
		f.bare = f.bare || !g.Ctl.Has(wire.ACK)
		if f.reset == 0 {
			f.reset = g.Frame
		}
		return
	}
	f.high = max(f.high, g.End())
	f.frees()
	if g.Len > 0 || g.Ctl.Has(wire.SYN) {
		f.text = max(f.text, g.Seq+g.SpaceLen())
	}
	if g.Ctl.Has(wire.ACK) {
		f.acks = true
		f.acked = max(f.acked, g.Ack)
		f.located = true
		f.low, f.top = max(f.low, f.acked), max(f.top, f.acked)
		if !g.Remarks.Has(capture.Unscaled) {
			f.edge = max(f.edge, g.Ack+int64(g.Wnd))
		}
	}
	f.spend()
}

package ends

import (
	"math"
	"time"

	"tcpclose/capture"
	"tcpclose/model"
	"tcpclose/stacks/wire"
)

// An Observer follows the ends of connections.
type Observer struct {
	// Blames is of how many more connections it looks for what explains a doubt or a
	// frame that is wrong.
	Blames int

	m      *machine
	faulty map[model.Fault]*machine
}

// NewObserver returns an observer of ends of whose decisions nothing is known.
func NewObserver() *Observer {
	return &Observer{Blames: mostBlamed, m: newMachine(model.AllOptions(), 0)}
}

// Near says which ends are close to the place of the capture: what passes towards such
// an end arrives at once, and all that it sends is seen.
type Near [2]bool

// A course is how the ends of a connection can have been.
type course struct {
	m     *machine
	after [][2]set // by frame: what each end can be after it
	// bad is the first frame that its sender cannot have sent; -1 if there is none.
	bad   int
	why   Why
	among set // what its sender could have been
	ends  [2]*follower
	tired bool // it was given up: nothing is known
	// doubts is where more has to be taken for granted, and trust what is by now.
	doubts []Doubt
	trust  [2]Trust
}

// follow follows both ends of a connection until a frame is not possible. The excused
// frame may not have arrived, however close its place is.
func (m *machine) follow(c capture.Connection, near Near, excused int) *course {
	return m.followed(c, near, excused, [2]bool{true, true}, len(c.Frames))
}

// followed follows some of the ends of a connection, for so many frames.
func (m *machine) followed(c capture.Connection, near Near, excused int, which [2]bool, frames int) *course {
	m.work = 0
	n := [2]numbers{}
	for side := range n {
		n[side] = numbersOf(c, capture.Side(side))
	}
	r := &course{m: m, bad: -1}
	for side := range r.ends {
		f := &follower{m: m, near: near[side], own: &n[side], peer: &n[1-side], excused: excused, edge: -1, flight: usualFlight, sentAt: -soonest}
		anything := m.raise(m.anything(), Missing)
		switch {
		case !c.Shaken: // and what it has acknowledged may lie below all that was seen
			f.set = m.anything()
			f.acked, f.low, f.top = math.MinInt64/2, math.MinInt64/2, math.MinInt64/2
		default:
			f.set = m.union(m.begins(), anything)
		}
		if others(c) {
			f.pool |= eventsOf(leaves)
			f.set = m.union(f.set, m.intern([]element{{Condition: m.leaves.to, trust: Missing}}))
		}
		f.before = f.set
		r.ends[side] = f
	}
	left := c.Left
	for i := range frames {
		g := c.Frames[i]
		if left > 0 && i > 0 && g.Frame-c.Frames[i-1].Frame > left {
			left = 0
			for _, f := range r.ends {
				f.skips()
			}
		}
		x, y := r.ends[g.From], r.ends[g.From.Peer()]
		if why, wrong := x.wrong(g); wrong && !others(c) && which[g.From] {
			r.bad, r.why, r.among = i, why, x.now()
			return r
		}
		sent := g.Remarks.Has(capture.Foreign) || !which[g.From] || x.sends(g)
		if r.tired = m.tired(); r.tired { // then that it cannot have been sent says nothing
			return r
		}
		if !sent {
			r.bad, r.among = i, x.now()
			return r
		}
		r.doubt(c, i, which)
		if which[g.From.Peer()] {
			y.passes(g)
		}
		r.doubt(c, i, which)
		if r.tired = m.tired(); r.tired {
			return r
		}
		r.after = append(r.after, r.now(which))
	}
	return r
}

// now returns what the ends can be that are followed.
func (r *course) now(which [2]bool) (now [2]set) {
	for side, f := range r.ends {
		if which[side] {
			now[side] = f.now()
		}
	}
	return now
}

// doubt notes where more has to be taken for granted than before.
func (r *course) doubt(c capture.Connection, i int, which [2]bool) {
	for side, f := range r.ends {
		if !which[side] {
			continue
		}
		if t := r.m.least(f.set); t > r.trust[side] {
			r.trust[side] = t
			if t < Late {
				continue
			}
			r.doubts = append(r.doubts, Doubt{End: capture.Side(side), Frame: c.Frames[i].Frame, Index: i, Trust: t})
		}
	}
}

// wait lets time pass until the capture has ended.
func (r *course) wait(at time.Duration) [2]set {
	var out [2]set
	for side, f := range r.ends {
		f.waits(at)
		out[side] = f.now()
	}
	return out
}

// wrong reports whether the numbers of g are not possible, whatever was before.
func (f *follower) wrong(g capture.Seen) (Why, bool) {
	switch {
	case g.Ctl.Has(wire.RST):
	case f.own.another && g.Ctl.Has(wire.FIN) && g.End()-1 != f.own.fin:
		return AnotherFin, true
	case f.own.fin >= 0 && g.Len > 0 && g.Seq+int64(g.Len) > f.own.fin:
		return AfterFin, true
	case f.peer.fin >= 0 && !f.peer.another && g.Ctl.Has(wire.ACK) && g.Ack > f.peer.fin+1:
		return BeyondTheFin, true
	}
	return 0, false
}

// skips notes that frames were left out in the middle, with text and acknowledgements.
func (f *follower) skips() {
	for _, c := range []content{nothing, text} {
		for _, p := range []place{exact, old, ahead} {
			f.pool |= eventsOf(arrival(c, p, old), arrival(c, p, exact))
		}
	}
}

func numbersOf(c capture.Connection, side capture.Side) numbers {
	n := numbers{fin: -1}
	for _, g := range c.Frames {
		if g.From != side || !g.Ctl.Has(wire.FIN) {
			continue
		}
		switch at := g.End() - 1; {
		case n.fin < 0:
			n.fin = at
		case n.fin != at:
			n.another = true
		}
	}
	return n
}

// others reports whether the frames may belong to more than one connection between the
// same addresses.
func others(c capture.Connection) bool {
	if c.Cause == capture.Replaced || c.Follows {
		return true
	}
	var began [2]bool // it has sent something that is no SYN
	for _, g := range c.Frames {
		if g.Ctl.Has(wire.SYN) && (g.Seq != 0 || began[g.From] || !c.Shaken) {
			return true
		}
		began[g.From] = began[g.From] || !g.Ctl.Has(wire.SYN)
	}
	return false
}

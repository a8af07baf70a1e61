package ends

import (
	"slices"
	"time"

	"tcpclose/capture"
	"tcpclose/model"
	"tcpclose/stacks/wire"
)

// An Explanation says what can have happened at the ends of a connection. What is
// certain is so whatever was lost, or is missing in the capture; what is likely, if
// no more is taken for granted than is needed.
type Explanation struct {
	Place Place
	Found bool // by the round trips
	Trips [2]time.Duration
	Ends  [2]End
	First First
	// Doubts is where an end can have done what was seen only if more is taken for
	// granted than before.
	Doubts []Doubt
	// Wrong: no end that conforms can have sent this. It may be nil.
	Wrong *Wrong
	After [][2][]model.ConnState // by frame: the states of both ends by what is likely in the end
	Left  int                    // frames that were not followed
	// Unknown: so much is possible that the ends were not followed to the end. Then
	// nothing is said of them.
	Unknown bool
}

// Conforms reports whether ends that conform can have sent all that was seen, with
// nothing missing and nothing lost close to an end.
func (x *Explanation) Conforms() bool { return !x.Unknown && x.Wrong == nil && len(x.Doubts) == 0 }

// An End describes an end when the capture has ended.
type End struct {
	Trust  Trust             // what the likely explanations take for granted
	States []model.ConnState // likely
	Others []model.ConnState // possible besides
	Orphan Fact              // nobody reads
	// Told, Likely, Possible: its user was told that certainly, likely, or possibly.
	Told, Likely, Possible model.Notice
	// Ended is the clauses by which the connection has ended, if it is likely to have.
	Ended []model.Clause
	Reset *Reset        // its first RST, if one was seen
	Since time.Duration // when it has last sent its FIN or something else to be acknowledged
	Last  time.Duration // when it has last sent something
	again time.Duration // when its FIN was first sent again, or is expected to be
	every time.Duration // from then to the next
	Fin   time.Duration // when its FIN was first seen; -1 if it was not
}

// A Fact is how well a statement is known.
type Fact uint8

const (
	No       Fact = iota // no explanation
	Possibly             // some explanations
	Likely               // all likely ones
	Certain              // all
)

// A Reset is by which clauses an end can have sent an RST.
type Reset struct {
	Frame   int
	By      []model.Clause // likely, in order
	Certain bool           // no explanation has another
}

// First is who has closed first.
type First struct {
	Likely   []capture.Closer
	Possible []capture.Closer // by all explanations
	Certain  bool             // that is one
}

// A Doubt is a frame after which more is taken for granted of an end.
type Doubt struct {
	End   capture.Side
	Frame int
	Index int // of the frame in the connection
	Trust Trust
	// Lost is the frame towards the end that cannot have arrived, if there is one that
	// explains all; 0 if not.
	Lost int
	// Due lists what the end would have sent, by which clauses, if that had arrived.
	Due []Answer
	// Causes is the faults with which nothing of that has to be taken for granted.
	Causes []model.Fault
}

// An Answer is a segment that an end sends, and why.
type Answer struct {
	Sends   string
	From    model.ConnState
	Clauses model.Clauses
}

// Wrong is a frame that no end that conforms can have sent.
type Wrong struct {
	End    capture.Side
	Frame  int
	Index  int
	Why    Why
	States []model.ConnState // in which its sender could be
	Causes []model.Fault
}

// Why names what is wrong about a frame.
type Why uint8

const (
	NotPossible  Why = iota // its sender is in no state in which it sends that
	AfterFin                // it has text beyond the sender's FIN
	AnotherFin              // its FIN has another number than the one before
	BeyondTheFin            // it acknowledges more than the peer's FIN
)

func (w Why) String() string {
	return [4]string{"not-possible", "text-after-fin", "another-fin", "ack-beyond-fin"}[w]
}

// Explain explains a connection that was captured at a place.
func (o *Observer) Explain(c capture.Connection, at Place) *Explanation {
	x := &Explanation{Place: at, Trips: RoundTrips(c), Left: c.Left}
	if at == Unknown {
		if x.Place = find(x.Trips); x.Place != Middle {
			x.Found = true
		}
	}
	o.m.trim()
	near := x.Place.near()
	r := o.m.follow(c, near, 0)
	last := c.Story.Last
	if n := len(c.Frames); n > 0 {
		last = c.Frames[n-1].At
	}
	now := r.wait(last)
	if x.Unknown = o.m.tired(); x.Unknown {
		return x
	}
	for side, s := range now {
		x.Ends[side] = o.m.end(s, r.ends[side])
		x.Ends[side].times(c, capture.Side(side))
	}
	for _, pair := range r.after {
		x.After = append(x.After, [2][]model.ConnState{o.m.within(pair[0], x.Ends[0].Trust), o.m.within(pair[1], x.Ends[1].Trust)})
	}
	x.First = o.m.first(now, [2]set{r.ends[0].set, r.ends[1].set})
	x.Doubts = r.doubts
	if r.bad >= 0 {
		g := c.Frames[r.bad]
		x.Wrong = &Wrong{End: g.From, Frame: g.Frame, Index: r.bad, Why: r.why, States: o.m.states(r.among, true)}
	}
	o.blame(c, near, x, r)
	return x
}

// least returns the least that the elements of s take for granted.
func (m *machine) least(s set) Trust {
	t := Missing
	for _, n := range m.list[s] {
		t = min(t, m.elements[n].trust)
	}
	return t
}

// states returns the states of those elements of s that are likely, or of the others.
func (m *machine) states(s set, likely bool) (list []model.ConnState) {
	q := naming{s, likely, 0}
	if list, known := m.names[q]; known {
		return list
	}
	least := m.least(s)
	for _, e := range m.elementsOf(s) {
		if (e.trust == least) == likely {
			list = append(list, e.State)
		}
	}
	slices.Sort(list)
	list = slices.Compact(list)
	m.names[q] = list
	return list
}

// within returns the states of those elements of s that take no more for granted than
// trust, or as little as they can.
func (m *machine) within(s set, trust Trust) (list []model.ConnState) {
	trust = max(trust, m.least(s))
	q := naming{s, true, trust + 1}
	if list, known := m.names[q]; known {
		return list
	}
	for _, e := range m.elementsOf(s) {
		if e.trust <= trust {
			list = append(list, e.State)
		}
	}
	slices.Sort(list)
	list = slices.Compact(list)
	m.names[q] = list
	return list
}

type naming struct {
	of     set
	likely bool
	within Trust // plus one; 0 is none
}

// end describes an end that can be as s says.
func (m *machine) end(s set, f *follower) (x End) {
	x.Trust = m.least(s)
	x.States = m.states(s, true)
	x.Others = slices.DeleteFunc(slices.Clone(m.states(s, false)), func(c model.ConnState) bool { return slices.Contains(x.States, c) })
	x.Told, x.Likely = ^model.Notice(0), ^model.Notice(0)
	orphans, likely, all, bare := 0, 0, 0, 0
	var by, others []model.Clause
	for _, e := range m.elementsOf(s) {
		x.Told &= e.told
		x.Possible |= e.told
		all++
		if e.Orphan {
			orphans++
		}
		if e.did {
			others = append(others, e.reset)
		} else {
			others = append(others, several) // it was sent before
		}
		if e.trust > x.Trust {
			continue
		}
		likely++
		if !e.Orphan {
			bare++
		}
		x.Likely &= e.told
		if e.over {
			x.Ended = append(x.Ended, e.ended)
		}
		if e.did {
			by = append(by, e.reset)
		}
	}
	switch {
	case all > 0 && orphans == all:
		x.Orphan = Certain
	case likely > 0 && bare == 0:
		x.Orphan = Likely
	case orphans > 0:
		x.Orphan = Possibly
	}
	x.Ended = once(x.Ended)
	if f.reset > 0 {
		x.Reset = &Reset{Frame: f.reset, By: once(by)}
		x.Reset.Certain = len(once(others)) == 1 && others[0] != several
	}
	return x
}

func once(list []model.Clause) []model.Clause {
	slices.Sort(list)
	return slices.Compact(list)
}

// times notes when the end has sent.
func (x *End) times(c capture.Connection, side capture.Side) {
	x.Fin = -1
	for _, g := range c.Frames {
		if g.From != side {
			continue
		}
		x.Last = g.At
		if g.End() == g.Seq || g.Ctl.Has(wire.RST) {
			continue
		}
		switch {
		case !g.Ctl.Has(wire.FIN):
		case x.Fin < 0:
			x.Fin, x.every = g.At, usualRTO
			x.again = g.At + x.every
		case x.Since == x.Fin:
			x.every = 2 * (g.At - x.Fin)
			x.again = g.At
		default:
			x.every = 2 * (g.At - x.Since)
		}
		x.Since = g.At
	}
}

// usualRTO is the time after which an end is expected to send something again.
const usualRTO = 200 * time.Millisecond

// GivesUp returns when the end gives up, if it does at the first timeout that comes so
// long after its FIN was first sent again, and nothing acknowledges it.
func (x *End) GivesUp(after time.Duration) time.Duration {
	at, every := max(x.Since, x.again), x.every
	if at == x.again && x.Since < x.again {
		every *= 2
	}
	for at < x.again+after && every > 0 {
		at += min(every, longestRTO)
		every *= 2
	}
	return at
}

// longestRTO is RFC 6298's upper bound, and that of Linux.
const longestRTO = 2 * time.Minute

// first says who has closed first: of what the ends can be now, and of what they
// were when they were last seen.
func (m *machine) first(now, seen [2]set) (f First) {
	all := m.closers(now, false)
	f.Likely = m.closers(seen, true)
	f.Possible, f.Certain = all, len(all) == 1
	return f
}

// closers returns who can have closed first.
func (m *machine) closers(of [2]set, likely bool) (list []capture.Closer) {
	var orders [2][numOrders]bool
	for side, s := range of {
		least := m.least(s)
		for _, e := range m.elementsOf(s) {
			if !likely || e.trust == least {
				orders[side][e.order] = true
			}
		}
	}
	for c, is := range orders[0] {
		for s, was := range orders[1] {
			if is && was {
				list = append(list, closersOf(Order(c), Order(s))...)
			}
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// closersOf returns who has closed first where the ends have closed in these orders.
func closersOf(c, s Order) (list []capture.Closer) {
	before := func(o Order) bool { return o == BeforePeer || o == EitherOrder }
	after := func(o Order) bool { return o == AfterPeer || o == EitherOrder || o == NotClosed }
	if before(c) && after(s) {
		list = append(list, capture.ClientFirst)
	}
	if after(c) && before(s) {
		list = append(list, capture.ServerFirst)
	}
	if before(c) && before(s) {
		list = append(list, capture.Both)
	}
	if c == NotClosed && s == NotClosed {
		list = append(list, capture.Nobody)
	}
	return list
}

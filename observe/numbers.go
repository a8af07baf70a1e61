package observe

import (
	"math/bits"
	"slices"

	"tcpclose/model"
)

// numbers are those of an endpoint as they are on the wire, relative to both
// initial numbers. Those that a TCB has are compared with each other and with those
// of a segment, counted from one to the next, and moved by one: for a step they are
// replaced by small ones in the same order, of which two are one apart, or two, if
// and only if they were.
type numbers struct {
	first, una, nxt, written int32
	queued                   int32 // 0 is none
	edge                     int32 // SND.UNA+SND.WND; wide if there is no limit
	wl1, wl2                 int32
	rcvNxt                   int32
	heldAck                  int32
	unread                   int32          // octets
	cuts                     [maxCuts]int32 // in order; the rest is 0
	held                     [maxHeld]span  // in order; the rest is zero
}

// A span is the numbers from its first to one below its last.
type span struct{ from, to int32 }

const (
	wide    = -1
	maxCuts = 8
	maxHeld = 3
)

// A scale replaces numbers by small ones.
type scale struct {
	real  [32]int32
	small [32]model.Seq
	n     int
}

// add takes numbers that have to be told from all others.
func (s *scale) add(list ...int32) {
	for _, x := range list {
		i, found := slices.BinarySearch(s.real[:s.n], x)
		if found || s.n == len(s.real) {
			continue
		}
		copy(s.real[i+1:s.n+1], s.real[i:s.n])
		s.real[i] = x
		s.n++
	}
}

// set gives each number its small one: that of anchor is at, and of two neighbours
// that are further apart than gap, the small ones are that far apart.
func (s *scale) set(anchor int32, at model.Seq, gap int32) {
	s.add(anchor)
	k, _ := slices.BinarySearch(s.real[:s.n], anchor)
	s.small[k] = at
	for i := k + 1; i < s.n; i++ {
		s.small[i] = s.small[i-1] + model.Seq(min(s.real[i]-s.real[i-1], gap))
	}
	for i := k - 1; i >= 0; i-- {
		s.small[i] = s.small[i+1] - model.Seq(min(s.real[i+1]-s.real[i], gap))
	}
}

// of returns the small number for x, which was added.
func (s *scale) of(x int32) model.Seq {
	i, _ := slices.BinarySearch(s.real[:s.n], x)
	return s.small[min(i, s.n-1)]
}

// back returns the number that m is, or is one apart from.
func (s *scale) back(m model.Seq) int32 {
	i := 0
	for i < s.n-1 && s.small[i+1] <= m {
		i++
	}
	if i < s.n-1 && s.small[i] < m && s.small[i+1]-m < m-s.small[i] {
		return s.real[i+1] - int32(s.small[i+1]-m)
	}
	return s.real[i] + int32(m-s.small[i])
}

// scales is a scale for the numbers that the end sends, and one for its peer's.
type scales struct{ snd, rcv scale }

// steep limits how far apart two neighbours are among the small numbers: the real ones may be further
// apart: one beyond the lower, and one below the higher, are told from each other.
const steep = 3

// scale returns scales for the numbers of n and further ones. What they are made for
// has small numbers below 32 where a TCB has a bit for each.
func (n *numbers) scale(snd, rcv []int32) (s scales) {
	s.snd.add(n.una, n.nxt, n.written, n.first, n.first-1)
	if n.queued != 0 {
		s.snd.add(n.queued)
	}
	if n.edge != wide {
		s.snd.add(n.edge, n.wl2)
	}
	if n.heldAck != 0 {
		s.snd.add(n.heldAck)
	}
	for _, c := range n.cuts {
		if c != 0 {
			s.snd.add(c)
		}
	}
	s.snd.add(snd...)
	s.rcv.add(n.rcvNxt)
	if n.edge != wide {
		s.rcv.add(n.wl1)
	}
	for _, h := range n.held {
		if h != (span{}) {
			s.rcv.add(h.from, h.to-1, h.to)
		}
	}
	s.rcv.add(rcv...)
	for gap := int32(steep); gap > 0; gap-- {
		s.snd.set(n.una, least(n.una), gap)
		if s.snd.of(n.nxt) < 31 {
			break
		}
	}
	for gap := int32(steep); gap > 0; gap-- {
		s.rcv.set(n.rcvNxt, least(n.rcvNxt), gap)
		if s.rcv.small[s.rcv.n-1] < 31 {
			break
		}
	}
	return s
}

// least returns the small number of SND.UNA or RCV.NXT: 0 stays what it is, since it
// may be that of a SYN, and nothing that a TCB has a bit for lies below the others.
func least(x int32) model.Seq {
	if x == 0 {
		return 0
	}
	return 1
}

// into gives t the numbers of n.
func (n *numbers) into(t *model.TCB, s *scales) {
	t.First, t.SndUna, t.SndNxt, t.Written = s.snd.of(n.first), s.snd.of(n.una), s.snd.of(n.nxt), s.snd.of(n.written)
	t.Queued, t.HeldAck = 0, 0
	if n.queued != 0 {
		t.Queued = s.snd.of(n.queued)
	}
	if n.heldAck != 0 {
		t.HeldAck = max(0, s.snd.of(n.heldAck))
	}
	t.SndWnd, t.SndWl1, t.SndWl2 = model.Wide, 0, 0
	if n.edge != wide {
		t.SndWnd = windowOf(s.snd.of(n.edge) - t.SndUna)
		t.SndWl1, t.SndWl2 = s.rcv.of(n.wl1), s.snd.of(n.wl2)
	}
	t.RcvNxt = s.rcv.of(n.rcvNxt)
	t.Unread = uint8(min(n.unread, 1))
	t.Cuts, t.Held = 0, 0
	for _, c := range n.cuts {
		if c != 0 {
			t.Cuts |= 1 << max(0, s.snd.of(c))
		}
	}
	for _, h := range n.held {
		for m := s.rcv.of(h.from); h != (span{}) && m < s.rcv.of(h.to); m++ {
			t.Held |= 1 << m
		}
	}
}

func windowOf(n model.Seq) model.Window { return model.WindowOf(uint8(max(0, n))) }

// take takes the numbers of t, which has come from one that was made by the same
// scales with from and its numbers.
func (n *numbers) take(t *model.TCB, s *scales, from *model.TCB, before *numbers) {
	*n = numbers{edge: wide}
	n.unread = before.unread + s.rcv.back(from.RcvNxt+model.Seq(t.Unread)-model.Seq(from.Unread)) - before.rcvNxt
	if t.Unread <= from.Unread { // read, or dropped
		n.unread = before.unread - int32(from.Unread-t.Unread)
	}
	if t.Unread == 0 {
		n.unread = 0
	}
	t.Unread = 0
	if t.State == model.Closed {
		clear(t)
		return
	}
	n.first, n.una, n.nxt, n.written = s.snd.back(t.First), s.snd.back(t.SndUna), s.snd.back(t.SndNxt), s.snd.back(t.Written)
	if t.Queued != 0 {
		n.queued = s.snd.back(t.Queued)
	}
	if t.HeldAck != 0 {
		n.heldAck = s.snd.back(t.HeldAck)
	}
	if t.SndWnd != model.Wide {
		n.wl1, n.wl2 = s.rcv.back(t.SndWl1), s.snd.back(t.SndWl2)
		n.edge = s.snd.back(t.SndUna + t.SndWnd.Size())
		if t.SndWnd == from.SndWnd && t.SndWl1 == from.SndWl1 && t.SndWl2 == from.SndWl2 && before.edge != wide {
			n.edge = n.una + before.edge - before.una
		}
	}
	n.rcvNxt = s.rcv.back(t.RcvNxt)
	k := 0
	for m := t.Cuts; m != 0; m &= m - 1 {
		c := s.snd.back(model.Seq(bits.TrailingZeros32(m)))
		if c == 0 || c < n.una {
			continue
		}
		if k == maxCuts {
			k-- // the last one counts
		}
		n.cuts[k] = c
		k++
	}
	k = 0
	for m := t.Held; m != 0 && k < maxHeld; k++ {
		a := bits.TrailingZeros32(m)
		b := a + bits.TrailingZeros32(^(m >> a))
		n.held[k] = span{s.rcv.back(model.Seq(a)), s.rcv.back(model.Seq(b))}
		m &^= 1<<b - 1
	}
	clear(t)
}

// clear takes the numbers out of t.
func clear(t *model.TCB) {
	t.First, t.SndUna, t.SndNxt, t.Written, t.Queued, t.HeldAck = 0, 0, 0, 0, 0, 0
	t.SndWnd, t.SndWl1, t.SndWl2, t.RcvNxt, t.Cuts, t.Held = 0, 0, 0, 0, 0, 0
}

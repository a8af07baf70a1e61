package ends

import (
	"encoding/binary"
	"slices"

	"tcpclose/model"
)

// A Trust says what an explanation takes for granted: the less the better.
type Trust uint8

const (
	// Complete: the capture has each segment that passed, and what passed close to an
	// end arrived there.
	Complete Trust = iota
	// Rare: and an end has done what ends seldom do. It has kept its FIN back though nothing
	// was in its way, has given up or left TIME-WAIT at once, or has dropped what it had
	// too much of; or its FIN or RST was lost before it came to the capture.
	Rare
	// Late: close to the end a segment was lost all the same, or came late.
	Late
	// Missing: frames are missing in the capture, or a host has failed.
	Missing
)

func (t Trust) String() string { return [4]string{"complete", "rare", "late", "missing"}[t] }

// An Order is when an end has closed beside its peer.
type Order uint8

const (
	NotClosed   Order = iota // it has sent no FIN
	BeforePeer               // before the peer's FIN arrived
	AfterPeer                // after that
	EitherOrder              // it began so

	numOrders
)

// An element is one explanation of an end: its condition, and what has led there.
type element struct {
	Condition
	told  model.Notice
	order Order
	ended model.Clause // by which the connection has ended, if over
	over  bool
	reset model.Clause // by which the first RST that was seen was sent, if any was
	did   bool         // reset counts
	owed  emission     // what it has sent, and must be seen soon
	trust Trust
}

// A set is elements, interned: 0 has none.
type set int32

// number returns the number of an element.
func (m *machine) number(e element) int32 {
	n, known := m.numbers[e]
	if !known {
		n = int32(len(m.elements))
		m.numbers[e] = n
		m.elements = append(m.elements, e)
	}
	return n
}

// A bag collects elements. Of those that differ in trust alone it keeps the one that
// takes the least for granted. Where frames are missing it keeps no more of what was
// than all explanations have in common, for each condition.
type bag struct {
	limit Trust
	best  map[element]element
}

func (m *machine) newBag() *bag { return &bag{m.limit, map[element]element{}} }

// add adds e, and reports whether that has changed the bag, and what it has of e now.
func (b *bag) add(e element) (element, bool) {
	if e.trust > b.limit {
		return e, false
	}
	if e.trust >= Late {
		e.owed = 0
	}
	key := e
	key.trust = 0
	if e.trust == Missing {
		key = key.bare()
		e.ended, e.over = 0, false
	}
	was, known := b.best[key]
	switch {
	case !known:
	case e.trust == Missing:
		e.told &= was.told
		if was.did != e.did || was.reset != e.reset {
			e.did, e.reset = was.did && e.did, several
		}
		if e == was {
			return e, false
		}
	case was.trust <= e.trust:
		return was, false
	}
	b.best[key] = e
	return e, true
}

// bare returns e without what is merged where frames are missing.
func (e element) bare() element {
	return element{Condition: e.Condition, order: e.order, trust: Missing}
}

// several stands for several causes.
const several = model.NumClauses

// intern returns the set with the elements of a list.
func (m *machine) intern(list []element) set {
	b := m.newBag()
	for _, e := range list {
		b.add(e)
	}
	return m.setOf(b)
}

// setOf returns the set with what is in b.
func (m *machine) setOf(b *bag) set {
	numbers := make([]int32, 0, len(b.best))
	for _, e := range b.best {
		numbers = append(numbers, m.number(e))
	}
	slices.Sort(numbers)
	key := make([]byte, 0, 4*len(numbers))
	for _, n := range numbers {
		key = binary.LittleEndian.AppendUint32(key, uint32(n))
	}
	s, known := m.sets[string(key)]
	if !known {
		s = set(len(m.list))
		m.sets[string(key)] = s
		m.list = append(m.list, numbers)
	}
	return s
}

// of returns the elements of s.
func (m *machine) elementsOf(s set) []element {
	list := make([]element, 0, len(m.list[s]))
	for _, n := range m.list[s] {
		list = append(list, m.elements[n])
	}
	return list
}

// union returns the set of what is in one of the sets.
func (m *machine) union(list ...set) (all set) {
	for _, s := range list {
		all = m.union2(all, s)
	}
	return all
}

func (m *machine) union2(a, b set) set {
	switch {
	case a == b, b == 0:
		return a
	case a == 0:
		return b
	}
	q := question{of: min(a, b), with: max(a, b)}
	r, known := m.memo[q]
	if !known {
		r = m.intern(append(m.elementsOf(a), m.elementsOf(b)...))
		m.memo[q] = r
	}
	return r
}

// raise returns s with at least that trust.
func (m *machine) raise(s set, trust Trust) set {
	q := question{of: s, raise: trust}
	r, known := m.memo[q]
	if !known {
		list := m.elementsOf(s)
		for i := range list {
			list[i].trust = max(list[i].trust, trust)
		}
		r = m.intern(list)
		m.memo[q] = r
	}
	return r
}

// knowing returns those of s that know what an end knows that has sent a segment before.
func (m *machine) knowing(s set, k known) set {
	q := question{of: s, knows: k + 1}
	r, known := m.memo[q]
	if !known {
		list := slices.DeleteFunc(m.elementsOf(s), func(e element) bool { return !e.knows(k) })
		for i := range list {
			if e := &list[i]; k&beforePeers != 0 && e.order == EitherOrder {
				e.order = BeforePeer
			}
		}
		r = m.intern(list)
		m.memo[q] = r
	}
	return r
}

// step returns e after an edge, at a trust.
func (e element) step(d *edge, trust Trust) element {
	was := e.Condition
	e.Condition = d.to
	e.told |= d.told &^ model.ToldOpen
	if d.to.Fin && !was.Fin && e.order == NotClosed {
		e.order = BeforePeer
		if was.Got {
			e.order = AfterPeer
		}
	}
	if was.State != model.Closed && d.to.State == model.Closed {
		e.ended, e.over = d.by, d.cause
	}
	if d.to.State != model.Closed {
		e.ended, e.over = 0, false
	}
	if d.to.State == model.Closed {
		// Nothing asks for these any more.
		e.Mini, e.Orphan, e.Closing, e.Passive = false, false, false, false
	}
	e.trust = max(e.trust, trust)
	return e
}

// begins returns the elements of an end that has no connection yet.
func (m *machine) begins() set { return m.intern([]element{{}}) }

// anything returns the elements of an end of which nothing is known: it may be in any
// condition, and its user may have been told of the end of file or not.
func (m *machine) anything() set {
	if m.any > 0 {
		return m.any
	}
	list := []element{{}}
	for state := model.Closed; state <= model.TimeWait; state++ {
		for bits := range 1 << 6 {
			b := func(n int) bool { return bits>>n&1 != 0 }
			c := Condition{State: state, Opened: true, Orphan: b(0), Closing: b(1), Fin: b(2), Unread: b(3), Mini: b(4), Passive: b(5)}
			for _, n := range c.possible() {
				e := element{Condition: n}
				if n.Fin {
					e.order = EitherOrder
				}
				list = append(list, e)
				if n.Got {
					e.told = model.ToldEOF
					list = append(list, e)
				}
			}
		}
	}
	m.any = m.intern(list)
	return m.any
}

// possible returns the conditions that c stands for, if an end can be in it.
func (c Condition) possible() []Condition {
	s := c.State
	switch {
	case s < model.Established:
		if c.Orphan || c.Closing || c.Mini || s != model.Closed && (c.Fin || c.Unread) || c.Passive && s != model.SynReceived {
			return nil
		}
		if s == model.Closed { // and with any history
			list := []Condition{c}
			c.Got = true
			return append(list, c)
		}
		return []Condition{c}
	case c.Passive, c.Mini && (s != model.FinWait2 || !c.Orphan || c.Unread):
		return nil
	case s == model.Established || s == model.CloseWait:
		if c.Fin || c.Orphan && !c.Closing {
			return nil
		}
	case !c.Closing, s == model.FinWait2 && !c.Fin:
		return nil
	}
	if s == model.CloseWait || s == model.Closing || s == model.LastAck || s == model.TimeWait {
		c.Got = true
	}
	return []Condition{c}
}

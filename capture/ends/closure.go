package ends

import (
	"tcpclose/model"
)

// A question is what a machine is asked of a set; it remembers the answer.
type question struct {
	of set
	scene
	sent   emission // 0: what the set can become
	forced bool     // pool has what arrives now
	with   set      // what it is united with
	raise  Trust
	knows  known
	late   bool // what is owed is overdue
	idle   bool // a FIN that is kept back is overdue
}

// A scene is what of an end's surroundings decides what can happen there.
type scene struct {
	pool  events
	again events // of it, what may have arrived twice
	near  bool
	free  bool // nothing keeps a FIN back
	early bool // too little time has passed for what ends by itself, as a rule
	hasty bool // or to give up
}

// hidden returns what the ends of s can be after what may happen unseen: calls,
// timeouts and what is in the pool. Near an end everything that it sends is seen, and
// what arrives has done so when it passed.
func (m *machine) hidden(s set, w scene) set {
	q := question{of: s, scene: w}
	if r, known := m.memo[q]; known {
		return r
	}
	b := m.newBag()
	var queue []element
	push := func(e element) {
		if n, changed := b.add(e); changed {
			queue = append(queue, n)
		}
	}
	for _, e := range m.elementsOf(s) {
		push(e)
	}
	for len(queue) > 0 && !m.tired() {
		e := queue[0]
		queue = queue[1:]
		m.happens(e, w, func(d *edge, trust Trust) {
			m.work++
			switch {
			case d.sent != 0 && w.near:
				trust = Missing
			case d.sent&(sentFIN|sentRST) != 0: // lost before the capture, or still on the way
				trust = max(trust, Rare)
			}
			n := e.step(d, trust)
			if d.sent != 0 && e.owed != 0 {
				n.owed, n.trust = 0, Missing
			}
			push(n)
		})
	}
	r := m.setOf(b)
	if !m.tired() {
		m.memo[q] = r
	}
	return r
}

// happens calls f with what can happen at e, and what it takes for granted.
func (m *machine) happens(e element, w scene, f func(*edge, Trust)) {
	if e.Away && m.limit < Missing {
		return
	}
	if e.Away {
		for i := range m.returns {
			f(&m.returns[i], Missing)
		}
		return
	}
	if w.pool.has(leaves) && (e.State == model.Closed || e.State == model.TimeWait) {
		f(&m.leaves, Missing)
	}
	all := atAnyTime | anyArrival | w.pool
	if !w.pool.has(givesUp) {
		all &^= eventsOf(givesUp)
	}
	if m.limit < Missing { // what comes of the others takes too much for granted
		all &^= anyArrival&^w.pool | eventsOf(crashes)
	}
	if m.limit < Late && w.near {
		all &^= anyArrival &^ w.again
	}
	(all &^ eventsOf(leaves)).each(func(v event) {
		trust := Complete
		switch {
		case v == crashes:
			trust = Missing
		case v >= arrivals && !w.pool.has(v):
			trust = Missing
		case v >= arrivals && w.near && !w.again.has(v):
			trust = Late
		case v == waitEnds && w.early, v == givesUp && w.hasty:
			trust = Rare
		}
		if v == opens && e.Opened && e.State != model.Listen {
			return
		}
		edges := m.of(e.Condition, v)
		for i := range edges {
			d := &edges[i]
			if w.free && d.to.keepsFin() && !e.keepsFin() || d.rare {
				f(d, max(trust, Rare))
				continue
			}
			f(d, trust)
		}
	})
}

// keepsFin reports whether the end has called CLOSE, and has not sent its FIN.
func (c Condition) keepsFin() bool { return c.Closing && !c.Fin && c.State >= model.Established }

// emits returns what the ends of s, which is what they can be, are when a segment is
// seen that one of them sends.
func (m *machine) emits(s set, w scene, sent emission) set {
	q := question{of: s, scene: w, sent: sent}
	if r, known := m.memo[q]; known {
		return r
	}
	var list []element
	for _, e := range m.elementsOf(s) {
		if e.Away { // it may send anything
			list = append(list, e)
		}
		if e.owed != 0 {
			if e.owed == sent {
				n := e
				n.owed = 0
				list = append(list, n)
			}
			if e.owed == sent || sent&sentRST == 0 && e.owed&^ackedFin == sentACK && sent&ackedFin == e.owed&ackedFin && sent&sentACK != 0 {
				e.owed = 0 // it may ride on what follows
			}
		}
		m.happens(e, w, func(d *edge, trust Trust) {
			if d.sent != sent {
				return
			}
			n := e.step(d, trust)
			if e.owed != 0 {
				n.owed, n.trust = 0, Missing
			}
			if sent&sentRST != 0 && !n.did && d.cause {
				n.reset, n.did = d.by, true
			}
			list = append(list, n)
		})
	}
	r := m.intern(list)
	m.memo[q] = r
	return r
}

// arrive returns what the ends of s, close to which a segment has passed, are when it
// has arrived; or when it is late, or lost.
func (m *machine) arrive(s set, kinds events) set {
	q := question{of: s, scene: scene{pool: kinds}, forced: true}
	if r, known := m.memo[q]; known {
		return r
	}
	var list []element
	for _, e := range m.elementsOf(s) {
		late := e
		late.trust = max(late.trust, Late)
		list = append(list, late)
		some := false
		kinds.each(func(v event) {
			edges := m.of(e.Condition, v)
			some = some || len(edges) > 0
			for i := range edges {
				d := &edges[i]
				trust := Complete
				if d.rare {
					trust = Rare
				}
				n := e.step(d, trust)
				if d.sent != 0 {
					if d.soft {
						list = append(list, n)
					}
					n.owed = d.sent
					if d.sent&sentRST != 0 && !n.did && d.cause {
						n.reset, n.did = d.by, true
					}
				}
				list = append(list, n)
			}
		})
		if !some {
			list = append(list, e)
		}
	}
	r := m.intern(list)
	m.memo[q] = r
	return r
}

// overdue returns s when nothing that is owed can still come.
func (m *machine) overdue(s set) set {
	q := question{of: s, late: true}
	r, known := m.memo[q]
	if !known {
		list := m.elementsOf(s)
		for i := range list {
			if list[i].owed != 0 {
				list[i].owed, list[i].trust = 0, Missing
			}
		}
		r = m.intern(list)
		m.memo[q] = r
	}
	return r
}

// dawdling returns s when an end that still keeps its FIN back does so though nothing is in
// its way.
func (m *machine) dawdling(s set) set {
	q := question{of: s, idle: true}
	r, known := m.memo[q]
	if !known {
		list := m.elementsOf(s)
		for i := range list {
			if e := &list[i]; e.keepsFin() {
				e.trust = max(e.trust, Rare)
			}
		}
		r = m.intern(list)
		m.memo[q] = r
	}
	return r
}

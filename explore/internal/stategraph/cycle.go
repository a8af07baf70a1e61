package stategraph

import "slices"

// lasso returns a run into the nearest region of a kind, and round a cycle
// in it; or the shortest one that rests, if that is shorter. The arcs from loop on are
// those of the cycle.
func (h *fairSearch) lasso(kind componentKind) (arcs []arc, loop int, start uint32) {
	w := newPathFinder(h.pairing)
	is := func(v uint32) bool { return h.kinds[h.nodes[v].region] == kind }
	entry, way := w.nearest(h.roots(), &goal{node: is})
	cycle := h.cycle(w, entry)
	if rests := func(v uint32) bool { return is(v) && h.graph.rests(v/h.width) }; !rests(entry) && h.some(rests) {
		if end, other := w.nearest(h.roots(), &goal{node: rests}); len(other) < len(way)+len(cycle) {
			entry, way, cycle = end, other, h.cycle(w, end)
		}
	}
	start = entry / h.width
	if len(way) > 0 {
		start = h.graph.Source(way[0].step)
	}
	return slices.Concat(way, cycle), len(way), start
}

// some reports whether some node is so.
func (h *fairSearch) some(is func(v uint32) bool) bool {
	for v := range h.nodes {
		if is(uint32(v)) {
			return true
		}
	}
	return false
}

// cycle returns a cycle from entry, in its region, on which the run is fair. It goes
// on to the nearest node or arc that the cycle still needs until there is none, and back. That makes a
// short cycle, though not always a shortest one, which is hard to find.
func (h *fairSearch) cycle(w *pathFinder, entry uint32) (arcs []arc) {
	region := h.nodes[entry].region
	within := func(v uint32) bool { return h.nodes[v].region == region }
	always := h.Always
	for {
		want := cycleNeeds{h, h.Fairness}
		want.Always = always
		if h.kinds[region] == zenoOnly {
			want.Ticks = 0
		}
		want.visit(entry)
		at := entry
		arcs = arcs[:0]
		extend := func(g *goal) {
			g.within = within
			end, way := w.nearest([]uint32{at}, g)
			for _, a := range way {
				want.take(a)
			}
			at = end
			arcs = append(arcs, way...)
		}
		for want.any() {
			extend(&goal{node: want.node, arc: want.arc})
		}
		if at != entry || len(arcs) == 0 {
			extend(&goal{arc: func(a arc) bool { return a.to == entry }})
		}
		// What is enabled on the path is needed only now: there may be a path round it.
		t := h.along(arcs)
		mustAvoid := h.mustAvoid(&t)
		if mustAvoid == 0 {
			return h.shorten(arcs, h.kinds[region])
		}
		always |= h.steps(mustAvoid)
	}
}

// along returns the totals of a cycle.
func (h *fairSearch) along(arcs []arc) total {
	t := newTotal()
	for _, a := range arcs {
		t.node(h.mayEnable(h.graph, a.to/h.width))
		t.arc(a.in, h.graph.on[a.step])
	}
	return t
}

// shorten leaves out of a cycle the parts that lead back to where they began and
// without which it is as good.
func (h *fairSearch) shorten(arcs []arc, kind componentKind) []arc {
	for i := 0; i < len(arcs); i++ {
		at := arcs[(i+len(arcs)-1)%len(arcs)].to
		for j := len(arcs) - 1; j > i; j-- {
			if arcs[j-1].to != at {
				continue
			}
			rest := slices.Concat(arcs[:i], arcs[j:])
			t := h.along(rest)
			if !h.missing(&t) && h.mustAvoid(&t) == 0 && (kind == zenoOnly || h.nonZeno(&t)) {
				arcs = rest
				j = len(arcs)
			}
		}
	}
	return arcs
}

// cycleNeeds has the conditions that a cycle does not satisfy yet, strong fairness left
// aside.
type cycleNeeds struct {
	*fairSearch
	Fairness
}

func (w *cycleNeeds) any() bool { return w.sets != 0 || w.Weak != 0 || w.Always|w.Ticks != 0 }

// node reports whether a visit of v is of use.
func (w *cycleNeeds) node(v uint32) bool { return w.Weak&^w.mayEnable(v) != 0 }

func (w *cycleNeeds) visit(v uint32) { w.Weak &= w.mayEnable(v) }

func (w *cycleNeeds) mayEnable(v uint32) Demands { return w.Fairness.mayEnable(w.graph, v/w.width) }

// arc reports whether to take a is of use.
func (w *cycleNeeds) arc(a arc) bool {
	on := w.graph.on[a.step]
	return a.in&w.sets != 0 || on&(w.Always|w.Ticks) != 0 || w.unmet(w.Weak, on) != w.Weak || on&resting != 0 && (w.Weak != 0 || w.Always|w.Ticks != 0)
}

func (w *cycleNeeds) take(a arc) {
	on := w.graph.on[a.step]
	w.sets &^= a.in
	w.Weak = w.unmet(w.Weak, on)
	w.Always &^= on
	if on&w.Ticks != 0 {
		w.Ticks = 0
	}
	if on&resting != 0 {
		w.Weak, w.Always, w.Ticks = 0, 0, 0
	}
	w.visit(a.to)
}

// A pathFinder finds shortest ways in a pairing.
type pathFinder struct {
	*pairing
	back  []uint32 // by node: 0 if it was not met, or 1 and where it was met from
	queue []uint32
}

// noParent, in pathFinder.back, marks a node where a search begins.
const noParent = ^uint32(0)

// A goal is where a walk ends: at a node, or after an arc. It stays within some
// nodes. What is nil does not matter.
type goal struct {
	node   func(v uint32) bool
	arc    func(a arc) bool
	within func(v uint32) bool
}

func newPathFinder(p *pairing) *pathFinder {
	return &pathFinder{pairing: p, back: make([]uint32, p.graph.States()*int(p.width))}
}

// nearest returns a shortest path from one of starts to the goal, which must exist,
// and where it ends. It is the first one, by the order of starts and of arcs.
func (w *pathFinder) nearest(starts []uint32, g *goal) (end uint32, way []arc) {
	defer w.reset()
	for _, v := range starts {
		if g.node != nil && g.node(v) {
			return v, nil
		}
		w.meet(v, noParent)
	}
	for i := 0; i < len(w.queue); i++ {
		from := w.queue[i]
		var last arc
		found := false
		w.arcs(from, func(a arc) bool {
			if g.within != nil && !g.within(a.to) {
				return false
			}
			last = a
			found = g.arc != nil && g.arc(a) || g.node != nil && w.back[a.to] == 0 && g.node(a.to)
			if w.back[a.to] == 0 {
				w.meet(a.to, from+1)
			}
			return found
		})
		if found {
			return last.to, append(w.way(from), last)
		}
	}
	panic("explore: no way within a component")
}

func (w *pathFinder) meet(v, from uint32) {
	w.back[v] = from
	w.queue = append(w.queue, v)
}

func (w *pathFinder) reset() {
	for _, v := range w.queue {
		w.back[v] = 0
	}
	w.queue = w.queue[:0]
}

// way returns how the walk came to v: between two nodes by the first arc there is.
func (w *pathFinder) way(v uint32) (way []arc) {
	for w.back[v] != noParent {
		from := w.back[v] - 1
		w.arcs(from, func(a arc) bool {
			if a.to != v {
				return false
			}
			way = append(way, a)
			return true
		})
		v = from
	}
	slices.Reverse(way)
	return way
}

package stategraph

import "slices"

// lasso returns a run into the nearest region of a kind, and round a cycle in it; or the
// shortest one that rests, if that is shorter. The arcs from loop on are those of the
// cycle.
func (h *fairSearch) lasso(kind componentKind) (arcs []arc, loop int, start uint32) {
	w := newPathFinder(h.pairing)
	var way []arc
	entry, cycle, _ := h.nearestCycle(kind, w, func(g *goal) (uint32, int, bool) {
		end, found, ok := w.search(h.roots(), g)
		if ok {
			way = found
		}
		return end, len(found), ok
	})
	start = entry / h.width
	if len(way) > 0 {
		start = h.graph.Source(way[0].step)
	}
	return slices.Concat(way, cycle), len(way), start
}

// nearestCycle returns the nearest node of a kind to which find finds a way, and a cycle
// from there, by w; or those of the nearest node where a run rests, if they are shorter. It
// reports false if find finds none; the last way that it finds is the one that counts.
func (h *fairSearch) nearestCycle(kind componentKind, w *pathFinder, find func(g *goal) (node uint32, arcs int, ok bool)) (entry uint32, cycle []arc, ok bool) {
	is := func(v uint32) bool { return h.kinds[h.nodes[v].region] == kind }
	entry, arcs, ok := find(&goal{node: is})
	if !ok {
		return 0, nil, false
	}
	cycle = h.cycle(w, entry)
	if rests := func(v uint32) bool { return is(v) && h.graph.rests(v/h.width) }; !rests(entry) && h.some(rests) {
		if end, _, ok := find(&goal{node: rests, shorter: arcs + len(cycle)}); ok {
			entry, cycle = end, h.cycle(w, end)
		}
	}
	return entry, cycle, true
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
	// grow, if it is not nil, makes the graph larger, which does not have the steps of all
	// its states yet. It returns how many states have numbers then, or false if that
	// cannot be.
	grow  func() (states int, ok bool)
	back  []uint32 // by node: 0 if it was not met, or 1 and where it was met from
	queue []uint32
}

// noParent, in pathFinder.back, marks a node where a search begins.
const noParent = ^uint32(0)

// A goal is where a walk ends: at a node, or after an arc. It stays within some
// nodes. What is nil does not matter.
type goal struct {
	node    func(v uint32) bool
	arc     func(a arc) bool
	within  func(v uint32) bool
	shorter int // the way has fewer arcs than this; 0 for any number
}

func newPathFinder(p *pairing) *pathFinder {
	return &pathFinder{pairing: p, back: make([]uint32, p.graph.States()*int(p.width))}
}

// nearest returns what search finds, which must be there.
func (w *pathFinder) nearest(starts []uint32, g *goal) (end uint32, way []arc) {
	end, way, ok := w.search(starts, g)
	if !ok {
		panic("explore: no way within a component")
	}
	return end, way
}

// search returns a shortest path from one of starts to the goal, and where it ends. It is
// the first one, by the order of starts and of arcs. It reports false if there is none, or
// if the graph could not grow as far.
func (w *pathFinder) search(starts []uint32, g *goal) (end uint32, way []arc, ok bool) {
	defer w.reset()
	for _, v := range starts {
		if g.node != nil && g.node(v) {
			return v, nil, true
		}
		w.meet(v, noParent)
	}
	arcs, next := 1, len(w.queue) // of the ways that are looked at, and where longer ones begin
	for i := 0; i < len(w.queue); i++ {
		if i == next {
			arcs, next = arcs+1, len(w.queue)
		}
		if g.shorter > 0 && arcs >= g.shorter {
			break
		}
		from := w.queue[i]
		if int(from/w.width) >= w.graph.States() && !w.room() {
			break
		}
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
			return last.to, append(w.way(from), last), true
		}
	}
	return 0, nil, false
}

// room has the graph grow, and makes room for its states.
func (w *pathFinder) room() bool {
	states, ok := w.grow()
	if more := states*int(w.width) - len(w.back); more > 0 {
		w.back = append(w.back, make([]uint32, more)...)
	}
	return ok
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

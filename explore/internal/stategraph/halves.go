package stategraph

import (
	"context"
	"errors"
	"slices"

	"tcpclose/explore/internal/scc"
	"tcpclose/explore/internal/search"
	"tcpclose/explore/ltl"
)

// Where states are pairs, most of them are on no cycle that a fair run could repeat, and
// that can be seen without a graph of them. On a cycle of states each half goes round
// within one strongly connected component of its own moves, of which there are few
// (thousands, where there are millions of states). So a state is left out if its halves'
// components do not have what the run has to repeat, as a tick. What is left is a small
// graph, and if no fair run stays in it, none does in the large one.
//
// If one does, a breadth-first search of the states finds the way to it, which is often
// short: the graph of all states is made only as far as the search goes.

// Cycles answers questions about the graph of a search by the states of which it cannot
// be excluded that they are on a cycle, or terminal.
type Cycles[K comparable] struct {
	search  *search.Search[K]
	space   search.Halves[K]
	columns *Columns
	halves  [2]*half
	parts   map[partKey]*part[K]
	builder *Builder[K] // of the graph of all states, which grows as ways are sought
}

// errTooMany is the reason why a part was not made.
var errTooMany = errors.New("explore: too many states could be on a cycle")

// A partKey says which states are in a part.
type partKey struct {
	always uint32 // the steps that a cycle has to have
	closed bool   // those of components that are not left
}

// NewCycles returns the cycles of a search that has seen everything, or nil if its
// states are no pairs, or not all is known of the halves. The builder is that of the
// search.
func NewCycles[K comparable](b *Builder[K]) *Cycles[K] {
	s, c := b.Search, b.columns
	space, ok := s.Halves()
	if !ok || len(s.Result.Incomplete) > 0 {
		return nil
	}
	y := &Cycles[K]{search: s, space: space, columns: c, parts: map[partKey]*part[K]{}, builder: b}
	for side := range y.halves {
		h := space.Half(side)
		if h == nil {
			return nil
		}
		y.halves[side] = newHalf(h, c)
	}
	return y
}

// FairRun finds what Graph.FairRun finds, the same run. It reports not known if it
// cannot say whether there is one, or that takes too long.
func (y *Cycles[K]) FairRun(ctx context.Context, a *ltl.Automaton, f Fairness) (run *FairRun, known bool) {
	width := len(a.Moves)
	if width == 0 {
		return nil, true
	}
	if f.Always == 0 {
		return nil, false
	}
	p, err := y.part(ctx, partKey{always: f.Always})
	if err != nil || y.search.Result.Distinct*width > maxNodes {
		return nil, false
	}
	h := newFairSearch(&pairing{p.graph, a.Moves, uint32(width)}, a, f)
	if !h.run(ctx, y.meets(p, a)) {
		return nil, false
	}
	// It is not known of the components whether a run reaches them.
	for _, kind := range []componentKind{fair, zenoOnly} {
		if !slices.Contains(h.kinds, kind) {
			continue
		}
		if run, known = y.lasso(ctx, p, h, kind); run != nil || !known {
			return run, known
		}
	}
	return nil, true
}

// meets returns the nodes of the pairing of p and a at which a run can arrive, as far as
// each half shows.
func (y *Cycles[K]) meets(p *part[K], a *ltl.Automaton) (nodes []uint32) {
	width := uint32(len(a.Moves))
	met := [2][]bool{y.halves[0].meets(a), y.halves[1].meets(a)}
	for s, k := range p.states {
		v := y.space.Sides(k)
		for q := range width {
			if met[0][v[0]*width+q] && met[1][v[1]*width+q] {
				nodes = append(nodes, uint32(s)*width+q)
			}
		}
	}
	return nodes
}

// lasso returns the run that Graph.FairRun returns, or nil if no component of the kind is
// reached.
func (y *Cycles[K]) lasso(ctx context.Context, p *part[K], h *fairSearch, kind componentKind) (run *FairRun, known bool) {
	w := &wayFinder[K]{Cycles: y, part: p, moves: h.moves, width: h.width}
	_, cycle, ok := h.nearestCycle(kind, newPathFinder(h.pairing), func(g *goal) (uint32, int, bool) { return w.find(ctx, g) })
	if !ok || w.failed {
		return nil, !w.failed
	}
	run = &FairRun{Start: w.start, Picks: w.picks, Loop: len(w.picks), Zeno: kind == zenoOnly, Graph: p.graph}
	var picks []int
	for _, a := range cycle {
		if p.graph.on[a.step]&resting == 0 {
			picks = append(picks, int(p.picks[a.step]))
		}
	}
	run.repeat(picks, cycle)
	return run, true
}

// A wayFinder finds the ways to nodes of a part, through all states. It has the graph of
// these as far as it has grown.
type wayFinder[K comparable] struct {
	*Cycles[K]
	part   *part[K]
	moves  [][]ltl.Move
	width  uint32
	failed bool // the graph did not grow

	// The last way that was found:
	start int // the place of its state among the initial ones
	picks []int
}

// find returns the node to which the shortest way leads, and how many arcs it has.
func (w *wayFinder[K]) find(ctx context.Context, g *goal) (node uint32, arcs int, ok bool) {
	node, ok, least := w.straight(ctx, g.node, g.shorter)
	if ok || g.shorter > 0 && least >= g.shorter {
		return node, least, ok
	}
	return w.along(ctx, g)
}

// along returns what find does, by the graph of all states.
func (w *wayFinder[K]) along(ctx context.Context, g *goal) (node uint32, arcs int, ok bool) {
	b := w.builder
	if b.graph == nil {
		if _, err := b.Grow(ctx); err != nil {
			w.failed = true
			return 0, 0, false
		}
	}
	states := func() int {
		w.part.meet(b)
		return len(b.keys)
	}
	f := newPathFinder(&pairing{b.graph, w.moves, w.width})
	f.back = make([]uint32, states()*int(w.width))
	f.grow = func() (int, bool) {
		if more, err := b.Grow(ctx); err != nil || !more {
			w.failed = true
			return 0, false
		}
		return states(), true
	}
	there := *g
	there.node = func(v uint32) bool {
		s, in := w.part.at[v/w.width]
		node = s*w.width + v%w.width
		return in && g.node(node)
	}
	end, way, ok := f.search(f.roots(), &there)
	if !ok {
		return 0, 0, false
	}
	if w.start, w.picks = int(end/w.width), b.graph.picks(way); len(way) > 0 {
		w.start = int(b.graph.Source(way[0].step))
	}
	return node, len(way), true
}

// MayBeStuck reports whether there may be a state from which no letter of goal can be
// reached. If there is one, there is one in a component that is not left. It reports not
// known if it cannot say.
func (y *Cycles[K]) MayBeStuck(ctx context.Context, goal ltl.Letter) (may, known bool) {
	p, err := y.part(ctx, partKey{closed: true})
	if err != nil {
		return false, false
	}
	roots := make([]uint32, p.graph.States())
	for s := range roots {
		roots[s] = uint32(s)
	}
	can := append([]bool(nil), p.left...)
	if !p.graph.reach(ctx, goal, roots, can) {
		return false, false
	}
	for _, can := range can {
		may = may || !can
	}
	return may, true
}

// A part is a graph of some of the states, with the steps between them.
type part[K comparable] struct {
	states []K
	number map[K]uint32
	graph  *Graph
	picks  []uint32 // by step: its place among those from the same state
	left   []bool   // by state: a step leads to a state that is not in it

	// In the graph of all states, as far as it has grown:
	at     map[uint32]uint32 // the states that are in it, by their numbers there
	unmet  []uint32          // those of which no number is known
	places []uint32          // where the search keeps the states
}

// meet takes note of the numbers that the states have in the graph of b.
func (p *part[K]) meet(b *Builder[K]) {
	if p.at == nil {
		p.at = map[uint32]uint32{}
		for s := range p.states {
			p.unmet = append(p.unmet, uint32(s))
		}
		p.places, _ = b.Workers[0].Places(nil, p.states)
	}
	p.unmet = slices.DeleteFunc(p.unmet, func(s uint32) bool {
		n := b.number[p.places[s]]
		if n > 0 {
			p.at[n-1] = s
		}
		return n > 0
	})
}

// part returns the part with the states of key and the terminal states.
func (y *Cycles[K]) part(ctx context.Context, key partKey) (*part[K], error) {
	if p, ok := y.parts[key]; ok {
		return p, nil
	}
	var in, rests [2][]bool
	for side, h := range y.halves {
		in[side] = h.values(func(v uint32) bool {
			if key.closed {
				return !h.leaves(v)
			}
			return key.always&^h.on[h.component[v]] == 0
		})
		rests[side] = h.values(func(v uint32) bool { return !h.goes(v) })
	}
	most := max(1<<12, y.search.Result.Distinct/8)
	states, ok := y.space.Pairs(in, most)
	more, also := y.space.Pairs(rests, most)
	if !ok || !also {
		return nil, errTooMany
	}
	p, err := y.make(ctx, append(states, more...))
	if err == nil {
		y.parts[key] = p
	}
	return p, err
}

// make returns the part with these states; one may be among them twice.
func (y *Cycles[K]) make(ctx context.Context, states []K) (*part[K], error) {
	p := &part[K]{graph: &Graph{First: []uint64{0}}, number: make(map[K]uint32, len(states))}
	for _, k := range states {
		if _, known := p.number[k]; !known {
			p.number[k] = uint32(len(p.states))
			p.states = append(p.states, k)
		}
	}
	g, w := p.graph, y.search.Workers[0]
	w.Explorer.Observe(y.columns.Steps)
	for s, k := range p.states {
		if s%checkEvery == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		steps := w.Steps(k)
		enabled, left := uint32(0), false
		for i := range steps {
			on := y.columns.label(steps[i].Seen)
			enabled |= on
			to, in := p.number[steps[i].To]
			if !in {
				left = true
				continue
			}
			g.To, g.on, p.picks = append(g.To, to), append(g.on, on), append(p.picks, uint32(i))
		}
		if len(steps) == 0 {
			g.To, g.on, p.picks = append(g.To, uint32(s)), append(g.on, resting), append(p.picks, 0)
		}
		g.enabled = append(g.enabled, enabled)
		g.First = append(g.First, uint64(len(g.To)))
		p.left = append(p.left, left)
	}
	w.Explorer.Observe(y.columns.states)
	for s, k := range p.states {
		in := y.columns.label(w.Seen(k))
		if first, end := g.Steps(uint32(s)); p.left[s] || end > first && g.on[first]&resting == 0 {
			in &^= y.columns.terminals
		}
		g.in = append(g.in, in)
	}
	return p, nil
}

// A half is what one half of the states does by itself, as the columns see it.
type half struct {
	*search.Half
	component   []int    // by value
	on          []uint32 // by component: the steps of which it does not rule out that it takes part in them and stays in the component
	sees, stays []uint32 // by value
	moves       []uint32 // by move: which steps it may be
}

func newHalf(h *search.Half, c *Columns) *half {
	r := &half{Half: h}
	ahead := make([][]int32, h.Values())
	for v := range ahead {
		r.sees = append(r.sees, c.label(h.Sees[v].And(c.states)))
		r.stays = append(r.stays, c.label(h.Stays[v].And(c.Steps)))
		for _, m := range h.Of(uint32(v)) {
			ahead[v] = append(ahead[v], int32(m.To))
			r.moves = append(r.moves, c.label(m.On.And(c.Steps)))
		}
	}
	r.component = scc.Ranks(ahead)
	r.on = make([]uint32, h.Values())
	for v, n := range r.component {
		r.on[n] |= r.stays[v]
		for i := h.First[v]; i < h.First[v+1]; i++ {
			if r.component[h.Moves[i].To] == n {
				r.on[n] |= r.moves[i]
			}
		}
	}
	return r
}

// values returns the set of the values that are so.
func (h *half) values(is func(v uint32) bool) []bool {
	set := make([]bool, h.Values())
	for v := range set {
		set[v] = is(uint32(v))
	}
	return set
}

// goes reports whether a state with this value has a step, whatever the other value is.
func (h *half) goes(v uint32) bool {
	for _, m := range h.Of(v) {
		if m.Sure {
			return true
		}
	}
	return false
}

// leaves reports whether a state with this value has a step out of the component,
// whatever the other value is.
func (h *half) leaves(v uint32) bool {
	for _, m := range h.Of(v) {
		if m.Sure && h.component[m.To] != h.component[v] {
			return true
		}
	}
	return false
}

// meets returns the pairs of a value and a state of a, value times width plus state, at
// which a run can arrive as far as the half shows.
func (h *half) meets(a *ltl.Automaton) []bool {
	width := uint32(len(a.Moves))
	met := make([]bool, h.Values()*len(a.Moves))
	var queue []uint32
	meet := func(v, q uint32) {
		if node := v*width + q; !met[node] {
			met[node] = true
			queue = append(queue, node)
		}
	}
	for _, v := range h.Initial {
		meet(v, 0)
	}
	for len(queue) > 0 {
		node := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		v, q := node/width, node%width
		in := ltl.Letter(h.sees[v]) << 32
		// What the half does not see, the other may.
		read := func(to, on uint32) {
			letter := in | ltl.Letter(on)
			for i := range a.Moves[q] {
				if m := &a.Moves[q][i]; letter&m.With == m.With {
					meet(to, m.To)
				}
			}
		}
		read(v, h.stays[v])
		for i := h.First[v]; i < h.First[v+1]; i++ {
			read(h.Moves[i].To, h.moves[i])
			// It may not be the half's last move of the step.
			meet(h.Moves[i].To, q)
		}
	}
	return met
}

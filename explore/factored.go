package explore

import (
	"context"
	"fmt"
)

// ExploredProduct is the outcome of the search of a product.
type ExploredProduct struct {
	Result
	search *search[uint64]
	space  *productSpace
}

// ExploreProduct visits every reachable state of p.
func ExploreProduct(ctx context.Context, p *Product, o Options) (*ExploredProduct, error) {
	if err := p.validate(); err != nil {
		return nil, err
	}
	sp := newProductSpace(p)
	watches := make([]Kind, len(p.Watches))
	for i, w := range p.Watches {
		watches[i] = w.Kind
	}
	s := newSearch(sp, watches, o)
	s.run(ctx)
	return &ExploredProduct{s.result, s, sp}, nil
}

// Found is the least number of steps after which watch i sees something; ok is
// false if it saw nothing.
func (e *ExploredProduct) Found(i int) (steps int, ok bool) {
	steps, ok = e.search.found[i]
	return steps, ok
}

// Path is the run to what watch i sees: of the shortest ones, that whose steps
// come first. ok is false if it saw nothing.
func (e *ExploredProduct) Path(i int) (path Path[Tuple, Pick], ok bool) {
	path, ok = e.Paths([]int{i})[i]
	return path, ok
}

// Paths is the path of each of the watches that saw something. All together cost
// little more than one.
func (e *ExploredProduct) Paths(watches []int) map[int]Path[Tuple, Pick] {
	paths := map[int]Path[Tuple, Pick]{}
	for i, run := range e.search.paths(watches) {
		paths[i] = follow(e.space.System(), e.space.layout.unpack(run.start), run.picks)
	}
	return paths
}

// Lightest is the lightest of the shortest runs to what each of the watches sees,
// of those that saw something.
func (e *ExploredProduct) Lightest(watches []int, weigh Weigh[Tuple, Pick]) map[int]Light[Tuple, Pick] {
	lights := map[int]Light[Tuple, Pick]{}
	sys := e.space.System()
	for i, run := range e.search.lightest(watches, weights(sys, func(k uint64) Tuple { return e.space.layout.unpack(k) }, weigh)) {
		lights[i] = Light[Tuple, Pick]{follow(sys, e.space.layout.unpack(run.start), run.picks), run.load}
	}
	return lights
}

// productSpace packs the tuples of a product into words.
type productSpace struct {
	*Product
	layout    layout
	words     *wordSet
	explorers []*productExplorer
	// groups is the routes, those next to each other with the same lead together.
	groups []group
	// watched is, by route, the step watches whose movers are all on the route.
	watched []Bits
	// standing is the state and terminal watches, terminal the latter alone.
	standing, terminal Bits
}

type group struct {
	lead   int
	routes []int
}

func newProductSpace(p *Product) *productSpace {
	sp := &productSpace{Product: p, words: newWordSet()}
	for i, w := range p.Watches {
		if w.Kind != Steps {
			sp.standing = sp.standing.Or(Bit(i))
		}
		if w.Kind == Terminals {
			sp.terminal = sp.terminal.Or(Bit(i))
		}
	}
	for r, route := range p.Routes {
		var on Bits
		for i, w := range p.Watches {
			if w.Kind == Steps && route.carries(w.Movers) {
				on = on.Or(Bit(i))
			}
		}
		sp.watched = append(sp.watched, on)
		if n := len(sp.groups); n == 0 || sp.groups[n-1].lead != route.Lead {
			sp.groups = append(sp.groups, group{lead: route.Lead})
		}
		last := &sp.groups[len(sp.groups)-1]
		last.routes = append(last.routes, r)
	}
	return sp
}

func (sp *productSpace) initial() (keys []uint64, count int, bound string) {
	top := make([]Value, len(sp.Parts))
	for _, t := range sp.Init {
		for i := range top {
			top[i] = max(top[i], t[i])
		}
	}
	layout, ok := newLayout(top)
	if !ok {
		return nil, 0, BoundWord
	}
	sp.layout = layout
	for _, x := range sp.explorers {
		copy(x.top[:], top)
	}
	sp.words.grow(len(sp.Init))
	sp.words.reserve(len(sp.Init))
	for _, t := range sp.Init {
		if w := layout.pack(&t); sp.words.insert(w) {
			keys = append(keys, w)
		}
	}
	sp.words.release(len(sp.Init) - len(keys))
	return keys, len(sp.Init), ""
}

// relay makes a layout with room for every value that an explorer remembers, and
// rewrites everything in it. It must run alone.
func (sp *productSpace) relay(levels [][]uint64) (bound string) {
	top := make([]Value, len(sp.Parts))
	fits := true
	for i := range top {
		for _, x := range sp.explorers {
			top[i] = max(top[i], x.top[i])
		}
		fits = fits && sp.layout.fits(i, top[i])
	}
	if fits {
		return "" // somebody else has been here first
	}
	old := sp.layout
	wide, ok := newLayout(top)
	if !ok {
		return BoundWord
	}
	rewrite := func(w uint64) uint64 {
		t := old.unpack(w)
		return wide.pack(&t)
	}
	sp.layout = wide
	sp.words.rewrite(rewrite)
	for _, level := range levels {
		for i, w := range level {
			level[i] = rewrite(w)
		}
	}
	return ""
}

func (sp *productSpace) explorer() explorer[uint64] {
	n := len(sp.Parts)
	x := &productExplorer{
		productSpace: sp,
		starts:       make([][][]start, len(sp.groups)),
		reactions:    make([]reactions, n),
		states:       make([][]Bits, n),
		stays:        make([][]Bits, n),
		number:       map[effect]uint32{},
		cut:          map[string]bool{},
		heeded:       All,
	}
	sp.explorers = append(sp.explorers, x)
	return x
}

// A productExplorer remembers the local moves of every part.
type productExplorer struct {
	*productSpace
	starts    [][][]start // by group and value of the lead
	reactions []reactions // by part
	states    [][]Bits    // by part and value: Part.State
	stays     [][]Bits    // by part and value: Part.Stay
	effects   []effect    // the different ones
	number    map[effect]uint32
	cut       map[string]bool
	aside     []uint64
	warm      uint64 // see wordSet.touch
	heeded    Bits   // the watches that are looked out for
	tracing   bool   // expand enters the steps one by one into succs
	succs     []succ[uint64]

	top    Tuple // the largest values in what is remembered
	narrow bool  // one of them does not fit into the layout
	short  int   // how many words the table had no room for, if not narrow
}

// A localMove is a Move as the explorer remembers it, for one value of its part.
type localMove struct {
	change Value      // the value before xor that after
	says   [2]Message // by Port
	effect uint32     // in effects, with flags
}

// Flags in localMove.effect.
const (
	stops = 1 << 31 // the step ends here
	still = 1 << 30 // Move.Still
	flags = stops | still
)

// An effect is what of a move is seldom asked for.
type effect struct {
	step   Bits
	label  uint32
	bound  string
	refuse bool
}

// A start is a move of a lead.
type start struct {
	localMove
	route   int
	watched Bits // the step watches that see it, with their movers on the route
}

// silent is the move of a part that is told nothing.
var silent localMove

// remember is the move m that part i makes with value v.
func (x *productExplorer) remember(i int, v Value, m Move) localMove {
	e := effect{m.Step, m.Label, m.Bound, m.Refuse}
	n, ok := x.number[e]
	if !ok {
		n = uint32(len(x.effects))
		x.effects = append(x.effects, e)
		x.number[e] = n
	}
	if m.Refuse || m.Bound != "" {
		return localMove{effect: n | stops}
	}
	if m.To == 0 {
		panic(fmt.Sprintf("explore: part %d moves from value %d to none", i, v))
	}
	x.top[i] = max(x.top[i], m.To)
	x.narrow = x.narrow || !x.layout.fits(i, m.To)
	if m.Still {
		n |= still
	}
	return localMove{v ^ m.To, [2]Message{m.Out, m.Note}, n}
}

func (x *productExplorer) expand(w uint64) (steps int, seen Bits, ok bool) {
	var moves [maxHops + 1]*localMove
	layout := &x.layout
	for g := range x.groups {
		lead := x.groups[g].lead
		v := layout.value(w, lead)
		var starts []start
		if table := x.starts[g]; int(v) < len(table) {
			starts = table[v]
		}
		if starts == nil {
			if starts = x.start(g, v); x.narrow {
				return 0, seen, false
			}
		}
	leads:
		for s := range starts {
			first := &starts[s]
			if first.effect&stops != 0 {
				steps += x.stop(first.effect)
				continue
			}
			moves[0] = &first.localMove
			to := layout.change(w, lead, first.change)
			route := &x.Routes[first.route]
			for i := range route.Hops {
				hop := &route.Hops[i]
				in := moves[hop.From].says[hop.Port]
				if in == 0 {
					moves[i+1] = &silent
					continue
				}
				v := layout.value(to, hop.Part)
				m := x.reactions[hop.Part].find(v, in)
				if m == nil {
					if m = x.react(hop.Part, v, in); x.narrow {
						return 0, seen, false
					}
				}
				if m.effect&stops != 0 {
					steps += x.stop(m.effect)
					continue leads
				}
				moves[i+1] = m
				to = layout.change(to, hop.Part, m.change)
			}
			if route.Idle && (to == w || allStill(moves[:len(route.Hops)+1])) {
				continue
			}
			steps++
			x.aside = append(x.aside, to)
			on := first.watched.And(x.heeded)
			if !on.Empty() {
				on = x.seenOn(on, route, moves[:len(route.Hops)+1], w)
				seen = seen.Or(on)
			}
			if x.tracing {
				x.succs = append(x.succs, succ[uint64]{to: to, seen: on, route: first.route, label: x.label(moves[:len(route.Hops)+1])})
			}
		}
	}
	return steps, seen, true
}

// label is Move.Label of a step.
func (x *productExplorer) label(moves []*localMove) uint32 {
	for _, m := range moves {
		if m == &silent {
			continue
		}
		if l := x.effects[m.effect&^flags].label; l != 0 {
			return l
		}
	}
	return 0
}

// allStill reports whether no move counts as a change.
func allStill(moves []*localMove) bool {
	for _, m := range moves {
		if m.change != 0 && m.effect&still == 0 {
			return false
		}
	}
	return true
}

// seenOn is which of the watches see the step from w that moves make on route,
// if they see the first move.
func (x *productExplorer) seenOn(watches Bits, route *Route, moves []*localMove, w uint64) Bits {
	moved := 1 << route.Lead
	for i, m := range moves[1:] {
		if watches.Empty() {
			return watches
		}
		if m != &silent {
			watches = watches.And(x.effects[m.effect&^flags].step)
			moved |= 1 << route.Hops[i].Part
		}
	}
	for i := range x.Parts {
		if watches.Empty() {
			return watches
		}
		if moved>>i&1 == 0 {
			watches = watches.And(memo(&x.stays[i], x.layout.value(w, i), x.Parts[i].Stay))
		}
	}
	return watches
}

// stop is how many steps there are where a move stops one: none if the move is
// refused, one if it is cut.
func (x *productExplorer) stop(number uint32) int {
	e := &x.effects[number&^flags]
	if e.refuse {
		return 0
	}
	x.cut[e.bound] = true
	if x.tracing {
		x.succs = append(x.succs, succ[uint64]{cut: true})
	}
	return 1
}

func (x *productExplorer) claim(fresh []uint64) (_ []uint64, seen Bits, ok bool) {
	aside := x.aside
	x.aside = aside[:0]
	if !x.words.reserve(len(aside)) {
		x.short = len(aside)
		return fresh, seen, false
	}
	x.warm = x.words.touch(aside)
	had := len(fresh)
	for _, w := range aside {
		if x.words.insert(w) {
			fresh = append(fresh, w)
		}
	}
	x.words.release(len(aside) - (len(fresh) - had))
	return fresh, x.seenAhead(fresh[had:]), true
}

func (x *productExplorer) look() Bits {
	aside := x.aside
	x.aside = aside[:0]
	return x.seenAhead(aside)
}

// seenAhead is the set of state watches that see any of the states.
func (x *productExplorer) seenAhead(words []uint64) (seen Bits) {
	if x.heeded.And(x.standing).Without(x.terminal).Empty() {
		return seen
	}
	for _, w := range words {
		seen = seen.Or(x.seen(w))
	}
	return seen.Without(x.terminal)
}

func (x *productExplorer) steps(w uint64) ([]succ[uint64], bool) {
	x.tracing, x.succs = true, x.succs[:0]
	_, _, ok := x.expand(w)
	x.tracing, x.aside = false, x.aside[:0]
	if x.heeded.And(x.standing).Empty() {
		return x.succs, ok
	}
	for i := range x.succs {
		if step := &x.succs[i]; !step.cut {
			step.seen = step.seen.Or(x.seen(step.to).Without(x.terminal))
		}
	}
	return x.succs, ok
}

func (x *productExplorer) widen(levels [][]uint64) string {
	x.aside = x.aside[:0]
	if !x.narrow {
		x.words.grow(x.short)
		return ""
	}
	x.narrow = false
	bound := x.relay(levels)
	if bound != "" {
		x.forget()
	}
	return bound
}

// forget forgets all moves, since some lead to values that do not fit.
func (x *productExplorer) forget() {
	clear(x.starts)
	clear(x.reactions)
	for i := range x.Parts {
		x.top[i] = min(x.top[i], x.layout.mask[i])
	}
}

func (x *productExplorer) bounds() map[string]bool { return x.cut }

func (x *productExplorer) heed(watches Bits) { x.heeded = watches }

func (x *productExplorer) room() int { return len(x.words.slots) }

func (x *productExplorer) places(dst []uint32, words []uint64) []uint32 {
	x.warm = x.words.touch(words)
	for _, w := range words {
		dst = append(dst, uint32(x.words.place(w)))
	}
	return dst
}

// seen is the set of state and terminal watches that see the state.
func (x *productExplorer) seen(w uint64) Bits {
	seen := x.standing.And(x.heeded)
	for i := range x.Parts {
		if seen.Empty() {
			return seen
		}
		seen = seen.And(memo(&x.states[i], x.layout.value(w, i), x.Parts[i].State))
	}
	return seen
}

// unknown marks a place in a memo that was not asked for yet. It has the bit
// that is no watch.
var unknown = Bits{0, 1 << 63}

// memo is f(v), computed once.
func memo(table *[]Bits, v Value, f func(Value) Bits) Bits {
	if int(v) < len(*table) {
		if b := (*table)[v]; b != unknown {
			return b
		}
	}
	for int(v) >= len(*table) {
		*table = append(*table, unknown)
	}
	b := f(v)
	(*table)[v] = b
	return b
}

// start computes the moves with which v can start a step on a route of group g.
func (x *productExplorer) start(g int, v Value) []start {
	table := &x.starts[g]
	for int(v) >= len(*table) {
		*table = append(*table, nil)
	}
	starts := []start{} // not nil
	lead := x.groups[g].lead
	for _, r := range x.groups[g].routes {
		for _, m := range x.Parts[lead].Offer(nil, r, v) {
			starts = append(starts, start{x.remember(lead, v, m), r, x.watched[r].And(m.Step)})
		}
	}
	(*table)[v] = starts
	return starts
}

// react computes the move of part i with value v on message in.
func (x *productExplorer) react(i int, v Value, in Message) *localMove {
	return x.reactions[i].add(v, in, x.remember(i, v, x.Parts[i].React(v, in)))
}

// reactions is an open hash table from value and message to move.
type reactions struct {
	slots []reaction
	used  int
}

type reaction struct {
	key uint64 // value and message; 0 is a free slot
	localMove
}

func (t *reactions) find(v Value, in Message) *localMove {
	key := uint64(v)<<32 | uint64(in)
	mask := len(t.slots) - 1
	for i := spread(key); mask >= 0; i++ {
		switch slot := &t.slots[int(i)&mask]; slot.key {
		case key:
			return &slot.localMove
		case 0:
			return nil
		}
	}
	return nil
}

// spread is where the search for key begins. It is enough for keys whose halves
// are both small.
func spread(key uint64) uint64 { return key * 0x9e3779b97f4a7c15 >> 32 }

func (t *reactions) add(v Value, in Message, m localMove) *localMove {
	if t.used >= len(t.slots)/2 {
		old := t.slots
		t.slots = make([]reaction, max(64, 2*len(old)))
		for _, r := range old {
			if r.key != 0 {
				*t.free(r.key) = r
			}
		}
	}
	t.used++
	key := uint64(v)<<32 | uint64(in)
	slot := t.free(key)
	*slot = reaction{key, m}
	return &slot.localMove
}

func (t *reactions) free(key uint64) *reaction {
	mask := uint64(len(t.slots) - 1)
	i := spread(key) & mask
	for t.slots[i].key != 0 {
		i = (i + 1) & mask
	}
	return &t.slots[i]
}

package explore

import (
	"context"
	"errors"
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
	sp.maxMemory = o.MaxMemory
	if p.Exchange != nil && o.Checkpoint != nil {
		return nil, fmt.Errorf("%w: want no checkpoint", ErrSymmetry)
	}
	watches := make([]Kind, len(p.Watches))
	for i, w := range p.Watches {
		watches[i] = w.Kind
	}
	s := newSearch(sp, watches, o)
	e := &ExploredProduct{search: s, space: sp}
	c := o.Checkpoint
	if c == nil {
		s.run(ctx)
		e.Result = s.result
		return e, nil
	}
	if err := writable(c.File); err != nil {
		return nil, refuse(c.File, "%v", err)
	}
	if c.Resume {
		if err := e.resume(c); err != nil {
			return nil, err
		}
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	ended := every(c.Every, func() {
		if err := e.keep(c); err != nil {
			stop(err) // before more is done that would be lost
		}
	})
	s.run(ctx)
	ended()
	e.Result = s.result
	err := context.Cause(ctx)
	if !errors.Is(err, ErrCheckpoint) && s.stopped() {
		err = e.keep(c)
	}
	if errors.Is(err, ErrCheckpoint) {
		return nil, err
	}
	return e, nil
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
	swaps     []fieldSwap // of Product.Exchange, in this layout
	table     *wordSet
	maxMemory int64 // Options.MaxMemory
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
	sp := &productSpace{Product: p, table: newWordSet()}
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
	layout, ok := sp.newLayout(top)
	if !ok {
		return nil, 0, BoundWord
	}
	sp.setLayout(layout)
	for _, x := range sp.explorers {
		copy(x.top[:], top)
	}
	sp.table.grow(len(sp.Init))
	sp.table.reserve(len(sp.Init))
	for _, t := range sp.Init {
		w := layout.pack(&t)
		if w = min(w, sp.image(w)); sp.table.insert(w) {
			keys = append(keys, w)
		}
	}
	sp.table.release(len(sp.Init) - len(keys))
	return keys, len(sp.Init), ""
}

// newLayout is one with room for numbers up to top, and with fields of one width for
// parts that change places.
func (sp *productSpace) newLayout(top []Value) (l layout, ok bool) {
	if sp.Exchange == nil {
		return newLayout(top)
	}
	sp.Exchange.level(top)
	if l, ok = newLayout(top); !ok {
		return l, false
	}
	widths := l.widths()
	for _, p := range sp.Exchange.Parts {
		i, j := p[0], p[1]
		widths[i] = min(widths[i], widths[j]) // both have room for the same top
		widths[j] = widths[i]
	}
	return layoutOf(widths)
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
	wide, ok := sp.newLayout(top)
	if !ok {
		return BoundWord
	}
	rewrite := func(w uint64) uint64 {
		t := old.unpack(w)
		return wide.pack(&t)
	}
	sp.setLayout(wide)
	sp.table.rewrite(rewrite)
	for _, level := range levels {
		for i, w := range level {
			level[i] = rewrite(w)
		}
	}
	return ""
}

// setLayout has all that explorers remember fit the layout.
func (sp *productSpace) setLayout(l layout) {
	sp.layout = l
	if sp.Exchange != nil {
		sp.swaps = sp.Exchange.swaps(&l)
	}
	for _, x := range sp.explorers {
		x.sort()
	}
}

func (sp *productSpace) load() float64 {
	return float64(sp.table.used.Load()) / float64(len(sp.table.words))
}

// drop gives the table back, when it is of no use any more.
func (sp *productSpace) drop() { sp.table.free() }

func (sp *productSpace) explorer() explorer[uint64] {
	n := len(sp.Parts)
	x := &productExplorer{
		productSpace: sp,
		starts:       make([]startTable, len(sp.groups)),
		reactions:    make([]reactions, n),
		states:       make([][]Bits, n),
		stays:        make([][]Bits, n),
		kinds:        make([]kindOfMove, 1),
		effects:      make([]effect, 1),
		number:       map[moveKey]uint32{},
		cut:          map[string]bool{},
		heeded:       All,
	}
	sp.explorers = append(sp.explorers, x)
	return x
}

// A productExplorer remembers the local moves of every part. What is asked for in
// every step lies close together, so that it stays in the nearest caches: there is
// room for more moves than one would think, and it is what a search spends its time
// on besides the table.
type productExplorer struct {
	*productSpace
	starts    []startTable // by group
	reactions []reactions  // by part
	states    [][]Bits     // by part and value: Part.State
	stays     [][]Bits     // by part and value: Part.Stay
	kinds     []kindOfMove // the different ones; the first is that of a part that is told nothing
	effects   []effect     // by kind
	number    map[moveKey]uint32
	cut       map[string]bool
	aside     []uint64
	heeded    Bits // the watches that are looked out for
	sorted    Bits // the watches of steps for which starts are sorted
	succs     []succ[uint64]

	// What the step that is being taken is made of, the lead's move first.
	made [maxHops + 1]localMove
	says [maxHops + 1][2]Message

	top    Tuple // the largest values in what is remembered
	narrow bool  // one of them does not fit into the layout
	short  int   // how many words the table had no room for, if not narrow
}

// A localMove is a Move as the explorer remembers it, for one value of its part.
type localMove struct {
	change Value  // the value before xor that after
	kind   uint32 // in kinds and effects
}

// A kindOfMove is what of a move is asked for in every step.
type kindOfMove struct {
	says  [2]Message // by Port
	stops bool       // the step ends here
	still bool       // Move.Still
}

// An effect is what of a move is seldom asked for.
type effect struct {
	step   Bits
	label  uint32
	bound  string
	refuse bool
}

type moveKey struct {
	kindOfMove
	effect
}

// silent is the kind of move of a part that is told nothing.
const silent = 0

// A start is a move of a lead.
type start struct {
	localMove
	route uint32 // with seenBit
}

// seenBit marks the route of a start that step watches may see.
const seenBit = 1 << 31

// A startTable is the moves with which values of a lead can start steps on the
// routes of a group.
type startTable struct {
	of     []startsOf // by value
	all    []start    // those of a value together, in their order
	alone  []uint64   // what words change by with those that are the whole step and that no watch sees
	others []start    // the others
}

// startsOf is where in a startTable the moves of a value are: so many from there.
type startsOf struct {
	known         bool
	alone, others span
	all           span
}

type span struct{ from, to uint32 }

// remember is the move m that part i makes with value v.
func (x *productExplorer) remember(i int, v Value, m Move) localMove {
	k := moveKey{effect: effect{m.Step, m.Label, m.Bound, m.Refuse}}
	if k.stops = m.Refuse || m.Bound != ""; !k.stops {
		k.says, k.still = [2]Message{m.Out, m.Note}, m.Still
	}
	n, ok := x.number[k]
	if !ok {
		n = uint32(len(x.kinds))
		x.kinds = append(x.kinds, k.kindOfMove)
		x.effects = append(x.effects, k.effect)
		x.number[k] = n
	}
	if k.stops {
		return localMove{kind: n}
	}
	if m.To == 0 {
		panic(fmt.Sprintf("explore: part %d moves from value %d to none", i, v))
	}
	x.top[i] = max(x.top[i], m.To)
	x.narrow = x.narrow || !x.layout.fits(i, m.To)
	return localMove{v ^ m.To, n}
}

// expand takes the steps on each route in turn. What takes time is memory: that of
// the table is asked for as soon as it is known what will be looked up.
func (x *productExplorer) expand(w uint64) (steps int, seen Bits, ok bool) {
	x.sortIfDue()
	had := len(x.aside)
	for g := range x.starts {
		from, at := x.startsOf(g, w)
		if x.narrow {
			return 0, seen, false
		}
		for _, change := range from.alone[at.alone.from:at.alone.to] {
			x.aside = append(x.aside, w^change)
		}
		steps += int(at.alone.to - at.alone.from)
		for _, first := range from.others[at.others.from:at.others.to] {
			n, on, ok := x.follow(w, first)
			if !ok {
				return 0, seen, false
			}
			steps += n
			seen = seen.Or(on)
		}
	}
	if x.swaps != nil {
		x.keepSmaller(x.aside[had:])
	}
	prefetch(x.table.words, x.aside[had:])
	return steps, seen, true
}

// startsOf is the moves with which steps from w on the routes of group g can start.
func (x *productExplorer) startsOf(g int, w uint64) (*startTable, *startsOf) {
	t, v := &x.starts[g], x.layout.value(w, x.groups[g].lead)
	if int(v) >= len(t.of) || !t.of[v].known {
		x.start(g, v)
	}
	return t, &t.of[v]
}

// follow takes the step from w that begins with first, and puts where it leads
// aside. It gives how many steps that is, 0 or 1, and what watches see on it. It
// reports false where expand does.
func (x *productExplorer) follow(w uint64, first start) (steps int, on Bits, ok bool) {
	kind := &x.kinds[first.kind]
	if kind.stops {
		return x.stop(first.kind), on, true
	}
	route := &x.Routes[first.route&^seenBit]
	x.made[0], x.says[0] = first.localMove, kind.says
	to := w ^ x.layout.change(route.Lead, first.change)
	for i := range route.Hops {
		hop := &route.Hops[i]
		in := x.says[hop.From][hop.Port]
		if in == 0 {
			x.made[i+1], x.says[i+1] = localMove{}, [2]Message{}
			continue
		}
		v := x.layout.value(to, hop.Part)
		m, ok := x.reactions[hop.Part].find(v, in)
		if !ok {
			if m = x.react(hop.Part, v, in); x.narrow {
				return 0, on, false
			}
		}
		kind := &x.kinds[m.kind]
		if kind.stops {
			return x.stop(m.kind), on, true
		}
		x.made[i+1], x.says[i+1] = m, kind.says
		to ^= x.layout.change(hop.Part, m.change)
	}
	if route.Idle && (to == w || x.allStill(len(route.Hops)+1)) {
		return 0, on, true
	}
	x.aside = append(x.aside, to)
	if first.route&seenBit != 0 {
		on = x.seenOn(int(first.route&^seenBit), w)
	}
	return 1, on, true
}

// label is Move.Label of the step that was made on the route.
func (x *productExplorer) label(r int) uint32 {
	for _, m := range x.made[:len(x.Routes[r].Hops)+1] {
		if l := x.effects[m.kind].label; l != 0 {
			return l
		}
	}
	return 0
}

// allStill reports whether none of the first n moves of the step counts as a change.
func (x *productExplorer) allStill(n int) bool {
	for _, m := range x.made[:n] {
		if m.change != 0 && !x.kinds[m.kind].still {
			return false
		}
	}
	return true
}

// seenOn is which of the watches see the step from w that was made on the route.
func (x *productExplorer) seenOn(r int, w uint64) Bits {
	route := &x.Routes[r]
	watches := x.watched[r].And(x.heeded).And(x.effects[x.made[0].kind].step)
	moved := 1 << route.Lead
	for i := range route.Hops {
		if watches.Empty() {
			return watches
		}
		if kind := x.made[i+1].kind; kind != silent {
			watches = watches.And(x.effects[kind].step)
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

// stop is how many steps there are where a move of this kind stops one: none if the
// move is refused, one if it is cut.
func (x *productExplorer) stop(kind uint32) int {
	e := &x.effects[kind]
	if e.refuse {
		return 0
	}
	x.cut[e.bound] = true
	return 1
}

func (x *productExplorer) claim(fresh []uint64) (_ []uint64, seen Bits, ok bool) {
	aside := x.aside
	x.aside = aside[:0]
	if !x.table.reserve(len(aside)) {
		x.short = len(aside)
		return fresh, seen, false
	}
	had := len(fresh)
	for _, w := range aside {
		if x.table.insert(w) {
			fresh = append(fresh, w)
		}
	}
	x.table.release(len(aside) - (len(fresh) - had))
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
	x.sortIfDue()
	x.succs, x.aside = x.succs[:0], x.aside[:0]
	for g := range x.starts {
		from, at := x.startsOf(g, w)
		if x.narrow {
			return x.succs, false
		}
		for _, first := range from.all[at.all.from:at.all.to] {
			n, on, ok := x.follow(w, first)
			switch {
			case !ok:
				return x.succs, false
			case len(x.aside) > 0:
				x.succs = append(x.succs, succ[uint64]{to: x.aside[0], seen: on, route: int(first.route &^ seenBit), label: x.label(int(first.route &^ seenBit))})
				x.aside = x.aside[:0]
			case n > 0:
				x.succs = append(x.succs, succ[uint64]{cut: true})
			}
		}
	}
	if x.heeded.And(x.standing).Empty() {
		return x.succs, true
	}
	for i := range x.succs {
		if step := &x.succs[i]; !step.cut {
			step.seen = step.seen.Or(x.seen(step.to).Without(x.terminal))
		}
	}
	return x.succs, true
}

func (x *productExplorer) widen(levels [][]uint64) string {
	x.aside = x.aside[:0]
	if !x.narrow {
		more := int64(x.table.grown(x.short)-len(x.table.words)) * wordBytes
		if x.maxMemory > 0 && more > 0 && memoryInUse()+more > x.maxMemory {
			return BoundMemory
		}
		x.table.grow(x.short)
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

// sortIfDue sorts if other watches of steps are looked out for than when it was done
// last. Those of states make no difference, so to look out for these and those in
// turn costs nothing.
func (x *productExplorer) sortIfDue() {
	if x.heeded.Without(x.standing) != x.sorted {
		x.sort()
	}
}

// sort has what is remembered of starts fit the layout and the watches.
func (x *productExplorer) sort() {
	x.sorted = x.heeded.Without(x.standing)
	for g := range x.starts {
		t := &x.starts[g]
		t.alone, t.others = t.alone[:0], t.others[:0]
		for v := range t.of {
			if t.of[v].known {
				x.sortOf(t, &t.of[v])
			}
		}
	}
}

// sortOf tells those starts apart that are the whole step and that no watch sees.
func (x *productExplorer) sortOf(t *startTable, at *startsOf) {
	at.alone.from, at.others.from = uint32(len(t.alone)), uint32(len(t.others))
	for i := at.all.from; i < at.all.to; i++ {
		s := &t.all[i]
		r := s.route &^ seenBit
		if s.route = r; !x.watched[r].And(x.heeded).And(x.effects[s.kind].step).Empty() {
			s.route |= seenBit
		}
		route := &x.Routes[r]
		if s.route&seenBit == 0 && !x.kinds[s.kind].stops && len(route.Hops) == 0 && !route.Idle {
			t.alone = append(t.alone, x.layout.change(route.Lead, s.change))
		} else {
			t.others = append(t.others, *s)
		}
	}
	at.alone.to, at.others.to = uint32(len(t.alone)), uint32(len(t.others))
}

func (x *productExplorer) room() int { return len(x.table.words) }

func (x *productExplorer) places(dst []uint32, words []uint64) []uint32 {
	prefetch(x.table.words, words)
	for _, w := range words {
		dst = append(dst, uint32(x.table.place(w)))
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
func (x *productExplorer) start(g int, v Value) {
	t := &x.starts[g]
	for int(v) >= len(t.of) {
		t.of = append(t.of, startsOf{})
	}
	at := startsOf{known: true}
	at.all.from = uint32(len(t.all))
	lead := x.groups[g].lead
	for _, r := range x.groups[g].routes {
		for _, m := range x.Parts[lead].Offer(nil, r, v) {
			t.all = append(t.all, start{x.remember(lead, v, m), uint32(r)})
		}
	}
	at.all.to = uint32(len(t.all))
	x.sortOf(t, &at)
	t.of[v] = at
}

// react computes the move of part i with value v on message in.
func (x *productExplorer) react(i int, v Value, in Message) localMove {
	m := x.remember(i, v, x.Parts[i].React(v, in))
	x.reactions[i].add(v, in, m)
	return m
}

// reactions is an open hash table from value and message to move.
type reactions struct {
	slots []reaction
	used  int
}

type reaction struct {
	v  Value // 0 is a free slot
	in Message
	localMove
}

func (t *reactions) find(v Value, in Message) (m localMove, ok bool) {
	mask := len(t.slots) - 1
	for i := int(spread(v, in)); mask >= 0; i++ {
		slot := &t.slots[i&mask]
		if slot.v == v && slot.in == in {
			return slot.localMove, true
		}
		if slot.v == 0 {
			return m, false
		}
	}
	return m, false
}

// spread is where the search for a value and a message begins. It is enough for
// numbers that are small.
func spread(v Value, in Message) uint64 {
	return (uint64(v)<<32 | uint64(in)) * 0x9e3779b97f4a7c15 >> 32
}

func (t *reactions) add(v Value, in Message, m localMove) {
	if t.used >= len(t.slots)/2 {
		old := t.slots
		t.slots = make([]reaction, max(64, 2*len(old)))
		for _, r := range old {
			if r.v != 0 {
				*t.free(r.v, r.in) = r
			}
		}
	}
	t.used++
	*t.free(v, in) = reaction{v, in, m}
}

func (t *reactions) free(v Value, in Message) *reaction {
	mask := uint64(len(t.slots) - 1)
	i := spread(v, in) & mask
	for t.slots[i].v != 0 {
		i = (i + 1) & mask
	}
	return &t.slots[i]
}

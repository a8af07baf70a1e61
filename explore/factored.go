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
	sys := e.space.System()
	for i, run := range e.search.paths(watches) {
		s := e.space.layout.unpack(run.start)
		path := Path[Tuple, Pick]{States: []Tuple{s}}
		for _, nth := range run.picks {
			step := sys.Steps(nil, s)[nth]
			path.Actions = append(path.Actions, step.Action)
			path.States = append(path.States, step.To)
			s = step.To
		}
		paths[i] = path
	}
	return paths
}

// productSpace packs the tuples of a product into words.
type productSpace struct {
	*Product
	layout    layout
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
	layout, ok := newLayout(top)
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
		if w := layout.pack(&t); sp.table.insert(w) {
			keys = append(keys, w)
		}
	}
	sp.table.release(len(sp.Init) - len(keys))
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
	for _, x := range sp.explorers {
		x.shift()
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
		starts:       make([][]*leads, len(sp.groups)),
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
	starts    [][]*leads  // by group and value of the lead
	reactions []reactions // by part
	states    [][]Bits    // by part and value: Part.State
	stays     [][]Bits    // by part and value: Part.Stay
	effects   []effect    // the different ones
	number    map[effect]uint32
	cut       map[string]bool
	aside     []uint64
	heeded    Bits // the watches that are looked out for
	succs     []succ[uint64]

	top    Tuple // the largest values in what is remembered
	narrow bool  // one of them does not fit into the layout
	short  int   // how many words the table had no room for, if not narrow
}

// A localMove is a Move as the explorer remembers it, for one value of its part.
type localMove struct {
	delta  uint64     // what the state's word is xored with
	says   [2]Message // by Port
	effect uint32     // in effects, with flags
	change Value      // delta, of the part's value
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
	bound  string
	refuse bool
}

// A start is a move of a lead.
type start struct {
	localMove
	route   *Route
	watched Bits // the step watches that see it, with their movers on the route
}

// leads is the moves with which a value can start a step on the routes of a group.
type leads struct {
	starts []start  // all, in their order
	alone  []uint64 // localMove.delta of those that are the whole step and that no watch sees
	others []start  // the others
}

// sort tells those apart that are the whole step.
func (l *leads) sort(heeded Bits) {
	l.alone, l.others = l.alone[:0], l.others[:0]
	for i := range l.starts {
		s := &l.starts[i]
		if s.effect&stops == 0 && len(s.route.Hops) == 0 && !s.route.Idle && s.watched.And(heeded).Empty() {
			l.alone = append(l.alone, s.delta)
		} else {
			l.others = append(l.others, *s)
		}
	}
}

// silent is the move of a part that is told nothing.
var silent localMove

// remember is the move m that part i makes with value v.
func (x *productExplorer) remember(i int, v Value, m Move) localMove {
	e := effect{m.Step, m.Bound, m.Refuse}
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
	return localMove{x.layout.change(i, v^m.To), [2]Message{m.Out, m.Note}, n, v ^ m.To}
}

// expand takes the steps on each route in turn. What takes time is memory: that of
// the table is asked for as soon as it is known what will be looked up.
func (x *productExplorer) expand(w uint64) (steps int, seen Bits, ok bool) {
	had := len(x.aside)
	for g := range x.groups {
		from := x.leads(g, w)
		if x.narrow {
			return 0, seen, false
		}
		for _, delta := range from.alone {
			x.aside = append(x.aside, w^delta)
		}
		for i := range from.others {
			n, on, ok := x.follow(w, &from.others[i])
			if !ok {
				return 0, seen, false
			}
			steps += n
			seen = seen.Or(on)
		}
		steps += len(from.alone)
	}
	prefetch(x.table.words, x.aside[had:])
	return steps, seen, true
}

// leads is the moves with which steps from w on the routes of group g can start.
func (x *productExplorer) leads(g int, w uint64) *leads {
	v := x.layout.value(w, x.groups[g].lead)
	if table := x.starts[g]; int(v) < len(table) && table[v] != nil {
		return table[v]
	}
	return x.start(g, v)
}

// follow takes the step from w that begins with first, and puts where it leads
// aside. It gives how many steps that is, 0 or 1, and what watches see on it. It
// reports false where expand does.
func (x *productExplorer) follow(w uint64, first *start) (steps int, seen Bits, ok bool) {
	if first.effect&stops != 0 {
		return x.stop(first.effect), seen, true
	}
	var moves [maxHops + 1]*localMove
	moves[0] = &first.localMove
	to := w ^ first.delta
	route := first.route
	for i := range route.Hops {
		hop := &route.Hops[i]
		in := moves[hop.From].says[hop.Port]
		if in == 0 {
			moves[i+1] = &silent
			continue
		}
		v := x.layout.value(to, hop.Part)
		m := x.reactions[hop.Part].find(v, in)
		if m == nil {
			if m = x.react(hop.Part, v, in); x.narrow {
				return 0, seen, false
			}
		}
		if m.effect&stops != 0 {
			return x.stop(m.effect), seen, true
		}
		moves[i+1] = m
		to ^= m.delta
	}
	if route.Idle && (to == w || allStill(moves[:len(route.Hops)+1])) {
		return 0, seen, true
	}
	x.aside = append(x.aside, to)
	if on := first.watched.And(x.heeded); !on.Empty() {
		seen = x.seenOn(on, route, moves[:len(route.Hops)+1], w)
	}
	return 1, seen, true
}

// allStill reports whether no move counts as a change.
func allStill(moves []*localMove) bool {
	for _, m := range moves {
		if m.delta != 0 && m.effect&still == 0 {
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
	x.succs, x.aside = x.succs[:0], x.aside[:0]
	for g := range x.groups {
		from := x.leads(g, w)
		if x.narrow {
			return x.succs, false
		}
		for i := range from.starts {
			n, on, ok := x.follow(w, &from.starts[i])
			switch {
			case !ok:
				return x.succs, false
			case len(x.aside) > 0:
				x.succs = append(x.succs, succ[uint64]{to: x.aside[0], seen: on})
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
	x.starts = make([][]*leads, len(x.groups))
	clear(x.reactions)
	for i := range x.Parts {
		x.top[i] = min(x.top[i], x.layout.mask[i])
	}
}

func (x *productExplorer) bounds() map[string]bool { return x.cut }

func (x *productExplorer) heed(watches Bits) {
	if watches == x.heeded {
		return
	}
	x.heeded = watches
	for _, table := range x.starts {
		for _, l := range table {
			if l != nil {
				l.sort(watches)
			}
		}
	}
}

// shift has what is remembered fit a new layout.
func (x *productExplorer) shift() {
	for g, table := range x.starts {
		for _, l := range table {
			if l == nil {
				continue
			}
			for i := range l.starts {
				s := &l.starts[i]
				s.delta = x.layout.change(x.groups[g].lead, s.change)
			}
			l.sort(x.heeded)
		}
	}
	for i := range x.reactions {
		for j := range x.reactions[i].slots {
			m := &x.reactions[i].slots[j]
			m.delta = x.layout.change(i, m.change)
		}
	}
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
func (x *productExplorer) start(g int, v Value) *leads {
	table := &x.starts[g]
	for int(v) >= len(*table) {
		*table = append(*table, nil)
	}
	l := &leads{}
	lead := x.groups[g].lead
	for _, r := range x.groups[g].routes {
		for _, m := range x.Parts[lead].Offer(nil, r, v) {
			l.starts = append(l.starts, start{x.remember(lead, v, m), &x.Routes[r], x.watched[r].And(m.Step)})
		}
	}
	l.sort(x.heeded)
	(*table)[v] = l
	return l
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

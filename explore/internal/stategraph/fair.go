package stategraph

import (
	"context"
	"fmt"
	"math/bits"
	"slices"

	"tcpclose/explore/ltl"
)

// A property fails if some fair run makes its formula false. The runs that do
// are those that the automaton of the opposite accepts, and if there is one,
// there is one that goes round a cycle: so what is sought is a strongly connected
// component of the product of graph and automaton in which a fair run can stay
// forever (Vardi and Wolper, An Automata-theoretic Approach to Automatic Program
// Verification, 1986).
//
// A run may visit all of a component again and again. If some acceptance set, or
// a step that has to be taken, is not in it, no run that stays in it or in a part
// of it will do. If what strong fairness wants taken is not in it, a run must keep
// away from where it is enabled: those states are removed, and the components of
// what is left are looked at in turn (Emerson and Lei, Modalities for Model
// Checking, 1987). So a condition more costs a few searches more of some
// components, where conditions in the formula would multiply the product.

// Fairness is the conditions on an accepted run.
type Fairness struct {
	sets          ltl.Accept
	Weak, Strong  Demands
	Always, Ticks uint32 // step watches; of Ticks, one is enough
	By            []Enabling
}

// Demands is a set of what may be demanded of a run, as something may enable it: bit i,
// below 32, for step watch i, which a step enables; bit 32+i for Fairness.By[i].
type Demands uint64

// MaxEnablings limits the length of Fairness.By.
const MaxEnablings = 32

// DemandBy returns the demand for Fairness.By[i].
func DemandBy(i int) Demands { return 1 << (32 + i) }

// An Enabling is steps that count as enabled where state watches say so, whether there
// is such a step or not.
type Enabling struct {
	Step uint32 // step watches; one of them is enough
	In   uint32 // state watches; one of them is enough
}

// steps returns what to take to meet demands.
func (f *Fairness) steps(d Demands) uint32 {
	steps := uint32(d)
	for rest := d >> 32; rest != 0; rest &= rest - 1 {
		steps |= f.By[bits.TrailingZeros64(uint64(rest))].Step
	}
	return steps
}

// unmet returns the demands that are not met where steps are taken.
func (f *Fairness) unmet(d Demands, taken uint32) Demands {
	rest := d &^ Demands(taken)
	for by := d >> 32; by != 0; by &= by - 1 {
		if i := bits.TrailingZeros64(uint64(by)); f.By[i].Step&taken != 0 {
			rest &^= DemandBy(i)
		}
	}
	return rest
}

// enabled returns what s enables, of which steps are those that it has.
func (f *Fairness) enabled(g *Graph, s, steps uint32) Demands {
	d := Demands(steps)
	for i := range f.By {
		if g.in[s]&f.By[i].In != 0 {
			d |= DemandBy(i)
		}
	}
	return d
}

// mayEnable returns what s enables, as far as is known.
func (f *Fairness) mayEnable(g *Graph, s uint32) Demands { return f.enabled(g, s, g.mayTake(s)) }

// A FairRun is a run that goes on forever: the picks from loop on again and again. If
// there are none from there, it rests in a terminal state.
type FairRun struct {
	Start int   // the place of its state among the initial ones
	Picks []int // the places of its steps among those that are not cut
	Loop  int
	Zeno  bool // no tick is among the steps that it repeats
	// Cycle is the steps that it repeats, in Graph.
	Cycle []uint64
	Graph *Graph
}

// FairRun finds a fair run that a accepts, one that is not a Zeno run if there is
// such a run. It returns nil if there is none, and reports not ok if ctx is done.
func (g *Graph) FairRun(ctx context.Context, a *ltl.Automaton, f Fairness) (run *FairRun, ok bool, err error) {
	if nodes := g.States() * len(a.Moves); nodes > maxNodes {
		return nil, false, fmt.Errorf("explore: %d states times %d of an automaton: at most %d", g.States(), len(a.Moves), uint32(maxNodes))
	}
	h := newFairSearch(&pairing{g, a.Moves, uint32(len(a.Moves))}, a, f)
	if !h.run(ctx, h.roots()) {
		return nil, false, nil
	}
	kind := slices.Max(h.kinds)
	if kind == unfair {
		return nil, true, nil
	}
	arcs, loop, start := h.lasso(kind)
	run = &FairRun{Start: int(start), Picks: g.picks(arcs[:loop]), Zeno: kind == zenoOnly, Graph: g}
	run.Loop = len(run.Picks)
	run.repeat(g.picks(arcs[loop:]), arcs[loop:])
	return run, true, nil
}

// picks returns the places of steps among those from the same state.
func (g *Graph) picks(arcs []arc) (picks []int) {
	for _, a := range arcs {
		if g.on[a.step]&resting == 0 {
			picks = append(picks, int(a.step-g.First[g.Source(a.step)]))
		}
	}
	return picks
}

// repeat adds the cycle to the run, which has the way to it.
func (r *FairRun) repeat(picks []int, cycle []arc) {
	r.Picks = append(r.Picks, picks...)
	for _, a := range cycle {
		if r.Graph.on[a.step]&resting == 0 {
			r.Cycle = append(r.Cycle, a.step)
		}
	}
}

// Fair reports whether a run that repeats a cycle of steps satisfies f for certain.
func (g *Graph) Fair(cycle []uint64, f Fairness) bool {
	t := newTotal()
	for _, step := range cycle {
		// Not mayEnable: what is not known to be enabled rules out nothing.
		s := g.Source(step)
		t.node(f.enabled(g, s, g.enabled[s]))
		t.arc(0, g.on[step])
	}
	return !f.missing(&t) && f.mustAvoid(&t) == 0
}

// A total sums up nodes and arcs.
type total struct {
	in        ltl.Accept
	taken     uint32  // on arcs
	some, all Demands // enabled in nodes: in some of them, in all
}

func newTotal() total { return total{all: ^Demands(0)} }

func (t *total) node(enabled Demands) { t.some |= enabled; t.all &= enabled }

func (t *total) arc(in ltl.Accept, on uint32) {
	t.in |= in
	t.taken |= on
}

// missing reports whether no run in what t is the total of satisfies f, not even
// one that visits a part of it only.
func (f *Fairness) missing(t *total) bool {
	return t.in != f.sets || t.taken&resting == 0 && (f.Always&^t.taken != 0 || f.unmet(f.Weak&t.all, t.taken) != 0)
}

// mustAvoid returns what no state of a fair run may enable.
func (f *Fairness) mustAvoid(t *total) Demands {
	if t.taken&resting != 0 {
		return 0
	}
	return f.unmet(f.Strong&t.some, t.taken)
}

// nonZeno reports whether a run that takes all arcs is no Zeno run.
func (f *Fairness) nonZeno(t *total) bool {
	return f.Ticks == 0 || t.taken&(f.Ticks|resting) != 0
}

// A componentKind says which fair runs can stay in a component, the more welcome
// ones last.
type componentKind uint8

const (
	unfair   componentKind = iota // none
	zenoOnly                      // Zeno runs
	fair                          // others
)

// A fairSearch is the search for components in which a fair accepted run can stay.
type fairSearch struct {
	*components
	Fairness
	kinds []componentKind // by region
	todo  []pendingRegion
}

// A pendingRegion is a region that is still to be searched.
type pendingRegion struct {
	region uint32
	nodes  []uint32
}

func newFairSearch(p *pairing, a *ltl.Automaton, f Fairness) *fairSearch {
	f.sets = a.Sets
	return &fairSearch{components: newComponents(p), Fairness: f, kinds: []componentKind{unfair, unfair}}
}

// run finds the kind of every region that can be reached from roots. It reports false if
// ctx is done.
func (h *fairSearch) run(ctx context.Context, roots []uint32) bool {
	if !h.search(ctx, everything, roots, h.classify) {
		return false
	}
	for len(h.todo) > 0 {
		next := h.todo[len(h.todo)-1]
		h.todo = h.todo[:len(h.todo)-1]
		if !h.search(ctx, next.region, next.nodes, h.classify) {
			return false
		}
	}
	return ctx.Err() == nil
}

func (h *fairSearch) classify(nodes []uint32, region uint32) {
	if region == acyclic {
		return
	}
	h.kinds = append(h.kinds, unfair)
	t := h.total(nodes, region)
	if h.missing(&t) {
		return
	}
	if avoid := h.mustAvoid(&t); avoid != 0 {
		h.split(nodes, avoid)
		return
	}
	h.kinds[region] = zenoOnly
	if h.nonZeno(&t) {
		h.kinds[region] = fair
	}
}

// total returns the totals of the nodes of a region and the arcs between them.
func (h *fairSearch) total(nodes []uint32, region uint32) (t total) {
	t = newTotal()
	for _, v := range nodes {
		t.node(h.mayEnable(h.graph, v/h.width))
		h.arcs(v, func(a arc) bool {
			if h.nodes[a.to].region == region {
				t.arc(a.in, h.graph.on[a.step])
			}
			return false
		})
	}
	return t
}

// split makes a region of the nodes that enable nothing that must be avoided.
func (h *fairSearch) split(nodes []uint32, avoid Demands) {
	var rest []uint32
	for _, v := range nodes {
		if h.mayEnable(h.graph, v/h.width)&avoid == 0 {
			rest = append(rest, v)
		}
	}
	if len(rest) > 0 {
		h.kinds = append(h.kinds, unfair)
		h.todo = append(h.todo, pendingRegion{h.newRegion(rest), rest})
	}
}

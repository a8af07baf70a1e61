package explore

import (
	"context"
	"fmt"
	"slices"
)

// A property fails if some fair run makes its formula false. The runs that do
// are those that the automaton of the opposite accepts, and if there is one,
// there is one that goes round a cycle: so what is sought is a strongly connected
// component of the product of graph and automaton in which a fair run can stay
// for ever (Vardi and Wolper, An Automata-theoretic Approach to Automatic Program
// Verification, 1986).
//
// A run may visit all of a component again and again. If some acceptance set, or
// a step that has to be taken, is not in it, no run that stays in it or in a part
// of it will do. If what strong fairness wants taken is not in it, a run must keep
// away from where it is enabled: those states are removed, and the components of
// what is left are looked at in turn (Emerson and Lei, Modalities for Model
// Checking, 1987). So a condition more costs a few searches more of some
// components, where conditions in the formula would multiply the product.

// A Fairness condition is assumed of runs. A step is enabled in a state if it is
// one from there, and is taken on a run.
type Fairness struct {
	Kind FairnessKind
	Step int // the watch that sees the steps in question
}

// FairnessKind is what is assumed of the steps of a condition. A run that comes
// to rest in a terminal state satisfies all conditions.
type FairnessKind uint8

const (
	Weak          FairnessKind = iota // if from some time on they are always enabled, they are taken again and again
	Strong                            // if they are enabled again and again, they are taken again and again
	Unconditional                     // they are taken again and again
)

func (k FairnessKind) String() string {
	names := [...]string{"weak", "strong", "unconditional"}
	if int(k) >= len(names) {
		return fmt.Sprintf("FairnessKind(%d)", uint8(k))
	}
	return names[k]
}

// Liveness is a property of runs: a formula that all fair runs satisfy.
type Liveness struct {
	Formula Formula
	Fair    []Fairness
	// Ticks is the step watches that see time pass. If there are any, a run on
	// which they see only finitely many steps, though it does not come to rest,
	// is a Zeno run: one that the system has, but the world has not.
	Ticks []int
}

// Watches is the watches that the property mentions.
func (l Liveness) Watches() (watches []int) {
	l.Formula.atoms(func(_ operator, i int) { watches = append(watches, i) })
	for _, f := range l.Fair {
		watches = append(watches, f.Step)
	}
	watches = append(watches, l.Ticks...)
	slices.Sort(watches)
	return slices.Compact(watches)
}

// A Verdict is what is known of a property.
type Verdict uint8

const (
	Unknown  Verdict = iota // nothing was found, but not everything was looked at
	Holds                   // it is true of all fair runs
	Violated                // it is false of some fair run, not a Zeno one
	Zeno                    // it is false of some fair runs, all of them Zeno runs
)

func (v Verdict) String() string {
	names := [...]string{"unknown", "holds", "violated", "violated by Zeno runs only"}
	if int(v) >= len(names) {
		return fmt.Sprintf("Verdict(%d)", uint8(v))
	}
	return names[v]
}

// An Outcome is what was found out about a property.
type Outcome[S comparable, A any] struct {
	Verdict Verdict
	// Lasso is a run of which the property is false; nil if none was found. If
	// the verdict is Unknown, it is a Zeno run in a system that was not seen as a
	// whole.
	Lasso *Lasso[S, A]
	// Incomplete is why the verdict is Unknown.
	Incomplete []string
}

// Check looks for a fair run of which the formula of l is false.
//
// A lasso in an incomplete graph is a run of the system all the same: no state
// counts as terminal, nor a step as not enabled, where not all steps are known.
func (r *Runs[S, A]) Check(ctx context.Context, l Liveness) (Outcome[S, A], error) {
	f, err := r.fairness(l)
	if err != nil {
		return Outcome[S, A]{}, err
	}
	opposite, err := newAutomaton(l.Formula, true, r.atom)
	if err != nil {
		return Outcome[S, A]{}, err
	}
	p, err := r.pair(opposite)
	if err != nil {
		return Outcome[S, A]{}, err
	}
	f.sets = opposite.sets
	h := &hunt{components: newComponents(p), fairness: f, kinds: []componentKind{bad, bad}}
	if !h.run(ctx) {
		return Outcome[S, A]{Incomplete: also(r.Incomplete, incompleteBy(ctx))}, nil
	}
	out := Outcome[S, A]{Verdict: Holds}
	if kind := slices.Max(h.kinds); kind != bad {
		out.Verdict = Violated
		if kind == zeno {
			out.Verdict = Zeno
		}
		out.Lasso = r.lasso(h.lasso(kind))
	}
	if len(r.Incomplete) > 0 && out.Verdict != Violated {
		out.Verdict, out.Incomplete = Unknown, r.Incomplete
	}
	return out, nil
}

// also is incomplete with one reason more.
func also(incomplete []string, why string) []string {
	all := append(slices.Clone(incomplete), why)
	slices.Sort(all)
	return slices.Compact(all)
}

// atom is the letter of an atom that is known to be in the graph.
func (r *Runs[S, A]) atom(op operator, watch int) letter {
	l := letter(r.columns.of[watch])
	if op == opState {
		l <<= 32
	}
	return l
}

// fairness is what l assumes, in terms of the graph's labels.
func (r *Runs[S, A]) fairness(l Liveness) (f fairness, err error) {
	l.Formula.atoms(func(op operator, watch int) {
		if e := r.labelled(watch, op == opStep); e != nil && err == nil {
			err = fmt.Errorf("%w, in %v", e, l.Formula)
		}
	})
	if err != nil {
		return f, err
	}
	for _, c := range l.Fair {
		if err := r.labelled(c.Step, true); err != nil {
			return f, err
		}
		step := r.columns.of[c.Step]
		switch c.Kind {
		case Weak:
			f.weak |= step
		case Strong:
			f.strong |= step
		case Unconditional:
			f.always |= step
		default:
			return f, fmt.Errorf("explore: no fairness %v", c.Kind)
		}
	}
	for _, i := range l.Ticks {
		if err := r.labelled(i, true); err != nil {
			return f, err
		}
		f.ticks |= r.columns.of[i]
	}
	return f, nil
}

// pair is the product of the graph and a.
func (r *Runs[S, A]) pair(a *automaton) (*pairing, error) {
	if nodes := r.graph.states() * len(a.moves); nodes > maxNodes {
		return nil, fmt.Errorf("explore: %d states times %d of an automaton: at most %d", r.graph.states(), len(a.moves), uint32(maxNodes))
	}
	return &pairing{r.graph, a.moves, uint32(len(a.moves))}, nil
}

// fairness is the conditions on an accepted run. But for sets, each is a set of
// step watches.
type fairness struct {
	sets                 accept
	weak, strong, always uint32
	ticks                uint32 // one of them is enough
}

// A total is what nodes and arcs have together.
type total struct {
	in        accept
	taken     uint32 // on arcs
	some, all uint32 // enabled in nodes: in some of them, in all
}

func (t *total) node(enabled uint32) { t.some |= enabled; t.all &= enabled }
func (t *total) arc(in accept, on uint32) {
	t.in |= in
	t.taken |= on
}

// missing reports whether no run in what t is the total of satisfies f, not even
// one that visits a part of it only.
func (f *fairness) missing(t *total) bool {
	return t.in != f.sets || t.taken&resting == 0 && (f.weak&t.all|f.always)&^t.taken != 0
}

// shunned is the steps that have to be kept from being enabled.
func (f *fairness) shunned(t *total) uint32 { return f.strong & t.some &^ t.taken }

// timely reports whether a run that takes all arcs is no Zeno run.
func (f *fairness) timely(t *total) bool {
	return f.ticks == 0 || t.taken&(f.ticks|resting) != 0
}

// A componentKind says which fair runs can stay in a component, the more welcome
// ones last.
type componentKind uint8

const (
	bad  componentKind = iota // none
	zeno                      // Zeno runs
	good                      // others
)

// A hunt is the search for components in which a fair accepted run can stay.
type hunt struct {
	*components
	fairness
	kinds []componentKind // by region
	todo  []hideout
}

// A hideout is a region that is still to be searched.
type hideout struct {
	region uint32
	nodes  []uint32
}

// run finds the kind of every region. It reports false if ctx is done.
func (h *hunt) run(ctx context.Context) bool {
	if !h.search(ctx, everything, h.roots(), h.judge) {
		return false
	}
	for len(h.todo) > 0 {
		next := h.todo[len(h.todo)-1]
		h.todo = h.todo[:len(h.todo)-1]
		if !h.search(ctx, next.region, next.nodes, h.judge) {
			return false
		}
	}
	return ctx.Err() == nil
}

func (h *hunt) judge(nodes []uint32, region uint32) {
	if region == acyclic {
		return
	}
	h.kinds = append(h.kinds, bad)
	t := h.total(nodes, region)
	if h.missing(&t) {
		return
	}
	if shun := h.shunned(&t); shun != 0 {
		h.split(nodes, shun)
		return
	}
	h.kinds[region] = zeno
	if h.timely(&t) {
		h.kinds[region] = good
	}
}

// total is that of the nodes of a region and the arcs between them.
func (h *hunt) total(nodes []uint32, region uint32) (t total) {
	t.all = ^uint32(0)
	for _, v := range nodes {
		t.node(h.graph.mayTake(v / h.width))
		h.arcs(v, func(a arc) bool {
			if h.nodes[a.to].region == region {
				t.arc(a.in, h.graph.on[a.step])
			}
			return false
		})
	}
	return t
}

// split makes a region of the nodes in which none of the steps is enabled.
func (h *hunt) split(nodes []uint32, steps uint32) {
	var rest []uint32
	for _, v := range nodes {
		if h.graph.mayTake(v/h.width)&steps == 0 {
			rest = append(rest, v)
		}
	}
	if len(rest) > 0 {
		h.kinds = append(h.kinds, bad)
		h.todo = append(h.todo, hideout{h.newRegion(rest), rest})
	}
}

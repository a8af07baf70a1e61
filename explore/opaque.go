package explore

import (
	"context"
	"fmt"
)

// Explored is the outcome of the search of an opaque system.
type Explored[S comparable, A any] struct {
	Result
	search *search[S]
	space  *opaqueSpace[S, A]
}

// Explore visits every reachable state of sys, looking out for watches.
func Explore[S comparable, A any](ctx context.Context, sys System[S, A], watches []Watch[S, A], o Options) *Explored[S, A] {
	kinds := make([]Kind, len(watches))
	for i, w := range watches {
		kinds[i] = w.Kind
	}
	if len(watches) > MaxWatches {
		panic(fmt.Sprintf("explore: %d watches: at most %d", len(watches), MaxWatches))
	}
	sp := &opaqueSpace[S, A]{sys: sys, watches: watches, states: newStateSet[S](), of: kindSets(kinds)}
	sp.bounded, _ = sys.(Bounded[S, A])
	s := newSearch(sp, kinds, o)
	s.run(ctx)
	return &Explored[S, A]{s.result, s, sp}
}

// Found is the least number of steps after which watch i sees something; ok is
// false if it saw nothing.
func (e *Explored[S, A]) Found(i int) (steps int, ok bool) {
	steps, ok = e.search.found[i]
	return steps, ok
}

// Path is the run to what watch i sees: of the shortest ones, that whose steps
// come first. ok is false if it saw nothing.
func (e *Explored[S, A]) Path(i int) (path Path[S, A], ok bool) {
	run, ok := e.search.path(i)
	if !ok {
		return path, false
	}
	s := run.start
	path.States = append(path.States, s)
	for _, nth := range run.picks {
		step := e.space.sys.Steps(nil, s)[nth]
		path.Actions = append(path.Actions, step.Action)
		path.States = append(path.States, step.To)
		s = step.To
	}
	return path, true
}

// opaqueSpace is a space in which a state is its own key.
type opaqueSpace[S comparable, A any] struct {
	sys     System[S, A]
	bounded Bounded[S, A] // nil if no step is cut
	watches []Watch[S, A]
	states  *stateSet[S]
	of      [3]Bits // the watches of each kind
}

func (sp *opaqueSpace[S, A]) initial() (states []S, count int, bound string) {
	init := sp.sys.Init()
	sp.states.grow(len(init))
	sp.states.reserve(len(init))
	for i := range init {
		if sp.states.insert(&init[i]) {
			states = append(states, init[i])
		}
	}
	sp.states.release(len(init) - len(states))
	return states, len(init), ""
}

func (sp *opaqueSpace[S, A]) explorer() explorer[S] {
	return &opaqueExplorer[S, A]{opaqueSpace: sp, cut: map[string]bool{}}
}

type opaqueExplorer[S comparable, A any] struct {
	*opaqueSpace[S, A]
	steps []Step[S, A] // that were expanded
	to    []S          // where they lead, if looked for
	short int          // how many states the table had no room for
	cut   map[string]bool
}

func (x *opaqueExplorer[S, A]) expand(dst []succ, from S) ([]succ, bool) {
	had := len(dst)
	x.steps = x.sys.Steps(x.steps[:had], from)
	for i := had; i < len(x.steps); i++ {
		step := &x.steps[i]
		var next succ
		if x.bounded != nil && !x.bounded.Within(from, step.Action, step.To) {
			next.cut = true
			x.cut[BoundBoundary] = true
		} else if !x.of[Steps].Empty() {
			for j := range x.watches {
				if w := &x.watches[j]; w.Kind == Steps && w.Step(from, step.Action, step.To) {
					next.seen = next.seen.Or(Bit(j))
				}
			}
		}
		dst = append(dst, next)
	}
	return dst, true
}

func (x *opaqueExplorer[S, A]) claim(fresh []S, steps []succ) ([]S, bool) {
	x.short = len(steps)
	if !x.states.reserve(x.short) {
		return fresh, false
	}
	had := len(fresh)
	for i := range steps {
		if to := &x.steps[i].To; !steps[i].cut && x.states.insert(to) {
			fresh = append(fresh, *to)
			steps[i].seen = steps[i].seen.Or(x.seenIn(*to, States))
		}
	}
	x.states.release(x.short - (len(fresh) - had))
	return fresh, true
}

func (x *opaqueExplorer[S, A]) look(steps []succ) []S {
	x.to = x.to[:0]
	for i := range steps {
		to := x.steps[i].To
		x.to = append(x.to, to)
		if !steps[i].cut {
			steps[i].seen = steps[i].seen.Or(x.seenIn(to, States))
		}
	}
	return x.to
}

func (x *opaqueExplorer[S, A]) widen([][]S) string {
	x.states.grow(x.short)
	return ""
}

func (x *opaqueExplorer[S, A]) seen(s S) Bits {
	return x.seenIn(s, States).Or(x.seenIn(s, Terminals))
}

func (x *opaqueExplorer[S, A]) seenIn(s S, kind Kind) (seen Bits) {
	if x.of[kind].Empty() {
		return seen
	}
	for j := range x.watches {
		if w := &x.watches[j]; w.Kind == kind && w.State(s) {
			seen = seen.Or(Bit(j))
		}
	}
	return seen
}

func (x *opaqueExplorer[S, A]) bounds() map[string]bool { return x.cut }

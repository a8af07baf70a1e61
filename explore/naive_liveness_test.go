package explore_test

import (
	"slices"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"tcpclose/explore"
	"tcpclose/explore/ltl"
)

// A naiveFormula is a formula whose truth can be looked up naively.
type naiveFormula struct {
	op          string
	watch       int
	left, right *naiveFormula
}

// A word is what is seen on a run, position by position; after the last position
// comes that of loop.
type word struct {
	states, steps []explore.Bits
	loop          int
}

// holds says at which positions of w f is true. What is said of later positions
// is found by going over the word until nothing changes.
func (f *naiveFormula) holds(w word) []bool {
	n := len(w.states)
	next := func(i int) int {
		if i == n-1 {
			return w.loop
		}
		return i + 1
	}
	var left, right []bool
	if f.left != nil {
		left = f.left.holds(w)
	}
	if f.right != nil {
		right = f.right.holds(w)
	}
	at := func(is func(i int) bool) []bool {
		truth := make([]bool, n)
		for i := range truth {
			truth[i] = is(i)
		}
		return truth
	}
	fixpoint := func(start bool, is func(i int, later bool) bool) []bool {
		truth := at(func(int) bool { return start })
		for again := true; again; {
			again = false
			for i := range truth {
				if b := is(i, truth[next(i)]); b != truth[i] {
					truth[i], again = b, true
				}
			}
		}
		return truth
	}
	switch f.op {
	case "state":
		return at(func(i int) bool { return w.states[i].Has(f.watch) })
	case "step":
		return at(func(i int) bool { return w.steps[i].Has(f.watch) })
	case "not":
		return at(func(i int) bool { return !left[i] })
	case "and":
		return at(func(i int) bool { return left[i] && right[i] })
	case "or":
		return at(func(i int) bool { return left[i] || right[i] })
	case "implies":
		return at(func(i int) bool { return !left[i] || right[i] })
	case "next":
		return at(func(i int) bool { return left[next(i)] })
	case "until":
		return fixpoint(false, func(i int, later bool) bool { return right[i] || left[i] && later })
	case "release":
		return fixpoint(true, func(i int, later bool) bool { return right[i] && (left[i] || later) })
	case "eventually":
		return fixpoint(false, func(i int, later bool) bool { return left[i] || later })
	case "always":
		return fixpoint(true, func(i int, later bool) bool { return left[i] && later })
	case "leads to":
		soon := (&naiveFormula{op: "eventually", left: f.right}).holds(w)
		return fixpoint(true, func(i int, later bool) bool { return (!left[i] || soon[i]) && later })
	}
	panic(f.op)
}

func (f *naiveFormula) formula() ltl.Formula {
	var left, right ltl.Formula
	if f.left != nil {
		left = f.left.formula()
	}
	if f.right != nil {
		right = f.right.formula()
	}
	switch f.op {
	case "state":
		return ltl.State(f.watch)
	case "step":
		return ltl.Taking(f.watch)
	case "not":
		return ltl.Not(left)
	case "and":
		return ltl.And(left, right)
	case "or":
		return ltl.Or(left, right)
	case "implies":
		return ltl.Implies(left, right)
	case "next":
		return ltl.Next(left)
	case "until":
		return ltl.Until(left, right)
	case "release":
		return ltl.Release(left, right)
	case "eventually":
		return ltl.Eventually(left)
	case "always":
		return ltl.Always(left)
	case "leads to":
		return ltl.LeadsTo(left, right)
	}
	panic(f.op)
}

// drawFormula draws a formula about watches of these kinds, of which there is
// one at least.
func drawFormula(t *rapid.T, kinds []explore.Kind, depth int) *naiveFormula {
	op := "atom"
	if depth > 0 {
		op = rapid.SampledFrom([]string{
			"atom", "not", "and", "or", "implies", "next", "until", "release", "eventually", "always", "leads to",
		}).Draw(t, "operator")
	}
	f := &naiveFormula{op: op}
	switch op {
	case "atom":
		f.watch = rapid.IntRange(0, len(kinds)-1).Draw(t, "watch")
		f.op = "state"
		if kinds[f.watch] == explore.Steps {
			f.op = "step"
		}
	case "and", "or", "implies", "until", "release", "leads to":
		f.left, f.right = drawFormula(t, kinds, depth-1), drawFormula(t, kinds, depth-1)
	default:
		f.left = drawFormula(t, kinds, depth-1)
	}
	return f
}

// A naiveLasso is a run as the naive checker has it: the states, the places of
// the steps that leave them, and where it goes on after the last one. If it comes
// to rest it repeats its last state, and no step leaves that.
type naiveLasso[S comparable, A any] struct {
	states []S
	steps  []naiveStep[S, A]
	loop   int
	rests  bool
}

// word is what is seen on the run.
func (n naive[S, A]) word(l naiveLasso[S, A]) word {
	w := word{loop: l.loop}
	of := func(kind explore.Kind) (b explore.Bits) {
		for i, k := range n.kinds {
			if k == kind {
				b = b.Or(explore.Bit(i))
			}
		}
		return b
	}
	for i, s := range l.states {
		seen := n.seen(s).And(of(explore.States))
		var on explore.Bits
		if len(n.steps(s)) == 0 {
			seen = seen.Or(n.seen(s).And(of(explore.Terminals)))
		} else {
			on = l.steps[i].seen.And(of(explore.Steps))
		}
		w.states = append(w.states, seen)
		w.steps = append(w.steps, on)
	}
	return w
}

// fair reports whether the run satisfies a condition. Where trust is not set, a
// state with cut steps might enable anything.
func (n naive[S, A]) fair(l naiveLasso[S, A], c explore.Fairness, trust bool) bool {
	if l.rests {
		return true
	}
	taken, some, all := false, false, true
	for i := l.loop; i < len(l.states); i++ {
		taken = taken || l.steps[i].seen.Has(c.Step)
		enabled := false
		for _, step := range n.steps(l.states[i]) {
			enabled = enabled || step.cut == "" && step.seen.Has(c.Step) || step.cut != "" && !trust
		}
		some = some || enabled
		all = all && enabled
	}
	switch c.Kind {
	case explore.Weak:
		return !all || taken
	case explore.Strong:
		return !some || taken
	}
	return taken
}

// timely reports whether the run rests or has infinitely many ticks.
func (n naive[S, A]) timely(l naiveLasso[S, A], ticks []int) bool {
	for i := l.loop; i < len(l.states); i++ {
		for _, tick := range ticks {
			if l.rests || l.steps[i].seen.Has(tick) {
				return true
			}
		}
	}
	return l.rests || len(ticks) == 0
}

// violates reports whether l is a fair run of which f is false.
func (n naive[S, A]) violates(l naiveLasso[S, A], f *naiveFormula, fair []explore.Fairness) bool {
	for _, c := range fair {
		if !n.fair(l, c, false) {
			return false
		}
	}
	return !f.holds(n.word(l))[0]
}

// lassos calls visit for every lasso of at most so many states.
func (n naive[S, A]) lassos(most int, visit func(naiveLasso[S, A])) {
	var extend func(l naiveLasso[S, A])
	extend = func(l naiveLasso[S, A]) {
		s := l.states[len(l.states)-1]
		steps := n.steps(s)
		if len(steps) == 0 {
			l.loop, l.rests = len(l.states)-1, true
			visit(l)
		}
		for _, step := range steps {
			if step.cut != "" {
				continue
			}
			on := l
			on.steps = append(slices.Clip(l.steps), step)
			for i, s := range l.states {
				if s == step.to {
					on.loop = i
					visit(on)
				}
			}
			if len(l.states) < most {
				on.states = append(slices.Clip(l.states), step.to)
				extend(on)
			}
		}
	}
	seen := map[S]bool{}
	for _, s := range n.init {
		if !seen[s] {
			extend(naiveLasso[S, A]{states: []S{s}})
		}
		seen[s] = true
	}
}

// requireRun asserts that l is a run of n, and gives it as the naive checker has
// it.
func requireRun[S comparable, A comparable](t require.TestingT, n naive[S, A], l *explore.Lasso[S, A]) naiveLasso[S, A] {
	run := naiveLasso[S, A]{states: l.States, loop: l.Loop, rests: l.Rests()}
	requirePath(t, n, l.Path)
	for i, action := range l.Actions {
		for _, step := range n.steps(l.States[i]) {
			if step.action == action && step.cut == "" {
				run.steps = append(run.steps, step)
			}
		}
	}
	last := len(l.States) - 1
	if run.rests {
		require.Empty(t, n.steps(l.States[last]), "a run rests in terminal states only")
		return run
	}
	require.Less(t, l.Loop, last)
	require.Equal(t, l.States[l.Loop], l.States[last], "the cycle is closed")
	run.states = l.States[:last]
	return run
}

func requirePath[S comparable, A comparable](t require.TestingT, n naive[S, A], p explore.Path[S, A]) {
	require.Contains(t, n.init, p.States[0])
	require.Len(t, p.States, len(p.Actions)+1)
	for i, action := range p.Actions {
		found := 0
		for _, step := range n.steps(p.States[i]) {
			if step.action == action && step.to == p.States[i+1] && step.cut == "" {
				found++
			}
		}
		require.Equal(t, 1, found, "step %d", i)
	}
}

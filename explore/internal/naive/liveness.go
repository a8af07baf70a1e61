package naive

import (
	"context"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"tcpclose/explore"
	"tcpclose/explore/ltl"
	"tcpclose/explore/product"
)

// A Formula is a formula whose truth can be looked up naively.
type Formula struct {
	Op          string
	Watch       int
	Left, Right *Formula
}

// A word is the watches that see a run, position by position; after the last position
// comes that of loop.
type word struct {
	states, steps []product.Bits
	loop          int
}

// holds returns, for each position of w, whether f is true there. What is said of later positions
// is found by going over the word until nothing changes.
func (f *Formula) holds(w word) []bool {
	n := len(w.states)
	next := func(i int) int {
		if i == n-1 {
			return w.loop
		}
		return i + 1
	}
	var left, right []bool
	if f.Left != nil {
		left = f.Left.holds(w)
	}
	if f.Right != nil {
		right = f.Right.holds(w)
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
	switch f.Op {
	case "state":
		return at(func(i int) bool { return w.states[i].Has(f.Watch) })
	case "step":
		return at(func(i int) bool { return w.steps[i].Has(f.Watch) })
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
		soon := (&Formula{Op: "eventually", Left: f.Right}).holds(w)
		return fixpoint(true, func(i int, later bool) bool { return (!left[i] || soon[i]) && later })
	}
	panic(f.Op)
}

// LTL returns the formula as package ltl has it.
func (f *Formula) LTL() ltl.Formula {
	var left, right ltl.Formula
	if f.Left != nil {
		left = f.Left.LTL()
	}
	if f.Right != nil {
		right = f.Right.LTL()
	}
	switch f.Op {
	case "state":
		return ltl.State(f.Watch)
	case "step":
		return ltl.Taking(f.Watch)
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
	panic(f.Op)
}

// DrawFormula draws a formula about watches of these kinds, of which there is
// one at least.
func DrawFormula(t *rapid.T, kinds []explore.Kind, depth int) *Formula {
	op := "atom"
	if depth > 0 {
		op = rapid.SampledFrom([]string{
			"atom", "not", "and", "or", "implies", "next", "until", "release", "eventually", "always", "leads to", "recurring",
		}).Draw(t, "operator")
	}
	f := &Formula{Op: op}
	switch op {
	case "atom":
		f.Watch = rapid.IntRange(0, len(kinds)-1).Draw(t, "watch")
		f.Op = "state"
		if kinds[f.Watch] == explore.Steps {
			f.Op = "step"
		}
	case "recurring": // as the tableau joins them: G F p or G F q, F G p and F G q
		f.Op = rapid.SampledFrom([]string{"and", "or"}).Draw(t, "joined by")
		outer, inner := "always", "eventually"
		if rapid.Bool().Draw(t, "forever") {
			outer, inner = inner, outer
		}
		for _, side := range []**Formula{&f.Left, &f.Right} {
			*side = &Formula{Op: outer, Left: &Formula{Op: inner, Left: DrawFormula(t, kinds, depth-1)}}
		}
	case "and", "or", "implies", "until", "release", "leads to":
		f.Left, f.Right = DrawFormula(t, kinds, depth-1), DrawFormula(t, kinds, depth-1)
	default:
		f.Left = DrawFormula(t, kinds, depth-1)
	}
	return f
}

// A Lasso is a run as the naive checker has it: the states, the places of
// the steps that leave them, and where it goes on after the last one. If it comes
// to rest it repeats its last state, and no step leaves that.
type Lasso[S comparable, A any] struct {
	states []S
	steps  []Step[S, A]
	loop   int
	rests  bool
}

// word returns what the watches see on the run.
func (n System[S, A]) word(l Lasso[S, A]) word {
	w := word{loop: l.loop}
	of := func(kind explore.Kind) (b product.Bits) {
		for i, k := range n.Kinds {
			if k == kind {
				b = b.Or(product.Bit(i))
			}
		}
		return b
	}
	for i, s := range l.states {
		seen := n.Seen(s).And(of(explore.States))
		var on product.Bits
		if len(n.Steps(s)) == 0 {
			seen = seen.Or(n.Seen(s).And(of(explore.Terminals)))
		} else {
			on = l.steps[i].Seen.And(of(explore.Steps))
		}
		w.states = append(w.states, seen)
		w.steps = append(w.steps, on)
	}
	return w
}

// Fair reports whether the run satisfies a condition. Where trust is not set, a
// state with cut steps might enable anything.
func (n System[S, A]) Fair(l Lasso[S, A], c explore.Fairness, trust bool) bool {
	if l.rests {
		return true
	}
	taken, some, all := false, false, true
	for i := l.loop; i < len(l.states); i++ {
		taken = taken || l.steps[i].Seen.Has(c.Step)
		enabled := false
		for _, step := range n.Steps(l.states[i]) {
			enabled = enabled || step.Cut == "" && step.Seen.Has(c.Step) || step.Cut != "" && !trust
		}
		if len(c.Enabled) > 0 {
			enabled = slices.ContainsFunc(c.Enabled, n.Seen(l.states[i]).Has)
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

// Timely reports whether the run rests or has infinitely many ticks.
func (n System[S, A]) Timely(l Lasso[S, A], ticks []int) bool {
	for i := l.loop; i < len(l.states); i++ {
		for _, tick := range ticks {
			if l.rests || l.steps[i].Seen.Has(tick) {
				return true
			}
		}
	}
	return l.rests || len(ticks) == 0
}

// Violates reports whether l is a fair run of which f is false.
func (n System[S, A]) Violates(l Lasso[S, A], f *Formula, fair []explore.Fairness) bool {
	for _, c := range fair {
		if !n.Fair(l, c, false) {
			return false
		}
	}
	return !f.holds(n.word(l))[0]
}

// Lassos calls visit for every lasso up to a number of states.
func (n System[S, A]) Lassos(most int, visit func(Lasso[S, A])) {
	var extend func(l Lasso[S, A])
	extend = func(l Lasso[S, A]) {
		s := l.states[len(l.states)-1]
		steps := n.Steps(s)
		if len(steps) == 0 {
			l.loop, l.rests = len(l.states)-1, true
			visit(l)
		}
		for _, step := range steps {
			if step.Cut != "" {
				continue
			}
			on := l
			on.steps = append(slices.Clip(l.steps), step)
			for i, s := range l.states {
				if s == step.To {
					on.loop = i
					visit(on)
				}
			}
			if len(l.states) < most {
				on.states = append(slices.Clip(l.states), step.To)
				extend(on)
			}
		}
	}
	seen := map[S]bool{}
	for _, s := range n.Init {
		if !seen[s] {
			extend(Lasso[S, A]{states: []S{s}})
		}
		seen[s] = true
	}
}

// RequireRun asserts that l is a run of n, and gives it as the naive checker has
// it.
func RequireRun[S comparable, A comparable](t require.TestingT, n System[S, A], l *explore.Lasso[S, A]) Lasso[S, A] {
	run := Lasso[S, A]{states: l.States, loop: l.Loop, rests: l.Rests()}
	requirePath(t, n, l.Path)
	for i, action := range l.Actions {
		for _, step := range n.Steps(l.States[i]) {
			if step.Action == action && step.Cut == "" {
				run.steps = append(run.steps, step)
			}
		}
	}
	last := len(l.States) - 1
	if run.rests {
		require.Empty(t, n.Steps(l.States[last]), "a run rests in terminal states only")
		return run
	}
	require.Less(t, l.Loop, last)
	require.Equal(t, l.States[l.Loop], l.States[last], "the cycle is closed")
	run.states = l.States[:last]
	return run
}

func requirePath[S comparable, A comparable](t require.TestingT, n System[S, A], p explore.Path[S, A]) {
	require.Contains(t, n.Init, p.States[0])
	require.Len(t, p.States, len(p.Actions)+1)
	for i, action := range p.Actions {
		found := 0
		for _, step := range n.Steps(p.States[i]) {
			if step.Action == action && step.To == p.States[i+1] && step.Cut == "" {
				found++
			}
		}
		require.Equal(t, 1, found, "step %d", i)
	}
}

// DrawLiveness draws a property of what watches of these kinds see.
func DrawLiveness(t *rapid.T, kinds []explore.Kind) (f *Formula, l explore.Liveness) {
	f = DrawFormula(t, kinds, rapid.IntRange(0, 3).Draw(t, "depth of the formula"))
	l.Formula = f.LTL()
	for i, k := range kinds {
		if k != explore.Steps {
			continue
		}
		if kind := rapid.IntRange(0, 5).Draw(t, "fairness"); kind < 3 {
			l.Fair = append(l.Fair, explore.Fairness{Kind: explore.FairnessKind(kind), Step: i, Enabled: drawEnabled(t, kinds)})
		}
		if rapid.Bool().Draw(t, "ticks") {
			l.Ticks = append(l.Ticks, i)
		}
	}
	return f, l
}

// drawEnabled draws watches of states, or none: by these, a step may be enabled where
// there is none, and not where there is one.
func drawEnabled(t *rapid.T, kinds []explore.Kind) (watches []int) {
	for i, k := range kinds {
		if k == explore.States && rapid.IntRange(0, 3).Draw(t, "enabled there") == 0 {
			watches = append(watches, i)
		}
	}
	return watches
}

// AllWatches returns the numbers of watches of these kinds.
func AllWatches(kinds []explore.Kind) (watches []int) {
	for i := range kinds {
		watches = append(watches, i)
	}
	return watches
}

// MustCheck is Check for a question that is right.
func MustCheck[S comparable, A any](t require.TestingT, r *explore.Runs[S, A], l explore.Liveness) explore.Outcome[S, A] {
	out, err := r.Check(context.Background(), l)
	require.NoError(t, err)
	return out
}

// AssertLasso asserts that the lasso, if there is one, is as the outcome says.
func AssertLasso[S comparable, A comparable](t require.TestingT, n System[S, A], out explore.Outcome[S, A], f *Formula, l explore.Liveness) {
	if out.Lasso == nil {
		require.Contains(t, []explore.Verdict{explore.Holds, explore.Unknown}, out.Verdict)
		return
	}
	run := RequireRun(t, n, out.Lasso)
	require.True(t, n.Violates(run, f, l.Fair), "%v, %+v", l, out)
	require.Equal(t, out.Verdict == explore.Violated, n.Timely(run, l.Ticks))
	require.NotEqual(t, explore.Holds, out.Verdict)
}

// CanReach reports whether the goal can be reached from s, or whether that is unknown.
func (n System[S, A]) CanReach(s S, goal int) bool {
	seen := map[S]bool{s: true}
	for todo := []S{s}; len(todo) > 0; {
		s := todo[0]
		todo = todo[1:]
		if n.Kinds[goal] == explore.States && n.Seen(s).Has(goal) {
			return true
		}
		if n.Kinds[goal] == explore.Terminals && n.Seen(s).Has(goal) && len(n.Steps(s)) == 0 {
			return true
		}
		for _, step := range n.Steps(s) {
			if step.Cut != "" || n.Kinds[goal] == explore.Steps && step.Seen.Has(goal) {
				return true
			}
			if !seen[step.To] {
				seen[step.To] = true
				todo = append(todo, step.To)
			}
		}
	}
	return false
}

// Within returns n with the steps cut that lead from states so far away.
func (n System[S, A]) Within(depth int) System[S, A] {
	near := map[S]bool{}
	level := n.Init
	for range depth {
		var next []S
		for _, s := range level {
			if !near[s] {
				near[s] = true
				for _, step := range n.Steps(s) {
					next = append(next, step.To)
				}
			}
		}
		level = next
	}
	steps := n.Steps
	n.Steps = func(s S) []Step[S, A] {
		if !near[s] {
			return []Step[S, A]{{Cut: explore.BoundDepth}}
		}
		return steps(s)
	}
	return n
}

// AssertStuck asserts that a verdict on what can always be reached is right.
func AssertStuck[S comparable, A comparable](t require.TestingT, n System[S, A], goal int, v explore.Verdict, stuck explore.Path[S, A], complete bool) {
	away := n
	away.Kinds = []explore.Kind{explore.States}
	away.Seen = func(s S) (b product.Bits) {
		if !n.CanReach(s, goal) {
			b = product.Bit(0)
		}
		return b
	}
	path, found := away.Search(explore.Limits{}).Paths[0]
	switch {
	case found:
		require.Equal(t, explore.Violated, v)
		require.Equal(t, path, stuck, "the least shortest path")
	case complete:
		require.Equal(t, explore.Holds, v)
	default:
		require.Equal(t, explore.Unknown, v)
	}
}

// RequireOccur has so many different things, or more, met in what was drawn.
func RequireOccur[K comparable, V any](t *testing.T, met map[K]V, n int) {
	require.GreaterOrEqual(t, len(met), n, "%v: fewer kinds than may occur", met)
}

package explore_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"tcpclose/explore"
	"tcpclose/explore/ltl"
)

// fullQueues is the alternating bit whose queues are full, not only looked at, up
// to 2 long: what is sent to a full one is lost. So what its runs do is known.
type fullQueues struct{ alternatingBit }

func (q fullQueues) Steps(dst []explore.Step[transfer, string], s transfer) []explore.Step[transfer, string] {
	had := len(dst)
	dst = q.alternatingBit.Steps(dst, s)
	for i := range dst[had:] {
		to := &dst[had+i].To
		to.Messages = to.Messages[:min(len(to.Messages), 2*2)]
		to.Acks = to.Acks[:min(len(to.Acks), 2)]
	}
	return dst
}

func acting(action string) explore.Watch[transfer, string] {
	return explore.Watch[transfer, string]{
		Kind: explore.Steps,
		Step: func(_ transfer, a string, _ transfer) bool { return a == action },
	}
}

// TestAlternatingBitFairness has what was published about it.
func TestAlternatingBitFairness(t *testing.T) {
	const again, ack, receive, receiveAck, sent, rcvd = 0, 1, 2, 3, 4, 5
	watches := []explore.Watch[transfer, string]{
		again: acting("send again"), ack: acting("send ack"), receive: acting("receive"), receiveAck: acting("receive ack"),
	}
	// SentLeadsToRcvd: what is under way is received.
	for _, d := range []byte(aValues) {
		watches = append(watches,
			explore.Watch[transfer, string]{State: func(s transfer) bool { return s.Sent == d && s.Bit != s.Acked }},
			explore.Watch[transfer, string]{State: func(s transfer) bool { return s.Rcvd == d }},
		)
	}
	property := ltl.And(
		ltl.LeadsTo(ltl.State(sent), ltl.State(rcvd)),
		ltl.LeadsTo(ltl.State(sent+2), ltl.State(rcvd+2)),
	)
	weak := func(i int) explore.Fairness { return explore.Fairness{Kind: explore.Weak, Step: i} }
	strong := func(i int) explore.Fairness { return explore.Fairness{Kind: explore.Strong, Step: i} }
	e := explore.Explore[transfer, string](context.Background(), fullQueues{}, watches, explore.OpaqueOptions{})
	require.True(t, e.Complete())
	r, err := e.Runs(context.Background(), []int{0, 1, 2, 3, 4, 5, 6, 7})
	require.NoError(t, err)
	for _, tt := range []struct {
		name    string
		fair    []explore.Fairness
		verdict explore.Verdict
	}{
		{"strong on both receives", []explore.Fairness{weak(again), weak(ack), strong(receive), strong(receiveAck)}, explore.Holds},
		{"weak on all", []explore.Fairness{weak(again), weak(ack), weak(receive), weak(receiveAck)}, explore.Violated},
		{"weak on the message", []explore.Fairness{weak(again), weak(ack), weak(receive), strong(receiveAck)}, explore.Violated},
		{"strong on the message", []explore.Fairness{weak(again), weak(ack), strong(receive), weak(receiveAck)}, explore.Holds}, // it is enough
		{"none", nil, explore.Violated},
	} {
		t.Run(tt.name, func(t *testing.T) {
			out, err := r.Check(context.Background(), explore.Liveness{Formula: property, Fair: tt.fair})
			require.NoError(t, err)
			assert.Equal(t, tt.verdict, out.Verdict)
			assert.Equal(t, tt.verdict == explore.Violated, out.Lasso != nil)
		})
	}
}

// drawLiveness draws a property of what watches of these kinds see.
func drawLiveness(t *rapid.T, kinds []explore.Kind) (f *naiveFormula, l explore.Liveness) {
	f = drawFormula(t, kinds, rapid.IntRange(0, 3).Draw(t, "depth of the formula"))
	l.Formula = f.formula()
	for i, k := range kinds {
		if k != explore.Steps {
			continue
		}
		if kind := rapid.IntRange(0, 5).Draw(t, "fairness"); kind < 3 {
			l.Fair = append(l.Fair, explore.Fairness{Kind: explore.FairnessKind(kind), Step: i})
		}
		if rapid.Bool().Draw(t, "ticks") {
			l.Ticks = append(l.Ticks, i)
		}
	}
	return f, l
}

func allWatches(kinds []explore.Kind) (watches []int) {
	for i := range kinds {
		watches = append(watches, i)
	}
	return watches
}

// drawWeb draws a web small enough to look at all its runs.
func drawWeb(t *rapid.T) *web {
	states := rapid.IntRange(1, 5).Draw(t, "states")
	out := rapid.SampledFrom([]int{1, 2, 2, 2, 3}).Draw(t, "steps from each")
	return randomWeb(seeded(t), states, out, rapid.IntRange(1, 4).Draw(t, "watches"), rapid.IntRange(2, 4).Draw(t, "one mark in"))
}

func runsOf(t require.TestingT, sys explore.System[int, int], w *web, o explore.OpaqueOptions) (explore.Result, *explore.Runs[int, int]) {
	e := explore.Explore(context.Background(), sys, w.watches(), o)
	r, err := e.Runs(context.Background(), allWatches(w.kinds))
	require.NoError(t, err)
	return e.Result, r
}

func check[S comparable, A any](t require.TestingT, r *explore.Runs[S, A], l explore.Liveness) explore.Outcome[S, A] {
	out, err := r.Check(context.Background(), l)
	require.NoError(t, err)
	return out
}

// assertLasso asserts that the lasso, if there is one, is what the outcome says.
func assertLasso[S comparable, A comparable](t require.TestingT, n naive[S, A], out explore.Outcome[S, A], f *naiveFormula, l explore.Liveness) {
	if out.Lasso == nil {
		require.Contains(t, []explore.Verdict{explore.Holds, explore.Unknown}, out.Verdict)
		return
	}
	run := requireRun(t, n, out.Lasso)
	require.True(t, n.violates(run, f, l.Fair), "%v, %+v", l, out)
	require.Equal(t, out.Verdict == explore.Violated, n.timely(run, l.Ticks))
	require.NotEqual(t, explore.Holds, out.Verdict)
}

// properties is how many are checked of each random system.
const properties = 10

// TestCheckRandom compares with all short lassos of small systems: none of them
// is what the verdict rules out, and the lasso found is what it says.
func TestCheckRandom(t *testing.T) {
	verdicts := map[explore.Verdict]int{}
	checkUntil(t, func() bool { return len(verdicts) >= 3 }, func(t *rapid.T) {
		w := drawWeb(t)
		n := w.naive(false)
		_, r := runsOf(t, w, w, explore.OpaqueOptions{Workers: 1})
		for range properties {
			f, l := drawLiveness(t, w.kinds)
			out := check(t, r, l)
			verdicts[out.Verdict]++
			require.NotEqual(t, explore.Unknown, out.Verdict)
			assertLasso(t, n, out, f, l)
			if out.Verdict == explore.Violated {
				continue
			}
			n.lassos(7, func(run naiveLasso[int, int]) {
				if n.violates(run, f, l.Fair) {
					require.Equal(t, explore.Zeno, out.Verdict, "%v: %+v", l, run)
					require.False(t, n.timely(run, l.Ticks))
				}
			})
		}
	})
	requireOccur(t, verdicts, 3)
}

// TestCheckIncomplete has only what is certain said of systems that were not
// seen as a whole.
func TestCheckIncomplete(t *testing.T) {
	verdicts := map[explore.Verdict]int{}
	checkUntil(t, func() bool { return len(verdicts) >= 2 }, func(t *rapid.T) {
		w := randomWeb(seeded(t), rapid.IntRange(1, 20).Draw(t, "states"), 2, rapid.IntRange(1, 4).Draw(t, "watches"), rapid.IntRange(2, 4).Draw(t, "one mark in"))
		limits := explore.Limits{Depth: rapid.IntRange(1, 4).Draw(t, "limit of depth")}
		if rapid.Bool().Draw(t, "states are limited") {
			limits = explore.Limits{States: rapid.IntRange(1, 10).Draw(t, "limit of states")}
		}
		cut, rCut := runsOf(t, boundedWeb{w}, w, explore.OpaqueOptions{})
		limited, rLimited := runsOf(t, w, w, explore.OpaqueOptions{Limits: limits})
		for range properties {
			f, l := drawLiveness(t, w.kinds)
			out := check(t, rCut, l)
			if !cut.Complete() {
				require.Contains(t, []explore.Verdict{explore.Violated, explore.Unknown}, out.Verdict)
			}
			// What is cut is there nevertheless.
			assertLasso(t, w.naive(true), out, f, l)
			assertLasso(t, w.naive(false), out, f, l)

			out = check(t, rLimited, l)
			if !limited.Complete() {
				require.Contains(t, []explore.Verdict{explore.Violated, explore.Unknown}, out.Verdict)
				verdicts[out.Verdict]++
			}
			assertLasso(t, w.naive(false), out, f, l)
		}
	})
	requireOccur(t, verdicts, 2)
}

// TestCheckLarge has lassos that are the same for any number of workers, in
// levels that all of them share.
func TestCheckLarge(t *testing.T) {
	for seed := range uint64(6) {
		rng := rand.New(rand.NewPCG(seed, 1))
		w := randomWeb(rng, 4000, 5, 6, 40)
		for s := range w.steps {
			w.steps[s] = append(w.steps[s], thread{to: rng.IntN(len(w.steps))})
		}
		w.kinds = []explore.Kind{explore.States, explore.States, explore.Steps, explore.Steps, explore.Steps, explore.Steps}
		p, q := &naiveFormula{op: "state", watch: 0}, &naiveFormula{op: "state", watch: 1}
		f := &naiveFormula{op: "leads to", left: p, right: q}
		l := explore.Liveness{
			Formula: f.formula(),
			Fair: []explore.Fairness{
				{Kind: explore.Strong, Step: 2}, {Kind: explore.Weak, Step: 3}, {Kind: explore.Unconditional, Step: 4},
			},
			Ticks: []int{5},
		}
		for _, o := range []explore.OpaqueOptions{{}, {Limits: explore.Limits{States: 3000}}} {
			var first explore.Outcome[int, int]
			for i, workers := range workerCounts {
				o.Workers = workers
				_, r := runsOf(t, boundedWeb{w}, w, o)
				out := check(t, r, l)
				if i == 0 {
					first = out
				}
				require.Equal(t, first, out, "%d workers", workers)
			}
			require.Equal(t, explore.Violated, first.Verdict)
			assertLasso(t, w.naive(true), first, f, l)
			require.Less(t, len(first.Lasso.Actions), 60, "a lasso is short")
		}
	}
}

// TestCheckProduct has the same said of a product and of the same system without
// parts.
func TestCheckProduct(t *testing.T) {
	verdicts := map[explore.Verdict]int{}
	checkUntil(t, func() bool { return len(verdicts) >= 2 }, func(t *rapid.T) {
		parts := rapid.IntRange(1, 3).Draw(t, "parts")
		p := randomProduct(seeded(t), parts, rapid.IntRange(1, 4).Draw(t, "values"), rapid.IntRange(0, 3).Draw(t, "routes"), rapid.IntRange(1, 8).Draw(t, "watches"))
		n := naiveProduct(p)
		f, l := drawLiveness(t, n.kinds)
		goal := rapid.IntRange(0, len(n.kinds)-1).Draw(t, "to be reached")

		var watches []explore.Watch[explore.Tuple, explore.Pick]
		for i, k := range n.kinds {
			watches = append(watches, explore.Watch[explore.Tuple, explore.Pick]{
				Kind:  k,
				State: func(s explore.Tuple) bool { return n.seen(s).Has(i) },
				Step: func(from explore.Tuple, action explore.Pick, _ explore.Tuple) bool {
					for _, step := range n.steps(from) {
						if step.action == action {
							return step.seen.Has(i)
						}
					}
					panic("no such step")
				},
			})
		}
		opaque, err := explore.Explore(context.Background(), p.System(), watches, explore.OpaqueOptions{}).Runs(context.Background(), l.Watches())
		require.NoError(t, err)
		want := check(t, opaque, l)
		verdicts[want.Verdict]++
		assertLasso(t, n, want, f, l)
		for _, workers := range workerCounts {
			e, err := explore.ExploreProduct(context.Background(), p, explore.Options{Workers: workers})
			require.NoError(t, err)
			// What else is watched makes no difference.
			r, err := e.Runs(context.Background(), allWatches(n.kinds))
			require.NoError(t, err)
			got := check(t, r, l)
			require.Equal(t, len(want.Incomplete), min(1, len(got.Incomplete)))
			got.Incomplete = want.Incomplete // it has but one bound
			require.Equal(t, want, got)

			v, stuck, err := r.CanAlwaysReach(context.Background(), goal)
			require.NoError(t, err)
			assertStuck(t, n, goal, v, stuck, e.Complete())
		}
	})
	requireOccur(t, verdicts, 2)
}

// canReach is whether the goal can be reached from s, or that cannot be said.
func (n naive[S, A]) canReach(s S, goal int) bool {
	seen := map[S]bool{s: true}
	for todo := []S{s}; len(todo) > 0; {
		s := todo[0]
		todo = todo[1:]
		if n.kinds[goal] == explore.States && n.seen(s).Has(goal) {
			return true
		}
		if n.kinds[goal] == explore.Terminals && n.seen(s).Has(goal) && len(n.steps(s)) == 0 {
			return true
		}
		for _, step := range n.steps(s) {
			if step.cut != "" || n.kinds[goal] == explore.Steps && step.seen.Has(goal) {
				return true
			}
			if !seen[step.to] {
				seen[step.to] = true
				todo = append(todo, step.to)
			}
		}
	}
	return false
}

// within is n with the steps cut that lead from states so far away.
func (n naive[S, A]) within(depth int) naive[S, A] {
	near := map[S]bool{}
	level := n.init
	for range depth {
		var next []S
		for _, s := range level {
			if !near[s] {
				near[s] = true
				for _, step := range n.steps(s) {
					next = append(next, step.to)
				}
			}
		}
		level = next
	}
	steps := n.steps
	n.steps = func(s S) []naiveStep[S, A] {
		if !near[s] {
			return []naiveStep[S, A]{{cut: explore.BoundDepth}}
		}
		return steps(s)
	}
	return n
}

// assertStuck asserts that a verdict on what can always be reached is right.
func assertStuck[S comparable, A comparable](t require.TestingT, n naive[S, A], goal int, v explore.Verdict, stuck explore.Path[S, A], complete bool) {
	away := n
	away.kinds = []explore.Kind{explore.States}
	away.seen = func(s S) (b explore.Bits) {
		if !n.canReach(s, goal) {
			b = explore.Bit(0)
		}
		return b
	}
	path, found := away.search(explore.Limits{}).Paths[0]
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

func TestCanAlwaysReach(t *testing.T) {
	verdicts := map[explore.Verdict]int{}
	checkUntil(t, func() bool { return len(verdicts) >= 3 }, func(t *rapid.T) {
		states := rapid.IntRange(1, 30).Draw(t, "states")
		w := randomWeb(seeded(t), states, 3, 4, rapid.SampledFrom([]int{2, 10}).Draw(t, "one mark in"))
		for i, k := range w.kinds {
			_, r := runsOf(t, w, w, explore.OpaqueOptions{})
			v, stuck, err := r.CanAlwaysReach(context.Background(), i)
			require.NoError(t, err)
			assertStuck(t, w.naive(false), i, v, stuck, true)
			verdicts[v]++

			limit := explore.Limits{Depth: 2}
			result, r := runsOf(t, w, w, explore.OpaqueOptions{Limits: limit})
			v, stuck, err = r.CanAlwaysReach(context.Background(), i)
			require.NoError(t, err)
			assertStuck(t, w.naive(false).within(limit.Depth), i, v, stuck, result.Complete())

			result, r = runsOf(t, boundedWeb{w}, w, explore.OpaqueOptions{})
			v, stuck, err = r.CanAlwaysReach(context.Background(), i)
			require.NoError(t, err)
			assertStuck(t, w.naive(true), i, v, stuck, result.Complete())
			verdicts[v]++

			// To be able to reach is less than to come.
			l := explore.Liveness{Formula: ltl.Eventually(ltl.State(i))}
			if k == explore.Steps {
				l.Formula = ltl.Eventually(ltl.Taking(i))
			}
			_, r = runsOf(t, w, w, explore.OpaqueOptions{})
			if check(t, r, explore.Liveness{Formula: ltl.Always(l.Formula)}).Verdict == explore.Holds {
				v, _, _ := r.CanAlwaysReach(context.Background(), i)
				require.Equal(t, explore.Holds, v)
			}
		}
	})
	requireOccur(t, verdicts, 3)
}

// requireOccur has so many different things, or more, met in what was drawn.
func requireOccur[K comparable, V any](t *testing.T, met map[K]V, n int) {
	require.GreaterOrEqual(t, len(met), n, "%v: fewer kinds than may occur", met)
}

// checkUntil checks a property as rapid does, and once more, up to 20 times, while
// not enough has been met: what is drawn at a time, and with -short, is luck.
func checkUntil(t *testing.T, enough func() bool, property func(*rapid.T)) {
	t.Helper()
	for range 20 {
		if rapid.Check(t, property); enough() {
			return
		}
	}
}

// TestUnfair compares with the naive checker which conditions a lasso breaks.
func TestUnfair(t *testing.T) {
	broken := map[explore.FairnessKind]int{}
	checkUntil(t, func() bool { return len(broken) >= 3 }, func(t *rapid.T) {
		w := randomWeb(seeded(t), rapid.IntRange(1, 10).Draw(t, "states"), 5, rapid.IntRange(1, 4).Draw(t, "watches"), 2)
		f := drawFormula(t, w.kinds, 1)
		l := explore.Liveness{Formula: f.formula()}
		var conditions []explore.Fairness
		for i, k := range w.kinds {
			for kind := range explore.Unconditional + 1 {
				if k == explore.Steps {
					conditions = append(conditions, explore.Fairness{Kind: kind, Step: i})
				}
			}
		}
		for _, bounded := range []bool{false, true} {
			var sys explore.System[int, int] = w
			if bounded {
				sys = boundedWeb{w}
			}
			_, r := runsOf(t, sys, w, explore.OpaqueOptions{})
			out := check(t, r, l)
			if out.Lasso == nil {
				continue
			}
			n := w.naive(bounded)
			run := requireRun(t, n, out.Lasso)
			unfair, err := r.Unfair(out.Lasso, conditions)
			require.NoError(t, err)
			var want []int
			for i, c := range conditions {
				if !n.fair(run, c, true) {
					want = append(want, i)
					broken[c.Kind]++
				}
			}
			require.Equal(t, want, unfair)
		}
	})
	requireOccur(t, broken, 3)
}

// TestCheckCancelled has nothing said when there was no time.
func TestCheckCancelled(t *testing.T) {
	w := &web{init: []int{0}, steps: [][]thread{{{to: 0}}}, marks: make([]explore.Bits, 1), kinds: []explore.Kind{explore.States}}
	never := explore.Liveness{Formula: ltl.State(0)}
	ctx, cancel := context.WithCancel(context.Background())
	e := explore.Explore(ctx, w, w.watches(), explore.OpaqueOptions{})
	r, err := e.Runs(ctx, []int{0})
	require.NoError(t, err)
	cancel()
	out, err := r.Check(ctx, never)
	require.NoError(t, err)
	assert.Equal(t, explore.Outcome[int, int]{Incomplete: []string{explore.Interrupted}}, out)
	v, _, err := r.CanAlwaysReach(ctx, 0)
	require.NoError(t, err)
	assert.Equal(t, explore.Unknown, v)
	assert.Equal(t, explore.Violated, check(t, r, never).Verdict, "with more time")

	r, err = e.Runs(ctx, []int{0})
	require.NoError(t, err)
	assert.Equal(t, []string{explore.Interrupted}, r.Incomplete)
	assert.Equal(t, explore.Outcome[int, int]{Incomplete: []string{explore.Interrupted}}, check(t, r, never))
	v, _, err = r.CanAlwaysReach(context.Background(), 0)
	require.NoError(t, err)
	assert.Equal(t, explore.Unknown, v)
}

func TestRunsOfNothing(t *testing.T) {
	r, err := explore.Explore(context.Background(), &web{}, nil, explore.OpaqueOptions{}).Runs(context.Background(), nil)
	require.NoError(t, err)
	assert.Equal(t, explore.Holds, check(t, r, explore.Liveness{Formula: ltl.Or()}).Verdict)
}

func TestCheckErrors(t *testing.T) {
	w := &web{init: []int{0}, steps: [][]thread{nil}, marks: make([]explore.Bits, 1)}
	for i := range 80 {
		w.kinds = append(w.kinds, explore.Kind(i%2))
	}
	e := explore.Explore(context.Background(), w, w.watches(), explore.OpaqueOptions{})
	ctx := context.Background()
	_, err := e.Runs(ctx, []int{80})
	assert.EqualError(t, err, "explore: no watch 80: there are 80")
	_, err = e.Runs(ctx, allWatches(w.kinds))
	assert.EqualError(t, err, "explore: runs seen by 40 watches of states and 40 of steps: at most 31 of each")
	r, err := e.Runs(ctx, []int{0, 1, 1, 0})
	require.NoError(t, err)

	step := func(i int) explore.Liveness { return explore.Liveness{Fair: []explore.Fairness{{Step: i}}} }
	for _, tt := range []struct {
		l    explore.Liveness
		want string
	}{
		{explore.Liveness{Formula: ltl.Next(ltl.State(1))}, "explore: watch 1 sees steps, in X state1"},
		{explore.Liveness{Formula: ltl.Taking(0)}, "explore: watch 0 does not see steps, in step0"},
		{explore.Liveness{Formula: ltl.Taking(3)}, "explore: the runs were made without watch 3, in step3"},
		{step(-1), "explore: no watch -1"},
		{step(500), "explore: no watch 500"},
		{step(0), "explore: watch 0 does not see steps"},
		{explore.Liveness{Fair: []explore.Fairness{{Kind: 3, Step: 1}}}, "explore: no fairness FairnessKind(3)"},
		{explore.Liveness{Ticks: []int{2}}, "explore: the runs were made without watch 2"},
	} {
		_, err := r.Check(ctx, tt.l)
		assert.EqualError(t, err, tt.want)
	}
	_, _, err = r.CanAlwaysReach(ctx, 4)
	assert.EqualError(t, err, "explore: the runs were made without watch 4")
	_, err = r.Unfair(&explore.Lasso[int, int]{}, []explore.Fairness{{Step: 0}})
	assert.EqualError(t, err, "explore: watch 0 does not see steps")
}

// polite is Peterson's lock with processes that wait for each other, whosever
// turn it is.
type polite struct{ peterson }

func (polite) Steps(dst []explore.Step[lock, turn], s lock) []explore.Step[lock, turn] {
	for _, step := range (peterson{}).Steps(nil, s) {
		if a := step.Action; a.From != wait || !s.Flag[1-a.Process] {
			dst = append(dst, step)
		}
	}
	return dst
}

// TestPetersonLiveness has whoever wants the lock get it, if both are fair; but
// not if both are polite.
func TestPetersonLiveness(t *testing.T) {
	var watches []explore.Watch[lock, turn]
	var goes []ltl.Formula
	var fair []explore.Fairness
	for p := range 2 {
		watches = append(watches,
			explore.Watch[lock, turn]{State: func(l lock) bool { return l.At[p] == raise }},
			explore.Watch[lock, turn]{State: func(l lock) bool { return l.inside(p) }},
			explore.Watch[lock, turn]{Kind: explore.Steps, Step: func(_ lock, a turn, _ lock) bool { return a.Process == p && a.From != idle }},
		)
		goes = append(goes, ltl.LeadsTo(ltl.State(3*p), ltl.State(3*p+1)))
		fair = append(fair, explore.Fairness{Kind: explore.Weak, Step: 3*p + 2})
	}
	l := explore.Liveness{Formula: ltl.And(goes...), Fair: fair}
	for name, tt := range map[string]struct {
		sys  explore.System[lock, turn]
		fair []explore.Fairness
		want explore.Verdict
	}{
		"fair":     {peterson{}, fair, explore.Holds},
		"one fair": {peterson{}, fair[:1], explore.Violated},
		"not fair": {peterson{}, nil, explore.Violated},
		"polite":   {polite{}, fair, explore.Violated},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := explore.Explore(context.Background(), tt.sys, watches, explore.OpaqueOptions{}).Runs(context.Background(), l.Watches())
			require.NoError(t, err)
			out := check(t, r, explore.Liveness{Formula: l.Formula, Fair: tt.fair})
			assert.Equal(t, tt.want, out.Verdict)
			if name == "polite" {
				assert.True(t, out.Lasso.Rests())
			}
			if name == "not fair" {
				unfair, err := r.Unfair(out.Lasso, fair)
				require.NoError(t, err)
				assert.NotEmpty(t, unfair)
			}
		})
	}
}

// TestPhilosophersLiveness has everybody eat again and again, as published.
func TestPhilosophersLiveness(t *testing.T) {
	var watches []explore.Watch[table, int]
	var eats []ltl.Formula
	var fair []explore.Fairness
	for p := range diners {
		watches = append(watches,
			explore.Watch[table, int]{State: func(s table) bool { return s.At[p] == eating }},
			explore.Watch[table, int]{Kind: explore.Steps, Step: func(from table, who int, to table) bool { return who == p && to != from }},
		)
		eats = append(eats, ltl.Always(ltl.Eventually(ltl.State(2*p))))
		fair = append(fair, explore.Fairness{Kind: explore.Weak, Step: 2*p + 1})
	}
	r, err := explore.Explore(context.Background(), philosophers{}, watches, explore.OpaqueOptions{}).Runs(context.Background(), allWatches(make([]explore.Kind, 2*diners)))
	require.NoError(t, err)
	for without := range diners + 1 {
		t.Run(fmt.Sprint(without), func(t *testing.T) {
			some := append([]explore.Fairness(nil), fair...)
			want := explore.Holds
			if without < diners {
				some = append(some[:without], some[without+1:]...)
				want = explore.Violated
			}
			assert.Equal(t, want, check(t, r, explore.Liveness{Formula: ltl.And(eats...), Fair: some}).Verdict)
		})
	}
}

// moody is a system whose steps are not functions of the state.
type moody struct{ *int }

func (moody) Init() []int { return []int{0} }

func (m moody) Steps(dst []explore.Step[int, int], _ int) []explore.Step[int, int] {
	if *m.int == 10 {
		return dst
	}
	*m.int++
	return append(dst, explore.Step[int, int]{To: *m.int})
}

func TestRunsOfMoody(t *testing.T) {
	calls := 0
	e := explore.Explore[int, int](context.Background(), moody{&calls}, nil, explore.OpaqueOptions{Workers: 1})
	calls = 20
	assert.Panics(t, func() { _, _ = e.Runs(context.Background(), nil) })
}

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
	"tcpclose/explore/internal/naive"
	"tcpclose/explore/internal/systems"
	"tcpclose/explore/ltl"
	"tcpclose/explore/product"
	"tcpclose/internal/tier"
)

// fullQueues is the alternating bit whose queues are full, not only looked at, up
// to 2 long: what is sent to a full one is lost. So what its runs do is known.
type fullQueues struct{ systems.AlternatingBit }

func (q fullQueues) Steps(dst []explore.Step[systems.Transfer, string], s systems.Transfer) []explore.Step[systems.Transfer, string] {
	had := len(dst)
	dst = q.AlternatingBit.Steps(dst, s)
	for i := range dst[had:] {
		to := &dst[had+i].To
		to.Messages = to.Messages[:min(len(to.Messages), 2*2)]
		to.Acks = to.Acks[:min(len(to.Acks), 2)]
	}
	return dst
}

func acting(action string) explore.Watch[systems.Transfer, string] {
	return explore.Watch[systems.Transfer, string]{
		Kind: explore.Steps,
		Step: func(_ systems.Transfer, a string, _ systems.Transfer) bool { return a == action },
	}
}

// TestAlternatingBitFairness has what was published about it.
func TestAlternatingBitFairness(t *testing.T) {
	const again, ack, receive, receiveAck, sent, rcvd = 0, 1, 2, 3, 4, 5
	watches := []explore.Watch[systems.Transfer, string]{
		again: acting("send again"), ack: acting("send ack"), receive: acting("receive"), receiveAck: acting("receive ack"),
	}
	// SentLeadsToRcvd: what is in transit is received.
	for _, d := range []byte(systems.AValues) {
		watches = append(watches,
			explore.Watch[systems.Transfer, string]{State: func(s systems.Transfer) bool { return s.Sent == d && s.Bit != s.Acked }},
			explore.Watch[systems.Transfer, string]{State: func(s systems.Transfer) bool { return s.Rcvd == d }},
		)
	}
	property := ltl.And(
		ltl.LeadsTo(ltl.State(sent), ltl.State(rcvd)),
		ltl.LeadsTo(ltl.State(sent+2), ltl.State(rcvd+2)),
	)
	weak := func(i int) explore.Fairness { return explore.Fairness{Kind: explore.Weak, Step: i} }
	strong := func(i int) explore.Fairness { return explore.Fairness{Kind: explore.Strong, Step: i} }
	e := naive.MustExplore[systems.Transfer, string](context.Background(), fullQueues{}, watches, explore.Options{})
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

// drawWeb draws a web small enough to look at all its runs.
func drawWeb(t *rapid.T) *web {
	states := rapid.IntRange(1, 5).Draw(t, "states")
	out := rapid.SampledFrom([]int{1, 2, 2, 2, 3}).Draw(t, "steps from each")
	return randomWeb(naive.Seeded(t), states, out, rapid.IntRange(1, 4).Draw(t, "watches"), rapid.IntRange(2, 4).Draw(t, "one mark in"))
}

func runsOf(t require.TestingT, sys explore.System[int, int], w *web, o explore.Options) (explore.Result, *explore.Runs[int, int]) {
	e := naive.MustExplore(context.Background(), sys, w.watches(), o)
	r, err := e.Runs(context.Background(), naive.AllWatches(w.kinds))
	require.NoError(t, err)
	return e.Result, r
}

// properties is the number of properties checked of each random system.
const properties = 10

// TestCheckRandom compares with all short lassos of small systems: none of them
// is what the verdict rules out, and the lasso found is what it says.
func TestCheckRandom(t *testing.T) {
	verdicts := map[explore.Verdict]int{}
	tier.CheckUntil(t, func() bool { return len(verdicts) >= 3 }, func(t *rapid.T) {
		w := drawWeb(t)
		n := w.naive(false)
		_, r := runsOf(t, w, w, explore.Options{Workers: 1})
		for range properties {
			f, l := naive.DrawLiveness(t, w.kinds)
			out := naive.MustCheck(t, r, l)
			verdicts[out.Verdict]++
			require.NotEqual(t, explore.Unknown, out.Verdict)
			naive.AssertLasso(t, n, out, f, l)
			if out.Verdict == explore.Violated {
				continue
			}
			n.Lassos(7, func(run naive.Lasso[int, int]) {
				if n.Violates(run, f, l.Fair) {
					require.Equal(t, explore.Zeno, out.Verdict, "%v: %+v", l, run)
					require.False(t, n.Timely(run, l.Ticks))
				}
			})
		}
	})
	naive.RequireOccur(t, verdicts, 3)
}

// TestCheckIncomplete has only what is certain said of systems that were not
// seen as a whole.
func TestCheckIncomplete(t *testing.T) {
	verdicts := map[explore.Verdict]int{}
	tier.CheckUntil(t, func() bool { return len(verdicts) >= 2 }, func(t *rapid.T) {
		w := randomWeb(naive.Seeded(t), rapid.IntRange(1, 20).Draw(t, "states"), 2, rapid.IntRange(1, 4).Draw(t, "watches"), rapid.IntRange(2, 4).Draw(t, "one mark in"))
		limits := explore.Limits{Depth: rapid.IntRange(1, 4).Draw(t, "limit of depth")}
		if rapid.Bool().Draw(t, "states are limited") {
			limits = explore.Limits{States: rapid.IntRange(1, 10).Draw(t, "limit of states")}
		}
		cut, rCut := runsOf(t, boundedWeb{w}, w, explore.Options{})
		limited, rLimited := runsOf(t, w, w, explore.Options{Limits: limits})
		for range properties {
			f, l := naive.DrawLiveness(t, w.kinds)
			out := naive.MustCheck(t, rCut, l)
			if !cut.Complete() {
				require.Contains(t, []explore.Verdict{explore.Violated, explore.Unknown}, out.Verdict)
			}
			// What is cut is there nevertheless.
			naive.AssertLasso(t, w.naive(true), out, f, l)
			naive.AssertLasso(t, w.naive(false), out, f, l)

			out = naive.MustCheck(t, rLimited, l)
			if !limited.Complete() {
				require.Contains(t, []explore.Verdict{explore.Violated, explore.Unknown}, out.Verdict)
				verdicts[out.Verdict]++
			}
			naive.AssertLasso(t, w.naive(false), out, f, l)
		}
	})
	naive.RequireOccur(t, verdicts, 2)
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
		p, q := &naive.Formula{Op: "state", Watch: 0}, &naive.Formula{Op: "state", Watch: 1}
		f := &naive.Formula{Op: "leads to", Left: p, Right: q}
		l := explore.Liveness{
			Formula: f.LTL(),
			Fair: []explore.Fairness{
				{Kind: explore.Strong, Step: 2}, {Kind: explore.Weak, Step: 3}, {Kind: explore.Unconditional, Step: 4},
			},
			Ticks: []int{5},
		}
		for _, o := range []explore.Options{{}, {Limits: explore.Limits{States: 3000}}} {
			var first explore.Outcome[int, int]
			for i, workers := range naive.WorkerCounts {
				o.Workers = workers
				_, r := runsOf(t, boundedWeb{w}, w, o)
				out := naive.MustCheck(t, r, l)
				if i == 0 {
					first = out
				}
				require.Equal(t, first, out, "%d workers", workers)
			}
			require.Equal(t, explore.Violated, first.Verdict)
			naive.AssertLasso(t, w.naive(true), first, f, l)
			require.Less(t, len(first.Lasso.Actions), 60, "a lasso is short")
		}
	}
}

func TestCanAlwaysReach(t *testing.T) {
	verdicts := map[explore.Verdict]int{}
	tier.CheckUntil(t, func() bool { return len(verdicts) >= 3 }, func(t *rapid.T) {
		states := rapid.IntRange(1, 30).Draw(t, "states")
		w := randomWeb(naive.Seeded(t), states, 3, 4, rapid.SampledFrom([]int{2, 10}).Draw(t, "one mark in"))
		for i, k := range w.kinds {
			_, r := runsOf(t, w, w, explore.Options{})
			v, stuck, err := r.CanAlwaysReach(context.Background(), i)
			require.NoError(t, err)
			naive.AssertStuck(t, w.naive(false), i, v, stuck, true)
			verdicts[v]++

			limit := explore.Limits{Depth: 2}
			result, r := runsOf(t, w, w, explore.Options{Limits: limit})
			v, stuck, err = r.CanAlwaysReach(context.Background(), i)
			require.NoError(t, err)
			naive.AssertStuck(t, w.naive(false).Within(limit.Depth), i, v, stuck, result.Complete())

			result, r = runsOf(t, boundedWeb{w}, w, explore.Options{})
			v, stuck, err = r.CanAlwaysReach(context.Background(), i)
			require.NoError(t, err)
			naive.AssertStuck(t, w.naive(true), i, v, stuck, result.Complete())
			verdicts[v]++

			// To be able to reach is less than to come.
			l := explore.Liveness{Formula: ltl.Eventually(ltl.State(i))}
			if k == explore.Steps {
				l.Formula = ltl.Eventually(ltl.Taking(i))
			}
			_, r = runsOf(t, w, w, explore.Options{})
			if naive.MustCheck(t, r, explore.Liveness{Formula: ltl.Always(l.Formula)}).Verdict == explore.Holds {
				v, _, _ := r.CanAlwaysReach(context.Background(), i)
				require.Equal(t, explore.Holds, v)
			}
		}
	})
	naive.RequireOccur(t, verdicts, 3)
}

// TestUnfair compares with the naive checker which conditions a lasso breaks.
func TestUnfair(t *testing.T) {
	broken := map[explore.FairnessKind]int{}
	tier.CheckUntil(t, func() bool { return len(broken) >= 3 }, func(t *rapid.T) {
		w := randomWeb(naive.Seeded(t), rapid.IntRange(1, 10).Draw(t, "states"), 5, rapid.IntRange(1, 4).Draw(t, "watches"), 2)
		f := naive.DrawFormula(t, w.kinds, 1)
		l := explore.Liveness{Formula: f.LTL()}
		var conditions []explore.Fairness
		for i, k := range w.kinds {
			for kind := range explore.Unconditional + 1 {
				if k == explore.Steps {
					conditions = append(conditions, explore.Fairness{Kind: kind, Step: i})
					for j, k := range w.kinds {
						if k == explore.States {
							conditions = append(conditions, explore.Fairness{Kind: kind, Step: i, Enabled: []int{j}})
						}
					}
				}
			}
		}
		for _, bounded := range []bool{false, true} {
			var sys explore.System[int, int] = w
			if bounded {
				sys = boundedWeb{w}
			}
			_, r := runsOf(t, sys, w, explore.Options{})
			out := naive.MustCheck(t, r, l)
			if out.Lasso == nil {
				continue
			}
			n := w.naive(bounded)
			run := naive.RequireRun(t, n, out.Lasso)
			unfair, err := r.Unfair(out.Lasso, conditions)
			require.NoError(t, err)
			var want []int
			for i, c := range conditions {
				if !n.Fair(run, c, true) {
					want = append(want, i)
					broken[c.Kind]++
				}
			}
			require.Equal(t, want, unfair)
		}
	})
	naive.RequireOccur(t, broken, 3)
}

// TestCheckCancelled has nothing said when there was no time.
func TestCheckCancelled(t *testing.T) {
	w := &web{init: []int{0}, steps: [][]thread{{{to: 0}}}, marks: make([]product.Bits, 1), kinds: []explore.Kind{explore.States}}
	never := explore.Liveness{Formula: ltl.State(0)}
	ctx, cancel := context.WithCancel(context.Background())
	e := naive.MustExplore(ctx, w, w.watches(), explore.Options{})
	r, err := e.Runs(ctx, []int{0})
	require.NoError(t, err)
	cancel()
	out, err := r.Check(ctx, never)
	require.NoError(t, err)
	assert.Equal(t, explore.Outcome[int, int]{Incomplete: []string{explore.Interrupted}}, out)
	v, _, err := r.CanAlwaysReach(ctx, 0)
	require.NoError(t, err)
	assert.Equal(t, explore.Unknown, v)
	assert.Equal(t, explore.Violated, naive.MustCheck(t, r, never).Verdict, "with more time")

	r, err = e.Runs(ctx, []int{0})
	require.NoError(t, err)
	assert.Equal(t, []string{explore.Interrupted}, r.Incomplete)
	assert.Equal(t, explore.Outcome[int, int]{Incomplete: []string{explore.Interrupted}}, naive.MustCheck(t, r, never))
	v, _, err = r.CanAlwaysReach(context.Background(), 0)
	require.NoError(t, err)
	assert.Equal(t, explore.Unknown, v)
}

func TestRunsOfNothing(t *testing.T) {
	r, err := naive.MustExplore(context.Background(), &web{}, nil, explore.Options{}).Runs(context.Background(), nil)
	require.NoError(t, err)
	assert.Equal(t, explore.Holds, naive.MustCheck(t, r, explore.Liveness{Formula: ltl.Or()}).Verdict)
}

func TestCheckErrors(t *testing.T) {
	w := &web{init: []int{0}, steps: [][]thread{nil}, marks: make([]product.Bits, 1)}
	for i := range 80 {
		w.kinds = append(w.kinds, explore.Kind(i%2))
	}
	e := naive.MustExplore(context.Background(), w, w.watches(), explore.Options{})
	ctx := context.Background()
	_, err := e.Runs(ctx, []int{80})
	assert.EqualError(t, err, "explore: no watch 80: there are 80")
	_, err = e.Runs(ctx, naive.AllWatches(w.kinds))
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
		{explore.Liveness{Fair: []explore.Fairness{{Step: 1, Enabled: []int{0, 1}}}}, "explore: watch 1 sees steps"},
		{explore.Liveness{Fair: []explore.Fairness{{Step: 1, Enabled: []int{2}}}}, "explore: the runs were made without watch 2"},
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
type polite struct{ systems.Peterson }

func (polite) Steps(dst []explore.Step[systems.Lock, systems.Turn], s systems.Lock) []explore.Step[systems.Lock, systems.Turn] {
	for _, step := range (systems.Peterson{}).Steps(nil, s) {
		if a := step.Action; a.From != systems.Wait || !s.Flag[1-a.Process] {
			dst = append(dst, step)
		}
	}
	return dst
}

// TestPetersonLiveness has whoever wants the lock get it, if both are fair; but
// not if both are polite.
func TestPetersonLiveness(t *testing.T) {
	var watches []explore.Watch[systems.Lock, systems.Turn]
	var goes []ltl.Formula
	var fair []explore.Fairness
	for p := range 2 {
		watches = append(watches,
			explore.Watch[systems.Lock, systems.Turn]{State: func(l systems.Lock) bool { return l.At[p] == systems.Raise }},
			explore.Watch[systems.Lock, systems.Turn]{State: func(l systems.Lock) bool { return l.Inside(p) }},
			explore.Watch[systems.Lock, systems.Turn]{Kind: explore.Steps, Step: func(_ systems.Lock, a systems.Turn, _ systems.Lock) bool {
				return a.Process == p && a.From != systems.Idle
			}},
		)
		goes = append(goes, ltl.LeadsTo(ltl.State(3*p), ltl.State(3*p+1)))
		fair = append(fair, explore.Fairness{Kind: explore.Weak, Step: 3*p + 2})
	}
	l := explore.Liveness{Formula: ltl.And(goes...), Fair: fair}
	for name, tt := range map[string]struct {
		sys  explore.System[systems.Lock, systems.Turn]
		fair []explore.Fairness
		want explore.Verdict
	}{
		"fair":     {systems.Peterson{}, fair, explore.Holds},
		"one fair": {systems.Peterson{}, fair[:1], explore.Violated},
		"not fair": {systems.Peterson{}, nil, explore.Violated},
		"polite":   {polite{}, fair, explore.Violated},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := naive.MustExplore(context.Background(), tt.sys, watches, explore.Options{}).Runs(context.Background(), l.Watches())
			require.NoError(t, err)
			out := naive.MustCheck(t, r, explore.Liveness{Formula: l.Formula, Fair: tt.fair})
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
	var watches []explore.Watch[systems.Table, int]
	var eats []ltl.Formula
	var fair []explore.Fairness
	for p := range systems.Diners {
		watches = append(watches,
			explore.Watch[systems.Table, int]{State: func(s systems.Table) bool { return s.At[p] == systems.Eating }},
			explore.Watch[systems.Table, int]{Kind: explore.Steps, Step: func(from systems.Table, who int, to systems.Table) bool { return who == p && to != from }},
		)
		eats = append(eats, ltl.Always(ltl.Eventually(ltl.State(2*p))))
		fair = append(fair, explore.Fairness{Kind: explore.Weak, Step: 2*p + 1})
	}
	r, err := naive.MustExplore(context.Background(), systems.Philosophers{}, watches, explore.Options{}).Runs(context.Background(), naive.AllWatches(make([]explore.Kind, 2*systems.Diners)))
	require.NoError(t, err)
	for without := range systems.Diners + 1 {
		t.Run(fmt.Sprint(without), func(t *testing.T) {
			some := append([]explore.Fairness(nil), fair...)
			want := explore.Holds
			if without < systems.Diners {
				some = append(some[:without], some[without+1:]...)
				want = explore.Violated
			}
			assert.Equal(t, want, naive.MustCheck(t, r, explore.Liveness{Formula: ltl.And(eats...), Fair: some}).Verdict)
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
	e := naive.MustExplore[int, int](context.Background(), moody{&calls}, nil, explore.Options{Workers: 1})
	calls = 20
	_, err := e.Runs(context.Background(), nil)
	assert.ErrorContains(t, err, "the system's methods are not functions of their arguments")
}

// TestEnabled has steps enabled by states: where a message is behind another it has no
// step, and whether losing it again and again is fair depends on who is asked.
func TestEnabled(t *testing.T) {
	// State 0: a message is in front; 1: it is behind another; 2: it has arrived.
	const behind, arrives, other = 0, 1, 2
	mark := func(watches ...int) (b product.Bits) {
		for _, i := range watches {
			b = b.Or(product.Bit(i))
		}
		return b
	}
	w := &web{
		init:  []int{1},
		steps: [][]thread{{{to: 2, marks: mark(arrives)}, {to: 1}}, {{to: 1}, {to: 0}}, {{to: 2}}},
		marks: []product.Bits{mark(other), mark(behind), {}},
		kinds: []explore.Kind{explore.States, explore.Steps, explore.States},
	}
	e := naive.MustExplore(context.Background(), w, w.watches(), explore.Options{})
	eventually := func(r *explore.Runs[int, int], f explore.Fairness) explore.Outcome[int, int] {
		return naive.MustCheck(t, r, explore.Liveness{Formula: ltl.Eventually(ltl.Taking(arrives)), Fair: []explore.Fairness{f}})
	}
	byStep := explore.Fairness{Kind: explore.Strong, Step: arrives}
	byState := explore.Fairness{Kind: explore.Strong, Step: arrives, Enabled: []int{behind, other}}
	weak := explore.Fairness{Kind: explore.Weak, Step: arrives, Enabled: []int{behind, other}}
	front := explore.Fairness{Kind: explore.Weak, Step: arrives, Enabled: []int{other}}

	r, err := e.Runs(context.Background(), []int{behind, arrives, other})
	require.NoError(t, err)
	assert.Equal(t, explore.Violated, eventually(r, byStep).Verdict)
	assert.Equal(t, explore.Holds, eventually(r, byState).Verdict)
	assert.Equal(t, explore.Holds, eventually(r, weak).Verdict)
	out := eventually(r, front)
	assert.Equal(t, explore.Violated, out.Verdict)
	unfair, err := r.Unfair(out.Lasso, []explore.Fairness{byStep, byState, weak, front})
	require.NoError(t, err)
	assert.Equal(t, []int{1, 2}, unfair)

	// As a group the two watches take the room of one.
	r, err = e.Runs(context.Background(), []int{arrives}, []int{behind, other})
	require.NoError(t, err)
	assert.Equal(t, explore.Holds, eventually(r, byState).Verdict)
	_, err = r.Check(context.Background(), explore.Liveness{Fair: []explore.Fairness{front}})
	assert.EqualError(t, err, "explore: watch 2 is in a group, and cannot be told from the others")
	_, err = e.Runs(context.Background(), []int{behind}, []int{behind, other})
	assert.EqualError(t, err, "explore: watch 0 in a group: want one that is not asked for by itself, or in another group")
	_, err = e.Runs(context.Background(), nil, []int{arrives})
	assert.EqualError(t, err, "explore: watch 1 in a group: want one of states")
}

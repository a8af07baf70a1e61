package explore_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"tcpclose/explore"
	"tcpclose/explore/internal/naive"
	"tcpclose/explore/internal/systems"
	"tcpclose/explore/ltl"
	"tcpclose/internal/tier"
)

// The face gives the verdicts and paths that watches and formulas give, on random
// systems, whole or not, with any fairness.
func TestCheck_Rapid(t *testing.T) {
	met := map[string]map[explore.Verdict]int{}
	kinds := []string{"always", "never", "sometimes", "ends only", "eventually", "leads to"}
	for _, k := range kinds {
		met[k] = map[explore.Verdict]int{}
	}
	enough := func() bool {
		for _, k := range kinds {
			if len(met[k]) < 3 {
				return false
			}
		}
		return met["leads to"][explore.Vacuous] > 0
	}
	tier.CheckUntil(t, enough, func(t *rapid.T) {
		w := drawWeb(t)
		w.kinds = []explore.Kind{explore.States, explore.States, explore.Terminals, explore.Steps, explore.Steps}
		var sys explore.System[int, int] = w
		if rapid.Bool().Draw(t, "bounded") {
			sys = boundedWeb{w}
		}
		o := explore.Options{Workers: rapid.SampledFrom(naive.WorkerCounts).Draw(t, "workers"), Limits: explore.Limits{Depth: rapid.IntRange(0, 4).Draw(t, "depth")}}
		at := func(i int) func(int) bool { return func(s int) bool { return w.marks[s].Has(i) } }
		on := func(i int) func(int, int, int) bool {
			return func(from, action, _ int) bool { return w.steps[from][action].marks.Has(i) }
		}
		e := naive.MustExplore(context.Background(), sys, w.watches(), o)
		runs, err := e.Runs(context.Background(), []int{0, 1, 3, 4})
		require.NoError(t, err)
		fair := []explore.Fairness{{Kind: explore.Weak, Step: 3}, {Kind: explore.Strong, Step: 4}}
		r, err := explore.Check(context.Background(), explore.Assume(sys, explore.WeaklyFair("three", on(3)), explore.StronglyFair("four", on(4))), o,
			explore.Always("always", func(s int) bool { return !at(0)(s) }),
			explore.Never("never", at(1)),
			explore.Sometimes("sometimes", at(1)),
			explore.EndsOnly("ends only", func(s int) bool { return !at(2)(s) }),
			explore.Eventually("eventually", at(0)),
			explore.LeadsTo("leads to", at(0), at(1)))
		require.NoError(t, err)
		require.Equal(t, e.Result, r.Result)
		for i, watch := range []int{0, 1, 1, 2} {
			f := &r.Findings[i]
			path, found := e.Path(watch)
			if found {
				require.Equal(t, &path, f.Path, f.Name)
			} else {
				require.Nil(t, f.Path, f.Name)
			}
			none, seen := explore.Holds, explore.Violated
			if i == 2 {
				none, seen = explore.Unreachable, explore.Reached
			}
			switch {
			case found:
				require.Equal(t, seen, f.Verdict, f.Name)
			case e.Complete():
				require.Equal(t, none, f.Verdict, f.Name)
			default:
				require.Equal(t, explore.Unknown, f.Verdict, f.Name)
				require.Equal(t, e.Incomplete, f.Incomplete)
			}
		}
		_, premise := e.Found(0)
		for i, formula := range []ltl.Formula{ltl.Eventually(ltl.State(0)), ltl.LeadsTo(ltl.State(0), ltl.State(1))} {
			f := &r.Findings[4+i]
			if i == 1 && !premise && e.Complete() {
				require.Equal(t, explore.Vacuous, f.Verdict)
				continue
			}
			want := naive.MustCheck(t, runs, explore.Liveness{Formula: formula, Fair: fair})
			require.Equal(t, want.Verdict, f.Verdict, f.Name)
			require.Equal(t, want.Incomplete, f.Incomplete)
			if want.Lasso != nil {
				require.Equal(t, want.Lasso.Path, f.Lasso.Path)
				require.Equal(t, want.Lasso.Loop, f.Lasso.Loop)
			}
		}
		for i := range r.Findings {
			f := &r.Findings[i]
			met[f.Name][f.Verdict]++
			require.Equal(t, f.Verdict == explore.Holds || f.Verdict == explore.Reached, f.OK())
		}
	})
}

// The wrong question has an error that names the property and what is wanted.
func TestCheck_Refused(t *testing.T) {
	yes := func(systems.Jugs) bool { return true }
	step := func(systems.Jugs, string, systems.Jugs) bool { return true }
	type property = explore.Property[systems.Jugs]
	for _, tt := range []struct {
		sys        explore.System[systems.Jugs, string]
		properties []property
		want       string
	}{
		{nil, []property{explore.Always("p", yes)}, "explore: the system is nil: want one"},
		{explore.Assume[systems.Jugs, string](nil), []property{explore.Always("p", yes)}, "explore: the system is nil: want one"},
		{systems.DieHard{}, nil, "explore: no properties: want one or more"},
		{systems.DieHard{}, []property{{}}, "explore: property 1 of 1 is Property{}: want one that Always, Never, Sometimes, EndsOnly, Eventually or LeadsTo returns"},
		{systems.DieHard{}, []property{explore.Never("p", yes), explore.Always("", yes)}, "explore: property 2 of 2 (Always) has no name: want one"},
		{systems.DieHard{}, []property{explore.Always[systems.Jugs]("p", nil)}, `explore: property "p" (Always) has no function: want a function of a state`},
		{systems.DieHard{}, []property{explore.EndsOnly[systems.Jugs]("p", nil)}, `explore: property "p" (EndsOnly) has no function: want a function of a state`},
		{systems.DieHard{}, []property{explore.LeadsTo("p", yes, nil)}, `explore: property "p" (LeadsTo) has no function: want two functions of a state`},
		{systems.DieHard{}, []property{explore.LeadsTo("p", nil, yes)}, `explore: property "p" (LeadsTo) has no function: want two functions of a state`},
		{systems.DieHard{}, []property{explore.Never("p", yes), explore.Sometimes("p", yes)}, `explore: two properties are named "p": want different names`},
		{explore.Assume(systems.DieHard{}, explore.WeaklyFair("", step)), []property{explore.Never("p", yes)}, "explore: condition 1 of 1 has no name: want one"},
		{explore.Assume(systems.DieHard{}, explore.StronglyFair[systems.Jugs, string]("c", nil)), []property{explore.Never("p", yes)}, `explore: condition "c" has no function: want one of a step`},
		{explore.Assume(explore.Assume(systems.DieHard{}, explore.WeaklyFair("c", step)), explore.StronglyFair("c", step)), []property{explore.Never("p", yes)}, `explore: two conditions are named "c": want different names`},
		{unstarted{}, []property{explore.Always("p", yes)}, "explore: the system has no initial state: want one or more"},
	} {
		_, err := explore.Check(context.Background(), tt.sys, explore.Options{}, tt.properties...)
		require.EqualError(t, err, tt.want)
		var rec recorder
		assert.False(t, explore.Require(&rec, tt.sys, tt.properties...))
		assert.Equal(t, []string{tt.want}, rec.errors)
	}
	_, err := explore.Check(context.Background(), systems.DieHard{}, explore.Options{Enough: func(func(int) bool) bool { return true }}, explore.Never("p", yes))
	assert.ErrorContains(t, err, "explore: Options.Enough has numbers of watches")
	var many []property
	for i := range explore.MaxWatches + 1 {
		many = append(many, explore.Always(fmt.Sprint(i), yes))
	}
	_, err = explore.Check(context.Background(), systems.DieHard{}, explore.Options{}, many...)
	assert.EqualError(t, err, "explore: 128 watches: want at most 127")
	// More properties of runs than one graph has columns are checked with several.
	many = nil
	for i := range 40 {
		many = append(many, explore.LeadsTo(fmt.Sprint(i), yes, func(j systems.Jugs) bool { return j.Big == i%6 }))
	}
	r, err := explore.Check(context.Background(), systems.DieHard{}, explore.Options{}, many...)
	require.NoError(t, err)
	for _, f := range r.Findings {
		assert.Equal(t, explore.Violated, f.Verdict, f.Name)
	}
}

// unstarted has no initial state.
type unstarted struct{ systems.DieHard }

func (unstarted) Init() []systems.Jugs { return nil }

// A recorder is a test that keeps what it is told.
type recorder struct{ errors, logs []string }

func (r *recorder) Helper() {}
func (r *recorder) Logf(format string, args ...any) {
	r.logs = append(r.logs, fmt.Sprintf(format, args...))
}
func (r *recorder) Errorf(format string, args ...any) {
	r.errors = append(r.errors, fmt.Sprintf(format, args...))
}

// A state that is compared by address is refused, wherever the pointer is.
func TestCheck_Pointers(t *testing.T) {
	refuses(t, &systems.Jugs{}, "*systems.Jugs has a *systems.Jugs")
	refuses(t, struct{ a [2]any }{[2]any{1, new(int)}}, "has a *int")
	refuses(t, struct{ c chan int }{}, "has a chan int")
	r, err := explore.Check(context.Background(), single[any]{"text"}, explore.Options{}, explore.Always("p", func(any) bool { return true }))
	require.NoError(t, err)
	assert.True(t, r.OK())
}

func refuses[S comparable](t *testing.T, s S, want string) {
	t.Helper()
	_, err := explore.Check(context.Background(), single[S]{s}, explore.Options{}, explore.Always("p", func(S) bool { return true }))
	assert.ErrorContains(t, err, want)
	assert.ErrorContains(t, err, ", which is compared by address: want states without pointers")
}

// A single system has one state and no step.
type single[S comparable] struct{ state S }

func (s single[S]) Init() []S { return []S{s.state} }

func (single[S]) Steps(dst []explore.Step[S, string], _ S) []explore.Step[S, string] { return dst }

// A system that returns its steps without appending them to dst is explored, too.
func TestCheck_NotAppended(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWeb(t)
		o := explore.Options{Workers: rapid.SampledFrom(naive.WorkerCounts).Draw(t, "workers")}
		bad := explore.Never("bad", func(s int) bool { return w.marks[s].Has(0) })
		want, err := explore.Check(context.Background(), w, o, bad)
		require.NoError(t, err)
		have, err := explore.Check(context.Background(), fresh{w}, o, bad)
		require.NoError(t, err)
		require.Equal(t, want, have)
	})
}

type fresh struct{ *web }

func (f fresh) Steps(_ []explore.Step[int, int], s int) []explore.Step[int, int] {
	return f.web.Steps(nil, s)
}

var (
	_ explore.T = (*testing.T)(nil)
	_ explore.T = (*testing.B)(nil)
	_ explore.T = (*rapid.T)(nil)
)

// What Require lets pass, and what it says of the rest.
func TestRequire(t *testing.T) {
	four := func(j systems.Jugs) bool { return j.Big == 4 }
	six := func(j systems.Jugs) bool { return j.Big == 6 }
	fits := func(j systems.Jugs) bool { return j.Small <= 3 && j.Big <= 5 }
	jugs := systems.DieHard{}
	type property = explore.Property[systems.Jugs]
	step := func(systems.Jugs, string, systems.Jugs) bool { return false }
	for _, tt := range []struct {
		property property
		want     string // the first line of the error, or nothing
	}{
		{explore.Always("fits", fits), ""},
		{explore.Always("four", four), "four: violated after 0 steps:"},
		{explore.Never("six", six), ""},
		{explore.Never("four", four), "four: violated after 6 steps:"},
		{explore.Sometimes("four", four), ""},
		{explore.Sometimes("six", six), "six: unreachable"},
		{explore.EndsOnly("nowhere", six), ""},
		{explore.Eventually("fits", fits), ""},
		{explore.Eventually("four", four), "four: violated by this run:"},
		{explore.LeadsTo("four fits", four, fits), ""},
		{explore.LeadsTo("six fits", six, fits), "six fits: vacuous: its premise is true of no reachable state"},
		{explore.LeadsTo("fits four", fits, four), "fits four: violated by this run:"},
	} {
		var rec recorder
		assert.Equal(t, tt.want == "", explore.Require(&rec, explore.Assume(jugs, explore.WeaklyFair("no step", step)), tt.property), tt.property)
		assert.Equal(t, []string{`the system never has a step of condition "no step"`}, rec.logs)
		if tt.want == "" {
			assert.Empty(t, rec.errors)
		} else if assert.Len(t, rec.errors, 1) {
			first, _, _ := strings.Cut(rec.errors[0], "\n")
			assert.Equal(t, tt.want, first)
		}
	}
	// Under a bound nothing holds, and Require says so.
	limits := explore.Options{Limits: explore.Limits{Depth: 2}}
	for _, p := range []property{
		explore.Always("p", fits), explore.Never("p", six), explore.Sometimes("p", four), explore.EndsOnly("p", six),
		explore.Eventually("p", fits), explore.LeadsTo("p", six, fits),
	} {
		var rec recorder
		assert.False(t, explore.RequireWithin(context.Background(), &rec, jugs, limits, p))
		assert.Equal(t, []string{"p: unknown: not everything was explored: depth"}, rec.errors)
	}
	// A step that is cut is a bound, too, also below conditions.
	var rec recorder
	assert.False(t, explore.Require(&rec, explore.Assume(shallow{}, explore.WeaklyFair("no step", step)), explore.Never("p", six)))
	assert.Equal(t, []string{"p: unknown: not everything was explored: boundary"}, rec.errors)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	rec = recorder{}
	assert.False(t, explore.RequireWithin(ctx, &rec, jugs, explore.Options{}, explore.Eventually("p", fits)))
	assert.Equal(t, []string{"p: unknown: not everything was explored: interrupt"}, rec.errors)
}

// shallow is DieHard without steps to full jugs.
type shallow struct{ systems.DieHard }

func (shallow) Within(_ systems.Jugs, _ string, to systems.Jugs) bool { return to.Big < 5 }

// Conditions below Explore leave the bounds of the system as they are.
func TestAssume_Bounded(t *testing.T) {
	assumed := explore.Assume(shallow{}, explore.WeaklyFair("c", func(systems.Jugs, string, systems.Jugs) bool { return true }))
	want := naive.MustExplore(context.Background(), shallow{}, nil, explore.Options{}).Result
	assert.Equal(t, want, naive.MustExplore(context.Background(), assumed, nil, explore.Options{}).Result)
	unbounded := explore.Assume(systems.DieHard{}, explore.WeaklyFair("c", func(systems.Jugs, string, systems.Jugs) bool { return true }))
	assert.True(t, naive.MustExplore(context.Background(), unbounded, nil, explore.Options{}).Complete())
}

// A system whose steps come in another order each time, or are others, has an error
// or a right verdict, and no panic.
func TestCheck_Moody(t *testing.T) {
	refused := 0
	for seed := range uint64(300) {
		m := &shuffled{web: randomWeb(rand.New(rand.NewPCG(seed, 1)), 30, 3, 1, 10), rng: rand.New(rand.NewPCG(seed, 2)), drops: seed%2 == 0}
		r, err := explore.Check(context.Background(), m, explore.Options{Workers: 1},
			explore.Never("never", func(s int) bool { return m.marks[s].Has(0) }),
			explore.Eventually("eventually", func(s int) bool { return s < 0 }))
		if err != nil {
			assert.Regexp(t, "(is|are) not functions of their arguments|functions of their arguments$", err.Error())
			refused++
			continue
		}
		if p := r.Findings[0].Path; p != nil {
			assert.True(t, m.marks[p.States[len(p.States)-1]].Has(0))
		}
	}
	assert.Positive(t, refused)
}

type shuffled struct {
	*web
	rng   *rand.Rand
	drops bool
}

func (m *shuffled) Steps(dst []explore.Step[int, int], s int) []explore.Step[int, int] {
	had := len(dst)
	dst = m.web.Steps(dst, s)
	own := dst[had:]
	m.rng.Shuffle(len(own), func(i, j int) { own[i], own[j] = own[j], own[i] })
	if m.drops && len(own) > 0 && m.rng.IntN(4) == 0 {
		dst = dst[:len(dst)-1]
	}
	return dst
}

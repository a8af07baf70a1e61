package check

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"tcpclose/explore"
	"tcpclose/explore/product"
	"tcpclose/internal/join"
	"tcpclose/internal/naive"
	"tcpclose/internal/tier"
	"tcpclose/invariants"
	"tcpclose/model"
)

// reportText returns a report as text, without the time that it took.
func reportText(r *Report) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%s, %d terminal states, remembers: %v\n", r.Config, r.Result, r.Result.Terminals, r.Remembers)
	for _, f := range r.Findings {
		fmt.Fprintf(&b, "%s: %s %s\n", f.Property.Name, f.Verdict, f.Reason)
		if f.Trace != nil {
			fmt.Fprintln(&b, f.Trace)
		}
	}
	return b.String()
}

func check(t require.TestingT, c model.Config, list []*invariants.Property, o Options) *Report {
	r, err := Check(context.Background(), c, list, o)
	require.NoError(t, err)
	require.Equal(t, c, r.Config)
	require.Len(t, r.Findings, len(list))
	return r
}

// A report does not depend on the number of workers.
func TestCheck_Workers(t *testing.T) {
	all := slices.Concat(invariants.Properties, invariants.Witnesses)
	for _, words := range []string{
		"a-octets=0 b-octets=0",
		naive.Tiny,
		"a-octets=0 b-octets=0 msl=2 rto=3 r2=1 loss=1 duplicate=1 reorder=1",
	} {
		for _, limits := range []explore.Limits{{}, {Depth: 9}, {States: 2000}} {
			want := reportText(check(t, naive.Parse(t, words), all, Options{Options: product.Options{Workers: 1, Limits: limits}}))
			for _, workers := range []int{2, 4} {
				got := check(t, naive.Parse(t, words), all, Options{Options: product.Options{Workers: workers, Limits: limits}})
				require.Equal(t, want, reportText(got), "%d workers, %+v", workers, limits)
			}
		}
	}
}

// What is known when the search has not seen everything: that something is
// violated, and nothing else.
func TestCheck_Incomplete(t *testing.T) {
	c := naive.Parse(t, "a-octets=0 b-octets=0")
	all := slices.Concat(invariants.Properties, invariants.Witnesses)
	full := check(t, c, all, Options{NoTraces: true})
	require.True(t, full.Result.Complete())
	violated := 0
	assertKnown := func(t *testing.T, r *Report, why string) {
		require.Equal(t, []string{why}, r.Result.Incomplete)
		for i, f := range r.Findings {
			name, known := f.Property.Name, full.Findings[i].Verdict
			switch f.Verdict {
			case Violated, Reached:
				violated++
				assert.Equal(t, known, f.Verdict, name)
				assert.Empty(t, f.Reason, name)
				require.NotNil(t, f.Trace, name)
				naive.AssertReplays(t, f.Trace)
				naive.AssertShows(t, f.Property, f.Trace)
			case NotApplicable:
				assert.Equal(t, known, f.Verdict, name)
				assert.Equal(t, full.Findings[i].Reason, f.Reason, name)
			default:
				assert.Equal(t, Unknown, f.Verdict, name)
				assert.Equal(t, why, f.Reason, name)
				assert.Nil(t, f.Trace, name)
			}
		}
	}
	for _, depth := range []int{1, 6, 13, 15} {
		r := check(t, c, all, Options{Options: product.Options{Limits: explore.Limits{Depth: depth}}})
		assertKnown(t, r, explore.BoundDepth)
		for _, f := range r.Findings {
			if f.Trace != nil {
				assert.LessOrEqual(t, len(f.Trace.Events), depth)
			}
		}
	}
	for _, states := range []int{1, 1000, 20000} {
		r := check(t, c, all, Options{Options: product.Options{Limits: explore.Limits{States: states}}})
		assertKnown(t, r, explore.BoundStates)
	}
	require.Greater(t, violated, 20)

	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	r, err := Check(ctx, c, all, Options{})
	require.NoError(t, err)
	assertKnown(t, r, explore.Interrupted)
	ctx, cancel = context.WithDeadline(context.Background(), time.Now().Add(-time.Second))
	defer cancel()
	r, err = Check(ctx, c, all, Options{})
	require.NoError(t, err)
	assertKnown(t, r, explore.TimedOut)

	// Whenever it is cancelled.
	for _, after := range []time.Duration{time.Millisecond, 5 * time.Millisecond, 20 * time.Millisecond} {
		ctx, cancel := context.WithTimeout(context.Background(), after)
		r, err := Check(ctx, c, all, Options{})
		cancel()
		require.NoError(t, err)
		if !r.Result.Complete() {
			assertKnown(t, r, explore.TimedOut)
		}
	}
}

// A step that is cut for lack of room makes what is not violated unknown.
func TestCheck_Capacity(t *testing.T) {
	c := naive.Parse(t, "a-octets=0 b-octets=0 loss=off duplicate=off reorder=off rto=1 capacity=1")
	r := check(t, c, find(t, "figure-5", "rest", "challenge"), Options{})
	require.Equal(t, []string{join.BoundCapacity}, r.Result.Incomplete)
	for _, f := range r.Findings {
		assert.Equal(t, Unknown, f.Verdict, f.Property.Name)
		assert.Equal(t, "capacity", f.Reason, f.Property.Name)
	}
	c.Apps[model.B].Close = model.CloseNever
	r = check(t, c, find(t, "figure-5", "rest"), Options{})
	require.False(t, r.Result.Complete())
	assert.Equal(t, Unknown, r.Findings[0].Verdict)
	assert.Equal(t, Violated, r.Findings[1].Verdict, "it stays violated")
	assert.NotNil(t, r.Findings[1].Trace)
}

func TestCheck_Verdicts(t *testing.T) {
	for _, test := range []struct {
		words, property string
		verdict         Verdict
		reason          string
	}{
		{naive.Tiny, "figure-5", Holds, ""},
		{naive.Tiny, "time-wait-unbroken", Violated, ""},
		{naive.Tiny, "hole", Vacuous, ""}, // nothing precedes a FIN
		{naive.Tiny, "delivered", NotApplicable, "nobody writes anything"},
		{naive.Tiny, "data-and-fin", NotApplicable, "nobody writes anything"},
		{naive.Tiny, "challenge", Unreachable, ""},
		{naive.Tiny, "simultaneous-close", Reached, ""},
		{naive.Tiny + "b-closes=never", "passive-closer", Vacuous, ""},
		{naive.Tiny + "b-closes=never", "one-waits", Vacuous, ""},
		{naive.Tiny + "a-closes=never b-closes=never", "active-closer", Vacuous, ""},
		{naive.Tiny + "a-closes=never b-closes=never", "rest", Violated, ""},
		{naive.Tiny + "closed-answer=nothing", "rst-origin", Vacuous, ""},
	} {
		t.Run(test.property+" "+test.verdict.String(), func(t *testing.T) {
			list := find(t, test.property)
			f := check(t, naive.Parse(t, test.words), list, Options{}).Findings[0]
			assert.Same(t, list[0], f.Property)
			assert.Equal(t, test.verdict, f.Verdict)
			assert.Equal(t, test.reason, f.Reason)
			shown := f.Verdict == Violated || f.Verdict == Reached
			assert.Equal(t, shown, f.Trace != nil)
			without := check(t, naive.Parse(t, test.words), list, Options{NoTraces: true}).Findings[0]
			assert.Nil(t, without.Trace)
			assert.Equal(t, f.Verdict, without.Verdict)
		})
	}
}

// A property is checked alike alone and among others.
func TestCheck_Alone(t *testing.T) {
	tier.SkipToCI(t)
	all := slices.Concat(invariants.Properties, invariants.Witnesses)
	for _, words := range []string{"late-reset=silent closing-timer=absent", "time-wait-restart=never loss=2"} {
		c := naive.Parse(t, "a-octets=0 b-octets=0 msl=1 rto=1 r2=1 "+words)
		together := check(t, c, all, Options{})
		for i, p := range all {
			alone := check(t, c, []*invariants.Property{p}, Options{})
			f, g := together.Findings[i], alone.Findings[0]
			assert.Equal(t, f.Verdict, g.Verdict, "%s: %s", words, p.Name)
			assert.Equal(t, f.Trace == nil, g.Trace == nil, p.Name)
			if f.Trace != nil && g.Trace != nil {
				assert.Equal(t, f.Trace.String(), g.Trace.String(), p.Name)
			}
		}
	}
}

// The states are the model's alone while no property needs memory.
func TestCheck_Remembers(t *testing.T) {
	c := naive.Parse(t, naive.Tiny)
	none := check(t, c, nil, Options{})
	few := check(t, c, find(t, "figure-5", "joint-states", "rest"), Options{})
	some := check(t, c, find(t, "figure-5", "told"), Options{})
	assert.False(t, none.Remembers)
	assert.False(t, few.Remembers)
	assert.True(t, some.Remembers)
	assert.Equal(t, none.Result, few.Result)
	assert.Greater(t, some.Result.Distinct, none.Result.Distinct)
	assert.Positive(t, none.Time)
}

func TestCheck_Invalid(t *testing.T) {
	c := model.Default()
	c.MSL = 0
	_, err := Check(context.Background(), c, invariants.Properties, Options{})
	assert.EqualError(t, err, `msl: "0": want 1 to 60000`)
}

// In random systems the traces replay and show what they should, and a search
// that goes less far says nothing that a full one denies.
func TestCheck_Rapid(t *testing.T) {
	all := slices.Concat(invariants.Properties, invariants.Witnesses)
	tier.Draws(t, 30)
	rapid.Check(t, func(rt *rapid.T) {
		c := naive.AnyConfig().Draw(rt, "config")
		r := check(rt, c, all, Options{Options: product.Options{Limits: explore.Limits{Depth: rapid.IntRange(1, 12).Draw(rt, "depth")}}})
		for i := range r.Findings {
			f := &r.Findings[i]
			if r.Result.Complete() {
				require.NotEqual(rt, Unknown, f.Verdict)
			} else {
				require.NotContains(rt, []Verdict{Holds, Vacuous, Unreachable}, f.Verdict)
			}
			if f.Trace != nil {
				naive.AssertReplays(rt, f.Trace)
				naive.AssertShows(rt, f.Property, f.Trace)
			}
		}
	})
}

func TestVerdict_String(t *testing.T) {
	seen := map[string]bool{}
	for v := Holds; v <= Zeno; v++ {
		text, err := v.MarshalText()
		require.NoError(t, err)
		assert.Equal(t, v.String(), string(text))
		assert.False(t, seen[v.String()])
		seen[v.String()] = true
	}
	assert.Equal(t, "Verdict(8)", (Zeno + 1).String())
}

// A property is about both sides. Of the shortest runs that break it, whichever
// side does, the one shown comes first in the order of actions: with equal sides,
// the mirror image of a trace never comes before it.
func TestCheck_LeastTrace(t *testing.T) {
	preset, err := FindPreset("no-data")
	require.NoError(t, err)
	r, err := Check(context.Background(), preset.Config, slices.Concat(invariants.Properties, invariants.Witnesses), Options{})
	require.NoError(t, err)
	traces := 0
	for i := range r.Findings {
		f := &r.Findings[i]
		if f.Trace == nil {
			continue
		}
		traces++
		assert.Equal(t, model.A, f.Trace.Events[0].Action.Side, "%s: b moves first", f.Property.Name)
		assert.Len(t, f.Trace.Events, f.Steps)
	}
	assert.NotZero(t, traces)
}

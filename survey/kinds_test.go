package survey

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/ask"
	"tcpclose/explore"
	"tcpclose/explore/product"
	"tcpclose/internal/join"
	"tcpclose/internal/naive"
	"tcpclose/internal/tier"
	"tcpclose/model"
	"tcpclose/trace"
)

// kindsOfAll is, of each kind of runs to a goal, after how many steps it is met: by
// all runs together, step by step.
func kindsOfAll(y *model.System, goal func(from, to *model.State, o *model.Outcome) bool) map[join.RunKind]int {
	type node struct {
		state model.State
		kind  join.RunKind
	}
	kinds := map[join.RunKind]int{}
	start := node{state: y.Init()}
	seen := map[node]bool{start: true}
	for depth, level := 1, []node{start}; len(level) > 0; depth++ {
		var next []node
		for _, n := range level {
			y.Outcomes(n.state, func(_ model.Action, o *model.Outcome) {
				to := node{o.To, n.kind}
				to.kind.Faults |= trace.FaultsOf(o.Toll)
				if o.Moved {
					to.kind.Ends[o.Mover] = to.kind.Ends[o.Mover].Union(o.Effect.Clauses)
				}
				if _, met := kinds[to.kind]; !met && goal(&n.state, &o.To, o) {
					kinds[to.kind] = depth
				}
				if !seen[to] {
					seen[to] = true
					next = append(next, to)
				}
			})
		}
		level = next
	}
	return kinds
}

// All kinds are found, each after as few events as any run of it takes.
func TestFindKinds_AgainstAllRuns(t *testing.T) {
	tier.SkipToCI(t)
	for _, words := range []string{
		"a-octets=0 b-octets=0 msl=1 rto=1 r2=1 duplicate=off capacity=1",
		"a-octets=0 b-octets=0 msl=1 rto=2 r2=0 reorder=off duplicate=1",
		"a-octets=1 b-octets=0 msl=1 rto=2 r2=0 loss=off duplicate=off capacity=4",
	} {
		c := naive.Parse(t, words)
		y, err := model.NewSystem(c)
		require.NoError(t, err)
		for text, goal := range map[string]func(from, to *model.State, o *model.Outcome) bool{
			"a.state == CLOSED": func(_, to *model.State, _ *model.Outcome) bool { return to.Ends[model.A].State == model.Closed },
			"b.sends.rst": func(_, _ *model.State, o *model.Outcome) bool {
				return o.Moved && o.Mover == model.B && o.Effect.Sent.Ctl.Has(model.RST)
			},
		} {
			want := kindsOfAll(y.Counted(), goal)
			require.NotEmpty(t, want)
			r, err := FindKinds(context.Background(), c, ask.Must(text), 100_000, product.Options{})
			require.NoError(t, err)
			require.True(t, r.Result.Complete())
			require.False(t, r.More)
			got := map[join.RunKind]int{}
			for _, k := range r.Runs {
				got[k.RunKind] = len(k.Trace.Events)
			}
			require.Equal(t, want, got, "%s: %s", words, text)

			few, err := FindKinds(context.Background(), c, ask.Must(text), 2, product.Options{})
			require.NoError(t, err)
			require.Equal(t, len(r.Runs) > 2, few.More || !few.Result.Complete())
			require.Len(t, few.Runs, min(2, len(r.Runs)))
			for i := range few.Runs {
				assert.Equal(t, r.Runs[i].RunKind, few.Runs[i].RunKind)
				assert.Equal(t, r.Runs[i].Trace, few.Runs[i].Trace)
			}
		}
	}
}

func TestFindKinds_Refused(t *testing.T) {
	_, err := FindKinds(context.Background(), naive.Parse(t, naive.Tiny), ask.Must("a.rtx > b.rtx"), 2, product.Options{})
	assert.ErrorContains(t, err, "compares parts")
	_, err = FindKinds(context.Background(), naive.Parse(t, naive.Tiny), ask.Must("a.rtx > 0"), 0, product.Options{})
	assert.EqualError(t, err, "0 kinds of run: want at least 1")
	r, err := FindKinds(context.Background(), naive.Parse(t, naive.Tiny), ask.Must("a.state == CLOSED"), 2, product.Options{Limits: explore.Limits{Depth: 3}})
	require.NoError(t, err)
	assert.Equal(t, []string{explore.BoundDepth}, r.Result.Incomplete)
	r, err = FindKinds(context.Background(), naive.Parse(t, naive.Tiny+"a-closes=never"), ask.Must("a.state == FIN-WAIT-1"), 2, product.Options{})
	require.NoError(t, err)
	assert.Empty(t, r.Runs)
	assert.True(t, r.Result.Complete())
}

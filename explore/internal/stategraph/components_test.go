package stategraph

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/graph/simple"
	"gonum.org/v1/gonum/graph/topo"
	"pgregory.net/rapid"

	"tcpclose/explore/ltl"
	_ "tcpclose/internal/tier" // the seed of rapid
)

// anyStep is an automaton that reads every letter.
var anyStep = [][]ltl.Move{{{}}}

// graphOf returns a graph of unlabelled steps whose first state is initial.
func graphOf(out [][]uint32) *Graph {
	g := &Graph{Initial: 1, First: []uint64{0}}
	for _, to := range out {
		g.To = append(g.To, to...)
		g.First = append(g.First, uint64(len(g.To)))
	}
	g.on = make([]uint32, len(g.To))
	g.in = make([]uint32, len(out))
	g.enabled = make([]uint32, len(out))
	return g
}

// TestComponents has gonum find the same components, and in an order that is as
// good.
func TestComponents(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		states := rapid.IntRange(1, 60).Draw(t, "states")
		degree := rapid.IntRange(0, 4).Draw(t, "steps from each")
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		out := make([][]uint32, states)
		oracle := simple.NewDirectedGraph()
		for s := range out {
			oracle.AddNode(simple.Node(s))
		}
		loops := map[uint32]bool{}
		for s := range out {
			for range rng.IntN(degree + 1) {
				to := rng.IntN(states)
				out[s] = append(out[s], uint32(to))
				if s == to {
					loops[uint32(s)] = true
				} else {
					oracle.SetEdge(simple.Edge{F: simple.Node(s), T: simple.Node(to)})
				}
			}
		}
		var want [][]uint32
		for _, nodes := range topo.TarjanSCC(oracle) {
			var component []uint32
			for _, n := range nodes {
				component = append(component, uint32(n.ID()))
			}
			slices.Sort(component)
			want = append(want, component)
		}
		var roots []uint32
		for s := range out {
			roots = append(roots, uint32(s))
		}
		var got [][]uint32
		c := newComponents(&pairing{graphOf(out), anyStep, 1})
		done := map[uint32]bool{}
		require.True(t, c.search(context.Background(), everything, roots, func(nodes []uint32, region uint32) {
			cycle := len(nodes) > 1 || loops[nodes[0]]
			assert.Equal(t, cycle, region != acyclic)
			component := slices.Sorted(slices.Values(nodes))
			got = append(got, component)
			for _, v := range nodes {
				assert.Equal(t, place{region: region}, c.nodes[v])
				done[v] = true
			}
			for _, v := range nodes {
				for _, to := range out[v] {
					assert.True(t, done[to], "arcs lead to components found before")
				}
			}
		}))
		compare := slices.Compare[[]uint32]
		slices.SortFunc(want, compare)
		slices.SortFunc(got, compare)
		assert.Equal(t, want, got)
	})
}

// TestComponentsDeep has a cycle that a recursive search could not go round.
func TestComponentsDeep(t *testing.T) {
	const states = 1 << 20
	out := make([][]uint32, states)
	for s := range out {
		out[s] = []uint32{uint32(s+1) % states}
	}
	c := newComponents(&pairing{graphOf(out), anyStep, 1})
	found := 0
	assert.True(t, c.search(context.Background(), everything, []uint32{0}, func(nodes []uint32, _ uint32) {
		found++
		assert.Len(t, nodes, states)
	}))
	assert.Equal(t, 1, found)

	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	c = newComponents(&pairing{graphOf(out), anyStep, 1})
	assert.False(t, c.search(ctx, everything, []uint32{0}, func([]uint32, uint32) {}))
}

// TestComponentsRegion searches what is left of a component.
func TestComponentsRegion(t *testing.T) {
	c := newComponents(&pairing{graphOf([][]uint32{{1}, {2}, {0, 3}, {2, 4}, {3}}), anyStep, 1})
	var rest uint32
	c.search(context.Background(), everything, []uint32{0}, func(nodes []uint32, _ uint32) {
		assert.Len(t, nodes, 5)
		rest = c.newRegion([]uint32{0, 1, 3, 4})
	})
	var got [][]uint32
	c.search(context.Background(), rest, []uint32{0, 1, 3, 4}, func(nodes []uint32, region uint32) {
		got = append(got, slices.Sorted(slices.Values(nodes)))
		assert.Equal(t, len(nodes) == 1, region == acyclic)
	})
	assert.Equal(t, [][]uint32{{1}, {0}, {3, 4}}, got)
}

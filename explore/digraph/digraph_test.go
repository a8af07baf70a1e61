package digraph_test

import (
	"context"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/graph"
	"gonum.org/v1/gonum/graph/path"
	"gonum.org/v1/gonum/graph/topo"
	"gonum.org/v1/gonum/graph/traverse"

	"tcpclose/explore"
	"tcpclose/explore/digraph"
	"tcpclose/explore/internal/naive"
	"tcpclose/explore/internal/systems"
)

func TestGraphDistances(t *testing.T) {
	t.Run("die hard", func(t *testing.T) { assertDistances(t, systems.DieHard{}) })
	t.Run("Peterson", func(t *testing.T) { assertDistances(t, systems.Peterson{}) })
	t.Run("alternating bit", func(t *testing.T) { assertDistances(t, systems.AlternatingBit{}) })
}

// assertDistances asserts that gonum measures the same distances in the graph of
// sys as the search does.
func assertDistances[S comparable, A any](t *testing.T, sys explore.System[S, A]) {
	g, err := digraph.New(sys, 1000)
	require.NoError(t, err)
	n := g.Nodes().Len()
	assert.Equal(t, naive.MustExplore(context.Background(), sys, nil, explore.Options{}).Distinct, n)

	depth := make([]int, n)
	for i := range depth {
		depth[i] = n
	}
	for _, s := range sys.Init() {
		id, ok := g.ID(s)
		require.True(t, ok)
		var bf traverse.BreadthFirst
		bf.Walk(g, g.Node(id), func(node graph.Node, d int) bool {
			depth[node.ID()] = min(depth[node.ID()], d)
			return false
		})
		shortest := path.DijkstraFrom(g.Node(id), g)
		for v := range depth {
			assert.GreaterOrEqual(t, shortest.WeightTo(int64(v)), float64(depth[v]))
		}
	}
	assert.True(t, slices.IsSorted(depth), "nodes are numbered as they are discovered")

	for v := 0; v < n; v += explore.MaxWatches {
		var watches []explore.Watch[S, A]
		for id := v; id < min(n, v+explore.MaxWatches); id++ {
			watches = append(watches, explore.Watch[S, A]{State: func(s S) bool { return s == g.State(int64(id)) }})
		}
		e := naive.MustExplore(context.Background(), sys, watches, explore.Options{})
		for i := range watches {
			steps, ok := e.Found(i)
			assert.True(t, ok)
			assert.Equal(t, depth[v+i], steps)
		}
	}
}

func TestGraphComponents(t *testing.T) {
	t.Run("die hard", func(t *testing.T) { assertComponents(t, systems.DieHard{}, 1) })
	t.Run("Peterson", func(t *testing.T) { assertComponents(t, systems.Peterson{}, 1) })
	// Every step of a commit is final.
	t.Run("two-phase commit", func(t *testing.T) { assertComponents(t, systems.TwoPhase(3), 288) })
}

// assertComponents asserts that gonum finds want strongly connected components,
// and that they are those of the states that can be reached from each other.
func assertComponents[S comparable, A any](t *testing.T, sys explore.System[S, A], want int) {
	g, err := digraph.New(sys, 1000)
	require.NoError(t, err)
	components := topo.TarjanSCC(g)
	assert.Len(t, components, want)
	of := map[int64]int{}
	for i, c := range components {
		for _, node := range c {
			of[node.ID()] = i
		}
	}
	reach := make([]map[int64]bool, g.Nodes().Len())
	for u := range reach {
		reach[u] = map[int64]bool{}
		bf := traverse.BreadthFirst{Visit: func(n graph.Node) { reach[u][n.ID()] = true }}
		bf.Walk(g, g.Node(int64(u)), nil)
	}
	for u := range reach {
		for v := range reach {
			mutual := reach[u][int64(v)] && reach[v][int64(u)]
			require.Equal(t, mutual, of[int64(u)] == of[int64(v)])
		}
	}
}

func TestGraphEdges(t *testing.T) {
	g, err := digraph.New(systems.DieHard{}, 16)
	require.NoError(t, err)
	edges := 0
	for u := range int64(16) {
		assert.Equal(t, u, g.Node(u).ID())
		from := graph.NodesOf(g.From(u))
		actions := 0
		for _, node := range from {
			v := node.ID()
			assert.True(t, g.HasEdgeFromTo(u, v))
			assert.True(t, g.HasEdgeBetween(v, u))
			assert.Equal(t, u, g.Edge(u, v).From().ID())
			assert.Equal(t, v, g.Edge(u, v).To().ID())
			assert.Contains(t, graph.NodesOf(g.To(v)), g.Node(u))
			actions += len(g.Actions(u, v))
			edges++
		}
		assert.Equal(t, 6, actions, "each step is an action of one edge")
	}
	back := 0
	for v := range int64(16) {
		back += g.To(v).Len()
	}
	assert.Equal(t, edges, back)

	full, ok := g.ID(systems.Jugs{Small: 3, Big: 5})
	require.True(t, ok)
	assert.Equal(t, []string{"fill small", "fill big", "small to big", "big to small"}, g.Actions(full, full))

	for _, nobody := range []int64{-1, 16} {
		assert.Nil(t, g.Node(nobody))
		assert.Nil(t, g.Edge(0, nobody))
		assert.Nil(t, g.Actions(nobody, 0))
		assert.Zero(t, g.From(nobody).Len())
		assert.Zero(t, g.To(nobody).Len())
		assert.False(t, g.HasEdgeBetween(0, nobody))
	}
	_, ok = g.ID(systems.Jugs{Small: 1, Big: 1})
	assert.False(t, ok)
}

func TestGraphLimit(t *testing.T) {
	_, err := digraph.New(systems.DieHard{}, 15)
	assert.EqualError(t, err, "digraph: a graph of more than 15 states")
}

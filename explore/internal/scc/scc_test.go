package scc

import (
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/graph/simple"
	"gonum.org/v1/gonum/graph/topo"
	"pgregory.net/rapid"

	_ "tcpclose/internal/tier" // the seed of rapid
)

// Nodes have one rank if gonum has them in one component, and no edge leads to a lower one.
func TestRanks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 30).Draw(t, "nodes")
		ahead := make([][]int32, n)
		g := simple.NewDirectedGraph()
		for i := range n {
			g.AddNode(simple.Node(i))
		}
		for i := range n {
			ahead[i] = rapid.SliceOfN(rapid.Int32Range(0, int32(n-1)), 0, 3).Draw(t, "ahead")
			for _, to := range ahead[i] {
				if int(to) != i {
					g.SetEdge(simple.Edge{F: simple.Node(i), T: simple.Node(to)})
				}
			}
		}
		ranks := Ranks(ahead)
		for i, list := range ahead {
			for _, to := range list {
				require.LessOrEqual(t, ranks[i], ranks[to])
			}
		}
		of := map[int]int{} // by rank: the component
		for c, nodes := range topo.TarjanSCC(g) {
			for _, node := range nodes {
				rank := ranks[node.ID()]
				if known, ok := of[rank]; ok {
					require.Equal(t, known, c)
				}
				of[rank] = c
				require.Equal(t, ranks[nodes[0].ID()], rank)
			}
		}
	})
}

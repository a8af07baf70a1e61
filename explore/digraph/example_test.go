package digraph_test

import (
	"fmt"

	"gonum.org/v1/gonum/graph/path"

	"tcpclose/explore/digraph"
	"tcpclose/explore/internal/systems"
)

// The jugs again, as a graph on which gonum finds the way.
func ExampleNew() {
	g, err := digraph.New(systems.DieHard{}, 100)
	if err != nil {
		fmt.Println(err)
		return
	}
	goal, _ := g.ID(systems.Jugs{Small: 3, Big: 4})
	nodes, _ := path.DijkstraFrom(g.Node(0), g).To(goal)
	for i, node := range nodes[1:] {
		fmt.Println(g.Actions(nodes[i].ID(), node.ID()), g.State(node.ID()))
	}
	// Output:
	// [fill big] {0 5}
	// [big to small] {3 2}
	// [empty small] {0 2}
	// [big to small] {2 0}
	// [fill big] {2 5}
	// [big to small] {3 4}
}

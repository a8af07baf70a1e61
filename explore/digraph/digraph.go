package digraph

import (
	"fmt"

	"gonum.org/v1/gonum/graph"
	"gonum.org/v1/gonum/graph/iterator"
	"gonum.org/v1/gonum/graph/simple"

	"tcpclose/explore"
)

// A Graph is an explored system as gonum's algorithms and drawings want it: its
// states are nodes, with an edge where steps lead from one to another. It is
// meant for small systems; the searches do without it.
type Graph[S comparable, A any] struct {
	nodes []Node[S]
	id    map[S]int64
	out   [][]arrow[A] // by node, in the order of steps
	in    [][]int64    // by node: those with a step to it, each once
}

// A Node is a state of a graph.
type Node[S comparable] struct {
	id    int64
	State S
}

// ID numbers nodes from 0 in the order of breadth-first discovery.
func (n Node[S]) ID() int64 { return n.id }

// An arrow is an edge seen from its source.
type arrow[A any] struct {
	to      int64
	actions []A
}

var _ graph.Directed = (*Graph[int, int])(nil)

// New explores sys, following the steps that a Bounded system does not cut.
// It fails if there are more than limit states.
func New[S comparable, A any](sys explore.System[S, A], limit int) (*Graph[S, A], error) {
	g := &Graph[S, A]{id: map[S]int64{}}
	for _, s := range sys.Init() {
		g.node(s)
	}
	bounded, _ := sys.(explore.Bounded[S, A])
	var steps []explore.Step[S, A]
	for n := 0; n < len(g.nodes); n++ {
		if len(g.nodes) > limit {
			return nil, fmt.Errorf("digraph: a graph of more than %d states", limit)
		}
		from := g.nodes[n].State
		steps = sys.Steps(steps[:0], from)
		for _, step := range steps {
			if bounded == nil || bounded.Within(from, step.Action, step.To) {
				g.step(int64(n), step.Action, g.node(step.To))
			}
		}
	}
	return g, nil
}

// node returns the node of s, and makes it if necessary.
func (g *Graph[S, A]) node(s S) int64 {
	id, ok := g.id[s]
	if !ok {
		id = int64(len(g.nodes))
		g.id[s] = id
		g.nodes = append(g.nodes, Node[S]{id, s})
		g.out = append(g.out, nil)
		g.in = append(g.in, nil)
	}
	return id
}

// step enters a step into the edge from u to v.
func (g *Graph[S, A]) step(u int64, action A, v int64) {
	if a := g.arrow(u, v); a != nil {
		a.actions = append(a.actions, action)
		return
	}
	g.out[u] = append(g.out[u], arrow[A]{v, []A{action}})
	g.in[v] = append(g.in[v], u)
}

func (g *Graph[S, A]) arrow(u, v int64) *arrow[A] {
	if !g.has(u) {
		return nil
	}
	for i := range g.out[u] {
		if a := &g.out[u][i]; a.to == v {
			return a
		}
	}
	return nil
}

func (g *Graph[S, A]) has(id int64) bool { return id >= 0 && id < int64(len(g.nodes)) }

// State returns the state of node id. It panics if there is no such node.
func (g *Graph[S, A]) State(id int64) S { return g.nodes[id].State }

// ID returns the node of s; ok is false if s is not in the graph.
func (g *Graph[S, A]) ID(s S) (id int64, ok bool) {
	id, ok = g.id[s]
	return id, ok
}

// Actions returns the actions of the steps from u to v, in the order of steps.
func (g *Graph[S, A]) Actions(u, v int64) []A {
	if a := g.arrow(u, v); a != nil {
		return a.actions
	}
	return nil
}

// Node returns the node with the given ID if it exists in the graph, and nil
// otherwise.
func (g *Graph[S, A]) Node(id int64) graph.Node {
	if !g.has(id) {
		return nil
	}
	return g.nodes[id]
}

// Nodes returns all nodes, in order of ID.
func (g *Graph[S, A]) Nodes() graph.Nodes {
	nodes := make([]graph.Node, len(g.nodes))
	for i, n := range g.nodes {
		nodes[i] = n
	}
	return iterator.NewOrderedNodes(nodes)
}

// From returns the nodes to which a step leads from the node with the given ID,
// in the order of steps.
func (g *Graph[S, A]) From(id int64) graph.Nodes {
	if !g.has(id) {
		return graph.Empty
	}
	var nodes []graph.Node
	for _, a := range g.out[id] {
		nodes = append(nodes, g.nodes[a.to])
	}
	return iterator.NewOrderedNodes(nodes)
}

// To returns the nodes from which a step leads to the node with the given ID, in
// order of ID.
func (g *Graph[S, A]) To(id int64) graph.Nodes {
	if !g.has(id) {
		return graph.Empty
	}
	var nodes []graph.Node
	for _, u := range g.in[id] {
		nodes = append(nodes, g.nodes[u])
	}
	return iterator.NewOrderedNodes(nodes)
}

// HasEdgeFromTo reports whether a step leads from u to v.
func (g *Graph[S, A]) HasEdgeFromTo(u, v int64) bool { return g.arrow(u, v) != nil }

// HasEdgeBetween reports whether a step leads from x to y or back.
func (g *Graph[S, A]) HasEdgeBetween(x, y int64) bool {
	return g.HasEdgeFromTo(x, y) || g.HasEdgeFromTo(y, x)
}

// Edge returns the edge from u to v if a step leads there, and nil otherwise.
func (g *Graph[S, A]) Edge(u, v int64) graph.Edge {
	if !g.HasEdgeFromTo(u, v) {
		return nil
	}
	return simple.Edge{F: g.nodes[u], T: g.nodes[v]}
}

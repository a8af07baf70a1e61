// Package scc finds the strongly connected components of a graph that is given by lists.
package scc

// Ranks returns a rank for each node of a graph, whose edges lead from node i to those of
// ahead[i]: no edge leads to a lower rank, and the nodes of a component, and only these,
// have one rank. It is Tarjan's algorithm (Depth-first Search and Linear Graph Algorithms,
// 1972), with a stack in place of recursion.
func Ranks(ahead [][]int32) []int {
	t := tarjan{ahead: ahead, index: make([]int, len(ahead)), low: make([]int, len(ahead)), rank: make([]int, len(ahead))}
	for root := range ahead {
		if t.index[root] == 0 {
			t.visit(int32(root))
		}
	}
	// Components are found after those to which edges lead from them.
	for i := range t.rank {
		t.rank[i] = t.components - 1 - t.rank[i]
	}
	return t.rank
}

type tarjan struct {
	ahead      [][]int32
	index, low []int // from 1, in the order of discovery; 0 is not met yet
	rank       []int // of a node whose component is known
	stack      []int32
	calls      []call
	met        int
	components int
}

// A call is a node being visited, and which of the nodes ahead comes next.
type call struct {
	node int32
	next int
}

// closed is the index of nodes whose component is known.
const closed = int(^uint(0) >> 1)

func (t *tarjan) enter(node int32) {
	t.met++
	t.index[node], t.low[node] = t.met, t.met
	t.stack = append(t.stack, node)
	t.calls = append(t.calls, call{node, 0})
}

func (t *tarjan) visit(root int32) {
	for t.enter(root); len(t.calls) > 0; {
		c := &t.calls[len(t.calls)-1]
		node := c.node
		if c.next < len(t.ahead[node]) {
			to := t.ahead[node][c.next]
			if c.next++; t.index[to] == 0 {
				t.enter(to)
			} else {
				t.low[node] = min(t.low[node], t.index[to])
			}
			continue
		}
		t.calls = t.calls[:len(t.calls)-1]
		if n := len(t.calls); n > 0 {
			before := t.calls[n-1].node
			t.low[before] = min(t.low[before], t.low[node])
		}
		if t.low[node] == t.index[node] {
			t.close(node)
		}
	}
}

// close makes a component of a node and those above it on the stack.
func (t *tarjan) close(root int32) {
	for {
		last := len(t.stack) - 1
		node := t.stack[last]
		t.stack = t.stack[:last]
		t.index[node], t.low[node], t.rank[node] = closed, closed, t.components
		if node == root {
			t.components++
			return
		}
	}
}

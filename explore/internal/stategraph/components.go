package stategraph

import (
	"context"

	"tcpclose/explore/ltl"
)

// The runs of a graph that an automaton accepts are those of a product of the
// two: its nodes are pairs of states, its arcs pairs of a step and a move that
// reads it. The product is not stored; its arcs are computed as they are
// followed.

// A pairing is the product of a graph and an automaton. The node of states s and
// q is s*width+q.
type pairing struct {
	graph *Graph
	moves [][]ltl.Move
	width uint32
}

// An arc of a pairing.
type arc struct {
	step uint64
	to   uint32
	in   ltl.Accept
}

// arcs calls visit for every arc that leaves a node, in the order of steps and
// moves, until it says that it has seen enough.
func (p *pairing) arcs(node uint32, visit func(arc) (enough bool)) {
	s, q := node/p.width, node%p.width
	first, end := p.graph.Steps(s)
	in := p.graph.at(s)
	moves := p.moves[q]
	for step := first; step < end; step++ {
		l := in | ltl.Letter(p.graph.on[step])
		for i := range moves {
			m := &moves[i]
			if m.Reads(l) && visit(arc{step, p.graph.To[step]*p.width + m.To, m.In}) {
				return
			}
		}
	}
}

// roots returns the nodes of initial states, in order.
func (p *pairing) roots() (nodes []uint32) {
	if len(p.moves) > 0 {
		for s := range p.graph.Initial {
			nodes = append(nodes, uint32(s)*p.width)
		}
	}
	return nodes
}

// components finds strongly connected components, by Tarjan's algorithm
// (Depth-first Search and Linear Graph Algorithms, 1972) with a stack of its own
// in place of recursion, since paths are millions of steps long. Besides two
// numbers for each node, what it takes depends on how deep the search goes.
//
// Nodes belong to regions, of which one is searched at a time. A component that
// is found leaves the region, so the search ends even if what is left of the
// component is made a region of its own, to be searched later.
type components struct {
	*pairing
	nodes   []place
	count   uint32 // of nodes that a search has met
	regions uint32 // how many there are
	stack   []uint32
	calls   []call
}

// A place is the position of a node in a search.
type place struct {
	region uint32
	index  uint32 // in the order of discovery, from 1; 0 is not met yet
}

// A call is the stack frame that recursion would have for a node.
type call struct {
	node, low uint32
	step      uint64 // the next arc is of this step
	move      uint32 // and this move
	loop      bool   // an arc leads from node to itself
}

// The first regions: that of all nodes at first, and that of those on no cycle.
const (
	everything uint32 = iota
	acyclic
)

func newComponents(p *pairing) *components {
	return &components{pairing: p, nodes: make([]place, p.graph.States()*int(p.width)), regions: acyclic + 1}
}

// newRegion makes a region of nodes.
func (c *components) newRegion(nodes []uint32) uint32 {
	r := c.regions
	c.regions++
	for _, v := range nodes {
		c.nodes[v] = place{region: r}
	}
	return r
}

// checkEvery is the number of nodes between two looks at the context.
const checkEvery = 1 << 16

// search calls visit for each component of region that can be reached from
// roots within it, the components to which arcs lead first. Their nodes are good
// until visit returns; they are in a region of their own, or in acyclic. It
// reports false if ctx is done.
func (c *components) search(ctx context.Context, region uint32, roots []uint32, visit func(nodes []uint32, region uint32)) bool {
	c.count = 0
	for _, root := range roots {
		if c.nodes[root] != (place{region: region}) {
			continue
		}
		c.meet(root)
	calls:
		for len(c.calls) > 0 {
			if c.count%checkEvery == 0 && ctx.Err() != nil {
				return false
			}
			f := &c.calls[len(c.calls)-1]
			s, q := f.node/c.width, f.node%c.width
			moves := c.moves[q]
			in := c.graph.at(s)
			end := c.graph.First[s+1]
			for ; f.step < end; f.step, f.move = f.step+1, 0 {
				l := in | ltl.Letter(c.graph.on[f.step])
				to := c.graph.To[f.step] * c.width
				for int(f.move) < len(moves) {
					m := &moves[f.move]
					f.move++
					if !m.Reads(l) {
						continue
					}
					v := to + m.To
					switch at := c.nodes[v]; {
					case at.region != region:
					case at.index == 0:
						c.meet(v)
						continue calls
					default:
						f.low = min(f.low, at.index)
						f.loop = f.loop || v == f.node
					}
				}
			}
			c.leave(visit)
		}
	}
	return true
}

func (c *components) meet(node uint32) {
	c.count++
	c.nodes[node].index = c.count
	c.stack = append(c.stack, node)
	c.calls = append(c.calls, call{node: node, low: c.count, step: c.graph.First[node/c.width]})
}

// leave ends the last call.
func (c *components) leave(visit func(nodes []uint32, region uint32)) {
	f := c.calls[len(c.calls)-1]
	c.calls = c.calls[:len(c.calls)-1]
	if f.low < c.nodes[f.node].index {
		up := &c.calls[len(c.calls)-1]
		up.low = min(up.low, f.low)
		return
	}
	at := len(c.stack) - 1
	for c.stack[at] != f.node {
		at--
	}
	nodes := c.stack[at:]
	c.stack = c.stack[:at]
	region := acyclic
	if len(nodes) == 1 && !f.loop {
		c.nodes[f.node] = place{region: region}
	} else {
		region = c.newRegion(nodes)
	}
	visit(nodes, region)
}

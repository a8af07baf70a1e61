package stategraph

import (
	"context"
	"maps"
	"slices"

	"tcpclose/explore/internal/search"
	"tcpclose/explore/ltl"
)

// Most ways that are sought are as short as they can be: each step leads from one level of
// the search to the next, until the first level that has a state of the ones sought. The
// states on such ways are few, and are found backwards, as those on a shortest run are.
// Among them a breadth-first search meets what one of all states would meet, in the same
// order. Only where the automaton accepts none of them, the graph of all states has to grow.

// A straight is the search for such a way.
type straight[K comparable] struct {
	*wayFinder[K]
	is func(node uint32) bool // of the part
	on []map[K]bool           // by level: the states on the ways
}

// A met is a pair of a state and a state of the automaton, and how it was met.
type met[K comparable] struct {
	state K
	q     uint32
	from  int // the place in the list of the level before, or ^start
	pick  int
}

// straight returns the shortest way to a node that is so, if it is as short as can be, and
// shorter than a number of arcs unless that is 0. It returns how many arcs each way to such
// a node has at least.
func (w *wayFinder[K]) straight(ctx context.Context, is func(node uint32) bool, shorter int) (node uint32, found bool, least int) {
	sought := map[K]bool{}
	for n, k := range w.part.states {
		for q := range w.width {
			if is(uint32(n)*w.width + q) {
				sought[k] = true
			}
		}
	}
	s := straight[K]{wayFinder: w, is: is}
	first := map[K]bool{}
	var keys []K
	for least < len(w.search.Levels) && (shorter == 0 || least < shorter) && ctx.Err() == nil {
		l := w.search.Levels[least]
		for i := range l.Blocks() {
			keys = l.Keys(keys[:0], i)
			for _, k := range keys {
				if sought[k] {
					first[k] = true
				}
			}
		}
		if len(first) > 0 {
			s.mark(first, least)
			node, found = s.walk(least)
			return node, found, least
		}
		least++
	}
	return 0, false, least
}

// mark finds the states from which a step leads to the next level's, from those of the
// last level back.
func (s *straight[K]) mark(last map[K]bool, level int) {
	s.on = make([]map[K]bool, level+1)
	s.on[level] = last
	for _, w := range s.search.Workers {
		w.Explorer.Observe(search.Watches{})
	}
	for d := level - 1; d >= 0; d-- {
		l, targets := s.search.Levels[d], s.search.Targets(maps.Keys(s.on[d+1]))
		marks := make([][]K, len(s.search.Workers))
		search.EachBlock(l.Blocks(), len(s.search.Workers), func(i, block int) bool {
			w := s.search.Workers[i]
			for _, k := range w.Candidates(nil, l, block, targets) {
				if slices.ContainsFunc(w.Steps(k), func(step search.Step[K]) bool { return s.on[d+1][step.To] }) {
					marks[i] = append(marks[i], k)
				}
			}
			return true
		})
		s.on[d] = map[K]bool{}
		for _, list := range marks {
			for _, k := range list {
				s.on[d][k] = true
			}
		}
	}
}

// walk goes along the marks.
func (s *straight[K]) walk(level int) (node uint32, found bool) {
	type pair struct {
		state K
		q     uint32
	}
	lists := make([][]met[K], level+1)
	known := map[pair]bool{}
	// meet reports whether it is what is sought.
	meet := func(d int, v met[K]) bool {
		if !s.on[d][v.state] || known[pair{v.state, v.q}] {
			return false
		}
		known[pair{v.state, v.q}] = true
		lists[d] = append(lists[d], v)
		if d < level {
			return false
		}
		node = s.part.number[v.state]*s.width + v.q
		return s.is(node)
	}
	for i, k := range s.search.Initial {
		if meet(0, met[K]{state: k, from: ^i}) {
			s.start, s.picks = i, nil
			return node, true
		}
	}
	x, c := s.search.Workers[0], s.columns
	for d := range level {
		clear(known)
		for from, v := range lists[d] {
			x.Explorer.Observe(c.states)
			in := c.label(x.Seen(v.state)) &^ c.terminals
			x.Explorer.Observe(c.Steps)
			for pick, step := range x.Steps(v.state) {
				letter := ltl.Letter(in)<<32 | ltl.Letter(c.label(step.Seen))
				for i := range s.moves[v.q] {
					m := &s.moves[v.q][i]
					if m.Reads(letter) && meet(d+1, met[K]{step.To, m.To, from, pick}) {
						s.back(lists)
						return node, true
					}
				}
			}
		}
	}
	return 0, false
}

// back notes the way to the last that was met.
func (s *straight[K]) back(lists [][]met[K]) {
	s.picks = nil
	d := len(lists) - 1
	at := len(lists[d]) - 1
	for ; d > 0; d-- {
		v := lists[d][at]
		s.picks = append(s.picks, v.pick)
		at = v.from
	}
	slices.Reverse(s.picks)
	s.start = ^lists[0][at].from
}

package product

import (
	"cmp"
	"container/heap"
	"context"
	"maps"
	"slices"
	"strings"

	"tcpclose/explore"
)

// Shortest returns one of the shortest runs to what one of the watches sees; they are
// watches of states or of steps. It keeps, of states that differ in Covering parts only,
// those that no other covers which takes as few steps or fewer: a later one that covers an
// earlier one is longer. Where the steps between bases are all known, states are taken in
// the order of how long a run to what is sought has to be that leads through them (A*).
// watch is one of those that see something at its end, or -1 if there is no such run. If why
// is not empty it is what ended the search, or the bound behind which there may be a run, or
// a shorter one.
func (m *Maximal) Shortest(ctx context.Context, watches []int) (path explore.Path[Tuple, Pick], watch int, why string) {
	s := shortestSearch{Maximal: m, kept: map[*base]*antichain{}}
	for _, i := range watches {
		s.sought = s.sought.Or(Bit(i))
	}
	s.sought = s.sought.Without(m.space.terminal)
	s.measure()
	for i := range m.space.Init {
		s.enter(m.space.pack(&m.space.Init[i]), nil, 0)
	}
	for expanded := 0; len(s.queue) > 0; expanded++ {
		if why := stopped(ctx, m.options, expanded); why != "" {
			return path, -1, why
		}
		r := heap.Pop(&s.queue).(*runState)
		switch {
		case !r.seen.Empty() && s.cut > 0 && s.cut < r.steps:
			return path, -1, s.bounds()
		case !r.seen.Empty():
			return s.path(r), r.seen.First(), ""
		case !r.covered:
			s.expand(r)
		}
	}
	if s.cut > 0 {
		why = s.bounds()
	}
	return path, -1, why
}

// bounds names the bounds that have cut steps.
func (m *Maximal) bounds() string {
	return strings.Join(slices.Sorted(maps.Keys(m.explorer.Bounds())), ", ")
}

type shortestSearch struct {
	*Maximal
	sought Bits
	// distance is the fewest steps between bases to what is sought. It is nil if not all
	// are known.
	distance map[*base]int
	kept     map[*base]*antichain
	queue    runQueue
	count    int
	cut      int // steps, the fewest, up to where a bound has cut one; 0 if none has
}

// A runState is a state with a shortest run to it, or the end of what is sought.
type runState struct {
	kept
	key   uint64
	from  *runState // nil if it is initial
	pick  int       // which of the steps from there
	ahead int       // at least so many steps
	order int
	seen  Bits // what is sought and seen at the end; nothing of a state that is to be expanded
}

// measure finds the distances, backwards from what is sought.
func (s *shortestSearch) measure() {
	if len(s.Incomplete) > 0 {
		return
	}
	s.distance = map[*base]int{}
	behind := map[*base][]*base{}
	layers := [2][]*base{}
	for _, b := range s.order.all {
		for _, n := range b.ahead {
			behind[s.order.all[n]] = append(behind[s.order.all[n]], b)
		}
		switch {
		case !b.seen.And(s.sought).Empty():
			s.distance[b] = 0
			layers[0] = append(layers[0], b)
		case !b.onStep.And(s.sought).Empty():
			layers[1] = append(layers[1], b)
		}
	}
	layer := layers[0]
	for d := 0; len(layer) > 0 || d == 0; d++ {
		var next []*base
		reach := func(b *base) {
			if _, known := s.distance[b]; !known {
				s.distance[b] = d + 1
				next = append(next, b)
			}
		}
		if d == 0 {
			for _, b := range layers[1] {
				reach(b)
			}
		}
		for _, b := range layer {
			for _, n := range behind[b] {
				reach(n)
			}
		}
		layer = next
	}
}

// enter keeps a state after so many steps, unless one is kept that covers it after as few.
func (s *shortestSearch) enter(key uint64, from *runState, pick int) {
	t := s.space.unpack(key)
	b, _ := s.baseOf(t)
	r := &runState{kept: kept{tuple: t}, key: key, from: from, pick: pick}
	if from != nil {
		r.steps = from.steps + 1
	}
	if s.distance != nil {
		ahead, ok := s.distance[b]
		if !ok {
			return
		}
		r.ahead = ahead
	}
	if s.kept[b] == nil {
		s.kept[b] = &antichain{}
	}
	if s.kept[b].covers(s.covering, &t, r.steps) {
		return
	}
	s.kept[b].add(s.covering, &r.kept)
	s.push(r)
	if seen := s.explorer.Seen(key).And(s.sought); !seen.Empty() {
		s.push(&runState{kept: kept{steps: r.steps}, key: key, from: from, pick: pick, seen: seen})
	}
}

func (s *shortestSearch) push(r *runState) {
	s.count++
	r.order = s.count
	heap.Push(&s.queue, r)
}

// expand takes the steps from a state.
func (s *shortestSearch) expand(r *runState) {
	for i, step := range slices.Clone(s.explorer.Steps(r.key)) {
		if step.Cut {
			if s.cut == 0 || r.steps+1 < s.cut {
				s.cut = r.steps + 1
			}
			continue
		}
		if seen := step.Seen.And(s.explorer.watched[step.Route]).And(s.sought); !seen.Empty() {
			s.push(&runState{kept: kept{steps: r.steps + 1}, key: step.To, from: r, pick: i, seen: seen})
		}
		s.enter(step.To, r, i)
	}
}

// path returns the run to a state.
func (s *shortestSearch) path(r *runState) (path explore.Path[Tuple, Pick]) {
	var picks []int
	for ; r.from != nil; r = r.from {
		picks = append(picks, r.pick)
	}
	slices.Reverse(picks)
	sys, at := s.space.Product.System(), s.space.unpack(r.key)
	path.States = append(path.States, at)
	for _, i := range picks {
		step := sys.Steps(nil, at)[i]
		at = step.To
		path.Actions, path.States = append(path.Actions, step.Action), append(path.States, at)
	}
	return path
}

// A runQueue has the states through which the shortest runs may lead first; of these, those
// that are nearer to the end.
type runQueue []*runState

func (q runQueue) Len() int { return len(q) }
func (q runQueue) Less(i, j int) bool {
	x, y := q[i], q[j]
	return cmp.Or(cmp.Compare(x.steps+x.ahead, y.steps+y.ahead), cmp.Compare(y.steps, x.steps), cmp.Compare(x.order, y.order)) < 0
}
func (q runQueue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *runQueue) Push(x any)   { *q = append(*q, x.(*runState)) }
func (q *runQueue) Pop() any {
	last := len(*q) - 1
	r := (*q)[last]
	*q = (*q)[:last]
	return r
}

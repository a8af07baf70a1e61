package explore

import (
	"context"
	"slices"
)

// An Interval is from where something begins to where something else comes about
// for the first time after that. It begins in each state that a watch of From
// sees, if it is initial or entered from one that none of them sees, and after
// each step that a watch of From sees. It ends in the first state that a watch of
// Until sees, which may be the one in which it begins, or after the first such
// step.
type Interval struct {
	From, Until []int
	Prices      []Price // how long steps take; others take no time
	// Free are watches of steps that nobody has to take: a run may rest in a state
	// that has no others.
	Free []int
}

// Lengths are how long an interval can be. Nothing is assumed of runs but that they
// go on where they have to, and time with them: none is left out for being unfair.
type Lengths[S comparable, A any] struct {
	Begins bool // some interval begins
	Ends   bool // some interval ends; Least is the length of a shortest one
	Least  int
	// Soonest is a run to the end of a shortest interval, which begins after
	// SoonestFrom of its steps.
	Soonest     Path[S, A]
	SoonestFrom int
	// Endless, if not nil, is a run with an interval that does not end.
	// Otherwise Greatest is the length of a longest one, and Latest such a run.
	Endless    *Lasso[S, A]
	Greatest   int
	Latest     Path[S, A]
	LatestFrom int
	// Incomplete is why all this may be otherwise: the least less, and the
	// greatest greater or none.
	Incomplete []string
}

// Lengths is how long an interval can be. If ctx is done it is nil, and the error is
// that of ctx.
func (r *Runs[S, A]) Lengths(ctx context.Context, i Interval) (*Lengths[S, A], error) {
	from, err := r.sight(i.From)
	if err != nil {
		return nil, err
	}
	until, err := r.sight(i.Until)
	if err != nil {
		return nil, err
	}
	free, err := r.sight(i.Free)
	if err != nil {
		return nil, err
	}
	fare, err := r.fare(i.Prices)
	if err != nil {
		return nil, err
	}
	out := &Lengths[S, A]{Incomplete: r.Incomplete}
	in := r.graph.entrances(from)
	if out.Begins = len(in.states) > 0; !out.Begins {
		return out, ctx.Err()
	}
	least := r.graph.leastCosts(ctx, fare, in.states)
	if least == nil {
		return nil, ctx.Err()
	}
	if best := r.graph.best(least, fare, until); best != unreached {
		out.Ends, out.Least = true, int(best)
		start, steps := r.graph.shortest(least, fare, best, until, in.states)
		out.Soonest, out.SoonestFrom = r.pathBy(in, start, steps)
	}
	ends, err := r.Check(ctx, i.ends(r.columns.steps))
	switch {
	case err != nil:
		return nil, err
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case ends.Verdict == Violated:
		out.Endless = ends.Lasso
		return out, nil
	}
	if start, steps, ok := r.graph.idle(until, free, in.states); ok {
		path, _ := r.pathBy(in, start, steps)
		out.Endless = &Lasso[S, A]{Path: path, Loop: len(path.Actions)}
		return out, ctx.Err()
	}
	if !out.Ends {
		return out, nil
	}
	longest := r.graph.longest(ctx, fare, until, in.states)
	if longest == nil {
		return nil, ctx.Err()
	}
	start := slices.MaxFunc(in.states, func(s, t uint32) int { return int(longest[s]) - int(longest[t]) })
	out.Greatest = int(longest[start])
	out.Latest, out.LatestFrom = r.pathBy(in, start, r.graph.latest(longest, fare, until, start))
	return out, nil
}

// ends is that all intervals do.
func (i Interval) ends(steps Bits) (l Liveness) {
	any := func(watches []int, ofSteps bool) Formula {
		var list []Formula
		for _, w := range watches {
			switch {
			case ofSteps && steps.Has(w):
				list = append(list, Taking(w))
			case !ofSteps && !steps.Has(w):
				list = append(list, State(w))
			}
		}
		return Or(list...)
	}
	stops := Eventually(Or(any(i.Until, false), any(i.Until, true)))
	inside := any(i.From, false)
	l.Formula = And(
		Implies(inside, stops),
		Always(Implies(Not(inside), Next(Implies(inside, stops)))),
		Always(Implies(any(i.From, true), Next(stops))))
	for _, p := range i.Prices {
		if p.Cost > 0 {
			l.Ticks = append(l.Ticks, p.Step)
		}
	}
	return l
}

// entrances is the states where intervals begin, in order, and how they are come
// to.
type entrances struct {
	states []uint32
	by     map[uint32]uint64 // the first step that begins an interval there; none if it is initial
}

func (g *stepGraph) entrances(from letter) entrances {
	e := entrances{by: map[uint32]uint64{}}
	met := make([]bool, g.states())
	for _, s := range g.roots() {
		met[s] = g.at(s)&from != 0
	}
	for s := range g.states() {
		outside := g.at(uint32(s))&from == 0
		first, end := g.steps(uint32(s))
		for step := first; step < end; step++ {
			to := g.to[step]
			if !met[to] && (letter(g.on[step])&from != 0 || outside && g.at(to)&from != 0) {
				met[to] = true
				e.by[to] = step
			}
		}
	}
	for s, ok := range met {
		if ok {
			e.states = append(e.states, uint32(s))
		}
	}
	return e
}

// pathBy is the run by which s is come to as an entrance and goes on by steps,
// and how many steps it takes to s.
func (r *Runs[S, A]) pathBy(in entrances, s uint32, steps []uint64) (path Path[S, A], before int) {
	start := s
	if by, ok := in.by[s]; ok {
		var way []uint64
		start, way = r.graph.way(r.graph.source(by))
		before = len(way) + 1
		steps = slices.Concat(way, []uint64{by}, steps)
	}
	return r.path(start, steps), before
}

// none is the length of no interval at all.
const none = -1

// longest is, for each state that is come to from starts, how long it can take at
// most from there to what until sees, or none if that is never seen. There must be
// no cycle on which time passes before. It is nil if ctx is done.
//
// A state's component is found after those to which it leads, and within a
// component no time passes, so all its states take equally long.
func (g *stepGraph) longest(ctx context.Context, f fare, until letter, starts []uint32) []int32 {
	longest := slices.Repeat([]int32{none}, g.states())
	before := move{without: until}
	c := newComponents(&pairing{g, [][]move{{before}}, 1})
	ok := c.search(ctx, everything, starts, func(nodes []uint32, _ uint32) {
		most := int32(none)
		for _, v := range nodes {
			if g.at(v)&until != 0 {
				most = max(most, 0)
				continue
			}
			first, end := g.steps(v)
			for step := first; step < end; step++ {
				most = max(most, g.wait(longest, f, until, step))
			}
		}
		for _, v := range nodes {
			longest[v] = most
		}
	})
	if !ok || ctx.Err() != nil {
		return nil
	}
	return longest
}

// wait is how long it takes at most to what until sees, beginning with a step.
func (g *stepGraph) wait(longest []int32, f fare, until letter, step uint64) int32 {
	cost := int32(f.of(g.on[step]))
	switch after := longest[g.to[step]]; {
	case letter(g.on[step])&until != 0:
		return cost
	case after != none:
		return cost + after
	}
	return none
}

// idle is the shortest way from one of starts, before what until sees, to a state
// with no steps but those that free sees.
func (g *stepGraph) idle(until, free letter, starts []uint32) (start uint32, steps []uint64, ok bool) {
	if free == 0 {
		return 0, nil, false
	}
	by := map[uint32]uint64{} // the step by which a state was met; none of starts
	met := map[uint32]bool{}
	queue := slices.Clone(starts)
	for _, s := range starts {
		met[s] = true
	}
	for i := 0; i < len(queue); i++ {
		s := queue[i]
		if g.at(s)&until != 0 {
			continue
		}
		first, end := g.steps(s)
		rests := g.in[s]&open == 0
		for step := first; step < end; step++ {
			rests = rests && letter(g.on[step])&free != 0
			if to := g.to[step]; !met[to] && letter(g.on[step])&until == 0 {
				met[to] = true
				by[to] = step
				queue = append(queue, to)
			}
		}
		if !rests {
			continue
		}
		for step, ok := by[s]; ok; step, ok = by[s] {
			steps = append(steps, step)
			s = g.source(step)
		}
		slices.Reverse(steps)
		return s, steps, true
	}
	return 0, nil, false
}

// latest is the steps of the shortest way from start that takes longest.
func (g *stepGraph) latest(longest []int32, f fare, until letter, start uint32) (steps []uint64) {
	type visit struct {
		state uint32
		from  int // the visit before
		by    uint64
	}
	back := func(visits []visit, i int, last ...uint64) []uint64 {
		for ; i > 0; i = visits[i].from {
			last = append(last, visits[i].by)
		}
		slices.Reverse(last)
		return last
	}
	visits := []visit{{state: start}}
	seen := map[uint32]bool{start: true}
	for i := 0; i < len(visits); i++ {
		s := visits[i].state
		if g.at(s)&until != 0 {
			return back(visits, i)
		}
		first, end := g.steps(s)
		for step := first; step < end; step++ {
			switch to := g.to[step]; {
			case g.wait(longest, f, until, step) != longest[s]:
			case letter(g.on[step])&until != 0:
				return back(visits, i, step)
			case !seen[to]:
				seen[to] = true
				visits = append(visits, visit{to, i, step})
			}
		}
	}
	panic("explore: a longest way was found and is not there")
}

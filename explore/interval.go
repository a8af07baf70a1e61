package explore

import (
	"context"
	"slices"

	"tcpclose/explore/internal/search"
	"tcpclose/explore/internal/stategraph"
	"tcpclose/explore/ltl"
)

// An Interval lasts from where something begins until something else first happens. It begins in each state that a watch of From
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

// Lengths returns how long an interval can be. If ctx is done it returns the error of ctx.
func (r *Runs[S, A]) Lengths(ctx context.Context, i Interval) (*Lengths[S, A], error) {
	from, err := r.letter(i.From)
	if err != nil {
		return nil, err
	}
	until, err := r.letter(i.Until)
	if err != nil {
		return nil, err
	}
	free, err := r.letter(i.Free)
	if err != nil {
		return nil, err
	}
	costs, err := r.stepCosts(i.Prices)
	if err != nil {
		return nil, err
	}
	if err := r.complete(ctx); err != nil {
		return nil, err
	}
	out := &Lengths[S, A]{Incomplete: r.Incomplete}
	in := r.graph.IntervalStarts(from)
	if out.Begins = len(in.States) > 0; !out.Begins {
		return out, ctx.Err()
	}
	least := r.graph.LeastCosts(ctx, costs, in.States)
	if least == nil {
		return nil, ctx.Err()
	}
	if best := r.graph.Best(least, costs, until); best != stategraph.Unreached {
		out.Ends, out.Least = true, int(best)
		start, steps := r.graph.Shortest(least, costs, best, until, in.States)
		if out.Soonest, out.SoonestFrom, err = r.pathBy(in, start, steps); err != nil {
			return nil, err
		}
	}
	ends, err := r.Check(ctx, i.ends(r.columns.Steps))
	switch {
	case err != nil:
		return nil, err
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case ends.Verdict == Violated:
		out.Endless = ends.Lasso
		return out, nil
	}
	if start, steps, ok := r.graph.Idle(until, free, in.States); ok {
		path, _, err := r.pathBy(in, start, steps)
		if err != nil {
			return nil, err
		}
		out.Endless = &Lasso[S, A]{Path: path, Loop: len(path.Actions)}
		return out, ctx.Err()
	}
	if !out.Ends {
		return out, nil
	}
	longest := r.graph.Longest(ctx, costs, until, in.States)
	if longest == nil {
		return nil, ctx.Err()
	}
	start := slices.MaxFunc(in.States, func(s, t uint32) int { return int(longest[s]) - int(longest[t]) })
	out.Greatest = int(longest[start])
	out.Latest, out.LatestFrom, err = r.pathBy(in, start, r.graph.Latest(longest, costs, until, start))
	return out, err
}

// ends returns the property that all intervals end.
func (i Interval) ends(steps search.Watches) (l Liveness) {
	any := func(watches []int, ofSteps bool) ltl.Formula {
		var list []ltl.Formula
		for _, w := range watches {
			switch {
			case ofSteps && steps.Has(w):
				list = append(list, ltl.Taking(w))
			case !ofSteps && !steps.Has(w):
				list = append(list, ltl.State(w))
			}
		}
		return ltl.Or(list...)
	}
	stops := ltl.Eventually(ltl.Or(any(i.Until, false), any(i.Until, true)))
	inside := any(i.From, false)
	l.Formula = ltl.And(
		ltl.Implies(inside, stops),
		ltl.Always(ltl.Implies(ltl.Not(inside), ltl.Next(ltl.Implies(inside, stops)))),
		ltl.Always(ltl.Implies(any(i.From, true), ltl.Next(stops))))
	for _, p := range i.Prices {
		if p.Cost > 0 {
			l.Ticks = append(l.Ticks, p.Step)
		}
	}
	return l
}

// pathBy returns the run that starts an interval in s and goes on by steps, and how many
// steps it takes to s.
func (r *Runs[S, A]) pathBy(in stategraph.IntervalStarts, s uint32, steps []uint64) (path Path[S, A], before int, err error) {
	start := s
	if by, ok := in.By[s]; ok {
		var way []uint64
		start, way = r.graph.PathTo(r.graph.Source(by))
		before = len(way) + 1
		steps = slices.Concat(way, []uint64{by}, steps)
	}
	path, err = r.path(start, steps)
	return path, before, err
}

package survey

import (
	"context"
	"slices"
	"time"

	"tcpclose/ask"
	"tcpclose/explore"
	"tcpclose/explore/product"
	"tcpclose/internal/join"
	"tcpclose/internal/lang"
	"tcpclose/invariants"
	"tcpclose/model"
	"tcpclose/trace"
)

// A KindRun is a shortest run of a kind.
type KindRun struct {
	join.RunKind
	Trace *trace.Trace
}

// A KindReport is what FindKinds finds.
type KindReport struct {
	Config   model.Config
	Question *ask.Question
	Result   explore.Result
	Time     time.Duration
	Runs     []KindRun // the shortest first
	// More: others were found, too. There are none if it is false and Result is
	// complete.
	More bool
}

// Common returns the clauses that all runs follow.
func (r *KindReport) Common() (s model.Clauses) {
	for i := range r.Runs {
		if k := r.Runs[i].Clauses(); i == 0 {
			s = k
		} else {
			s = s.Intersect(k)
		}
	}
	return s
}

// FindKinds finds runs to where the question is true, of n different kinds: of each
// kind a shortest one, and of all kinds those that are met after the fewest events,
// with the fewest faults and clauses. Every run of the system is of some kind, so
// if there are fewer than n, there are no more; but what runs have met is part of
// their states, of which there are many more than in a check.
func FindKinds(ctx context.Context, c model.Config, q *ask.Question, n int, o product.Options) (*KindReport, error) {
	y, err := model.NewSystem(c)
	if err != nil {
		return nil, err
	}
	if n < 1 {
		return nil, lang.Errorf("%d kinds of run: want at least 1", n)
	}
	if err := q.Seek().Validate(c); err != nil {
		return nil, err
	}
	goals := q.Cases(true)
	if goals == nil {
		return nil, lang.Errorf("expression %q: compares parts of the system with each other: of that, kinds of run are not told apart", q.Text)
	}
	start := time.Now()
	report := &KindReport{Config: c, Question: q}
	first := join.New(y, goals)
	search := o
	search.Enough = func(found func(int) bool) bool { return slices.ContainsFunc(join.NamedWatches(goals), found) }
	e, err := product.Explore(ctx, &first.Product, search)
	if err != nil {
		return nil, err
	}
	report.Result = e.Result
	depth, found := fewest(e, goals)
	// Deeper and deeper, until there are enough: what has no end may have a beginning.
	for further := 1; found; further *= 2 {
		search := o
		bounded := o.Limits.Depth == 0 || depth < o.Limits.Depth
		if bounded {
			search.Limits.Depth = depth
		}
		p := join.NewRecorded(y, goals)
		if e, err = product.Explore(ctx, &p.Product, search); err != nil {
			return nil, err
		}
		kinds := p.Kinds(e, goals)
		report.Result = e.Result
		has := func(reason string) bool { return slices.Contains(e.Incomplete, reason) }
		if bounded && len(kinds) < n && has(explore.BoundDepth) && !has(explore.BoundStates) && ctx.Err() == nil {
			depth += further
			continue
		}
		if report.More = len(kinds) > n; report.More {
			kinds = kinds[:n]
		}
		if report.Runs, err = shortestOf(ctx, y, q, kinds, search); err != nil {
			return nil, err
		}
		break
	}
	report.Time = time.Since(start)
	return report, nil
}

// fewest returns after how many steps something is found.
func fewest(e *product.Explored, goals []invariants.Pattern) (least int, ok bool) {
	for _, w := range join.NamedWatches(goals) {
		if n, seen := e.Found(w); seen && (!ok || n < least) {
			least, ok = n, true
		}
	}
	return least, ok
}

// shortestOf returns a shortest run of each kind.
func shortestOf(ctx context.Context, y *model.System, q *ask.Question, kinds []join.RunKind, o product.Options) (runs []KindRun, err error) {
	goals := q.Cases(true)
	for len(kinds) > 0 {
		n := max(1, min(len(kinds), explore.MaxWatches/2/len(goals)))
		var all []invariants.Pattern
		for i := range kinds[:n] {
			for _, g := range goals {
				g.Parts = join.PartsOfKind{Parts: g.Parts, Kind: &kinds[i]}
				all = append(all, g)
			}
		}
		p := join.NewRecorded(y, all)
		o.Enough = nil
		e, err := product.Explore(ctx, &p.Product, o)
		if err != nil {
			return nil, err
		}
		lights := e.Lightest(join.NamedWatches(all), p.Weigh)
		for i, k := range kinds[:n] {
			var watches []int
			best := 0
			for w := 2 * i * len(goals); w < 2*(i+1)*len(goals); w += 2 {
				switch n, ok := e.Found(w); {
				case !ok || len(watches) > 0 && n > best:
				case len(watches) > 0 && n == best:
					watches = append(watches, w)
				default:
					watches, best = []int{w}, n
				}
			}
			path, ok := join.Lightest(lights, watches)
			if !ok {
				return runs, nil // stopped before it was found again
			}
			trace, err := p.Trace(path)
			if err != nil {
				return nil, err
			}
			runs = append(runs, KindRun{k, trace})
		}
		kinds = kinds[n:]
	}
	return runs, nil
}

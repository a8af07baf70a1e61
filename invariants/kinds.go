package invariants

import (
	"cmp"
	"context"
	"fmt"
	"math/bits"
	"slices"
	"strings"
	"time"

	"tcpclose/explore"
	"tcpclose/model"
)

// NetFaults is a set of kinds of faults.
type NetFaults uint8

// faultsOf is the faults for which a toll is due.
func faultsOf(t model.Toll) (s NetFaults) {
	for f, n := range [numNetFaults]uint8{t.Lost, t.Duplicated, t.Overtaken} {
		if n > 0 {
			s |= 1 << f
		}
	}
	return s
}

func (s NetFaults) String() string {
	var names []string
	for f := range numNetFaults {
		if s>>f&1 != 0 {
			names = append(names, f.String())
		}
	}
	if len(names) == 0 {
		return "no fault"
	}
	return strings.Join(names, ", ")
}

// A RunKind is what runs have in common that differ by the order of events, or by
// how often something happens: which faults there were, and which clauses each side
// has followed.
type RunKind struct {
	Faults NetFaults
	ends   [2]model.Clauses
}

// Clauses is those that some side has followed.
func (k *RunKind) Clauses() model.Clauses { return k.ends[model.A].Union(k.ends[model.B]) }

// A KindRun is a shortest run of a kind.
type KindRun struct {
	RunKind
	Trace *Trace
}

// A KindReport is what FindKinds finds.
type KindReport struct {
	Config   model.Config
	Question *Question
	Result   explore.Result
	Time     time.Duration
	Runs     []KindRun // the shortest first
	// More: others were found, too. There are none if it is false and Result is
	// complete.
	More bool
}

// Common is the clauses that all runs follow.
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
func FindKinds(ctx context.Context, c model.Config, q *Question, n int, o explore.Options) (*KindReport, error) {
	y, err := model.NewSystem(c)
	if err != nil {
		return nil, err
	}
	if n < 1 {
		return nil, fmt.Errorf("%d kinds of run: want at least 1", n)
	}
	goals := q.parts[1]
	if goals == nil {
		return nil, fmt.Errorf("expression %q: compares parts of the system with each other: of that, kinds of run are not told apart", q.Text)
	}
	start := time.Now()
	report := &KindReport{Config: c, Question: q}
	first := newProduct(y, goals)
	first.needs |= q.needs
	search := o
	search.Enough = func(found func(int) bool) bool { return slices.ContainsFunc(watchesOf(goals), found) }
	e, err := explore.ExploreProduct(ctx, &first.Product, search)
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
		p := newRecorded(y, goals)
		p.needs |= q.needs
		if e, err = explore.ExploreProduct(ctx, &p.Product, search); err != nil {
			return nil, err
		}
		kinds := p.kinds(e, goals)
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

// watchesOf is the watches of questions' patterns.
func watchesOf(patterns []Pattern) (list []int) {
	for i := range patterns {
		list = append(list, 2*i)
	}
	return list
}

// fewest is after how many steps something is found.
func fewest(e *explore.ExploredProduct, goals []Pattern) (least int, ok bool) {
	for _, w := range watchesOf(goals) {
		if n, seen := e.Found(w); seen && (!ok || n < least) {
			least, ok = n, true
		}
	}
	return least, ok
}

// kinds is the kinds of runs to a goal, those of the shortest runs first.
func (p *product) kinds(e *explore.ExploredProduct, goals []Pattern) (list []RunKind) {
	after := map[RunKind]int{}
	for _, w := range watchesOf(goals) {
		e.Sightings(w, func(steps int, t explore.Tuple) bool {
			k := RunKind{Faults: p.budgets.Value(uint32(t[partBudget])).Met}
			for _, side := range model.Sides {
				k.ends[side] = p.ends.Value(uint32(t[endOf(side)])).Followed
			}
			if n, ok := after[k]; !ok || steps < n {
				after[k] = steps
			}
			return false
		})
	}
	for k := range after {
		list = append(list, k)
	}
	slices.SortFunc(list, func(j, k RunKind) int {
		size := func(s model.Clauses) int { return len(s.List()) }
		return cmp.Or(
			cmp.Compare(after[j], after[k]),
			cmp.Compare(bits.OnesCount8(uint8(j.Faults)), bits.OnesCount8(uint8(k.Faults))),
			cmp.Compare(size(j.Clauses()), size(k.Clauses())),
			cmp.Compare(j.Faults, k.Faults),
			slices.Compare(j.ends[model.A][:], k.ends[model.A][:]),
			slices.Compare(j.ends[model.B][:], k.ends[model.B][:]))
	})
	return list
}

// shortestOf is a shortest run of each kind.
func shortestOf(ctx context.Context, y *model.System, q *Question, kinds []RunKind, o explore.Options) (runs []KindRun, err error) {
	goals := q.parts[1]
	for len(kinds) > 0 {
		n := max(1, min(len(kinds), explore.MaxWatches/2/len(goals)))
		var all []Pattern
		for i := range kinds[:n] {
			for _, g := range goals {
				asked := *g.asked
				asked.of = &kinds[i]
				g.asked = &asked
				all = append(all, g)
			}
		}
		p := newRecorded(y, all)
		p.needs |= q.needs
		o.Enough = nil
		e, err := explore.ExploreProduct(ctx, &p.Product, o)
		if err != nil {
			return nil, err
		}
		lights := e.Lightest(watchesOf(all), p.weigh)
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
			path, ok := least(lights, watches)
			if !ok {
				return runs, nil // stopped before it was found again
			}
			trace, err := p.trace(path)
			if err != nil {
				return nil, err
			}
			runs = append(runs, KindRun{k, trace})
		}
		kinds = kinds[n:]
	}
	return runs, nil
}

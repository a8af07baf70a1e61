package invariants

import (
	"cmp"
	"math/bits"
	"slices"

	"tcpclose/explore"
	"tcpclose/model"
)

// A RunKind is what runs have in common that differ by the order of events, or by
// how often something happens: which faults there were, and which clauses each side
// has followed.
type RunKind struct {
	Faults NetFaults
	ends   [2]model.Clauses
}

// Clauses is those that some side has followed.
func (k *RunKind) Clauses() model.Clauses { return k.ends[model.A].Union(k.ends[model.B]) }

// partsOfKind is a pattern of runs of a kind.
type partsOfKind struct {
	Parts
	kind *RunKind
}

func (p partsOfKind) End(side model.Side, s *Step, moved bool) bool {
	return p.kind.ends[side] == s.After.Followed && p.Parts.End(side, s, moved)
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

// watchesOf is the watches of questions' patterns.
func watchesOf(patterns []Pattern) (list []int) {
	for i := range patterns {
		list = append(list, 2*i)
	}
	return list
}

package join

import (
	"cmp"
	"math/bits"
	"slices"

	"tcpclose/explore/product"
	"tcpclose/invariants"
	"tcpclose/model"
	"tcpclose/trace"
)

// A RunKind is what runs have in common that differ by the order of events, or by
// how often something happens: which faults there were, and which clauses each side
// has followed.
type RunKind struct {
	Faults trace.NetFaults
	Ends   [2]model.Clauses
}

// Clauses returns those that some side has followed.
func (k *RunKind) Clauses() model.Clauses { return k.Ends[model.A].Union(k.Ends[model.B]) }

// partsOfKind is a pattern of runs of a kind.
type PartsOfKind struct {
	invariants.Parts
	Kind *RunKind
}

func (p PartsOfKind) End(side model.Side, s *invariants.Step, moved bool) bool {
	return p.Kind.Ends[side] == s.After.Followed() && p.Parts.End(side, s, moved)
}

// kinds is the kinds of runs to a goal, those of the shortest runs first.
func (p *Product) Kinds(e *product.Explored, goals []invariants.Pattern) (list []RunKind) {
	after := map[RunKind]int{}
	for _, w := range NamedWatches(goals) {
		e.Sightings(w, func(steps int, t product.Tuple) bool {
			k := RunKind{Faults: p.Budgets.Value(uint32(t[PartBudget])).Met}
			for _, side := range model.Sides {
				k.Ends[side] = p.Ends.Value(uint32(t[EndOf(side)])).Record.Memory(nil).Followed()
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
			slices.Compare(j.Ends[model.A][:], k.Ends[model.A][:]),
			slices.Compare(j.Ends[model.B][:], k.Ends[model.B][:]))
	})
	return list
}

// watchesOf is the watches of questions' patterns.
func NamedWatches(patterns []invariants.Pattern) (list []int) {
	for i := range patterns {
		list = append(list, 2*i)
	}
	return list
}

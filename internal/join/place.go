package join

import (
	"slices"

	"tcpclose/invariants"
)

// place puts patterns into the list of all, and tells where each stands. Those of one
// name stand once.
func Place(all, list []invariants.Pattern) (_ []invariants.Pattern, at []int) {
	for _, pat := range list {
		i := len(all)
		if pat.Name != "" {
			if j := slices.IndexFunc(all, func(q invariants.Pattern) bool { return q.Name == pat.Name }); j >= 0 {
				i = j
			}
		}
		if i == len(all) {
			all = append(all, pat)
		}
		at = append(at, i)
	}
	return all, at
}

package join

import (
	"slices"

	"tcpclose/invariants"
)

// Place puts patterns into the list of all, and tells where each stands. Those that
// are the same stand once.
func Place(all, list []invariants.Pattern) (_ []invariants.Pattern, at []int) {
	for _, pat := range list {
		i := len(all)
		if j := slices.IndexFunc(all, func(q invariants.Pattern) bool { return q.Same(&pat) }); j >= 0 {
			i = j
		}
		if i == len(all) {
			all = append(all, pat)
		}
		at = append(at, i)
	}
	return all, at
}

package invariants

import (
	"slices"

	"tcpclose/model"
)

// Synchronized, PeersOf and Apart are for tests outside.
var Synchronized, PeersOf = synchronized, peersOf

// Apart reports whether no side is to be in that state while its peer is in the other.
func Apart(st, peer model.ConnState) bool {
	for _, g := range apart {
		if slices.Contains(g.some, st) && slices.Contains(g.others, peer) || slices.Contains(g.some, peer) && slices.Contains(g.others, st) {
			return true
		}
	}
	return false
}

// TeethWords returns the configurations of teeth.
func TeethWords() map[string]string {
	words := map[string]string{}
	for name, tooth := range teeth {
		if tooth.words != "" {
			words[name] = tooth.words
		}
	}
	return words
}

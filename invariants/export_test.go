package invariants

// Synchronized and PeersOf are for tests outside.
var Synchronized, PeersOf = synchronized, peersOf

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

package invariants_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tcpclose/check"
	"tcpclose/internal/naive"
	"tcpclose/invariants"
)

// A property of which a configuration shows that it can fail fails there. Properties that
// fail in the same configuration are checked in one search.
func TestTeeth_Check(t *testing.T) {
	together := map[string][]*invariants.Property{}
	for name, words := range invariants.TeethWords() {
		p, err := invariants.Find(name)
		require.NoError(t, err)
		together[words] = append(together[words], p)
	}
	for words, properties := range together {
		t.Run(words, func(t *testing.T) {
			r, err := check.Check(t.Context(), naive.Parse(t, words), properties, check.Options{UntilFound: true, NoTraces: true})
			require.NoError(t, err)
			for i := range r.Findings {
				require.Equal(t, check.Violated, r.Findings[i].Verdict, properties[i].Name)
			}
		})
	}
}

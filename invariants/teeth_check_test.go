package invariants_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tcpclose/check"
	"tcpclose/internal/naive"
	"tcpclose/invariants"
)

// A property of which a configuration shows that it can fail fails there.
func TestTeeth_Check(t *testing.T) {
	for name, words := range invariants.TeethWords() {
		t.Run(name, func(t *testing.T) {
			p, err := invariants.Find(name)
			require.NoError(t, err)
			r, err := check.Check(t.Context(), naive.Parse(t, words), []*invariants.Property{p}, check.Options{UntilFound: true})
			require.NoError(t, err)
			require.Equal(t, check.Violated, r.Findings[0].Verdict)
		})
	}
}

package invariants

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// A property of which a configuration shows that it can fail fails there.
func TestTeeth_Check(t *testing.T) {
	for name, words := range TeethWords() {
		t.Run(name, func(t *testing.T) {
			p, err := Find(name)
			require.NoError(t, err)
			r, err := Check(t.Context(), parse(t, words), []*Property{p}, Options{UntilFound: true})
			require.NoError(t, err)
			require.Equal(t, Violated, r.Findings[0].Verdict)
		})
	}
}

package model

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// Every clause belongs to a rule, and every rule has a clause or says why not.
func TestRules(t *testing.T) {
	ids := map[string]bool{}
	covered := map[Clause]bool{}
	for _, r := range Rules {
		assert.False(t, ids[r.ID], "%s stands twice", r.ID)
		ids[r.ID] = true
		assert.NotEmpty(t, r.Source, r.ID)
		assert.NotEmpty(t, r.Sentence, r.ID)
		assert.False(t, len(r.Clauses) == 0 && r.Note == "", "%s: neither a clause nor a note", r.ID)
		for _, c := range r.Clauses {
			covered[c] = true
		}
	}
	for c := range NumClauses {
		assert.True(t, covered[c], "clause %s belongs to no rule", c)
	}
}

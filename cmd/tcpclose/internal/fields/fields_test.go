package fields

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"tcpclose/cmd/tcpclose/internal/cli"
	"tcpclose/model"
)

// Every field has one subject, a default that it takes, and what there is to say.
func TestAll(t *testing.T) {
	groups := map[cli.Group]bool{}
	for _, g := range cli.Groups {
		groups[g.Group] = true
	}
	assert.Len(t, All(), len(model.Fields))
	for _, f := range All() {
		assert.True(t, groups[f.Group], "%s: group %q", f.Name, f.Group)
		assert.NotEmpty(t, f.Meaning, f.Name)
		assert.NotEmpty(t, f.Values, f.Name)
		probe := model.Default()
		assert.NoError(t, f.Set(&probe, f.Default))
		if plain := f.Plain(); plain != "" {
			both, ok := Find(plain)
			assert.True(t, ok, f.Name)
			assert.Equal(t, model.OfBoth, both.Scope, f.Name)
			assert.Equal(t, both.Group, f.Group, f.Name)
		}
		for _, word := range f.Words {
			assert.NoError(t, f.Set(&probe, word), f.Name)
		}
	}
}

package values

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/model"
)

// Each name can be set, and is one of few.
func TestNamed(t *testing.T) {
	of := map[string][]string{}
	for _, f := range model.Fields {
		of[f.Name] = Named(f)
		for _, name := range of[f.Name] {
			c := model.Default()
			require.NoError(t, f.Set(&c, name), f.Name)
		}
	}
	assert.Equal(t, []string{"steps", "leaps", "strides"}, of["clock"])
	assert.Contains(t, of["box"], "conntrack")
	assert.Contains(t, of["fault"], model.NoTimeWait.String())
	assert.Empty(t, of["msl"])
}

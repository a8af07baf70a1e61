package survey

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/explore"
	"tcpclose/explore/product"
	"tcpclose/internal/naive"
)

// Whatever is written, it is an interval that can be timed, or an error in a line.
func FuzzParseInterval(f *testing.F) {
	for _, text := range []string{
		"a: TIME-WAIT -> CLOSED", "b:FIN-WAIT-1->TIME-WAIT", "a.sends.fin -> b.state == CLOSED",
		"a.rtx > 0 || b.rtx > 0 -> a.told.timeout", "a.state != b.state -> a.state == b.state",
		"", "->", "a: -> CLOSED", "a: TIME-WAIT", "c: TIME-WAIT -> CLOSED", "a: a: TIME-WAIT -> CLOSED", "a:\n-> b", "x -> y -> z", "a: 1 -> 'x'",
	} {
		f.Add(text)
	}
	c := naive.Parse(f, naive.Tiny)
	f.Fuzz(func(t *testing.T, text string) {
		i, err := ParseInterval(text)
		if err != nil {
			assert.NotContains(t, err.Error(), "\n")
			return
		}
		assert.Equal(t, strings.TrimSpace(text), i.Text)
		again, err := ParseInterval(i.Text)
		require.NoError(t, err)
		assert.Equal(t, i.Text, again.Text)
		timing, err := Time(t.Context(), c, i, product.Options{Limits: explore.Limits{Depth: 3}})
		require.NoError(t, err)
		assert.False(t, timing.Ends && timing.Least < 0)
	})
}

package model

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Whatever is written, it is a span that is written so, or an error in a line.
func FuzzParseSpan(f *testing.F) {
	for _, text := range []string{"2msl", "5", "1msl+2", "0msl", "0", "+2", "1msl+", "256msl", "65535", "msl", " 2msl", "2msl+-1", "1e3", "0x10"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := ParseSpan(text)
		if err != nil {
			assert.Equal(t, Span{}, s)
			assert.NotContains(t, err.Error(), "\n")
			assert.Contains(t, err.Error(), "want ")
			return
		}
		again, err := ParseSpan(s.String())
		require.NoError(t, err)
		assert.Equal(t, s, again)
		assert.GreaterOrEqual(t, s.In(2), s.In(1))
	})
}

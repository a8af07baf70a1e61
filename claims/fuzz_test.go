package claims

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// Whatever a change is, it makes a valid configuration or an error.
func FuzzConfiguration(f *testing.F) {
	f.Add("fault=no-time-wait r2=4")
	f.Add("preset=notes time-wait=2msl")
	f.Add("preset=")
	f.Add("stray=<SEQ=100><CTL=FIN>")
	f.Add("=")
	f.Fuzz(func(t *testing.T, change string) {
		c, err := Statement{Config: calm}.Configuration(change)
		if err == nil {
			assert.NoError(t, c.Validate())
		}
	})
}

// Whatever is looked for, what is found is found by its identifier, too.
func FuzzFind(f *testing.F) {
	f.Add("TIME_WAIT")
	f.Add("L3")
	f.Add("若丢失")
	f.Add("| - |")
	f.Fuzz(func(t *testing.T, text string) {
		for _, c := range Find(text) {
			assert.Contains(t, Find(c.ID), c)
		}
	})
}

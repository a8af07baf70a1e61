package product

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"
)

// TestRelay reads what was written.
func TestRelay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := relay{moved: rapid.Uint16().Draw(t, "moved"), waits: rapid.Bool().Draw(t, "waits")}
		for i := range rapid.IntRange(0, maxHops).Draw(t, "hops") {
			r.hops = append(r.hops, pendingHop{
				part: rapid.IntRange(0, MaxParts-1).Draw(t, "part"),
				in:   Message(rapid.Uint32().Draw(t, "in")),
				from: rapid.IntRange(0, i).Draw(t, "from"),
				port: Port(rapid.IntRange(0, 1).Draw(t, "port")),
			})
		}
		assert.Equal(t, r, decodeRelay(r.encode()))
	})
}

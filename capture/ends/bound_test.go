package ends

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/internal/tier"
)

// Nothing is said of ends that were not followed to the end: neither where they are, nor
// that a frame is wrong.
func TestExplain_Bound(t *testing.T) {
	tier.SkipToCI(t)
	c := readFile(t, "../../docs/captures/reset.pcap")[0]
	o := NewObserver()
	require.False(t, o.Explain(c, Unknown).Unknown)
	most := o.m.work
	require.NotZero(t, most)
	unknown := 0
	for bound := 0; bound <= most; bound += max(1, most/6) {
		o := NewObserver()
		o.m.most = bound
		if x := o.Explain(c, Unknown); x.Unknown {
			unknown++
			assert.Nil(t, x.Wrong)
			assert.Empty(t, x.Doubts)
			assert.Empty(t, x.Ends[0].States)
			assert.False(t, x.Conforms())
		}
	}
	assert.Greater(t, unknown, 2)
}

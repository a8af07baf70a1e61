package check

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/internal/naive"
	"tcpclose/internal/tier"
)

// boxed is a configuration with a box that can be explored at several capacities.
const boxed = "a-octets=0 b-octets=0 msl=1 rto=2 r2=off "

// With a box, verdicts without a capacity are those of growing capacities on each side of
// it.
func TestUnlimited_Box(t *testing.T) {
	for _, words := range []string{
		"box=conntrack box-tick=60s", "box=idle-rst box-tick=2m", "box=cilium box-tick=10s box-counted=2 clock=leaps",
		"box=pf box-tick=1m box-counted=2", "box=rfc6146 box-tick=2m box-counted=2 box-restarts=1", "box=ovs box-tick=1m box-sees=b box-counted=1 start=closed",
	} {
		t.Run(words, func(t *testing.T) {
			if !strings.Contains(words, "idle") {
				tier.Skip(t)
			}
			assertAgrees(t, naive.Parse(t, boxed+words), everyProperty(), 1, 2, 3)
		})
	}
}

func TestAsymmetry_Box(t *testing.T) {
	c := naive.Parse(t, boxed+"box=pf a-opens=actively b-opens=actively")
	assert.Equal(t, "box=pf: it knows which end is the client: want none", Asymmetry(c, nil))
}

func TestFiner_Box(t *testing.T) {
	c, err := Finer(naive.Parse(t, boxed+"box=pf box-tick=30s box-counted=20"), 3)
	require.NoError(t, err)
	assert.Contains(t, c.String(), "box=pf box-tick=10s box-counted=60")
	_, err = Finer(naive.Parse(t, boxed+"box=pf box-tick=1ms"), 3)
	assert.ErrorContains(t, err, "box-tick: 1ms, box-counted: 100: want a tick of 3 milliseconds or a multiple")
}

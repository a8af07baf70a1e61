package join

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"tcpclose/box"
	"tcpclose/explore"
	"tcpclose/internal/naive"
	"tcpclose/internal/tier"
	"tcpclose/model"
)

// boxed is small configurations with a box, of each that is built in.
var boxed = []string{
	naive.Tiny + "box=conntrack box-tick=60s capacity=1",
	naive.Tiny + "box=conntrack box-tick=60s capacity=1 box-evictions=1",
	naive.Tiny + "box=conntrack,drop_invalid=0 box-tick=2m box-restarts=1 loss=1 duplicate=off capacity=2",
	naive.Tiny + "box=pf box-tick=5m box-counted=3 capacity=1 clock=leaps",
	naive.Tiny + "box=ovs box-tick=1m box-counted=3 capacity=1 start=closed loss=1",
	naive.Tiny + "box=cilium box-tick=10s box-counted=3 capacity=1 box-sees=a",
	naive.Tiny + "box=rfc6146 box-tick=2m box-counted=3 capacity=1 box-restarts=unlimited",
	naive.Tiny + "box=rfc5382 box-tick=2m box-counted=3 capacity=2 reorder=1 duplicate=1 loss=1",
	naive.Tiny + "box=idle box-tick=2m capacity=1",
	naive.Tiny + "box=idle-rst box-tick=2m capacity=2 duplicate=off loss=unlimited",
}

// The product with a box has exactly the states of the model.
func TestProduct_Box(t *testing.T) {
	for _, words := range boxed {
		t.Run(words, func(t *testing.T) {
			want := assertProduct(t, naive.Parse(t, words), naive.ShortLimit())
			assert.Greater(t, want.Result.Distinct, 50)
		})
	}
}

func TestProduct_BoxRapid(t *testing.T) {
	tier.SkipToCI(t)
	tier.Draws(t, 30)
	met := map[string]int{}
	tier.CheckUntil(t, func() bool { return met["behind"] > 100 && len(met) > 9 }, func(t *rapid.T) {
		c := naive.AnyBoxed().Draw(t, "config")
		v := assertProduct(t, c, rapid.IntRange(1, 8).Draw(t, "limit"))
		for n := range v.Distance {
			entry := n.Box.Entry
			if entry.Used {
				met[c.Between.Box.Name]++
			}
			for _, side := range model.Sides {
				for _, p := range n.Nets[side].List() {
					if p.Behind {
						met["behind"]++
					}
				}
			}
		}
	})
	assert.Greater(t, met["behind"], 100)
	assert.Greater(t, len(met), 9)
}

// Every step of the product with a box has the model's name for it.
func TestProduct_BoxAction(t *testing.T) {
	acts := walkNamed(t, naive.AnyBoxed())
	assert.Positive(t, acts[model.Boxes])
}

// What is seen of ends, network and box together is what the slow search sees.
func TestPatterns_Box(t *testing.T) {
	tier.SkipToCI(t)
	about, seen := map[string]bool{}, map[string]bool{}
	try := func(t require.TestingT, c model.Config, limit int) {
		names, list := allPatterns(c)
		last := len(list) - explore.MaxWatches/2
		for i, n := range assertPatterns(t, c, names[last:], list[last:], limit) {
			if name := names[last+i]; strings.HasPrefix(name, "box-") {
				about[name] = true
				seen[name] = seen[name] || n
			}
		}
	}
	for i, words := range []string{
		naive.Tiny + "box=conntrack box-tick=60s capacity=1 loss=off",
		naive.Tiny + "box=libtelio capacity=1",
		naive.Tiny + "box=idle-rst box-tick=2m capacity=1 box-restarts=1",
		"a-octets=0 b-octets=0 msl=1 rto=1 r2=1 capacity=1 loss=off start=closed reopen=1 time-wait=1 box=" + refusing(t).Name,
	} {
		plain := []int{11, 11, 11, 14}
		try(t, naive.Parse(t, words), tier.Choose(plain[i], 20))
	}
	tier.Draws(t, 20)
	rapid.Check(t, func(t *rapid.T) {
		try(t, naive.AnyBoxed().Draw(t, "config"), rapid.IntRange(1, 7).Draw(t, "limit"))
	})
	for name := range about {
		assert.True(t, seen[name], "%s is never seen", name)
	}
	assert.Len(t, about, 8)
}

// refusing is a box that drops a SYN while it has an entry in which a FIN was seen.
func refusing(t *testing.T) *box.Box {
	b, err := box.Read(strings.NewReader("tcpclose box 1\nbox refusing\nstates OPEN CLOSING\nnone any: new OPEN\non SYN in CLOSING: drop\non FIN: go CLOSING\n"))
	require.NoError(t, err)
	b, err = box.Know(b)
	require.NoError(t, err)
	return b
}

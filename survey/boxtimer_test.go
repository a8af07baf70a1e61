package survey

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/check"
	"tcpclose/explore"
	"tcpclose/explore/product"
	"tcpclose/internal/naive"
	"tcpclose/internal/tier"
	"tcpclose/invariants"
	"tcpclose/model"
)

// toldWith is the verdict on box-told with those timers of the box, in seconds, and no
// other that runs out, by a check of its own.
func toldWith(t *testing.T, c model.Config, runs map[string]int) check.Verdict {
	t.Helper()
	b := c.Between.Box
	for _, timer := range b.Timers {
		seconds, ok := runs[timer.Name]
		if !ok {
			seconds = 1_000_000
		}
		var err error
		b, err = b.With(timer.Name, seconds)
		require.NoError(t, err)
	}
	c.Between.Box = b
	property, err := invariants.Find("box-told")
	require.NoError(t, err)
	r, err := check.Check(context.Background(), c, []*invariants.Property{property}, check.Options{NoTraces: true})
	require.NoError(t, err)
	return r.Findings[0].Verdict
}

// The least value is the one from which on all hold: found by trying every one.
func TestLeastBoxTimers_AgainstAll(t *testing.T) {
	finite, waits, short := 0, 0, 0
	for _, words := range []string{"cilium loss=2", "conntrack loss=1", "ovs loss=2", "idle,idle=60 loss=off", "rfc5382,transitory=20 loss=2"} {
		if words != "cilium loss=2" && words != "idle,idle=60 loss=off" && tier.LeavesToCI(t, words) {
			continue
		}
		c := naive.Parse(t, "a-octets=0 b-octets=0 msl=1 rto=3 r2=3 clock=leaps duplicate=off reorder=off capacity=4 box-tick=5s box-counted=18 box="+words)
		r, err := LeastBoxTimers(t.Context(), c, product.Options{})
		require.NoError(t, err)
		require.True(t, r.Known())
		assert.Equal(t, 90, r.Longest)
		assert.Equal(t, 5, r.Finest)
		require.Equal(t, check.Holds, r.Never, words)
		least := map[string]int{}
		for i := range r.Timers {
			timer := &r.Timers[i]
			if !timer.Counted {
				assert.Greater(t, timer.Seconds, 90)
				continue
			}
			assert.Equal(t, toldWith(t, c, map[string]int{timer.Name: timer.Seconds}), timer.Alone, "%s: %s", words, timer.Name)
			want := 95 // not even 90
			for n := 90; n >= 5 && toldWith(t, c, map[string]int{timer.Name: n}) == check.Holds; n -= 5 {
				want = n
			}
			if timer.Waits() {
				waits++
				assert.Equal(t, 95, want, "%s: %s", words, timer.Name)
				continue
			}
			assert.Equal(t, want, timer.Least, "%s: %s", words, timer.Name)
			least[timer.Name] = want
			if want > 5 {
				finite++
			}
			if want > timer.Seconds {
				short++
				assert.Equal(t, check.Violated, timer.Alone)
			}
		}
		assert.Equal(t, toldWith(t, c, least), r.Together, words)
	}
	assert.Positive(t, finite)
	assert.Positive(t, waits)
	assert.Positive(t, short)
}

// Where it is not a matter of timers nothing is said of them; what was not explored is not
// known; and what cannot be asked is refused.
func TestLeastBoxTimers_Limits(t *testing.T) {
	const words = "a-octets=0 b-octets=0 msl=1 rto=3 r2=2 duplicate=off reorder=off capacity=4 loss=1 "
	r, err := LeastBoxTimers(t.Context(), naive.Parse(t, words+"box=libtelio"), product.Options{})
	require.NoError(t, err)
	assert.Equal(t, check.Violated, r.Never)
	assert.Equal(t, check.Violated, r.AsIs)
	assert.True(t, r.Known())
	assert.Zero(t, r.Timers[0].Need)

	r, err = LeastBoxTimers(t.Context(), naive.Parse(t, words+"box=cilium"), product.Options{Limits: explore.Limits{States: 20}})
	require.NoError(t, err)
	assert.Equal(t, check.Unknown, r.Never)
	assert.False(t, r.Known())

	_, err = LeastBoxTimers(t.Context(), naive.Parse(t, words), product.Options{})
	assert.EqualError(t, err, "the timers of a box: want a box ('tcpclose list boxes')")
	_, err = LeastBoxTimers(t.Context(), naive.Parse(t, words+"clock=strides box=cilium"), product.Options{})
	assert.ErrorContains(t, err, "want clock steps or leaps")
	_, err = LeastBoxTimers(t.Context(), naive.Parse(t, words+"box-tick=1ms box=cilium"), product.Options{})
	assert.EqualError(t, err, "the timers of a box: box-counted is 100ms: want a second at least")
}

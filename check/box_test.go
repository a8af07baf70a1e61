package check

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/box"
	"tcpclose/internal/naive"
	"tcpclose/internal/tier"
	"tcpclose/invariants"
)

// boxed is a configuration with a box that can be explored at several capacities.
const boxed = "a-octets=0 b-octets=0 msl=1 rto=2 r2=off "

// ofOneSearch returns the properties that need no search of their own: one that compares two
// configurations does not apply with another engine, nor without a capacity.
func ofOneSearch(boxed bool) []*invariants.Property {
	return slices.DeleteFunc(slices.Clone(invariants.PropertiesOf(boxed)), func(p *invariants.Property) bool { return p.Alike != nil })
}

// With a box, verdicts without a capacity are those of growing capacities on each side of
// it.
func TestUnlimited_Box(t *testing.T) {
	tier.SkipToCI(t)
	for _, words := range []string{
		"box=conntrack box-tick=60s", "box=idle-rst box-tick=2m", "box=cilium box-tick=10s box-counted=2 clock=leaps", "box=idle-rst box-tick=10s clock=strides box-horizon=9",
		"box=pf box-tick=1m box-counted=2", "box=rfc6146 box-tick=2m box-counted=2 box-restarts=1", "box=ovs box-tick=1m box-sees=b box-counted=1 start=closed",
	} {
		t.Run(words, func(t *testing.T) {
			if words != "box=idle-rst box-tick=2m" {
				tier.Skip(t)
			}
			assertUnlimited(t, naive.Parse(t, boxed+words+" capacity=1"), slices.Concat(ofOneSearch(true), invariants.Witnesses))
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

// Strides ask the timers of days beside those of seconds; where the horizon is too short
// nothing holds.
func TestStrides_Box(t *testing.T) {
	keeps, err := invariants.Find("box-keeps")
	require.NoError(t, err)
	passes, err := invariants.Find("box-passes")
	require.NoError(t, err)
	check := func(words string) *Report {
		r, err := Check(t.Context(), naive.Parse(t, "b-octets=0 msl=1 duplicate=off reorder=off capacity=4 clock=strides box-tick=5s "+words), []*invariants.Property{passes, keeps}, Options{})
		require.NoError(t, err)
		return r
	}
	r := check("box=conntrack a-closes=never b-closes=never a-octets=1 rto=3 loss=off")
	assert.True(t, r.Result.Complete())
	assert.Equal(t, Violated, r.Findings[1].Verdict, "after five days of silence")
	days := r.Findings[1].Trace
	var ticks int
	for _, e := range days.Events {
		ticks += int(e.Outcome.Elapsed)
	}
	assert.Equal(t, 432_000/5, ticks)
	assert.Less(t, r.Result.Distinct, 1000)

	r = check("box=idle,idle=1000 box-horizon=2 a-octets=0 rto=3 loss=1")
	assert.Equal(t, []string{"box-horizon"}, r.Result.Incomplete)
	r = check("box=idle,idle=1000 a-closes=never b-closes=never box-horizon=2 a-octets=1 rto=3 loss=off")
	assert.True(t, r.Result.Complete())
}

// A box that violates a property, and one that does not, in a network that loses nothing.
func TestBoxProperties(t *testing.T) {
	refusing, err := box.Read(strings.NewReader("tcpclose box 1\nbox refuses\nstates OPEN CLOSING\nnone any: new OPEN\non SYN in CLOSING: drop\non FIN: go CLOSING\n"))
	require.NoError(t, err)
	_, err = box.Know(refusing)
	require.NoError(t, err)
	const again = "start=closed reopen=1 time-wait=1 "
	for _, tt := range []struct{ property, words, violating, holding string }{
		{"box-passes", "", "box=libtelio", "box=conntrack box-counted=1"},
		{"box-passes", "", "box=conntrack box-tick=30s", "box=rfc5382 box-tick=1m"},
		{"box-passes", "box=conntrack,tcp_loose=0 box-counted=1 ", "box-restarts=1", ""},
		{"box-keeps", "", "box=libtelio", "box=conntrack box-counted=1"},
		{"box-keeps", "", "box=pf box-tick=5m", "box=pf box-tick=5m box-counted=1"},
		{"box-keeps", "box=conntrack box-counted=1 ", "box-evictions=1", ""},
		{"box-lingers", "b-fails=crash fin-wait-2=6 fin-wait-2-timer=all clock=strides ", "box=conntrack,close_wait=3600", "box=conntrack"},
		{"box-lingers", "clock=strides ", "box=conntrack box-linger=9", "box=conntrack box-linger=10"},
		{"box-next", again, "box=refuses", "box=conntrack box-counted=1"},
	} {
		p, err := invariants.Find(tt.property)
		require.NoError(t, err)
		verdict := func(words string) Verdict {
			c := naive.Parse(t, "a-octets=0 b-octets=0 msl=1 rto=3 r2=2 loss=off duplicate=off reorder=off capacity=4 "+tt.words+words)
			r, err := Check(t.Context(), c, []*invariants.Property{p}, Options{})
			require.NoError(t, err)
			require.True(t, r.Result.Complete())
			return r.Findings[0].Verdict
		}
		assert.Equal(t, Violated, verdict(tt.violating), "%s: %s%s", tt.property, tt.words, tt.violating)
		assert.Equal(t, Holds, verdict(tt.holding), "%s: %s%s", tt.property, tt.words, tt.holding)
	}
}

package model

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// What belongs to an end has a plain name and one for each end, in this order; what
// belongs to an application, or begins a number, has the latter alone.
func TestFields_Forms(t *testing.T) {
	var names []string
	for _, f := range Fields {
		names = append(names, f.Name)
		assert.NotEmpty(t, f.Meaning, f.Name)
		assert.NotEmpty(t, f.Values, f.Name)
		found, err := FindField(f.Name)
		require.NoError(t, err)
		assert.Equal(t, f.Name, found.Name)
		prefix := ""
		if f.Scope == OfEnd {
			prefix = f.Side.String() + "-"
			assert.Equal(t, f.Side.String()+": "+f.Meaning+" ("+f.Values+")", f.Help())
		} else {
			assert.Equal(t, f.Meaning+" ("+f.Values+")", f.Help())
		}
		assert.Equal(t, prefix+f.Base, f.Name)
		assert.Contains(t, f.Forms(), f.Name)
		switch {
		case f.Scope == OfSystem:
			assert.Equal(t, []string{f.Name}, f.Forms())
		case f.Scope == OfBoth:
			assert.Equal(t, []string{f.Base, "a-" + f.Base, "b-" + f.Base}, f.Forms())
		default:
			assert.Subset(t, f.Forms(), []string{"a-" + f.Base, "b-" + f.Base})
		}
	}
	unique := slices.Compact(slices.Sorted(slices.Values(names)))
	assert.Len(t, unique, len(names), "a name stands for one field")
	assert.Equal(t, []string{"a-octets", "b-octets"}, field(t, "b-octets").Forms())
	assert.Equal(t, []string{"msl"}, field(t, "msl").Forms())
	assert.Equal(t, []string{"a-msl", "b-msl"}, field(t, "a-msl").Forms())
	_, err := FindField("octets")
	assert.EqualError(t, err, `"octets": no such field`)
}

// The words of a configuration whose ends are alike name no end's rules.
func TestConfig_Words(t *testing.T) {
	assert.Equal(t, "a-octets=1 a-closes=any-time a-close-is=half a-reads=at-once a-buffer=unlimited a-fails=no "+
		"b-octets=1 b-closes=any-time b-close-is=half b-reads=at-once b-buffer=unlimited b-fails=no start=established reopen=0 "+
		"a-opens=actively a-isn=larger b-opens=passively b-isn=larger isn-clock=1 clock=steps msl=3 delay=1msl time-wait=2msl rto=2 rto-max=off r2=2 "+
		"give-up=off orphan-give-up=off delayed-ack=off user-timeout=off fin-wait-2=off fin-wait-2-first=off keepalive=off keepalive-next=off "+
		"keepalive-probes=2 challenge-interval=off timestamps=off quiet-time=off reuse-age=1 loss=unlimited loses=any duplicate=unlimited reorder=unlimited capacity=2 stray=off "+
		"closed-answer=rst off-sequence-ack=unread time-wait-restart=fin time-wait-rst=obeyed rst-check=exact late-reset=told closing-timer=started "+
		"time-wait-ack=ignored out-of-order=dropped zero-window-ack=taken ack-check=any window-update=sent fin-wait-1-entered=with-close "+
		"last-ack-entered=with-fin closing-ack=read read-after-fin=data unread-close=rst late-data=rst abort-state=closed user-timeout-runs=undelivered "+
		"fin-wait-2-timer=orphans time-wait-reuse=off connect-reuse=off fin-wait-2-kept=connection fin-wait-2-orphan=waits orphan-kept=yes "+
		"orphan-probes=forgotten give-up-when=rto keepalive-end=nothing time-wait-kept=yes zero-window-fin=refused zero-window-probe=new reset-unread-text=flushed rst-number=snd-nxt rst-ack=none abort-unsent-fin=silent closing-fin=timer first-resend=oldest resend-size=apart challenged-syn=waits timestamp-clock=goes-on keepalive-limit=probes time-wait-abort=ends fault=none faulty=both", Default().String())

	for text, want := range map[string]string{
		"b-rto=4":                         "b-rto=4",
		"b-rto=4 rto=3":                   "a-rto=3 b-rto=4", // whichever comes first
		"rto=3 b-rto=4":                   "a-rto=3 b-rto=4",
		"a-rto=4 b-rto=4":                 "rto=4",
		"a-time-wait-rst=ignored":         "a-time-wait-rst=ignored",
		"time-wait-rst=ignored":           "time-wait-rst=ignored",
		"a-msl=5":                         "a-msl=5",
		"a-msl=same":                      "",
		"b-late-data=ack late-data=rst":   "b-late-data=ack",
		"a-late-data=ack b-late-data=rst": "a-late-data=ack",
	} {
		c, err := ParseConfig(text)
		require.NoError(t, err, text)
		assert.Equal(t, want, strings.Join(c.Against(Default()), " "), text)
	}
	c, err := ParseConfig("b-rto=4")
	require.NoError(t, err)
	assert.Contains(t, c.String(), " time-wait=2msl a-rto=2 b-rto=4 rto-max=off ")
	assert.Equal(t, "a: 2, b: 4", field(t, "rto").Get(c))
	assert.Error(t, field(t, "rto").Set(&c, field(t, "rto").Get(c)), "what two ends have is no value of both")
	assert.Contains(t, mustParse(t, "b-msl=4").String(), " msl=3 a-msl=same b-msl=4 delay=1msl ")
}

func mustParse(t require.TestingT, text string) Config {
	c, err := ParseConfig(text)
	require.NoError(t, err)
	return c
}

// An end's field changes the rules of that end and no other's; a plain one changes
// both, as if each had been changed.
func TestField_OfItsEnd(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, other := anyOpening().Draw(t, "config"), anyOpening().Draw(t, "other")
		var ofEnds []Field
		for _, f := range Fields {
			if f.Scope == OfBoth && f.Base != "timestamps" && f.Base != "timestamp-clock" { // these are agreed on
				ofEnds = append(ofEnds, f)
			}
		}
		plain := rapid.SampledFrom(ofEnds).Draw(t, "field")
		value := field(t, "a-"+plain.Base).Get(other)
		both, each := c, c
		require.NoError(t, plain.Set(&both, value))
		for _, side := range Sides {
			one := c
			f := field(t, side.String()+"-"+plain.Base)
			require.NoError(t, f.Set(&one, value))
			require.Equal(t, c.Stack(side.Peer()), one.Stack(side.Peer()), f.Name)
			require.Equal(t, one.Stack(side), both.Stack(side))
			require.NoError(t, f.Set(&each, value))
		}
		require.Equal(t, both, each)
		require.Equal(t, value, plain.Get(both))
	})
}

// Each end counts by its own MSL, the network by its.
func TestConfig_MSLs(t *testing.T) {
	c := mustParse(t, "msl=3 a-msl=5 time-wait=2msl")
	assert.Equal(t, uint16(10), c.Stack(A).timeWait)
	assert.Equal(t, uint16(6), c.Stack(B).timeWait)
	assert.Equal(t, uint16(3), c.Medium().MSL)
	assert.Equal(t, uint16(3), c.Medium().Delay)
	c = mustParse(t, "msl=4 a-msl=1 b-msl=1 delay=1msl time-wait=2msl")
	assert.Equal(t, []int{2, 2, 4}, []int{c.TimeWaitOf(A), c.TimeWaitOf(B), int(c.Medium().Delay)})
}

// Segments carry timestamps if both ends have them.
func TestConfig_TimestampsTakeTwo(t *testing.T) {
	for text, want := range map[string][2]Timestamps{
		"timestamps=on":                     {TimestampsOn, TimestampsOn},
		"a-timestamps=on":                   {TimestampsOff, TimestampsOff},
		"b-timestamps=fine":                 {TimestampsOff, TimestampsOff},
		"a-timestamps=on b-timestamps=fine": {TimestampsOn, TimestampsFine},
	} {
		c := mustParse(t, "reopen=1 "+text)
		assert.Equal(t, want, [2]Timestamps{c.Stack(A).Timestamps, c.Stack(B).Timestamps}, text)
		y, err := NewSystem(c)
		require.NoError(t, err)
		s := y.Init()
		for _, side := range Sides {
			assert.Equal(t, want[side] != TimestampsOff, s.Ends[side].Clock > 0, text)
		}
	}
}

// Two ends that are alike work by the same rules, but for what their applications do
// and where they begin.
func TestStack_OfLikeEnds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := anyOpening().Draw(t, "config")
		c.Ends[B], c.Apps[B] = c.Ends[A], c.Apps[A]
		require.Equal(t, c.Stack(A), c.Stack(B))
		swapped := c
		swapped.Ends = [2]Endpoint{anyEndpoint().Draw(t, "new a"), anyEndpoint().Draw(t, "new b")}
		image := swapped
		image.Ends = [2]Endpoint{swapped.Ends[B], swapped.Ends[A]}
		require.Equal(t, swapped.Stack(A), image.Stack(B))
		require.Equal(t, swapped.Stack(B), image.Stack(A))
	})
}

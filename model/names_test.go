package model

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What an end and a network may be is written as a configuration writes it.
func TestString_OfChoices(t *testing.T) {
	for want, v := range map[string]fmt.Stringer{
		"after-peer": CloseAfterPeer, "never": ReadNever, "slowly": ReadSlowly, "half-then-full": HalfThenGood, "die": FailDie,
		"either": OpensEither, "closed": StartClosed, "leaps": TimeLeaps, "b-fin": LosesFinOfB, "fine": TimestampsFine,
		"paced-clock": ISNPaced, "both": BothFaulty, "timers": Timers, "mistakes": Mistakes, "Group(7)": numGroups,
		"ConnState(11)": numStates, "CLOSED": Closed,
		fmt.Sprintf("Fault(%d)", NumFaults): NumFaults,
	} {
		assert.Equal(t, want, v.String(), "%T", v)
	}
}

// A number is accepted from its lowest value to its highest.
func TestFields_Bounds(t *testing.T) {
	for name, between := range map[string][2]int{
		"reopen": {0, MaxLives - 1}, "isn-clock": {0, MaxOctets}, "a-octets": {0, MaxOctets}, "capacity": {1, MaxCapacity},
		"rto": {1, maxTicks}, "reuse-age": {0, maxTicks}, "keepalive-probes": {1, 20}, "msl": {1, maxTicks}, "user-timeout": {1, maxTicks},
		"r2": {0, maxLimit}, "loss": {0, maxLimit}, "a-buffer": {0, MaxOctets}, "time-wait": {0, maxTicks},
	} {
		f, err := FindField(name)
		require.NoError(t, err)
		if name != "time-wait" && name != "r2" && name != "loss" && name != "user-timeout" {
			assert.Contains(t, f.Values, fmt.Sprintf("%d to %d", between[0], between[1]), name)
		}
		var c Config
		for _, n := range between {
			assert.NoError(t, f.Set(&c, fmt.Sprint(n)), "%s=%d", name, n)
		}
		was := c
		for _, text := range []string{"x", fmt.Sprint(between[0] - 1), fmt.Sprint(between[1] + 1)} {
			assert.Error(t, f.Set(&c, text), "%s=%s", name, text)
			assert.Equal(t, was, c, "%s=%s: what is refused changes nothing", name, text)
		}
	}
	span, err := ParseSpan("0msl+0")
	assert.NoError(t, err)
	assert.Equal(t, Span{}, span)
	for _, text := range []string{fmt.Sprintf("%dmsl", maxMSLs+1), fmt.Sprintf("1msl+%d", maxTicks+1), "-1msl"} {
		_, err := ParseSpan(text)
		assert.Error(t, err, text)
	}
	_, err = ParseSpan(fmt.Sprintf("%dmsl", maxMSLs))
	assert.NoError(t, err)
}

// The numbers of a segment are read from the lowest to the highest.
func TestParseSegment_Bounds(t *testing.T) {
	for text, ok := range map[string]bool{
		"<SEQ=99><CTL=FIN>": true, "<SEQ=98><CTL=FIN>": false, "<SEQ=127><CTL=FIN>": true, "<SEQ=128><CTL=FIN>": false,
		"<SEQ=299><CTL=FIN>": true, "<SEQ=298><CTL=FIN>": false, "<SEQ=327><CTL=FIN>": true, "<SEQ=328><CTL=FIN>": false,
		"<SEQ=100><ACK=300><CTL=ACK>": true, "<SEQ=100><ACK=299><CTL=ACK>": false, "<SEQ=100><ACK=328><CTL=ACK>": false,
		"<SEQ=100><WND=7><CTL=FIN>": true, "<SEQ=100><WND=8><CTL=FIN>": false, "<SEQ=100><WND=0><CTL=FIN>": true,
		"<SEQ=100><TS=7><CTL=FIN>": true, "<SEQ=100><TS=8><CTL=FIN>": false, "<SEQ=100><TS=0><CTL=FIN>": false,
		"<SEQ=100><DATA=7><CTL=FIN>": true, "<SEQ=100><DATA=8><CTL=FIN>": false, "<SEQ=100><DATA=0><CTL=FIN>": false,
		"<SEQ=100><DATA=x><CTL=FIN>": false, "<SEQ=100><CTL=>": false,
	} {
		g, from, err := ParseSegment(text)
		if ok {
			require.NoError(t, err)
			assert.Equal(t, text, g.Text(from))
			continue
		}
		assert.Error(t, err, text)
		assert.Equal(t, Segment{}, g, text)
	}
	for field, want := range map[string]string{"ACK=x": "300 to 327", "WND=x": "0 to 7", "TS=x": "0 to 7", "DATA=x": "0 to 7"} {
		text := "<SEQ=100><" + field + "><CTL=ACK>"
		if field != "ACK=x" {
			text = "<SEQ=100><ACK=300><" + field + "><CTL=ACK>"
		}
		_, _, err := ParseSegment(text)
		assert.EqualError(t, err, fmt.Sprintf("segment %q: %s: want %s", text, field, want))
	}
	_, err := ParseSide("c")
	assert.EqualError(t, err, `side "c": want one of ["a" "b"]`)
	assert.Equal(t, 301, Seq(1).In(B))
	assert.Equal(t, 99, Seq(-1).In(A))
}

// A set of clauses has each of them, and no other.
func TestClauses(t *testing.T) {
	for c := range NumClauses {
		one := ClausesOf(c)
		for d := range NumClauses {
			assert.Equal(t, c == d, one.Has(d), "%s, %s", c, d)
		}
		next := (c + 1) % NumClauses
		both := ClausesOf(c, next)
		assert.Equal(t, one, both.Intersect(one), c)
		assert.Equal(t, Clauses{}, one.Intersect(ClausesOf(next)), c)
		assert.Equal(t, both, one.Union(ClausesOf(next)), c)
	}
}

// What the network loses, if it does not lose anything.
func TestLoses_Names(t *testing.T) {
	const fin, ack, rst = FIN | ACK, ACK, RST
	for loses, want := range map[Loses]map[Side][]Segment{
		LosesFinOfA: {A: {{Ctl: fin}, {Len: 1, Ctl: fin}}},
		LosesFinOfB: {B: {{Ctl: fin}, {Len: 1, Ctl: fin}}},
		LosesAckOfA: {A: {{Ctl: ack}}},
		LosesAckOfB: {B: {{Ctl: ack}}},
		LosesAny: {A: {{Ctl: fin}, {Len: 1, Ctl: fin}, {Ctl: ack}, {Len: 1, Ctl: ack}, {Ctl: rst}},
			B: {{Ctl: fin}, {Len: 1, Ctl: fin}, {Ctl: ack}, {Len: 1, Ctl: ack}, {Ctl: rst}}},
	} {
		for _, side := range Sides {
			var named []Segment
			for _, g := range []Segment{{Ctl: fin}, {Len: 1, Ctl: fin}, {Ctl: ack}, {Len: 1, Ctl: ack}, {Ctl: rst}} {
				if loses.names(side, g) {
					named = append(named, g)
				}
			}
			assert.Equal(t, want[side], named, "%s, %s", loses, side)
		}
	}
}

// Either end may have what is asked for.
func TestConfig_AnyEnd(t *testing.T) {
	for words, want := range map[string]bool{"": false, "a-rto=9": true, "b-rto=9": true, "rto=9": true} {
		c, err := ParseConfig(words)
		require.NoError(t, err)
		assert.Equal(t, want, c.AnyEnd(func(e Endpoint) bool { return e.RTO == 9 }), words)
	}
}

// Where a configuration begins to be one that cannot be.
func TestValidate_Bounds(t *testing.T) {
	for words, want := range map[string]string{
		"delay=1": "", "delay=0": "is 0 ticks: want 1 to 3", "delay=3": "", "delay=4": "is 4 ticks: want 1 to 3",
		"msl=1000 time-wait=60msl": "", "msl=1000 time-wait=60msl+1": "is 60001 ticks", "time-wait=0": "is 0 ticks",
		"rto=1 r2=off give-up=100": "", "rto=1 r2=off give-up=101": "want at most 100", "rto=1 orphan-give-up=101": "want at most 100",
		"fin-wait-2-first=1 fin-wait-2=2 fin-wait-2-kept=mini": "", "fin-wait-2-first=1 fin-wait-2=2": "want fin-wait-2 and",
		"fin-wait-2-first=1 fin-wait-2-kept=mini": "want fin-wait-2 and", "rto-max=1": "at least the rto, 2", "rto-max=2": "",
		"keepalive=1 keepalive-limit=user-timeout user-timeout=201": "", "keepalive=off keepalive-limit=user-timeout user-timeout=202": "",
		"keepalive=1 keepalive-limit=user-timeout user-timeout=202": "keepalive-limit: user-timeout: want a limit of at most 201 ticks, which are 200 probes",
	} {
		_, err := ParseConfig(words)
		if want == "" {
			assert.NoError(t, err, words)
			continue
		}
		assert.ErrorContains(t, err, want, words)
	}
}

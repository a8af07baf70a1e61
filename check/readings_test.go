package check

import (
	"context"
	"maps"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/internal/naive"
	"tcpclose/internal/tier"
	"tcpclose/invariants"
	"tcpclose/model"
)

// violated returns the properties that are violated in c.
func violated(t *testing.T, c model.Config) map[string]bool {
	r, err := Check(context.Background(), c, invariants.Properties, Options{NoTraces: true})
	require.NoError(t, err)
	require.True(t, r.Result.Complete(), "%v", c)
	fails := map[string]bool{}
	for _, f := range r.Findings {
		if f.Verdict == Violated {
			fails[f.Property.Name] = true
		}
	}
	return fails
}

// A turn is a property that an alternative violates, and the default does not, in one of
// these configurations.
type turn struct {
	choice, property string
	own              bool // the decision itself says so, and nothing else follows
	why              string
}

const itself = true

// turns has every turn. What is not the decision itself is a consequence that users see.
var turns = []turn{
	{"abort-state=time-wait", "joint-states", itself, "the side that aborts is in TIME-WAIT while its peer may be anywhere"},
	{"abort-state=time-wait", "passive-closer", itself, "a side that aborts after a CLOSE in CLOSE-WAIT enters TIME-WAIT"},
	{"abort-state=time-wait", "time-wait-unbroken", itself, "a second ABORT ends the TIME-WAIT of the first"},
	{"closing-ack=discarded", "acknowledges", itself, "in CLOSING what does not acknowledge the FIN is not read"},
	{"closing-ack=discarded", "zero-window-kept", itself, "in CLOSING the answer to a probe is not read"},
	{"closing-fin=each-ack", "resends", itself, "an acknowledgement repeats the FIN, which the timer alone may send again"},
	{"closing-timer=absent", "rest", !itself, "TIME-WAIT after CLOSING is never left (trap 9)"},
	{"closing-timer=absent", "time-wait-ends", !itself, "as rest"},
	{"fin-wait-1-entered=with-fin", "active-closer", !itself, "a FIN that arrives while the side's own FIN waits leads to CLOSE-WAIT, although the user has closed first"},
	{"fin-wait-1-entered=with-fin", "close-at-once", itself, "ESTABLISHED is left when the FIN is sent"},
	{"fin-wait-1-entered=with-fin", "figure-5", itself, "as close-at-once: what sends the FIN moves the state"},
	{"fin-wait-2-orphan=rst", "no-reset", !itself, "the peer of a full close is reset, although it has done nothing wrong"},
	{"fin-wait-2-timer=all", "half-close", !itself, "a user that reads on is timed out"},
	{"first-resend=newest", "resends", itself, "the probe is not the oldest segment"},
	{"late-data=ack", "delivered", !itself, "text is acknowledged and thrown away, and both ends are told of a normal end"},
	{"late-data=ack", "time-wait-unbroken", !itself, "a connection that would have been reset comes to TIME-WAIT, and an old segment, answered there, meets CLOSED (RFC 1337)"},
	{"late-reset=silent", "told", !itself, "an RST in CLOSING or LAST-ACK tells nobody (trap 10)"},
	{"orphan-kept=no", "no-reset", !itself, "the peer of a full close is reset, although it has done nothing wrong"},
	{"orphan-kept=no", "time-wait-unbroken", !itself, "the RST of a full close in CLOSING meets a peer in TIME-WAIT"},
	{"orphan-probes=counted", "zero-window-kept", itself, "an orphan is given up, whatever the peer answers"},
	{"rst-check=window", "first-attempt", !itself, "an RST in answer to something old ends the attempt: it need not be at RCV.NXT"},
	{"rst-check=window", "hazard-3", !itself, "as first-attempt"},
	{"rst-check=window", "kept-out", !itself, "as first-attempt"},
	{"rst-check=window", "old-rst", !itself, "as first-attempt"},
	{"time-wait-ack=acknowledged", "time-wait-unbroken", !itself, "an acknowledgement is answered when the peer is gone, and its RST ends TIME-WAIT (RFC 1337)"},
	{"time-wait-ack=answered", "time-wait-ends", !itself, "each acknowledgement restarts 2 MSL (trap 2)"},
	{"time-wait-ack=answered", "time-wait-unbroken", !itself, "as with acknowledged"},
	{"time-wait-ack=restarts", "time-wait-ends", itself, "each acknowledgement restarts 2 MSL, and no end answers it"},
	{"time-wait-ack=text-answered", "time-wait-ends", itself, "as with restarts"},
	{"time-wait-kept=no", "agreement", !itself, "the last ACK is lost, and the peer's FIN meets CLOSED"},
	{"time-wait-kept=no", "figure-5", itself, "CLOSED is entered where TIME-WAIT would be"},
	{"time-wait-kept=no", "no-reset", !itself, "as agreement"},
	{"time-wait-kept=no", "one-waits", itself, "nobody passes TIME-WAIT"},
	{"time-wait-restart=answer", "time-wait-ends", itself, "each answer restarts 2 MSL"},
	{"time-wait-restart=never", "time-wait-2msl", !itself, "a retransmitted FIN does not restart 2 MSL (trap 1)"},
	{"time-wait-restart=never", "time-wait-unbroken", !itself, "as time-wait-2msl"},
	{"time-wait-reuse=linux", "first-attempt", !itself, "a SYN whose number is not newer is taken for an old one"},
	{"time-wait-reuse=linux", "syn-taken", !itself, "as first-attempt"},
	{"time-wait-reuse=rfc-6191", "first-attempt", !itself, "a SYN whose number is not newer is dropped"},
	{"time-wait-reuse=rfc-6191", "opens", !itself, "a SYN whose number is not newer is dropped each time, and the client gives up (OSv #889)"},
	{"time-wait-reuse=rfc-6191", "syn-answered", itself, "the SYN is dropped without an answer, as RFC 6191 has it"},
	{"time-wait-reuse=rfc-6191", "syn-taken", !itself, "as first-attempt"},
	{"time-wait-rst=ignored", "opens", !itself, "the RST that a SYN's acknowledgement draws is ignored, and the client gives up (micropython #15844)"},
	{"unread-close=fin", "agreement", !itself, "the peer is told of a normal end, and the text was read by nobody"},
	{"unread-close=fin", "delivered", !itself, "as agreement"},
	{"unread-close=fin", "told", !itself, "a user that has not read never reaches the end of file"},
	{"unread-close=kept", "unread-kept", itself, "what nobody reads is kept"},
	{"unread-close=kept", "readable", itself, "as unread-kept: it is there when the connection ends"},
	{"zero-window-ack=unread", "acknowledges", itself, "at a zero window the ACK field of a segment with text is not read"},
	{"zero-window-fin=taken", "time-wait-unbroken", !itself, "a's FIN is received: there is a TIME-WAIT, which an RST or ABORT may end"},
}

// withoutEffect reports of which configurations each step is the same as in c.
func withoutEffect(t *testing.T, c model.Config, list []model.Config) []bool {
	r, err := Check(context.Background(), c, nil, Options{NoTraces: true, Otherwise: list})
	require.NoError(t, err)
	return r.Same
}

// What an alternative violates is known, and why.
func TestReadings(t *testing.T) {
	tier.SkipToCI(t)
	want, got := map[string]bool{}, map[string]bool{}
	for _, turn := range turns {
		key := turn.choice + " " + turn.property
		require.False(t, want[key], "%s stands twice", key)
		require.NotEmpty(t, turn.why, key)
		want[key] = true
	}
	few := tier.Leaves(t, "two of three alternatives, and those without effect")
	for _, c := range Readings {
		base := violated(t, c)
		var list []model.Config
		for _, a := range alternatives() {
			with := c
			with.EachEnd(func(e *model.Endpoint) { e.Choices[a.Decision] = a.Choice })
			list = append(list, with)
		}
		same := withoutEffect(t, c, list)
		for i, a := range alternatives() {
			name := a.Decision.String() + "=" + a.Info().Alternatives[a.Choice].Name
			if few && (same[i] || i%3 > 0) { // same: each step is that of c
				maps.DeleteFunc(want, func(key string, _ bool) bool { return strings.HasPrefix(key, name+" ") && i%3 > 0 })
				continue
			}
			for property := range violated(t, list[i]) {
				if !base[property] {
					got[name+" "+property] = true
				}
			}
		}
	}
	assert.Equal(t, want, got)
}

// What is an acceptable RST is asked of the end that it meets.
func TestReadings_OneEnd(t *testing.T) {
	for _, fields := range []string{"", "b-rst-check=exact-or-fin", "rst-check=exact-or-fin"} {
		c := naive.Parse(t, mixes+"a-octets=0 a-fails=crash "+fields)
		assert.False(t, violated(t, c)["figure-5"], fields)
	}
	c := naive.Parse(t, plain+none+"stray=<SEQ=101><CTL=RST>")
	c.Fault = model.RSTAnywhereResets
	assert.True(t, violated(t, c)["figure-5"], "an RST that is not at RCV.NXT")
	c.Fault = model.NoFault
	assert.False(t, violated(t, c)["figure-5"])
	c.EachEnd(func(e *model.Endpoint) { e.Choices[model.RSTCheck] = model.RSTInWindow })
	assert.False(t, violated(t, c)["figure-5"], "it is acceptable there")
}

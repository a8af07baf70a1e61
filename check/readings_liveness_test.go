package check

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/internal/naive"
	"tcpclose/internal/tier"
	"tcpclose/invariants"
	"tcpclose/model"
)

// livenessConfigs is small configurations in which, between them, decisions matter to what
// eventually happens: a close, a full close, an abort, a window that stays shut, the next
// connection.
var livenessConfigs = []string{
	"msl=1 rto=2 r2=unlimited capacity=2 a-octets=0 b-octets=0",
	"msl=1 rto=2 r2=unlimited capacity=2 a-octets=0 b-octets=1 a-close-is=full fin-wait-2=3",
	"msl=1 rto=2 r2=unlimited capacity=2 a-octets=0 b-octets=0 b-fails=abort",
	"msl=1 rto=2 r2=unlimited capacity=2 a-octets=1 b-octets=0 b-buffer=1 b-reads=slowly",
	"msl=1 rto=2 r2=unlimited capacity=1 a-octets=0 b-octets=0 reopen=1 a-isn=same b-isn=same loss=unlimited duplicate=off reorder=off",
}

// livenessTurns has every turn of these.
var livenessTurns = []turn{
	{"closed-answer=nothing", "both-closed", !itself, "a FIN that meets CLOSED is answered by nobody, and is retransmitted forever"},
	{"closed-answer=nothing", "can-always-close", !itself, "as both-closed"},
	{"closed-answer=nothing", "closing-left", !itself, "as both-closed"},
	{"closed-answer=nothing", "fin-settled", !itself, "as both-closed"},
	{"closed-answer=nothing", "fin-wait-1-left", !itself, "as both-closed"},
	{"closed-answer=nothing", "last-ack-left", !itself, "as both-closed"},
	{"closing-ack=discarded", "both-closed", !itself, "in CLOSING the window that an acknowledgement of anything but the FIN tells of is not read, and the FIN waits for it forever"},
	{"closing-ack=discarded", "can-always-close", !itself, "as both-closed"},
	{"closing-ack=discarded", "closing-left", !itself, "as both-closed"},
	{"closing-ack=discarded", "fin-wait-2-left", !itself, "as both-closed: the peer waits for that FIN"},
	{"closing-fin=each-ack", "both-closed", !itself, "every acknowledgement carries the FIN, which the peer has, and the ACK of what is old is not read: with off-sequence-ack=read it holds"},
	{"closing-fin=each-ack", "can-always-close", !itself, "as both-closed"},
	{"closing-fin=each-ack", "closing-left", !itself, "as both-closed"},
	{"closing-fin=each-ack", "fin-settled", !itself, "as both-closed"},
	{"closing-timer=absent", "both-closed", !itself, "TIME-WAIT after CLOSING is never left (trap 9)"},
	{"closing-timer=absent", "can-always-close", !itself, "as both-closed"},
	{"closing-timer=absent", "time-wait-left", itself, "as both-closed"},
	{"orphan-kept=no", "both-closed", !itself, "the RST of a full close is lost, and the peer waits in FIN-WAIT-2"},
	{"orphan-kept=no", "can-always-close", !itself, "as both-closed"},
	{"orphan-kept=no", "fin-wait-2-left", !itself, "as both-closed"},
	{"time-wait-restart=answer", "time-wait-left", !itself, "each SYN of the next connection is answered, and the answer restarts 2 MSL"},
	{"zero-window-probe=old", "both-closed", !itself, "an empty probe is no acknowledgement: as of keep-alive's, nothing says that one ever arrives"},
	{"zero-window-probe=old", "close-wait-left", !itself, "as both-closed"},
	{"zero-window-probe=old", "closing-left", !itself, "as both-closed"},
	{"zero-window-probe=old", "fin-wait-1-left", !itself, "as both-closed"},
	{"zero-window-probe=old", "fin-wait-2-left", !itself, "as both-closed: the peer waits for that FIN"},
}

// neverHappens returns the liveness properties that are violated in c, Zeno runs included.
func neverHappens(t *testing.T, c model.Config) map[string]bool {
	r, err := Check(context.Background(), c, invariants.LivenessProperties, Options{NoTraces: true})
	require.NoError(t, err)
	require.True(t, r.Result.Complete(), "%v", c)
	fails := map[string]bool{}
	for _, f := range r.Findings {
		if f.Verdict == Violated || f.Verdict == Zeno {
			fails[f.Property.Name] = true
		}
	}
	return fails
}

// What an alternative violates in the long run is known, and why.
func TestReadings_Liveness(t *testing.T) {
	tier.SkipToCI(t)
	want, got := map[string]bool{}, map[string]bool{}
	for _, turn := range livenessTurns {
		key := turn.choice + " " + turn.property
		require.False(t, want[key], "%s stands twice", key)
		require.NotEmpty(t, turn.why, key)
		want[key] = true
	}
	configs := livenessConfigs
	all := true
	if tier.Leaves(t, "more than a close") {
		configs, all = configs[:1], false
	}
	for _, words := range configs {
		c := naive.Parse(t, words)
		base := neverHappens(t, c)
		for d := range model.NumDecisions {
			for n, alternative := range d.Info().Alternatives[1:] {
				with := c
				with.EachEnd(func(e *model.Endpoint) { e.Choices[d] = model.Choice(n + 1) })
				for property := range neverHappens(t, with) {
					if !base[property] {
						got[d.String()+"="+alternative.Name+" "+property] = true
					}
				}
			}
		}
	}
	for key := range got {
		assert.True(t, want[key], "not known: %s", key)
	}
	assert.GreaterOrEqual(t, len(got), 12)
	if all {
		assert.Equal(t, want, got)
	}
}

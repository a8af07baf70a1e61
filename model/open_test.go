package model

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"tcpclose/internal/tier"
)

// anyOpening draws a valid configuration in which connections are opened.
func anyOpening() *rapid.Generator[Config] {
	return rapid.Custom(func(t *rapid.T) Config {
		c := anyConfig().Draw(t, "config")
		c.Start = Start(rapid.IntRange(0, 1).Draw(t, "start"))
		c.Reopen = rapid.Uint8Range(0, MaxLives-1).Draw(t, "reopen")
		if c.Start == StartEstablished {
			c.Reopen = max(c.Reopen, 1)
		}
		for _, side := range Sides {
			c.Apps[side].Opens = OpensHow(rapid.IntRange(0, 2).Draw(t, "opens"))
			c.Ends[side].ISN = ISNRule(rapid.IntRange(0, len(isnNames)-1).Draw(t, "isn"))
		}
		alike := rapid.Bool().Draw(t, "opening alike")
		for side := range c.Ends {
			e := &c.Ends[side]
			if alike && Side(side) == B {
				a := c.Ends[A]
				e.ISNClock, e.Timestamps, e.QuietTime, e.ReuseAge = a.ISNClock, a.Timestamps, a.QuietTime, a.ReuseAge
				break
			}
			e.ISNClock = rapid.Uint8Range(0, 3).Draw(t, "isn clock")
			e.Timestamps = Timestamps(rapid.IntRange(0, 2).Draw(t, "timestamps"))
			e.QuietTime = rapid.Uint16Range(0, 3).Draw(t, "quiet time")
			e.ReuseAge = rapid.Uint16Range(0, 2).Draw(t, "age")
		}
		return c
	})
}

// Random runs of systems that open connections, and what holds in every state.
func TestWalk_Opening(t *testing.T) {
	// CLOSING, LAST-ACK and TIME-WAIT take more luck than random steps have.
	common := []ConnState{Closed, Listen, SynSent, SynReceived, Established, FinWait1}
	seen := map[ConnState]int{}
	unseen := func(st ConnState) bool { return seen[st] == 0 }
	tier.CheckUntil(t, func() bool { return !slices.ContainsFunc(common, unseen) }, func(t *rapid.T) {
		y, err := NewSystem(anyOpening().Draw(t, "config"))
		require.NoError(t, err)
		s := y.Init()
		for range 60 {
			for _, side := range Sides {
				seen[s.Ends[side].State]++
				checkOpening(t, y.Stack(side), s.Ends[side])
			}
			actions := checkActions(t, y, s)
			if len(actions) == 0 {
				return
			}
			a := actions[rapid.IntRange(0, len(actions)-1).Draw(t, "action")]
			if a.Kind == Deliveries || a.Kind == Copies {
				checkBlind(t, y.Stack(a.Side.Peer()), s.Ends[a.Side.Peer()], a.Packet)
			}
			o, _ := y.Step(s, a)
			if g := o.Effect.Sent; g != (Segment{}) {
				text := g.Text(o.Mover)
				parsed, from, err := ParseSegment(text)
				require.NoError(t, err)
				require.Equal(t, g, parsed, text)
				require.Equal(t, o.Mover, from, text)
				require.False(t, g.Ctl.Has(SYN) && g.Ctl.Has(RST))
			}
			s = o.To
		}
	})
	for _, st := range common {
		assert.Positive(t, seen[st], "%s was never seen", st)
	}
}

// checkOpening checks what holds of an endpoint, whatever its peer has done.
func checkOpening(t *rapid.T, s Stack, t1 TCB) {
	require.LessOrEqual(t, t1.Life, s.Lives)
	require.LessOrEqual(t, t1.Clock, uint8(2*MaxLives+1))
	require.True(t, s.Timestamps != TimestampsOff || t1.Clock == 0 && !t1.Ticked && t1.Recent == 0)
	switch t1.State {
	case Closed:
		require.Equal(t, TCB{Unread: t1.Unread, Broken: t1.Broken, Host: t1.Host}, t1, "a CLOSED TCB is zero")
		return
	case Listen:
		require.False(t, t1.Outstanding())
		require.Zero(t, t1.RcvNxt)
	case SynSent, SynReceived:
		require.Equal(t, t1.First-1, t1.SndUna)
		require.Equal(t, t1.First, t1.SndNxt)
		require.Equal(t, t1.First, t1.Written)
		require.Zero(t, t1.Cuts)
	}
	require.False(t, t1.State != SynReceived && (t1.Passive || t1.Reused != Replaced{}), "%s remembers how it was opened", t1.State)
	require.GreaterOrEqual(t, t1.SndUna, t1.First-1)
	require.LessOrEqual(t, t1.SndUna, t1.SndNxt)
	require.LessOrEqual(t, t1.SndNxt, t1.Written+1)
	require.LessOrEqual(t, t1.SndNxt, Seq(maxSeq))
	require.LessOrEqual(t, t1.Written-t1.First, Seq(s.App.Octets)+1)
	require.Zero(t, t1.Cuts>>t1.SndNxt)
}

// checkBlind checks that an endpoint acts alike whatever history says of the
// segment that arrives, and of its own connection.
func checkBlind(t *rapid.T, s Stack, before TCB, p Packet) {
	tag := Tag{rapid.Uint8Range(0, 3).Draw(t, "from"), rapid.Uint8Range(0, 3).Draw(t, "to")}
	other := before
	other.Peer = rapid.Uint8Range(0, 3).Draw(t, "peer")
	blind := func(t TCB, e Effect) (TCB, Effect) {
		t.Peer, t.Reused.Host.Peer, e.Of = 0, 0, Tag{}
		return t, e
	}
	after1, e1 := blind(s.Arrives(before, p.Segment, p.Of))
	after2, e2 := blind(s.Arrives(other, p.Segment, tag))
	require.Equal(t, after1, after2)
	require.Equal(t, e1, e2)
}

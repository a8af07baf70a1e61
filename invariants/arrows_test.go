package invariants_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/explore"
	"tcpclose/explore/product"
	"tcpclose/internal/join"
	"tcpclose/internal/naive"
	"tcpclose/internal/tier"
	"tcpclose/invariants"
)

// coverage is where the arrows and the pairs of states are looked for: together
// these have everything that a connection can do.
var coverage = []string{
	"a-octets=0 b-octets=0",
	"a-octets=0 msl=1 rto=1 r2=1 capacity=1",
	"a-octets=0 msl=2 rto=1 r2=1",
	naive.Tiny + "b-fails=abort",
	naive.Tiny + "b-fails=abort abort-state=time-wait",
	"b-octets=0 msl=1 rto=1 r2=1 capacity=1 b-reads=slowly b-fails=die",
	naive.Tiny + "b-fails=crash",
	"a-octets=0 b-octets=0 msl=2 rto=3 r2=1 user-timeout=2 user-timeout-runs=any-state",
	"b-octets=0 msl=1 rto=2 r2=1 capacity=1 user-timeout=1",
	naive.Tiny + "keepalive=2 keepalive-probes=1",
	naive.Tiny + "a-close-is=full fin-wait-2=2",
	"a-octets=0 msl=1 rto=1 r2=1 capacity=1 a-close-is=full b-buffer=1",
	opening + "a-opens=either b-opens=either",
	opening + "a-opens=either b-opens=either b-fails=abort",
	opening + "a-opens=either b-opens=either b-fails=crash",
	"start=closed a-octets=0 b-octets=0 msl=1 rto=2 r2=1 capacity=1 a-opens=either b-opens=either user-timeout=1",
	naive.Again0 + "time-wait-reuse=may-2",
	"start=closed a-octets=0 b-octets=0 msl=1 rto=1 r2=1 reopen=1",
	naive.Again0 + "connect-reuse=at-once capacity=1",
}

// opening is connections that are opened, without data.
const opening = "start=closed a-octets=0 b-octets=0 msl=1 rto=1 r2=1 capacity=1 "

// seenIn tells which of the patterns are seen, with either side as self, in some
// run of a configuration of coverage.
func seenIn(t *testing.T, list []invariants.Pattern) []bool {
	t.Helper()
	if half := len(list) / 2; 2*len(list) > explore.MaxWatches {
		return append(seenIn(t, list[:half]), seenIn(t, list[half:])...)
	}
	seen := make([]bool, len(list))
	for _, words := range coverage {
		p := join.New(naive.SystemOf(t, naive.Parse(t, words)), list)
		e, err := product.Explore(context.Background(), &p.Product, product.Options{})
		require.NoError(t, err)
		require.True(t, e.Complete())
		for i := range list {
			watches, _ := join.FirstSeen(e, i)
			seen[i] = seen[i] || len(watches) > 0
		}
	}
	return seen
}

// Every arrow is taken in some run.
func TestArrows(t *testing.T) {
	tier.SkipToCI(t)
	var list []invariants.Pattern
	var names []string
	for _, a := range slices.Concat(invariants.Figure5, invariants.FurtherArrows) {
		list = append(list, invariants.Pattern{Kind: explore.Steps, Step: func(s *invariants.Step) bool {
			return s.From.State == a.From && s.To.State == a.To && a.Is(s)
		}})
		names = append(names, fmt.Sprintf("%s to %s: %s (%s)", a.From, a.To, a.Cause, a.Source))
	}
	for i, seen := range seenIn(t, list) {
		assert.Equal(t, !neverTaken[names[i]], seen, names[i])
	}
}

// neverTaken is the arrows that no run takes.
var neverTaken = map[string]bool{}

// Every pair of states that a side and its peer may be in is reached in some run.
func TestPeersOf(t *testing.T) {
	var list []invariants.Pattern
	var names []string
	for _, st := range invariants.Synchronized {
		for _, peer := range invariants.PeersOf[st] {
			list = append(list, invariants.Pattern{
				Kind: explore.States,
				Self: func(e *invariants.End) bool { return e.State == st },
				Peer: func(e *invariants.End) bool { return e.State == peer },
			})
			names = append(names, fmt.Sprintf("%s with %s", st, peer))
		}
	}
	for i, seen := range seenIn(t, list) {
		assert.Equal(t, !neverReached[names[i]], seen, names[i])
	}
	// If a state goes with another, that goes with it.
	require.Len(t, invariants.PeersOf, len(invariants.Synchronized))
	for _, st := range invariants.Synchronized {
		for _, peer := range invariants.PeersOf[st] {
			assert.Contains(t, invariants.PeersOf[peer], st, "%s with %s", peer, st)
		}
	}
}

// What joint-states forbids is what PeersOf has not.
func TestApart(t *testing.T) {
	for _, st := range invariants.Synchronized {
		for _, peer := range invariants.Synchronized {
			assert.Equal(t, !slices.Contains(invariants.PeersOf[st], peer), invariants.Apart(st, peer), "%s with %s", st, peer)
		}
	}
}

// neverReached is the pairs of PeersOf that no run reaches.
var neverReached = map[string]bool{}

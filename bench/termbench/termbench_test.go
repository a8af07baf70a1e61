package termbench

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/explore"
)

// TestInvariants has what TERM-BENCH says of every state.
func TestInvariants(t *testing.T) {
	const fin = 0 + 1 // D+1
	watches := []explore.Watch[State, Action]{
		{State: func(s State) bool { return s.End[0].Una > s.End[0].Nxt }},
		{State: func(s State) bool {
			e := s.End[0]
			return e.State == timeWait && (e.Una != fin || e.Rcv != fin)
		}},
		{State: func(s State) bool {
			return s.End[0].State != closed && s.End[1].State != closed && s.End[0].Rcv > s.End[1].Nxt
		}},
		{Kind: explore.Terminals, State: func(s State) bool { return true }},
	}
	e, err := explore.Explore(context.Background(), Sizes[0].Model, watches, explore.Options{})
	require.NoError(t, err)
	for i := range watches {
		_, found := e.Found(i)
		assert.False(t, found, "watch %d", i)
	}
	require.True(t, e.Complete())
}

package own

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tcpclose/stacks/adapter/adaptertest"
)

func stack(t testing.TB) *Stack {
	s, err := New(Default(), Tick)
	require.NoError(t, err)
	return s
}

// The model's ABORT sends an RST without ACK.
var exceptions = map[string]string{
	"abort": `event 3, call abort: sent "R 1 0 0": want "R. 1 1 0"`,
}

func TestSmoke(t *testing.T) { adaptertest.Smoke(t, adaptertest.Of(stack(t)), exceptions) }

func TestExact(t *testing.T) { adaptertest.Exact(t, adaptertest.Of(stack(t)), 1000) }

func BenchmarkSchedules(b *testing.B) { adaptertest.Rate(b, adaptertest.Of(stack(b))) }

package product_test

import (
	"context"
	"os/signal"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/explore"
	"tcpclose/explore/product"
)

// A disk without room is named, where memory was not enough either. The limit on the
// length of files stands for the disk.
func TestSpill_Full(t *testing.T) {
	var was syscall.Rlimit
	require.NoError(t, syscall.Getrlimit(syscall.RLIMIT_FSIZE, &was))
	signal.Ignore(syscall.SIGXFSZ)
	defer signal.Reset(syscall.SIGXFSZ)
	p := counters(counter{limit: 30, leap: 99}, counter{limit: 30, leap: 99}, counter{limit: 30, leap: 99}, counter{limit: 30, leap: 99})
	for _, disk := range []uint64{was.Cur, 1} {
		require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: disk, Max: was.Max}))
		o := product.Options{Spill: t.TempDir(), MaxMemory: 1 << 20}
		e, err := product.Explore(context.Background(), p, o)
		require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &was))
		require.NoError(t, err)
		want := []string{explore.BoundMemory}
		if disk == 1 {
			want = []string{explore.BoundDisk, explore.BoundMemory}
		}
		assert.Equal(t, want, e.Incomplete)
	}
}

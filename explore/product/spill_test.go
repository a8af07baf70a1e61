package product_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/explore"
	"tcpclose/explore/internal/naive"
	"tcpclose/explore/product"
)

// TestSpill has levels and rows in files, checkpoints of them, and the same outcome.
func TestSpill(t *testing.T) {
	plain := counter{limit: 9, leap: 10}
	p := counters(plain, counter{9, 4, 1 << 13}, plain, counter{9, 6, 1 << 16}, plain)
	want, err := product.Explore(context.Background(), p, product.Options{})
	require.NoError(t, err)
	for _, workers := range naive.WorkerCounts {
		dir := t.TempDir()
		o := product.Options{Workers: workers, Spill: dir, Checkpoint: stateless(filepath.Join(t.TempDir(), "c"))}
		o.Limits.Depth = 20
		have, err := product.Explore(context.Background(), p, o)
		require.NoError(t, err)
		assert.Equal(t, []string{explore.BoundDepth}, have.Incomplete)
		o.Limits.Depth = 0
		have, err = product.Explore(context.Background(), p, o)
		require.NoError(t, err)
		assertSame(t, want, have, p)
		left, err := os.ReadDir(dir)
		require.NoError(t, err)
		assert.Empty(t, left, "a file with a name")
	}
	_, err = product.Explore(context.Background(), p, product.Options{Spill: filepath.Join(t.TempDir(), "none")})
	assert.ErrorContains(t, err, "no such file or directory")
}

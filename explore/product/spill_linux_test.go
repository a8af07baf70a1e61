package product_test

import (
	"context"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/explore"
	"tcpclose/explore/product"
)

// A disk without room is named, where memory was not enough either. A limit on the length
// of files stands for the disk: it is one of a process, which is another one.
func TestSpill_Full(t *testing.T) {
	const variable = "TCPCLOSE_TEST_FULL_DISK"
	if os.Getenv(variable) == "" {
		c := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestSpill_Full$", "-test.v")
		c.Env = append(os.Environ(), variable+"=1")
		out, err := c.CombinedOutput()
		require.NoError(t, err, "%s", out)
		require.Contains(t, string(out), "--- PASS: TestSpill_Full")
		return
	}
	signal.Ignore(syscall.SIGXFSZ)
	p := counters(counter{limit: 30, leap: 99}, counter{limit: 30, leap: 99}, counter{limit: 30, leap: 99}, counter{limit: 30, leap: 99})
	o := product.Options{Spill: t.TempDir(), MaxMemory: 1 << 20}
	e, err := product.Explore(context.Background(), p, o)
	require.NoError(t, err)
	assert.Equal(t, []string{explore.BoundMemory}, e.Incomplete)
	require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 1, Max: 1}))
	e, err = product.Explore(context.Background(), p, o)
	require.NoError(t, err)
	assert.Equal(t, []string{explore.BoundDisk, explore.BoundMemory}, e.Incomplete)
}

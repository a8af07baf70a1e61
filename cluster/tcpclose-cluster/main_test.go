package main

import (
	"bytes"
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// cluster runs a command line.
func cluster(ctx context.Context, args ...string) (status int, out, errs string) {
	var o, e bytes.Buffer
	status = run(ctx, args, &o, &e)
	return status, o.String(), e.String()
}

func TestCheck(t *testing.T) {
	status, out, errs := cluster(context.Background(), "check", "shut-window", "-processes", "2", "-workers", "1", "-partitions", "3")
	assert.Zero(t, status, errs)
	assert.Contains(t, out, "25,256 states, 220,538 steps, depth 26")
	assert.Contains(t, out, "All verdicts are as expected")
	assert.Contains(t, out, "# time a", "a trace")
	for line := range strings.Lines(out) {
		assert.LessOrEqual(t, len([]rune(strings.TrimRight(line, "\n"))), 80, line)
	}
}

// TestMistakes names what is wrong, and exits 2 or 3.
func TestMistakes(t *testing.T) {
	for _, c := range []struct {
		args   string
		status int
		want   string
	}{
		{"frobnicate", 2, `command "frobnicate": want check, driver or worker`},
		{"check nothing", 2, "nothing"},
		{"check -partitions 0", 2, "-partitions"},
		{"check -patience soon", 2, "want 100ms or more"},
		{"check -symmetry", 2, "no such flag"},
		{"check -properties figure-6", 2, "figure-6"},
		{"check -properties rest,rest", 2, "want it once"},
		{"check -msl 0", 2, "-msl"},
		{"driver no-data", 3, "want the URLs"},
		{"worker -nats nats://127.0.0.1:1 -tls-cert x", 3, "want both"},
		{"worker -nats nats://127.0.0.1:1", 3, "no servers available"},
	} {
		status, out, errs := cluster(context.Background(), strings.Fields(c.args)...)
		assert.Equal(t, c.status, status, c.args)
		assert.Contains(t, errs, c.want, c.args)
		assert.Empty(t, out, c.args)
	}
	status, out, _ := cluster(context.Background(), "help")
	assert.Zero(t, status)
	assert.Equal(t, usage, out)
}

// A stopper calls stop when it is told something.
type stopper struct {
	mu   sync.Mutex
	text strings.Builder
	at   string
	stop func()
}

func (s *stopper) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if strings.Contains(string(b), s.at) {
		s.stop()
	}
	return s.text.Write(b)
}

// TestStopped is stopped in the middle, as by Ctrl-C, and goes on.
func TestStopped(t *testing.T) {
	dir := t.TempDir()
	args := []string{"check", "no-data", "-workers", "1", "-store", dir, "-traces=false"}
	ctx, stop := context.WithCancel(context.Background())
	var first bytes.Buffer
	said := &stopper{at: "is there", stop: stop}
	require.Equal(t, 3, run(ctx, args, &first, said), said.text.String())
	assert.Contains(t, first.String(), "unknown")
	assert.Contains(t, said.text.String(), "goes on")
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	status, out, errs := cluster(ctx, args...)
	assert.Zero(t, status, errs)
	assert.Contains(t, out, "49,489 states, 457,546 steps, depth 24")
	assert.Contains(t, errs, "is taken up again")
}

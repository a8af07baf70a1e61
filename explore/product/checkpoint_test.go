package product_test

import (
	"context"
	"crypto/sha256"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"tcpclose/explore"
	"tcpclose/explore/internal/naive"
	"tcpclose/explore/product"
)

// A stateless product has nothing to keep.
func stateless(file string) *product.Checkpoint {
	return &product.Checkpoint{
		File: file, Of: "this", Note: "a note",
		Save: func() ([]byte, error) { return []byte("kept"), nil },
		Load: func(b []byte) error {
			if string(b) != "kept" {
				panic("something else was kept")
			}
			return nil
		},
	}
}

// stopAt explores p until so many levels are done, or all, and whether it was
// stopped.
func stopAt(t require.TestingT, p *product.Product, levels int, o product.Options) (*product.Explored, bool) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	o.Enough = func(func(int) bool) bool {
		if levels == 0 {
			cancel()
			time.Sleep(time.Millisecond) // the search hears of it, or not
		}
		levels--
		return false
	}
	e, err := product.Explore(ctx, p, o)
	require.NoError(t, err)
	return e, len(e.Incomplete) > 0 && e.Incomplete[len(e.Incomplete)-1] == explore.Interrupted
}

// TestCheckpoint stops searches again and again, and has each go on with another
// number of workers: what comes out is what an undisturbed search finds.
func TestCheckpoint(t *testing.T) {
	dir, stops := t.TempDir(), 0
	naive.CheckUntil(t, func() bool { return stops > 0 }, func(t *rapid.T) {
		p := randomProduct(naive.Seeded(t), rapid.IntRange(1, 4).Draw(t, "parts"), rapid.IntRange(1, 5).Draw(t, "values"),
			rapid.IntRange(0, 4).Draw(t, "routes"), rapid.IntRange(0, 20).Draw(t, "watches"))
		want, err := product.Explore(context.Background(), p, product.Options{})
		require.NoError(t, err)
		c := stateless(filepath.Join(dir, "random"))
		require.NoError(t, os.RemoveAll(c.File))
		for {
			o := product.Options{Workers: rapid.SampledFrom(naive.WorkerCounts).Draw(t, "workers"), Checkpoint: c}
			have, stopped := stopAt(t, p, rapid.IntRange(0, 3).Draw(t, "levels"), o)
			if !stopped {
				assertSame(t, want, have, p)
				break
			}
			stops++
			note, err := product.ReadNote(c.File)
			require.NoError(t, err)
			assert.Equal(t, c.Note, note)
			c.Resume = true
		}
	})
	assert.NotZero(t, stops, "some search is stopped")
}

// TestCheckpoint_Every writes checkpoints as often as it can beside a search whose
// table grows, and goes on from the last one. In the middle the search waits until
// there is one.
func TestCheckpoint_Every(t *testing.T) {
	first := counter{9, 5, 1 << 14}
	p := counters(first, counter{9, 6, 1 << 12}, counter{9, 8, 1 << 10}, counter{9, 3, 1 << 9}, counter{limit: 9, leap: 99})
	want, err := product.Explore(context.Background(), p, product.Options{})
	require.NoError(t, err)
	for _, workers := range naive.WorkerCounts {
		c := stateless(filepath.Join(t.TempDir(), "counters"))
		c.Every = 100 * time.Microsecond
		p.Parts[0] = tripwire{first, 6, first.limit, func() {
			for {
				if _, err := os.Stat(c.File); err == nil {
					return
				}
				time.Sleep(c.Every)
			}
		}}
		whole, err := product.Explore(context.Background(), p, product.Options{Workers: workers, Checkpoint: c})
		require.NoError(t, err)
		assertSame(t, want, whole, p)
		c.Resume = true
		again, err := product.Explore(context.Background(), p, product.Options{Workers: workers, Checkpoint: c})
		require.NoError(t, err)
		assertSame(t, want, again, p)
	}
}

func assertSame(t require.TestingT, want, have *product.Explored, p *product.Product) {
	require.Equal(t, want.Result, have.Result)
	for i := range p.Watches {
		steps, ok := want.Found(i)
		haveSteps, haveOK := have.Found(i)
		require.Equal(t, ok, haveOK, "watch %d", i)
		require.Equal(t, steps, haveSteps, "watch %d", i)
		path, _ := want.Path(i)
		havePath, _ := have.Path(i)
		require.Equal(t, path, havePath, "watch %d", i)
	}
}

// TestCheckpoint_Refused has files that are damaged in any one byte, cut off or
// longer, or of something else: each is refused, and nothing is explored.
func TestCheckpoint_Refused(t *testing.T) {
	p := counters(counter{limit: 3, leap: 99}, counter{limit: 3, leap: 99})
	c := stateless(filepath.Join(t.TempDir(), "c"))
	_, stopped := stopAt(t, p, 3, product.Options{Checkpoint: c})
	require.True(t, stopped)
	good, err := os.ReadFile(c.File)
	require.NoError(t, err)
	c.Resume = true
	refused := func(t require.TestingT, why string) {
		_, err := product.Explore(context.Background(), p, product.Options{Checkpoint: c})
		require.ErrorIs(t, err, product.ErrCheckpoint)
		require.ErrorContains(t, err, "checkpoint "+c.File+": ")
		require.ErrorContains(t, err, why)
		require.NotContains(t, err.Error(), "\n")
	}
	for i := range good {
		bad := append([]byte(nil), good...)
		bad[i] ^= 1 << (i % 8)
		require.NoError(t, os.WriteFile(c.File, bad, 0o600))
		refused(t, "it is")
		require.NoError(t, os.WriteFile(c.File, good[:i], 0o600))
		refused(t, "it is")
	}
	require.NoError(t, os.WriteFile(c.File, append(good[:len(good):len(good)], 0), 0o600))
	refused(t, "it is damaged")
	require.NoError(t, os.WriteFile(c.File, good, 0o600))
	c.Of = "that"
	refused(t, "it is of something else, or by another build of the program")
	c.File += "none"
	refused(t, "no such file or directory")
	c.Resume, c.File = false, filepath.Join(c.File, "c")
	_, err = product.Explore(cancelled(), p, product.Options{Checkpoint: c})
	require.ErrorIs(t, err, product.ErrCheckpoint)
}

func cancelled() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}

// TestMaxMemory has less memory than the process takes already: the search ends at
// once, says why, and knows what it has seen so far.
func TestMaxMemory(t *testing.T) {
	p := counters(counter{limit: 30, leap: 99}, counter{limit: 30, leap: 99}, counter{limit: 30, leap: 99}, counter{limit: 30, leap: 99})
	c := stateless(filepath.Join(t.TempDir(), "c"))
	e, err := product.Explore(context.Background(), p, product.Options{MaxMemory: 1 << 20, Checkpoint: c})
	require.NoError(t, err)
	assert.Equal(t, []string{explore.BoundMemory}, e.Incomplete)
	_, found := e.Found(0)
	assert.False(t, found)
	_, err = e.Runs(context.Background(), nil)
	assert.Error(t, err)

	c.Resume = true
	e, err = product.Explore(context.Background(), p, product.Options{Checkpoint: c})
	require.NoError(t, err)
	assert.True(t, e.Complete())
	assert.Equal(t, 31*31*31*31, e.Distinct)
	steps, found := e.Found(0)
	assert.True(t, found)
	assert.Equal(t, 120, steps)
}

// FuzzReadNote has files whose checksum is right, whatever is in them.
func FuzzReadNote(f *testing.F) {
	p := counters(counter{limit: 3, leap: 99})
	c := stateless(filepath.Join(f.TempDir(), "c"))
	stopAt(f, p, 2, product.Options{Checkpoint: c})
	good, err := os.ReadFile(c.File)
	require.NoError(f, err)
	f.Add(good[:len(good)-sha256.Size])
	f.Add([]byte("explore checkpoint 2\n"))
	f.Fuzz(func(t *testing.T, body []byte) {
		file := filepath.Join(t.TempDir(), "c")
		sum := sha256.Sum256(body)
		require.NoError(t, os.WriteFile(file, append(body[:len(body):len(body)], sum[:]...), 0o600))
		if _, err := product.ReadNote(file); err != nil {
			require.ErrorIs(t, err, product.ErrCheckpoint)
		}
	})
}

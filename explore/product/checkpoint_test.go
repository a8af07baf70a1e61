package product_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"math/rand/v2"
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
	"tcpclose/internal/tier"
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
	tier.CheckUntil(t, func() bool { return stops > 0 }, func(t *rapid.T) {
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
	tier.SkipToCI(t)
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
	refused(t, "it belongs to another question, or another build of the program wrote it")
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

// checkpointProduct is a small product with watches of each kind, some of whose steps are
// cut, and a checkpoint of it which knows what values there are.
func checkpointProduct(file string) (*product.Product, *product.Checkpoint) {
	p := randomProduct(rand.New(rand.NewPCG(3, 30)), 3, 4, 4, 12)
	c := stateless(file)
	c.Load = func(b []byte) error {
		if string(b) != "kept" {
			return errors.New("something else was kept")
		}
		return nil
	}
	c.Known = func(part int, v product.Value) bool {
		t := p.Parts[part].(*tablePart)
		return v == t.number(t.index(v)) && t.index(v) < len(t.state)
	}
	return p, c
}

// FuzzCheckpoint has anything for a file, as it is and with a right checksum. What is not
// a checkpoint is an error, and nothing panics. A file whose checksum was right before is
// one that was written, and the search ends as the undisturbed one.
func FuzzCheckpoint(f *testing.F) {
	dir := f.TempDir()
	p, c := checkpointProduct(filepath.Join(dir, "good"))
	want, err := product.Explore(context.Background(), p, product.Options{})
	require.NoError(f, err)
	for levels := range want.Depth {
		_, stopped := stopAt(f, p, levels, product.Options{Checkpoint: c})
		require.True(f, stopped, "after %d levels", levels)
		good, err := os.ReadFile(c.File)
		require.NoError(f, err)
		f.Add(good, false)
		f.Add(good[:len(good)-sha256.Size], true)
		for _, edit := range [][2]string{
			{`"3":`, `"500":`}, {`"Distinct":`, `"Distinct":1`}, {`"Depth":`, `"Depth":-`}, {`"Terminals":`, `"Terminals":9`},
			{`"Values":[`, `"Values":[1`}, {`"Found":{`, `"Found":{"-1":1,`}, {`"Found":{`, `"Found":{"0":0,"1":1,"2":0,`},
			{`[[`, `[[],[`}, {`[[[`, `[[[1,1],[`}, {`"Cut":`, `"Cut":["x"],"Cut":`}, {`"Product":4`, `"Product":9223372036854775807`},
		} {
			body := bytes.Replace(good[:len(good)-sha256.Size], []byte(edit[0]), []byte(edit[1]), 1)
			if at := len("explore checkpoint 2\n"); len(body) != len(good)-sha256.Size {
				length := binary.LittleEndian.Uint64(body[at:]) + uint64(len(edit[1])-len(edit[0]))
				binary.LittleEndian.PutUint64(body[at:], length)
			}
			f.Add(body, true)
		}
	}
	f.Add([]byte("explore checkpoint 2\n"), true)
	f.Add([]byte{}, false)
	f.Fuzz(func(t *testing.T, data []byte, sum bool) {
		p, c := checkpointProduct(filepath.Join(dir, "c"))
		c.Resume = true
		if sum {
			s := sha256.Sum256(data)
			data = append(data[:len(data):len(data)], s[:]...)
		}
		require.NoError(t, os.WriteFile(c.File, data, 0o600))
		e, err := product.Explore(context.Background(), p, product.Options{Checkpoint: c, Workers: 1})
		if err != nil {
			require.ErrorIs(t, err, product.ErrCheckpoint)
			return
		}
		if !sum {
			assertSame(t, want, e, p)
			return
		}
		var all []int
		for i := range p.Watches {
			all = append(all, i)
		}
		for i, path := range e.Paths(all) {
			steps, found := e.Found(i)
			require.True(t, found)
			require.Len(t, path.Actions, steps)
		}
	})
}

// Each byte of a file is changed, and the checksum set right: an error, or a search that
// ends, and no panic.
func TestCheckpoint_Forged(t *testing.T) {
	tier.SkipToCI(t)
	p, c := checkpointProduct(filepath.Join(t.TempDir(), "c"))
	_, stopped := stopAt(t, p, 2, product.Options{Checkpoint: c})
	require.True(t, stopped)
	good, err := os.ReadFile(c.File)
	require.NoError(t, err)
	good = good[:len(good)-sha256.Size]
	c.Resume = true
	refused, ended := 0, 0
	for i := range good {
		for _, flip := range []byte{1, 128} {
			bad := bytes.Clone(good)
			bad[i] ^= flip
			sum := sha256.Sum256(bad)
			require.NoError(t, os.WriteFile(c.File, append(bad, sum[:]...), 0o600))
			e, err := product.Explore(context.Background(), p, product.Options{Checkpoint: c, Workers: 1})
			if err != nil {
				require.ErrorIs(t, err, product.ErrCheckpoint)
				refused++
				continue
			}
			e.Paths([]int{0, 1, 2, 3})
			ended++
		}
	}
	assert.Positive(t, refused)
	assert.Positive(t, ended)
	t.Logf("%d refused, %d went on", refused, ended)
}

// A checkpoint that cannot be written or read has an error.
func TestCheckpoint_Incomplete(t *testing.T) {
	p, c := checkpointProduct(filepath.Join(t.TempDir(), "c"))
	for _, c := range []product.Checkpoint{{File: c.File, Load: c.Load}, {File: c.File, Save: c.Save}} {
		_, err := product.Explore(context.Background(), p, product.Options{Checkpoint: &c})
		require.ErrorIs(t, err, product.ErrCheckpoint)
		require.ErrorContains(t, err, "it has no Save or no Load: want both")
	}
}

// A checkpoint that cannot be written any more is no reason to give up the search.
func TestCheckpoint_Unkept(t *testing.T) {
	p := counters(counter{limit: 30, leap: 99}, counter{limit: 30, leap: 99}, counter{limit: 30, leap: 99})
	want, err := product.Explore(context.Background(), p, product.Options{})
	require.NoError(t, err)
	dir := filepath.Join(t.TempDir(), "gone")
	require.NoError(t, os.Mkdir(dir, 0o700))
	c := stateless(filepath.Join(dir, "c"))
	c.Every = time.Nanosecond
	save := c.Save
	c.Save = func() ([]byte, error) {
		_ = os.RemoveAll(dir) // once is enough
		return save()
	}
	e, err := product.Explore(context.Background(), p, product.Options{Checkpoint: c})
	require.NoError(t, err)
	assertSame(t, want, e, p)

	require.NoError(t, os.MkdirAll(dir, 0o700))
	e, stopped := stopAt(t, p, 3, product.Options{Checkpoint: c})
	require.True(t, stopped)
	require.ErrorIs(t, e.Unkept, product.ErrCheckpoint)
	require.ErrorIs(t, e.Unkept, os.ErrNotExist)
	assert.Positive(t, e.Distinct)
}

// What is no checkpoint is not overwritten; a checkpoint, of whatever, is.
func TestCheckpoint_OtherFile(t *testing.T) {
	p := counters(counter{limit: 3, leap: 99})
	for _, text := range []string{"", "a", "a long letter that somebody wrote to somebody else"} {
		c := stateless(filepath.Join(t.TempDir(), "letter"))
		require.NoError(t, os.WriteFile(c.File, []byte(text), 0o600))
		_, err := product.Explore(context.Background(), p, product.Options{Checkpoint: c})
		require.ErrorIs(t, err, product.ErrCheckpoint)
		require.ErrorContains(t, err, "it exists and is not a checkpoint")
		have, err := os.ReadFile(c.File)
		require.NoError(t, err)
		assert.Equal(t, text, string(have))
	}
	c := stateless(filepath.Join(t.TempDir(), "older"))
	require.NoError(t, os.WriteFile(c.File, []byte("explore checkpoint 1\n"), 0o600))
	_, stopped := stopAt(t, p, 2, product.Options{Checkpoint: c})
	require.True(t, stopped)
	c.Resume = true
	e, err := product.Explore(context.Background(), p, product.Options{Checkpoint: c})
	require.NoError(t, err)
	assert.True(t, e.Complete())
}

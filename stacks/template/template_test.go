// Package template tries the templates for stacks in C, Go and Rust, each with the
// same tiny stack.
package template

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"tcpclose/stacks/adapter"
	"tcpclose/stacks/adapter/adaptertest"
)

// languages says how each template is built into a file, and by which program.
var languages = []struct {
	name, compiler string
	build          func(to string) []string
}{
	{"go", "go", func(to string) []string { return []string{"build", "-o", to, "./golang"} }},
	{"c", "gcc", func(to string) []string {
		return []string{"-std=c11", "-D_GNU_SOURCE", "-O1", "-Wall", "-Wextra", "-Werror", "-fsanitize=undefined", "-o", to, "c/shim.c", "c/tiny.c"}
	}},
	{"rust", "rustc", func(to string) []string {
		return []string{"--edition", "2021", "-C", "debug-assertions", "-D", "warnings", "-o", to, "rust/main.rs"}
	}},
}

// start builds the template, starts it, and ends it with the test.
func start(t *testing.T, i int) *adapter.Program {
	t.Helper()
	l := languages[i]
	compiler, err := exec.LookPath(l.compiler)
	if err != nil {
		t.Skipf("skipped: %s is not here", l.compiler)
	}
	file := filepath.Join(t.TempDir(), "stack")
	out, err := exec.Command(compiler, l.build(file)...).CombinedOutput()
	require.NoError(t, err, string(out))
	command := exec.Command(file)
	command.Stderr = os.Stderr
	p, err := adapter.Start(command)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, p.Close()) })
	require.Equal(t, "tiny-"+l.name, p.Caps.Name)
	return p
}

func TestSmoke(t *testing.T) {
	for i, l := range languages {
		t.Run(l.name, func(t *testing.T) { adaptertest.Smoke(t, start(t, i).Run, nil) })
	}
}

// The tiny stacks are the same, so that the shims must give the same.
func TestAlike(t *testing.T) {
	first := start(t, 0)
	for i, l := range languages[1:] {
		t.Run(l.name, func(t *testing.T) {
			p := start(t, i+1)
			for seed := range uint64(300) {
				events := adaptertest.Random(seed)
				want, err := first.Run(adapter.Setup{Seed: seed}, events)
				require.NoError(t, err)
				got, err := p.Run(adapter.Setup{Seed: seed}, events)
				require.NoError(t, err)
				require.Equal(t, want, got, events.String())
			}
		})
	}
}

// What comes later on the same host is what would have come at once.
func TestMore(t *testing.T) {
	for i, l := range languages {
		t.Run(l.name, func(t *testing.T) {
			p := start(t, i)
			events := adaptertest.Random(7)
			want, err := p.Run(adapter.Setup{}, events)
			require.NoError(t, err)
			got, err := p.Run(adapter.Setup{}, events[:4])
			require.NoError(t, err)
			rest, err := p.More(events[4:])
			require.NoError(t, err)
			require.Equal(t, want, append(got, rest...))
		})
	}
}

// An event that a shim cannot do is an error of the adapter, and the last one.
func TestUnknown(t *testing.T) {
	for i, l := range languages[1:] {
		t.Run(l.name, func(t *testing.T) {
			p := start(t, i+1)
			events, err := adapter.ParseSchedule("open passive; in S 0 0 100 0 ts=1/0; in S 0 0 100 0")
			require.NoError(t, err)
			got, err := p.Run(adapter.Setup{}, events)
			require.NoError(t, err)
			require.Len(t, got, 2)
			require.NotEmpty(t, got[1].Err)
		})
	}
}

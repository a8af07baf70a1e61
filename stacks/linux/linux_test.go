package linux

import (
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/stacks/adapter"
	"tcpclose/stacks/adapter/adaptertest"
)

func TestNewest(t *testing.T) {
	packages := []string{
		"linux-image-6.1.0-9-cloud-amd64", "linux-image-6.1.0-53-cloud-amd64", "linux-image-6.1.0-53-cloud-amd64-dbg",
		"linux-image-6.1.0-60-amd64", "linux-image-6.12.90+deb12-cloud-amd64", "linux-image-6.12.90+deb12.1-cloud-amd64",
		"linux-image-6.12.90+deb12-cloud-amd64-unsigned", "linux-image-cloud-amd64",
	}
	assert.Equal(t, "linux-image-6.1.0-53-cloud-amd64", newest(packages, "6.1"))
	assert.Equal(t, "linux-image-6.12.90+deb12.1-cloud-amd64", newest(packages, "6.12"))
	assert.Empty(t, newest(packages, "6.18"))
}

// start starts the program of a series, or skips the test.
func start(t testing.TB, series string) *adapter.Program {
	t.Helper()
	if err := Missing(); err != nil {
		t.Skip(err)
	}
	program := filepath.Join(t.TempDir(), "serve")
	out, err := exec.Command("go", "build", "-o", program, "./serve").CombinedOutput()
	require.NoError(t, err, "%s", out)
	out, err = exec.Command(program, "-series", series, "-prepare").CombinedOutput()
	require.NoError(t, err, "%s", out)
	p, err := adapter.Start(exec.Command(program, "-series", series))
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, p.Close()) })
	return p
}

func TestSmoke(t *testing.T) {
	for _, series := range Series() {
		t.Run(series, func(t *testing.T) {
			p := start(t, series)
			assert.Equal(t, "linux-"+series, p.Caps.Name)
			adaptertest.Smoke(t, p.Run, nil)
		})
	}
}

package stacks

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"tcpclose/profile"
)

// The profiles that were learned from stacks can be read, and name stacks of the bench.
func TestProfiles(t *testing.T) {
	files, err := filepath.Glob("profiles/*.profile")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		name := filepath.Base(file[:len(file)-len(".profile")])
		_, err := Find(name)
		require.NoError(t, err)
		f, err := os.Open(file)
		require.NoError(t, err)
		_, err = profile.Read(name, f)
		require.NoError(t, err)
		require.NoError(t, f.Close())
	}
}

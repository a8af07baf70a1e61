package profile

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Whatever a parameter's file contains, the result is a machine with a configuration, or
// an error in one line that names the parameter.
func FuzzHost(f *testing.F) {
	for i, text := range []string{"60\n", "8", "15\n", "1", "2", "0", "-1", "262144\n", "99999999999999999999", "", "a\nb", "0x10", "1 2", "\xff", "1_0", "+5"} {
		f.Add(uint(i), text)
	}
	f.Fuzz(func(t *testing.T, which uint, text string) {
		dir := t.TempDir()
		s := Sysctls[which%uint(len(Sysctls))]
		require.NoError(t, os.WriteFile(filepath.Join(dir, s.Name), []byte(text), 0o666))
		l, missing, err := Host(dir)
		if err != nil {
			assert.NotContains(t, err.Error(), "\n")
			assert.Contains(t, err.Error(), s.Name+": ")
			return
		}
		assert.Len(t, missing, len(Sysctls)-1)
		assert.GreaterOrEqual(t, s.Value(l), s.Low)
		assert.LessOrEqual(t, s.Value(l), s.High)
		assert.NotEmpty(t, s.Text(l))
		timed, err := l.Config(Case{RTO: RTOMin, Finer: 1})
		if err != nil {
			assert.NotContains(t, err.Error(), "\n")
			return
		}
		assert.NoError(t, timed.Config.Validate())
	})
}

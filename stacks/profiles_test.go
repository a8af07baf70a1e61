package stacks

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/model"
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

// written has, for each profile that was learned of a kernel, the name of the built-in one.
var written = map[string]string{"linux-6.1": "linux-6.1", "linux-6.12": "linux"}

// What was learned of the kernels excludes nothing that is written about them: docs/linux.md
// says what was changed for it.
func TestProfiles_Written(t *testing.T) {
	for name, of := range written {
		text, err := os.ReadFile("profiles/" + name + ".profile")
		require.NoError(t, err)
		known := 0
		for d := range model.NumDecisions {
			left := alternatives(string(text), d)
			require.NotEmpty(t, left, "%s: %s", name, d)
			if len(left) == 1 {
				known++
			}
			assert.Contains(t, left, choiceOf(profile.FindEnd(of), d), "%s: %s", name, d)
		}
		assert.Greater(t, known, 20, name)
	}
}

// alternatives returns those of a decision that a learned profile leaves.
func alternatives(text string, d model.Decision) []string {
	if m := regexp.MustCompile(`(?m)^` + d.String() + ` +(\S+) +#`).FindStringSubmatch(text); m != nil {
		return m[1:]
	}
	if m := regexp.MustCompile(`(?m)^# ` + d.String() + `: (.*)$`).FindStringSubmatch(text); m != nil {
		return strings.Split(m[1], ", ")
	}
	return nil
}

// choiceOf returns what a profile has for a decision.
func choiceOf(e *profile.End, d model.Decision) string {
	for _, s := range e.Settings {
		if s.Field.Base == d.String() {
			return s.Value.Text
		}
	}
	return model.OptionsOf(model.Default().Ends[model.A].Choices).Names(d)[0]
}

package main

import (
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// seconds is what of a report differs from run to run.
var seconds = regexp.MustCompile(`"seconds": [^,\n]*`)

// TestResume_Killed kills checks with SIGKILL, at times that nobody knows, and has
// another process go on, until one comes to its end: its report is that of a check
// that was never disturbed.
func TestResume_Killed(t *testing.T) {
	kills := 30
	if testing.Short() {
		kills = 5
	}
	check := []string{"check", "-preset", "orphan", "-json"}
	start := time.Now()
	want, err := exec.Command("tcpclose", check...).Output()
	require.NoError(t, err)
	whole := time.Since(start)
	file := filepath.Join(t.TempDir(), "orphan")
	killed, resumed := 0, 0
	for ended := 0; killed < kills || ended == 0; {
		args := append(check, "-checkpoint", file, "-checkpoint-every", "3ms")
		if _, err := os.Stat(file); err == nil {
			args = []string{"resume", file}
			resumed++
		}
		args = append(args, "-workers", strconv.Itoa(1+rand.IntN(3)))
		c := exec.Command("tcpclose", args...)
		timer := time.AfterFunc(whole/20+rand.N(whole/3), func() {
			if killed < kills {
				_ = c.Process.Kill() // it may be gone
			}
		})
		have, err := c.Output()
		timer.Stop()
		if err != nil {
			exit, ok := err.(*exec.ExitError)
			require.True(t, ok && exit.ExitCode() == -1, "%v %s", err, have) // by a signal
			killed++
			continue
		}
		require.Equal(t, seconds.ReplaceAllString(string(want), ""), seconds.ReplaceAllString(string(have), ""))
		require.NoError(t, os.RemoveAll(file))
		ended++
	}
	assert.NotZero(t, resumed)
	t.Logf("%d killed, %d resumed", killed, resumed)
}

// TestResume_Interrupted stops a check as Ctrl-C does.
func TestResume_Interrupted(t *testing.T) {
	file := filepath.Join(t.TempDir(), "orphan")
	c := exec.Command("tcpclose", "check", "-preset", "orphan", "-traces=false", "-checkpoint", file)
	time.AfterFunc(300*time.Millisecond, func() { _ = c.Process.Signal(os.Interrupt) })
	out, err := c.Output()
	if err == nil {
		t.Skip("it was faster than the interrupt")
	}
	assert.Equal(t, exitUnknown, c.ProcessState.ExitCode())
	assert.Contains(t, string(out), "Not complete (interrupt)")
	assert.Contains(t, string(out), "'tcpclose resume "+file+"' goes on.")
	out, err = exec.Command("tcpclose", "resume", file, "-traces=false").Output()
	require.NoError(t, err)
	assert.Contains(t, string(out), "Complete: the verdicts are for all runs of this configuration.")
}

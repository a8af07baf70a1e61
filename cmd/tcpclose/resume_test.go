package main

import (
	"bytes"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/cmd/tcpclose/internal/cli"
	"tcpclose/internal/tier"
)

// seconds matches the part of a report that differs from run to run.
var seconds = regexp.MustCompile(`"seconds": [^,\n]*`)

// TestResume_Killed kills checks with SIGKILL, at times that nobody knows, and has
// another process go on, until one comes to its end: its report is that of a check
// that was never disturbed, with one worker or several, and with part of it on a disk.
func TestResume_Killed(t *testing.T) {
	kills := tier.Choose(5, 100)
	check := []string{"check", "-preset", "orphan", "-json"}
	start := time.Now()
	want, err := exec.Command("tcpclose", check...).Output()
	require.NoError(t, err)
	whole := time.Since(start)
	file, disk := filepath.Join(t.TempDir(), "orphan"), t.TempDir()
	kept := func() bool {
		_, err := os.Stat(file)
		return err == nil
	}
	killed, resumed := 0, 0
	for ended := 0; killed < kills || resumed == 0 || ended == 0; {
		require.Less(t, ended, 10*kills, "no checkpoint is written")
		kill := killed < kills || resumed == 0
		args := append(check, "-checkpoint", file, "-checkpoint-every", "3ms")
		resumes := kept()
		if resumes {
			args = []string{"resume", file}
			resumed++
		}
		args = append(args, "-workers", []string{"1", "2", "4"}[rand.IntN(3)])
		if rand.IntN(2) > 0 {
			args = append(args, "-spill", disk)
		}
		c := exec.Command("tcpclose", args...)
		var have, errs bytes.Buffer
		c.Stdout, c.Stderr = &have, &errs
		start := time.Now()
		require.NoError(t, c.Start())
		timer := time.AfterFunc(whole/20+rand.N(whole/3), func() {
			if kill {
				_ = c.Process.Kill() // it may be gone
			}
		})
		err := c.Wait()
		timer.Stop()
		if err != nil {
			require.Equal(t, -1, c.ProcessState.ExitCode(), "%v %s%s", err, &have, &errs) // by a signal
			killed++
			if !kept() {
				whole += whole / 8 // it is slower than at first
			}
			continue
		}
		require.Equal(t, seconds.ReplaceAllString(string(want), ""), seconds.ReplaceAllString(have.String(), ""))
		require.NoError(t, os.RemoveAll(file))
		ended++
		if !resumes {
			whole = time.Since(start) // it is faster, or was not killed
		}
	}
	t.Logf("%d killed, %d resumed", killed, resumed)
}

// TestResume_Interrupted stops a check as Ctrl-C does.
func TestResume_Interrupted(t *testing.T) {
	file := filepath.Join(t.TempDir(), "orphan")
	c := exec.Command("tcpclose", "check", "-preset", "orphan", "-traces=false", "-checkpoint", file, "-checkpoint-every", "3ms")
	var stdout bytes.Buffer
	c.Stdout = &stdout
	require.NoError(t, c.Start())
	waitFor(t, file)
	require.NoError(t, c.Process.Signal(os.Interrupt))
	if c.Wait() == nil {
		t.Skip("it was faster than the interrupt")
	}
	assert.Equal(t, cli.Unknown, c.ProcessState.ExitCode())
	assert.Contains(t, stdout.String(), "Not complete (interrupt)")
	assert.Contains(t, stdout.String(), "'tcpclose resume "+file+"' goes on.")
	out, err := exec.Command("tcpclose", "resume", file, "-traces=false").Output()
	require.NoError(t, err)
	assert.Contains(t, string(out), "Complete: the verdicts are for all runs of this configuration.")
}

package trial

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// took matches what differs from run to run.
var took = regexp.MustCompile(`"seconds": [^,\n]*`)

// TestSame asks the commands, one that is alone, and those that share a search, with 1, 2 and 5
// workers, by a server within and by three of them: but for the seconds, the reports are the
// same, octet for octet. TCPCLOSE_SAME has questions, separated by semicolons:
//
//	TCPCLOSE_SAME='faithful; faithful -capacity 3 -msl 4 -properties figure-5' \
//		go test ./trial -run TestSame -timeout 6h -v
func TestSame(t *testing.T) {
	dir := t.TempDir()
	alone, shared := filepath.Join(dir, "tcpclose"), filepath.Join(dir, "tcpclose-cluster")
	build(t, "../..", alone, "./cmd/tcpclose")
	build(t, "..", shared, "./tcpclose-cluster")
	questions := cmp.Or(os.Getenv("TCPCLOSE_SAME"), "no-data")
	for line := range strings.SplitSeq(questions, ";") {
		question := append(strings.Fields(line), "-json")
		t.Run(strings.TrimSpace(line), func(t *testing.T) {
			want := reports(t, exec.Command(alone, slices.Concat([]string{"check"}, question)...))
			require.Contains(t, want, `"verdict"`)
			for _, workers := range []int{1, 2, 5} {
				t.Run(fmt.Sprint("embedded, workers ", workers), func(t *testing.T) {
					args := []string{"check", "-processes", fmt.Sprint(workers), "-workers", "1"}
					assert.Equal(t, want, reports(t, exec.Command(shared, slices.Concat(args, question)...)))
				})
				t.Run(fmt.Sprint("three servers, workers ", workers), func(t *testing.T) {
					s := newServers(t, "40GB")
					urls := strings.ReplaceAll(s.urls, "nats://", "nats://tcp:close@")
					for url := range strings.SplitSeq(urls, ",") {
						require.Eventually(t, func() bool {
							nc, err := nats.Connect(url)
							if err == nil {
								nc.Close()
							}
							return err == nil
						}, time.Minute, 50*time.Millisecond)
					}
					for i := range workers {
						begin(t, fmt.Sprint("worker ", i), exec.Command(shared, "worker", "-nats", urls, "-workers", "1"))
					}
					args := []string{"driver", "-nats", urls, "-partitions", "10"}
					assert.Equal(t, want, reports(t, exec.Command(shared, slices.Concat(args, question)...)))
				})
			}
		})
	}
}

func build(t *testing.T, dir, file, command string) {
	t.Helper()
	c := exec.Command("go", "build", "-o", file, command)
	c.Dir = dir
	out, err := c.CombinedOutput()
	require.NoError(t, err, "%s", out)
}

// reports runs a command to its end, and returns what it prints, without times. It logs what
// it cost.
func reports(t *testing.T, c *exec.Cmd) string {
	t.Helper()
	var errs bytes.Buffer
	c.Stderr = &errs
	began := time.Now()
	out, err := c.Output()
	var failed *exec.ExitError
	if !errors.As(err, &failed) || failed.ExitCode() != 1 { // something is violated
		require.NoError(t, err, "%s", &errs)
	}
	t.Logf("%v, %v of the processor: %s", time.Since(began).Round(time.Millisecond), c.ProcessState.UserTime()+c.ProcessState.SystemTime(), c)
	return took.ReplaceAllString(string(out), "")
}

// begin starts a command that the end of the test kills.
func begin(t *testing.T, name string, c *exec.Cmd) {
	t.Helper()
	var said log
	c.Stderr = &said
	require.NoError(t, c.Start())
	t.Cleanup(func() {
		_ = c.Process.Kill()
		_ = c.Wait()
		t.Logf("%s: %v of the processor", name, c.ProcessState.UserTime()+c.ProcessState.SystemTime())
		if t.Failed() {
			t.Logf("%s: %s", name, &said)
		}
	})
}

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"

	"tcpclose/internal/tier"
)

// A testRun is tests that are compiled with all mutants.
type testRun struct {
	tests
	binary  string
	took    time.Duration // of a processor, without a mutant
	reached []byte        // by id, 1 if the tests reach the mutant
}

// prepare compiles the tests with the mutants, and runs them without any.
func prepare(m *mutated, list []tests, temp string) ([]*testRun, error) {
	var runs []*testRun
	binaries := map[string]string{}
	for i, t := range list {
		binary, ok := binaries[t.dir]
		if !ok {
			binary = filepath.Join(temp, strings.ReplaceAll(t.dir, "/", "_")+".test")
			binaries[t.dir] = binary
			out, err := exec.Command("go", "test", "-c", "-overlay", m.overlay, "-o", binary, "./"+t.dir).CombinedOutput()
			if err != nil {
				return nil, fmt.Errorf("go test -c ./%s: %w\n%s", t.dir, err, out)
			}
		}
		r := &testRun{tests: t, binary: binary}
		file := filepath.Join(temp, fmt.Sprintf("reached%d", i))
		if err := os.WriteFile(file, make([]byte, m.highest+2), 0o666); err != nil {
			return nil, err
		}
		out, _, err := r.run(context.Background(), notes+"="+file)
		if err != nil {
			return nil, fmt.Errorf("tests of %s fail without a mutant: %w\n%s", t.dir, err, out)
		}
		if r.reached, err = os.ReadFile(file); err != nil {
			return nil, err
		}
		if out, r.took, err = r.run(context.Background()); err != nil {
			return nil, fmt.Errorf("tests of %s fail without a mutant: %w\n%s", t.dir, err, out)
		}
		runs = append(runs, r)
	}
	return runs, nil
}

// run runs the tests up to the first that fails, on one processor.
func (r *testRun) run(ctx context.Context, env ...string) (out []byte, took time.Duration, err error) {
	args := []string{"-test.failfast", "-test.run", r.tests.run}
	if r.skip != "" {
		args = append(args, "-test.skip", r.skip)
	}
	cmd := exec.CommandContext(ctx, r.binary, append(args, r.args...)...)
	cmd.Dir = r.dir
	cmd.Env = append(append(os.Environ(), "GOMAXPROCS=1", tier.VariableCI+"=1"), env...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = time.Second
	out, err = cmd.CombinedOutput()
	if s := cmd.ProcessState; s != nil {
		took = s.UserTime() + s.SystemTime()
	}
	return out, took, err
}

// A verdict is what became of a mutant.
type verdict struct {
	reached, killed, byTime bool
	by                      string        // the first test that fails
	took                    time.Duration // of a processor
}

func (v verdict) String() string {
	switch {
	case v.byTime:
		return "killed: it does not end"
	case v.killed:
		return "killed by " + v.by
	case !v.reached:
		return "lives: no test reaches it"
	}
	return "lives"
}

// wasKilled reports whether a process was ended by SIGKILL, as at the end of its time.
func wasKilled(err error) bool {
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return false
	}
	status, ok := exit.Sys().(syscall.WaitStatus)
	return ok && status.Signaled() && status.Signal() == syscall.SIGKILL
}

var failed = regexp.MustCompile(`(?m)^ *--- FAIL: (\S+)`)

// try runs the tests that reach a mutant, with it.
func try(runs []*testRun, id int) (v verdict) {
	for _, r := range runs {
		if r.reached[id] == 0 {
			continue
		}
		v.reached = true
		// The processor's time counts, since others may use the machine; what only
		// waits does not use any.
		limit := int((3*r.took + 2*time.Second).Seconds())
		ctx, cancel := context.WithTimeout(context.Background(), time.Duration(20*limit)*time.Second)
		out, took, err := r.run(ctx, turnsOn+"="+strconv.Itoa(id), limits+"="+strconv.Itoa(limit))
		v.byTime = errors.Is(ctx.Err(), context.DeadlineExceeded) || wasKilled(err)
		v.took += took
		cancel()
		if err == nil && !v.byTime {
			continue
		}
		v.killed = true
		if test := failed.FindSubmatch(out); test != nil {
			v.by = string(test[1])
		} else if err != nil {
			line, _, _ := strings.Cut(string(out), "\n")
			v.by = fmt.Sprintf("%v: %s", err, line)
		}
		break
	}
	return v
}

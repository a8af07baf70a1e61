package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

//go:generate go test . -run ^TestPictures$ -rewrite

// orderly is a network in which nothing goes wrong, lossy one that only loses:
// what is not delivered within a tick is gone.
var (
	orderly = []string{"-preset", "no-data", "-loss", "off", "-duplicate", "off", "-reorder", "off"}
	lossy   = []string{"-preset", "no-data", "-delay", "1", "-duplicate", "off", "-reorder", "off", "-b-closes", "after-peer"}
)

// pictures maps each picture in docs/img/traces to its command.
var pictures = map[string][]string{
	"normal-close":        with(orderly, "check", "-witness", "normal-close"),
	"three-segment-close": with(orderly, "find", "a.before == FIN-WAIT-1 && a.state == TIME-WAIT", "-delayed-ack", "1"),
	"simultaneous-close":  {"check", "-preset", "no-data", "-witness", "simultaneous-close"},
	"half-close":          with(orderly, "find", "a.before == FIN-WAIT-2 && a.receives.text > 0", "-b-octets", "1"),
	"first-lost":          with(lossy, "find", "b.before == ESTABLISHED && b.receives.fin && a.rtx == 1"),
	"second-lost":         with(lossy, "find", "b.before == CLOSE-WAIT && b.receives.fin"),
	"third-lost":          with(lossy, "find", "a.before == FIN-WAIT-2 && a.receives.fin && b.rtx == 1"),
	"fourth-lost":         with(lossy, "find", "a.before == TIME-WAIT && a.receives.fin"),
	"short-time-wait":     {"check", "-preset", "no-data", "-time-wait", "1msl", "-properties", "quiet"},
	"two-generals":        {"check", "-preset", "no-data", "-properties", "agreement"},
	"overtaken":           {"check", "-preset", "no-data", "-properties", "quiet"},
}

// with is a command with further flags.
func with(flags []string, command ...string) []string {
	if command[0] == "find" { // the expression first
		return append(append(command[:2:2], flags...), command[2:]...)
	}
	return append(command, flags...)
}

// TestPictures draws docs/img/traces, and compares. 'go generate ./...' renews it.
func TestPictures(t *testing.T) {
	const dir = "../../docs/img/traces"
	for name, command := range pictures {
		var out, errs bytes.Buffer
		run(context.Background(), append(command, "-format", "svg"), &out, &errs)
		require.Empty(t, errs.String(), name)
		file := filepath.Join(dir, name+".svg")
		if *rewrite {
			require.NoError(t, os.MkdirAll(dir, 0o777))
			require.NoError(t, os.WriteFile(file, out.Bytes(), 0o666))
			continue
		}
		was, err := os.ReadFile(file)
		require.NoError(t, err)
		assert.Equal(t, string(was), out.String(), "%s is stale: 'go generate ./...' renews it", file)
	}
	files, err := filepath.Glob(dir + "/*.svg")
	require.NoError(t, err)
	assert.Len(t, files, len(pictures), "a picture in docs/img/traces that nothing draws")
}

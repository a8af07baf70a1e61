package command

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"tcpclose/internal/lang"
)

// engine is the package of the engine for the browser.
const engine = "tcpclose/cmd/tcpclose/internal/explorer/wasm"

// The errors where there is no Go, or not what it builds.
var (
	errNoGo     = errors.New("want Go, which builds the engine for the browser")
	errNoSource = errors.New("want the source of tcpclose: call it in a checkout")
)

// build returns Go's script that runs a program in the browser, and the engine,
// compressed.
func build(ctx context.Context) (script, text []byte, err error) {
	if _, err := exec.LookPath("go"); err != nil {
		return nil, nil, errNoGo
	}
	if _, err := call(ctx, nil, "list", engine); err != nil {
		return nil, nil, errNoSource
	}
	root, err := call(ctx, nil, "env", "GOROOT")
	if err != nil {
		return nil, nil, err
	}
	if script, err = os.ReadFile(filepath.Join(root, "lib", "wasm", "wasm_exec.js")); err != nil {
		return nil, nil, lang.Errorf("want Go's own file lib/wasm/wasm_exec.js: %w", err)
	}
	dir, err := os.MkdirTemp("", "tcpclose")
	if err != nil {
		return nil, nil, err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "engine.wasm")
	if _, err := call(ctx, []string{"GOOS=js", "GOARCH=wasm", "CGO_ENABLED=0"}, "build", "-ldflags=-s -w", "-o", file, engine); err != nil {
		return nil, nil, err
	}
	program, err := os.ReadFile(file)
	if err != nil {
		return nil, nil, err
	}
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // the level is one
	w.Write(program)                                      // to a buffer
	w.Close()
	return script, b.Bytes(), nil
}

// call runs Go, and returns the line that it writes.
func call(ctx context.Context, environment []string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Env = append(os.Environ(), environment...)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		line, _, _ := strings.Cut(strings.TrimSpace(errs.String()), "\n")
		return "", fmt.Errorf("go %s: %s", args[0], line)
	}
	return strings.TrimSpace(string(out)), nil
}

// Package layers has no code: its tests hold the order of the house.
package layers

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// layers lists the packages of the product from the ground up. A package imports
// only packages of the layers above its own in this list.
var layers = [][]string{
	// The languages in which everything explains.
	{"internal/lang", "internal/tier"},
	// What stands between two ends.
	{"internal/near"},
	{"box"},
	// The protocol; what needs no other package.
	{"model", "explore/ltl", "explore/internal/store", "explore/internal/scc", "internal/prose", "internal/layers", "stacks", "stacks/wire"},
	// The engine, and what a run of the model looks like.
	{"explore/internal/search", "trace", "internal/tier/cases", "mutate", "stacks/adapter", "capture", "sockets"},
	{"explore/internal/stategraph", "stacks/own", "stacks/adapter/adaptertest", "stacks/packetdrill", "stacks/peer", "observe", "capture/synthetic", "capture/record"},
	{"explore"},
	{"explore/product", "explore/digraph", "explore/internal/systems"},
	{"explore/partition"},
	{"explore/internal/naive", "bench/termbench"},
	// Statements about the model.
	{"invariants"},
	{"ask", "internal/join", "internal/naive"},
	// What is done with them: properties are checked, or something is measured.
	{"check"},
	{"survey", "stacks/schedule"},
	{"stacks/drive"},
	// What people see.
	{"profile", "graphviz", "bench", "bench/captures", "capture/ends"},
	{"claims", "stacks/profiles"},
	{"interop"},
	{"cmd/tcpclose/internal/screen", "cmd/tcpclose/internal/base", "cmd/tcpclose/internal/values"},
	{"cmd/tcpclose/internal/cli"},
	{"cmd/tcpclose/internal/explain", "cmd/tcpclose/internal/fields", "cmd/tcpclose/internal/heap", "cmd/tcpclose/internal/report", "cmd/tcpclose/internal/stackreport"},
	{"cmd/tcpclose/internal/explorer"},
	{"cmd/tcpclose/internal/explorer/page", "cmd/tcpclose/internal/explorer/serve", "cmd/tcpclose/internal/explorer/wasm"},
	{"cmd/tcpclose/internal/shortest"},
	{"cmd/tcpclose/internal/remarks"},
	{"cmd/tcpclose/internal/about", "cmd/tcpclose/internal/corpus"},
	{"cmd/tcpclose/internal/target"},
	{"cmd/tcpclose/internal/explorer/command", "cmd/tcpclose/verdicts"},
	{"cmd/tcpclose"},
	// Stacks on the bench.
	{"stacks/template", "stacks/own/serve", "stacks/template/golang"},
	{"stacks/packetdrill/play", "stacks/replay"},
	{"stacks/replay/confirm"},
}

// strangers are packages that must not depend on each other, however indirectly.
var strangers = [][2]string{
	{"model", "explore"},
	{"model", "explore/product"},
	{"trace", "invariants"},
	{"ask", "internal/join"},
	{"stacks/adapter", "model"},
}

// maxFiles limits the source files of a package, maxLines the lines of a
// function.
const (
	maxFiles = 20
	maxLines = 80
)

// A listed package is what these tests read of `go list -json`.
type listed struct {
	ImportPath string
	Dir        string
	GoFiles    []string
	Imports    []string
	Deps       []string
	Standard   bool

	TestImports, XTestImports []string
}

// packages returns the packages of the module, by their path within it.
func packages(t *testing.T) map[string]listed {
	t.Helper()
	cmd := exec.Command("go", "list", "-deps", "-json=ImportPath,Dir,GoFiles,Imports,Deps,Standard,TestImports,XTestImports", "tcpclose/...")
	out, err := cmd.Output()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		t.Fatalf("go list: %v\n%s", err, exit.Stderr)
	}
	require.NoError(t, err)
	all := map[string]listed{}
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		err := d.Decode(&p)
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		if name, ok := strings.CutPrefix(p.ImportPath, "tcpclose/"); ok {
			all[name] = p
		}
	}
	require.NotEmpty(t, all)
	return all
}

// floor returns the number of the layer that has the package.
func floor(name string) (int, bool) {
	for i, layer := range layers {
		if slices.Contains(layer, name) {
			return i, true
		}
	}
	return 0, false
}

func TestLayers(t *testing.T) {
	all := packages(t)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		at, ok := floor(name)
		if !assert.Truef(t, ok, "package %s is in no layer: add it to layers", name) {
			continue
		}
		for _, path := range all[name].Imports {
			imported, ours := strings.CutPrefix(path, "tcpclose/")
			if !ours {
				continue
			}
			below, _ := floor(imported)
			assert.Lessf(t, below, at, "%s imports %s, which does not stand below it", name, imported)
		}
	}
	for _, layer := range layers {
		for _, name := range layer {
			assert.Containsf(t, all, name, "layers names package %s, which does not exist", name)
		}
	}
}

func TestStrangers(t *testing.T) {
	all := packages(t)
	for _, pair := range strangers {
		for i := range pair {
			from, to := pair[i], pair[1-i]
			require.Contains(t, all, from)
			assert.NotContainsf(t, all[from].Deps, "tcpclose/"+to, "%s depends on %s", from, to)
		}
	}
}

// Tests that draw draw the same in each run of .ci/run.
func TestSeeds(t *testing.T) {
	draws := 0
	for name, p := range packages(t) {
		imports := append(p.TestImports, p.XTestImports...)
		if slices.Contains(imports, "pgregory.net/rapid") {
			draws++
			assert.Containsf(t, imports, "tcpclose/internal/tier", "tests of %s use rapid, so they import internal/tier, which has its seed", name)
		}
	}
	assert.NotZero(t, draws)
}

// model has a file for each section of the RFC.
var manyFiles = []string{"model"}

func TestFiles(t *testing.T) {
	for name, p := range packages(t) {
		if !slices.Contains(manyFiles, name) {
			assert.LessOrEqualf(t, len(p.GoFiles), maxFiles, "source files of package %s", name)
		}
	}
}

// long lists the functions that may have more lines, with the reason.
var long = map[string]string{
	"internal/naive/naive.go:SmallConfigs": "a table",
	"model/arrive.go:arrivesInOtherStates": "the steps of RFC 9293, 3.10.7.4, in their order",
}

func TestFunctions(t *testing.T) {
	used := map[string]bool{}
	for name, p := range packages(t) {
		for _, file := range p.GoFiles {
			fset := token.NewFileSet()
			f, err := parser.ParseFile(fset, filepath.Join(p.Dir, file), nil, parser.SkipObjectResolution)
			require.NoError(t, err)
			for _, d := range f.Decls {
				fn, ok := d.(*ast.FuncDecl)
				if !ok || fn.Body == nil {
					continue
				}
				lines := fset.Position(fn.End()).Line - fset.Position(fn.Pos()).Line + 1
				id := fmt.Sprintf("%s/%s:%s", name, file, fn.Name.Name)
				if lines > maxLines {
					used[id] = true
					assert.Containsf(t, long, id, "%d lines: at most %d", lines, maxLines)
				}
			}
		}
	}
	for id := range long {
		assert.Truef(t, used[id], "%s is no longer long: take it off the list", id)
	}
}

func TestMain(m *testing.M) {
	if err := os.Chdir("../.."); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

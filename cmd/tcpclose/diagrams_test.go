package main

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/cmd/tcpclose/internal/cli"
)

//go:generate go test . -run ^TestDiagrams$ -rewrite

// diagrams is the pictures of docs/img, by name, and what tcpclose makes them with.
var diagrams = []struct{ name, args string }{
	{"endpoint", "graph -view endpoint -preset no-data"},
	{"endpoint-notes", "graph -view endpoint -preset notes"},
	{"endpoint-open", "graph -view endpoint -preset open"},
	{"endpoint-abort", "graph -view endpoint -preset abort -reasons"},
	{"endpoint-fault", "graph -view endpoint -preset no-data -fault no-time-wait"},
	{"states-notes", "graph -preset notes"},
	{"states-quiet", "graph -preset no-data -path quiet"},
	{"full", "graph -view full -preset notes -a-octets 0 -b-octets 0 -msl 1 -rto 4"},
}

const imgDir = "../../docs/img"

// TestDiagrams draws the pictures and compares the DOT. The SVG depends on Graphviz's
// version and is drawn only with -rewrite, but it names the DOT that it was made from.
func TestDiagrams(t *testing.T) {
	known := map[string]bool{}
	for _, d := range diagrams {
		known[d.name+".dot"], known[d.name+".svg"] = true, true
		t.Run(d.name, func(t *testing.T) {
			var text, errs bytes.Buffer
			require.Equal(t, cli.OK, run(t.Context(), strings.Fields(d.args), &text, &errs), errs.String())
			base := filepath.Join(imgDir, d.name)
			of := fmt.Sprintf("<!-- made by 'tcpclose %s | dot -Tsvg' of SHA-256 %x -->\n", d.args, sha256.Sum256(text.Bytes()))
			if *rewrite {
				cmd := exec.CommandContext(t.Context(), "dot", "-Tsvg")
				cmd.Stdin = bytes.NewReader(text.Bytes())
				svg, err := cmd.Output()
				require.NoError(t, err, "dot is needed: apt-get install graphviz")
				require.NoError(t, os.MkdirAll(imgDir, 0o777))
				require.NoError(t, os.WriteFile(base+".dot", text.Bytes(), 0o666))
				require.NoError(t, os.WriteFile(base+".svg", append(svg, of...), 0o666))
			}
			dot, err := os.ReadFile(base + ".dot")
			require.NoError(t, err)
			assert.Equal(t, text.String(), string(dot), "docs/img/%s.dot is stale: 'go generate ./cmd/tcpclose' renews it", d.name)
			svg, err := os.ReadFile(base + ".svg")
			require.NoError(t, err)
			assert.True(t, strings.HasSuffix(string(svg), of), "docs/img/%s.svg is stale: 'go generate ./cmd/tcpclose' renews it", d.name)
		})
	}
	for _, pattern := range []string{"endpoint*", "states*", "full*"} {
		files, err := filepath.Glob(filepath.Join(imgDir, pattern))
		require.NoError(t, err)
		for _, f := range files {
			assert.True(t, known[filepath.Base(f)], "%s is nobody's: remove it", f)
		}
	}
}

package page

import (
	"crypto/sha256"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var rewrite = flag.Bool("rewrite", false, "rewrite the checksum of the sources, after a build")

// sum returns the checksum of what the page is built from.
func sum(t *testing.T) string {
	root := filepath.Join("..", "..", "..", "..", "..", "web")
	files := []string{"index.html", "package.json", "package-lock.json", "tsconfig.json", "vite.config.ts"}
	err := filepath.WalkDir(filepath.Join(root, "src"), func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			name, _ := filepath.Rel(root, path)
			files = append(files, filepath.ToSlash(name))
		}
		return err
	})
	require.NoError(t, err)
	slices.Sort(files)
	h := sha256.New()
	for _, name := range files {
		text, err := os.ReadFile(filepath.Join(root, name))
		require.NoError(t, err)
		fmt.Fprintf(h, "%s %d\n%s\n", name, len(text), text)
	}
	return fmt.Sprintf("%x\n", h.Sum(nil))
}

// The page was built from the sources as they are; CI builds it again and compares.
func TestPage_Sources(t *testing.T) {
	if *rewrite {
		require.NoError(t, os.WriteFile("sources.sha256", []byte(sum(t)), 0o644))
		return
	}
	assert.Equal(t, sum(t), Sum, "the sources have changed: in web, npm ci && npm run build; then go test ./cmd/tcpclose/internal/explorer/page -rewrite")
}

// The page is small, and nothing in it is fetched from elsewhere.
func TestPage_Alone(t *testing.T) {
	assert.Less(t, len(HTML), 150_000)
	text := string(HTML)
	assert.NotRegexp(t, regexp.MustCompile(`(src|href)="(https?:)?/`), text)
	assert.Contains(t, text, "default-src 'none'")
	assert.Equal(t, 1, strings.Count(text, "<script"), "one script, which is in the page")
	assert.Contains(t, text, "The engine is being loaded", "there is something to read before")
}

func TestWithEngine(t *testing.T) {
	text := string(WithEngine([]byte("class Go {}"), []byte{1, 2, 3}))
	assert.Contains(t, text, `<script type="text/plain" id="engine-js">class Go {}</script>`)
	assert.Contains(t, text, `<script type="text/plain" id="engine-wasm">AQID</script>`)
	assert.True(t, strings.HasSuffix(strings.TrimSpace(text), "</html>"))
}

// Package page has the page of the explorer, as web/ builds it: one file, of text.
package page

import (
	"bytes"
	_ "embed"
	"encoding/base64"
)

// HTML is the page. Where a server gives it, it asks that server.
//
//go:embed index.html
var HTML []byte

// Sum is the checksum of the sources from which it was built.
//
//go:embed sources.sha256
var Sum string

// WithEngine returns the page with the engine in it: what Go's wasm_exec.js is, and the
// engine for js/wasm, compressed by gzip.
func WithEngine(script, engine []byte) []byte {
	at := bytes.LastIndex(HTML, []byte("</body>"))
	var b bytes.Buffer
	b.Write(HTML[:at])
	b.WriteString("<script type=\"text/plain\" id=\"engine-js\">")
	b.Write(script)
	b.WriteString("</script>\n<script type=\"text/plain\" id=\"engine-wasm\">")
	b.WriteString(base64.StdEncoding.EncodeToString(engine))
	b.WriteString("</script>\n")
	b.Write(HTML[at:])
	return b.Bytes()
}

package explorer

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var rewrite = flag.Bool("rewrite", false, "rewrite web/src/api.ts")

// The page's types are those of types.go.
func TestTypeScript(t *testing.T) {
	file := filepath.Join("..", "..", "..", "..", "web", "src", "api.ts")
	want := typeScript()
	if *rewrite {
		require.NoError(t, os.WriteFile(file, []byte(want), 0o644))
	}
	is, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, want, string(is), "go test ./cmd/tcpclose/internal/explorer -run TestTypeScript -rewrite")
}

// typeScript returns the API in TypeScript.
func typeScript() string {
	w := writer{known: map[string]bool{}}
	var methods strings.Builder
	for i := range Methods {
		m := &Methods[i]
		fmt.Fprintf(&methods, "  %s: { request: %s; result: %s };\n", m.Name, w.of(reflect.TypeOf(m.Request)), w.of(reflect.TypeOf(m.Result)))
	}
	w.of(reflect.TypeOf(Message{}))
	return "// Made from types.go by 'go test ./cmd/tcpclose/internal/explorer -run TestTypeScript -rewrite'.\n" +
		w.text.String() + "\nexport type Methods = {\n" + methods.String() + "};\n"
}

// A writer writes types, each once.
type writer struct {
	known map[string]bool
	text  strings.Builder
}

func (w *writer) of(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "string"
	case reflect.Bool:
		return "boolean"
	case reflect.Int, reflect.Int64, reflect.Float64:
		return "number"
	case reflect.Interface:
		return "unknown"
	case reflect.Pointer:
		return w.of(t.Elem())
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			return "string" // base64
		}
		return w.of(t.Elem()) + "[]"
	case reflect.Array:
		return "[" + strings.TrimSuffix(strings.Repeat(w.of(t.Elem())+", ", t.Len()), ", ") + "]"
	case reflect.Map:
		return "Record<string, " + w.of(t.Elem()) + ">"
	}
	if w.known[t.Name()] {
		return t.Name()
	}
	w.known[t.Name()] = true
	fields := w.fields(t)
	fmt.Fprintf(&w.text, "\nexport type %s = {\n%s};\n", t.Name(), fields)
	return t.Name()
}

func (w *writer) fields(t reflect.Type) (text string) {
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous {
			text += w.fields(f.Type)
			continue
		}
		name, optional, _ := strings.Cut(f.Tag.Get("json"), ",")
		if optional != "" {
			name += "?"
		}
		of := w.of(f.Type)
		if t.Name() == "CheckRequest" && f.Name == "Properties" {
			of += " | null"
		}
		text += fmt.Sprintf("  %s: %s;\n", name, of)
	}
	return text
}

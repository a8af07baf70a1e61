package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/internal/lang"
)

// sayers maps the functions that say something in a language to the argument that is the
// message.
var sayers = map[string]int{
	"Say": 0, "say": 0, "put": 1, "Errorf": 0, "Want": 0, "Argument": 1, "wantWords": 1, "misread": 1, "misreadAt": 1,
	"wrong": 1, "fail": 0, "invalid": 0, "errorf": 0,
}

// Every message in the source is in the catalogue.
func TestCatalogue_Source(t *testing.T) {
	root := filepath.Join("..", "..")
	for _, dir := range []string{
		"ask", "box", "capture", "claims", "cmd/tcpclose", "model", "profile", "sockets", "stacks", "stacks/drive", "survey", "trace",
	} {
		err := filepath.WalkDir(filepath.Join(root, dir), func(path string, d os.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case d.IsDir() && path != filepath.Join(root, dir) && dir != "cmd/tcpclose":
				return filepath.SkipDir
			case d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
				return nil
			}
			inSource(t, path)
			return nil
		})
		require.NoError(t, err)
	}
}

// inSource looks up the messages of a file.
func inSource(t *testing.T, path string) {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, path, nil, 0)
	require.NoError(t, err)
	ast.Inspect(file, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		name, of := called(call)
		at, says := sayers[name]
		if !says || name == "Errorf" && of != "lang" || name == "invalid" && !strings.Contains(path, "model") || len(call.Args) <= at {
			return true
		}
		if len(call.Args) >= 2 && at == 0 && name == "say" && isText(call.Args[1]) && hasChinese(text(call.Args[1])) {
			return true // English and Chinese side by side
		}
		for _, message := range messages(call.Args[at]) {
			if name == "Want" || name == "Argument" || name == "wantWords" {
				message = "want " + message
			}
			if hasWord(message) && !hasChinese(message) {
				assert.True(t, lang.Knows(message), "%s: %q is not in internal/lang", files.Position(call.Pos()), message)
			}
		}
		return true
	})
}

// called returns the name of the function that is called, and of its package or receiver.
func called(call *ast.CallExpr) (name, of string) {
	switch f := call.Fun.(type) {
	case *ast.Ident:
		return f.Name, ""
	case *ast.SelectorExpr:
		if x, ok := f.X.(*ast.Ident); ok {
			of = x.Name
		}
		return f.Sel.Name, of
	}
	return "", ""
}

// messages returns the texts that an expression is written with: of a table all of them.
func messages(e ast.Expr) (list []string) {
	switch e := e.(type) {
	case *ast.BasicLit:
		list = append(list, text(e))
	case *ast.IndexExpr:
		if table, ok := e.X.(*ast.CompositeLit); ok {
			for _, element := range table.Elts {
				if pair, ok := element.(*ast.KeyValueExpr); ok {
					element = pair.Value
				}
				list = append(list, messages(element)...)
			}
		}
	}
	return list
}

func isText(e ast.Expr) bool {
	l, ok := e.(*ast.BasicLit)
	return ok && l.Kind == token.STRING
}

func text(e ast.Expr) string {
	if !isText(e) {
		return ""
	}
	s, _ := strconv.Unquote(e.(*ast.BasicLit).Value)
	return s
}

func hasChinese(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r > 0x2e80 })
}

// hasWord reports whether a message has a word beside its verbs and names.
func hasWord(message string) bool {
	return slices.ContainsFunc(anyWord.FindAllString(verbs.ReplaceAllString(message, " "), -1), func(word string) bool {
		return len(word) > 1 && strings.ToUpper(word) != word
	})
}

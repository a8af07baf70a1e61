package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
)

// A source is a package as it stands.
type source struct {
	dir   string // as the command line names it
	path  string // of imports
	fset  *token.FileSet
	files []*file
	info  *types.Info
	types *types.Package
	from  types.Importer
}

// A file is a file of a package.
type file struct {
	name string // with its directory
	path string // absolute
	text []byte
	tree *ast.File
}

// listed contains what go list says about a package.
type listed struct {
	ImportPath, Dir, Name, Export string
	GoFiles                       []string
}

// load reads the package in dir, and the types of what it imports.
func load(dir string) (*source, error) {
	cmd := exec.Command("go", "list", "-export", "-deps", "-json=ImportPath,Dir,Name,Export,GoFiles", "./"+dir)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	text, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w\n%s", err, &errs)
	}
	exports := map[string]string{}
	var last listed // -deps lists the package itself after what it imports
	for d := json.NewDecoder(bytes.NewReader(text)); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, fmt.Errorf("go list: %w", err)
		}
		exports[p.ImportPath] = p.Export
		last = p
	}
	s := &source{dir: dir, path: last.ImportPath, fset: token.NewFileSet()}
	s.from = importer.ForCompiler(s.fset, "gc", func(path string) (io.ReadCloser, error) {
		return os.Open(exports[path])
	})
	for _, name := range last.GoFiles {
		f := &file{name: filepath.ToSlash(filepath.Join(dir, name)), path: filepath.Join(last.Dir, name)}
		if f.text, err = os.ReadFile(f.path); err != nil {
			return nil, err
		}
		if f.tree, err = parser.ParseFile(s.fset, f.path, f.text, parser.ParseComments); err != nil {
			return nil, err
		}
		s.files = append(s.files, f)
	}
	s.info = &types.Info{Types: map[ast.Expr]types.TypeAndValue{}}
	var trees []*ast.File
	for _, f := range s.files {
		trees = append(trees, f.tree)
	}
	if s.types, err = (&types.Config{Importer: s.from}).Check(s.path, s.fset, trees, s.info); err != nil {
		return nil, err
	}
	return s, nil
}

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
)

// A mutated package is one with its mutants written into it.
type mutated struct {
	*source
	mutants []*mutant // those that compile
	left    int       // how many do not
	highest int       // the highest id
	overlay string    // the file for -overlay
}

// write writes all mutants of a package, for the compiler to read from directory temp.
func write(s *source, temp string) (*mutated, error) {
	const switchesFile = "mutant_switches.go"
	left := map[int]bool{}
	all, texts := s.mutants(left)
	extra := switches(s.types.Name())
	for {
		before := len(left)
		if err := s.check(texts, extra, all, left); err != nil {
			return nil, err
		}
		if len(left) == before {
			break
		}
		all, texts = s.mutants(left)
	}
	m := &mutated{source: s, left: len(left), highest: len(all), overlay: filepath.Join(temp, "overlay.json")}
	for _, each := range all {
		if !left[each.id] {
			m.mutants = append(m.mutants, each)
		}
	}
	replace := map[string]string{}
	add := func(path string, text []byte) error {
		to := filepath.Join(temp, filepath.Base(path))
		replace[path] = to
		return os.WriteFile(to, text, 0o666)
	}
	for i, f := range s.files {
		if err := add(f.path, texts[i]); err != nil {
			return nil, err
		}
	}
	if err := add(filepath.Join(filepath.Dir(s.files[0].path), switchesFile), extra); err != nil {
		return nil, err
	}
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return nil, err
	}
	return m, os.WriteFile(m.overlay, text, 0o666)
}

// check leaves out the mutants in lines that do not compile. No mutant adds a line.
func (s *source) check(texts [][]byte, extra []byte, all []*mutant, left map[int]bool) error {
	fset := token.NewFileSet()
	var trees []*ast.File
	for i, text := range append(texts[:len(texts):len(texts)], extra) {
		name := "switches"
		if i < len(s.files) {
			name = s.files[i].name
		}
		tree, err := parser.ParseFile(fset, name, text, parser.SkipObjectResolution)
		if err != nil {
			return fmt.Errorf("an error of this program: %w", err)
		}
		trees = append(trees, tree)
	}
	var wrong []types.Error
	config := types.Config{Importer: s.from, Error: func(err error) {
		var each types.Error
		if errors.As(err, &each) {
			wrong = append(wrong, each)
		}
	}}
	if _, err := config.Check(s.path, fset, trees, nil); err == nil {
		return nil
	}
	before := len(left)
	for _, err := range wrong {
		at := fset.Position(err.Pos)
		for _, m := range all {
			if m.file == at.Filename && m.line == at.Line {
				left[m.id] = true
			}
		}
	}
	if len(left) == before {
		return fmt.Errorf("an error of this program: %w", wrong[0])
	}
	return nil
}

package ask

import (
	"fmt"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"

	"tcpclose/explore/ltl"
	"tcpclose/invariants"
)

// A connective makes a formula of formulas. In a text it is written as a call.
type connective struct {
	names    []string
	operands int
	of       func([]ltl.Formula) ltl.Formula
}

// connectives lists those of LTL, with the names and the letters that are usual.
var connectives = []connective{
	{[]string{"always", "G"}, 1, func(f []ltl.Formula) ltl.Formula { return ltl.Always(f[0]) }},
	{[]string{"eventually", "F"}, 1, func(f []ltl.Formula) ltl.Formula { return ltl.Eventually(f[0]) }},
	{[]string{"next", "X"}, 1, func(f []ltl.Formula) ltl.Formula { return ltl.Next(f[0]) }},
	{[]string{"until", "U"}, 2, func(f []ltl.Formula) ltl.Formula { return ltl.Until(f[0], f[1]) }},
	{[]string{"release", "R"}, 2, func(f []ltl.Formula) ltl.Formula { return ltl.Release(f[0], f[1]) }},
	{[]string{"implies"}, 2, func(f []ltl.Formula) ltl.Formula { return ltl.Implies(f[0], f[1]) }},
}

// Connectives lists how the connectives of formulas are written.
func Connectives() (list []string) {
	for _, c := range connectives {
		operands := strings.TrimSuffix(strings.Repeat("P, ", c.operands), ", ")
		if c.operands == 2 {
			operands = "P, Q"
		}
		for _, name := range c.names {
			list = append(list, name+"("+operands+")")
		}
	}
	return list
}

// Formula returns the property that a formula of LTL is true of every run, if runs
// are as all Assumptions say. The formula is written with Connectives and &&, ||
// and !; what stands between them are questions. One that is about an event is
// true where that is the next step.
func Formula(text string) (*invariants.Property, error) {
	if at := strings.IndexAny(text, ">"); at > 0 && strings.ContainsAny(text[at-1:at], "-=") {
		return nil, fmt.Errorf("expression %q, %w", oneLine(text), &misreading{at, text[at-1:at+1] + ": want implies(P, Q)"})
	}
	tree, err := parse(text)
	if err != nil {
		return nil, err
	}
	r := formulaReader{}
	f, err := r.read(tree.Node, 0)
	if err != nil {
		return nil, fmt.Errorf("expression %q, %w", oneLine(text), err)
	}
	p := ofRuns(strings.TrimSpace(oneLine(text)), "This is true of every run.", nil, nil, f)
	if p.Err != nil {
		return nil, p.Err
	}
	return p, nil
}

// A viewed formula is one as a side sees it.
type viewed = func(invariants.View) ltl.Formula

// A formulaReader reads formulas. It has the questions that were met, each once.
type formulaReader struct {
	texts []string
	cases []alternativeConditions
}

func (r *formulaReader) read(n ast.Node, depth int) (viewed, error) {
	if depth++; depth > maxDepth {
		return nil, misread(n, "want less nesting")
	}
	switch n := n.(type) {
	case *ast.CallNode:
		name := n.Callee.String()
		for _, c := range connectives {
			if slices.Contains(c.names, name) {
				if len(n.Arguments) != c.operands {
					return nil, misread(n, "%s of %d: want %d", name, len(n.Arguments), c.operands)
				}
				return r.combine(c.of, depth, n.Arguments...)
			}
		}
		return nil, misread(n, "%s: want %s", name, strings.Join(Connectives(), ", "))
	case *ast.UnaryNode:
		if n.Operator == "!" || n.Operator == "not" {
			return r.combine(func(f []ltl.Formula) ltl.Formula { return ltl.Not(f[0]) }, depth, n.Node)
		}
	case *ast.BinaryNode:
		switch n.Operator {
		case "&&", "and":
			return r.combine(func(f []ltl.Formula) ltl.Formula { return ltl.And(f...) }, depth, n.Left, n.Right)
		case "||", "or":
			return r.combine(func(f []ltl.Formula) ltl.Formula { return ltl.Or(f...) }, depth, n.Left, n.Right)
		}
	}
	return r.atom(n)
}

func (r *formulaReader) combine(of func([]ltl.Formula) ltl.Formula, depth int, nodes ...ast.Node) (viewed, error) {
	var parts []viewed
	for _, n := range nodes {
		f, err := r.read(n, depth)
		if err != nil {
			return nil, err
		}
		parts = append(parts, f)
	}
	return func(view invariants.View) ltl.Formula {
		var fs []ltl.Formula
		for _, f := range parts {
			fs = append(fs, f(view))
		}
		return of(fs)
	}, nil
}

// atom reads a question.
func (r *formulaReader) atom(n ast.Node) (viewed, error) {
	text := n.String()
	at := slices.Index(r.texts, text)
	if at < 0 {
		q, err := about(n)
		if err != nil {
			return nil, err
		}
		list, err := q.Conditions()
		if err != nil {
			return nil, misread(n, "%v", err)
		}
		at = len(r.texts)
		r.texts, r.cases = append(r.texts, text), append(r.cases, list)
	}
	list := r.cases[at]
	return list.seenBy, nil
}

package ask

import (
	"fmt"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/vm"

	"tcpclose/invariants"
)

// A Conjunct is one of the expressions that a question joins by &&, as a state or a
// step has it.
type Conjunct struct {
	Text   string
	True   bool
	Values []TermValue // of the terms in it, in the order of their names
}

// A TermValue is the value of a term: as a question writes it.
type TermValue struct{ Name, Value string }

// IsAboutSteps reports whether the question is about what happens in a step.
func (q *Question) IsAboutSteps() bool { return q.kind != 0 }

// Explain returns whether the question is true of a state or step, and what each of its
// conjuncts is there.
func (q *Question) Explain(s *invariants.Snapshot) (answer bool, parts []Conjunct, err error) {
	if err := q.err(); err != nil {
		return false, nil, err
	}
	tree, err := closes().parse(q.Text)
	if err != nil {
		return false, nil, err
	}
	r := reader{vocabulary: closes()}
	if err := r.read(&tree.Node, 0); err != nil {
		return false, nil, err
	}
	facts := factsOf(s, true)
	for _, n := range conjuncts(tree.Node) {
		program, err := r.program(n)
		if err != nil {
			return false, nil, err
		}
		c := Conjunct{Text: strings.ReplaceAll(n.String(), `"`, ""), True: holds(program, facts)}
		if c.Values, err = r.valuesIn(n, facts); err != nil {
			return false, nil, err
		}
		parts = append(parts, c)
	}
	return q.in(s), parts, nil
}

// conjuncts returns what n joins by &&.
func conjuncts(n ast.Node) []ast.Node {
	if b, ok := n.(*ast.BinaryNode); ok && (b.Operator == "&&" || b.Operator == "and") {
		return append(conjuncts(b.Left), conjuncts(b.Right)...)
	}
	return []ast.Node{n}
}

// valuesIn returns the values of the terms of n.
func (r *reader) valuesIn(n ast.Node, facts *Facts) (list []TermValue, err error) {
	found := &termNodes{vocabulary: r.vocabulary, nodes: map[string]ast.Node{}}
	ast.Walk(&n, found)
	var names []string
	for name := range found.nodes {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		program, err := r.values([]ast.Node{found.nodes[name]})
		if err != nil {
			return nil, err
		}
		out, err := vm.Run(program, facts)
		if err != nil {
			return nil, err
		}
		value := fmt.Sprint(out.([]any)[0])
		list = append(list, TermValue{name, strings.Trim(value, "[]")})
	}
	return list, nil
}

// termNodes collects the terms of an expression.
type termNodes struct {
	*vocabulary
	nodes map[string]ast.Node
}

func (t *termNodes) Visit(n *ast.Node) {
	if !t.isTerm(*n) {
		return
	}
	if name, err := t.path(*n); err == nil {
		if _, known := t.terms[name]; known {
			t.nodes[name] = *n
		}
	}
}

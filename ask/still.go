package ask

import (
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"
)

// still evaluates an expression about a step in which nothing happens at an end in this
// connection state. What else the end is like it does not know.
type still string

// An answer may be unknown.
type answer uint8

const (
	unknownAnswer answer = iota
	no
	yes
)

// truth returns whether n is true.
func (s still) truth(n ast.Node) answer {
	switch v := s.value(n).(type) {
	case bool:
		if v {
			return yes
		}
		return no
	}
	return unknownAnswer
}

// value returns what n is, or nil if that is not known.
func (s still) value(n ast.Node) any {
	switch n := n.(type) {
	case *ast.IntegerNode:
		return n.Value
	case *ast.BoolNode:
		return n.Value
	case *ast.StringNode:
		return n.Value
	case *ast.MemberNode:
		return s.term(n)
	case *ast.UnaryNode:
		switch v := s.value(n.Node).(type) {
		case bool:
			return !v
		case int:
			if n.Operator == "-" {
				return -v
			}
			return v
		}
	case *ast.ConditionalNode:
		switch s.truth(n.Cond) {
		case yes:
			return s.value(n.Exp1)
		case no:
			return s.value(n.Exp2)
		}
	case *ast.BinaryNode:
		return s.binary(n)
	}
	return nil
}

// term returns the value of a term: of what happens, that nothing does.
func (s still) term(n ast.Node) any {
	name, err := closes().path(n)
	t, ok := closes().terms[name]
	switch {
	case err != nil || !ok:
		return nil
	case strings.HasPrefix(name, "box.") && !t.Event:
		return nil
	case strings.HasSuffix(name, ".state"), strings.HasSuffix(name, ".before"):
		return string(s)
	case !t.Event:
		return nil
	case t.Type == "true or false":
		return false
	case t.Type == "number":
		return 0
	case t.Type == t.words+"s":
		return []string{}
	}
	return ""
}

func (s still) binary(n *ast.BinaryNode) any {
	switch n.Operator {
	case "&&", "and":
		return both(s.truth(n.Left), s.truth(n.Right), no, false)
	case "||", "or":
		return both(s.truth(n.Left), s.truth(n.Right), yes, true)
	case "in":
		return s.in(n)
	}
	left, right := s.value(n.Left), s.value(n.Right)
	if left == nil || right == nil {
		return nil
	}
	switch n.Operator {
	case "==":
		return left == right
	case "!=":
		return left != right
	}
	l, ok := left.(int)
	r, ok2 := right.(int)
	if !ok || !ok2 {
		return nil
	}
	switch n.Operator {
	case "<":
		return l < r
	case "<=":
		return l <= r
	case ">":
		return l > r
	case ">=":
		return l >= r
	case "+":
		return l + r
	case "-":
		return l - r
	case "*":
		return l * r
	}
	return nil
}

// both returns the value of && or ||, of which one operand decides if it has that answer.
func both(left, right, decides answer, is bool) any {
	switch {
	case left == decides || right == decides:
		return is
	case left == unknownAnswer || right == unknownAnswer:
		return nil
	}
	return !is
}

func (s still) in(n *ast.BinaryNode) any {
	left := s.value(n.Left)
	if list, ok := n.Right.(*ast.ArrayNode); ok && left != nil {
		return slices.ContainsFunc(list.Nodes, func(n ast.Node) bool { return s.value(n) == left })
	}
	if list, ok := s.value(n.Right).([]string); ok && len(list) == 0 {
		return false
	}
	return nil
}

package ask

import (
	"slices"

	"github.com/expr-lang/expr/ast"
)

// A kind is what a part of an expression has for a value.
type kind uint8

const (
	truth kind = iota
	number
	word
	list
)

func (k kind) String() string {
	return [...]string{"true or false", "a number", "a word", "a list"}[k]
}

// wellTyped reports what is wrong with an expression whose operands do not fit its
// operators, in words of this language; the library's checker has the names of Go's
// types. It wants true or false.
func (v *vocabulary) wellTyped(n ast.Node) error {
	k, err := v.kindOf(n)
	if err == nil && k != truth {
		err = misreadAt(1, "want something that is true or false, as %s; this is %s", v.example, k)
	}
	return err
}

// kindOf returns the kind of a node that a reader has read.
func (v *vocabulary) kindOf(n ast.Node) (kind, error) {
	switch n := n.(type) {
	case *ast.IntegerNode:
		return number, nil
	case *ast.BoolNode:
		return truth, nil
	case *ast.StringNode:
		return word, nil
	case *ast.ArrayNode:
		return list, nil
	case *ast.IdentifierNode, *ast.MemberNode:
		return v.kindOfTerm(n)
	case *ast.UnaryNode:
		if n.Operator == "!" || n.Operator == "not" {
			return truth, v.wants(n.Operator, n.Node, truth)
		}
		return number, v.wants(n.Operator, n.Node, number)
	case *ast.ConditionalNode:
		if err := v.wants("?", n.Cond, truth); err != nil {
			return truth, err
		}
		if _, err := v.kindOf(n.Exp2); err != nil {
			return truth, err
		}
		return v.kindOf(n.Exp1)
	case *ast.BinaryNode:
		return v.kindOfBinary(n)
	}
	return truth, nil // the reader has refused all others
}

func (v *vocabulary) kindOfTerm(n ast.Node) (kind, error) {
	name, err := v.path(n)
	if err != nil {
		return truth, err
	}
	switch t := v.terms[name]; {
	case t.Type == "true or false":
		return truth, nil
	case t.Type == "number":
		return number, nil
	case t.Type != t.words:
		return list, nil
	}
	return word, nil
}

func (v *vocabulary) kindOfBinary(n *ast.BinaryNode) (kind, error) {
	both := func(of kind) error {
		if err := v.wants(n.Operator, n.Left, of); err != nil {
			return err
		}
		return v.wants(n.Operator, n.Right, of)
	}
	switch {
	case slices.Contains([]string{"&&", "and", "||", "or"}, n.Operator):
		return truth, both(truth)
	case slices.Contains([]string{"+", "-", "*"}, n.Operator):
		return number, both(number)
	case slices.Contains([]string{"<", "<=", ">", ">="}, n.Operator):
		return truth, both(number)
	}
	left, err := v.kindOf(n.Left)
	if err != nil {
		return truth, err
	}
	right, err := v.kindOf(n.Right)
	switch {
	case err != nil:
	case n.Operator == "in" && right != list:
		err = misread(n.Right, "%s is %s: want a list behind in, as [1, 2]", spelling(n.Right), right)
	case n.Operator == "in" && left == truth:
		err = misread(n.Left, "%s is true or false: want a number or a word before in", spelling(n.Left))
	case n.Operator != "in" && left != right:
		err = unlike(n, left, right)
	}
	return truth, err
}

// unlike says what is wrong with a comparison of two kinds.
func unlike(n *ast.BinaryNode, left, right kind) error {
	is, other, k := n.Left, n.Right, right
	if right == truth {
		is, other, k = n.Right, n.Left, left
	}
	if _, literal := is.(*ast.BoolNode); literal || left != truth && right != truth {
		return misread(n, "%s is %s, and %s %s: %s wants two of a kind", spelling(n.Left), left, spelling(n.Right), right, n.Operator)
	}
	return misread(n, "%s is true or false, and %s %s: want %s or !%s alone", spelling(is), spelling(other), k, spelling(is), spelling(is))
}

// wants reports an operand of another kind than its operator wants.
func (v *vocabulary) wants(operator string, n ast.Node, want kind) error {
	k, err := v.kindOf(n)
	if err != nil || k == want {
		return err
	}
	text := spelling(n)
	if want == truth && k == number {
		return misread(n, "%s is a number: %s wants true or false, as %s > 0", text, operator, text)
	}
	return misread(n, "%s is %s: %s wants %s", text, k, operator, want)
}

// spelling returns a part of an expression as it is repeated.
func spelling(n ast.Node) string { return shortened(n.String()) }

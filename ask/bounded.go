package ask

import (
	"fmt"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"

	"tcpclose/explore"
	"tcpclose/model"
)

// In a network without capacity (see internal/join) nothing is lost and each delivery
// leaves a copy. What a case of a question asks there can be decided if it grows with what
// is in transit, or asks whether nothing is; and if it cannot be true of a loss alone, since
// losses are left out.

// bounded returns why a case, a condition on each part, cannot be asked where there is no
// capacity; "" if it can.
func (q *Question) bounded(parts [numPlaces]ast.Node) string {
	for _, side := range model.Sides {
		n := parts[netPlace(side)]
		if n == nil {
			continue
		}
		d := &direction{}
		d.truth(n, true)
		switch {
		case d.why != "":
			return d.why
		case d.emptiness != "" && q.kind == explore.Steps:
			return d.emptiness + " asks for emptiness in a step: want a question about states, without what happens"
		case d.emptiness != "" && d.grows:
			return d.emptiness + " asks for emptiness beside packets in the same direction: want one of them"
		}
	}
	if q.kind == explore.Steps && stillHolds(parts) {
		return "it can be true when the network loses something and neither end does anything, and losses are left out: want what an end does"
	}
	return ""
}

// A direction follows how a condition on a direction of the network goes with what is in
// transit.
type direction struct {
	grows     bool   // with some number of packets, or with a copy that is delivered
	emptiness string // the term of which nothing is asked for
	why       string // it goes neither way
}

func (d *direction) refuse(term, format string) {
	if d.why == "" {
		d.why = fmt.Sprintf(format, term)
	}
}

// truth reads what has to be true, or false.
func (d *direction) truth(n ast.Node, is bool) {
	if len(netTerms(n)) == 0 {
		return
	}
	switch n := n.(type) {
	case *ast.UnaryNode:
		if n.Operator == "!" || n.Operator == "not" {
			d.truth(n.Node, !is)
			return
		}
	case *ast.MemberNode: // a term that is true or false
		d.term(n, is)
		return
	case *ast.BinaryNode:
		switch n.Operator {
		case "&&", "and", "||", "or":
			d.truth(n.Left, is)
			d.truth(n.Right, is)
			return
		case "<", "<=", ">", ">=":
			d.compare(n, is)
			return
		case "==", "!=":
			d.equal(n, is)
			return
		}
	}
	d.refuse(strings.Join(netTerms(n), ", "), "%s in an expression that neither counts from below nor asks for emptiness")
}

// term reads a term that counts, or is true, from below or from above.
func (d *direction) term(n ast.Node, below bool) {
	name, _ := closes().path(n)
	switch {
	case strings.Contains(name, ".loses."):
		d.refuse(name, "%s is about a loss, and losses are left out")
	case strings.HasSuffix(name, ".spare"):
		d.refuse(name, "%s: that a packet is a copy depends on what was lost")
	case !below && strings.Contains(name, ".copies."):
		d.refuse(name, "%s is asked not to be: each delivery leaves a copy")
	case !below:
		d.refuse(name, "%s is counted from above: want it counted from below (>=), or emptiness (== 0)")
	default:
		d.grows = true
	}
}

// terms reads the terms of a number.
func (d *direction) terms(n ast.Node, below bool) {
	switch n := n.(type) {
	case *ast.MemberNode:
		if len(netTerms(n)) > 0 {
			d.term(n, below)
		}
	case *ast.UnaryNode:
		d.terms(n.Node, below != (n.Operator == "-"))
	case *ast.BinaryNode:
		switch {
		case n.Operator == "+":
			d.terms(n.Left, below)
			d.terms(n.Right, below)
		case n.Operator == "-":
			d.terms(n.Left, below)
			d.terms(n.Right, !below)
		case len(netTerms(n)) > 0:
			d.refuse(strings.Join(netTerms(n), ", "), "%s in a product: want it counted by itself")
		}
	default:
		if len(netTerms(n)) > 0 {
			d.refuse(strings.Join(netTerms(n), ", "), "%s in ?: has to be counted by itself")
		}
	}
}

// compare reads a comparison by order.
func (d *direction) compare(n *ast.BinaryNode, is bool) {
	more, less, orEqual := n.Left, n.Right, strings.HasSuffix(n.Operator, "=")
	if n.Operator[0] == '<' {
		more, less = less, more
	}
	if !is {
		more, less, orEqual = less, more, !orEqual
	}
	// It says more > less, or more >= less.
	if nothing(more, orEqual) && d.empty(less) {
		return
	}
	d.terms(more, true)
	d.terms(less, false)
}

// nothing reports whether n is the number below which, or up to which, a count is of nothing.
func nothing(n ast.Node, upTo bool) bool {
	i, ok := n.(*ast.IntegerNode)
	return ok && (upTo && i.Value == 0 || !upTo && i.Value == 1)
}

// equal reads == and !=.
func (d *direction) equal(n *ast.BinaryNode, is bool) {
	is = is == (n.Operator == "==")
	if isBool(n.Left) {
		d.refuse(strings.Join(netTerms(n), ", "), "%s is compared with what is true or false: want && and ||")
		return
	}
	for _, of := range [2][2]ast.Node{{n.Left, n.Right}, {n.Right, n.Left}} {
		if !nothing(of[1], true) {
			continue
		}
		if !is {
			d.terms(of[0], true)
			return
		}
		if d.empty(of[0]) {
			return
		}
	}
	d.refuse(strings.Join(netTerms(n), ", "), "%s is counted by == or !=: want it counted from below (>=), or emptiness (== 0)")
}

// empty reads that a count is nothing. It reports false if n is no count of packets.
func (d *direction) empty(n ast.Node) bool {
	name, err := closes().path(n)
	if _, member := n.(*ast.MemberNode); !member || err != nil || !strings.HasPrefix(name, "net.") {
		return false
	}
	if strings.Contains(name, ".loses.") || strings.Contains(name, ".copies.") || strings.HasSuffix(name, ".spare") {
		d.term(n, false)
		return true
	}
	d.emptiness = name
	return true
}

// netTerms returns the terms of the network in n.
func netTerms(n ast.Node) []string {
	v := &netMentions{}
	ast.Walk(&n, v)
	return v.names
}

type netMentions struct{ names []string }

func (v *netMentions) Visit(n *ast.Node) {
	if m, ok := (*n).(*ast.MemberNode); ok {
		if name, err := closes().path(m); err == nil && strings.HasPrefix(name, "net.") && closes().terms[name].Name != "" {
			v.names = append(v.names, name)
		}
	}
}

// stillHolds reports whether the conditions may be true of a step in which neither end does
// anything, and nothing is delivered.
func stillHolds(parts [numPlaces]ast.Node) bool {
	for _, n := range parts {
		if n != nil && !slices.ContainsFunc(closes().words["state"], func(state string) bool { return still(state).truth(n) != no }) {
			return false
		}
	}
	return true
}

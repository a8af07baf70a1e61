package ask

import (
	"reflect"
	"sync"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/vm"

	"tcpclose/explore"
	"tcpclose/invariants"
	"tcpclose/model"
)

// The search of a product checks part by part, and ands the parts. A question in
// which no comparison mentions several parts is brought into that form: a list of
// cases of which one is to hold, each a condition on every part.

// maxCases is the greatest number of cases of a question.
const maxCases = 12

// A claim is a condition on one part: that n is true, or that it is false.
type claim struct {
	part int
	n    ast.Node
	is   bool
}

// A splitter remembers what it has split: both alternatives of == and ?: ask for
// the same again, so that nesting would double the work each time.
type splitter map[claim]struct {
	cases [][]claim
	ok    bool
}

// split returns the cases in which n has that answer. ok is false if there is no such
// form, or none that is short.
func (s splitter) split(n ast.Node, answer bool) (cases [][]claim, ok bool) {
	key := claim{n: n, is: answer}
	had, known := s[key]
	if !known {
		had.cases, had.ok = s.cases(n, answer)
		s[key] = had
	}
	return had.cases, had.ok
}

func (s splitter) cases(n ast.Node, answer bool) (cases [][]claim, ok bool) {
	if part, one := partOf(n); one {
		return [][]claim{{{part, n, answer}}}, true
	}
	both := func(l, r ast.Node, is, ir bool) ([][]claim, bool) {
		left, ok := s.split(l, is)
		right, ok2 := s.split(r, ir)
		if !ok || !ok2 || len(left)*len(right) > maxCases {
			return nil, false
		}
		var all [][]claim
		for _, x := range left {
			for _, y := range right {
				all = append(all, append(x[:len(x):len(x)], y...))
			}
		}
		return all, true
	}
	either := func(x [][]claim, ok bool) func(y [][]claim, ok2 bool) ([][]claim, bool) {
		return func(y [][]claim, ok2 bool) ([][]claim, bool) {
			if !ok || !ok2 || len(x)+len(y) > maxCases {
				return nil, false
			}
			return append(x[:len(x):len(x)], y...), true
		}
	}
	switch n := n.(type) {
	case *ast.UnaryNode:
		if n.Operator == "!" || n.Operator == "not" {
			return s.split(n.Node, !answer)
		}
	case *ast.ConditionalNode:
		return either(both(n.Cond, n.Exp1, true, answer))(both(n.Cond, n.Exp2, false, answer))
	case *ast.BinaryNode:
		and := n.Operator == "&&" || n.Operator == "and"
		or := n.Operator == "||" || n.Operator == "or"
		switch {
		case and && answer, or && !answer:
			return both(n.Left, n.Right, answer, answer)
		case and || or:
			return either(s.split(n.Left, answer))(s.split(n.Right, answer))
		case (n.Operator == "==" || n.Operator == "!=") && isBool(n.Left) && isBool(n.Right):
			same := answer == (n.Operator == "==")
			return either(both(n.Left, n.Right, true, same))(both(n.Left, n.Right, false, !same))
		}
	}
	return nil, false
}

func isBool(n ast.Node) bool { return n.Type().Kind() == reflect.Bool }

// partOf returns the part that n mentions; one is false if it mentions several. What
// mentions none counts as of the first.
func partOf(n ast.Node) (part int, one bool) {
	v := &mentions{}
	ast.Walk(&n, v)
	part = endPlace(model.A)
	found := 0
	for i, is := range v.parts {
		if is {
			part = i
			found++
		}
	}
	return part, found <= 1
}

// mentions collects the parts that are mentioned.
type mentions struct{ parts [numPlaces]bool }

func (m *mentions) Visit(n *ast.Node) {
	if name, err := closes().path(*n); err == nil {
		if t, ok := closes().terms[name]; ok {
			m.parts[t.part] = true
		}
	}
}

// A conditions is a pattern of a question: a condition on each part that it
// mentions.
type conditions struct {
	kind      explore.Kind
	remembers bool // how a connection has ended is asked for
	parts     [numPlaces]*vm.Program
}

// The parts have places: the ends, then the directions of the network, then the box.
const numPlaces = 5

const boxPlace = 4

func endPlace(s model.Side) int { return int(s) }
func netPlace(s model.Side) int { return 2 + int(s) }

// pattern returns a case as a pattern.
func (q *Question) pattern(claims []claim) (invariants.Pattern, error) {
	c := &conditions{kind: q.kind, remembers: q.remembers()}
	var all [numPlaces]ast.Node
	for _, cl := range claims {
		n := cl.n
		if !cl.is {
			n = &ast.UnaryNode{Operator: "!", Node: n}
		}
		if all[cl.part] != nil {
			n = &ast.BinaryNode{Operator: "&&", Left: all[cl.part], Right: n}
		}
		all[cl.part] = n
	}
	for i, n := range all {
		if n != nil {
			var err error
			if c.parts[i], err = closes().program(n); err != nil {
				return invariants.Pattern{}, err
			}
		}
	}
	return invariants.Pattern{Kind: q.kind, Needs: q.needs, Parts: c, Bounded: q.bounded(all)}, nil
}

var machines = sync.Pool{New: func() any { return &vm.VM{} }}

// holds returns what a program of a question says.
func holds(p *vm.Program, facts any) bool { return run(p, facts).(bool) }

// run runs a program. Nothing that is in the language can fail.
func run(p *vm.Program, facts any) any {
	m := machines.Get().(*vm.VM)
	defer machines.Put(m)
	answer, err := m.Run(p, facts)
	if err != nil {
		panic(err)
	}
	return answer
}

// End reports whether an end meets its condition: as it is at the end of s or, if
// it moved, in s.
func (c *conditions) End(side model.Side, s *invariants.Step, moved bool) bool {
	p := c.parts[endPlace(side)]
	if p == nil {
		return true
	}
	var f Facts
	e, _ := f.of(side)
	e.end(side, s, moved, c.remembers)
	return holds(p, &f)
}

// Net reports whether a direction of the network meets its condition.
func (c *conditions) Net(side model.Side, s *invariants.NetStep) bool {
	p := c.parts[netPlace(side)]
	if p == nil {
		return true
	}
	var f Facts
	_, n := f.of(side)
	n.net(side, s)
	return holds(p, &f)
}

// Box reports whether the box meets its condition.
func (c *conditions) Box(s *invariants.BoxStep) bool {
	p := c.parts[boxPlace]
	if p == nil {
		return true
	}
	var f Facts
	f.Box.box(s)
	return holds(p, &f)
}

package main

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// A mutant is one change of the code.
type mutant struct {
	id   int    // what turns it on
	name string // file, function, change and text, which outlast a change elsewhere
	file string
	line int
}

// A schema writes the mutants of a file into its text.
type schema struct {
	*source
	file    *file
	left    map[int]bool // mutants that do not compile
	mutants []*mutant
	next    *int // the next id

	stack   []ast.Node
	opens   map[ast.Node][]string // what is written before a node
	closes  map[ast.Node][]string // and, from the last to the first, after it
	barred  map[ast.Node]bool     // which have to stay constants, or are no statements in a list
	written []insertion
}

// An insertion is text that replaces size bytes at an offset of the file. At an
// offset what ends comes before an operator, and that before what begins.
type insertion struct {
	at, size int
	place    int
	text     string
}

const (
	ends = iota
	operator
	begins
)

// mutants writes all mutants of the package into the texts of its files, but for
// those that are left out.
func (s *source) mutants(left map[int]bool) (all []*mutant, texts [][]byte) {
	next := 1
	for _, f := range s.files {
		m := &schema{
			source: s, file: f, left: left, next: &next,
			opens: map[ast.Node][]string{}, closes: map[ast.Node][]string{}, barred: map[ast.Node]bool{},
		}
		ast.Inspect(f.tree, m.visit)
		all = append(all, m.mutants...)
		texts = append(texts, m.text())
	}
	seen := map[string]int{}
	for _, m := range all {
		if seen[m.name]++; seen[m.name] > 1 {
			m.name += fmt.Sprintf(" (%d)", seen[m.name])
		}
	}
	return all, texts
}

// visit is called before a node is looked at, and with nil after it.
func (m *schema) visit(n ast.Node) bool {
	if n == nil {
		n = m.stack[len(m.stack)-1]
		m.stack = m.stack[:len(m.stack)-1]
		for _, text := range slices.Backward(m.closes[n]) {
			m.insert(n.End(), 0, ends, text)
		}
		return true
	}
	if d, ok := n.(*ast.GenDecl); ok && d.Tok != token.VAR {
		return false
	}
	m.stack = append(m.stack, n)
	m.mutate(n)
	for _, text := range m.opens[n] {
		m.insert(n.Pos(), 0, begins, text)
	}
	return true
}

func (m *schema) insert(at token.Pos, size, place int, text string) {
	m.written = append(m.written, insertion{m.fset.Position(at).Offset, size, place, text})
}

// text is the text of the file with what was inserted.
func (m *schema) text() []byte {
	slices.SortStableFunc(m.written, func(a, b insertion) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.place, b.place))
	})
	var text []byte
	from := 0
	for _, i := range m.written {
		text = append(text, m.file.text[from:i.at]...)
		text = append(text, i.text...)
		from = i.at + i.size
	}
	return append(text, m.file.text[from:]...)
}

// add notes a mutant, and returns its id, and whether it is to be written.
func (m *schema) add(change string, n ast.Node, shown string) (id int, ok bool) {
	id = *m.next
	*m.next++
	m.mutants = append(m.mutants, &mutant{
		id: id, file: m.file.name, line: m.fset.Position(n.Pos()).Line,
		name: fmt.Sprintf("%s: %s: %s: %s", m.file.name, m.function(), change, shown),
	})
	return id, !m.left[id]
}

// wrap writes text around a node; %d is the id.
func (m *schema) wrap(n ast.Node, id int, before, after string) {
	m.opens[n] = append(m.opens[n], strings.ReplaceAll(before, "%d", fmt.Sprint(id)))
	m.closes[n] = append(m.closes[n], strings.ReplaceAll(after, "%d", fmt.Sprint(id)))
}

// function is the name of the function, or variable, that is being looked at.
func (m *schema) function() string {
	for _, n := range m.stack {
		switch n := n.(type) {
		case *ast.FuncDecl:
			if n.Recv == nil {
				return n.Name.Name
			}
			of := n.Recv.List[0].Type
			if star, ok := of.(*ast.StarExpr); ok {
				of = star.X
			}
			if index, ok := of.(*ast.IndexExpr); ok {
				of = index.X
			}
			return m.shown(of) + "." + n.Name.Name
		case *ast.ValueSpec:
			return n.Names[0].Name
		}
	}
	return "init"
}

// shown is the text of a node, in a line.
func (m *schema) shown(n ast.Node) string {
	const most = 100
	from, to := m.fset.Position(n.Pos()).Offset, m.fset.Position(n.End()).Offset
	text := strings.Join(strings.Fields(string(m.file.text[from:to])), " ")
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + " ..."
	}
	return text
}

// parent is the node around the one that is being looked at.
func (m *schema) parent() ast.Node { return m.stack[max(0, len(m.stack)-2)] }

// mutate writes the mutants of a node.
func (m *schema) mutate(n ast.Node) {
	switch n := n.(type) {
	case *ast.ArrayType:
		m.bar(n.Len)
	case *ast.CompositeLit:
		m.keys(n)
	case *ast.CallExpr:
		if f, ok := n.Fun.(*ast.Ident); ok && f.Name == "make" && len(n.Args) == 3 {
			m.bar(n.Args[2]) // a capacity makes no difference
		}
	case *ast.BlockStmt:
		m.statements(n.List)
	case *ast.CaseClause:
		m.statements(n.Body)
		m.cases(n)
	case *ast.CommClause:
		m.statements(n.Body)
	case *ast.IfStmt:
		m.condition(n.Cond)
	case *ast.ReturnStmt:
		m.results(n)
	case *ast.AssignStmt:
		m.sum(n)
	}
	if e, ok := n.(ast.Expr); ok && !m.isBarred() {
		m.expression(e)
	}
}

// bar says that an expression has to stay as it is.
func (m *schema) bar(e ast.Expr) {
	if e != nil {
		m.barred[e] = true
	}
}

// isBarred reports whether what is being looked at has to stay as it is.
func (m *schema) isBarred() bool {
	return slices.ContainsFunc(m.stack, func(n ast.Node) bool { return m.barred[n] })
}

// keys bars the indices of a list, which have to be constants.
func (m *schema) keys(n *ast.CompositeLit) {
	switch m.info.TypeOf(n).Underlying().(type) {
	case *types.Array, *types.Slice:
		for _, e := range n.Elts {
			if pair, ok := e.(*ast.KeyValueExpr); ok {
				m.bar(pair.Key)
			}
		}
	}
}

// statements leaves out each of the statements that can be.
func (m *schema) statements(list []ast.Stmt) {
	for _, n := range list {
		switch n := n.(type) {
		case *ast.AssignStmt:
			if n.Tok == token.DEFINE || blank(n.Lhs) {
				continue
			}
		case *ast.ExprStmt:
			if call, ok := n.X.(*ast.CallExpr); ok {
				if f, ok := call.Fun.(*ast.Ident); ok && f.Name == "panic" {
					continue
				}
			}
		case *ast.IncDecStmt, *ast.SendStmt:
		default:
			continue
		}
		if id, ok := m.add("removed", n, m.shown(n)); ok {
			m.wrap(n, id, "if !mutantOn(%d) { ", " }")
		}
	}
}

func blank(list []ast.Expr) bool {
	return !slices.ContainsFunc(list, func(e ast.Expr) bool {
		name, ok := e.(*ast.Ident)
		return !ok || name.Name != "_"
	})
}

// cases has each condition of a switch without a tag true or false.
func (m *schema) cases(n *ast.CaseClause) {
	around, ok := m.stack[max(0, len(m.stack)-3)].(*ast.SwitchStmt)
	if !ok || around.Tag != nil {
		return
	}
	for _, e := range n.List {
		m.condition(e)
	}
}

// condition has a condition true or false.
func (m *schema) condition(e ast.Expr) {
	if m.info.Types[e].Value != nil {
		return
	}
	if id, ok := m.add("condition true", e, m.shown(e)); ok {
		m.wrap(e, id, "((", ") || mutantOn(%d))")
	}
	if id, ok := m.add("condition false", e, m.shown(e)); ok {
		m.wrap(e, id, "(!mutantOn(%d) && (", "))")
	}
}

// sum has + for - in an assignment, and the other way round.
func (m *schema) sum(n *ast.AssignStmt) {
	if n.Tok != token.ADD_ASSIGN && n.Tok != token.SUB_ASSIGN || !m.has(n.Lhs[0], types.IsNumeric) {
		return
	}
	if id, ok := m.add("other sign", n, m.shown(n)); ok {
		m.wrap(n.Rhs[0], id, fmt.Sprintf("mutantMinus[%s](%%d, ", m.typeOf(n.Lhs[0])), ")")
	}
}

// results has other results.
func (m *schema) results(n *ast.ReturnStmt) {
	var of *ast.FuncType
	for _, around := range slices.Backward(m.stack) {
		if f, ok := around.(*ast.FuncDecl); ok {
			of = f.Type
		} else if f, ok := around.(*ast.FuncLit); ok {
			of = f.Type
		} else {
			continue
		}
		break
	}
	if of.Results == nil {
		return
	}
	var kinds []ast.Expr // one for each result
	for _, field := range of.Results.List {
		for range max(1, len(field.Names)) {
			kinds = append(kinds, field.Type)
		}
	}
	if len(n.Results) != len(kinds) {
		return // they come from a call, or have names
	}
	fails := m.fails(of.Results, n.Results[len(n.Results)-1])
	for i, e := range n.Results {
		switch {
		case m.has(kinds[i], types.IsBoolean):
			if !negatable(e) {
				if id, ok := m.add("result negated", e, m.shown(e)+" in "+m.shown(n)); ok {
					m.wrap(e, id, "((", ") != mutantOn(%d))")
				}
			}
		case fails && i < len(n.Results)-1:
			m.bar(e) // nobody looks at it
		case m.zero(e) || m.isNumber(e):
		default:
			if id, ok := m.add("result zero", e, m.shown(e)+" in "+m.shown(n)); ok {
				m.wrap(e, id, fmt.Sprintf("mutantZero[%s](%%d, ", m.shown(kinds[i])), ")")
			}
		}
	}
}

// fails reports whether the last of the results says that nobody is to look at the
// others: that there is an error, or that they are not ok.
func (m *schema) fails(of *ast.FieldList, last ast.Expr) bool {
	field := of.List[len(of.List)-1]
	if types.Identical(m.info.TypeOf(field.Type), types.Universe.Lookup("error").Type()) {
		return !m.zero(last)
	}
	name, ok := last.(*ast.Ident)
	return ok && name.Name == "false" && len(field.Names) > 0 && field.Names[len(field.Names)-1].Name == "ok"
}

// zero reports whether an expression is a zero value.
func (m *schema) zero(e ast.Expr) bool {
	if v := m.info.Types[e].Value; v != nil {
		return v.Kind() == constant.Int && constant.Sign(v) == 0 || v.Kind() == constant.String && constant.StringVal(v) == ""
	}
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name == "nil"
	case *ast.CompositeLit:
		return len(e.Elts) == 0
	}
	return false
}

// negatable reports whether the expression is negated in its own right.
func negatable(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.ParenExpr:
		return negatable(e.X)
	case *ast.UnaryExpr:
		return e.Op == token.NOT
	case *ast.BinaryExpr:
		return true
	}
	return false
}

// expression has another expression.
func (m *schema) expression(e ast.Expr) {
	if m.info.Types[e].Value != nil {
		if m.isNumber(e) {
			m.number(e)
		}
		return
	}
	switch e := e.(type) {
	case *ast.UnaryExpr:
		if e.Op == token.NOT {
			m.negated(e)
		}
	case *ast.BinaryExpr:
		m.binary(e)
	}
}

func (m *schema) negated(e ast.Expr) {
	if id, ok := m.add("negated", e, m.shown(e)); ok {
		m.wrap(e, id, "((", ") != mutantOn(%d))")
	}
}

// order maps comparisons to the functions that replace them, which may include the
// boundary or exclude it.
var order = map[token.Token]string{token.LSS: "mutantLess", token.LEQ: "mutantAtMost", token.GTR: "mutantMore", token.GEQ: "mutantAtLeast"}

func (m *schema) binary(e *ast.BinaryExpr) {
	call := func(name string, id int) {
		m.wrap(e, id, name+"(%d, ", ")")
		m.insert(e.OpPos, len(e.Op.String()), operator, ",")
	}
	switch e.Op {
	case token.EQL, token.NEQ:
		m.negated(e)
	case token.LSS, token.LEQ, token.GTR, token.GEQ:
		m.negated(e)
		if id, ok := m.add("boundary", e, m.shown(e)); ok {
			call(order[e.Op], id)
		}
	case token.LAND, token.LOR:
		// De Morgan: with both operands and the whole negated, && is ||.
		change := map[token.Token]string{token.LAND: "or for and", token.LOR: "and for or"}[e.Op]
		if id, ok := m.add(change, e, m.shown(e)); ok {
			m.wrap(e, id, "((", ") != mutantOn(%d))")
			m.wrap(e.X, id, "((", ") != mutantOn(%d))")
			m.wrap(e.Y, id, "((", ") != mutantOn(%d))")
		}
	case token.ADD, token.SUB:
		if !m.has(e, types.IsNumeric) {
			return
		}
		change := map[token.Token]string{token.ADD: "minus for plus", token.SUB: "plus for minus"}[e.Op]
		if id, ok := m.add(change, e, m.shown(e)); ok {
			call(map[token.Token]string{token.ADD: "mutantPlus", token.SUB: "mutantLessBy"}[e.Op], id)
		}
	}
}

// number has one more and one less for a constant with a number in it. Only the
// outermost constant is looked at.
func (m *schema) number(e ast.Expr) {
	if outer, ok := m.parent().(ast.Expr); ok && m.info.Types[outer].Value != nil {
		return
	}
	shown := m.shown(e) + " in " + m.shown(m.parent())
	more, ok := m.add("one more", e, shown)
	_, both := m.add("one less", e, shown)
	if ok && both {
		m.wrap(e, more, fmt.Sprintf("mutantNumber[%s](%%d, ", m.typeOf(e)), ")")
	}
}

// isNumber reports whether e is an integer constant that is written with a number.
func (m *schema) isNumber(e ast.Expr) bool {
	value := m.info.Types[e].Value
	if value == nil || value.Kind() != constant.Int || !m.has(e, types.IsInteger) {
		return false
	}
	literal := false
	ast.Inspect(e, func(n ast.Node) bool {
		if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.INT {
			literal = true
		}
		return true
	})
	return literal
}

// has reports whether the type of e is of a kind.
func (m *schema) has(e ast.Expr, kind types.BasicInfo) bool {
	basic, ok := m.info.TypeOf(e).Underlying().(*types.Basic)
	return ok && basic.Info()&kind != 0
}

// typeOf is the type of an expression, as the file would write it.
func (m *schema) typeOf(e ast.Expr) string {
	return types.TypeString(types.Default(m.info.TypeOf(e)), func(p *types.Package) string {
		if p == m.types {
			return ""
		}
		return p.Name()
	})
}

package ask

import (
	"cmp"
	"errors"
	"reflect"
	"slices"
	"strings"
	"unicode"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/checker"
	"github.com/expr-lang/expr/compiler"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/vm"

	"tcpclose/explore"
	"tcpclose/internal/near"
	"tcpclose/invariants"
	"tcpclose/model"
)

// A Question is an expression that is true or false of each state or, if it
// mentions what happens, of each step; of a step it speaks with the states as
// they are after it. What it can mention are Terms. The language is that of
// github.com/expr-lang/expr without its functions: && || ! == != < <= > >= + - *
// in, and ? :.
type Question struct {
	Text  string
	kind  explore.Kind // States or Steps
	needs invariants.Monitors
	whole *vm.Program
	// parts is, for both answers, the same part by part: combinations of which
	// one holds just if the answer is that. It is nil if there are none, because a
	// comparison mentions several parts, or too many.
	parts [2][]invariants.Pattern
	// keys is, for a question that has no parts for one of the answers, what it depends on by
	// part: see classes.
	keys *[numPlaces]*vm.Program
}

// maxQuestion is the greatest length of a question, in bytes.
const maxQuestion = 2000

// Parse returns the question of that text.
func Parse(text string) (*Question, error) {
	tree, err := closes().parse(text)
	if err != nil {
		return nil, err
	}
	q, err := about(tree.Node)
	if err != nil {
		return nil, inText(text, err)
	}
	q.Text = strings.TrimSpace(oneLine(text))
	return q, nil
}

func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text)
}

// parse returns a text as the library reads it.
func (v *vocabulary) parse(text string) (*parser.Tree, error) {
	line := oneLine(text)
	switch {
	case strings.TrimSpace(line) == "":
		return nil, wrong(line, "want something that is true or false, as %s", v.example)
	case len(line) > maxQuestion:
		return nil, wrong(line, "want at most %d bytes", maxQuestion)
	}
	tree, err := v.parseLine(line)
	if err != nil {
		return nil, inText(line, err)
	}
	return tree, nil
}

// parseLine parses a line.
func (v *vocabulary) parseLine(line string) (*parser.Tree, error) {
	if err := unequal(line); err != nil {
		return nil, err
	}
	tree, err := parser.ParseWithConfig(v.dashed.ReplaceAllStringFunc(line, underscored), v.language())
	if err != nil {
		return nil, unparsed(line, err)
	}
	return tree, nil
}

// about returns the question that n asks; it changes n.
func about(n ast.Node) (*Question, error) {
	q := &Question{Text: n.String()}
	r := reader{vocabulary: closes()}
	var err error
	if q.whole, err = r.whole(&n); err != nil {
		return nil, err
	}
	if r.event {
		q.kind = explore.Steps
	}
	q.needs = r.needs
	s := splitter{}
	for i, answer := range []bool{false, true} {
		if cases, ok := s.split(n, answer); ok {
			for _, c := range cases {
				p, err := q.pattern(c)
				if err != nil {
					return nil, err
				}
				q.parts[i] = append(q.parts[i], p)
			}
			continue
		}
		if q.keys == nil {
			keys, err := keysOf(n)
			if err != nil {
				return nil, err
			}
			q.keys = &keys
		}
	}
	return q, nil
}

// Must is Parse for a text that is known to be right: it panics if it is not.
func Must(text string) *Question {
	q, err := Parse(text)
	if err != nil {
		panic(err)
	}
	return q
}

// err returns an error for what is no question.
func (q *Question) err() error {
	if q == nil || q.whole == nil {
		return errors.New("a question nil, or empty: want one that Parse or Must has read")
	}
	return nil
}

// text returns the text of a question, if it is one.
func (q *Question) text() string {
	if q == nil {
		return ""
	}
	return q.Text
}

// Seek returns the witness of a state or step of which the question is true.
func (q *Question) Seek() *invariants.Property {
	return q.property(q.text(), "A run to where this is true.", true, true)
}

// Always returns the property that the question is true of every state or step.
func (q *Question) Always() *invariants.Property {
	return q.property("always "+q.text(), "This should be true everywhere.", false, false)
}

// Never returns the property that the question is false of every state or step.
func (q *Question) Never() *invariants.Property {
	return q.property("never "+q.text(), "This should be true nowhere.", false, true)
}

// property returns one that forbids, or wants, that answer.
func (q *Question) property(name, sentence string, witness, answer bool) *invariants.Property {
	p := &invariants.Property{Name: name, Sentence: sentence, Source: "asked", Witness: witness, Err: q.err()}
	if p.Err != nil {
		return p
	}
	p.Whole = &invariants.Whole{Kind: q.kind, Needs: q.needs, Is: func(s *invariants.Snapshot) bool { return q.in(s) == answer }}
	if q.keys != nil {
		p.Whole.Classes = func() invariants.Classes { return q.newClasses(answer) }
	}
	p.Patterns = func(model.Config) []invariants.Pattern { return q.Cases(answer) }
	return p
}

// remembers reports whether the question is about what monitors keep.
func (q *Question) remembers() bool { return q.needs != invariants.NoMonitors }

// in returns the answer in a state or step.
func (q *Question) in(s *invariants.Snapshot) bool { return holds(q.whole, factsOf(s, q.remembers())) }

// Cases returns the patterns for an answer, of which one holds if that is the answer; nil
// if there are none.
func (q *Question) Cases(answer bool) []invariants.Pattern {
	if answer {
		return q.parts[1]
	}
	return q.parts[0]
}

// program returns n, which is true or false, ready to run.
func (v *vocabulary) program(n ast.Node) (*vm.Program, error) { return compiled(n, v.language()) }

// values returns what yields the values of nodes, ready to run.
func (v *vocabulary) values(nodes []ast.Node) (*vm.Program, error) {
	config := v.language()
	config.Expect = reflect.Invalid
	return compiled(&ast.ArrayNode{Nodes: nodes}, config)
}

func compiled(n ast.Node, config *conf.Config) (*vm.Program, error) {
	tree := &parser.Tree{Node: n, Source: file.NewSource("")}
	if _, err := checker.Check(tree, config); err != nil {
		return nil, err
	}
	return compiler.Compile(tree, config)
}

func underscored(s string) string {
	if strings.ContainsAny(s[:1], "\"'`") {
		return s
	}
	return strings.ReplaceAll(s, "-", "_")
}

// A reader reads a parsed question: it refuses what is no part of the language,
// and puts strings for bare words.
type reader struct {
	*vocabulary
	event bool
	needs invariants.Monitors
}

// whole reads an expression that is true or false, and returns it ready to run.
func (r *reader) whole(n *ast.Node) (*vm.Program, error) {
	if err := r.read(n, 0); err != nil {
		return nil, err
	}
	if err := r.wellTyped(*n); err != nil {
		return nil, err
	}
	if _, err := checker.Check(&parser.Tree{Node: *n, Source: file.NewSource("")}, r.language()); err != nil {
		return nil, located(err)
	}
	alike := &alternatives{}
	if ast.Walk(n, alike); alike.err != nil {
		return nil, alike.err
	}
	return r.program(*n)
}

// alternatives wants the alternatives of ?: to be of one type, which the library
// leaves to chance.
type alternatives struct{ err error }

func (a *alternatives) Visit(n *ast.Node) {
	if c, ok := (*n).(*ast.ConditionalNode); ok && a.err == nil && c.Exp1.Type() != c.Exp2.Type() {
		a.err = misread(c.Exp2, "want both answers of ?: to be true or false, or both to be numbers")
	}
}

var operators = []string{"&&", "and", "||", "or", "==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "in"}

// maxDepth is how deep a question can be nested.
const maxDepth = 200

func (r *reader) read(at *ast.Node, depth int) error {
	if depth++; depth > maxDepth {
		return misread(*at, "want less nesting")
	}
	switch n := (*at).(type) {
	case *ast.IntegerNode, *ast.BoolNode:
		return nil
	case *ast.IdentifierNode, *ast.MemberNode:
		t, err := r.term(n)
		if err != nil {
			return err
		}
		if t.words != "" {
			return misread(n, "%s is a word: want it beside ==, != or in", t.Name)
		}
		return nil
	case *ast.StringNode:
		return misread(n, "want %q beside ==, != or in, and a term that is a word", n.Value)
	case *ast.UnaryNode:
		return r.read(&n.Node, depth)
	case *ast.ConditionalNode:
		return cmp.Or(r.read(&n.Cond, depth), r.read(&n.Exp1, depth), r.read(&n.Exp2, depth))
	case *ast.BinaryNode:
		if !slices.Contains(operators, n.Operator) {
			return misread(n, "operator %s: want %s", n.Operator, strings.Join(operators, " "))
		}
		if done, err := r.compare(n); done || err != nil {
			return err
		}
		return cmp.Or(r.read(&n.Left, depth), r.read(&n.Right, depth))
	case *ast.ArrayNode:
		for i := range n.Nodes {
			if _, ok := n.Nodes[i].(*ast.IntegerNode); !ok {
				return misread(n.Nodes[i], "want numbers, or words of the kind that precedes in")
			}
		}
		return nil
	}
	return misread(*at, "want terms, numbers, words and %s", strings.Join(operators, " "))
}

// compare reads a comparison of words. done is false if it is something else.
func (r *reader) compare(n *ast.BinaryNode) (done bool, err error) {
	if n.Operator != "==" && n.Operator != "!=" && n.Operator != "in" {
		return false, nil
	}
	kind := func(side ast.Node) (string, bool, error) {
		if !r.isTerm(side) {
			return "", false, nil
		}
		t, err := r.term(side)
		return t.words, t.Type == t.words+"s", err
	}
	left, leftList, err := kind(n.Left)
	if err != nil {
		return true, err
	}
	right, rightList, err := kind(n.Right)
	if err != nil {
		return true, err
	}
	if n.Operator != "in" && (leftList || rightList) || leftList {
		return true, misread(n, "want a clause before in, and the list after")
	}
	switch {
	case left == "" && right == "":
		return false, nil
	case n.Operator == "in" && rightList:
		return true, r.word(&n.Left, right)
	case n.Operator == "in":
		list, ok := n.Right.(*ast.ArrayNode)
		if !ok || left == "" {
			return true, misread(n.Right, "want words in brackets, as in a.state in [CLOSING, LAST_ACK]")
		}
		for i := range list.Nodes {
			if err := r.word(&list.Nodes[i], left); err != nil {
				return true, err
			}
		}
		return true, nil
	case left != "" && right != "":
		if left != right {
			return true, misread(n, "a %s is compared with a %s", message{left, nil}, message{right, nil})
		}
		return true, nil
	case left != "":
		return true, r.word(&n.Right, left)
	}
	return true, r.word(&n.Left, right)
}

// word reads a word of a kind, bare or in quotes.
func (r *reader) word(at *ast.Node, kind string) error {
	said := (*at).String()
	all := r.spelt()
	known := all[kind] // as words are spelt here: bare, or in quotes
	switch n := (*at).(type) {
	case *ast.IdentifierNode:
		said = n.Value
		if w, ok := r.bare[n.Value][kind]; ok {
			ast.Patch(at, &ast.StringNode{Value: w})
			return nil
		}
	case *ast.StringNode:
		said, known = n.Value, r.words[kind]
		if slices.Contains(r.words[kind], n.Value) || kind == ofBox || n.Value == "" && (kind == "call" || kind == "timeout") {
			return nil
		}
	}
	want := message{"want one of %s", []any{strings.Join(all[kind], ", ")}}
	if kind == "clause" {
		want = message{"want a clause that 'tcpclose list clauses' shows", nil}
	}
	if name := near.Name(said, known); name != "" {
		want = message{"did you mean %s? %s", []any{name, want}}
	}
	return misread(*at, "%s: %s", said, want)
}

// isTerm reports whether n can be the name of a term, and not a word.
func (v *vocabulary) isTerm(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.MemberNode:
		return true
	case *ast.IdentifierNode:
		return slices.Contains(v.members[""], n.Value)
	}
	return false
}

// term returns the term that n names.
func (r *reader) term(n ast.Node) (term, error) {
	name, err := r.path(n)
	if err != nil {
		return term{}, err
	}
	t, ok := r.terms[name]
	if !ok { // it stands for several
		return term{}, misread(n, "%s: want %s", name, r.after(name))
	}
	r.event = r.event || t.Event
	if strings.HasSuffix(name, ".ended") {
		r.needs |= invariants.MonitorTold
	}
	return t, nil
}

// path returns the name that n spells: of a term, or the beginning of one.
func (v *vocabulary) path(n ast.Node) (string, error) {
	prefix, last := "", ""
	switch n := n.(type) {
	case *ast.IdentifierNode:
		last = n.Value
		if _, ok := v.bare[last]; ok {
			return "", misread(n, "%s: want it beside ==, != or in, and a term that is a word", last)
		}
	case *ast.MemberNode:
		p, ok := n.Property.(*ast.StringNode)
		if !ok || n.Optional || n.Method {
			return "", misread(n, "want terms such as %s", v.first())
		}
		var err error
		if prefix, err = v.path(n.Node); err != nil {
			return "", err
		}
		last = p.Value
		if !slices.Contains(v.members[prefix], last) {
			if len(v.members[prefix]) == 0 {
				return "", misread(n.Property, "%s.%s: %s has no parts", prefix, last, prefix)
			}
			return "", misread(n.Property, "%s.%s: %s", prefix, last, v.wantPart(prefix, last))
		}
		return prefix + "." + last, nil
	default:
		return "", misread(n, "want terms such as %s", v.first())
	}
	if !slices.Contains(v.members[""], last) {
		return "", misread(n, "%s: want %s, or a word", last, v.after(""))
	}
	return last, nil
}

// after returns what can stand after a prefix.
func (v *vocabulary) after(prefix string) string {
	var list []string
	for _, m := range v.members[prefix] {
		if prefix != "" {
			m = prefix + "." + m
		}
		if len(v.members[m]) > 0 {
			m += "..."
		}
		list = append(list, m)
	}
	return strings.Join(list, ", ")
}

package ask

import (
	"strings"

	"github.com/expr-lang/expr/vm"
)

// A Language is expressions about facts of another kind: its grammar is that of
// questions, its terms and words are its own.
type Language struct{ v *vocabulary }

// NewLanguage returns a language about a struct of facts, whose tags are as those of
// [Facts] without event. words has the words of each kind. An example of an expression,
// and the command that lists the terms, are for messages.
func NewLanguage(facts any, words map[string][]string, example, listedBy string) *Language {
	return &Language{newVocabulary(facts, words, nil, example, listedBy)}
}

// Terms lists the terms.
func (l *Language) Terms() []Term { return l.v.list() }

// Words returns the words of each kind, as an expression has them without quotes.
func (l *Language) Words() map[string][]string { return l.v.spelt() }

// Parse returns the filter of that text.
func (l *Language) Parse(text string) (*Filter, error) {
	tree, err := l.v.parse(text)
	if err != nil {
		return nil, err
	}
	r := reader{vocabulary: l.v}
	program, err := r.whole(&tree.Node)
	if err != nil {
		return nil, inText(text, err)
	}
	return &Filter{strings.TrimSpace(oneLine(text)), program}, nil
}

// A Filter is true or false of facts.
type Filter struct {
	Text    string
	program *vm.Program
}

// Is reports whether it is true of facts, which are of the type of the language's, or a
// pointer to it.
func (f *Filter) Is(facts any) bool { return holds(f.program, facts) }

package ask

import (
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/conf"

	"tcpclose/model"
)

// A vocabulary is what expressions can be about: terms, and the words that some of them
// are compared with. In an expression a word is either quoted, as in a trace, or bare:
// in capitals, with _ for whatever is not a letter or digit.
type vocabulary struct {
	facts    any
	terms    map[string]term
	members  map[string][]string // what stands after each prefix
	words    map[string][]string // by kind
	bare     map[string]map[string]string
	dashed   *regexp.Regexp // finds words that are spelt with a hyphen, outside quotes
	example  string
	listedBy string // a command
}

// A Term is something that a question can be about.
type Term struct {
	Name    string // as in "a.state"
	Type    string // "true or false", "number", or the kind of words
	Meaning string
	Event   bool // it is of a step
}

// A term is a Term and where it belongs.
type term struct {
	Term
	place int
	part  int    // endPlace, netPlace or boxPlace
	words string // the kind of words, or ""
}

// newVocabulary returns the vocabulary of a struct of facts, whose tags are as those of
// [Facts]. Words of the kinds dashed may be spelt with their hyphens.
func newVocabulary(facts any, words map[string][]string, dashed []string, example, listedBy string) *vocabulary {
	v := &vocabulary{
		facts: facts, terms: map[string]term{}, members: map[string][]string{}, words: words, bare: map[string]map[string]string{},
		example: example, listedBy: listedBy,
	}
	for kind, list := range words {
		for _, w := range list {
			if v.bare[bare(w)] == nil {
				v.bare[bare(w)] = map[string]string{}
			}
			v.bare[bare(w)][kind] = w
		}
	}
	list := []string{"[^\\s\\S]"} // nothing
	for _, kind := range dashed {
		for _, w := range words[kind] {
			if strings.Contains(w, "-") && !strings.Contains(w, " ") {
				list = append(list, regexp.QuoteMeta(w))
			}
		}
	}
	v.dashed = regexp.MustCompile("\"(?:[^\"\\\\]|\\\\.)*\"?|'(?:[^'\\\\]|\\\\.)*'?|`[^`]*`?|\\b(?:" + strings.Join(list, "|") + ")\\b")
	v.walk("", reflect.TypeOf(facts), term{})
	return v
}

// walk adds the terms of a struct.
func (v *vocabulary) walk(prefix string, t reflect.Type, at term) {
	for i := range t.NumField() {
		f := t.Field(i)
		name, next := f.Tag.Get("expr"), at
		v.members[prefix] = append(v.members[prefix], name)
		if prefix != "" {
			name = prefix + "." + name
		}
		switch name {
		case "a", "b":
			next.part = endPlace(model.Side(name[0] - 'a'))
		case "net.a", "net.b":
			next.part = netPlace(model.Side(name[4] - 'a'))
		case "box":
			next.part = boxPlace
		}
		next.Name, next.words = name, f.Tag.Get("words")
		next.Event = at.Event || f.Tag.Get("event") != ""
		if doc := f.Tag.Get("doc"); doc != "" && next.Meaning != "" {
			next.Meaning += ": " + doc
		} else if doc != "" {
			next.Meaning = doc
		}
		switch f.Type.Kind() {
		case reflect.Struct:
			v.walk(name, f.Type, next)
			continue
		case reflect.Bool:
			next.Type = "true or false"
		case reflect.Int:
			next.Type = "number"
		case reflect.String:
			next.Type = next.words
		case reflect.Slice:
			next.Type = next.words + "s"
		default:
			panic(fmt.Sprintf("facts: %s has type %s", name, f.Type))
		}
		next.place = len(v.terms)
		v.terms[name] = next
	}
}

// list returns the terms in their order.
func (v *vocabulary) list() (list []Term) {
	for _, t := range v.terms {
		list = append(list, t.Term)
	}
	slices.SortFunc(list, func(x, y Term) int { return v.terms[x.Name].place - v.terms[y.Name].place })
	return list
}

// first returns the first term.
func (v *vocabulary) first() string { return v.list()[0].Name }

// kinds returns the kinds of words.
func (v *vocabulary) kinds() []string { return slices.Sorted(maps.Keys(v.words)) }

// spelt returns the words of each kind, as an expression has them without quotes.
func (v *vocabulary) spelt() map[string][]string {
	of := map[string][]string{}
	for kind, list := range v.words {
		for _, w := range list {
			of[kind] = append(of[kind], bare(w))
		}
	}
	return of
}

// language returns what expressions are written in.
func (v *vocabulary) language() *conf.Config {
	c := conf.New(v.facts)
	expr.AsBool()(c)
	expr.DisableAllBuiltins()(c)
	for name := range c.Disabled {
		delete(c.Builtins, name)
	}
	return c
}

var noWord = regexp.MustCompile(`[^A-Z0-9]+`)

// bare returns a word as an expression has it without quotes.
func bare(word string) string {
	return strings.Trim(noWord.ReplaceAllString(strings.ToUpper(word), "_"), "_")
}

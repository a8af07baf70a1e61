package ask

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/vm"

	"tcpclose/invariants"
	"tcpclose/model"
)

// A question in which a comparison mentions several parts has no cases. It depends,
// though, on few values of each part: the terms that are so compared, and the truth of
// what mentions that part alone. Parts for which these are the same are of one class. As
// soon as the classes are known, the question is a table of them.

// classes implements [invariants.Classes] for a question and an answer.
type classes struct {
	q      *Question
	answer bool

	mu    sync.RWMutex
	known [numPlaces]map[string]int
	facts [numPlaces][]Facts // by class: one of its members
	done  bool               // Patterns was called: no class is added
	cache sync.Pool          // of *lastEnd
}

// A lastEnd is an end whose class was asked for: patterns ask for the same in a row.
type lastEnd struct {
	key   endKey
	class int
}

// An endKey is all that a question can ask of an end.
type endKey struct {
	side     model.Side
	moved    bool
	from, to model.TCB
	kind     model.Kind
	call     model.Call
	timeout  model.Timeout
	arrived  model.Segment
	effect   model.Effect
	ended    invariants.Ending
}

// maxTable is the greatest number of combinations of classes that are tried.
const maxTable = 1 << 18

// unnoted stands for a class that was not noted.
const unnoted = -1

// keysOf returns what yields, of each part that a question n mentions, all that n depends on.
func keysOf(n ast.Node) (programs [numPlaces]*vm.Program, err error) {
	k := &keys{}
	k.collect(n)
	for part, nodes := range k.nodes {
		if len(nodes) == 0 {
			continue
		}
		if programs[part], err = closes().values(nodes); err != nil {
			return programs, err
		}
	}
	return programs, nil
}

// keys collects, by part, what a question depends on.
type keys struct{ nodes [numPlaces][]ast.Node }

func (k *keys) collect(n ast.Node) {
	if part, one := partOf(n); one {
		k.nodes[part] = append(k.nodes[part], n)
		return
	}
	switch n := n.(type) {
	case *ast.UnaryNode:
		k.collect(n.Node)
	case *ast.ConditionalNode:
		k.collect(n.Cond)
		k.collect(n.Exp1)
		k.collect(n.Exp2)
	case *ast.BinaryNode:
		k.collect(n.Left)
		k.collect(n.Right)
	}
}

// newClasses returns what sorts the parts for an answer.
func (q *Question) newClasses(answer bool) invariants.Classes {
	c := &classes{q: q, answer: answer}
	for part := range c.known {
		c.known[part] = map[string]int{}
	}
	return c
}

// End notes the class of an end.
func (c *classes) End(side model.Side, s *invariants.Step, moved bool) { c.end(side, s, moved) }

// Net notes the class of a direction of the network.
func (c *classes) Net(side model.Side, s *invariants.NetStep) { c.net(side, s) }

func (c *classes) end(side model.Side, s *invariants.Step, moved bool) int {
	part := endPlace(side)
	if c.q.keys[part] == nil {
		return 0
	}
	last, _ := c.cache.Get().(*lastEnd)
	if last == nil {
		last = &lastEnd{class: unnoted}
	}
	defer c.cache.Put(last)
	key := endKey{side, moved, s.From, s.To, s.Kind, s.Call, s.Timeout, s.Arrived, s.Effect, invariants.Open}
	if c.q.remembers() {
		key.ended = s.After.Ended()
	}
	if last.class != unnoted && last.key == key {
		return last.class
	}
	var f Facts
	e, _ := f.of(side)
	e.end(side, s, moved, c.q.remembers())
	*last = lastEnd{key, c.class(part, &f)}
	return last.class
}

func (c *classes) net(side model.Side, s *invariants.NetStep) int {
	part := netPlace(side)
	if c.q.keys[part] == nil {
		return 0
	}
	var f Facts
	_, n := f.of(side)
	n.net(side, s)
	return c.class(part, &f)
}

// Box notes the class of the box.
func (c *classes) Box(s *invariants.BoxStep) { c.box(s) }

func (c *classes) box(s *invariants.BoxStep) int {
	if c.q.keys[boxPlace] == nil {
		return 0
	}
	var f Facts
	f.Box.box(s)
	return c.class(boxPlace, &f)
}

// class returns the class of a part, which is all that f tells.
func (c *classes) class(part int, f *Facts) int {
	key := keyOf(run(c.q.keys[part], f))
	c.mu.RLock()
	class, is := c.known[part][string(key)]
	c.mu.RUnlock()
	if is {
		return class
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if class, is := c.known[part][string(key)]; is {
		return class
	}
	if c.done {
		return unnoted
	}
	class = len(c.facts[part])
	c.known[part][string(key)] = class
	c.facts[part] = append(c.facts[part], *f)
	return class
}

// keyOf returns values as text.
func keyOf(values any) (key []byte) {
	for _, v := range values.([]any) {
		switch v := v.(type) {
		case int:
			key = strconv.AppendInt(key, int64(v), 10)
		case bool:
			key = strconv.AppendBool(key, v)
		case string:
			key = append(key, v...)
		case []string:
			key = append(key, strings.Join(v, ",")...)
		default:
			panic(fmt.Sprintf("ask: a value of type %T", v))
		}
		key = append(key, ' ')
	}
	return key
}

// Patterns returns a table of the classes, as patterns.
func (c *classes) Patterns(limit int) (where, unknown []invariants.Pattern, ok bool) {
	c.mu.Lock()
	c.done = true
	c.mu.Unlock()
	var parts []int // that are mentioned, the one with the most classes last
	size := 1
	for part := range c.q.keys {
		if c.q.keys[part] == nil {
			continue
		}
		parts = append(parts, part)
		unknown = append(unknown, c.pattern(table{c: c, unnoted: part}))
		if size *= len(c.facts[part]); size > maxTable {
			return nil, nil, false
		}
	}
	slices.SortStableFunc(parts, func(x, y int) int { return len(c.facts[x]) - len(c.facts[y]) })
	var f Facts
	t := table{c: c, unnoted: -1}
	c.tables(parts, &f, t, func(t table) {
		where = append(where, c.pattern(t))
	})
	return where, unknown, len(where)+len(unknown) <= limit
}

// tables calls add with the tables for the parts in list, where f and t have the others:
// of the last part the classes of which the question is true, for each of the last but one.
// Classes of this that have the same are joined.
func (c *classes) tables(list []int, f *Facts, t table, add func(table)) {
	part := list[0]
	if len(list) == 1 {
		if classes, any := c.fitting(part, f); any {
			t.classes[part] = classes
			add(t)
		}
		return
	}
	if len(list) > 2 {
		for class := range c.facts[part] {
			put(f, part, &c.facts[part][class])
			t.classes[part] = only(class, len(c.facts[part]))
			c.tables(list[1:], f, t, add)
		}
		return
	}
	last := list[1]
	var same []table
	for class := range c.facts[part] {
		put(f, part, &c.facts[part][class])
		classes, any := c.fitting(last, f)
		if !any {
			continue
		}
		i := slices.IndexFunc(same, func(s table) bool { return slices.Equal(s.classes[last], classes) })
		if i < 0 {
			i = len(same)
			s := t
			s.classes[last], s.classes[part] = classes, make([]bool, len(c.facts[part]))
			same = append(same, s)
		}
		same[i].classes[part][class] = true
	}
	for _, s := range same {
		add(s)
	}
}

// fitting returns the classes of a part with which the question has the answer, where f has
// the other parts.
func (c *classes) fitting(part int, f *Facts) (classes []bool, any bool) {
	classes = make([]bool, len(c.facts[part]))
	for class := range classes {
		put(f, part, &c.facts[part][class])
		classes[class] = holds(c.q.whole, f) == c.answer
		any = any || classes[class]
	}
	return classes, any
}

// only returns a set of one class.
func only(class, of int) []bool {
	set := make([]bool, of)
	set[class] = true
	return set
}

// put gives f what g says of a part.
func put(f *Facts, part int, g *Facts) {
	switch part {
	case endPlace(model.A):
		f.A = g.A
	case endPlace(model.B):
		f.B = g.B
	case netPlace(model.A):
		f.Net.A = g.Net.A
	case netPlace(model.B):
		f.Net.B = g.Net.B
	case boxPlace:
		f.Box = g.Box
	}
}

// A table is a pattern: by part the classes that it allows, nil for all; or that the class of
// a part was not noted.
type table struct {
	c       *classes
	classes [numPlaces][]bool
	unnoted int // a part, or -1
}

func (c *classes) pattern(t table) invariants.Pattern {
	return invariants.Pattern{Kind: c.q.kind, Needs: c.q.needs, Parts: &t}
}

// End reports whether the table allows an end.
func (t *table) End(side model.Side, s *invariants.Step, moved bool) bool {
	return t.allows(endPlace(side), func() int { return t.c.end(side, s, moved) })
}

// Net reports whether the table allows a direction of the network.
func (t *table) Net(side model.Side, s *invariants.NetStep) bool {
	return t.allows(netPlace(side), func() int { return t.c.net(side, s) })
}

// Box reports whether the table allows the box.
func (t *table) Box(s *invariants.BoxStep) bool {
	return t.allows(boxPlace, func() int { return t.c.box(s) })
}

func (t *table) allows(part int, class func() int) bool {
	if t.unnoted == part {
		return class() == unnoted
	}
	if t.classes[part] == nil {
		return true
	}
	k := class()
	return k != unnoted && t.classes[part][k]
}

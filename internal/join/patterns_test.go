package join

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"tcpclose/explore"
	"tcpclose/explore/product"
	"tcpclose/internal/naive"
	"tcpclose/internal/tier"
	"tcpclose/invariants"
	"tcpclose/model"
)

// read accumulates the monitors that any pattern has read.
var read invariants.Monitors

// What the search sees by and-ing the bits of parts is what one sees by asking
// the patterns.
func TestPatterns(t *testing.T) {
	seen, all := map[string]bool{}, map[string]bool{}
	for i, small := range naive.SmallConfigs() {
		t.Run(small.Name, func(t *testing.T) {
			if i%3 > 0 {
				tier.Skip(t)
			}
			c := naive.Parse(t, small.Words)
			names, list := allPatterns(c)
			const most = explore.MaxWatches / 2
			for from := 0; from < len(list); from += most {
				some := names[from:min(from+most, len(list))]
				for i, n := range assertPatterns(t, c, some, list[from:from+len(some)], naive.ShortLimit()) {
					all[some[i]] = true
					if n {
						seen[some[i]] = true
					}
				}
			}
		})
	}
	if !tier.Large() {
		return
	}
	assert.Greater(t, len(seen), len(all)/2, "patterns that were seen")
	// Coverage reads clauses, and endings read who has nobody to be told.
	assert.Equal(t, invariants.AllMonitors&^(invariants.MonitorClauses|invariants.MonitorAlone), read, "what is read")
}

func TestPatterns_Rapid(t *testing.T) {
	tier.Draws(t, 30)
	rapid.Check(t, func(t *rapid.T) {
		c := naive.AnyConfig().Draw(t, "config")
		names, list := allPatterns(c)
		// Any of the properties: which of the monitors run depends on it.
		var some []invariants.Pattern
		var theirs []string
		for i := range list {
			if len(some) < explore.MaxWatches/2 && rapid.Bool().Draw(t, "with") {
				some, theirs = append(some, list[i]), append(theirs, names[i])
			}
		}
		assertPatterns(t, c, theirs, some, rapid.IntRange(1, 8).Draw(t, "limit"))
	})
}

// allPatterns returns every pattern of every property and witness, with names for
// them.
func allPatterns(c model.Config) (names []string, list []invariants.Pattern) {
	for _, p := range slices.Concat(invariants.PropertiesOf(c.Between.Box != nil), invariants.Witnesses) {
		if p.Patterns == nil {
			continue // it compares two searches
		}
		for i, pat := range p.Patterns(c) {
			names, list = append(names, fmt.Sprintf("%s, pattern %d", p.Name, i)), append(list, pat)
		}
		if p.Premise == nil {
			continue
		}
		for i, pat := range p.Premise(c) {
			names, list = append(names, fmt.Sprintf("%s, premise %d", p.Name, i)), append(list, pat)
		}
	}
	return names, list
}

// assertPatterns asserts that each of the patterns is seen after as few steps by
// the fast search as by the slow one, for each side as self; and that the states
// are the same. It tells which were seen.
func assertPatterns(t require.TestingT, c model.Config, names []string, list []invariants.Pattern, limit int) (found []bool) {
	y := naive.SystemOf(t, c)
	p := New(y, list)
	e, err := product.Explore(context.Background(), &p.Product, product.Options{Workers: 2, Limits: explore.Limits{Depth: limit}})
	require.NoError(t, err)

	type watch struct {
		pattern int
		self    model.Side
	}
	want := map[watch]int{}
	pending := map[explore.Kind][]watch{}
	for i := range list {
		for _, self := range model.Sides {
			pending[list[i].Kind] = append(pending[list[i].Kind], watch{i, self})
		}
	}
	look := func(kind explore.Kind, steps int, matches func(*invariants.Pattern, model.Side) bool) {
		pending[kind] = slices.DeleteFunc(pending[kind], func(w watch) bool {
			seen := matches(&list[w.pattern], w.self)
			if seen {
				want[w] = steps
			}
			return seen
		})
	}
	slow := &naive.Search{
		System: y, Needs: p.Monitors, Limit: limit,
		State:    func(n naive.Node, steps int) { look(explore.States, steps, n.Matches) },
		Terminal: func(n naive.Node, steps int) { look(explore.Terminals, steps, n.Matches) },
		Step:     func(e *naive.Edge, steps int) { look(explore.Steps, steps, e.Matches) },
	}
	slow.Run()
	require.Equal(t, slow.Result, e.Result)
	for i := range list {
		require.Zero(t, p.Read(i)&^list[i].Needs, "%s reads what it does not declare", names[i])
		read |= p.Read(i)
	}
	found = make([]bool, len(list))
	for i := range list {
		for _, self := range model.Sides {
			steps, ok := e.Found(2*i + int(self))
			least, known := want[watch{i, self}]
			require.Equal(t, known, ok, "%s, self %s", names[i], self)
			require.Equal(t, least, steps, "%s, self %s", names[i], self)
			found[i] = found[i] || ok
		}
	}
	return found
}

package explore_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"tcpclose/explore"
)

// naiveQuotient counts states up to depth (0: all) one by one.
func naiveQuotient(p *explore.Product, depth int, class func(explore.Tuple) explore.Class) (map[explore.Class]explore.ClassStates, map[explore.StepClass]explore.ClassSteps) {
	n := naiveProduct(p)
	states, steps := map[explore.Class]explore.ClassStates{}, map[explore.StepClass]explore.ClassSteps{}
	level := map[explore.Tuple]bool{}
	for _, s := range n.init {
		level[s] = true
	}
	known := map[explore.Tuple]bool{}
	for d := 0; len(level) > 0; d++ {
		for s := range level {
			known[s] = true
		}
		next := map[explore.Tuple]bool{}
		for s := range level {
			c := states[class(s)]
			c.Count++
			if d == 0 {
				c.Initial++
			}
			open, taken := depth > 0 && d == depth, 0
			if !open {
				for _, step := range n.steps(s) {
					taken++
					if step.cut != "" {
						open = true
						continue
					}
					key := explore.StepClass{From: class(s), To: class(step.to), Route: step.action.Route, Label: step.label}
					of := steps[key]
					of.Count++
					of.Seen = of.Seen.Or(watchesOf(p, step.seen, explore.Steps))
					steps[key] = of
					if !known[step.to] {
						next[step.to] = true
					}
				}
			}
			c.Seen = c.Seen.Or(watchesOf(p, n.seen(s), explore.States))
			switch {
			case open:
				c.Open++
			case taken == 0:
				c.Terminals++
				c.Seen = c.Seen.Or(watchesOf(p, n.seen(s), explore.Terminals))
			}
			states[class(s)] = c
		}
		level = next
	}
	return states, steps
}

// watchesOf is those of seen that are watches of p of that kind.
func watchesOf(p *explore.Product, seen explore.Bits, kind explore.Kind) (of explore.Bits) {
	for i, w := range p.Watches {
		if w.Kind == kind && seen.Has(i) {
			of = of.Or(explore.Bit(i))
		}
	}
	return of
}

func TestQuotient(t *testing.T) {
	labels := map[uint32]int{}
	checkUntil(t, func() bool { return len(labels) >= 3 }, func(t *rapid.T) {
		p := randomProduct(seeded(t), rapid.IntRange(1, 4).Draw(t, "parts"), rapid.IntRange(1, 5).Draw(t, "values"),
			rapid.IntRange(0, 4).Draw(t, "routes"), rapid.IntRange(0, 20).Draw(t, "watches"))
		depth := rapid.IntRange(0, 4).Draw(t, "limit of depth")
		of := func(part int, v explore.Value) explore.Class {
			if part > 1 {
				return 0
			}
			return explore.Class(int(v) % 3 * (1 + 3*part))
		}
		class := func(s explore.Tuple) (c explore.Class) {
			for i := range p.Parts {
				c += of(i, s[i])
			}
			return c
		}
		e, err := explore.ExploreProduct(context.Background(), p, explore.Options{
			Workers: rapid.IntRange(1, 3).Draw(t, "workers"), Limits: explore.Limits{Depth: depth},
		})
		require.NoError(t, err)
		q, err := e.Quotient(context.Background(), of)
		require.NoError(t, err)
		states, steps := naiveQuotient(p, depth, class)
		assert.Equal(t, e.Incomplete, q.Incomplete)
		assert.Equal(t, states, q.States)
		assert.Equal(t, steps, q.Steps)
		total := 0
		for _, c := range q.States {
			total += c.Count
		}
		assert.Equal(t, e.Distinct, total)
		for step, n := range steps {
			labels[step.Label] += n.Count
		}
	})
	assert.Len(t, labels, 3, "some labels never occurred")
}

func TestQuotient_Interrupted(t *testing.T) {
	p := counters(counter{limit: 3, leap: 4})
	e, err := explore.ExploreProduct(t.Context(), p, explore.Options{})
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = e.Quotient(ctx, func(int, explore.Value) explore.Class { return 0 })
	assert.ErrorIs(t, err, context.Canceled)
}

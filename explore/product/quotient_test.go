package product_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"tcpclose/explore"
	"tcpclose/explore/internal/naive"
	"tcpclose/explore/product"
	"tcpclose/internal/tier"
)

// naiveQuotient counts states up to depth (0: all) one by one.
func naiveQuotient(p *product.Product, depth int, class func(product.Tuple) product.Class) (map[product.Class]product.ClassStates, map[product.StepClass]product.ClassSteps) {
	n := naiveProduct(p)
	states, steps := map[product.Class]product.ClassStates{}, map[product.StepClass]product.ClassSteps{}
	level := map[product.Tuple]bool{}
	for _, s := range n.Init {
		level[s] = true
	}
	known := map[product.Tuple]bool{}
	for d := 0; len(level) > 0; d++ {
		for s := range level {
			known[s] = true
		}
		next := map[product.Tuple]bool{}
		for s := range level {
			c, met := states[class(s)]
			if !met {
				c.Least = d
			}
			c.Count++
			if d == 0 {
				c.Initial++
			}
			open, taken := depth > 0 && d == depth, 0
			if !open {
				for _, step := range n.Steps(s) {
					taken++
					if step.Cut != "" {
						open = true
						continue
					}
					key := product.StepClass{From: class(s), To: class(step.To), Route: step.Action.Route, Label: step.Label}
					of := steps[key]
					of.Count++
					of.Seen = of.Seen.Or(watchesOf(p, step.Seen, explore.Steps))
					steps[key] = of
					if !known[step.To] {
						next[step.To] = true
					}
				}
			}
			c.Seen = c.Seen.Or(watchesOf(p, n.Seen(s), explore.States))
			switch {
			case open:
				c.Open++
			case taken == 0:
				c.Terminals++
				c.Seen = c.Seen.Or(watchesOf(p, n.Seen(s), explore.Terminals))
			}
			states[class(s)] = c
		}
		level = next
	}
	return states, steps
}

// watchesOf returns those of seen that are watches of p of that kind.
func watchesOf(p *product.Product, seen product.Bits, kind explore.Kind) (of product.Bits) {
	for i, w := range p.Watches {
		if w.Kind == kind && seen.Has(i) {
			of = of.Or(product.Bit(i))
		}
	}
	return of
}

func TestQuotient(t *testing.T) {
	labels := map[uint32]int{}
	tier.CheckUntil(t, func() bool { return len(labels) >= 3 }, func(t *rapid.T) {
		p := randomProduct(naive.Seeded(t), rapid.IntRange(1, 4).Draw(t, "parts"), rapid.IntRange(1, 5).Draw(t, "values"),
			rapid.IntRange(0, 4).Draw(t, "routes"), rapid.IntRange(0, 20).Draw(t, "watches"))
		depth := rapid.IntRange(0, 4).Draw(t, "limit of depth")
		of := func(part int, v product.Value) product.Class {
			if part > 1 {
				return 0
			}
			return product.Class(int(v) % 3 * (1 + 3*part))
		}
		class := func(s product.Tuple) (c product.Class) {
			for i := range p.Parts {
				c += of(i, s[i])
			}
			return c
		}
		e, err := product.Explore(context.Background(), p, product.Options{
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
	e, err := product.Explore(t.Context(), p, product.Options{})
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = e.Quotient(ctx, func(int, product.Value) product.Class { return 0 })
	assert.ErrorIs(t, err, context.Canceled)
}

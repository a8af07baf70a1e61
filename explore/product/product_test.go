package product_test

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"tcpclose/explore"
	"tcpclose/explore/internal/naive"
	"tcpclose/explore/product"
)

// A tablePart is a part given by tables. Its i-th value, counted from 0, has
// number 1 + i*stride.
type tablePart struct {
	stride int
	offers map[int][][]product.Move // by route, where it leads, and value
	reacts [][]product.Move         // by value and message
	state  []product.Bits
	stay   []product.Bits
}

func (p *tablePart) number(i int) product.Value { return product.Value(1 + i*p.stride) }
func (p *tablePart) index(v product.Value) int  { return int(v-1) / p.stride }

func (p *tablePart) Offer(dst []product.Move, route int, v product.Value) []product.Move {
	return append(dst, p.offers[route][p.index(v)]...)
}

func (p *tablePart) React(v product.Value, in product.Message) product.Move {
	return p.reacts[p.index(v)][in-1]
}

func (p *tablePart) State(v product.Value) product.Bits { return p.state[p.index(v)] }
func (p *tablePart) Stay(v product.Value) product.Bits  { return p.stay[p.index(v)] }

// randomProduct returns a product of table parts. Some of its moves are refused or
// cut, and parts may be on a route more than once. The watches differ in how
// much the parts let pass.
func randomProduct(rng *rand.Rand, parts, values, routes, watches int) *product.Product {
	const messages = 3
	p := &product.Product{}
	for range watches {
		w := product.Watch{Kind: explore.Kind(rng.IntN(3))}
		for i := range parts {
			if w.Kind == explore.Steps && rng.IntN(4) == 0 {
				w.Movers = append(w.Movers, i)
			}
		}
		p.Watches = append(p.Watches, w)
	}
	bits := func() (b product.Bits) {
		for i := range watches {
			if rng.IntN(8) > i%8 {
				b = b.Or(product.Bit(i))
			}
		}
		return b
	}
	var tables []*tablePart
	move := func(t *tablePart, stops bool) product.Move {
		m := product.Move{
			To:   t.number(rng.IntN(values)),
			Out:  product.Message(rng.IntN(messages + 1)),
			Note: product.Message(rng.IntN(messages + 1)),
			Step: bits(),
			// Often, so that whole steps are still.
			Still: rng.IntN(3) > 0,
		}
		m.Label = uint32(m.Out+m.Note) % messages
		if stops && rng.IntN(6) == 0 {
			m.Refuse = true
		}
		if stops && rng.IntN(20) == 0 {
			m.Bound = []string{"a", "b"}[rng.IntN(2)]
		}
		return m
	}
	for i := range parts {
		// The numbers of values need not be dense.
		t := &tablePart{stride: []int{1, 1, 9, 900}[rng.IntN(4)], offers: map[int][][]product.Move{}}
		for range values {
			var reacts []product.Move
			for range messages {
				reacts = append(reacts, move(t, true))
			}
			t.reacts = append(t.reacts, reacts)
			t.state = append(t.state, bits())
			stay := bits()
			for n, w := range p.Watches {
				if slices.Contains(w.Movers, i) {
					stay = stay.Without(product.Bit(n))
				}
			}
			t.stay = append(t.stay, stay)
		}
		tables = append(tables, t)
		p.Parts = append(p.Parts, t)
	}
	for r := range routes {
		route := product.Route{Name: fmt.Sprint(r), Lead: rng.IntN(parts), Idle: rng.IntN(2) == 0}
		for i := range rng.IntN(parts + 2) {
			route.Hops = append(route.Hops, product.Hop{
				Part: rng.IntN(parts),
				From: rng.IntN(i + 1),
				Port: product.Port(rng.IntN(2)),
			})
		}
		p.Routes = append(p.Routes, route)
		lead := tables[route.Lead]
		for range values {
			var moves []product.Move
			for range rng.IntN(3) {
				moves = append(moves, move(lead, true))
			}
			lead.offers[r] = append(lead.offers[r], moves)
		}
	}
	for range 1 + rng.IntN(2) {
		var init product.Tuple
		for i, t := range tables {
			init[i] = t.number(rng.IntN(values))
		}
		p.Init = append(p.Init, init)
	}
	for i := range parts {
		if rng.IntN(2) == 0 {
			p.Halves = append(p.Halves, i)
		}
	}
	return p
}

// naiveProduct returns what product.go says a product means.
func naiveProduct(p *product.Product) naive.System[product.Tuple, product.Pick] {
	n := naive.System[product.Tuple, product.Pick]{Init: p.Init}
	for _, w := range p.Watches {
		n.Kinds = append(n.Kinds, w.Kind)
	}
	n.Seen = func(s product.Tuple) product.Bits {
		seen := product.All
		for i, part := range p.Parts {
			seen = seen.And(part.State(s[i]))
		}
		return seen
	}
	n.Steps = func(s product.Tuple) (steps []naive.Step[product.Tuple, product.Pick]) {
		for r, route := range p.Routes {
			for i, lead := range p.Parts[route.Lead].Offer(nil, r, s[route.Lead]) {
				step := naive.Step[product.Tuple, product.Pick]{Action: product.Pick{Route: r, Move: i}, To: s}
				moved := map[int][]product.Move{}
				sent := []product.Move{}
				idle := true
				take := func(part int, m product.Move) (goes bool) {
					idle = idle && (m.Still || m.To == step.To[part])
					step.To[part] = m.To
					moved[part] = append(moved[part], m)
					sent = append(sent, m)
					step.Cut = m.Bound
					return !m.Refuse && m.Bound == ""
				}
				goes := take(route.Lead, lead)
				for _, h := range route.Hops {
					if !goes {
						break
					}
					in := sent[h.From].Out
					if h.Port == product.Note {
						in = sent[h.From].Note
					}
					if in == 0 {
						sent = append(sent, product.Move{})
					} else {
						goes = take(h.Part, p.Parts[h.Part].React(step.To[h.Part], in))
					}
				}
				if sent[len(sent)-1].Refuse || goes && route.Idle && (idle || step.To == s) {
					continue
				}
				for _, m := range sent {
					step.Label = cmp.Or(step.Label, m.Label)
				}
				step.Seen = product.All
				for i, part := range p.Parts {
					if len(moved[i]) == 0 {
						step.Seen = step.Seen.And(part.Stay(s[i]))
					}
					for _, m := range moved[i] {
						step.Seen = step.Seen.And(m.Step)
					}
				}
				steps = append(steps, step)
			}
		}
		return steps
	}
	return n
}

func TestExploreProductRandom(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.IntRange(1, 4).Draw(t, "parts")
		values := rapid.IntRange(1, 5).Draw(t, "values")
		routes := rapid.IntRange(0, 4).Draw(t, "routes")
		watches := rapid.IntRange(0, 40).Draw(t, "watches")
		p := randomProduct(naive.Seeded(t), parts, values, routes, watches)
		limits := explore.Limits{
			States: rapid.IntRange(0, 100).Draw(t, "limit of states"),
			Depth:  rapid.IntRange(0, 5).Draw(t, "limit of depth"),
		}
		for _, limits := range []explore.Limits{{}, {States: limits.States}, {Depth: limits.Depth}} {
			assertExploresProduct(t, naiveProduct(p).Search(limits), p, limits)
		}

		product, err := product.Explore(context.Background(), p, product.Options{})
		require.NoError(t, err)
		opaque := naive.MustExplore(context.Background(), p.System(), nil, explore.Options{}).Result
		if len(opaque.Incomplete) > 0 {
			// As an opaque system it has one bound, whose name is another.
			assert.Equal(t, []string{explore.BoundBoundary}, opaque.Incomplete)
			assert.NotEmpty(t, product.Incomplete)
			opaque.Incomplete = product.Incomplete
		}
		assert.Equal(t, product.Result, opaque)
	})
}

// A counter goes up to limit, one by one. The values from leap up have large
// numbers.
type counter struct{ limit, leap, to int }

func (c counter) number(n int) product.Value {
	if n >= c.leap {
		return product.Value(1 + c.to + n)
	}
	return product.Value(1 + n)
}

func (c counter) count(v product.Value) int {
	if int(v) > c.to {
		return int(v) - 1 - c.to
	}
	return int(v) - 1
}

func (c counter) Offer(dst []product.Move, _ int, v product.Value) []product.Move {
	if n := c.count(v); n < c.limit {
		dst = append(dst, product.Move{To: c.number(n + 1), Step: product.Bit(1)})
	}
	return dst
}

func (c counter) React(product.Value, product.Message) product.Move { panic("nobody sends") }

// State lets watches 0 and 2 see the largest value.
func (c counter) State(v product.Value) (b product.Bits) {
	if c.count(v) == c.limit {
		return product.Bit(0).Or(product.Bit(2))
	}
	return b
}

// Stay lets watch 1 see a step if all that do not move have done so.
func (c counter) Stay(v product.Value) (b product.Bits) {
	if c.count(v) == c.limit {
		return product.Bit(1)
	}
	return b
}

// counters returns a product of counters that are independent of each other.
func counters(parts ...counter) *product.Product {
	p := &product.Product{
		Init:    []product.Tuple{{}},
		Watches: []product.Watch{{Kind: explore.States}, {Kind: explore.Steps}, {Kind: explore.Terminals}},
	}
	for i, c := range parts {
		p.Parts = append(p.Parts, c)
		p.Routes = append(p.Routes, product.Route{Name: fmt.Sprint(i), Lead: i})
		p.Init[0][i] = c.number(0)
	}
	return p
}

// TestCounters has rows that become dense in the middle of large levels.
func TestCounters(t *testing.T) {
	const n = 9 // each
	plain := counter{limit: n, leap: n + 1}
	p := counters(plain, counter{n, 4, 1 << 13}, plain, counter{n, 6, 1 << 16}, plain)
	steps := 0
	for range p.Parts {
		steps += n * 10_000
	}
	for _, workers := range naive.WorkerCounts {
		e, err := product.Explore(context.Background(), p, product.Options{Workers: workers})
		require.NoError(t, err)
		assert.Equal(t, explore.Result{Distinct: 100_000, Generated: 1 + steps, Depth: 5*n + 1, Terminals: 1}, e.Result)
		for i, want := range []int{5 * n, 4*n + 1, 5 * n} {
			found, ok := e.Found(i)
			assert.True(t, ok)
			require.Equal(t, want, found, "watch %d", i)
			path, ok := e.Path(i)
			require.True(t, ok)
			for step, action := range path.Actions {
				require.Equal(t, product.Pick{Route: step / n}, action, "the counters run up one after the other")
			}
			var last product.Tuple
			for i, part := range p.Parts {
				last[i] = part.(counter).number(min(n, max(0, want-i*n)))
			}
			assert.Equal(t, p.Init[0], path.States[0])
			assert.Equal(t, last, path.States[want])
		}
	}
}

// TestTwelveCounters has as many parts as there can be, and more numbers than would
// go side by side into a word of 64 bits.
func TestTwelveCounters(t *testing.T) {
	var parts []counter
	for i := range product.MaxParts {
		c := counter{limit: 1, leap: 2}
		if i%5 < 2 {
			c = counter{limit: 2, leap: 1, to: 1 << 20}
		}
		parts = append(parts, c)
	}
	states, terminals := 1, 0
	for _, c := range parts {
		states *= c.limit + 1
		terminals += c.limit
	}
	for _, workers := range naive.WorkerCounts {
		e, err := product.Explore(context.Background(), counters(parts...), product.Options{Workers: workers})
		require.NoError(t, err)
		assert.Equal(t, states, e.Distinct)
		assert.Equal(t, terminals+1, e.Depth)
		assert.True(t, e.Complete())
	}
}

// A tripwire is a counter that calls f when it is asked where to go from one
// value. A state watch sees it at another.
type tripwire struct {
	counter
	at, seen int
	f        func()
}

func (w tripwire) Offer(dst []product.Move, route int, v product.Value) []product.Move {
	if w.count(v) == w.at {
		w.f()
	}
	return w.counter.Offer(dst, route, v)
}

func (w tripwire) State(v product.Value) (b product.Bits) {
	if w.seen == 0 || w.count(v) == w.seen {
		return product.All
	}
	return b
}

// TestExploreProductCancelled finds a path although the level in which the search
// was stopped leads where another layout is needed.
func TestExploreProductCancelled(t *testing.T) {
	for _, workers := range naive.WorkerCounts {
		ctx, cancel := context.WithCancel(context.Background())
		p := counters(make([]counter, 5)...)
		for i := range p.Parts {
			c := counter{limit: 9, leap: 10}
			if i > 2 {
				c.leap, c.to = 7, 1<<14
			}
			p.Parts[i] = tripwire{counter: c, at: -1}
		}
		p.Parts[0] = tripwire{counter{limit: 9, leap: 10}, 6, 7, func() {
			cancel()
			time.Sleep(10 * time.Millisecond) // the search hears of it
		}}
		p.Watches = []product.Watch{{Kind: explore.States}}
		e, err := product.Explore(ctx, p, product.Options{Workers: workers})
		require.NoError(t, err)
		assert.Equal(t, []string{explore.Interrupted}, e.Incomplete)
		steps, ok := e.Found(0)
		assert.True(t, ok)
		assert.Equal(t, 7, steps)
		path, ok := e.Path(0)
		require.True(t, ok)
		assert.Equal(t, product.Tuple{8, 1, 1, 1, 1}, path.States[7])
	}
}

func TestProductValidate(t *testing.T) {
	c := counter{limit: 1, leap: 2}
	for name, spoil := range map[string]func(*product.Product){
		"no parts":        func(p *product.Product) { p.Parts = nil },
		"many parts":      func(p *product.Product) { p.Parts = make([]product.Part, product.MaxParts+1) },
		"many watches":    func(p *product.Product) { p.Watches = make([]product.Watch, explore.MaxWatches+1) },
		"kind of watch":   func(p *product.Product) { p.Watches[0].Kind = 7 },
		"lead":            func(p *product.Product) { p.Routes[0].Lead = 2 },
		"part of a hop":   func(p *product.Product) { p.Routes[0].Hops = []product.Hop{{Part: 2}} },
		"later move":      func(p *product.Product) { p.Routes[0].Hops = []product.Hop{{From: 1}} },
		"port":            func(p *product.Product) { p.Routes[0].Hops = []product.Hop{{Port: 2}} },
		"many hops":       func(p *product.Product) { p.Routes[0].Hops = make([]product.Hop, 100) },
		"no value":        func(p *product.Product) { p.Init[0][1] = 0 },
		"value of no one": func(p *product.Product) { p.Init[0][2] = 1 },
	} {
		p := counters(c, c)
		spoil(p)
		_, err := product.Explore(context.Background(), p, product.Options{})
		assert.Error(t, err, name)
	}
}

// TestNumbering asks for numbers from several goroutines.
func TestNumbering(t *testing.T) {
	var n product.Numbering[string]
	const words = 1000
	var wg sync.WaitGroup
	for worker := range 4 {
		wg.Go(func() {
			for i := range words {
				word := fmt.Sprint((i*7 + worker*13) % words)
				assert.Equal(t, word, n.Value(n.Number(word)))
			}
		})
	}
	wg.Wait()
	assert.Equal(t, words, n.Len())
	numbers := map[uint32]bool{}
	for i := range words {
		numbers[n.Number(fmt.Sprint(i))] = true
	}
	assert.Len(t, numbers, words)
	assert.Equal(t, uint32(words), slices.Max(slices.Collect(maps.Keys(numbers))))
}

// Bytes has all of a value, what others cannot see, too.
func TestNumbering_Bytes(t *testing.T) {
	type inner struct {
		a uint8
		b [3]int16
		c bool
	}
	type outer struct {
		inner
		D uint64
	}
	rapid.Check(t, func(t *rapid.T) {
		var n, again product.Numbering[outer]
		for range rapid.IntRange(0, 9).Draw(t, "values") {
			n.Number(outer{inner{rapid.Uint8().Draw(t, "a"), [3]int16{2: rapid.Int16().Draw(t, "b")}, rapid.Bool().Draw(t, "c")}, rapid.Uint64().Draw(t, "D")})
		}
		require.True(t, again.Restore(n.Bytes()))
		require.Equal(t, n.Len(), again.Len())
		for i := range n.Len() {
			require.Equal(t, n.Value(uint32(i+1)), again.Value(uint32(i+1)))
		}
		require.False(t, again.Restore(make([]byte, 7)))
	})
	// A byte that no bool has is refused, wherever it is.
	type flags struct {
		_ uint8
		B [2]struct{ X, Y bool }
	}
	for i := range 5 {
		b := make([]byte, 5)
		b[i] = 2
		var n product.Numbering[flags]
		require.Equal(t, i == 0, n.Restore(b), "byte %d", i)
	}
	var strings product.Numbering[string]
	strings.Number("x")
	assert.Panics(t, func() { strings.Bytes() })
	assert.False(t, strings.Restore(make([]byte, 16)))
}

// assertExploresProduct returns the same for a product.
func assertExploresProduct(t require.TestingT, want naive.Outcome[product.Tuple, product.Pick], p *product.Product, limits explore.Limits) {
	for _, workers := range naive.WorkerCounts {
		e, err := product.Explore(context.Background(), p, product.Options{Workers: workers, Limits: limits})
		require.NoError(t, err)
		require.Equal(t, want, naive.OutcomeOf(e.Result, e, len(p.Watches)), "%d workers", workers)
		var all []int
		for i := range p.Watches {
			all = append(all, i)
		}
		require.Equal(t, want.Paths, e.Paths(all), "%d workers", workers)
	}
}

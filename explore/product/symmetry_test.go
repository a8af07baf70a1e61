package product_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"tcpclose/explore"
	"tcpclose/explore/internal/naive"
	"tcpclose/explore/product"
	"tcpclose/internal/tier"
)

// symmetricProduct returns a random product of pairs of parts that change places, and of
// some that do not, with pairs of watches and some without a partner. It is made of a
// random product: each of its routes, moves and watches is joined by its image.
func symmetricProduct(rng *rand.Rand, pairs, single, values, routes, watches int) *product.Product {
	half := randomProduct(rng, pairs+single, values, routes, watches)
	part := func(i, copy int) int { // where part i of half stands
		if i < pairs {
			return 2*i + copy
		}
		return pairs + i
	}
	// With the partner of a watch that has none, the images are watches, too; what
	// stands alone sees what it or its image saw.
	lone := rng.IntN(watches + 1)
	p := &product.Product{Exchange: &product.Exchange{}}
	spread := func(b product.Bits, copy int) (to product.Bits) {
		for i := range watches {
			if b.Has(i) && i < lone {
				to = to.Or(product.Bit(i))
			} else if b.Has(i) {
				to = to.Or(product.Bit(lone + 2*(i-lone) + copy))
			}
		}
		return to
	}
	for i, w := range half.Watches {
		if i < lone {
			w.Movers = nil // the image would have others
			p.Watches = append(p.Watches, w)
			continue
		}
		n := len(p.Watches)
		p.Exchange.Watches = append(p.Exchange.Watches, [2]int{n, n + 1})
		for copy := range 2 {
			image := product.Watch{Kind: w.Kind}
			for _, m := range w.Movers {
				image.Movers = append(image.Movers, part(m, copy))
			}
			p.Watches = append(p.Watches, image)
		}
	}
	image := func(b product.Bits) product.Bits {
		to := b
		for _, pair := range p.Exchange.Watches {
			for i := range 2 {
				to = to.Without(product.Bit(pair[i]))
				if b.Has(pair[1-i]) {
					to = to.Or(product.Bit(pair[i]))
				}
			}
		}
		return to
	}
	// What a part of a pair lets pass as the first is any set, of which the image is
	// what it lets pass as the second; that of a part that stands alone is its image.
	// A watch with movers sees no step in which they stay.
	both := func(b product.Bits, rest bool) product.Bits {
		to := spread(b, 0)
		for i := lone; i < watches; i++ {
			if rng.IntN(4) > 0 {
				to = to.Or(product.Bit(lone + 2*(i-lone) + 1))
			}
		}
		if rest {
			to = to.And(image(to))
		}
		return to
	}
	without := func(b product.Bits, at int) product.Bits {
		for i, w := range p.Watches {
			if slices.Contains(w.Movers, at) {
				b = b.Without(product.Bit(i))
			}
		}
		return b
	}
	var tables []*tablePart
	for i, each := range half.Parts {
		from := each.(*tablePart)
		alone := i >= pairs
		first := &tablePart{stride: from.stride, offers: map[int][][]product.Move{}}
		for v := range values {
			var reacts []product.Move
			for _, m := range from.reacts[v] {
				m.Step = both(m.Step, alone)
				reacts = append(reacts, m)
			}
			first.reacts = append(first.reacts, reacts)
			first.state = append(first.state, both(from.state[v], alone))
			stay := without(both(from.stay[v], false), part(i, 0))
			if alone {
				stay = stay.And(image(stay))
			}
			first.stay = append(first.stay, stay)
		}
		tables = append(tables, first)
		if alone {
			continue
		}
		second := &tablePart{stride: from.stride, offers: map[int][][]product.Move{}}
		for v := range values {
			second.reacts = append(second.reacts, imageOfMoves(first.reacts[v], image))
			second.state = append(second.state, image(first.state[v]))
			second.stay = append(second.stay, image(first.stay[v]))
		}
		tables = append(tables, second)
		n := len(tables)
		p.Exchange.Parts = append(p.Exchange.Parts, [2]int{n - 2, n - 1})
	}
	for _, t := range tables {
		p.Parts = append(p.Parts, t)
	}
	for r, route := range half.Routes {
		lead := half.Parts[route.Lead].(*tablePart)
		var copies []int
		for range 1 + len(route.Hops) {
			copies = append(copies, rng.IntN(2))
		}
		for copy := range 2 {
			to := route
			to.Lead, to.Hops = part(route.Lead, copies[0]^copy), nil
			for i, h := range route.Hops {
				h.Part = part(h.Part, copies[i+1]^copy)
				to.Hops = append(to.Hops, h)
			}
			p.Routes = append(p.Routes, to)
		}
		first, second := tables[p.Routes[2*r].Lead], tables[p.Routes[2*r+1].Lead]
		for v := range values {
			moves := slices.Clone(lead.offers[r][v])
			for i := range moves {
				moves[i].Step = both(moves[i].Step, false)
			}
			first.offers[2*r] = append(first.offers[2*r], moves)
			second.offers[2*r+1] = append(second.offers[2*r+1], imageOfMoves(moves, image))
		}
	}
	for _, init := range half.Init {
		var t product.Tuple
		for i, from := range half.Parts {
			t[part(i, 0)] = init[i]
			if i < pairs {
				t[part(i, 1)] = from.(*tablePart).number(rng.IntN(values))
			}
		}
		p.Init = append(p.Init, t)
		if image := imageOfTuple(p, t); image != t {
			p.Init = append(p.Init, image)
		}
	}
	return p
}

func imageOfMoves(moves []product.Move, image func(product.Bits) product.Bits) (to []product.Move) {
	for _, m := range moves {
		m.Step = image(m.Step)
		to = append(to, m)
	}
	return to
}

func imageOfTuple(p *product.Product, t product.Tuple) product.Tuple {
	for _, pair := range p.Exchange.Parts {
		t[pair[0]], t[pair[1]] = t[pair[1]], t[pair[0]]
	}
	return t
}

// A search by symmetry finds what the slow one finds, and keeps one state of each
// orbit.
func TestSymmetryRandom(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pairs := rapid.IntRange(1, 2).Draw(t, "pairs")
		single := rapid.IntRange(0, min(2, 5-2*pairs)).Draw(t, "single") // more may not fit into a word
		values := rapid.IntRange(1, 4).Draw(t, "values")
		routes := rapid.IntRange(0, 4).Draw(t, "routes")
		watches := rapid.IntRange(0, 30).Draw(t, "watches")
		p := symmetricProduct(naive.Seeded(t), pairs, single, values, routes, watches)
		limit := rapid.IntRange(0, 6).Draw(t, "limit of depth")
		n := naiveProduct(p)
		for _, limits := range []explore.Limits{{}, {Depth: limit}} {
			want := n.Search(limits)
			full := want.Result
			want.Result = orbits(p, n, limits, full)
			assertExploresProduct(t, want, p, limits)
			assertAsLight(t, p, limits)
			assert.LessOrEqual(t, full.Distinct, 2*want.Result.Distinct)
		}
	})
}

// assertAsLight asserts that the lightest runs are those of the full search.
func assertAsLight(t require.TestingT, p *product.Product, limits explore.Limits) {
	var all []int
	for i := range p.Watches {
		all = append(all, i)
	}
	weigh := func(from product.Tuple, step *explore.Step[product.Tuple, product.Pick]) explore.Weight {
		return explore.Weight{Cost: int(from[0]+step.To[1]) % 3, Actor: (step.Action.Route + step.Action.Move) % 3}
	}
	full := *p
	full.Exchange = nil
	want, err := product.Explore(context.Background(), &full, product.Options{Limits: limits})
	require.NoError(t, err)
	e, err := product.Explore(context.Background(), p, product.Options{Limits: limits})
	require.NoError(t, err)
	require.Equal(t, want.Lightest(all, weigh), e.Lightest(all, weigh))
}

// orbits returns full with one of each two images counted.
func orbits(p *product.Product, n naive.System[product.Tuple, product.Pick], limits explore.Limits, full explore.Result) explore.Result {
	r := explore.Result{Generated: len(p.Init), Depth: full.Depth, Incomplete: full.Incomplete}
	seen := map[product.Tuple]bool{}
	var level []product.Tuple
	claim := func(to []product.Tuple, s product.Tuple) []product.Tuple {
		if seen[s] || seen[imageOfTuple(p, s)] {
			return to
		}
		seen[s] = true
		return append(to, s)
	}
	for _, s := range p.Init {
		level = claim(level, s)
	}
	for depth := 0; len(level) > 0 && (limits.Depth == 0 || depth < limits.Depth); depth++ {
		var next []product.Tuple
		for _, s := range level {
			steps := n.Steps(s)
			r.Generated += len(steps)
			if len(steps) == 0 {
				r.Terminals++
			}
			for _, step := range steps {
				if step.Cut == "" {
					next = claim(next, step.To)
				}
			}
		}
		level = next
	}
	r.Distinct = len(seen)
	return r
}

// What the generator makes is symmetric: each step and what is seen has an image.
func TestSymmetricProduct(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := symmetricProduct(naive.Seeded(t), 2, 1, 3, 3, 8)
		n := naiveProduct(p)
		image := func(b product.Bits) (to product.Bits) {
			for i := range p.Watches {
				j := i
				for _, pair := range p.Exchange.Watches {
					if k := slices.Index(pair[:], i); k >= 0 {
						j = pair[1-k]
					}
				}
				if b.Has(i) {
					to = to.Or(product.Bit(j))
				}
			}
			return to
		}
		known := map[product.Tuple]bool{}
		stack := slices.Clone(p.Init)
		for len(stack) > 0 {
			s := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			if known[s] {
				continue
			}
			known[s] = true
			require.Equal(t, image(n.Seen(s)), image(image(n.Seen(imageOfTuple(p, s))))) // of watches that there are
			type sight struct {
				to   product.Tuple
				cut  string
				seen product.Bits
			}
			count := func(s product.Tuple, turned bool) map[sight]int {
				all := map[sight]int{}
				for _, step := range n.Steps(s) {
					at := sight{cut: step.Cut}
					if step.Cut == "" {
						at = sight{step.To, "", image(image(step.Seen))}
						if turned {
							at = sight{imageOfTuple(p, step.To), "", image(step.Seen)}
						}
						stack = append(stack, step.To)
					}
					all[at]++
				}
				return all
			}
			require.Equal(t, count(s, false), count(imageOfTuple(p, s), true))
		}
	})
}

// TestSymmetryCounters grows the table and changes the layout, with pairs whose
// fields would otherwise be of different widths.
func TestSymmetryCounters(t *testing.T) {
	n := tier.Choose(5, 9)
	wide, plain := counter{n, 4, 1 << 13}, counter{limit: n, leap: n + 1}
	p := counters(plain, wide, plain, wide, plain)
	p.Watches = p.Watches[:1]
	full, err := product.Explore(context.Background(), p, product.Options{})
	require.NoError(t, err)
	path, _ := full.Path(0)
	values := n + 1
	p.Exchange = &product.Exchange{Parts: [][2]int{{4, 0}, {3, 1}}}
	for _, workers := range naive.WorkerCounts {
		e, err := product.Explore(context.Background(), p, product.Options{Workers: workers})
		require.NoError(t, err)
		assert.Equal(t, values*values*values*(values*values+1)/2, e.Distinct, "of values**5 states values**3 are their own images")
		assert.Equal(t, 1, e.Terminals)
		assert.Equal(t, 5*n+1, e.Depth)
		steps, ok := e.Found(0)
		assert.True(t, ok)
		assert.Equal(t, 5*n, steps)
		got, ok := e.Path(0)
		assert.True(t, ok)
		assert.Equal(t, path, got)

		weigh := func(from product.Tuple, step *explore.Step[product.Tuple, product.Pick]) explore.Weight {
			return explore.Weight{Cost: int(from[step.Action.Route]) % 3, Actor: 1 + step.Action.Route%2}
		}
		assert.Equal(t, full.Lightest([]int{0}, weigh), e.Lightest([]int{0}, weigh))

		// What needs every state is refused.
		_, err = e.Runs(context.Background(), nil)
		assert.ErrorIs(t, err, product.ErrSymmetry)
		_, err = e.Quotient(context.Background(), nil)
		assert.ErrorIs(t, err, product.ErrSymmetry)
		assert.ErrorIs(t, e.Each(context.Background(), nil), product.ErrSymmetry)
	}
	_, err = product.Explore(context.Background(), p, product.Options{Checkpoint: &product.Checkpoint{}})
	assert.ErrorIs(t, err, product.ErrSymmetry)
}

func TestExchangeValidate(t *testing.T) {
	c := counter{limit: 1, leap: 2}
	for name, x := range map[string]product.Exchange{
		"no such part":    {Parts: [][2]int{{0, 3}}},
		"negative":        {Parts: [][2]int{{-1, 0}}},
		"part with self":  {Parts: [][2]int{{1, 1}}},
		"part twice":      {Parts: [][2]int{{0, 1}, {1, 2}}},
		"no such watch":   {Watches: [][2]int{{0, 5}}},
		"kind of a watch": {Watches: [][2]int{{0, 1}}},
		"movers":          {Watches: [][2]int{{1, 3}}},
		"initial state":   {Parts: [][2]int{{1, 2}}},
	} {
		p := counters(c, c, c)
		p.Watches = append(p.Watches, product.Watch{Kind: explore.Steps, Movers: []int{1}})
		p.Init[0][2] = 2
		p.Exchange = &x
		_, err := product.Explore(context.Background(), p, product.Options{})
		assert.Error(t, err, name)
	}
	p := counters(c, c, c)
	p.Watches = append(p.Watches, product.Watch{Kind: explore.Steps, Movers: []int{1}}, product.Watch{Kind: explore.Steps, Movers: []int{2}})
	p.Exchange = &product.Exchange{Parts: [][2]int{{1, 2}}, Watches: [][2]int{{3, 4}}}
	_, err := product.Explore(context.Background(), p, product.Options{})
	assert.NoError(t, err)
}

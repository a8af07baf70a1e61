package product_test

import (
	"context"
	"fmt"
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

// A network is two table-driven ends and two channels between them. A channel has letters,
// each old or young; a tick makes young ones old, and old ones are gone. It loses what it
// likes, and delivers with or without leaving a copy.
type network struct {
	letters, states int
	capacity        int // letters in a channel
	room            int // letters in a channel beyond which the search does not go; 0: any number
	saturated       bool
	calls           [2][]networkMove // by state: what an end may do; letter -1 is nothing
	answers         [2][][]networkMove
	ticks           [2][]int // by state: the state after a tick; -1 if time cannot pass
	ends            [2][]product.Bits
	steps           [2][]product.Bits // by state after the step
	nets            [2][]product.Bits // by letter: what sees it, old or young
	young           [2][]product.Bits // and young
	whatever        [2]product.Bits   // what does not look at the channel
	empty           [2]product.Bits   // what wants it empty
}

type networkMove struct{ to, letter int }

const tickMessage = 100

func drawNetwork(rng *rand.Rand) *network {
	n := &network{letters: 1 + rng.IntN(3), states: 2 + rng.IntN(5)}
	const watches = 12 // 0 to 5 of states, 6 to 9 of steps, 10 and 11 of terminal states
	some := func(list ...int) (b product.Bits) {
		for _, i := range list {
			if rng.IntN(2) == 0 {
				b = b.Or(product.Bit(i))
			}
		}
		return b
	}
	upTo := func(n int) (list []int) {
		for i := range n {
			list = append(list, i)
		}
		return list
	}
	for e := range 2 {
		move := func() networkMove { return networkMove{rng.IntN(n.states), rng.IntN(n.letters+1) - 1} }
		for range n.states {
			n.calls[e] = append(n.calls[e], move())
			var answers []networkMove
			for range n.letters {
				answers = append(answers, move())
			}
			n.answers[e] = append(n.answers[e], answers)
			n.ticks[e] = append(n.ticks[e], rng.IntN(n.states+1)-1)
			n.ends[e] = append(n.ends[e], some(upTo(watches)...))
			n.steps[e] = append(n.steps[e], some(upTo(watches)...))
		}
		// States watches 0 to 3 may look at letters, 4 and 5 may want an empty channel;
		// watches of steps 6 to 8 may look at letters.
		for i := range watches {
			switch {
			case i >= 9 || rng.IntN(3) == 0:
				n.whatever[e] = n.whatever[e].Or(product.Bit(i))
			case i == 4 || i == 5:
				n.empty[e] = n.empty[e].Or(product.Bit(i))
			}
		}
		for range n.letters {
			sees := some(0, 1, 2, 3, 6, 7, 8)
			n.nets[e] = append(n.nets[e], sees)
			n.young[e] = append(n.young[e], some(0, 1, 2, 3, 6, 7, 8))
		}
	}
	return n
}

// product returns the network as a product: parts 0 and 1 are the ends, 2 and 3 what they
// have sent.
func (n *network) product() *product.Product {
	p := &product.Product{
		Parts: []product.Part{networkEnd{n, 0}, networkEnd{n, 1}, networkChannel{n, 0}, networkChannel{n, 1}},
		Init:  []product.Tuple{{1, 1, 1, 1}}, Halves: []int{0, 2},
	}
	for i := range 12 {
		switch {
		case i < 6:
			p.Watches = append(p.Watches, product.Watch{Kind: explore.States})
		case i < 10:
			p.Watches = append(p.Watches, product.Watch{Kind: explore.Steps, Movers: []int{i % 2}})
		default:
			p.Watches = append(p.Watches, product.Watch{Kind: explore.Terminals})
		}
	}
	for e := range 2 {
		own, peer, others := 2+e, 1-e, 3-e
		delivers := []product.Hop{{Part: peer}, {Part: others, From: 1}}
		p.Routes = append(p.Routes,
			product.Route{Name: fmt.Sprint("call ", e), Lead: e, Hops: []product.Hop{{Part: own}}},
			product.Route{Name: fmt.Sprint("copy ", e), Lead: own, Hops: delivers},
			product.Route{Name: fmt.Sprint("deliver ", e), Lead: own, Hops: delivers},
			product.Route{Name: fmt.Sprint("lose ", e), Lead: own},
		)
	}
	p.Routes = append(p.Routes, product.Route{Name: "tick", Idle: true, Hops: []product.Hop{{Part: 2}, {Part: 1}, {Part: 3}}})
	return p
}

type networkEnd struct {
	*network
	side int
}

func (e networkEnd) move(from int, m networkMove) product.Move {
	return product.Move{To: product.Value(m.to + 1), Out: product.Message(m.letter + 1), Step: e.steps[e.side][m.to]}
}

func (e networkEnd) Offer(dst []product.Move, route int, v product.Value) []product.Move {
	at := int(v) - 1
	if route == 8 {
		if to := e.ticks[e.side][at]; to >= 0 {
			dst = append(dst, product.Move{To: product.Value(to + 1), Out: tickMessage, Step: e.steps[e.side][to]})
		}
		return dst
	}
	if m := e.calls[e.side][at]; m.to > at { // calls come to an end
		dst = append(dst, e.move(at, m))
	}
	return dst
}

func (e networkEnd) React(v product.Value, in product.Message) product.Move {
	at := int(v) - 1
	if in == tickMessage {
		to := e.ticks[e.side][at]
		if to < 0 {
			return product.Move{Refuse: true}
		}
		return product.Move{To: product.Value(to + 1), Step: e.steps[e.side][to]}
	}
	return e.move(at, e.answers[e.side][at][in-1])
}

func (e networkEnd) State(v product.Value) product.Bits { return e.ends[e.side][v-1] }
func (e networkEnd) Stay(v product.Value) product.Bits {
	b := e.steps[e.side][v-1]
	for i := 6; i < 10; i++ {
		if i%2 == e.side {
			b = b.Without(product.Bit(i))
		}
	}
	return b
}

// A networkChannel's value is one more than a number with a digit for each letter, to
// base 3: 0 if it is not there, 1 if it is old, 2 if it is young.
type networkChannel struct {
	*network
	side int
}

var _ product.Covering = networkChannel{}

func (c networkChannel) digits(v product.Value) (d [3]int) {
	n := int(v) - 1
	for i := range c.letters {
		d[i] = n % 3
		n /= 3
	}
	return d
}

func (c networkChannel) value(d [3]int) product.Value {
	n := 0
	for i := c.letters - 1; i >= 0; i-- {
		n = 3*n + d[i]
	}
	return product.Value(n + 1)
}

func (c networkChannel) count(d [3]int) (n int) {
	for _, age := range d {
		if age > 0 {
			n++
		}
	}
	return n
}

func (c networkChannel) move(d [3]int, letter int) product.Move {
	v := c.value(d)
	return product.Move{To: v, Out: product.Message(letter + 1), Step: c.sees(v, false)}
}

func (c networkChannel) Offer(dst []product.Move, route int, v product.Value) []product.Move {
	d := c.digits(v)
	for i, age := range d {
		kind := route % 4
		if age == 0 || c.saturated && kind != 1 {
			continue
		}
		to := d
		if kind > 1 {
			to[i] = 0
		}
		if kind == 3 {
			dst = append(dst, c.move(to, -1))
		} else {
			dst = append(dst, c.move(to, i))
		}
	}
	return dst
}

func (c networkChannel) React(v product.Value, in product.Message) product.Move {
	d := c.digits(v)
	if in == tickMessage {
		for i := range d {
			d[i] = max(0, d[i]-1)
		}
		return c.move(d, -1)
	}
	if d[in-1] > 0 || c.count(d) < c.capacity {
		d[in-1] = 2
	}
	if c.room > 0 && c.count(d) > c.room {
		return product.Move{Bound: "room"}
	}
	return c.move(d, -1)
}

// sees returns what a value lets pass; with losses, also what is left without it.
func (c networkChannel) sees(v product.Value, losses bool) product.Bits {
	d, b := c.digits(v), c.whatever[c.side]
	for i, age := range d {
		switch age {
		case 2:
			b = b.Or(c.young[c.side][i]).Or(c.nets[c.side][i])
		case 1:
			b = b.Or(c.nets[c.side][i])
		}
	}
	if losses || c.count(d) == 0 {
		b = b.Or(c.empty[c.side])
	}
	return b
}

func (c networkChannel) State(v product.Value) product.Bits { return c.sees(v, c.saturated) }
func (c networkChannel) Stay(v product.Value) product.Bits  { return c.sees(v, false) }

func (c networkChannel) Covers(v, w product.Value) bool {
	d, e := c.digits(v), c.digits(w)
	for i := range d {
		if d[i] > e[i] {
			return false
		}
	}
	return true
}

func (c networkChannel) Least() product.Value { return 1 }

// Saturated networks, all their states or the maximal ones, show what networks of growing
// capacities show together, after as many steps where that grows with what is in transit.
func TestMaximal_Rapid(t *testing.T) {
	ctx := context.Background()
	found := 0
	rapid.Check(t, func(t *rapid.T) {
		n := drawNetwork(naive.Seeded(t))
		fewest := map[int]int{}
		all := 0
		for n.capacity = 1; n.capacity <= n.letters; n.capacity++ {
			full, err := product.Explore(ctx, n.product(), product.Options{})
			require.NoError(t, err)
			for i := range 12 {
				if steps, ok := full.Found(i); ok {
					if least, had := fewest[i]; !had || steps < least {
						fewest[i] = steps
					}
				}
			}
			all = full.Distinct
		}
		n.saturated, n.capacity = true, n.letters
		p := n.product()
		saturated, err := product.Explore(ctx, p, product.Options{})
		require.NoError(t, err)
		m, err := product.ExploreMaximal(ctx, p, product.Options{})
		require.NoError(t, err)
		require.Empty(t, m.Incomplete)
		require.Equal(t, n.maximalOf(t, saturated), m.States)
		require.LessOrEqual(t, m.States, all)
		require.LessOrEqual(t, m.Bases, m.States)
		require.GreaterOrEqual(t, m.Expanded, m.States)
		for i := range 12 {
			steps, is := fewest[i]
			require.Equal(t, is, m.Found(i), "watch %d", i)
			if i >= 10 {
				continue // terminal states are reached where time has emptied the channels
			}
			length, ok := saturated.Found(i)
			require.Equal(t, is, ok, "watch %d", i)
			path, watch, why := m.Shortest(ctx, []int{i})
			require.Empty(t, why)
			if !is {
				require.Equal(t, -1, watch)
				continue
			}
			found++
			require.Equal(t, i, watch)
			require.Len(t, path.Actions, length, "watch %d", i)
			if n.empty[0].Or(n.empty[1]).Has(i) {
				continue
			}
			require.Equal(t, steps, length, "watch %d", i)
			sys := p.System()
			for s, action := range path.Actions {
				require.Contains(t, sys.Steps(nil, path.States[s]), explore.Step[product.Tuple, product.Pick]{Action: action, To: path.States[s+1]})
			}
		}
	})
	assert.Positive(t, found)
}

// maximalOf returns how many of all states of a saturated network no other covers.
func (n *network) maximalOf(t *rapid.T, saturated *product.Explored) (count int) {
	var all []product.Tuple
	require.NoError(t, saturated.Each(context.Background(), func(_ int, s product.Tuple, _ bool, _ []product.NumberedStep) error {
		all = append(all, s)
		return nil
	}))
	covers := func(v, w product.Tuple) bool {
		return v[0] == w[0] && v[1] == w[1] && networkChannel{n, 0}.Covers(v[2], w[2]) && networkChannel{n, 1}.Covers(v[3], w[3])
	}
	for _, v := range all {
		if !slices.ContainsFunc(all, func(w product.Tuple) bool { return v != w && covers(v, w) }) {
			count++
		}
	}
	return count
}

func TestMaximal_Refuses(t *testing.T) {
	_, err := product.ExploreMaximal(context.Background(), counters(counter{limit: 2, leap: 3}), product.Options{})
	assert.ErrorIs(t, err, product.ErrNoCovering)
}

// Where a channel fills up, the search says so, and a run that may not be the shortest has no
// length.
func TestMaximal_Bound(t *testing.T) {
	short, unknown := 0, 0
	enough := func() bool { return short > 0 && unknown > 0 }
	tier.CheckUntil(t, enough, func(t *rapid.T) {
		n := drawNetwork(naive.Seeded(t))
		n.saturated, n.capacity = true, n.letters
		all, err := product.Explore(context.Background(), n.product(), product.Options{})
		require.NoError(t, err)
		n.room = rapid.IntRange(1, n.letters).Draw(t, "room")
		m, err := product.ExploreMaximal(context.Background(), n.product(), product.Options{})
		require.NoError(t, err)
		if len(m.Incomplete) > 0 {
			require.Equal(t, []string{"room"}, m.Incomplete)
		}
		for i := range 10 {
			length, is := all.Found(i)
			require.False(t, m.Found(i) && !is)
			if len(m.Incomplete) == 0 {
				require.Equal(t, is, m.Found(i), "watch %d", i)
			}
			if !m.Found(i) {
				continue
			}
			path, _, why := m.Shortest(context.Background(), []int{i})
			switch {
			case why == "":
				require.Len(t, path.Actions, length, "watch %d", i)
				if len(m.Incomplete) > 0 {
					short++
				}
			default:
				require.Equal(t, "room", why)
				unknown++
			}
		}
	})
	assert.True(t, enough(), "%d lengths, %d unknown", short, unknown)
}

// A search that is stopped says so, and has the runs to what it has found.
func TestMaximal_Stopped(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := drawNetwork(naive.Seeded(t))
		n.saturated, n.capacity = true, n.letters
		whole, err := product.ExploreMaximal(context.Background(), n.product(), product.Options{})
		require.NoError(t, err)
		o := product.Options{Limits: explore.Limits{States: 1 + rapid.IntRange(0, 20).Draw(t, "limit")}}
		m, err := product.ExploreMaximal(context.Background(), n.product(), o)
		require.NoError(t, err)
		if o.Limits.States < whole.Expanded {
			require.Equal(t, []string{explore.BoundStates}, m.Incomplete)
		}
		for i := range 12 {
			require.False(t, m.Found(i) && !whole.Found(i))
		}
	})
}

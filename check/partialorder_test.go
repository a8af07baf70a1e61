package check

import (
	"math/bits"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/internal/naive"
	"tcpclose/internal/tier"
	"tcpclose/model"
)

// How many states could a search by partial order do without? This is the best that
// persistent and stubborn sets can do: they are found by looking at the whole graph,
// and are only to keep the terminal states, not what is seen on the way.
var partialOrders = []struct {
	preset, words        string // words change the preset
	states               int
	persistent, stubborn reduction
	loose                int // of persistent sets, were ticks independent of everything
	quick                bool
}{
	{"notes", "", 13502, reduction{10392, 9315}, reduction{10388, 9298}, 285, true},
	{"withheld-ack", "", 51580, reduction{40127, 33716}, reduction{40117, 33706}, 1979, false},
	{"reordering", "", 169602, reduction{108753, 86138}, reduction{108729, 86051}, 4219, false},
	{"no-data", "", 43356, reduction{43042, 43003}, reduction{40830, 40673}, 4704, false},
	{"delayed-ack", "", 43432, reduction{43116, 43077}, reduction{40906, 40749}, 4708, false},
	{"shut-window", "", 24304, reduction{23948, 23947}, reduction{21574, 21537}, 3739, false},
	{"keep-alive", "", 17475, reduction{17223, 17223}, reduction{15839, 15829}, 943, false},
	{"abort", "", 59417, reduction{58115, 58068}, reduction{56779, 55718}, 1793, false},
	{"crash", "", 51035, reduction{49814, 49767}, reduction{48584, 47523}, 1635, false},
	{"user-timeout", "", 103679, reduction{102211, 100895}, reduction{94447, 92956}, 7765, false},
	{"no-data", "duplicate=off", 27769, reduction{27540, 27539}, reduction{26409, 26355}, 3488, false},
	{"no-data", "loss=off duplicate=off capacity=8", 27401, reduction{17667, 13796}, reduction{17209, 12264}, 194, false},
	{"no-data", "loss=off duplicate=off reorder=off capacity=8", 4966, reduction{2035, 728}, reduction{2042, 726}, 37, true},
}

// An order is the states of a model and its steps by their names: what may be done
// now and what may be done later are the same step if they have the same name.
type order struct {
	out   [][]int32 // by state: the names of the steps that change something
	next  [][]int32 // by state and name: where it leads, or -1
	tick  int32     // the name of a tick
	loose bool      // suppose that ticks depend on nothing, which is wrong
}

// A stepName is an action without what time and other packets change of it: a
// packet is the first, second and so on of those that say the same.
type stepName struct {
	model.Action
	nth int
}

// newOrder explores y; it is nil if a step is cut or there are more than limit states.
func newOrder(y *model.System, limit int) *order {
	g := &order{tick: -1}
	cut := false
	states := []model.State{y.Init()}
	number := map[model.State]int32{y.Init(): 0}
	names := map[stepName]int32{}
	type arc struct{ name, to int32 }
	var arcs [][]arc
	for n := 0; n < len(states) && len(states) <= limit && !cut; n++ {
		var list []arc
		y.Outcomes(states[n], func(a model.Action, o *model.Outcome) {
			if o.Overflow {
				cut = true
				return
			}
			to, known := number[o.To]
			if !known {
				to = int32(len(states))
				number[o.To] = to
				states = append(states, o.To)
			}
			a.Place, a.Packet.Age = 0, 0
			s := stepName{Action: a}
			name := func() int32 {
				if _, known := names[s]; !known {
					names[s] = int32(len(names))
				}
				return names[s]
			}
			for slices.ContainsFunc(list, func(b arc) bool { return b.name == name() }) {
				s.nth++
			}
			if a.Kind == model.Ticks {
				g.tick = name()
			}
			list = append(list, arc{name(), to})
		})
		arcs = append(arcs, list)
	}
	if cut || len(states) > limit {
		return nil
	}
	for s, list := range arcs {
		next := slices.Repeat([]int32{-1}, len(names))
		var out []int32
		for _, a := range list {
			if next[a.name] = a.to; a.to != int32(s) {
				out = append(out, a.name)
			}
		}
		g.next, g.out = append(g.next, next), append(g.out, out)
	}
	return g
}

// commute reports whether two steps from s can be taken in either order, and lead
// to the same.
func (g *order) commute(s, t, u int32) bool {
	if g.loose && (t == g.tick || u == g.tick) {
		return true
	}
	tu := g.next[g.next[s][t]][u]
	return tu >= 0 && tu == g.next[g.next[s][u]][t]
}

// A stepSet is a set of steps from a state: their names and, by name, whether it is
// in.
type stepSet struct {
	names []int32
	in    []bool
	key   int32 // one of them
}

// A judgement of a set is nil if it will do; otherwise it is the names of steps of
// which at least one is in any larger set that does.
type judgement func(s int32, set *stepSet) []int32

// A trail is how a search has come somewhere.
type trail struct {
	back int // the trail before; -1 is none
	by   int32
}

// persistent checks whether the set is persistent in s (Godefroid): whatever is done
// without it, its steps remain possible and commute with each of those.
func (g *order) persistent(s int32, set *stepSet) []int32 {
	at := []int32{s}
	trails := []trail{{-1, 0}}
	seen := map[int32]bool{s: true}
	for i := 0; i < len(at); i++ {
		q := at[i]
		for _, t := range set.names {
			if g.next[q][t] < 0 {
				return stepsOf(trails, i)
			}
		}
		for _, u := range g.out[q] {
			if set.in[u] || g.loose && u == g.tick {
				continue
			}
			for _, t := range set.names {
				if !g.commute(q, t, u) {
					return append(stepsOf(trails, i), u)
				}
			}
			if to := g.next[q][u]; !seen[to] {
				seen[to] = true
				at, trails = append(at, to), append(trails, trail{i, u})
			}
		}
	}
	return nil
}

// stubborn checks whether the set is weakly stubborn in s with that key (Valmari's D1
// and D2, which ask for less): what is done without it and then one of its steps may
// be done with that step first, and leads to the same; and the key remains possible.
func (g *order) stubborn(s int32, set *stepSet) []int32 {
	type place struct{ t, q, first int32 } // with t first: where that leads; -1 is nowhere
	var at []place
	var trails []trail
	seen := map[place]bool{}
	for _, t := range set.names {
		at, trails = append(at, place{t, s, g.next[s][t]}), append(trails, trail{-1, 0})
	}
	for i := 0; i < len(at); i++ {
		p := at[i]
		if to := g.next[p.q][p.t]; to >= 0 && to != p.first || to < 0 && p.t == set.key {
			return stepsOf(trails, i)
		}
		for _, u := range g.out[p.q] {
			if set.in[u] {
				continue
			}
			to := place{p.t, g.next[p.q][u], -1}
			if p.first >= 0 {
				to.first = g.next[p.first][u]
			}
			if !seen[to] {
				seen[to] = true
				at, trails = append(at, to), append(trails, trail{i, u})
			}
		}
	}
	return nil
}

// stepsOf returns the names of the steps of trail i.
func stepsOf(trails []trail, i int) (names []int32) {
	for ; trails[i].back >= 0; i = trails[i].back {
		names = append(names, trails[i].by)
	}
	return names
}

// minimal returns the sets of steps from s that will do and have no smaller one in them,
// smallest first.
func (g *order) minimal(s int32, judge judgement) (found [][]int32) {
	out := g.out[s]
	type try struct {
		set uint64 // of places in out
		key int
	}
	var queue []try
	seen := map[try]bool{}
	for i := range out {
		queue = append(queue, try{1 << i, i})
	}
	var done []uint64
	in := make([]bool, len(g.next[s]))
	for ; len(queue) > 0; queue = queue[1:] {
		c := queue[0]
		if slices.ContainsFunc(done, func(d uint64) bool { return c.set&d == d }) {
			continue
		}
		set := &stepSet{in: in, key: out[c.key]}
		for i, name := range out {
			if in[name] = c.set>>i&1 != 0; in[name] {
				set.names = append(set.names, name)
			}
		}
		lacks := judge(s, set)
		for _, name := range out {
			in[name] = false
		}
		if lacks == nil {
			done = append(done, c.set)
			found = append(found, set.names)
			continue
		}
		for i, name := range out {
			if more := (try{c.set | 1<<i, c.key}); slices.Contains(lacks, name) && !seen[more] {
				seen[more] = true
				queue = append(queue, more)
			}
		}
	}
	return found
}

// A reduction is how many states remain if of each only the steps of one set are
// taken.
type reduction struct {
	Smallest int // of a smallest set
	// Least is the states that remain whatever sets are chosen: those that are found by
	// steps to where all sets of a state lead.
	Least int
}

// reduce also gives the steps taken.
func (g *order) reduce(judge judgement) (r reduction, taken [][]int32) {
	taken = make([][]int32, len(g.out))
	shared := make([][]int32, len(g.out))
	for s := range g.out {
		sets := g.minimal(int32(s), judge)
		if len(sets) == 0 {
			continue
		}
		taken[s] = sets[0]
		for _, to := range g.targets(s, sets[0]) {
			if !slices.ContainsFunc(sets[1:], func(set []int32) bool { return !slices.Contains(g.targets(s, set), to) }) {
				shared[s] = append(shared[s], to)
			}
		}
	}
	count := func(successors func(s int) []int32) int {
		seen := make([]bool, len(g.out))
		seen[0] = true
		queue := []int32{0}
		for i := 0; i < len(queue); i++ {
			for _, to := range successors(int(queue[i])) {
				if !seen[to] {
					seen[to] = true
					queue = append(queue, to)
				}
			}
		}
		return len(queue)
	}
	r.Smallest = count(func(s int) []int32 { return g.targets(s, taken[s]) })
	r.Least = count(func(s int) []int32 { return shared[s] })
	return r, taken
}

func (g *order) targets(s int, names []int32) (list []int32) {
	for _, name := range names {
		list = append(list, g.next[s][name])
	}
	return list
}

// ends is, for each state, the set of terminal states that the steps lead to.
func (g *order) ends(t *testing.T, taken [][]int32) []uint64 {
	reached := make([]uint64, len(g.out))
	n := 0
	for s, out := range g.out {
		if len(out) == 0 {
			reached[s] = 1 << n
			n++
		}
	}
	require.LessOrEqual(t, n, 64)
	for changed := true; changed; {
		changed = false
		for s := len(g.out) - 1; s >= 0; s-- {
			before := reached[s]
			for _, to := range g.targets(s, taken[s]) {
				reached[s] |= reached[to]
			}
			changed = changed || reached[s] != before
		}
	}
	return reached
}

// What docs/performance.md says of partial order; -v tells the factors:
//
//	TCPCLOSE_LARGE=1 go test ./check -run 'TestPartialOrder$' -v
func TestPartialOrder(t *testing.T) {
	for _, row := range partialOrders {
		name := strings.TrimSpace(row.preset + " " + row.words)
		t.Run(name, func(t *testing.T) {
			if !row.quick {
				tier.Skip(t)
			}
			preset, err := FindPreset(row.preset)
			require.NoError(t, err)
			c := naive.Parse(t, strings.Join(append(preset.Config.Against(model.Default()), row.words), " "))
			g := newOrder(naive.SystemOf(t, c), row.states)
			require.NotNil(t, g)
			require.Len(t, g.out, row.states)
			full := g.ends(t, g.out)
			judge := func(name string, judge judgement, want reduction) {
				r, taken := g.reduce(judge)
				assert.Equal(t, want, r, name)
				assert.Equal(t, full, g.ends(t, taken), name)
				proper, ticks, without := 0, 0, 0
				for s := range taken {
					if len(taken[s]) < len(g.out[s]) {
						proper++
					}
					if g.next[s][g.tick] >= 0 {
						ticks++
						if !slices.Contains(taken[s], g.tick) {
							without++
						}
					}
				}
				states := float64(row.states)
				t.Logf("%s: %d states, %.3f times as few; with any sets at most %.3f; %.0f %% of states have a proper one; of %d in which a tick is possible %d leave it out",
					name, r.Smallest, states/float64(r.Smallest), states/float64(r.Least), 100*float64(proper)/states, ticks, without)
			}
			judge("persistent", g.persistent, row.persistent)
			judge("stubborn", g.stubborn, row.stubborn)
			g.loose = true
			r, _ := g.reduce(g.persistent)
			assert.Equal(t, row.loose, r.Smallest)
			t.Logf("were ticks independent: %d states, %.1f times as few", r.Smallest, float64(row.states)/float64(r.Smallest))
		})
	}
}

// From every state the steps that are taken lead to the same terminal states as all
// steps; and were ticks held for independent, which is wrong, they would not.
func TestPartialOrder_Ends(t *testing.T) {
	limit, judged, most, lost := tier.Choose(300, 1500), 0, 0, 0
	for _, small := range naive.SmallConfigs() {
		g := newOrder(naive.SystemOf(t, naive.Parse(t, small.Words)), limit)
		if g == nil {
			continue
		}
		judged++
		full := g.ends(t, g.out)
		most = max(most, bits.OnesCount64(full[0]))
		for _, judge := range []judgement{g.persistent, g.stubborn} {
			r, taken := g.reduce(judge)
			assert.Equal(t, full, g.ends(t, taken), small.Name)
			assert.LessOrEqual(t, r.Least, r.Smallest)
		}
		g.loose = true
		if _, taken := g.reduce(g.persistent); !slices.Equal(full, g.ends(t, taken)) {
			lost++
		}
	}
	assert.Greater(t, judged, 20)
	assert.Greater(t, most, 2, "terminal states")
	assert.Greater(t, 2*lost, judged)
}

// Two counters that know nothing of each other are counted one after the other; if a
// step of each excludes the other's, both orders remain.
func TestPartialOrder_Counters(t *testing.T) {
	const n = 4
	at := func(i, j int) int32 { return int32(i*(n+1) + j) }
	counters := func(exclude bool) *order {
		g := &order{tick: -1}
		for i := range n + 1 {
			for j := range n + 1 {
				next := slices.Repeat([]int32{-1}, 2*n)
				var out []int32
				add := func(name int, to int32) {
					next[name] = to
					out = append(out, int32(name))
				}
				if i < n && !(exclude && i == 0 && j > 0) {
					add(i, at(i+1, j))
				}
				if j < n && !(exclude && j == 0 && i > 0) {
					add(n+j, at(i, j+1))
				}
				g.out, g.next = append(g.out, out), append(g.next, next)
			}
		}
		return g
	}
	for _, judge := range []func(*order) judgement{
		func(g *order) judgement { return g.persistent },
		func(g *order) judgement { return g.stubborn },
	} {
		g := counters(false)
		r, taken := g.reduce(judge(g))
		assert.Equal(t, reduction{2*n + 1, 1}, r)
		assert.Equal(t, g.ends(t, g.out), g.ends(t, taken))
		g = counters(true)
		r, taken = g.reduce(judge(g))
		assert.Equal(t, reduction{2*n + 1, 2*n + 1}, r)
		assert.Len(t, taken[0], 2)
		assert.Equal(t, g.ends(t, g.out), g.ends(t, taken))
	}
}

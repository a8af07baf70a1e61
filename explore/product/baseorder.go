package product

import (
	"cmp"
	"container/heap"
	"slices"

	"tcpclose/explore/internal/scc"
)

// A baseOrder has the bases of which states wait, in the order in which these are to be
// expanded. Steps lead to later bases, or to those of the same component, as far as it is
// known where they lead. Of the values of one part that is known soon; of bases it is only
// at the end. So the sum of the ranks of the parts' values comes first.
type baseOrder struct {
	queue  baseQueue
	all    []*base // in the order of their discovery
	edges  int     // between them
	ranked int     // edges when they were ranked last
	parts  []*valueOrder
}

// A valueOrder ranks the values of a part.
type valueOrder struct {
	part   int
	known  map[[2]Value]bool
	ahead  [][]int32 // by value
	ranked int       // len(known) when they were ranked last
	ranks  []int
}

// newBaseOrder returns the order of bases that lack some parts.
func newBaseOrder(p *Product, without []int) *baseOrder {
	o := &baseOrder{}
	for i := range p.Parts {
		if !slices.Contains(without, i) {
			o.parts = append(o.parts, &valueOrder{part: i, known: map[[2]Value]bool{}})
		}
	}
	return o
}

// enter gives a base that is new, and to which a step leads, its place.
func (o *baseOrder) enter(b, from *base) {
	b.order = len(o.all)
	o.all = append(o.all, b)
	if from != nil {
		b.rank = from.rank + 1
	}
	b.progress = o.progress(b)
}

// step notes that a step leads from one base to another.
func (o *baseOrder) step(from, to *base) {
	if from == to || from.leads[to] {
		return
	}
	from.leads[to] = true
	from.ahead = append(from.ahead, int32(to.order))
	o.edges++
	for _, v := range o.parts {
		v.step(from.tuple[v.part], to.tuple[v.part])
	}
}

// progress returns the sum of the ranks of the values in a base.
func (o *baseOrder) progress(b *base) (sum int) {
	for _, v := range o.parts {
		sum += v.rank(b.tuple[v.part])
	}
	return sum
}

func (o *baseOrder) push(b *base) {
	if !b.queued {
		b.queued = true
		heap.Push(&o.queue, b)
	}
}

// pop returns the first base, and nil if there is none.
func (o *baseOrder) pop() *base {
	if len(o.queue) == 0 {
		return nil
	}
	o.rankIfDue()
	b := heap.Pop(&o.queue).(*base)
	b.queued = false
	return b
}

// rankIfDue ranks if many more steps are known than when it ranked last.
func (o *baseOrder) rankIfDue() {
	due := o.edges > o.ranked+o.ranked/8+16
	for _, v := range o.parts {
		due = due || v.due()
	}
	if !due {
		return
	}
	o.ranked = o.edges
	ahead := make([][]int32, len(o.all))
	for i, b := range o.all {
		ahead[i] = b.ahead
	}
	for _, v := range o.parts {
		v.rankAll()
	}
	for i, rank := range scc.Ranks(ahead) {
		b := o.all[i]
		b.rank, b.progress = rank, o.progress(b)
	}
	heap.Init(&o.queue)
}

func (v *valueOrder) step(from, to Value) {
	edge := [2]Value{from, to}
	if from == to || v.known[edge] {
		return
	}
	v.known[edge] = true
	for int(max(from, to)) >= len(v.ahead) {
		v.ahead = append(v.ahead, nil)
	}
	v.ahead[from] = append(v.ahead[from], int32(to))
}

func (v *valueOrder) due() bool { return len(v.known) > v.ranked+v.ranked/16 }

func (v *valueOrder) rankAll() { v.ranked, v.ranks = len(v.known), scc.Ranks(v.ahead) }

// rank returns the rank of a value: what is new comes last.
func (v *valueOrder) rank(of Value) int {
	if int(of) < len(v.ranks) {
		return v.ranks[of]
	}
	return len(v.ranks)
}

// A baseQueue has the base first that is to be expanded first.
type baseQueue []*base

func (q baseQueue) Len() int { return len(q) }
func (q baseQueue) Less(i, j int) bool {
	b, c := q[i], q[j]
	return cmp.Or(cmp.Compare(b.progress, c.progress), cmp.Compare(b.rank, c.rank), cmp.Compare(b.order, c.order)) < 0
}
func (q baseQueue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *baseQueue) Push(x any)   { *q = append(*q, x.(*base)) }
func (q *baseQueue) Pop() any {
	last := len(*q) - 1
	b := (*q)[last]
	*q = (*q)[:last]
	return b
}

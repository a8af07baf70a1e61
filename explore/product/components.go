package product

import "slices"

// components returns the strongly connected components of bases, each after all to which
// steps lead from it (Tarjan, without recursion).
func components(all []*base) (list [][]*base) {
	t := tarjan{}
	for _, b := range all {
		b.index, b.low = 0, 0
	}
	for _, root := range all {
		if root.index == 0 {
			t.visit(root)
		}
	}
	return t.list
}

type tarjan struct {
	list   [][]*base
	stack  []*base
	frames []baseFrame
	count  int
}

// A baseFrame is a base being visited, and what is left of the bases ahead of it.
type baseFrame struct {
	base  *base
	ahead []*base
}

// inComponent is the index of a base whose component is known.
const inComponent = 1 << 60

func (t *tarjan) push(b *base) {
	t.count++
	b.index, b.low = t.count, t.count
	t.stack = append(t.stack, b)
	ahead := make([]*base, 0, len(b.ahead))
	for n := range b.ahead {
		ahead = append(ahead, n)
	}
	slices.SortFunc(ahead, func(x, y *base) int { return x.order - y.order })
	t.frames = append(t.frames, baseFrame{b, ahead})
}

func (t *tarjan) visit(root *base) {
	for t.push(root); len(t.frames) > 0; {
		f := &t.frames[len(t.frames)-1]
		if len(f.ahead) > 0 {
			n := f.ahead[0]
			if f.ahead = f.ahead[1:]; n.index == 0 {
				t.push(n)
			} else {
				f.base.low = min(f.base.low, n.index)
			}
			continue
		}
		b := f.base
		t.frames = t.frames[:len(t.frames)-1]
		if len(t.frames) > 0 {
			before := t.frames[len(t.frames)-1].base
			before.low = min(before.low, b.low)
		}
		if b.low == b.index {
			t.close(b)
		}
	}
}

// close makes a component of b and what is above it on the stack.
func (t *tarjan) close(b *base) {
	from := slices.Index(t.stack, b)
	component := slices.Clone(t.stack[from:])
	t.stack = t.stack[:from]
	for _, n := range component {
		n.index, n.low = inComponent, inComponent
	}
	t.list = append(t.list, component)
}

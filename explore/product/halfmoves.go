package product

import (
	"cmp"
	"slices"

	"tcpclose/explore/internal/search"
	"tcpclose/explore/internal/store"
)

var _ search.Halves[uint64] = (*productSpace)(nil)

// Sides returns the numbers of a state's halves.
func (sp *productSpace) Sides(k uint64) [2]uint32 { return store.Sides(k) }

// Pairs returns the states of which both values are in the sets.
func (sp *productSpace) Pairs(in [2][]bool, most int) (states []uint64, ok bool) {
	view := store.RowView{Set: &sp.rows}
	var ys []uint32
	for x, is := range in[0] {
		if !is {
			continue
		}
		ys = view.Row(uint32(x)).Seconds(ys[:0])
		for _, y := range ys {
			if !in[1][y] {
				continue
			}
			if len(states) == most {
				return nil, false
			}
			states = append(states, store.Pair(uint32(x), y))
		}
	}
	return states, true
}

// Half returns the moves of a half, from the tables that the search has filled. They have
// all that it has met, unless it began with a checkpoint.
func (sp *productSpace) Half(side int) *search.Half {
	if sp.resumed || sp.mirror != nil {
		return nil
	}
	x := sp.explorers[0]
	via := sp.carried()[side]
	h := &search.Half{First: []uint32{0}}
	var list []search.HalfMove
	add := func(m localMove, on Bits, sure bool) {
		if kind := x.kind(m); !kind.stops {
			list = append(list, search.HalfMove{To: m.to(), Sure: sure, On: kind.step.And(on)})
		}
	}
	for v := range uint32(sp.half[side].values.Len() + 1) {
		h.Sees, h.Stays = append(h.Sees, Bits{}), append(h.Stays, Bits{})
		list = list[:0]
		if v > 0 {
			h.Sees[v], h.Stays[v] = x.state(side, v), x.stay(side, v)
			for _, s := range sp.startsMet(side, v) {
				noStep := s.flags&idle != 0 && (s.localMove&still != 0 || s.to() == v)
				add(s.localMove, sp.watched[s.route], s.out == 0 && !noStep)
			}
			for relayed, c := range sp.half[side].columns {
				if at := int(v >> pageBits); at < len(c.pages) && c.pages[at] != nil {
					if m := c.pages[at].load(v); m != 0 {
						add(m, via[relayed], false)
					}
				}
			}
		}
		h.Moves = append(h.Moves, merged(list)...)
		h.First = append(h.First, uint32(len(h.Moves)))
	}
	for _, t := range sp.Product.Init {
		h.Initial = append(h.Initial, sp.half[side].number(&t))
	}
	return h
}

// startsMet returns the moves with which the value starts a step, if one of the workers
// has expanded a state with it.
func (sp *productSpace) startsMet(side int, v uint32) []start {
	for _, x := range sp.explorers {
		if m := &x.sides[side]; int(v) < len(m.of) && m.of[v].known {
			return m.all[m.of[v].all.from:m.of[v].all.to]
		}
	}
	return nil
}

// carried returns, by the half that is told and by relay, the step watches that what has
// happened so far in the step does not rule out.
func (sp *productSpace) carried() (via [2][]Bits) {
	x := sp.explorers[0]
	for side := range via {
		via[side] = make([]Bits, sp.relays.Len()+1)
	}
	for side := range via {
		for v := range uint32(sp.half[side].values.Len() + 1) {
			for _, s := range sp.startsMet(side, v) {
				if s.flags&stops == 0 && s.out != 0 {
					on := &via[1-side][s.out]
					*on = on.Or(x.kind(s.localMove).step.And(sp.watched[s.route]))
				}
			}
		}
	}
	// An answer may be told to the half that began.
	type passage struct {
		side     int
		from, to uint32
		step     Bits
	}
	passages := map[passage]bool{}
	for side := range via {
		for relayed, c := range sp.half[side].columns {
			for _, p := range c.pages {
				for i := range uint32(1 << pageBits) {
					if p == nil {
						break
					}
					m := p.load(i)
					if kind := x.kind(m); m != 0 && kind.out != 0 && !kind.stops {
						passages[passage{side, uint32(relayed), kind.out, kind.step}] = true
					}
				}
			}
		}
	}
	for changed := true; changed; {
		changed = false
		for p := range passages {
			on := &via[1-p.side][p.to]
			if more := on.Or(via[p.side][p.from].And(p.step)); more != *on {
				*on, changed = more, true
			}
		}
	}
	return via
}

// merged makes one of the moves to each value.
func merged(list []search.HalfMove) []search.HalfMove {
	slices.SortFunc(list, func(a, b search.HalfMove) int { return cmp.Compare(a.To, b.To) })
	n := 0
	for _, m := range list {
		if n > 0 && list[n-1].To == m.To {
			list[n-1].On = list[n-1].On.Or(m.On)
			list[n-1].Sure = list[n-1].Sure || m.Sure
			continue
		}
		list[n] = m
		n++
	}
	return list[:n]
}

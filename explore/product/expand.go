package product

import (
	"tcpclose/explore/internal/search"
	"tcpclose/explore/internal/store"
)

// Here the search spends its time: the states of a block are expanded row by row. The
// first half's value is the same for a whole row, so that what it does is done for all
// states of the row at once; what the second half's values do leads to few other rows.
// Insertions are gathered by row.

// A handling says what to do with the states to which steps lead.
type handling uint8

const (
	claim handling = iota // those not seen before are claimed
	look                  // state watches look at them
	seek                  // as look; and is one of them among those that are sought?
)

// Expand takes the steps from the states of a block.
func (x *productExplorer) Expand(l search.Level[uint64], block int, keep bool) (t search.Tally, ok bool) {
	how := look
	if keep {
		how = claim
	}
	x.sortIfDue()
	r := store.BlockReader{Packed: l.(store.Level)[block].Bytes(&x.buffer), Ys: x.ys}
	for r.Next() {
		x.expandRow(&t, r.X, r.Ys, how)
	}
	x.ys = r.Ys
	if x.view.Taken != 0 {
		x.rows.Used.Add(int64(x.view.Taken))
		x.view.Taken = 0
	}
	return t, true
}

// Candidates looks for steps to what is sought, row by row, and gives the states of rows that
// have one, or of which a watch sees something in a step, where it leads, or in a
// state without one.
func (x *productExplorer) Candidates(dst []uint64, l search.Level[uint64], block int, targets any) []uint64 {
	x.sortIfDue()
	x.targets.Set = targets.(*store.RowSet)
	r := store.BlockReader{Packed: l.(store.Level)[block].Bytes(&x.buffer), Ys: x.ys}
	dst = dst[:0]
	for r.Next() {
		var t search.Tally
		x.met = false
		x.expandRow(&t, r.X, r.Ys, seek)
		if x.met || !t.Ahead.Or(t.Here).Empty() {
			for _, y := range r.Ys {
				dst = append(dst, store.Pair(r.X, y))
			}
		}
	}
	x.ys, x.targets = r.Ys, store.RowView{}
	return dst
}

// expandRow takes the steps from the states (v, ys).
func (x *productExplorer) expandRow(t *search.Tally, v uint32, ys []uint32, how handling) {
	at := *x.startsOf(0, v)
	first := &x.sides[0]
	// If the first half can always do something, no state is terminal.
	neverTerminal := at.alone.to > at.alone.from
	if !neverTerminal {
		x.hasStep = append(x.hasStep[:0], make([]bool, len(ys))...)
	}
	for i := at.alone.from; i < at.alone.to; i++ {
		x.put(t, first.alone[i], ys, how)
	}
	t.Generated += int(at.alone.to-at.alone.from) * len(ys)
	for i := at.others.from; i < at.others.to; i++ {
		s := first.others[i]
		x.leadRow(t, &s, v, ys, how, neverTerminal)
	}

	// What the first half answers is the same for the whole row.
	for i := range x.rowAnswers {
		x.rowAnswers[i].move, x.rowAnswers[i].ahead = 0, x.rowAnswers[i].ahead[:0]
	}
	own := x.own[:0]
	second := &x.sides[1]
	generated := 0
	var seen Bits
	for i, y := range ys {
		if int(y) >= len(second.of) || !second.of[y].known {
			x.start(1, y)
		}
		at := &second.of[y]
		alone, others := second.alone[at.alone.from:at.alone.to], second.others[at.others.from:at.others.to]
		own = append(own, alone...)
		steps := len(alone)
		for j := range others {
			s := &others[j]
			if s.flags&^watched != 0 {
				steps += x.single(t, 1, [2]uint32{v, y}, s, how)
				continue
			}
			if int(s.out) >= len(x.rowAnswers) || x.rowAnswers[s.out].move == 0 {
				x.answerRow(v, s.out)
			}
			answer := &x.rowAnswers[s.out]
			if answer.move&special != 0 {
				steps += x.single(t, 1, [2]uint32{v, y}, s, how)
				continue
			}
			if s.flags&watched != 0 {
				seen = seen.Or(second.on[s.on].And(answer.step))
			}
			if s.out == 0 {
				own = append(own, s.to())
			} else {
				if len(answer.ahead) == 0 {
					x.answered = append(x.answered, s.out)
				}
				answer.ahead = append(answer.ahead, s.to())
			}
			steps++
		}
		generated += steps
		if !neverTerminal && steps > 0 {
			x.hasStep[i] = true
		}
	}
	t.Ahead = t.Ahead.Or(seen)
	t.Generated += generated
	x.own = own
	x.put(t, v, own, how)
	for _, relayed := range x.answered {
		answer := &x.rowAnswers[relayed]
		x.put(t, answer.move.to(), answer.ahead, how)
	}
	x.answered = x.answered[:0]
	t.Expanded += len(ys)
	if !neverTerminal {
		x.countTerminals(t, v, ys)
	}
}

// countTerminals counts the states (v, ys) without a step.
func (x *productExplorer) countTerminals(t *search.Tally, v uint32, ys []uint32) {
	for i, y := range ys {
		if !x.hasStep[i] {
			t.Terminals++
			t.Here = t.Here.Or(x.Seen(store.Pair(v, y)).And(x.terminal))
		}
	}
}

// A rowAnswer is the move of the first half of a row when it receives a relay, and the
// values to which the second half moved that sent it.
type rowAnswer struct {
	move  localMove
	step  Bits // moveKind.step; if it is told nothing, what it lets pass by staying
	ahead []uint32
}

func (x *productExplorer) answerRow(v, relayed uint32) {
	for int(relayed) >= len(x.rowAnswers) {
		x.rowAnswers = append(x.rowAnswers, rowAnswer{})
	}
	answer := &x.rowAnswers[relayed]
	if relayed == 0 {
		answer.move, answer.step = localMove(v), x.stay(0, v)
		return
	}
	answer.move = x.answerOf(0, relayed, v)
	answer.step = x.kind(answer.move).step
}

// leadRow takes the steps from (v, ys) that begin with a move of the first half which
// tells the second something, or which has to be looked at for other reasons.
func (x *productExplorer) leadRow(t *search.Tally, s *start, v uint32, ys []uint32, how handling, neverTerminal bool) {
	if s.flags == watched && s.out == 0 {
		on, seen := x.sides[0].on[s.on], Bits{}
		for _, y := range ys {
			seen = seen.Or(x.stay(1, y))
		}
		t.Ahead = t.Ahead.Or(on.And(seen))
		t.Generated += len(ys)
		x.markHasStep(neverTerminal)
		x.put(t, s.to(), ys, how)
		return
	}
	if s.flags&stops != 0 || s.out == 0 || s.flags&idle != 0 && s.to() == v {
		for i, y := range ys {
			if n := x.single(t, 0, [2]uint32{v, y}, s, how); n > 0 {
				t.Generated += n
				if !neverTerminal {
					x.hasStep[i] = true
				}
			}
		}
		return
	}
	// check is the marks that rule a move out.
	check := special
	if s.flags&idle != 0 && s.localMove&still != 0 {
		check |= still
	}
	batch := x.batch[:0]
	generated := 0
	x.answerOf(1, s.out, ys[0])
	column := &x.sides[1].answers[s.out]
	pages := column.pages
	for i, y := range ys {
		var m localMove
		if at := int(y >> pageBits); at < len(pages) && pages[at] != nil {
			m = pages[at].load(y)
		}
		if m == 0 {
			m = x.answer(1, s.out, y)
			pages = column.pages
		}
		if m&check != 0 {
			n := x.single(t, 0, [2]uint32{v, y}, s, how)
			if generated += n; n > 0 && !neverTerminal {
				x.hasStep[i] = true
			}
			continue
		}
		batch = append(batch, m.to())
		if !neverTerminal {
			x.hasStep[i] = true
		}
	}
	x.batch = batch
	t.Generated += generated + len(batch)
	x.put(t, s.to(), batch, how)
	if s.flags&watched == 0 {
		return
	}
	on := x.sides[0].on[s.on]
	if on.And(column.step()).Empty() { // as it mostly is
		return
	}
	var seen Bits
	for _, y := range ys {
		if m := x.answerOf(1, s.out, y); m&check == 0 {
			seen = seen.Or(x.kind(m).step)
		}
	}
	t.Ahead = t.Ahead.Or(on.And(seen))
}

// markHasStep records that no state of the row is terminal.
func (x *productExplorer) markHasStep(neverTerminal bool) {
	if !neverTerminal {
		for i := range x.hasStep {
			x.hasStep[i] = true
		}
	}
}

// single takes one step, and gives how many that is: 0 or 1.
func (x *productExplorer) single(t *search.Tally, side int, v [2]uint32, s *start, how handling) int {
	p, ok := x.follow(side, v, s)
	switch {
	case !ok:
		return 0
	case p.cut:
		return 1
	}
	t.Ahead = t.Ahead.Or(p.seen)
	x.one[0] = p.to[1]
	x.put(t, p.to[0], x.one[:], how)
	return 1
}

// put handles the states (v, ys).
func (x *productExplorer) put(t *search.Tally, v uint32, ys []uint32, how handling) {
	if how == claim {
		t.Fresh += x.view.Insert(v, ys)
		return
	}
	t.Ahead = t.Ahead.Or(x.seenAhead(v, ys))
	x.met = x.met || how == seek && x.targets.Meets(v, ys)
}

// insert claims one state, and reports whether it was not there.
func (x *productExplorer) insert(k uint64) bool {
	v := store.Sides(k)
	one := [1]uint32{v[1]}
	return x.view.Insert(v[0], one[:]) > 0
}

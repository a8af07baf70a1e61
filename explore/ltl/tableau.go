package ltl

import (
	"fmt"
	"slices"
)

// A formula becomes an automaton by Couvreur's tableau (On-the-fly Verification
// of Linear Temporal Logic, FM'99): a state is a set of formulas that have to
// hold from here on, a move is one way to make them true, a condition for the
// letter that is read and a set of formulas left to hold from the next one on.
// A move may put off an until; every until has a set of moves that do not, and a
// run is accepted if it takes moves of each such set infinitely often.
//
// Against the older tableaux with acceptance in states (Gerth, Peled, Vardi and
// Wolper, PSTV'95) this gives automata without copies of states: one state for
// G p and for G F p, two for F G p and for the opposite of "p leads to q".

// A Letter is the set of watches that see a state, in the high half, and the step taken
// from it, in the low half.
type Letter uint64

// An Automaton is a transition-based generalised Büchi automaton. It starts in
// state 0, if it has one; from each of its states a run can be accepted.
type Automaton struct {
	Moves [][]Move // by state
	Sets  Accept   // all acceptance sets
}

// Accept is a set of acceptance sets.
type Accept uint64

// A Move reads the letters that have all of With and nothing of Without.
type Move struct {
	With, Without Letter
	To            uint32
	In            Accept
}

// Reads reports whether m reads l.
func (m *Move) Reads(l Letter) bool { return l&m.With == m.With && l&m.Without == 0 }

// covers reports whether m can replace n.
func (m *Move) covers(n *Move) bool {
	return m.To == n.To && n.With&m.With == m.With && n.Without&m.Without == m.Without && m.In&n.In == n.In
}

// Limits of an automaton. Formulas that people write stay far below.
const (
	maxUntils   = 64
	maxAutomata = 1 << 10 // states
	maxBranches = 1 << 14 // moves of one state, before some are dropped
)

// NewAutomaton accepts the runs of which f says the truth, or if negated is set
// the others. Atoms are letters with one bit.
func NewAutomaton(f Formula, negated bool, atom func(step bool, watch int) Letter) (*Automaton, error) {
	t := &tableau{atom: atom, number: map[form]int{}, until: map[int]Accept{}}
	t.form(form{op: opTrue})  // truth
	t.form(form{op: opFalse}) // falsehood
	start := []int{t.normal(f, negated)}
	if len(t.until) > maxUntils {
		return nil, fmt.Errorf("ltl: formula %v: %d untils: at most %d", f, len(t.until), maxUntils)
	}
	a := &Automaton{Sets: 1<<len(t.until) - 1}
	number := map[string]uint32{}
	var sets [][]int
	state := func(set []int) uint32 {
		key := fmt.Sprint(set)
		n, ok := number[key]
		if !ok {
			n = uint32(len(sets))
			number[key] = n
			sets = append(sets, set)
		}
		return n
	}
	state(start)
	for i := 0; i < len(sets); i++ {
		t.branches = t.branches[:0]
		t.expand(branch{}, sets[i])
		if len(sets) > maxAutomata || len(t.branches) > maxBranches {
			return nil, fmt.Errorf("ltl: formula %v: its automaton is too large", f)
		}
		var moves []Move
		for _, b := range t.branches {
			moves = append(moves, Move{b.with, b.without, state(b.next), a.Sets &^ b.postponed})
		}
		a.Moves = append(a.Moves, prune(moves))
	}
	a.merge()
	a.trim()
	return a, nil
}

// A tableau has the formulas that an automaton is made of, in negation normal
// form and each once.
type tableau struct {
	atom     func(step bool, watch int) Letter
	forms    []form
	number   map[form]int
	until    map[int]Accept // by form: its acceptance set
	branches []branch
}

// A form is a formula over forms.
type form struct {
	op          operator // no opNot
	with        Letter   // of opState: the bit that has to be there,
	without     Letter   // or not to be there
	left, right int
}

const (
	truth     = 0
	falsehood = 1
)

func (t *tableau) form(f form) int {
	n, ok := t.number[f]
	if !ok {
		n = len(t.forms)
		t.forms = append(t.forms, f)
		t.number[f] = n
		if f.op == opUntil {
			t.until[n] = 1 << len(t.until)
		}
	}
	return n
}

// normal returns f, or its negation, in negation normal form.
func (t *tableau) normal(f Formula, negated bool) int {
	op := f.op
	if negated {
		op = dual[op]
	}
	switch op {
	case opTrue:
		return truth
	case opFalse:
		return falsehood
	case opNot:
		return t.normal(f.args[0], !negated)
	case opState, opStep:
		bit := t.atom(f.op == opStep, f.watch)
		if negated {
			return t.form(form{op: opState, without: bit})
		}
		return t.form(form{op: opState, with: bit})
	case opNext:
		next := t.normal(f.args[0], negated)
		if next == truth || next == falsehood {
			return next
		}
		return t.form(form{op: opNext, left: next})
	}
	return t.binary(op, t.normal(f.args[0], negated), t.normal(f.args[1], negated))
}

// dual maps an operator to its dual under a negation.
var dual = [...]operator{
	opTrue: opFalse, opFalse: opTrue,
	opState: opState, opStep: opStep,
	opNot: opNot, opNext: opNext,
	opAnd: opOr, opOr: opAnd,
	opUntil: opRelease, opRelease: opUntil,
}

// binary returns left op right, or something equal that is simpler.
func (t *tableau) binary(op operator, left, right int) int {
	zero, one := falsehood, truth // of op: what it is always and what it leaves out
	if op == opOr || op == opUntil {
		zero, one = truth, falsehood
	}
	switch {
	case right == zero, left == right:
		return right
	case op == opUntil || op == opRelease:
		inner := t.forms[right]
		if right == one || left == one || left == zero && inner.op == op && inner.left == zero {
			return right
		}
	case left == zero, right == one:
		return left
	case left == one:
		return right
	}
	if op == opOr || op == opAnd {
		if both, ok := t.recurring(op, left, right); ok {
			return both
		}
	}
	return t.form(form{op: op, left: left, right: right})
}

// recurring returns left op right with one form instead of two: G F p or G F q is
// G F (p or q), and F G p and F G q is F G (p and q). The automaton of n such forms would
// have states for all their subsets. ok is false if there are not two.
func (t *tableau) recurring(op operator, left, right int) (both int, ok bool) {
	outer, inner := opRelease, opUntil
	if op == opAnd {
		outer, inner = opUntil, opRelease
	}
	// neutral is the left of what is G, or F.
	neutral := map[operator]int{opRelease: falsehood, opUntil: truth}
	of := func(n int) (int, bool) {
		f := t.forms[n]
		g := t.forms[f.right]
		return g.right, f.op == outer && f.left == neutral[outer] && g.op == inner && g.left == neutral[inner]
	}
	q, is := of(right)
	if !is {
		return 0, false
	}
	if p, is := of(left); is {
		return t.binary(outer, neutral[outer], t.binary(inner, neutral[inner], t.binary(op, p, q))), true
	}
	f := t.forms[left]
	if f.op != op {
		return 0, false
	}
	if both, ok = t.recurring(op, f.right, right); ok {
		return t.binary(op, f.left, both), true
	}
	if both, ok = t.recurring(op, f.left, right); ok {
		return t.binary(op, both, f.right), true
	}
	return 0, false
}

// A branch is a way to make forms true.
type branch struct {
	with, without Letter
	next          []int  // forms to hold next, sorted
	postponed     Accept // untils put off
	done          []int  // forms that were dealt with
}

// expand adds the ways to make all of todo true besides what b has.
func (t *tableau) expand(b branch, todo []int) {
	for len(todo) > 0 {
		if len(t.branches) > maxBranches {
			return
		}
		n := todo[0]
		todo = todo[1:]
		if slices.Contains(b.done, n) {
			continue
		}
		b.done = append(slices.Clip(b.done), n)
		either := func(now ...int) { t.expand(b, slices.Concat(now, todo)) }
		switch f := t.forms[n]; f.op {
		case opTrue:
		case opFalse:
			return
		case opState:
			b.with |= f.with
			b.without |= f.without
			if b.with&b.without != 0 {
				return
			}
		case opAnd:
			todo = slices.Concat([]int{f.left, f.right}, todo)
		case opOr:
			either(f.left)
			either(f.right)
			return
		case opNext:
			b.next = t.later(b.next, f.left)
		case opUntil:
			either(f.right)
			b.next = t.later(b.next, n)
			b.postponed |= t.until[n]
			either(f.left)
			return
		case opRelease:
			either(f.left, f.right)
			b.next = t.later(b.next, n)
			either(f.right)
			return
		}
	}
	t.branches = append(t.branches, b)
}

// later returns next with form n, a conjunction as its parts.
func (t *tableau) later(next []int, n int) []int {
	if f := t.forms[n]; f.op == opAnd {
		return t.later(t.later(next, f.left), f.right)
	}
	at, ok := slices.BinarySearch(next, n)
	if ok {
		return next
	}
	return slices.Insert(slices.Clone(next), at, n)
}

// prune drops moves that another one can replace.
func prune(moves []Move) (kept []Move) {
	for i := range moves {
		covered := func(j int) bool {
			return moves[j].covers(&moves[i]) && (j < i || !moves[i].covers(&moves[j]))
		}
		drop := false
		for j := range moves {
			drop = drop || j != i && covered(j)
		}
		if !drop {
			kept = append(kept, moves[i])
		}
	}
	return kept
}

// merge makes one of states that have the same moves.
func (a *Automaton) merge() {
	for again := true; again; {
		again = false
		first := map[string]uint32{}
		same := make([]uint32, len(a.Moves))
		for q, moves := range a.Moves {
			key := fmt.Sprint(moves)
			if _, known := first[key]; !known {
				first[key] = uint32(q)
			}
			same[q] = first[key]
		}
		for q, moves := range a.Moves {
			for i := range moves {
				m := &moves[i]
				again = again || m.To != same[m.To]
				m.To = same[m.To]
			}
			a.Moves[q] = prune(moves)
		}
	}
}

// trim drops the states from which no run is accepted and those that no run
// comes to, and numbers the others as they are met.
func (a *Automaton) trim() {
	reach := make([][]bool, len(a.Moves))
	for q := range a.Moves {
		reach[q] = a.reach(uint32(q))
	}
	accepting := func(q int) bool {
		in, moves := Accept(0), false
		for p := range a.Moves {
			for _, m := range a.Moves[p] {
				if reach[q][p] && reach[m.To][q] {
					in |= m.In
					moves = true
				}
			}
		}
		return moves && in == a.Sets
	}
	alive := make([]bool, len(a.Moves))
	for q := range a.Moves {
		if accepting(q) {
			for p := range a.Moves {
				alive[p] = alive[p] || reach[p][q]
			}
		}
	}
	number := map[uint32]uint32{}
	var order []uint32
	state := func(q uint32) uint32 {
		if _, known := number[q]; !known {
			number[q] = uint32(len(order))
			order = append(order, q)
		}
		return number[q]
	}
	if alive[0] {
		state(0)
	}
	var kept [][]Move
	for i := 0; i < len(order); i++ {
		var moves []Move
		for _, m := range a.Moves[order[i]] {
			if alive[m.To] {
				m.To = state(m.To)
				moves = append(moves, m)
			}
		}
		kept = append(kept, moves)
	}
	a.Moves = kept
}

// reach returns the set of states to which a run from q can come; q is one.
func (a *Automaton) reach(q uint32) []bool {
	seen := make([]bool, len(a.Moves))
	seen[q] = true
	for todo := []uint32{q}; len(todo) > 0; {
		p := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, m := range a.Moves[p] {
			if !seen[m.To] {
				seen[m.To] = true
				todo = append(todo, m.To)
			}
		}
	}
	return seen
}

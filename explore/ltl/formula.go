package ltl

import (
	"fmt"
	"strings"
)

// A Formula of linear temporal logic says something about a run: of its states
// and of its steps, as watches see them. The run is at one state at a time, and
// about to take the step that leaves it.
//
// Runs are maximal: one ends only in a terminal state, where it then rests, in
// that state forever and without a step that any watch sees. A run that merely
// stands still where it could go on is none. The zero Formula is true.
type Formula struct {
	op    operator
	watch int
	args  []Formula
}

type operator uint8

const (
	opTrue operator = iota
	opFalse
	opState
	opStep
	opNot
	opAnd
	opOr
	opNext
	opUntil
	opRelease
)

// State returns the formula: state or terminal watch i sees the state.
func State(i int) Formula { return Formula{op: opState, watch: i} }

// Taking returns the formula: step watch i sees the step about to be taken.
func Taking(i int) Formula { return Formula{op: opStep, watch: i} }

// Not returns the formula: f does not hold.
func Not(f Formula) Formula { return Formula{op: opNot, args: []Formula{f}} }

// And returns the formula: all of fs hold.
func And(fs ...Formula) Formula { return fold(opAnd, opTrue, fs) }

// Or returns the formula: one of fs holds.
func Or(fs ...Formula) Formula { return fold(opOr, opFalse, fs) }

func fold(op, none operator, fs []Formula) Formula {
	if len(fs) == 0 {
		return Formula{op: none}
	}
	f := fs[0]
	for _, g := range fs[1:] {
		f = Formula{op: op, args: []Formula{f, g}}
	}
	return f
}

// Implies returns the formula: g holds if f does.
func Implies(f, g Formula) Formula { return Or(Not(f), g) }

// Next returns the formula: f holds after the next step.
func Next(f Formula) Formula { return Formula{op: opNext, args: []Formula{f}} }

// Until returns the formula: g holds now or later, and f until then.
func Until(f, g Formula) Formula { return Formula{op: opUntil, args: []Formula{f, g}} }

// Release returns the formula: g holds up to and including the time when f does, or
// forever if f never does.
func Release(f, g Formula) Formula { return Formula{op: opRelease, args: []Formula{f, g}} }

// Eventually returns the formula: f holds now or later.
func Eventually(f Formula) Formula { return Until(And(), f) }

// Always returns the formula: f holds now and ever after.
func Always(f Formula) Formula { return Release(Or(), f) }

// LeadsTo returns the formula: whenever f holds, g holds then or later.
func LeadsTo(f, g Formula) Formula { return Always(Implies(f, Eventually(g))) }

// Validate returns an error if the formula is too large to be checked.
func (f Formula) Validate() error {
	// As many letters as there are atoms are enough for its size.
	type atom struct {
		step  bool
		watch int
	}
	letters := map[atom]Letter{}
	_, err := NewAutomaton(f, true, func(step bool, watch int) Letter {
		a := atom{step, watch}
		if letters[a] == 0 {
			letters[a] = 1 << (len(letters) % 64)
		}
		return letters[a]
	})
	return err
}

// String returns the formula with X, F, G, U and R for what is next, eventually, always,
// until and release.
func (f Formula) String() string {
	if f.op == opNot {
		return "!" + f.args[0].String()
	}
	if f.op == opUntil && f.args[0].op == opTrue {
		return "F " + f.args[1].String()
	}
	if f.op == opRelease && f.args[0].op == opFalse {
		return "G " + f.args[1].String()
	}
	switch f.op {
	case opTrue:
		return "true"
	case opFalse:
		return "false"
	case opState:
		return fmt.Sprintf("state%d", f.watch)
	case opStep:
		return fmt.Sprintf("step%d", f.watch)
	case opNext:
		return "X " + f.args[0].String()
	}
	between := map[operator]string{opAnd: " & ", opOr: " | ", opUntil: " U ", opRelease: " R "}[f.op]
	var parts []string
	for _, g := range f.args {
		parts = append(parts, g.String())
	}
	return "(" + strings.Join(parts, between) + ")"
}

// Atoms calls visit for every atom in f: a watch of steps or of states.
func (f Formula) Atoms(visit func(step bool, watch int)) {
	if f.op == opState || f.op == opStep {
		visit(f.op == opStep, f.watch)
	}
	for _, g := range f.args {
		g.Atoms(visit)
	}
}

package ltl

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func atomBit(step bool, watch int) Letter {
	l := Letter(1) << watch
	if !step {
		l <<= 32
	}
	return l
}

// TestAutomatonSize has the automata of the opposites of common properties.
func TestAutomatonSize(t *testing.T) {
	p, q, a := State(0), State(1), Taking(0)
	for _, tt := range []struct {
		f                   Formula
		text                string
		states, moves, sets int
	}{
		{Always(p), "G state0", 2, 3, 1},
		{Eventually(p), "F state0", 1, 1, 0},
		{Always(Eventually(a)), "G F step0", 2, 3, 1},
		{Eventually(Always(p)), "F G state0", 1, 2, 1},
		{LeadsTo(p, q), "G (!state0 | F state1)", 2, 3, 1},
		{LeadsTo(And(p, a), Or(q, a)), "G (!(state0 & step0) | F (state1 | step0))", 0, 0, 1}, // valid
		{Until(p, q), "(state0 U state1)", 2, 3, 0},
		{Release(p, q), "(state0 R state1)", 2, 3, 1},
		{Next(p), "X state0", 3, 3, 0},
		{Or(p, Not(p)), "(state0 | !state0)", 0, 0, 0},
		{Always(Or()), "G false", 1, 1, 0},
		{And(), "true", 0, 0, 0},
		{Implies(Always(Eventually(p)), Always(Eventually(q))), "(!G F state0 | G F state1)", 2, 6, 2},
	} {
		t.Run(tt.text, func(t *testing.T) {
			assert.Equal(t, tt.text, tt.f.String())
			auto, err := NewAutomaton(tt.f, true, atomBit)
			require.NoError(t, err)
			moves := 0
			for _, m := range auto.Moves {
				moves += len(m)
			}
			assert.Equal(t, []int{tt.states, tt.moves}, []int{len(auto.Moves), moves}, "%+v", auto)
			assert.Equal(t, Accept(1)<<tt.sets-1, auto.Sets)
		})
	}
}

// TestAutomatonRecurring has what recurs joined, whatever is between.
func TestAutomatonRecurring(t *testing.T) {
	var often, forever []Formula
	for i := range 8 {
		often = append(often, Always(Eventually(State(i))))
		forever = append(forever, Eventually(Always(State(i))))
	}
	for _, f := range []Formula{Or(often...), Not(And(forever...))} {
		for _, negated := range []bool{false, true} {
			a, err := NewAutomaton(f, negated, atomBit)
			require.NoError(t, err)
			moves := 0
			for _, list := range a.Moves {
				moves += len(list)
			}
			assert.LessOrEqual(t, len(a.Moves), 2, "%v", f)
			assert.LessOrEqual(t, moves, 10, "%v", f)
		}
	}
	p, q, a := State(0), State(1), Taking(0)
	apart, err := NewAutomaton(Or(Always(Eventually(p)), Next(a), Always(Eventually(q))), true, atomBit)
	require.NoError(t, err)
	joined, err := NewAutomaton(Or(Always(Eventually(Or(p, q))), Next(a)), true, atomBit)
	require.NoError(t, err)
	assert.Len(t, apart.Moves, len(joined.Moves))
}

func TestAutomatonTooLarge(t *testing.T) {
	var untils, large []Formula
	for i := range 31 {
		untils = append(untils, Until(State(i), Taking(i)), Until(Taking(i), State(i)), Until(Not(State(i)), Taking(i)))
		large = append(large, Or(Next(State(i)), Next(Taking(i))))
	}
	_, err := NewAutomaton(Or(untils...), false, atomBit)
	assert.ErrorContains(t, err, "93 untils: at most 64")
	_, err = NewAutomaton(And(large...), false, atomBit)
	assert.ErrorContains(t, err, "too large")
}

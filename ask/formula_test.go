package ask

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"tcpclose/check"
	"tcpclose/internal/join"
	"tcpclose/internal/naive"
	"tcpclose/invariants"
	"tcpclose/model"
)

// Formulas that say what other questions say have their verdicts.
func TestAskFormula(t *testing.T) {
	leadsTo := func(p, q string) *invariants.Property {
		return Must(p).LeadsTo(Must(q))
	}
	eventually := func(p string) *invariants.Property {
		return Must(p).Eventually()
	}
	for text, same := range map[string]*invariants.Property{
		"always(implies(a.state == LAST-ACK, eventually(a.state == CLOSED)))": leadsTo("a.state == LAST-ACK", "a.state == CLOSED"),
		"G(!a.sends.fin || F(b.receives.fin))":                                leadsTo("a.sends.fin", "b.receives.fin"),
		"F(a.state == TIME-WAIT)":                                             eventually("a.state == TIME-WAIT"),
		"until(true, a.sends.rst) and until(true, a.sends.rst)":               eventually("a.sends.rst"),
		"!release(false, !(a.state == CLOSED))":                               eventually("a.state == CLOSED"),
		"a.state == ESTABLISHED && next(F(a.state == CLOSED))":                eventually("a.state == CLOSED"),
	} {
		p, err := Formula(text)
		require.NoError(t, err, text)
		for _, words := range []string{naive.Tiny, "a-octets=0 b-octets=0 msl=1 rto=2 r2=unlimited", naive.Tiny + "b-closes=never"} {
			r, err := check.Check(context.Background(), naive.Parse(t, words), []*invariants.Property{p, same}, check.Options{})
			require.NoError(t, err)
			want := r.Findings[1].Verdict
			if want == check.Vacuous {
				want = check.Holds // a formula has no occasion
			}
			assert.Equal(t, want, r.Findings[0].Verdict, "%s: %s", words, text)
		}
	}
}

// A formula means the same however it is spelt.
func TestFormula_Spellings(t *testing.T) {
	formula := func(text string) any {
		p, err := Formula(text)
		require.NoError(t, err, text)
		return p.Liveness.Formula(join.Conditions{}.With(p.Liveness).View(model.A), nil)
	}
	for _, same := range [][]string{
		{"always(a.owes)", "G(a.owes)", "[](a.owes)", "[] a.owes", "G a.owes", "[]a.owes", "G (a.owes)"},
		{"eventually(a.owes)", "F(a.owes)", "<>(a.owes)", "<> a.owes", "F a.owes", "<>a.owes"},
		{"next(a.rtx > 1)", "X(a.rtx > 1)", "X a.rtx > 1", "X (a.rtx > 1)", "X (a.rtx) > 1"},
		{"until(a.owes, b.owes)", "U(a.owes, b.owes)", "a.owes U b.owes", "(a.owes) U (b.owes)", "(a.owes U b.owes)"},
		{"release(a.owes, b.owes)", "a.owes R b.owes"},
		{"weak(a.owes, b.owes)", "W(a.owes, b.owes)", "a.owes W b.owes"},
		{"implies(a.owes, b.owes)", "a.owes => b.owes", "a.owes -> b.owes", "(a.owes) -> (b.owes)"},
		{"equivalent(a.owes, b.owes)", "a.owes <=> b.owes", "a.owes <-> b.owes", "implies(a.owes, b.owes) && implies(b.owes, a.owes)"},
		{"G(implies(a.state == LAST-ACK, F(a.state == CLOSED)))", "[](a.state == LAST_ACK -> <>(a.state == CLOSED))", "G(a.state == LAST-ACK => F a.state == CLOSED)"},
		// Arrows bind least and group to the right, then ||, &&, U, and what is before one operand.
		{"implies(a.owes, implies(b.owes, a.mini))", "a.owes => b.owes -> a.mini", "a.owes => (b.owes => a.mini)"},
		{"implies(a.owes || b.owes && a.mini, b.mini)", "a.owes || b.owes && a.mini => b.mini", "a.owes or b.owes and a.mini -> b.mini"},
		{"until(a.owes, until(b.owes, a.mini)) || b.mini", "a.owes U b.owes U a.mini || b.mini"},
		{"until(always(a.owes), !next(b.owes))", "[] a.owes U !X b.owes", "G a.owes U not X b.owes"},
		// A part of a question is none of a formula.
		{"F(a.state in [CLOSING, LAST-ACK])", "<> a.state in [CLOSING, LAST_ACK]"},
		{"F((a.rtx + 1) * 2 > 3)", "<> (a.rtx + 1) * 2 > 3"},
		{"G(a.owes ? b.owes && b.mini : b.mini)", "[](a.owes ? b.owes && b.mini : b.mini)"},
	} {
		for _, text := range same[1:] {
			assert.Equal(t, formula(same[0]), formula(text), "%s, %s", same[0], text)
		}
	}
}

// What is wrong with a formula is told in a line that points at the place.
func TestFormula_Errors(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", "want a formula, as [](a.state == LAST_ACK"},
		{"G(a.foo == 1)", "column 5: a.foo: want one of"},
		{"[] a.state = CLOSED", "column 12: = compares nothing: want =="},
		{"a.owes => <> b.foo", "column 16: b.foo: want one of"},
		{"a.owes =>", "column 10: the formula ends too soon"},
		{"a.owes U", "column 9: the formula ends too soon"},
		{"[]", "column 3: the formula ends too soon"},
		{"(a.owes => b.owes", "( is not closed: want )"},
		{"a.owes)", `column 7: ")" is not expected here`},
		{"G(a.owes, b.owes)", "column 1: G of 2: want 1"},
		{"until(a.owes)", "column 1: until of 1: want 2"},
		{"Y(a.owes)", "column 1: Y: want always(P), G P, [] P,"},
		{"G(a.owes", "( is not closed: want )"},
		{"F(a.rtx)", "column 3: want something that is true or false"},
		{"F(a.rtx > b.rtx)", "column 3: compares parts of the system with each other"},
		{strings.Repeat("[]", 900) + "a.owes", "want less nesting"},
		{strings.Repeat("a.owes U ", 220) + "a.owes", "want less nesting"},
		{strings.Repeat("(", 900) + "a.owes" + strings.Repeat(")", 900), "want less nesting"},
		{strings.Repeat("!", 2500) + "a.owes", "want at most 2000 bytes"},
	} {
		_, err := Formula(c.text)
		if assert.Error(t, err, c.text) {
			assert.Contains(t, err.Error(), c.want, c.text)
			assert.NotContains(t, err.Error(), "\n")
			assert.Less(t, len(err.Error()), 400, c.text)
		}
	}
}

func TestCutArrow(t *testing.T) {
	for text, want := range map[string][2]string{
		"P => Q": {"P", "Q"}, "P->Q": {"P", "Q"}, "a: TIME-WAIT -> CLOSED": {"a: TIME-WAIT", "CLOSED"},
		"(a => b) -> c": {"(a => b)", "c"}, `"a => b" in a.follows => b.owes`: {`"a => b" in a.follows`, "b.owes"}, "a -> b => c": {"a", "b => c"},
		"a.state == FIN-WAIT-1->b.owes": {"a.state == FIN-WAIT-1", "b.owes"},
	} {
		before, behind, found := CutArrow(text)
		assert.True(t, found, text)
		assert.Equal(t, want, [2]string{before, behind}, text)
	}
	for _, text := range []string{"", "a >= b", "(a => b)", "a = > b", "'=>'"} {
		_, _, found := CutArrow(text)
		assert.False(t, found, text)
	}
}

// Formulas of any shape are read, or refused in a line.
func TestAskFormula_Rapid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var draw func(depth int) string
		draw = func(depth int) string {
			if depth == 0 {
				return rapid.SampledFrom([]string{"a.state == CLOSED", "b.sends.fin", "a.rtx > 0", "b.state in [CLOSING, LAST-ACK]"}).Draw(t, "question")
			}
			l, r := draw(depth-1), draw(depth-1)
			c := rapid.SampledFrom(append(Connectives(), "!(P)", "(P) && (Q)", "(P) || (Q)")).Draw(t, "connective")
			return "(" + strings.NewReplacer("P", l, "Q", r).Replace(c) + ")"
		}
		text := draw(rapid.IntRange(0, 3).Draw(t, "depth"))
		p, err := Formula(text)
		require.NoError(t, err, text)
		require.Equal(t, text, p.Name)
	})
}

func FuzzAskFormula(f *testing.F) {
	f.Add("always(implies(a.state == LAST-ACK, F(a.state == CLOSED)))")
	f.Add("U(a.sends.fin, X(X(b.rtx > 1)) || R(true, G(false)))")
	f.Fuzz(func(t *testing.T, text string) {
		if p, err := Formula(text); err != nil {
			assert.NotContains(t, err.Error(), "\n")
		} else {
			assert.NotNil(t, p.Liveness.Formula(join.Conditions{}.With(p.Liveness).View(model.A), nil))
		}
	})
}

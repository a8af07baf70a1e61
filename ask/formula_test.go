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
			return strings.NewReplacer("P", l, "Q", r).Replace(c)
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

package observe

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"tcpclose/internal/tier"
	"tcpclose/model"
	"tcpclose/profile"
	"tcpclose/stacks/own"
)

// randomDecisions returns c whose side a follows alternatives at random.
func randomDecisions(random *rand.Rand, c model.Config) model.Config {
	for d := range model.NumDecisions {
		c.Ends[model.A].Choices[d] = model.Choice(random.IntN(len(d.Info().Alternatives)))
	}
	return c
}

// With every decision hidden, what is learned of the model behind an adapter is what it
// follows; and an alternative that is left beside it answers every run as it does, by itself
// or together with another.
func TestLearner_OwnDecisions(t *testing.T) {
	tier.SkipToCI(t)
	random := rand.New(rand.NewPCG(5, 6))
	schedules := tier.Choose(500, 3000)
	for range tier.Choose(1, 10) {
		c := randomDecisions(random, testConfig())
		a, err := own.New(c, own.Tick)
		require.NoError(t, err)
		l, err := NewLearner(Open(c, own.Tick))
		require.NoError(t, err)
		var runs []Run
		for i := range schedules {
			run := draw(t, a, random.IntN)
			run.Name = fmt.Sprint("run ", i)
			report, err := l.Observe(run)
			require.NoError(t, err)
			require.Empty(t, report.Deviations, run.Name)
			runs = append(runs, run)
		}
		contradictions, err := l.Settle()
		require.NoError(t, err)
		require.Empty(t, contradictions)
		p := l.Profile()
		var text strings.Builder
		require.NoError(t, p.WriteText(&text))
		t.Log(text.String())
		file, err := profile.Read("learned", strings.NewReader(text.String()+"\nmsl 30s\nrto 1s\n")) // times are measured by others
		require.NoError(t, err)
		learned := 0
		for d := range model.NumDecisions {
			if _, known := p.Options.Choice(d); known {
				require.Contains(t, file.Decisions(model.A), "a-"+d.String()+"="+c.Ends[model.A].Choices.Name(d))
				learned++
			}
		}
		require.Len(t, file.Decisions(model.A), learned)
		var left []change
		for d, choice := range c.Ends[model.A].Choices {
			d := model.Decision(d)
			require.True(t, p.Options.Has(d, choice), d)
			for _, other := range choices(p.Options, d) {
				if other != choice {
					left = append(left, change{d, other})
				}
			}
		}
		pairs := 0
		for _, x := range left {
			if conforms(t, c, runs, x) {
				continue
			}
			pairs++ // then it does so together with another
			require.Truef(t, slices.ContainsFunc(left, func(y change) bool { return y.d != x.d && conforms(t, c, runs, x, y) }), "%s: %d", x.d, x.choice)
		}
		t.Logf("%d alternatives are left beside those that it follows, %d of them only together with another", len(left), pairs)
	}
}

// A change is another alternative of a decision.
type change struct {
	d      model.Decision
	choice model.Choice
}

// conforms reports whether an end that follows c but for the changes can have made
// the runs.
func conforms(t *testing.T, c model.Config, runs []Run, changes ...change) bool {
	rules := Known(c, own.Tick)
	for _, x := range changes {
		rules.Options[x.d] = 1 << x.choice
	}
	o, err := New(rules)
	require.NoError(t, err)
	return !slices.ContainsFunc(runs, func(run Run) bool { return !o.Observe(run).Conforms() })
}

package survey_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/ask"
	"tcpclose/check"
	"tcpclose/explore"
	"tcpclose/explore/product"
	"tcpclose/invariants"
	"tcpclose/model"
	"tcpclose/survey"
)

func quotient(t *testing.T, c model.Config, properties []*invariants.Property, o product.Options) *survey.Quotient {
	s, err := survey.ExploreSpace(t.Context(), c, properties, o)
	require.NoError(t, err)
	q, err := s.Quotient(t.Context())
	require.NoError(t, err)
	return q
}

// The quotient counts what one finds who takes every step of the model one by one.
func TestQuotient_Model(t *testing.T) {
	for _, words := range []string{
		"a-octets=0 b-octets=0 msl=2 rto=1 r2=1",
		"a-octets=0 b-octets=0 msl=1 rto=1 r2=1 loss=1 duplicate=1 reorder=1",
		"a-octets=0 b-octets=0 msl=2 rto=1 r2=1 b-fails=crash clock=leaps",
		"a-octets=1 b-octets=0 msl=1 rto=2 r2=1 loss=off duplicate=off capacity=1 b-fails=abort",
	} {
		t.Run(words, func(t *testing.T) {
			c, err := model.ParseConfig(words)
			require.NoError(t, err)
			y, err := model.NewSystem(c)
			require.NoError(t, err)
			type kinds [model.Ticks + 1]int
			type pair struct{ from, to survey.Joint }
			states, terminals, steps := map[survey.Joint]int{}, map[survey.Joint]int{}, map[pair]kinds{}
			of := func(s model.State) survey.Joint { return survey.Joint{s.Ends[0].State, s.Ends[1].State} }
			known := map[model.State]bool{y.Init(): true}
			for queue := []model.State{y.Init()}; len(queue) > 0; queue = queue[1:] {
				s := queue[0]
				states[of(s)]++
				taken := 0
				y.Outcomes(s, func(a model.Action, o *model.Outcome) {
					taken++
					if o.Overflow {
						return
					}
					key := pair{of(s), of(o.To)}
					n := steps[key]
					n[a.Kind]++
					steps[key] = n
					if !known[o.To] {
						known[o.To] = true
						queue = append(queue, o.To)
					}
				})
				if taken == 0 {
					terminals[of(s)]++
				}
			}

			q := quotient(t, c, nil, product.Options{})
			assert.False(t, q.Remembers)
			gotStates, gotTerminals, gotSteps := map[survey.Joint]int{}, map[survey.Joint]int{}, map[pair]kinds{}
			for _, s := range q.States {
				gotStates[s.Joint] += s.Count
				if s.Terminals > 0 {
					gotTerminals[s.Joint] += s.Terminals
				}
				assert.Equal(t, s.Joint == of(y.Init()), s.Initial)
			}
			for _, s := range q.Steps {
				n := gotSteps[pair{s.From, s.To}]
				n[s.Kind] += s.Count
				gotSteps[pair{s.From, s.To}] = n
			}
			assert.Equal(t, states, gotStates)
			assert.Equal(t, terminals, gotTerminals)
			assert.Equal(t, steps, gotSteps)
			assert.NotEmpty(t, q.Steps)
		})
	}
}

// Where check finds a violation, the quotient shows one, and nowhere else.
func TestQuotient_Violates(t *testing.T) {
	for _, name := range []string{"no-data", "abort"} {
		preset, err := check.FindPreset(name)
		require.NoError(t, err)
		q := quotient(t, preset.Config, invariants.Properties, product.Options{})
		assert.True(t, q.Remembers)
		violated := map[string]bool{}
		for _, s := range q.States {
			for _, p := range s.Violates {
				violated[p.Name] = true
			}
		}
		for _, s := range q.Steps {
			for _, p := range s.Violates {
				violated[p.Name] = true
			}
		}
		for _, p := range invariants.Properties {
			assert.Equal(t, preset.Expects(p).Verdict == check.Violated, violated[p.Name], p.Name)
		}
	}
}

// What a property reads without saying so is there; what cannot be shown is refused.
func TestSpace_Properties(t *testing.T) {
	c, err := model.ParseConfig("a-octets=0 b-octets=0 msl=2 rto=1 r2=1 b-fails=abort")
	require.NoError(t, err)
	reset := &invariants.Property{Name: "mine", Patterns: func(model.Config) []invariants.Pattern {
		return []invariants.Pattern{{Kind: explore.States, Self: func(e *invariants.End) bool { return e.Ended() == invariants.Reset }}}
	}}
	q := quotient(t, c, []*invariants.Property{reset}, product.Options{})
	assert.True(t, q.Remembers)
	violated := 0
	for _, s := range q.States {
		violated += len(s.Violates)
	}
	assert.NotZero(t, violated)
	_, err = survey.ExploreSpace(t.Context(), c, []*invariants.Property{{Name: "mine"}}, product.Options{})
	assert.EqualError(t, err, "property mine: says nothing: want Patterns, Whole or Liveness")
	_, err = survey.ExploreSpace(t.Context(), c, []*invariants.Property{ask.Must("a.rtx > b.rtx").Never()}, product.Options{})
	assert.EqualError(t, err, "property never a.rtx > b.rtx: compares parts of the system with each other: where it is violated cannot be shown")
}

// A quotient does not depend on how many workers explored.
func TestQuotient_Workers(t *testing.T) {
	preset, err := check.FindPreset("no-data")
	require.NoError(t, err)
	one := quotient(t, preset.Config, invariants.Properties, product.Options{Workers: 1})
	three := quotient(t, preset.Config, invariants.Properties, product.Options{Workers: 3})
	assert.Equal(t, one.States, three.States)
	assert.Equal(t, one.Steps, three.Steps)
	for i := range one.Steps {
		o := &one.Steps[i]
		assert.Equal(t, o.Changes(), o.Arrow() != nil, "%+v", o)
	}
}

package invariants

import (
	"errors"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/explore"
	"tcpclose/explore/ltl"
	"tcpclose/model"
)

// What is wrong with a property is told with its name, and with what is wanted.
func TestProperty_Validate(t *testing.T) {
	self := func(*End) bool { return false }
	step := func(*Step) bool { return false }
	with := func(p ...Pattern) *Property { return &Property{Name: "mine", Patterns: patterns(p...)} }
	same := func(c model.Config) model.Config { return c }
	state := &Condition{Name: "somewhere", Pattern: Pattern{Kind: explore.States, Self: self}}
	lives := func(l Liveness) *Property { return &Property{Name: "mine", Liveness: &l} }
	always := func(c *Condition) *Property {
		return lives(Liveness{Formula: func(self, _ View) ltl.Formula { return ltl.Always(self(c)) }})
	}
	many := func(n int) func(self, _ View) ltl.Formula {
		var list []*Condition
		for range n {
			c := *state
			list = append(list, &c)
		}
		return func(self, _ View) ltl.Formula {
			var all []ltl.Formula
			for _, c := range list {
				all = append(all, self(c))
			}
			return ltl.Or(all...)
		}
	}
	for _, test := range []struct {
		property *Property
		want     string
	}{
		{nil, "property nil: want a property"},
		{&Property{}, "a property without a name: want one"},
		{&Property{Name: "mine", Err: errors.New("cannot be")}, "cannot be"},
		{&Property{Name: "mine"}, "property mine: says nothing: want Patterns, Whole or Liveness"},
		{&Property{Name: "mine", Alike: &Alike{Kinds: patterns()}}, "property mine: compares nothing: want Other and Kinds of Alike"},
		{&Property{Name: "mine", Alike: &Alike{Other: same}}, "property mine: compares nothing: want Other and Kinds of Alike"},
		{&Property{Name: "mine", Alike: &Alike{Other: same, Kinds: patterns()}}, "property mine: has no patterns in this configuration: want one at least, or a reason from Applies"},
		{&Property{Name: "mine", Alike: &Alike{Other: same, Kinds: patterns()}, Patterns: patterns()}, "property mine: compares configurations: want Alike without Patterns, Premise, Whole and Witness"},
		{&Property{Name: "mine", Alike: &Alike{Other: same, Kinds: patterns(Pattern{Kind: explore.States})}}, "property mine: pattern 1: a pattern of states that says nothing: want Self, Peer, Out or In"},
		{with(), "property mine: has no patterns in this configuration: want one at least, or a reason from Applies"},
		{with(Pattern{Kind: explore.Steps, Self: self}), "property mine: pattern 1: a pattern of steps with Self: want Step, which has self before and after the step"},
		{with(Pattern{Kind: explore.Steps, Step: step, Self: self}), "property mine: pattern 1: a pattern of steps with Self: want Step, which has self before and after the step"},
		{with(Pattern{Kind: explore.Terminals}, Pattern{Kind: explore.Steps}), "property mine: pattern 2: a pattern of steps without Step: want a function"},
		{with(Pattern{Kind: explore.States, Step: step}), "property mine: pattern 1: a pattern of states with Step: want Self, or the kind explore.Steps"},
		{with(Pattern{Kind: explore.States}), "property mine: pattern 1: a pattern of states that says nothing: want Self, Peer, Out or In"},
		{with(Pattern{Kind: 77, Self: self}), "property mine: pattern 1: kind 77: want explore.States, explore.Steps or explore.Terminals"},
		{with(Pattern{Kind: explore.States, Self: self, Parts: noParts{}}), "property mine: pattern 1: functions, or Only, beside Parts: want one of them"},
		{with(Pattern{Kind: explore.States, Only: []model.Side{model.B}, Parts: noParts{}}), "property mine: pattern 1: functions, or Only, beside Parts: want one of them"},
		{with(Pattern{Kind: explore.States, Only: []model.Side{7}, Self: self}), "property mine: pattern 1: a side in Only that is none: want model.A or model.B"},
		{&Property{Name: "mine", Patterns: patterns(Pattern{Kind: explore.States, Self: self}), Premise: patterns(Pattern{Kind: explore.Steps})},
			"property mine: premise 1: a pattern of steps without Step: want a function"},
		{&Property{Name: "mine", Witness: true, Patterns: patterns(Pattern{Kind: explore.States, Self: self}), Premise: patterns()}, "property mine: a witness with a Premise: want none"},
		{&Property{Name: "mine", Whole: &Whole{}}, "property mine: no function Is of Whole: want one"},
		{&Property{Name: "mine", Whole: &Whole{Is: func(*Snapshot) bool { return false }}, Patterns: patterns(Pattern{Kind: explore.States, Self: self})},
			"property mine: pattern 1 is about self beside Whole: want one of them"},
		{&Property{Name: "mine", Liveness: &Liveness{Reachable: state}, Patterns: patterns()}, "property mine: is about whole runs: want Liveness without Patterns, Premise, Whole and Witness"},
		{lives(Liveness{}), "property mine: says nothing: want Formula or Reachable of Liveness"},
		{lives(Liveness{Reachable: state, Formula: many(1)}), "property mine: both Formula and Reachable of Liveness: want one of them"},
		{lives(Liveness{Reachable: state, Assumes: []*Assumption{nil}}), "property mine: assumption nil: want an assumption"},
		{lives(Liveness{Reachable: state, Assumes: []*Assumption{{Name: "calm", Step: state}}}), "property mine: assumption calm: Step: want a condition of steps, of either side"},
		{lives(Liveness{Formula: func(self, _ View) ltl.Formula { return self(&Condition{Pattern: state.Pattern}) }}), "property mine: new conditions whenever Formula is called: want the same"},
		{lives(Liveness{Formula: many(MostConditions + 1)}), "property mine: distinguishes too many cases: want at most 15 of states, and as many of steps with those of the assumptions"},
		{always(nil), "property mine: condition 1 is nil: want a condition"},
		{lives(Liveness{Reachable: state, Assumes: []*Assumption{{Name: "calm", Step: StepCondition("never", nil)}}}), "property mine: assumption calm: a pattern of steps without Step: want a function"},
		{always(&Condition{Name: "of a", Pattern: Pattern{Kind: explore.States, Only: []model.Side{model.A}, Self: self}}), `property mine: condition "of a" is about one side: want no Only, for a formula says whose view it is`},
		{always(&Condition{Name: "nowhere"}), `property mine: condition "nowhere": a pattern of states that says nothing: want Self, Peer, Out or In`},
		{always(&Condition{Name: "end", Pattern: Pattern{Kind: explore.Terminals}}), `property mine: condition "end" is of terminal states: want explore.States or explore.Steps`},
		{always(&Condition{Name: "never", Pattern: Pattern{Kind: explore.Steps}}), `property mine: condition "never": a pattern of steps without Step: want a function`},
	} {
		assert.EqualError(t, test.property.Validate(model.Default()), test.want)
	}
	// What does not apply is not looked at: it is not checked.
	p := with()
	p.Applies = func(model.Config) string { return "never" }
	assert.NoError(t, p.Validate(model.Default()))
}

// noParts is a pattern that nothing meets.
type noParts struct{}

func (noParts) End(model.Side, *Step, bool) bool { return false }
func (noParts) Net(model.Side, *NetStep) bool    { return false }
func (noParts) Box(*BoxStep) bool                { return false }

// What is built in is valid, together; the same property may stand twice, and not two
// of one name.
func TestValidateAll(t *testing.T) {
	all := slices.Concat(Properties, LivenessProperties, Witnesses)
	require.NoError(t, ValidateAll(model.Default(), all))
	require.NoError(t, ValidateAll(model.Default(), append(all, all...)))
	other := &Property{Name: "told", Patterns: patterns(Pattern{Kind: explore.States, Self: inTimeWait})}
	assert.EqualError(t, ValidateAll(model.Default(), append(all, other)), "property told: there are two of that name: want a name for each")
	assert.EqualError(t, ValidateAll(model.Default(), []*Property{other, nil}), "property nil: want a property")
}

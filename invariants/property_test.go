package invariants

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/model"
)

// Properties have names, sentences and sources, and can be found.
func TestProperties(t *testing.T) {
	names := map[string]bool{}
	for _, p := range slices.Concat(Properties, Witnesses) {
		require.False(t, names[p.Name], "%s stands twice", p.Name)
		names[p.Name] = true
		assert.NotEmpty(t, p.Sentence, p.Name)
		assert.NotEmpty(t, p.Source, p.Name)
		found, err := Find(p.Name)
		require.NoError(t, err)
		require.Same(t, p, found)
		assert.NotEmpty(t, p.Patterns(model.Default()), p.Name)
	}
	for _, p := range Properties {
		assert.False(t, p.Witness, p.Name)
	}
	for _, p := range Witnesses {
		assert.True(t, p.Witness, p.Name)
	}
	_, err := Find("no-such")
	assert.EqualError(t, err, `property "no-such": no such property or witness`)
}

// Liveness properties and assumptions have names and sentences, and can be found.
func TestLivenessProperties(t *testing.T) {
	names := map[string]bool{}
	for _, p := range LivenessProperties {
		require.False(t, names[p.Name], "%s stands twice", p.Name)
		names[p.Name] = true
		assert.NotEmpty(t, p.Sentence, p.Name)
		assert.NotEmpty(t, p.Source, p.Name)
		assert.False(t, p.Witness, p.Name)
		require.NotNil(t, p.Liveness, p.Name)
		assert.NotEqual(t, p.Liveness.Formula == nil, p.Liveness.Reachable == nil, p.Name)
		found, err := Find(p.Name)
		require.NoError(t, err)
		require.Same(t, p, found)
	}
	for _, p := range slices.Concat(Properties, Witnesses) {
		assert.Nil(t, p.Liveness, p.Name)
		assert.False(t, names[p.Name], p.Name)
	}
	for _, a := range Assumptions {
		assert.NotEmpty(t, a.Sentence, a.Name)
		found, err := FindAssumption(a.Name)
		require.NoError(t, err)
		require.Same(t, a, found)
	}
	_, err := FindAssumption("no-such")
	assert.EqualError(t, err, `assumption "no-such": no such assumption`)
}

// Patterns of one name are the same in all that can be compared, and are looked
// for once.
func TestPattern_Names(t *testing.T) {
	c := model.Default()
	named := map[string]Pattern{}
	shared := 0
	for _, p := range Properties {
		list := p.Patterns(c)
		if p.Premise != nil {
			list = append(list, p.Premise(c)...)
		}
		for _, pat := range list {
			if pat.name == "" {
				continue
			}
			if known, ok := named[pat.name]; ok {
				shared++
				assert.Equal(t, known.Kind, pat.Kind)
				assert.Equal(t, known.Needs, pat.Needs)
				assert.Equal(t, fmt.Sprintf("%p %p %p %p %p", known.Step, known.Self, known.Peer, known.Out, known.In),
					fmt.Sprintf("%p %p %p %p %p", pat.Step, pat.Self, pat.Peer, pat.Out, pat.In), pat.name)
			}
			named[pat.name] = pat
		}
	}
	assert.Positive(t, shared)
}
